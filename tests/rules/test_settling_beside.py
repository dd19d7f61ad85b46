"""What runs beside the cycle stays in the ledger while anything of it is open or owed, and leaves it as a whole."""

import pytest

from rules.agenda import derive
from tests.rules.build import Story, child, moment

RECIPIENTS = ("child", "parents", "carer", "social_worker", "team_manager", "guardian", "legal")
FIRST, SECOND = "2026-07-03", "2026-09-01"
BEFORE = child("2026-06-05").iro_appointed("2026-06-08").review_held(FIRST)
RAISED = BEFORE.challenge_raised("2026-07-06", id="c-1").dispute_raised("2026-07-13", id="d-1", follows="c-1")
LONG = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-07-21").left_to_the_clocks("2026-07-24")
LONG = LONG.dispute_answered("2026-07-24", dispute="d-1").dispute_taken_up("2026-07-27", dispute="d-1", to="director")
HISTORY = {
    "challenge_raised",
    "dispute_raised",
    "dispute_paused",
    "dispute_moved_up",
    "dispute_answered",
    "dispute_taken_up",
}
ISSUED = BEFORE.proceedings_issued("2026-07-06", id="p-1").guardian_appointed("2026-07-07", proceedings="p-1")
HEARD = ISSUED.hearing_listed("2026-07-08", id="h-1", proceedings="p-1", held_on="2026-07-20")
HEARD = HEARD.hearing_moved("2026-07-09", hearing="h-1", held_on="2026-07-21").left_to_the_clocks("2026-07-22")
HEARD = HEARD.court_document_received("2026-07-22", id="o-1", proceedings="p-1")
OF_COURT = {
    "proceedings_issued",
    "guardian_appointed",
    "hearing_listed",
    "hearing_moved",
    "hearing_reached",
    "court_document_received",
}


def _second_review(story: Story) -> Story:
    """The first cycle brought to its end, and a second review held."""
    for kind in ("decisions_sent", "decisions_circulated", "record_completed", "manager_replied"):
        story = getattr(story, kind)("2026-07-29", review=FIRST)
    for role in RECIPIENTS:
        story = story.record_distributed("2026-07-30", recipient=role, review=FIRST)
    return story.review_held(SECOND)


def carried(story: Story, on: str = SECOND) -> set[str]:
    """The kinds of facts beside the cycle that the ledger goes on with, once the first cycle has closed."""
    going_on = _second_review(story).agenda(on).carried
    assert going_on is not None
    cycle = {str(entry.fact.kind) for entry in _second_review(BEFORE).entries}
    return {str(entry.fact.kind) for entry in going_on} - cycle


# --- Disputes and referrals -------------------------------------------------------------------------------------------


@pytest.mark.duty("dispute_stays")
def test_an_open_dispute_stays_with_its_whole_history() -> None:
    assert carried(LONG) == HISTORY


@pytest.mark.parametrize(("kind", "said"), [("dispute_resolved", {"outcome": "agreed"}), ("dispute_withdrawn", {})])
def test_a_closed_one_leaves_with_all_that_was_recorded_of_it(kind: str, said: dict[str, str]) -> None:
    assert carried(getattr(LONG, kind)("2026-07-28", dispute="d-1", **said)) == set()


@pytest.mark.duty("dispute_stays")
def test_a_closed_one_stays_where_another_that_is_open_follows_it() -> None:
    story = LONG.dispute_withdrawn("2026-07-28", dispute="d-1").dispute_raised("2026-07-29", id="d-2", follows="d-1")
    assert carried(story) == {*HISTORY, "dispute_withdrawn"}
    assert carried(story.dispute_resolved("2026-07-30", dispute="d-2")) == set()


@pytest.mark.duty("cafcass_reply")
def test_a_closed_one_stays_with_a_referral_that_has_no_reply_yet() -> None:
    story = LONG.cafcass_considered("2026-07-27", dispute="d-1", refer=True)
    story = story.cafcass_referred("2026-07-27", id="r-1", dispute="d-1").dispute_resolved("2026-07-28", dispute="d-1")
    assert carried(story) == {*HISTORY, "dispute_resolved", "cafcass_considered", "cafcass_referred"}
    assert carried(story.cafcass_replied("2026-07-29", referral="r-1")) == set()


@pytest.mark.duty("give_legal_advice")
def test_a_referral_and_a_request_for_advice_by_themselves_stay_until_they_are_answered() -> None:
    story = BEFORE.cafcass_referred("2026-07-13", id="r-1").legal_advice_asked("2026-07-13", id="l-1")
    assert carried(story) == {"cafcass_referred", "legal_advice_asked"}
    given = story.legal_advice_given("2026-07-14", request="l-1")
    assert carried(given) == {"cafcass_referred"}
    assert carried(given.cafcass_replied("2026-07-14", referral="r-1")) == set()


def test_what_was_asked_of_cafcass_for_an_open_dispute_stays_with_it_though_it_is_answered() -> None:
    story = LONG.cafcass_referred("2026-07-27", id="r-1", dispute="d-1").cafcass_replied("2026-07-28", referral="r-1")
    assert carried(story) == {*HISTORY, "cafcass_referred", "cafcass_replied"}


# --- Proceedings, and what the child asked for ------------------------------------------------------------------------


def test_proceedings_that_go_on_stay_with_all_that_was_recorded_of_them() -> None:
    assert OF_COURT <= carried(HEARD)


def test_proceedings_that_are_over_stay_while_anything_of_them_is_owed_and_then_leave() -> None:
    over = HEARD.proceedings_ended("2026-07-28", proceedings="p-1").record_filed("2026-07-28", review=FIRST)
    # The document and the talk with the guardian are still owed, and what came of the hearing.
    assert {*OF_COURT, "proceedings_ended"} <= carried(over)
    done = over.court_document_given("2026-07-29", document="o-1").hearing_reported("2026-07-29", hearing="h-1")
    done = done.guardian_handed_over("2026-07-29", proceedings="p-1")
    assert not {*OF_COURT, "proceedings_ended", "court_document_given", "hearing_reported"} & _after_third(done)


def _after_third(story: Story) -> set[str]:
    """What goes on once the second cycle has closed too."""
    story = _second_review(story)
    for kind in ("decisions_sent", "decisions_circulated", "record_completed"):
        story = getattr(story, kind)("2026-09-03", review=SECOND)
    for role in RECIPIENTS:
        story = story.record_distributed("2026-09-04", recipient=role, review=SECOND)
    going_on = story.review_held("2026-12-01").agenda("2026-12-01").carried
    assert going_on is not None
    return {str(entry.fact.kind) for entry in going_on}


def test_proceedings_stay_for_a_dispute_that_was_open_before_they_ended() -> None:
    over = HEARD.dispute_raised("2026-07-23", id="d-1").proceedings_ended("2026-07-28", proceedings="p-1")
    over = over.court_document_given("2026-07-29", document="o-1").hearing_reported("2026-07-29", hearing="h-1")
    over = over.guardian_handed_over("2026-07-29", proceedings="p-1")
    assert {*OF_COURT, "dispute_raised"} <= _after_third(over)
    assert not OF_COURT & _after_third(over.dispute_resolved("2026-07-30", dispute="d-1"))


@pytest.mark.duty("file_record")
def test_a_cycle_does_not_close_before_the_court_has_its_record() -> None:
    before = BEFORE.proceedings_issued("2026-06-29", id="p-1")
    assert _second_review(before).agenda(SECOND).carried is None
    assert "file_record.review-1" in _second_review(before).open_keys(SECOND)
    filed = before.record_filed("2026-07-31", review=FIRST)
    assert _second_review(filed).agenda(SECOND).carried is not None


@pytest.mark.duty("child_is_answered")
def test_what_the_child_asked_for_stays_until_it_is_answered() -> None:
    asked = BEFORE.child_wants_proceedings("2026-07-06", id="w-1").complaint_made("2026-07-06", id="k-1")
    asked = asked.advocate_asked("2026-07-06", id="v-1").child_wished("2026-07-06", id="z-1")
    requests = {"child_wants_proceedings", "complaint_made", "advocate_asked", "child_wished"}
    assert requests <= carried(asked)
    half = asked.adult_sought("2026-07-07", request="w-1").complaint_passed_on("2026-07-07", complaint="k-1")
    assert {*requests, "adult_sought", "complaint_passed_on"} <= carried(half)
    done = half.child_helped_to_advice("2026-07-08", request="w-1").complaint_answered("2026-07-08", complaint="k-1")
    done = done.advocate_provided("2026-07-08", request="v-1").child_wish_answered("2026-07-08", wish="z-1")
    assert not (carried(done) & {*requests, "adult_sought", "child_helped_to_advice", "complaint_answered"})


@pytest.mark.duty("child_is_answered")
def test_who_was_the_iro_is_kept_while_a_complaint_about_them_is_unanswered() -> None:
    # The IRO of whom it was made left, and came back: what is no more to be weighed is not to be weighed again.
    story = BEFORE.complaint_made("2026-07-06", id="k-1", about="iro").iro_post_vacated("2026-07-07")
    story = story.iro_appointed("2026-07-08", iro="iro-2").iro_appointed("2026-07-20", iro="iro-1")
    story = _second_review(story)
    before = story.agenda(SECOND)
    assert before.carried is not None
    after = derive(before.carried, story.book, moment(SECOND), before.carried_raised or ())
    assert after.open_steps == before.open_steps
    assert "weigh_complaint.k-1" not in {step.key for step in after.open_steps}


def test_poor_practice_leaves_with_its_cycle() -> None:
    assert carried(BEFORE.poor_practice_noted("2026-06-20")) == set()
    assert carried(BEFORE.poor_practice_noted("2026-07-20")) == {"poor_practice_noted"}


def test_every_kind_of_fact_beside_the_cycle_belongs_to_a_matter() -> None:
    from rules.facts import FACT_TYPES
    from rules.matters import OF_A_MATTER

    modules = {f"rules.facts.{name}" for name in ("dispute", "cafcass", "proceedings", "childs_road")}
    beside = {name: kind for name, kind in FACT_TYPES.items() if kind.__module__ in modules}
    assert len(beside) > 30
    # The record given to the court follows its review.
    assert {name for name, kind in beside.items() if not issubclass(kind, OF_A_MATTER)} == {"record_filed"}
