"""Why one date is what it is, in words a social worker understands."""

from collections.abc import Iterator
from datetime import date

from rules.calendar import WorkingCalendar
from rules.dispute import PAUSED
from rules.policy import Rung
from rules.steps import Basis, Step
from rules.vocabulary import Unit
from rules.wording import UNVERIFIED, authority_words, counted, in_full, not_counted, working


def why(step: Step, calendar: WorkingCalendar) -> Iterator[str]:
    """Why a step's date is what it is, sentence by sentence, the date itself first.

    Args:
        step: the step.
        calendar: by which its days were counted.
    """
    yield f"{step.title}: due by {in_full(step.due)}."
    yield from _of_basis(step.basis, calendar)
    if step.basis.practical_due != step.due:
        yield (
            f"That is {_closed(step, calendar)}, and a last day never moves on: the last working day to do it is"
            f" {in_full(step.basis.practical_due)}."
        )
    for other in step.others:
        yield _beside(other, step)


def reached_on(rung: Rung, step: Step, calendar: WorkingCalendar) -> date:
    """The day on which a rung of a step's ladder is reached: a reminder at its start, any other at its end.

    Args:
        rung: the rung.
        step: whose ladder it is on.
        calendar: whose working days are counted.
    """
    if rung.working_days < 0:
        return calendar.working_days_before(step.basis.practical_due, -rung.working_days)
    return calendar.working_days_after(step.due, rung.working_days)


def reached_when(rung: Rung) -> str:
    """The same in words, from the last day: 2 working days before."""
    if rung.working_days == 0:
        return "when the last day has ended"
    days = counted(abs(rung.working_days), "working day")
    return f"{days} before" if rung.working_days < 0 else f"{days} after"


def _beside(other: Basis, step: Step) -> str:
    """A limit that does not govern. A pause beyond the day that does is none: it stopped nothing."""
    if other.rule == PAUSED and other.due > step.due:
        return (
            f"The IRO paused it until {in_full(other.due)}, but a pause does not stop the 20 working days of the whole"
            f" dispute: {in_full(step.due)} stands."
        )
    return f"Also limited to {in_full(other.due)}. {authority_words(other)}. {working(other)}"


def _closed(step: Step, calendar: WorkingCalendar) -> str:
    name = calendar.why_closed(step.due) or "no working day"
    return f"a {name}" if name in ("Saturday", "Sunday") else name


def _of_basis(basis: Basis, calendar: WorkingCalendar) -> Iterator[str]:
    yield f"{authority_words(basis)}."
    if basis.unverified:
        yield UNVERIFIED
    yield working(basis)
    if _held_back(basis, calendar):
        yield "Counted back, that is before the step could arise: it falls due on the day it arose, no earlier."
    elif basis.unit is Unit.WORKING_DAYS and basis.amount:
        skipped = not_counted(basis.skipped)
        yield f"Not counted: {skipped}." if skipped else "Every day on the way counted."


def _held_back(basis: Basis, calendar: WorkingCalendar) -> bool:
    """Whether the day counted back to had been moved up to the day the step arose."""
    if not (basis.before and basis.amount and basis.unit is Unit.WORKING_DAYS):
        return False
    return calendar.working_days_before(basis.counted_from, basis.amount) < basis.due
