"""Days and dues in words."""

from datetime import date

import pytest

from rules.calendar import WorkingCalendar
from rules.vocabulary import Nation
from rules.wording import Urgency, due_words, listed, nearest, plain

CALENDAR = WorkingCalendar(Nation.ENGLAND)
THURSDAY = date(2026, 6, 11)


@pytest.mark.parametrize(
    ("due", "words", "urgency"),
    [
        (date(2026, 6, 9), "overdue by 2 working days", Urgency.LATE),
        (date(2026, 6, 11), "due today", Urgency.SOON),
        (date(2026, 6, 15), "due in 2 working days", Urgency.SOON),
        (date(2026, 6, 16), "due in 3 working days", Urgency.LATER),
    ],
)
def test_how_far_off_a_last_day_is_and_how_near_that_is(due: date, words: str, urgency: Urgency) -> None:
    assert due_words(due, THURSDAY, CALENDAR) == (words, urgency)


def test_weekends_are_no_working_days_away() -> None:
    friday, saturday, sunday = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 14)
    assert due_words(sunday, friday, CALENDAR) == ("due before the next working day", Urgency.SOON)
    assert due_words(saturday, sunday, CALENDAR) == ("overdue since Sat 13 Jun 2026", Urgency.LATE)


def test_words_in_a_row_and_codes_in_words() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert plain("iro_manager") == "IRO manager"
    assert nearest("attendd", ["attended", "counts"]) == " (did you mean attended?)"
    assert nearest("zzz", ["attended"]) == ""
