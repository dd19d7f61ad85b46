"""Counting time: every vector of practice notes 2.4, and the bank holidays of 2012 to 2028."""

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import WorkingCalendar, months_after
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.vocabulary import Nation
from tests.rules.build import ENGLAND, WALES, closed, day

NATIONS = {Nation.ENGLAND: ENGLAND.calendar, Nation.WALES: WALES.calendar}
BEFORE_19_SEPTEMBER_WAS_PROCLAIMED = closed("2022-09-19", change=ClosedDayChange.WITHDRAW)
BEFORE_8_MAY_WAS_PROCLAIMED = closed("2023-05-08", change=ClosedDayChange.WITHDRAW)

ADMISSIONS = [
    ("2026-06-05", "2026-06-09", "2026-06-12", "2026-06-19", "2026-07-03"),
    ("2026-06-06", "2026-06-09", "2026-06-12", "2026-06-19", "2026-07-03"),
    ("2026-06-07", "2026-06-09", "2026-06-12", "2026-06-19", "2026-07-03"),
    ("2026-06-08", "2026-06-10", "2026-06-15", "2026-06-22", "2026-07-06"),
    ("2026-04-02", "2026-04-08", "2026-04-13", "2026-04-20", "2026-05-05"),
    ("2026-05-01", "2026-05-06", "2026-05-11", "2026-05-18", "2026-06-02"),
    ("2025-12-12", "2025-12-16", "2025-12-19", "2025-12-30", "2026-01-14"),
    ("2025-12-24", "2025-12-30", "2026-01-05", "2026-01-12", "2026-01-26"),
    ("2026-12-11", "2026-12-15", "2026-12-18", "2026-12-29", "2027-01-13"),
    ("2022-08-26", "2022-08-31", "2022-09-05", "2022-09-12", "2022-09-27"),
    ("2022-09-16", None, None, None, "2022-10-17"),
    ("2023-04-14", None, None, None, "2023-05-16"),
    ("2023-04-06", "2023-04-12", "2023-04-17", "2023-04-24", "2023-05-10"),
]


@pytest.mark.duty("day_after_is_day_one")
@pytest.mark.duty("working_day")
@pytest.mark.parametrize("nation", Nation)
@pytest.mark.parametrize(("became", "two", "five", "ten", "twenty"), ADMISSIONS)
def test_working_days_after_an_admission(
    nation: Nation, became: str, two: str | None, five: str | None, ten: str | None, twenty: str
) -> None:
    after = NATIONS[nation].working_days_after
    for count, due in ((2, two), (5, five), (10, ten), (20, twenty)):
        if due:
            assert after(day(became), count) == day(due)


@pytest.mark.duty("working_day")
@pytest.mark.parametrize(
    ("became", "due", "not_yet_proclaimed"),
    [
        ("2022-08-26", "2022-09-26", BEFORE_19_SEPTEMBER_WAS_PROCLAIMED),
        ("2022-09-16", "2022-10-14", BEFORE_19_SEPTEMBER_WAS_PROCLAIMED),
        ("2023-04-14", "2023-05-15", BEFORE_8_MAY_WAS_PROCLAIMED),
    ],
)
def test_twenty_working_days_before_a_holiday_was_proclaimed(
    became: str, due: str, not_yet_proclaimed: tuple[ClosedDay, ...]
) -> None:
    assert WorkingCalendar(Nation.ENGLAND, not_yet_proclaimed).working_days_after(day(became), 20) == day(due)


@pytest.mark.parametrize(
    ("completed", "five", "ten", "fifteen", "twenty"),
    [
        ("2025-12-19", "2025-12-30", "2026-01-07", "2026-01-14", "2026-01-21"),
        ("2026-03-27", "2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28"),
        ("2026-12-18", "2026-12-29", "2027-01-06", "2027-01-13", "2027-01-20"),
    ],
)
def test_working_days_after_a_review(completed: str, five: str, ten: str, fifteen: str, twenty: str) -> None:
    after = ENGLAND.calendar.working_days_after
    due = [after(day(completed), count) for count in (5, 10, 15, 20)]
    assert due == [day(five), day(ten), day(fifteen), day(twenty)]


@pytest.mark.parametrize(
    ("review", "three", "ten", "fifteen"),
    [
        ("2026-01-05", "2025-12-30", "2025-12-17", "2025-12-10"),
        ("2026-04-08", "2026-04-01", "2026-03-23", "2026-03-16"),
    ],
)
def test_working_days_before_a_review(review: str, three: str, ten: str, fifteen: str) -> None:
    before = ENGLAND.calendar.working_days_before
    assert [before(day(review), count) for count in (3, 10, 15)] == [day(three), day(ten), day(fifteen)]


@pytest.mark.duty("corresponding_date")
@pytest.mark.parametrize(
    ("previous", "months", "limit", "days", "practical"),
    [
        ("2025-11-30", 3, "2026-02-28", 90, "2026-02-27"),
        ("2023-11-30", 3, "2024-02-29", 91, "2024-02-29"),
        ("2026-01-31", 3, "2026-04-30", 89, "2026-04-30"),
        ("2026-07-01", 3, "2026-10-01", 92, "2026-10-01"),
        ("2025-08-31", 6, "2026-02-28", 181, "2026-02-27"),
        ("2026-02-28", 6, "2026-08-28", 181, "2026-08-28"),
        ("2026-03-31", 6, "2026-09-30", 183, "2026-09-30"),
        ("2025-09-30", 4, "2026-01-30", 122, "2026-01-30"),
    ],
)
def test_months_run_to_the_corresponding_date_and_never_roll_forward(
    previous: str, months: int, limit: str, days: int, practical: str
) -> None:
    due = months_after(day(previous), months)
    assert due == day(limit)
    assert (due - day(previous)).days == days
    assert ENGLAND.calendar.last_working_day(due) == day(practical)


@pytest.mark.duty("working_day")
@pytest.mark.parametrize("nation", Nation)
def test_bank_holidays_of_2012_to_2028_are_those_of_gov_uk(nation: Nation) -> None:
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    first, last = date(2012, 1, 1), date(2028, 12, 31)
    bank_holidays = {holiday["date"] for holiday in listed if first <= holiday["date"] <= last}
    assert min(bank_holidays).year == 2012 and max(bank_holidays).year == 2028
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    closed_weekdays = {each for each in days if each.weekday() < 5 and not NATIONS[nation].is_working_day(each)}
    assert closed_weekdays == {each for each in bank_holidays if each.weekday() < 5}


@pytest.mark.duty("working_day")
@pytest.mark.parametrize("special", ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"])
def test_days_proclaimed_once_are_bank_holidays(special: str) -> None:
    assert not ENGLAND.calendar.is_working_day(day(special))


@pytest.mark.parametrize("privilege", ["2025-12-29", "2025-12-30", "2025-12-31"])
def test_the_days_an_office_shuts_between_christmas_and_new_year_are_working_days(privilege: str) -> None:
    assert ENGLAND.calendar.is_working_day(day(privilege))


def test_a_day_added_closes_it_in_that_nation_alone() -> None:
    added = closed("2026-06-10")
    assert WorkingCalendar(Nation.ENGLAND, added).why_closed(day("2026-06-10")) == "bank holiday added to the calendar"
    assert WorkingCalendar(Nation.WALES, added).is_working_day(day("2026-06-10"))


def test_a_bank_holiday_withdrawn_is_a_working_day_but_a_weekend_stays_closed() -> None:
    calendar = WorkingCalendar(Nation.ENGLAND, closed("2026-08-31", "2026-08-30", change=ClosedDayChange.WITHDRAW))
    assert calendar.is_working_day(day("2026-08-31"))
    assert calendar.why_closed(day("2026-08-30")) == "Sunday"


def test_a_day_added_moves_what_is_counted_over_it() -> None:
    calendar = WorkingCalendar(Nation.ENGLAND, closed("2026-06-10"))
    assert calendar.working_days_after(day("2026-06-08"), 2) == day("2026-06-11")
    assert calendar.working_days_before(day("2026-06-12"), 2) == day("2026-06-09")


def test_the_days_skipped_are_named_with_the_reason() -> None:
    skipped = ENGLAND.calendar.skipped(day("2026-04-02"), day("2026-04-08"))
    assert [(each.day, each.why) for each in skipped] == [
        (day("2026-04-03"), "Good Friday"),
        (day("2026-04-04"), "Saturday"),
        (day("2026-04-05"), "Sunday"),
        (day("2026-04-06"), "Easter Monday"),
    ]


def test_working_days_between_two_days_leave_the_first_out() -> None:
    assert ENGLAND.calendar.working_days_between(day("2026-06-05"), day("2026-06-12")) == 5
    assert ENGLAND.calendar.working_days_between(day("2026-06-12"), day("2026-06-05")) == 0


DAYS = st.dates(date(2012, 1, 1), date(2028, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_counting_forward_and_back_again_agree(start: date, count: int) -> None:
    calendar = ENGLAND.calendar
    end = calendar.working_days_after(start, count)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == count
    if calendar.is_working_day(start):
        assert calendar.working_days_before(end, count) == start


@given(DAYS)
def test_twenty_working_days_take_26_to_36_calendar_days(start: date) -> None:
    assert 26 <= (ENGLAND.calendar.working_days_after(start, 20) - start).days <= 36


@given(DAYS, st.integers(1, 12))
def test_months_never_overshoot_and_keep_the_day_of_the_month_where_there_is_one(start: date, months: int) -> None:
    due = months_after(start, months)
    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == months
    assert due.day == start.day or (due + timedelta(1)).day == 1
