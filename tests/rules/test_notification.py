"""Phase 1: the IRO service is told that a child is looked after."""

import pytest

from rules.vocabulary import Force, Role, StepState
from tests.rules.build import WALES, child, day


@pytest.mark.duty("notify_iro_service")
def test_the_iro_service_is_told_within_two_working_days() -> None:
    step = child("2026-06-05").step("notify_iro_service", on="2026-06-05")
    assert (step.due, step.owner, step.basis.force) == (day("2026-06-09"), Role.SOCIAL_WORKER, Force.GUIDANCE)
    assert step.basis.unverified


@pytest.mark.duty("notify_iro_service")
def test_the_same_days_hold_in_wales_on_welsh_authority() -> None:
    step = child("2026-06-05", nation="wales").under(WALES).step("notify_iro_service", on="2026-06-05")
    assert step.due == day("2026-06-09")
    assert "Wales" in step.basis.source


def test_told_on_the_last_day_is_in_time_and_a_day_later_is_late() -> None:
    story = child("2026-06-05")
    in_time = story.iro_service_notified("2026-06-09").step("notify_iro_service", on="2026-06-10")
    late = story.iro_service_notified("2026-06-10").step("notify_iro_service", on="2026-06-10")
    assert (in_time.state, late.state) == (StepState.DONE_IN_TIME, StepState.DONE_LATE)


def test_a_planned_admission_may_be_told_before_the_day() -> None:
    story = child("2026-06-05").iro_service_notified("2026-06-01", at="2026-06-05")
    assert story.step("notify_iro_service", on="2026-06-05").state is StepState.DONE_IN_TIME


@pytest.mark.duty("late_notice_moves_no_date")
@pytest.mark.parametrize("notified", ["2026-06-12", "2026-07-20"])
def test_late_notification_breaches_at_once_and_once(notified: str) -> None:
    story = child("2026-06-05", at=notified).iro_service_notified(notified)
    followed = story.follow("2026-09-01")
    first, *more = followed.of("notify_iro_service")
    assert first.at == story.entries[0].at
    assert "breach" in first.rungs
    assert more == []


@pytest.mark.duty("late_notice_moves_no_date")
def test_very_late_notification_moves_no_clock() -> None:
    prompt = child("2026-06-05").iro_service_notified("2026-06-08").agenda("2026-07-20")
    late = child("2026-06-05", at="2026-07-20").iro_service_notified("2026-07-20").agenda("2026-07-20")
    dues = [{step.key: step.due for step in agenda.steps if step.name != "appoint_iro"} for agenda in (prompt, late)]
    assert dues[0] == dues[1]
    assert late.steps[0].due < day("2026-07-20")


@pytest.mark.duty("late_notice_moves_no_date")
def test_what_was_overdue_before_anyone_could_know_collapses_into_one_escalation_each() -> None:
    followed = child("2026-06-05", at="2026-07-20").follow("2026-07-20", hour=13)
    assert followed.rungs("first_review") == ["assistant_director"]
    assert followed.of("first_review")[0].covers == ("reminder", "breach", "service_manager")


def test_an_admission_late_at_night_counts_from_the_london_day() -> None:
    # 30 June 2026, 23:30 UTC is 1 July in London.
    from datetime import UTC, datetime

    from rules.clock import london_date

    admitted = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert london_date(admitted) == day("2026-07-01")
    story = child(london_date(admitted).isoformat())
    assert story.step("notify_iro_service", on="2026-07-01").due == day("2026-07-03")


def test_a_case_that_changes_hands_is_the_new_social_workers() -> None:
    opened = child("2026-06-05", social_worker="sw-1", team_manager="tm-1")
    assert opened.agenda("2026-06-05").workers is None
    handed_on = opened.social_worker_changed("2026-07-01", social_worker="sw-2", team_manager="tm-2")
    workers = handed_on.agenda("2026-07-01").workers
    assert workers is not None
    assert (workers.social_worker, workers.team_manager) == ("sw-2", "tm-2")


def test_a_social_worker_change_recorded_late_does_not_undo_a_later_one() -> None:
    story = child("2026-06-05").social_worker_changed("2026-08-01", social_worker="sw-3")
    workers = story.social_worker_changed("2026-07-01", social_worker="sw-2", at="2026-08-05").agenda("2026-08-05")
    assert workers.workers is not None and workers.workers.social_worker == "sw-3"
