"""By when something is owed, in words first and then in colour, with the source in short."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rules.calendar import WorkingCalendar
from rules.closed_days import ClosedDay
from rules.policy import LOCAL_SOURCE
from rules.steps import Basis, Step
from rules.vocabulary import Force, Nation
from rules.wording import Urgency, due_words

_STYLES = {Urgency.LATE: "desk-due--late", Urgency.SOON: "desk-due--soon", Urgency.LATER: ""}
_REGULATIONS = re.compile(r"^CPPCR(\(W\))? \d{4} (?=reg )")
_REMARK = re.compile(r" \([^)]*\)$")


class DueSeen(NamedTuple):
    """A last day.

    Attributes:
        words: such as "Due Thursday 3 December, in 2 working days".
        style: the class of its colour; empty for none.
        source: where that stands, in short, to follow it: "reg 33(2)".
        practical: the last working day, where that is an earlier one; empty where it is not.
        day: the day itself.
    """

    words: str
    style: str
    source: str
    practical: str
    day: date


class Calendars:
    """The working days of each nation."""

    def __init__(self, changes: tuple[ClosedDay, ...]) -> None:
        """Make them with what was added or withdrawn since the calendars were published."""
        self._changes = changes

    def of(self, nation: Nation) -> WorkingCalendar:
        """A nation's calendar."""
        return _calendar(nation, self._changes)


@lru_cache(maxsize=16)
def _calendar(nation: Nation, changes: tuple[ClosedDay, ...]) -> WorkingCalendar:
    """The same calendar as long as nothing changes: it keeps what it has counted."""
    return WorkingCalendar(nation, changes)


def due_seen(step: Step, today: date, calendar: WorkingCalendar) -> DueSeen:
    """By when a step is owed, and by what.

    Args:
        step: the step.
        today: a London date.
        calendar: whose working days are counted.
    """
    words, style = day_words(step.due, today, calendar)
    basis = step.basis
    practical = "" if basis.practical_due == step.due else f"Last working day {day_said(basis.practical_due, today)}"
    return DueSeen(words, style, in_short(basis), practical, step.due)


@lru_cache(maxsize=8192)
def day_words(due: date, today: date, calendar: WorkingCalendar) -> tuple[str, str]:
    """A last day in words, and the class of its colour.

    Args:
        due: the last day in law.
        today: a London date.
        calendar: whose working days are counted.
    """
    said, urgency = due_words(due, today, calendar)
    day, style = day_said(due, today), _STYLES[urgency]
    if urgency is Urgency.LATE:
        return f"Was due {day}, {said if said.startswith('overdue by') else 'overdue'}", style
    if due == today:
        return f"Due today, {day}", style
    return f"Due {day}, {said.removeprefix('due ')}", style


def day_said(day: date, today: date) -> str:
    """A day in a sentence, with its year only where that is not this one: Thursday 3 December."""
    return f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def in_short(basis: Basis) -> str:
    """Where a limit stands, as people who work with it say it: reg 33(2)."""
    if basis.force is Force.LOCAL:
        return LOCAL_SOURCE
    first = re.split("[;:,]", _REMARK.sub("", basis.source), maxsplit=1)[0]
    short = _REMARK.sub("", _REGULATIONS.sub("", first))
    return f"{short} (unverified)" if basis.unverified else short
