"""Phase 4: what comes before each review, and above all that the child is heard."""

import pytest

from rules.vocabulary import ConsultationOutcome, Force, Role, StepState, WayHeard
from tests.rules.build import Story, child, day

# Looked after from Friday 5 June 2026; the first review is due by Friday 3 July.
STORY = child("2026-06-05")
HELD = STORY.review_held("2026-07-03")


@pytest.mark.duty("discussion")
def test_for_a_first_review_iro_and_social_worker_talk_by_day_five() -> None:
    step = STORY.step("discussion", on="2026-06-05")
    assert (step.due, step.basis.counted_from) == (day("2026-06-12"), day("2026-07-03"))


@pytest.mark.duty("invitations")
def test_invitations_go_out_in_the_days_that_local_policy_sets() -> None:
    step = STORY.step("invitations", on="2026-06-05")
    assert (step.due, step.basis.force) == (day("2026-06-19"), Force.LOCAL)


@pytest.mark.duty("report")
def test_report_and_plans_reach_the_iro_three_working_days_before() -> None:
    assert STORY.step("report", on="2026-06-05").due == day("2026-06-30")


@pytest.mark.duty("report")
@pytest.mark.parametrize(
    ("review", "report", "invitations", "discussion"),
    [
        ("2026-01-05", "2025-12-30", "2025-12-17", "2025-12-10"),
        ("2026-04-08", "2026-04-01", "2026-03-23", "2026-03-16"),
    ],
)
def test_closed_days_on_the_way_to_an_arranged_review_are_shown(
    review: str, report: str, invitations: str, discussion: str
) -> None:
    story = child("2025-07-01").review_held("2025-07-28").review_held("2025-10-27")
    story = story.review_arranged("2025-11-03", planned_for=review)
    agenda = {step.name: step for step in story.agenda("2025-11-04").open_steps}
    assert agenda["report"].due == day(report)
    assert agenda["invitations"].due == day(invitations)
    assert agenda["discussion"].due == day(discussion)
    assert agenda["discussion"].basis.skipped


def test_preparation_looks_to_the_day_arranged_and_follows_it() -> None:
    arranged = STORY.review_arranged("2026-06-08", planned_for="2026-06-24")
    assert arranged.step("report", on="2026-06-08").due == day("2026-06-19")
    moved = arranged.review_arranged("2026-06-10", planned_for="2026-07-01")
    assert moved.step("report", on="2026-06-10").due == day("2026-06-26")


def test_rearranged_twice_on_one_day_the_last_word_stands() -> None:
    story = STORY.review_arranged("2026-06-08", id="z", planned_for="2026-06-24")
    story = story.review_arranged("2026-06-08", id="a", planned_for="2026-07-01")
    assert story.step("report", on="2026-06-08").due == day("2026-06-26")


def test_nothing_falls_due_before_what_set_it_off() -> None:
    story = STORY.early_review_required("2026-06-08", before="2026-06-10")
    agenda = story.agenda("2026-06-08")
    assert {step.due for step in agenda.steps if step.name in ("discussion", "invitations")} == {day("2026-06-05")}
    assert story.step("report", on="2026-06-08").due == day("2026-06-05")


@pytest.mark.duty("consult_child")
def test_the_iro_speaks_with_the_child_before_every_review() -> None:
    first, second = STORY.step("consult_child", on="2026-06-05"), HELD.step("consult_child.review-1", on="2026-07-03")
    assert (first.due, first.owner, first.basis.force) == (day("2026-07-03"), Role.IRO, Force.REGULATION)
    assert second.due == day("2026-10-02")  # 3 October 2026 is a Saturday.
    assert second.state is StepState.OPEN


@pytest.mark.duty("consult_child")
@pytest.mark.parametrize("way", WayHeard)
def test_a_child_may_be_heard_in_any_of_the_ways(way: WayHeard) -> None:
    story = STORY.child_consulted("2026-06-29", outcome="spoke", ways=[way.value])
    assert story.step("consult_child", on="2026-06-29").outcome == "spoke"


@pytest.mark.duty("consult_child")
@pytest.mark.parametrize("outcome", [each for each in ConsultationOutcome if each != "offered_and_missed"])
def test_every_other_outcome_meets_the_duty(outcome: ConsultationOutcome) -> None:
    story = STORY.child_consulted("2026-06-29", outcome=outcome.value, reason="as it was")
    step = story.step("consult_child", on="2026-06-29")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, outcome.value)


@pytest.mark.duty("consult_child")
def test_a_refusal_closes_the_duty_and_is_no_breach() -> None:
    story = STORY.child_consulted("2026-06-29", outcome="refused").review_held("2026-07-03", participation="PN6")
    assert story.step("consult_child", on="2026-07-10").state is StepState.DONE_IN_TIME
    assert "breach" not in story.follow("2026-07-10").rungs("consult_child")


@pytest.mark.duty("consult_child")
def test_an_offer_the_child_missed_leaves_the_duty_standing() -> None:
    offered = STORY.child_consulted("2026-06-25", outcome="offered_and_missed")
    step = offered.step("consult_child", on="2026-06-25")
    assert (step.state, step.outcome) == (StepState.OPEN, "offered_and_missed")
    spoke = offered.child_consulted("2026-07-02", outcome="spoke").step("consult_child", on="2026-07-02")
    assert (spoke.state, spoke.outcome) == (StepState.DONE_IN_TIME, "spoke")
    held = offered.review_held("2026-07-03").step("consult_child", on="2026-07-03")
    assert (held.state, held.outcome) == (StepState.MISSED, "offered_and_missed")


@pytest.mark.duty("consult_child")
def test_a_baby_is_observed_and_found_too_young_with_a_reason() -> None:
    baby = child("2026-06-05", birth_date="2026-05-01")
    baby = baby.child_consulted("2026-06-29", outcome="too_young", reason="five weeks old; seen with the carer")
    baby = baby.review_held("2026-07-03", participation="PN0")
    assert baby.step("consult_child", on="2026-07-03").outcome == "too_young"
    assert baby.reviews("2026-07-03")[0].participation == "PN0"


@pytest.mark.duty("consult_parents")
def test_parents_views_are_sought_before_each_review() -> None:
    step = STORY.step("consult_parents", on="2026-06-05")
    assert (step.due, step.basis.source) == (day("2026-07-03"), "CPPCR 2010 reg 36(1)(c)")
    given = STORY.views_gathered("2026-06-29").step("consult_parents", on="2026-06-29")
    sought = STORY.views_gathered("2026-06-29", given=False, reason="no answer")
    assert given.state is StepState.DONE_IN_TIME
    assert sought.step("consult_parents", on="2026-06-29").state is StepState.DONE_IN_TIME


@pytest.mark.duty("consult_parents")
def test_the_views_of_others_are_welcome_and_do_not_stand_in_for_the_parents() -> None:
    story = STORY.views_gathered("2026-06-29", source="carer").views_gathered("2026-06-29", source="school")
    assert story.step("consult_parents", on="2026-06-29").state is StepState.OPEN


def test_what_was_not_done_when_the_review_was_held_is_missed_told_once_and_kept() -> None:
    followed = HELD.follow("2026-09-01")
    missed = {step.key for step in followed.agenda.steps if step.state is StepState.MISSED}
    assert missed == {"discussion", "invitations", "report", "consult_child", "consult_parents"}
    assert followed.rungs("consult_child").count("breach") == 1


def test_preparation_for_the_next_review_counts_from_the_day_after_the_last() -> None:
    story = HELD.discussion_held("2026-07-03", hour=13)
    assert story.step("discussion", on="2026-07-04").state is StepState.DONE_LATE
    assert story.step("discussion.review-1", on="2026-07-04").state is StepState.OPEN


def test_an_adjournment_leaves_time_for_the_papers_late_but_not_missed() -> None:
    story: Story = STORY.review_adjourned("2026-07-03", reconvene_on="2026-07-20").report_received("2026-07-10")
    assert story.step("report", on="2026-07-10").state is StepState.DONE_LATE


def test_a_child_who_is_missing_has_the_same_dates_and_the_review_goes_ahead() -> None:
    # Being missing is no fact that pauses a clock: the child is still looked after (practice notes 9).
    story = STORY.child_consulted("2026-06-30", outcome="offered_and_missed")
    story = story.review_held("2026-07-03", participation="PN7")
    line = story.reviews("2026-07-03")[0]
    assert (line.statutory_in_time, line.participation) == (True, "PN7")


def test_what_was_prepared_is_not_asked_for_again_when_the_review_is_held_later_than_arranged() -> None:
    story = STORY.review_arranged("2026-06-08", planned_for="2026-06-24").report_received("2026-06-19")
    story = story.review_held("2026-07-03")
    assert story.step("report", on="2026-07-03").state is StepState.DONE_IN_TIME


# --- What the child writes --------------------------------------------------------------------------------------------


@pytest.mark.duty("child_writes")
def test_what_the_child_wrote_shows_to_the_iro_and_leaves_the_talk_owed() -> None:
    story = child("2026-06-05").child_wrote("2026-06-15", by="link-1")
    step = story.step("consult_child", on="2026-06-15")
    assert (step.is_open, step.outcome) == (True, "wrote")
    spoke = story.child_consulted("2026-06-22", ways=["in_person", "in_writing"]).step("consult_child", "2026-06-22")
    assert (spoke.state, spoke.outcome) == (StepState.DONE_IN_TIME, "spoke")


@pytest.mark.duty("child_writes")
def test_what_the_child_wrote_counts_for_the_review_it_came_before() -> None:
    story = child("2026-06-05").child_wrote("2026-06-15").review_held("2026-07-03")
    assert story.step("consult_child", on="2026-07-03").outcome == "wrote"
    assert story.step("consult_child.review-1", on="2026-07-03").outcome is None


@pytest.mark.duty("child_writes")
def test_an_offer_the_child_missed_shows_that_the_child_wrote_all_the_same() -> None:
    story = child("2026-06-05").child_consulted("2026-06-12", outcome="offered_and_missed", ways=[])
    assert story.child_wrote("2026-06-15").step("consult_child", on="2026-06-15").outcome == "wrote"
