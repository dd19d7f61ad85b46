"""Reg 33(3): when a review is owed before its normal date, and before a child leaves."""

import pytest

from rules.vocabulary import EarlyReviewGround, Force, StepState
from tests.rules.build import child, day

STORY = child("2026-06-05")


@pytest.mark.duty("early_review")
@pytest.mark.parametrize("ground", EarlyReviewGround)
def test_each_ground_brings_the_review_forward(ground: EarlyReviewGround) -> None:
    story = STORY.early_review_required("2026-06-10", ground=ground.value, before="2026-06-22")
    step = story.step("first_review", on="2026-06-10")
    assert (step.due, step.basis.rule, step.basis.force) == (day("2026-06-22"), "early_review", Force.REGULATION)
    assert [other.due for other in step.others] == [day("2026-07-03")]


@pytest.mark.duty("early_review")
def test_preparation_looks_to_the_earlier_day() -> None:
    story = STORY.early_review_required("2026-06-10", before="2026-06-22")
    assert story.step("report", on="2026-06-10").due == day("2026-06-17")


@pytest.mark.duty("early_review")
def test_an_early_day_after_the_normal_limit_changes_nothing() -> None:
    story = STORY.early_review_required("2026-06-10", before="2026-09-01")
    assert story.step("first_review", on="2026-06-10").due == day("2026-07-03")


@pytest.mark.duty("early_review")
@pytest.mark.duty("early_review_counts")
def test_the_review_held_meets_the_duty_and_the_next_is_normal_again() -> None:
    story = STORY.review_held("2026-07-03").early_review_required("2026-07-20", before="2026-08-10")
    assert story.step("second_review.review-1", on="2026-07-20").due == day("2026-08-10")
    held = story.review_held("2026-08-07")
    assert held.reviews("2026-08-07")[1].due == day("2026-08-10")
    assert held.step("subsequent_review.review-2", on="2026-08-07").due == day("2027-02-07")


@pytest.mark.duty("early_review")
def test_a_review_asked_for_at_a_review_is_the_next_one() -> None:
    story = STORY.review_held("2026-07-03").early_review_required("2026-07-03", hour=15, before="2026-07-31")
    assert story.step("second_review.review-1", on="2026-07-03").due == day("2026-07-31")
    assert story.step("first_review", on="2026-07-03").others == ()


@pytest.mark.duty("early_review")
def test_a_review_required_and_held_on_one_day_asks_nothing_of_the_next() -> None:
    story = STORY.early_review_required("2026-06-22", before="2026-06-22").review_held("2026-06-22", hour=15)
    assert story.reviews("2026-06-22")[0].due == day("2026-06-22")
    assert story.step("second_review.review-1", on="2026-06-22").due == day("2026-09-22")


@pytest.mark.duty("review_before_leaving")
def test_a_review_is_fitted_in_before_a_remand_of_less_than_twenty_working_days_ends() -> None:
    remand = child("2026-06-05", legal_status="J1").early_review_required(
        "2026-06-08", ground="remand_or_police_ending", before="2026-06-19"
    )
    assert remand.step("first_review", on="2026-06-08").due == day("2026-06-19")
    reviewed = remand.review_held("2026-06-18").care_ended("2026-06-19", reason="E14")
    assert reviewed.reviews("2026-06-19")[0].statutory_in_time
    assert reviewed.step("first_review", on="2026-06-19").state is StepState.DONE_IN_TIME


@pytest.mark.duty("review_before_leaving")
@pytest.mark.parametrize("ended", ["2026-06-19", "2026-06-15"])
def test_a_remand_that_ends_without_its_review_leaves_it_missed_and_told_once(ended: str) -> None:
    remand = child("2026-06-05", legal_status="J1").early_review_required(
        "2026-06-08", ground="remand_or_police_ending", before="2026-06-19"
    )
    followed = remand.care_ended(ended, reason="E14").follow("2026-09-01")
    step = next(step for step in followed.agenda.steps if step.key == "first_review")
    assert step.state is StepState.MISSED
    assert "owed before" in (step.reason or "")
    assert followed.rungs("first_review").count("breach") == 1


@pytest.mark.duty("review_before_leaving")
@pytest.mark.parametrize("status", ["J1", "J2", "L1"])
def test_a_remand_or_police_protection_owes_a_review_before_it_ends_without_being_asked(status: str) -> None:
    story = child("2026-06-05", legal_status=status).care_ended("2026-06-10", reason="E14")
    assert story.step("first_review", on="2026-06-10").state is StepState.MISSED


@pytest.mark.duty("review_before_leaving")
@pytest.mark.parametrize("reason", ["E2", "E3"])
def test_but_not_when_the_child_died_or_another_authority_took_over(reason: str) -> None:
    story = child("2026-06-05", legal_status="J1").care_ended("2026-06-10", reason=reason)
    assert story.step("first_review", on="2026-06-10").state is StepState.NOT_REQUIRED


@pytest.mark.duty("review_before_leaving")
def test_leaving_accommodation_not_to_a_parent_owes_a_review_first() -> None:
    story = STORY.early_review_required("2026-06-10", ground="ceasing_not_to_parent", before="2026-06-26")
    left = story.care_ended("2026-06-24", reason="E5")
    assert left.step("first_review", on="2026-06-24").state is StepState.MISSED
    home = story.care_ended("2026-06-24", reason="E4A")
    assert home.step("first_review", on="2026-06-24").state is StepState.NOT_REQUIRED


@pytest.mark.duty("early_review")
def test_an_early_review_recorded_in_error_is_withdrawn_and_the_normal_date_is_back() -> None:
    story = STORY.early_review_required("2026-06-10", before="2026-06-22")
    story = story.withdrawn("early_review_required-1", "2026-06-11")
    assert story.step("first_review", on="2026-06-11").due == day("2026-07-03")
