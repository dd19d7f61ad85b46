"""A notice that reached nobody is delivered in another way, and chased until it is."""

import pytest

from rules.agenda import derive
from rules.steps import Notice
from rules.vocabulary import Phase, Role, StepState
from tests.rules.build import Story, book, child, day, moment

pytestmark = pytest.mark.duty("deliver_notice")

STEP = "deliver_notice.notice_undelivered-1"
BEGUN = child("2026-06-05").iro_service_notified("2026-06-05").iro_appointed("2026-06-08")


def failed(story: Story, on: str, name: str = "iro_appointed", about: str = "appointment-1", **more: str) -> Story:
    """A notice that reached nobody."""
    fields = {"notice": "41", "recipient": "carer", "reason": "nobody of that role is known", "by": "system"}
    return story.notice_undelivered(on, name=name, about=about, **fields | more)


STORY = failed(BEGUN, "2026-06-09")


def owed(story: Story, *new: str, on: str) -> tuple[Notice, ...]:
    return derive(story.entries, story.book, moment(on, 13), new=new).notices


def test_it_is_owed_by_the_administrator_within_two_working_days() -> None:
    step = STORY.step(STEP, "2026-06-09")
    assert (step.owner, step.due, step.is_open) == (Role.IRO_ADMINISTRATOR, day("2026-06-11"), True)
    assert step.title == "Deliver the notice of the IRO's appointment to the carer"
    assert (step.phase, step.basis.source) == (
        Phase.INFORMING,
        "Good practice (no number of days set nationally); days by local policy",
    )


def test_local_policy_sets_the_days() -> None:
    from rules.policy import read_policy

    strict = STORY.under(book(policy=read_policy("[local]\ndeliver_notice = 1")))
    assert strict.step(STEP, "2026-06-09").due == day("2026-06-10")


def test_it_climbs_the_ladder_like_any_step() -> None:
    assert STORY.follow("2026-07-01").rungs(STEP) == ["reminder", "breach", "service_manager", "assistant_director"]


@pytest.mark.parametrize("named", ["41", "notice_undelivered-1"], ids=["by the notice", "by the fact"])
def test_it_is_done_once_the_notice_was_delivered_after_all(named: str) -> None:
    story = STORY.notice_delivered("2026-06-10", notice=named, way="verbally")
    step = story.step(STEP, "2026-06-12")
    assert (step.state, step.done_on, step.outcome) == (StepState.DONE_IN_TIME, day("2026-06-10"), "verbally")


def test_another_notice_that_was_delivered_does_not_do_it() -> None:
    story = failed(STORY, "2026-06-09", notice="42", recipient="parents")
    story = story.notice_delivered("2026-06-10", notice="42", way="letter")
    assert story.step(STEP, "2026-06-10").is_open
    assert not story.step("deliver_notice.notice_undelivered-2", "2026-06-10").is_open


def test_the_administrator_is_told_at_once_and_not_reminded_the_same_day() -> None:
    notices = owed(STORY, "notice_undelivered-1", on="2026-06-09")
    ours = [(each.name, each.recipient) for each in notices if STEP in each.about]
    assert ours == [("notice_undelivered", Role.IRO_ADMINISTRATOR)]


# --- No going round in a circle ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("reminder", f"{STEP}:reminder:2026-06-11"),
        ("escalation", f"{STEP}:breach:2026-06-11"),
        ("notice_undelivered", STEP),
    ],
)
def test_a_notice_about_a_delivery_that_fails_in_its_turn_sets_off_no_further_step(name: str, about: str) -> None:
    story = failed(STORY, "2026-06-12", name=name, about=about, notice="50", recipient="iro_administrator")
    assert {key for key in story.keys("2026-06-12") if key.startswith("deliver_notice")} == {STEP}
    assert "notice_undelivered" not in {each.name for each in owed(story, "notice_undelivered-2", on="2026-06-12")}
    assert story.step(STEP, "2026-06-12").is_open


def test_a_reminder_of_anything_else_that_fails_is_delivered_like_any_notice() -> None:
    story = failed(BEGUN, "2026-06-09", name="reminder", about="tell_child:reminder:2026-06-10", recipient="iro")
    assert STEP in story.open_keys("2026-06-09")


# --- The end of care --------------------------------------------------------------------------------------------------


def test_nothing_chases_it_when_care_has_ended() -> None:
    step = STORY.care_ended("2026-06-10", reason="E4A").step(STEP, "2026-06-20")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "care ended: returned home, planned")


@pytest.mark.parametrize(
    ("name", "about"), [("record_completed", "record_completed-1"), ("decisions_sent", "decisions_sent-1")]
)
def test_what_a_review_came_to_is_delivered_after_care_has_ended(name: str, about: str) -> None:
    story = BEGUN.review_held("2026-06-10").care_ended("2026-06-11", reason="E4A")
    story = failed(story, "2026-06-15", name=name, about=about)
    step = story.step(STEP, "2026-06-15")
    assert (step.phase, step.is_open) == (Phase.FOLLOW_UP, True)
    assert not story.agenda("2027-06-15").finished


def test_nothing_is_delivered_after_a_death() -> None:
    story = failed(BEGUN.review_held("2026-06-10"), "2026-06-10", name="record_completed", about="record_completed-1")
    story = story.care_ended("2026-06-11", reason="E2")
    step = story.step(STEP, "2026-06-15")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "the child has died")
    assert not owed(story, "notice_undelivered-1", "care_ended-1", on="2026-06-15")


# --- What cannot be ---------------------------------------------------------------------------------------------------

UNDELIVERED = {
    "notice": "41",
    "name": "iro_appointed",
    "recipient": "carer",
    "about": "appointment-1",
    "reason": "the address was refused",
}


def test_a_notice_is_found_once_to_have_reached_nobody() -> None:
    said = STORY.refuses("notice_undelivered", "2026-06-10", **UNDELIVERED)
    assert said == (
        "That this notice (notice=41) reached nobody is recorded already (fact notice_undelivered-1); record what"
        " became of it then (notice_delivered)."
    )


def test_only_a_notice_that_reached_nobody_is_delivered_after_all() -> None:
    assert "There is no such undelivered notice (notice=99)" in STORY.refuses(
        "notice_delivered", "2026-06-10", notice="99", way="verbally"
    )


def test_both_can_still_be_recorded_after_care_has_ended() -> None:
    ended = STORY.care_ended("2026-06-10", reason="E4A")
    ended.accepts("notice_undelivered", "2026-06-12", **UNDELIVERED | {"notice": "43"})
    ended.accepts("notice_delivered", "2026-06-12", notice="41", way="verbally")


# --- What the ledger carries on ---------------------------------------------------------------------------------------


def _settled(story: Story) -> set[str]:
    """The facts the ledger goes on with once a second review has closed the first cycle."""
    story = story.decisions_sent("2026-07-02").decisions_circulated("2026-07-03").record_completed("2026-07-06")
    story = story.manager_replied("2026-07-03")
    for role in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2026-07-07", recipient=role)
    carried = story.review_held("2026-09-01").agenda("2026-09-01").carried
    assert carried is not None
    return {entry.fact.id for entry in carried}


def test_the_ledger_keeps_it_until_it_is_delivered_and_then_neither_fact() -> None:
    held = STORY.review_held("2026-07-01")
    assert "notice_undelivered-1" in _settled(held)
    delivered = _settled(held.notice_delivered("2026-07-02", notice="41", way="letter"))
    assert not delivered & {"notice_undelivered-1", "notice_delivered-1"}
