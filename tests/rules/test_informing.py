"""Phase 3: the child and others are told who the IRO is, and given the policy on reviews."""

import pytest

from rules.vocabulary import Role, StepState, WayTold
from tests.rules.build import child, day

APPOINTED = child().iro_appointed("2026-01-07")


@pytest.mark.duty("tell_child")
def test_the_child_is_told_in_the_days_that_local_policy_sets() -> None:
    step = APPOINTED.step("tell_child", on="2026-01-07")
    assert (step.due, step.outstanding) == (day("2026-01-09"), (Role.CHILD,))


@pytest.mark.duty("tell_others")
def test_parents_and_carer_are_told_and_the_last_of_them_closes_it() -> None:
    half = APPOINTED.iro_made_known("2026-01-08", recipient="carer")
    step = half.step("tell_others", on="2026-01-08")
    assert (step.due, step.state, step.outstanding) == (day("2026-01-14"), StepState.OPEN, (Role.PARENTS,))
    done = half.iro_made_known("2026-01-15", recipient="parents").step("tell_others", on="2026-01-15")
    assert (done.state, done.done_on) == (StepState.DONE_LATE, day("2026-01-15"))


@pytest.mark.duty("tell_child")
@pytest.mark.parametrize("way", WayTold)
def test_the_child_may_be_told_in_any_way_on_a_day_that_is_recorded(way: WayTold) -> None:
    told = APPOINTED.iro_made_known("2026-01-08", recipient="child", way=way.value)
    assert told.step("tell_child", on="2026-01-08").done_on == day("2026-01-08")


@pytest.mark.duty("tell_others")
def test_someone_not_to_be_told_is_left_out_with_a_reason() -> None:
    story = APPOINTED.iro_made_known("2026-01-08", recipient="carer")
    story = story.iro_not_made_known("2026-01-08", recipient="parents", reason="not safe")
    assert story.step("tell_others", on="2026-01-08").state is StepState.DONE_IN_TIME


@pytest.mark.duty("tell_child")
def test_each_new_iro_is_made_known_anew() -> None:
    story = APPOINTED.iro_made_known("2026-01-08").iro_appointed("2026-03-02", iro="iro-2")
    step = story.step("tell_child.appointment-2", on="2026-03-02")
    assert (step.due, step.state, step.cycle) == (day("2026-03-04"), StepState.OPEN, 1)
    assert story.step("tell_child", on="2026-03-02").state is StepState.DONE_IN_TIME


def test_nobody_is_told_of_an_iro_who_has_gone_and_what_was_overdue_stays_missed() -> None:
    changed = APPOINTED.iro_appointed("2026-01-12", iro="iro-2")
    assert changed.step("tell_child", on="2026-01-12").state is StepState.MISSED
    assert changed.step("tell_others", on="2026-01-12").state is StepState.NOT_REQUIRED
    vacated = APPOINTED.iro_post_vacated("2026-01-08").step("tell_child", on="2026-01-08")
    assert vacated.state is StepState.NOT_REQUIRED


@pytest.mark.duty("give_reviewing_policy")
def test_child_and_parents_get_the_reviewing_policy() -> None:
    step = child("2026-06-05").step("give_reviewing_policy", on="2026-06-05")
    assert (step.due, step.outstanding) == (day("2026-06-19"), (Role.CHILD, Role.PARENTS))
    assert step.basis.source.startswith("CPPCR 2010 reg 34(2)")


@pytest.mark.duty("give_reviewing_policy")
def test_the_policy_may_be_withheld_from_a_child_too_young_for_it() -> None:
    story = child("2026-06-05").reviewing_policy_given("2026-06-08", recipient="parents")
    story = story.reviewing_policy_withheld("2026-06-09", recipient="child", reason="a baby")
    done = story.step("give_reviewing_policy", on="2026-06-09")
    assert (done.state, done.done_on) == (StepState.DONE_IN_TIME, day("2026-06-09"))


def test_an_iro_named_before_a_planned_admission_is_made_known_from_the_day_of_it() -> None:
    story = child("2026-06-05").iro_appointed("2026-05-20", at="2026-06-05")
    assert story.step("tell_child", on="2026-06-05").due == day("2026-06-09")
