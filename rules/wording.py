"""Days, dues and the working behind a date, in words a social worker understands."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

from rules.calendar import WorkingCalendar
from rules.clock import LONDON
from rules.policy import LOCAL_SOURCE
from rules.steps import Basis, Skipped, Step
from rules.vocabulary import Role, StepState, Unit

SOON_DAYS = 2
"""From so many working days before a last day, it is shown as near."""


class Urgency(StrEnum):
    """How near a last day is."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"


class DueSaid(NamedTuple):
    """How far off a last day is, in words, and how near that is."""

    words: str
    urgency: Urgency


def short(day: date) -> str:
    """A day in a table: Fri 3 Jul 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def in_full(day: date) -> str:
    """A day in a sentence: Friday 3 July 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def moment(instant: datetime) -> str:
    """An instant, as the clock stood in London: 21 Nov 2026 09:14."""
    there = instant.astimezone(LONDON)
    return f"{there.day:>2} {there:%b %Y %H:%M}"


def counted(number: int, thing: str) -> str:
    """One thing or several: 1 month, 3 months."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def children(number: int) -> str:
    """One child or several."""
    return f"{number} {'child' if number == 1 else 'children'}"


def listed(words: Iterable[str]) -> str:
    """Words in a row: a, b and c."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def with_capital(words: str) -> str:
    """Words as a sentence begins with them; nothing but the first letter changes."""
    return words[:1].upper() + words[1:]


def plain(code: str) -> str:
    """A code as words: service_manager is service manager."""
    return re.sub(r"\b(?:iro|cafcass|childs)\b", lambda found: _SPELT[found[0]], code.replace("_", " "))


_SPELT = {"iro": "IRO", "cafcass": "Cafcass", "childs": "child's"}
"""Words of codes that people spell otherwise."""


def people(roles: Iterable[Role]) -> str:
    """Roles in a row."""
    return listed(role.words for role in roles)


def nearest(word: str, known: Iterable[str]) -> str:
    """What was probably meant, in brackets within a sentence; empty when nothing is near."""
    found = get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""


def due_words(due: date, today: date, calendar: WorkingCalendar) -> DueSaid:
    """How far off a last day is.

    Args:
        due: the last day in law.
        today: a London date.
        calendar: whose working days are counted.
    """
    if due < today:
        late = calendar.working_days_between(due, today)
        words = f"overdue by {counted(late, 'working day')}" if late else "overdue since " + short(due)
        return DueSaid(words, Urgency.LATE)
    if due == today:
        return DueSaid("due today", Urgency.SOON)
    left = calendar.working_days_between(today, due)
    if not left:
        return DueSaid("due before the next working day", Urgency.SOON)
    return DueSaid(f"due in {counted(left, 'working day')}", Urgency.SOON if left <= SOON_DAYS else Urgency.LATER)


def practical_words(due: date, practical_due: date) -> str:
    """The last working day, where it is an earlier one than the last day in law."""
    return "" if practical_due == due else f"last working day {short(practical_due)}"


def state_words(step: Step) -> str:
    """How a step stands."""
    words = {
        StepState.OPEN: "still owed",
        StepState.DONE_IN_TIME: "done in time",
        StepState.DONE_LATE: "done late",
        StepState.DEEMED: "closed by silence",
        StepState.EXEMPTED: "exempted",
        StepState.MISSED: "missed",
        StepState.NOT_REQUIRED: "not required",
    }[step.state]
    on = f" on {in_full(step.done_on)}" if step.done_on else ""
    return f"{words}{on}" + (f": {step.reason}" if step.reason else "")


def working(basis: Basis) -> str:
    """How a due date was reckoned, in one sentence."""
    day, event = in_full(basis.counted_from), basis.event
    if basis.amount is None or basis.unit is Unit.ON_THE_DAY:
        return f"{'No later than' if basis.before else 'The facts name the day:'} {event}, {day}."
    if basis.unit is Unit.MONTHS:
        return (
            f"{counted(basis.amount, 'month')} after {day} ({event}): the same day of the month, or that month's last"
            " day where it has none."
        )
    unit = "working day" if basis.unit is Unit.WORKING_DAYS else "day"
    if basis.before:
        return f"{counted(basis.amount, unit)} before {day} ({event}); the day before is day 1."
    return f"{counted(basis.amount, unit)} after {day} ({event}); the day after is day 1."


def briefly(basis: Basis) -> str:
    """How a due date was reckoned, for a table: 20 working days after Fri 5 Jun 2026."""
    day = short(basis.counted_from)
    if basis.amount is None or basis.unit is Unit.ON_THE_DAY:
        return f"no later than {basis.event}, {day}" if basis.before else f"{basis.event}, {day}"
    amount = counted(basis.amount, plain(basis.unit.removesuffix("s")))
    return f"{amount} {'before' if basis.before else 'after'} {day}, when {basis.event}".replace(
        ", when the review", ", the review"
    )


def not_counted(skipped: Iterable[Skipped]) -> str:
    """The days that did not count: weekends by number, others by name. Empty when every day counted."""
    days = tuple(skipped)
    weekends = Counter(each.why for each in days if each.why in ("Saturday", "Sunday"))
    named = [f"{short(each.day)} ({each.why})" for each in days if each.why not in weekends]
    return listed([*(counted(weekends[name], name) for name in ("Saturday", "Sunday") if weekends[name]), *named])


def authority_words(basis: Basis) -> str:
    """How binding a limit is and where it stands."""
    source = "" if basis.source == LOCAL_SOURCE else f": {basis.source}"
    force = LOCAL_SOURCE if not source else basis.force.value
    return f"{force.capitalize()}{source}{'; unverified' if basis.unverified else ''}"


UNVERIFIED = "Unverified: the wording of that source has not been checked yet."
