"""Phase 5, the review: first within 20 working days, second within 3 months, then every 6 months at most.

CPPCR 2010 reg 33; CPPCR(W) 2015 reg 39. A review is done in time when it opened in time; one that takes several
meetings, or is adjourned (once), is to be completed within 20 working days of opening (reg 36(2)).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from rules.case import Known
from rules.codes import ParticipationCode
from rules.cycles import Cycle
from rules.exemptions import not_required
from rules.facts.reviews import ReviewHeld
from rules.reading import Reading, owed
from rules.steps import ReviewLine, Step
from rules.vocabulary import LateReason, Phase


def steps(reading: Reading) -> Iterator[Step]:
    """The review each unsettled cycle leads to, and the completion of one that has opened."""
    for cycle in reading.live:
        yield _review(reading, cycle)
        if cycle.opened_on and not (cycle.held and cycle.held.on == cycle.opened_on):
            yield _completion(reading, cycle)


def _review(reading: Reading, cycle: Cycle) -> Step:
    step = owed(
        reading,
        Phase.REVIEW,
        cycle.basis,
        name=cycle.name,
        cycle=cycle.number,
        anchor=cycle.key,
        others=cycle.others,
        known_at=reading.case.known_at(cycle.start, *cycle.asked_early_by),
        done_on=cycle.opened_on,
        outcome=_outcome(cycle),
    )
    if cycle.superseded:
        return not_required(step, "the child became fully looked after, and another timetable began")
    return step


def _outcome(cycle: Cycle) -> str | None:
    if cycle.held and cycle.held.fact.participation:
        return cycle.held.fact.participation.value
    if cycle.opened_on and not cycle.held:
        return "adjourned" if cycle.adjourned else "opened"
    return None


def _completion(reading: Reading, cycle: Cycle) -> Step:
    opened_on = cycle.opened_on or reading.today
    return owed(
        reading,
        Phase.REVIEW,
        reading.book.basis("complete_review", opened_on),
        cycle=cycle.number,
        anchor=cycle.key,
        known_at=reading.case.known_at(cycle.start, *cycle.asked_early_by, cycle.opening, cycle.held),
        done=cycle.held,
    )


def now_owed(reading: Reading, steps: Iterable[Step]) -> Cycle | None:
    """The cycle whose review is owed, or has opened and is yet to be completed.

    Args:
        reading: the case.
        steps: the steps as they stand.
    """
    cycle = reading.cycles[-1]
    is_owed = any(step.is_open and step.phase is Phase.REVIEW and step.cycle == cycle.number for step in steps)
    return cycle if is_owed else None


def complete_by(reading: Reading, cycle: Cycle | None) -> date | None:
    """The last day in law to complete a cycle's review; None while it has not opened."""
    return reading.book.in_law("complete_review", cycle.opened_on).due if cycle and cycle.opened_on else None


def lines(reading: Reading) -> tuple[ReviewLine, ...]:
    """One line for each review held, in or out of time by both measures (practice notes 2.3)."""
    counted = [_line(reading, cycle, cycle.held) for cycle in reading.cycles if cycle.held]
    interim = [_interim(known) for known in reading.case.all(ReviewHeld) if not known.fact.counts]
    return tuple(sorted((*counted, *interim), key=lambda line: line.completed_on))


def _line(reading: Reading, cycle: Cycle, held: Known[ReviewHeld]) -> ReviewLine:
    fact = held.fact
    opened_on = cycle.opened_on or fact.on
    completed_by = reading.book.in_law("complete_review", opened_on).due
    return _reckoned(
        fact.id,
        cycle.name,
        opened_on,
        fact.on,
        cycle.due_in_law,
        completed_by,
        cycle.indicator_due,
        fact.participation,
        fact.late_reason,
    )


@lru_cache(maxsize=8192)
def _reckoned(
    key: str,
    name: str,
    opened_on: date,
    completed_on: date,
    due: date,
    completed_by: date,
    indicator_due: date,
    participation: ParticipationCode | None,
    late_reason: LateReason | None,
) -> ReviewLine:
    """A review's line: the same for every derivation that finds the same."""
    return ReviewLine(
        key=key,
        name=name,
        opened_on=opened_on,
        completed_on=completed_on,
        due=due,
        indicator_due=indicator_due,
        statutory_in_time=opened_on <= due and completed_on <= completed_by,
        indicator_in_time=completed_on <= indicator_due,
        participation=participation,
        late_reason=late_reason.value if late_reason else None,
    )


def _interim(known: Known[ReviewHeld]) -> ReviewLine:
    return ReviewLine(
        key=known.id,
        name="interim",
        opened_on=known.fact.opened_on or known.on,
        completed_on=known.on,
        due=known.on,
        indicator_due=known.on,
        statutory_in_time=True,
        indicator_in_time=True,
        participation=known.fact.participation,
    )
