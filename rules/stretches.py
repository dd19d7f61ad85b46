"""The timetables of a period of care: a series of short breaks (CPPCR reg 48), full care, or one and then the other."""

from dataclasses import dataclass
from datetime import date

from rules.case import Case, Known
from rules.facts.base import FactBase
from rules.facts.care import CaseTakenOn, LegalStatusChanged, ShortBreakLimitExceeded


@dataclass(frozen=True)
class Stretch:
    """A part of the period of care with one review timetable: a series of short breaks, or full care.

    Attributes:
        start: the fact that began it.
        until: the day the next stretch began (exclusive), None for the last.
        short_breaks: reg 48 gives the timetable.
        start_known: False when the return began after the care did, so that the first review is not in it.
    """

    start: Known[FactBase]
    until: date | None = None
    short_breaks: bool = False
    start_known: bool = True


def stretches_of(case: Case) -> list[Stretch]:
    """The timetables of a period of care, in order; short breaks past their limit become full care."""
    if not case.opening.fact.legal_status.is_short_break:
        taken_on = case.first(CaseTakenOn)
        return [Stretch(case.opening, start_known=taken_on is None or taken_on.fact.first_day_known)]
    converted = _conversion(case)
    if converted is None:
        return [Stretch(case.opening, short_breaks=True)]
    return [Stretch(case.opening, converted.on, short_breaks=True), Stretch(converted)]


def _conversion(case: Case) -> Known[FactBase] | None:
    """The fact that made a child in short breaks fully looked after; its day is D0 of the new timetable."""
    exceeded = case.all(ShortBreakLimitExceeded)
    changed = [known for known in case.all(LegalStatusChanged) if not known.fact.legal_status.is_short_break]
    return min((*exceeded, *changed), key=lambda known: (known.on, known.id), default=None)
