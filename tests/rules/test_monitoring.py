"""Phase 7: decisions are carried out by their own day, and the IRO looks in between reviews."""

import pytest

from rules.policy import read_policy
from rules.vocabulary import Force, Role, StepState
from tests.rules.build import book, child, day

REVIEWED = child("2026-06-05").review_held("2026-07-03")
DECIDED = REVIEWED.decision_made("2026-07-03", due="2026-08-03")


@pytest.mark.duty("decision")
def test_each_decision_has_its_own_owner_and_day() -> None:
    story = DECIDED.decision_made("2026-07-03", decision="d-2", owner="virtual_school_head", due="2026-09-04")
    first, second = story.step("decision.d-1", on="2026-07-03"), story.step("decision.d-2", on="2026-07-03")
    assert (first.owner, first.due) == (Role.SOCIAL_WORKER, day("2026-08-03"))
    assert (second.owner, second.due) == (Role.VIRTUAL_SCHOOL_HEAD, day("2026-09-04"))
    assert (first.cycle, first.basis.source) == (2, "CPPCR 2010 reg 37")


@pytest.mark.duty("decision")
def test_a_decision_carried_out_is_done_by_the_day_it_was() -> None:
    in_time = DECIDED.decision_carried_out("2026-08-03", decision="d-1").step("decision.d-1", on="2026-08-04")
    late = DECIDED.decision_carried_out("2026-08-04", decision="d-1").step("decision.d-1", on="2026-08-04")
    assert (in_time.state, late.state) == (StepState.DONE_IN_TIME, StepState.DONE_LATE)


@pytest.mark.duty("decision")
def test_a_decision_not_carried_out_in_time_is_told_to_the_iro_and_escalates() -> None:
    followed = DECIDED.follow("2026-08-31")
    assert followed.rungs("decision.d-1") == ["reminder", "breach", "service_manager", "assistant_director"]
    breach = followed.of("decision.d-1")[1]
    assert breach.tell == (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO, Role.IRO_MANAGER)


@pytest.mark.duty("decision")
def test_a_decision_gets_another_day_or_owner_for_a_reason() -> None:
    changed = DECIDED.decision_changed("2026-07-20", decision="d-1", due="2026-09-01", owner="health", reason="clinic")
    step = changed.step("decision.d-1", on="2026-07-20")
    assert (step.due, step.owner) == (day("2026-09-01"), Role.HEALTH)


@pytest.mark.duty("decision")
def test_a_decision_put_off_after_its_breach_breaches_again_on_the_new_day() -> None:
    story = DECIDED.decision_changed("2026-08-05", decision="d-1", due="2026-09-01", reason="clinic")
    assert story.follow("2026-09-03").rungs("decision.d-1") == ["reminder", "breach", "reminder", "breach"]


@pytest.mark.duty("decision")
def test_a_decision_dropped_for_a_reason_is_not_required() -> None:
    step = DECIDED.decision_dropped("2026-07-20", decision="d-1", reason="moved").step("decision.d-1", "2026-08-20")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "dropped: moved")


@pytest.mark.duty("mid_point_check")
def test_the_iro_checks_half_way_to_the_next_review() -> None:
    step = REVIEWED.step("mid_point_check.review-1", on="2026-07-03")
    assert (step.due, step.basis.force) == (day("2026-08-18"), Force.STATUTE)
    assert "the day is local" in step.basis.source
    assert not any(step.name == "mid_point_check" for step in child().agenda("2026-01-05").steps)


@pytest.mark.duty("mid_point_check")
def test_a_check_made_closes_it() -> None:
    checked = REVIEWED.mid_point_checked("2026-08-18").step("mid_point_check.review-1", on="2026-08-18")
    assert checked.state is StepState.DONE_IN_TIME


@pytest.mark.duty("mid_point_check")
def test_a_review_before_half_way_makes_it_needless_and_one_after_leaves_it_missed() -> None:
    early = REVIEWED.review_held("2026-08-10").step("mid_point_check.review-1", on="2026-08-10")
    late = REVIEWED.review_held("2026-09-25").step("mid_point_check.review-1", on="2026-09-25")
    assert (early.state, late.state) == (StepState.NOT_REQUIRED, StepState.MISSED)


@pytest.mark.duty("mid_point_check")
def test_an_authority_may_do_without_it() -> None:
    without = book(policy=read_policy("[local]\nmid_point_check = false"))
    assert not any(step.name == "mid_point_check" for step in REVIEWED.under(without).agenda("2026-07-03").steps)
