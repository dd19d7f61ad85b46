"""Phase 2: every child has a named IRO, and a vacancy is filled."""

import pytest

from rules.policy import Policy, read_policy
from rules.vocabulary import Force, StepState
from tests.rules.build import book, child, day


@pytest.mark.duty("appoint_iro")
def test_an_iro_is_appointed_within_five_working_days_of_becoming_looked_after() -> None:
    step = child("2026-06-05").step("appoint_iro", on="2026-06-05")
    assert (step.due, step.basis.rule, step.basis.force) == (day("2026-06-12"), "appoint_iro", Force.GUIDANCE)


@pytest.mark.duty("appoint_iro_from_notification")
def test_a_prompt_notification_makes_the_local_three_days_govern() -> None:
    step = child("2026-06-05").iro_service_notified("2026-06-08").step("appoint_iro", on="2026-06-08")
    assert (step.due, step.basis.rule) == (day("2026-06-11"), "appoint_iro_from_notification")
    assert step.basis.force is Force.LOCAL
    assert "appoint_iro" in [other.rule for other in step.others]


@pytest.mark.duty("appoint_iro_from_notification")
def test_notified_of_a_planned_admission_the_local_days_run_from_the_admission() -> None:
    story = child("2026-06-05").iro_service_notified("2026-06-01", at="2026-06-05")
    assert story.step("appoint_iro", on="2026-06-05").due == day("2026-06-10")


@pytest.mark.duty("appoint_iro")
def test_a_late_notification_does_not_move_the_handbooks_five_days() -> None:
    step = child("2026-06-05").iro_service_notified("2026-06-11").step("appoint_iro", on="2026-06-11")
    assert (step.due, step.basis.rule) == (day("2026-06-12"), "appoint_iro")


@pytest.mark.duty("appoint_iro_by_first_review")
def test_statutes_outer_limit_is_the_first_review() -> None:
    step = child("2026-06-05").step("appoint_iro", on="2026-06-05")
    outer = step.others[-1]
    assert (outer.due, outer.force, outer.source) == (day("2026-07-03"), Force.STATUTE, "Children Act 1989 s.25A(2)")


@pytest.mark.duty("appoint_iro_by_first_review")
def test_an_early_first_review_brings_the_appointment_forward() -> None:
    story = child("2026-06-05").early_review_required("2026-06-08", before="2026-06-10")
    step = story.step("appoint_iro", on="2026-06-08")
    assert (step.due, step.basis.rule) == (day("2026-06-10"), "appoint_iro_by_first_review")


def test_an_iro_named_before_a_planned_admission_is_in_time() -> None:
    story = child("2026-06-05").iro_appointed("2026-06-01", at="2026-06-05")
    assert story.step("appoint_iro", on="2026-06-05").state is StepState.DONE_IN_TIME


def test_another_number_of_days_is_local_policy() -> None:
    one_day = read_policy("[local]\nappoint_iro_from_notification = 1")
    story = child("2026-06-05").under(book(policy=one_day)).iro_service_notified("2026-06-08")
    assert story.step("appoint_iro", on="2026-06-08").due == day("2026-06-09")


@pytest.mark.duty("fill_vacancy")
def test_a_vacancy_is_filled_in_the_days_that_local_policy_sets() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-03-02")
    agenda = story.agenda("2026-03-02")
    step = next(step for step in agenda.steps if step.key == "fill_vacancy.iro_post_vacated-1")
    assert agenda.iro is None
    assert (step.due, step.state) == (day("2026-03-09"), StepState.OPEN)
    assert step.basis.source.startswith("Children Act 1989 s.25A(3): as soon as is practicable")


@pytest.mark.duty("fill_vacancy")
def test_a_new_iro_fills_the_vacancy_and_moves_no_review() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-03-02")
    filled = story.iro_appointed("2026-03-04", iro="iro-2")
    assert filled.step("fill_vacancy.iro_post_vacated-1", on="2026-03-04").state is StepState.DONE_IN_TIME
    assert filled.agenda("2026-03-04").iro == "iro-2"
    assert filled.step("first_review", "2026-03-04").due == story.step("first_review", "2026-03-04").due


def test_the_first_appointment_was_made_whatever_becomes_of_it() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-01-08")
    assert story.step("appoint_iro", on="2026-01-08").state is StepState.DONE_IN_TIME
    assert "fill_vacancy.iro_post_vacated-1" in story.open_keys("2026-01-08")


@pytest.mark.duty("cover_leaves_the_iro")
def test_cover_leaves_the_named_iro_in_place() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-02-02", cover="iro-9")
    agenda = story.agenda("2026-02-03")
    assert (agenda.iro, agenda.cover) == ("iro-1", "iro-9")
    assert not any(step.name == "fill_vacancy" for step in agenda.steps)
    assert story.iro_cover_ended("2026-02-06").agenda("2026-02-06").cover is None


@pytest.mark.duty("cover_leaves_the_iro")
def test_cover_lapses_on_its_last_day_and_an_alarm_sees_to_it() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-01-08", cover="iro-9", until="2026-01-10")
    assert story.agenda("2026-01-10").cover == "iro-9"
    assert story.agenda("2026-01-11").cover is None
    # The weekend it lapses, nothing else rings.
    alarm = story.agenda("2026-01-10").alarm
    assert alarm and alarm.what == "the cover for the IRO ends"


def test_a_new_iro_ends_the_cover_for_the_old_one() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-02-02", cover="iro-9")
    assert story.iro_appointed("2026-02-10", iro="iro-2").agenda("2026-02-10").cover is None


def test_no_child_is_without_a_step_for_the_missing_iro() -> None:
    followed = child("2026-06-05").under(book(policy=Policy())).follow("2026-09-01")
    assert followed.rungs("appoint_iro") == ["reminder", "breach", "service_manager", "assistant_director"]
    assert any(step.key == "appoint_iro" for step in followed.agenda.open_steps)
