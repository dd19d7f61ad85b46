"""The guardian: named to the IRO, invited to reviews, given their records, spoken with at intervals and at the end."""

import pytest

from rules.vocabulary import Role, StepState
from tests.rules.build import Story, child, day
from tests.rules.in_court import GUARDED, ISSUED, REVIEWED, SET, hearing

# --- The guardian -----------------------------------------------------------------------------------------------------


@pytest.mark.duty("tell_iro_of_guardian")
def test_the_legal_service_names_the_guardian_to_the_iro() -> None:
    key = "tell_iro_of_guardian.guardian_appointed-1"
    step = GUARDED.step(key, "2026-07-15")
    assert (step.owner, step.due) == (Role.LEGAL, day("2026-07-17"))
    story = GUARDED.guardian_named_to_iro("2026-07-16", proceedings=SET)
    assert story.step(key, "2026-07-16").state is StepState.DONE_IN_TIME


@pytest.mark.duty("tell_iro_of_guardian")
@pytest.mark.parametrize(
    ("changed", "state"), [("2026-07-16", StepState.NOT_REQUIRED), ("2026-07-21", StepState.MISSED)]
)
def test_each_guardian_is_named_to_the_iro_the_second_for_themselves(changed: str, state: StepState) -> None:
    story = GUARDED.guardian_appointed(changed, proceedings=SET).guardian_named_to_iro("2026-07-22", proceedings=SET)
    first, second = (story.step(f"tell_iro_of_guardian.guardian_appointed-{n}", "2026-07-22") for n in (1, 2))
    assert (first.state, first.reason) == (state, "there was another guardian first")
    assert second.done_on == day("2026-07-22")


@pytest.mark.duty("tell_iro_of_guardian")
def test_a_guardian_who_is_not_named_climbs_the_ladder() -> None:
    rungs = GUARDED.follow("2026-08-17").rungs("tell_iro_of_guardian.guardian_appointed-1")
    assert rungs == ["reminder", "breach", "service_manager", "assistant_director"]


SPEAK = "speak_with_guardian"


@pytest.mark.duty("speak_with_guardian")
def test_iro_and_guardian_speak_at_intervals_from_talk_to_talk() -> None:
    step = GUARDED.step(f"{SPEAK}.guardian_appointed-1", "2026-07-15")
    assert (step.owner, step.due) == (Role.IRO, day("2026-08-12"))
    spoke = GUARDED.spoke_with_guardian("2026-08-10", proceedings=SET, topics=["care_plan"])
    assert spoke.step(f"{SPEAK}.guardian_appointed-1", "2026-08-10").state is StepState.DONE_IN_TIME
    assert spoke.step(f"{SPEAK}.spoke_with_guardian-1", "2026-08-10").due == day("2026-09-08")


@pytest.mark.duty("speak_with_guardian")
def test_a_talk_that_is_owed_says_which_of_the_five_topics_are_left() -> None:
    owed = GUARDED.step(f"{SPEAK}.guardian_appointed-1", "2026-07-15")
    assert owed.title.endswith(
        "not talked over yet: wishes and feelings, care plan, disputes, complaints, issues in court"
    )
    four = ["wishes_and_feelings", "disputes", "complaints", "issues_in_court"]
    story = GUARDED.spoke_with_guardian("2026-08-03", proceedings=SET, topics=four)
    assert story.step(f"{SPEAK}.spoke_with_guardian-1", "2026-08-03").title.endswith("not talked over yet: care plan")
    story = story.spoke_with_guardian("2026-08-20", proceedings=SET, topics=["care_plan"])
    step = story.step(f"{SPEAK}.spoke_with_guardian-2", "2026-08-20")
    assert step.title == "IRO and guardian speak with each other"


@pytest.mark.duty("speak_with_guardian")
def test_when_the_guardian_changes_the_talks_go_on() -> None:
    story = GUARDED.spoke_with_guardian("2026-08-10", proceedings=SET, topics=["care_plan"])
    story = story.guardian_appointed("2026-08-17", proceedings=SET)
    owed = [key for key in story.open_keys("2026-08-17") if key.startswith(SPEAK)]
    assert owed == [f"{SPEAK}.spoke_with_guardian-1"]


@pytest.mark.duty("speak_with_guardian")
def test_the_talks_end_with_the_proceedings() -> None:
    story = GUARDED.proceedings_ended("2026-08-10", proceedings=SET, outcome="care_order")
    assert story.step(f"{SPEAK}.guardian_appointed-1", "2026-09-30").state is StepState.NOT_REQUIRED


# --- Reviews ----------------------------------------------------------------------------------------------------------

INVITE = "invite_guardian.review-1"
ARRANGED = GUARDED.review_arranged("2026-07-16", planned_for="2026-09-14")


@pytest.mark.duty("invite_guardian")
def test_the_guardian_is_invited_ten_working_days_before_the_review() -> None:
    step = ARRANGED.step(INVITE, "2026-07-16")
    assert (step.owner, step.due) == (Role.IRO_ADMINISTRATOR, day("2026-08-28"))
    story = ARRANGED.guardian_invited("2026-08-28", proceedings=SET)
    assert story.step(INVITE, "2026-08-28").state is StepState.DONE_IN_TIME


@pytest.mark.duty("invite_guardian")
def test_a_guardian_appointed_after_the_review_was_arranged_is_invited_at_once() -> None:
    story = ISSUED.review_arranged("2026-07-16", planned_for="2026-09-14")
    assert INVITE not in story.keys("2026-09-07")
    step = story.guardian_appointed("2026-09-08", proceedings=SET).step(INVITE, "2026-09-08")
    assert (step.due, step.known_at.date(), step.is_open) == (day("2026-09-08"), day("2026-09-08"), True)


@pytest.mark.duty("invite_guardian")
def test_another_guardian_is_invited_anew() -> None:
    story = ARRANGED.guardian_invited("2026-08-03", proceedings=SET).guardian_appointed("2026-09-08", proceedings=SET)
    step = story.step(INVITE, "2026-09-08")
    assert (step.due, step.is_open) == (day("2026-09-08"), True)
    story = story.guardian_invited("2026-09-08", proceedings=SET)
    assert story.step(INVITE, "2026-09-08").state is StepState.DONE_IN_TIME


@pytest.mark.duty("invite_guardian")
def test_a_review_held_without_the_guardian_leaves_the_invitation_missed() -> None:
    step = ARRANGED.review_held("2026-09-14").step(INVITE, "2026-09-14")
    assert (step.state, step.reason) == (StepState.MISSED, "the review was held without it")


@pytest.mark.duty("invite_guardian")
def test_a_guardian_appointed_on_the_day_of_the_review_could_not_be_invited_to_it() -> None:
    story = ISSUED.guardian_appointed("2026-09-14", proceedings=SET)
    assert INVITE in story.open_keys("2026-09-14")
    assert INVITE not in story.review_held("2026-09-14").keys("2026-09-14")


@pytest.mark.duty("invite_guardian")
def test_an_invitation_to_one_review_is_none_to_the_next() -> None:
    story = ARRANGED.guardian_invited("2026-08-03", proceedings=SET).review_held("2026-09-14")
    assert story.step(INVITE, "2026-09-14").state is StepState.DONE_IN_TIME
    assert story.step("invite_guardian.review-2", "2026-09-14").is_open


@pytest.mark.duty("invite_guardian")
def test_before_the_first_review_the_guardian_is_invited_too() -> None:
    story = child("2026-06-05").proceedings_issued("2026-06-05", about="emergency_protection")
    assert story.guardian_appointed("2026-06-09", proceedings=SET).step("invite_guardian", "2026-06-09").due == day(
        "2026-06-19"
    )


@pytest.mark.duty("invite_guardian")
def test_when_the_proceedings_end_before_the_review_nobody_invites_the_guardian() -> None:
    story = ARRANGED.proceedings_ended("2026-08-10", proceedings=SET, outcome="care_order")
    for at in (story, story.review_held("2026-09-14")):
        step = at.step(INVITE, "2026-09-14")
        assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "the proceedings ended first")
    assert "invite_guardian.review-2" not in story.review_held("2026-09-14").keys("2026-09-14")


@pytest.mark.duty("file_record")
def test_the_record_of_a_review_held_during_proceedings_is_given_to_the_court() -> None:
    story = GUARDED.review_held("2026-09-14")
    step = story.step("file_record.review-2", "2026-09-14")
    assert (step.owner, step.due) == (Role.LEGAL, day("2026-10-12"))
    assert "file_record.review-1" not in story.keys("2026-09-14")  # It was held before they were issued.
    filed = story.record_filed("2026-10-09").step("file_record.review-2", "2026-10-09")
    assert filed.state is StepState.DONE_IN_TIME


@pytest.mark.duty("file_record")
@pytest.mark.duty("before_hearing")
@pytest.mark.parametrize(
    ("held_on", "due"),
    [("2026-09-28", "2026-09-25"), ("2026-09-15", "2026-09-14"), ("2026-10-30", "2026-10-12")],
    ids=["before a hearing", "the next day", "by its own days"],
)
def test_the_record_is_with_the_court_before_the_hearing(held_on: str, due: str) -> None:
    story = hearing(GUARDED, "2026-07-20", held_on, "final").review_held("2026-09-14")
    assert story.step("file_record.review-2", "2026-09-14").due == day(due)


@pytest.mark.duty("distribution")
@pytest.mark.parametrize(
    ("story", "recipients"),
    [
        (REVIEWED, set()),
        (ISSUED, {Role.LEGAL}),
        (GUARDED, {Role.LEGAL, Role.GUARDIAN}),
        (GUARDED.proceedings_ended("2026-08-10", proceedings=SET, outcome="care_order"), set()),
    ],
    ids=["no proceedings", "no guardian", "with a guardian", "ended before"],
)
def test_the_legal_service_and_the_guardian_have_the_record_while_proceedings_go_on(
    story: Story, recipients: set[Role]
) -> None:
    step = story.review_held("2026-09-14").step("distribution.review-2", "2026-09-14")
    assert set(step.outstanding) & {Role.LEGAL, Role.GUARDIAN, Role.COURT} == recipients


@pytest.mark.duty("distribution")
def test_a_record_is_not_with_everyone_before_the_guardian_and_the_legal_service_have_it() -> None:
    story = GUARDED.review_held("2026-09-14")
    for role in ("child", "parents", "carer", "social_worker", "team_manager", "legal"):
        story = story.record_distributed("2026-09-21", recipient=role)
    assert story.step("distribution.review-2", "2026-09-21").outstanding == (Role.GUARDIAN,)
    story = story.record_withheld("2026-09-22", recipient="guardian", reason="the court said so")
    assert story.step("distribution.review-2", "2026-09-22").state is StepState.DONE_IN_TIME


@pytest.mark.duty("distribution")
@pytest.mark.parametrize(("appointed", "has_it"), [("2026-10-12", True), ("2026-10-13", False)])
def test_a_guardian_appointed_while_the_record_is_given_out_has_it_too(appointed: str, has_it: bool) -> None:
    story = ISSUED.review_held("2026-09-14").guardian_appointed(appointed, proceedings=SET)
    step = story.step("distribution.review-2", appointed)
    assert (Role.GUARDIAN in step.outstanding) == has_it
    assert step.known_at.date() == day(appointed if has_it else "2026-09-14")


# --- The end ----------------------------------------------------------------------------------------------------------


@pytest.mark.duty("guardian_handover")
def test_guardian_and_iro_have_a_last_talk_when_the_proceedings_are_over() -> None:
    story = GUARDED.proceedings_ended("2026-09-28", proceedings=SET, outcome="care_order")
    step = story.step(f"guardian_handover.{SET}", "2026-09-28")
    assert (step.owner, step.due) == (Role.IRO, day("2026-10-12"))
    story = story.guardian_handed_over("2026-10-05", proceedings=SET)
    assert story.step(f"guardian_handover.{SET}", "2026-10-05").state is StepState.DONE_IN_TIME


@pytest.mark.duty("tell_iro_of_guardian")
@pytest.mark.duty("invite_guardian")
def test_what_was_done_for_a_guardian_is_not_done_for_another_who_came_on_the_same_day() -> None:
    first = GUARDED.guardian_named_to_iro("2026-07-20", proceedings=SET).guardian_invited("2026-07-20", proceedings=SET)
    story = first.guardian_appointed("2026-07-20", proceedings=SET)
    (latest,) = [key for key in story.open_keys("2026-07-20") if key.startswith("tell_iro_of_guardian.")]
    assert latest == "tell_iro_of_guardian.guardian_appointed-2"
    assert any(key.startswith("invite_guardian.") for key in story.open_keys("2026-07-20"))
    assert not any(key.startswith("invite_guardian.") for key in first.open_keys("2026-07-20"))


@pytest.mark.duty("guardian_handover")
def test_the_last_talk_is_with_the_last_guardian() -> None:
    one = GUARDED.guardian_handed_over("2026-09-01", proceedings=SET)
    assert (
        one.proceedings_ended("2026-09-28", proceedings=SET).step(f"guardian_handover.{SET}", "2026-09-28").state
        is StepState.DONE_IN_TIME
    )
    other = one.guardian_appointed("2026-09-01", proceedings=SET).proceedings_ended("2026-09-28", proceedings=SET)
    assert other.step(f"guardian_handover.{SET}", "2026-09-28").is_open


@pytest.mark.duty("guardian_handover")
def test_a_child_who_is_looked_after_no_more_and_one_without_a_guardian_need_no_handover() -> None:
    ended = GUARDED.proceedings_ended("2026-09-28", proceedings=SET, outcome="special_guardianship")
    step = ended.care_ended("2026-09-30", reason="E45").step(f"guardian_handover.{SET}", "2026-09-30")
    assert step.state is StepState.NOT_REQUIRED
    without = ISSUED.proceedings_ended("2026-09-28", proceedings=SET, outcome="care_order")
    assert f"guardian_handover.{SET}" not in without.keys("2026-09-28")
