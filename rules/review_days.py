"""What people know of the day of the next review, and whether they must be told anew: it is arranged, another day,
hour or place than they were told, off, or on again after all.

It is read from what stood before and what stands now, so that it does not matter by which fact it changed: another
arrangement, a correction, a withdrawal, or the end of care.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rules.case import Case, Known
from rules.cycles import Cycle, cycles_of
from rules.ending import ending_of
from rules.facts import Entry, FactCorrected, FactWithdrawn
from rules.facts.care import BecameLookedAfter, CareEnded
from rules.facts.reviews import ReviewArranged
from rules.notice_names import NoticeName
from rules.reading import Reading

_MAY_CHANGE_IT = (ReviewArranged, CareEnded, FactCorrected, FactWithdrawn)


@dataclass(frozen=True)
class DayTold:
    """A notice that the day of a review asks for.

    Attributes:
        name: that it is arranged, or that it is off.
        about: the fact that changed it.
        moved: it is another day than the one told before, for the same review; or it was, before it was off.
    """

    name: NoticeName
    about: str
    moved: bool = False


def day_to_tell(reading: Reading, ledger: Sequence[Entry], new: Collection[str]) -> DayTold | None:
    """What must be told of the day of the next review because of new facts; None when what was told still holds.

    Args:
        reading: the case.
        ledger: what it was read from.
        new: the ids of the facts recorded since the agenda was last derived.
    """
    changes = [entry for entry in ledger if entry.fact.id in new and isinstance(entry.fact, _MAY_CHANGE_IT)]
    if not changes:
        return None
    cycle = reading.cycles[-1]
    before = _before(reading, [entry for entry in ledger if entry.fact.id not in new])
    now = _planned(reading.case, cycle, reading.today)
    last = max(changes, key=lambda entry: (entry.at, entry.fact.id)).fact.id
    if now is None:
        # Once the review was held, or another timetable took over, nothing is called off.
        off = before is not None and before.of == cycle.start.id
        return DayTold(NoticeName.REVIEW_CANCELLED, last, before is not None and before.moved) if off else None
    if before and _says(before.arranged) == _says(now.fact):
        return None
    told = before.arranged if before and before.of == cycle.start.id else _former(reading.case, cycle, now)
    moved = told is not None and told.planned_for != now.fact.planned_for
    return DayTold(NoticeName.REVIEW_ARRANGED, now.id if now.id in new else last, moved)


@dataclass(frozen=True)
class DayChanged:
    """The arrangement of a review before a fact was recorded and since; None where there was none."""

    before: ReviewArranged | None
    since: ReviewArranged | None


def day_changed_by(entries: Sequence[Entry], fact_id: str) -> DayChanged:
    """What a notice of a review's day tells: the arrangement as a fact found it, and as it left it.

    Args:
        entries: the ledger, with whatever was recorded since.
        fact_id: what the notice is about: an arrangement, a correction, a withdrawal, or the end of care.

    Returns:
        Neither, where the ledger has no such fact.
    """
    at = next((entry.at for entry in entries if entry.fact.id == fact_id), None)
    if at is None:
        return DayChanged(None, None)
    then = [entry for entry in entries if entry.at <= at]
    return DayChanged(before=_standing([entry for entry in then if entry.fact.id != fact_id]), since=_standing(then))


def _standing(entries: Sequence[Entry]) -> ReviewArranged | None:
    """The day last arranged since the last review; one arranged for a review that was held is none for the next."""
    if not any(isinstance(entry.fact, BecameLookedAfter) for entry in entries):
        return None
    case = Case(entries)
    arranged, held = case.last(ReviewArranged), case.reviews[-1].on if case.reviews else case.first_day
    return arranged.fact if arranged and arranged.on >= held < arranged.fact.planned_for else None


@dataclass(frozen=True)
class _Before:
    """The day as it was known before, from what its review is counted, and whether it had been moved."""

    arranged: ReviewArranged
    of: str
    moved: bool


def _before(reading: Reading, entries: Sequence[Entry]) -> _Before | None:
    if not any(isinstance(entry.fact, BecameLookedAfter) for entry in entries):
        return None
    case = Case(entries)
    cycle = cycles_of(case, reading.book)[-1]
    arranged = _planned(case, cycle, reading.today)
    if arranged is None:
        return None
    former = _former(case, cycle, arranged)
    moved = former is not None and former.planned_for != arranged.fact.planned_for
    return _Before(arranged.fact, cycle.start.id, moved)


def _planned(case: Case, cycle: Cycle, today: date) -> Known[ReviewArranged] | None:
    """The day that is arranged for the next review, while it is still to come and care goes on until then."""
    arranged = cycle.arranged
    if arranged is None or arranged.fact.planned_for < today:
        return None
    ending = ending_of(case, today)
    return arranged if ending is None or ending.on >= arranged.fact.planned_for else None


def _former(case: Case, cycle: Cycle, arranged: Known[ReviewArranged]) -> ReviewArranged | None:
    """What was arranged for the same review before."""
    others = [known for known in case.all(ReviewArranged) if known.id != arranged.id and known.on >= cycle.start.on]
    return others[-1].fact if others else None


def _says(fact: ReviewArranged) -> tuple[object, ...]:
    return fact.planned_for, fact.at, fact.place
