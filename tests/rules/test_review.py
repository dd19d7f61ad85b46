"""Phase 5: first within 20 working days, second within 3 months, then every 6 months at most."""

import pytest

from rules.policy import read_policy
from rules.steps import Step
from rules.vocabulary import Force, Nation, Role, StepState, Unit
from tests.rules.build import ENGLAND, WALES, Story, book, child, closed, day

BOOKS = {Nation.ENGLAND: ENGLAND, Nation.WALES: WALES}


@pytest.mark.duty("first_review")
@pytest.mark.parametrize(
    ("became", "due"),
    [
        ("2026-06-05", "2026-07-03"),
        ("2026-06-08", "2026-07-06"),
        ("2026-04-02", "2026-05-05"),
        ("2026-05-01", "2026-06-02"),
        ("2025-12-12", "2026-01-14"),
        ("2025-12-24", "2026-01-26"),
        ("2026-12-11", "2027-01-13"),
        ("2022-08-26", "2022-09-27"),
        ("2022-09-16", "2022-10-17"),
        ("2023-04-14", "2023-05-16"),
        ("2023-04-06", "2023-05-10"),
    ],
)
@pytest.mark.parametrize("nation", Nation)
def test_first_review_falls_due_twenty_working_days_after_becoming_looked_after(
    nation: Nation, became: str, due: str
) -> None:
    step = child(became, nation=nation.value).under(BOOKS[nation]).step("first_review", on=became)
    assert (step.due, step.basis.practical_due, step.owner) == (day(due), day(due), Role.IRO)
    assert (step.basis.amount, step.basis.unit, step.basis.force) == (20, Unit.WORKING_DAYS, Force.REGULATION)
    assert (
        step.basis.source
        == {
            Nation.ENGLAND: "CPPCR 2010 reg 33(1); Children Act 1989 s.26",
            Nation.WALES: "CPPCR(W) 2015 reg 39",
        }[nation]
    )


def test_a_holiday_proclaimed_later_moves_what_is_open_and_shows_why() -> None:
    before = child("2026-06-05").step("first_review", on="2026-06-20")
    proclaimed = child("2026-06-05").under(book(closed("2026-06-29"))).step("first_review", on="2026-06-20")
    assert (before.due, proclaimed.due) == (day("2026-07-03"), day("2026-07-06"))
    assert ("bank holiday added to the calendar", day("2026-06-29")) in [
        (each.why, each.day) for each in proclaimed.basis.skipped
    ]


def _next(first: str, second: str | None = None) -> Step:
    born = "2012-06-15"
    story = child("2025-08-01" if first < "2026" else "2026-01-02", birth_date=born).review_held(first)
    key, last = "second_review.review-1", first
    if second:
        story, key, last = story.review_held(second), "subsequent_review.review-2", second
    return story.step(key, on=last)


@pytest.mark.duty("second_review")
@pytest.mark.parametrize(
    ("first", "due", "practical"),
    [
        ("2025-11-30", "2026-02-28", "2026-02-27"),
        ("2026-01-31", "2026-04-30", "2026-04-30"),
        ("2026-07-01", "2026-10-01", "2026-10-01"),
    ],
)
def test_second_review_falls_due_three_months_after_the_first(first: str, due: str, practical: str) -> None:
    step = _next(first)
    assert (step.due, step.basis.practical_due) == (day(due), day(practical))
    assert step.basis.source == "CPPCR 2010 reg 33(2)"


@pytest.mark.duty("subsequent_review")
@pytest.mark.parametrize(
    ("previous", "due", "practical"),
    [
        ("2025-08-31", "2026-02-28", "2026-02-27"),
        ("2026-02-28", "2026-08-28", "2026-08-28"),
        ("2026-03-31", "2026-09-30", "2026-09-30"),
    ],
)
def test_each_later_review_falls_due_six_months_after_the_last(previous: str, due: str, practical: str) -> None:
    step = _next("2025-08-29" if previous < "2026" else "2026-01-30", previous)
    assert (step.due, step.basis.practical_due) == (day(due), day(practical))


@pytest.mark.duty("second_review")
def test_the_next_review_counts_from_the_day_the_last_was_held_not_from_when_it_was_due() -> None:
    story = child("2026-06-05").review_held("2026-07-20", late_reason="papers_not_ready")
    assert story.step("first_review", on="2026-07-20").state is StepState.DONE_LATE
    assert story.step("second_review.review-1", on="2026-07-20").due == day("2026-10-20")


def test_a_deadline_on_a_weekend_keeps_the_law_date_and_shows_the_working_day_before() -> None:
    step = _next("2025-11-30")
    assert (step.due.strftime("%A"), step.basis.practical_due.strftime("%A")) == ("Saturday", "Friday")
    assert not step.is_overdue(day("2026-02-28")) and step.is_overdue(day("2026-03-01"))


@pytest.mark.duty("indicator")
@pytest.mark.parametrize(
    ("first", "held", "due", "indicator_due", "statutory", "indicator"),
    [
        ("2025-11-30", "2026-03-01", "2026-02-28", "2026-03-01", False, True),
        ("2023-11-30", "2024-02-29", "2024-02-29", "2024-02-29", True, True),
        ("2026-01-31", "2026-05-01", "2026-04-30", "2026-05-02", False, True),
        ("2026-07-01", "2026-10-01", "2026-10-01", "2026-09-30", True, False),
    ],
)
def test_law_and_91_day_indicator_disagree_both_ways(
    first: str, held: str, due: str, indicator_due: str, statutory: bool, indicator: bool
) -> None:
    start = {"2025": "2025-11-03", "2023": "2023-11-03"}.get(first[:4], "2026-01-05")
    line = child(start).review_held(first).review_held(held).reviews(held)[1]
    assert (line.due, line.indicator_due) == (day(due), day(indicator_due))
    assert (line.statutory_in_time, line.indicator_in_time) == (statutory, indicator)


@pytest.mark.duty("indicator")
@pytest.mark.parametrize(
    ("previous", "due", "indicator_due"),
    [
        ("2025-08-31", "2026-02-28", "2026-03-02"),
        ("2026-02-28", "2026-08-28", "2026-08-30"),
        ("2026-03-31", "2026-09-30", "2026-09-30"),
    ],
)
def test_law_and_183_day_indicator(previous: str, due: str, indicator_due: str) -> None:
    start = "2025-07-01" if previous < "2026" else "2025-11-03"
    story = child(start).review_held("2025-07-28" if previous < "2026" else "2025-12-01").review_held(previous)
    line = story.review_held(due).reviews(due)[2]
    assert (line.due, line.indicator_due, line.statutory_in_time) == (day(due), day(indicator_due), True)


@pytest.mark.duty("indicator")
def test_for_the_first_review_both_measures_are_twenty_working_days() -> None:
    line = child("2026-06-05").review_held("2026-07-03").reviews("2026-07-03")[0]
    assert line.due == line.indicator_due == day("2026-07-03")


def test_the_statutes_measure_is_the_statutes_where_local_policy_is_tighter() -> None:
    tighter = book(policy=read_policy("[limits]\nfirst_review = 15\nsecond_review = 2"))
    story = child("2026-06-05").under(tighter)
    step = story.step("first_review", on="2026-06-05")
    assert (step.due, step.basis.force) == (day("2026-06-26"), Force.LOCAL)
    assert [(other.due, other.force) for other in step.others] == [(day("2026-07-03"), Force.REGULATION)]
    held = story.review_held("2026-07-01").review_held("2026-09-20")
    assert held.step("first_review", on="2026-07-01").state is StepState.DONE_LATE
    first, second = held.reviews("2026-09-20")
    assert (first.due, first.statutory_in_time, first.indicator_due) == (day("2026-07-03"), True, day("2026-07-03"))
    assert (second.due, second.statutory_in_time, second.indicator_due) == (
        day("2026-10-01"),
        True,
        day("2026-09-30"),
    )


@pytest.mark.duty("early_review_counts")
def test_a_review_held_early_is_the_next_one_and_resets_the_chain() -> None:
    story = child("2026-06-05").review_held("2026-07-03").review_held("2026-08-10")
    assert [line.name for line in story.reviews("2026-08-10")] == ["first_review", "second_review"]
    step = story.step("subsequent_review.review-2", on="2026-08-10")
    assert step.due == day("2027-02-10")


@pytest.mark.duty("early_review_counts")
def test_a_meeting_that_does_not_count_moves_no_date() -> None:
    held = child("2026-06-05").review_held("2026-07-03")
    story = held.review_held("2026-08-10", counts=False, participation=None)
    assert [line.name for line in story.reviews("2026-08-10")] == ["first_review", "interim"]
    assert story.step("second_review.review-1", on="2026-08-10") == held.step("second_review.review-1", "2026-08-10")


def _opened() -> Story:
    return child("2026-06-05").review_opened("2026-07-01")


@pytest.mark.duty("complete_review")
def test_a_series_of_meetings_is_one_review_dated_by_its_completion() -> None:
    story = _opened().review_continued("2026-07-08").review_held("2026-07-15")
    (line,) = story.reviews("2026-07-15")
    assert (line.opened_on, line.completed_on, line.statutory_in_time) == (day("2026-07-01"), day("2026-07-15"), True)
    assert story.step("first_review", on="2026-07-15").state is StepState.DONE_IN_TIME
    assert story.step("second_review.review-1", on="2026-07-15").due == day("2026-10-15")
    assert story.step("decisions.review-1", on="2026-07-15").due == day("2026-07-22")


@pytest.mark.duty("complete_review")
def test_a_review_that_opened_is_completed_within_twenty_working_days() -> None:
    step = _opened().step("complete_review", on="2026-07-01")
    assert (step.due, step.state) == (day("2026-07-29"), StepState.OPEN)
    assert step.basis.unverified
    late = _opened().review_held("2026-07-30")
    assert late.step("complete_review", on="2026-07-30").state is StepState.DONE_LATE
    assert not late.reviews("2026-07-30")[0].statutory_in_time


@pytest.mark.duty("complete_review")
def test_an_adjourned_review_is_in_time_when_it_opened_in_time_and_was_completed_within_twenty_working_days() -> None:
    story = child("2026-06-05").review_adjourned("2026-07-03", reconvene_on="2026-07-20")
    step = story.step("first_review", on="2026-07-04")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, "adjourned")
    assert story.step("complete_review", on="2026-07-04").due == day("2026-07-31")
    held = story.review_held("2026-07-31")
    assert held.reviews("2026-07-31")[0].statutory_in_time
    assert held.step("second_review.review-1", on="2026-07-31").due == day("2026-10-31")


def test_a_review_opened_before_it_was_recorded_as_held_keeps_its_first_meeting() -> None:
    story = child("2026-06-05").review_held("2026-07-10", opened_on="2026-07-02")
    (line,) = story.reviews("2026-07-10")
    assert (line.opened_on, line.statutory_in_time) == (day("2026-07-02"), True)


def test_a_postponement_is_no_adjournment_and_the_review_is_simply_late() -> None:
    story = child("2026-06-05").review_arranged("2026-06-10", planned_for="2026-07-01")
    story = story.review_arranged("2026-06-30", planned_for="2026-07-08").review_held(
        "2026-07-08", late_reason="parent_unavailable"
    )
    (line,) = story.reviews("2026-07-08")
    assert (line.statutory_in_time, line.late_reason) == (False, "parent_unavailable")


def test_who_chaired_and_who_came_and_how_the_child_took_part_stand_with_the_review() -> None:
    story = child("2026-06-05").review_held(
        "2026-07-03", chaired_by="iro-1", attended=["child", "parents"], participation="PN3"
    )
    assert story.step("first_review", on="2026-07-03").outcome == "PN3"


@pytest.mark.duty("short_break_first_review")
def test_a_series_of_short_breaks_has_its_first_review_in_three_months() -> None:
    step = child("2026-06-05", legal_status="V4").step("first_review", on="2026-06-05")
    assert (step.due, step.basis.source) == (day("2026-09-05"), "CPPCR 2010 reg 48")


@pytest.mark.duty("short_break_subsequent_review")
def test_a_series_of_short_breaks_then_has_a_review_every_six_months() -> None:
    story = child("2026-06-05", legal_status="V3").review_held("2026-08-20")
    step = story.step("second_review.review-1", on="2026-08-20")
    assert (step.due, step.basis.rule) == (day("2027-02-20"), "short_break_subsequent_review")


@pytest.mark.duty("short_break_exceeded")
def test_short_breaks_past_their_limit_begin_full_care_with_a_review_in_twenty_working_days() -> None:
    story = child("2026-03-02", legal_status="V4").short_break_limit_exceeded("2026-06-05")
    step = story.step("first_review.short_break_limit_exceeded-1", on="2026-06-05")
    assert (step.due, step.basis.rule) == (day("2026-07-03"), "first_review")
    assert story.step("first_review", on="2026-06-05").state is StepState.NOT_REQUIRED


@pytest.mark.duty("short_break_exceeded")
def test_after_a_review_of_the_short_breaks_nothing_of_that_timetable_stays_owed() -> None:
    story = child("2026-03-02", legal_status="V4").review_held("2026-05-20").short_break_limit_exceeded("2026-06-05")
    agenda = story.agenda("2026-06-05")
    left = {step.key for step in agenda.open_steps if step.key.endswith(".review-1") and step.phase != "follow_up"}
    assert left == set()
    assert story.step("mid_point_check.review-1", on="2026-06-05").state is StepState.NOT_REQUIRED


@pytest.mark.duty("short_break_exceeded")
def test_a_change_to_another_legal_status_ends_the_short_breaks_too() -> None:
    story = child("2026-03-02", legal_status="V3").legal_status_changed("2026-06-05", legal_status="V2")
    assert story.step("first_review.legal_status_changed-1", on="2026-06-05").due == day("2026-07-03")


def test_a_change_of_legal_status_in_full_care_moves_nothing() -> None:
    before, after = child("2026-06-05"), child("2026-06-05").legal_status_changed("2026-06-12", legal_status="C1")
    assert after.agenda("2026-06-12").steps == before.agenda("2026-06-12").steps


@pytest.mark.duty("return_is_a_new_period")
def test_a_child_who_comes_back_has_a_first_review_in_twenty_working_days_again() -> None:
    former = child("2025-06-05").care_ended("2025-06-20")
    assert former.agenda("2025-11-01").finished
    assert child("2026-06-05").step("first_review", on="2026-06-05").due == day("2026-07-03")


def test_when_the_return_began_after_the_care_did_six_months_are_the_most_there_can_be() -> None:
    # D0 is only the first day seen: whichever review came before it, the next was owed within six months.
    seen = child("2025-04-01", at="2026-01-05").case_taken_on("2026-01-05", first_day_known=False)
    step = seen.step("subsequent_review", on="2026-01-05")
    assert (step.due, step.state) == (day("2025-10-01"), StepState.OPEN)
    assert step.basis.event == "the child was first seen to be looked after"
    reviewed = seen.review_held("2025-09-10", at="2026-01-05")
    assert reviewed.reviews("2026-01-05")[0].statutory_in_time
    assert reviewed.step("subsequent_review.review-1", on="2026-01-05").due == day("2026-03-10")


@pytest.mark.duty("late_review_has_a_reason")
def test_the_agenda_says_by_when_the_review_is_owed_in_law_before_and_after_it_opens() -> None:
    # Local policy asks for it within 15 working days, and for its completion within 10.
    tighter = read_policy("[limits]\nfirst_review = 15\ncomplete_review = 10")
    story = child("2026-06-05").under(book(policy=tighter))
    before = story.agenda("2026-06-08")
    assert (before.review_due, before.complete_by) == (day("2026-07-03"), None)
    opened = story.review_opened("2026-07-01").agenda("2026-07-02")
    assert (opened.review_due, opened.complete_by) == (day("2026-07-03"), day("2026-07-29"))
    held = story.review_opened("2026-07-01").review_held("2026-07-08").agenda("2026-07-08")
    assert (held.review_due, held.complete_by) == (day("2026-10-08"), None)


@pytest.mark.duty("late_review_has_a_reason")
def test_no_review_is_owed_once_care_has_ended_or_when_the_18th_birthday_comes_first() -> None:
    ended = child("2026-06-05").care_ended("2026-06-15").agenda("2026-06-15")
    assert (ended.review_due, ended.complete_by) == (None, None)
    nearly = child("2026-06-05", birth_date="2008-06-20").agenda("2026-06-08")
    assert (nearly.review_due, nearly.complete_by) == (None, None)


@pytest.mark.duty("late_review_has_a_reason")
def test_a_review_that_opened_late_says_why_when_it_is_completed() -> None:
    late = child("2026-06-05").review_opened("2026-07-06")
    assert "say why it was late" in late.refuses("review_held", "2026-07-10")
    late.accepts("review_held", "2026-07-10", late_reason="other")
