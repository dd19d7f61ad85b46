"""Counting time: working days, months, and the practical last day beside a legal one.

Working day: CPPCR reg 2(1) (unverified): not a Saturday or Sunday, Christmas Day, Good Friday, or a bank holiday
in England and Wales under the Banking and Financial Dealings Act 1971. "Within N working days of X" leaves the day
of X out (Lester v Garland (1808); Dodds v Walker [1981] UKHL): the next working day is day 1.

Workflow code never imports this module: `holidays` cannot be loaded there.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays
from dateutil.relativedelta import relativedelta

from rules.closed_days import ClosedDay, ClosedDayChange
from rules.kept import Kept
from rules.steps import Skipped
from rules.vocabulary import Nation

ONE_DAY = timedelta(days=1)
_OPEN = "open"
_SUBDIVISION = {Nation.ENGLAND: "ENG", Nation.WALES: "WLS"}
HOLIDAYS_VERSION = version("holidays")


@lru_cache(maxsize=256)
def _bank_holidays(nation: Nation, year: int) -> dict[date, str]:
    """The year's bank holidays; `subdiv` because the UK calendar without it lacks Easter Monday."""
    return dict(holidays.country_holidays("GB", subdiv=_SUBDIVISION[nation], years=year).items())


class WorkingCalendar:
    """The working days of one nation, with days added or withdrawn since the library was published."""

    def __init__(self, nation: Nation, changes: Iterable[ClosedDay] = ()) -> None:
        """Make a calendar.

        Args:
            nation: England or Wales.
            changes: closed days added or withdrawn; those of the other nation are passed over.
        """
        self.nation = nation
        ours = [change for change in changes if change.nation is nation]
        self._added = {change.day for change in ours if change.change is ClosedDayChange.ADD}
        self._withdrawn = {change.day for change in ours if change.change is ClosedDayChange.WITHDRAW}
        self._why: Kept[date, str] = Kept()
        self._counted: Kept[tuple[date, int], date] = Kept()

    def why_closed(self, day: date) -> str | None:
        """Why a day is no working day, in words; None when it is one."""
        found = self._why.get(day)
        if found is None:
            found = self._why.keep(day, self._reason(day) or _OPEN)
        return None if found is _OPEN else found

    def _reason(self, day: date) -> str | None:
        if day in self._added:
            return "bank holiday added to the calendar"
        if day.weekday() >= 5:
            return day.strftime("%A")
        if day in self._withdrawn:
            return None
        return _bank_holidays(self.nation, day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether a day counts as a working day."""
        return self.why_closed(day) is None

    def working_days_after(self, start: date, count: int) -> date:
        """The last day of a period of `count` working days after `start`, the day after being day 1."""
        return self._count(start, count)

    def working_days_before(self, end: date, count: int) -> date:
        """The day that leaves `count` working days before `end`, the day before being day 1."""
        return self._count(end, -count)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end` (0 when `end` is not later)."""
        return sum(1 for n in range(1, (end - start).days + 1) if self.is_working_day(start + n * ONE_DAY))

    def last_working_day(self, limit: date) -> date:
        """The practical last day: the last working day on or before a limit. Limits never roll forward."""
        day = limit
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def skipped(self, first: date, last: date) -> tuple[Skipped, ...]:
        """The days strictly between two days, in either order, that are no working days, and why."""
        low, high = min(first, last), max(first, last)
        days = (low + n * ONE_DAY for n in range(1, (high - low).days))
        return tuple(Skipped(day=day, why=why) for day in days if (why := self.why_closed(day)))

    def _count(self, start: date, count: int) -> date:
        """Count working days from a day, backwards when the count is negative."""
        found = self._counted.get((start, count))
        if found is None:
            day, left, step = start, abs(count), ONE_DAY if count > 0 else -ONE_DAY
            while left > 0:
                day += step
                left -= self.is_working_day(day)
            found = self._counted.keep((start, count), day)
        return found


def months_after(start: date, months: int) -> date:
    """The corresponding date so many calendar months on, or the last day of that month if it has none.

    Source: Interpretation Act 1978 Sch 1; Dodds v Walker [1981] UKHL.
    """
    return start + relativedelta(months=months)
