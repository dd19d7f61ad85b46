"""Phase 7, monitoring: decisions are carried out by their own day, and the IRO looks in between reviews.

A decision not carried out in time is told to the IRO and escalates (CPPCR 2010 reg 37). The mid-point check is
the local shape of the duty to monitor (Children Act 1989 s.25B(1)(a)); its day is half-way to the next review.
"""

from collections.abc import Iterator

from rules.case import Known
from rules.cycles import Cycle
from rules.facts import (
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    FactBase,
    MidPointChecked,
    ReviewHeld,
)
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase, StepState


def steps(reading: Reading) -> Iterator[Step]:
    """Every decision that stands, and the check half-way to the next review."""
    for made in reading.case.all(DecisionMade):
        if not made.settled:
            yield _decision(reading, made)
    if reading.book.policy.local.mid_point_check:
        for cycle in reading.cycles:
            if isinstance(cycle.start.fact, ReviewHeld) and not cycle.settled:
                yield _mid_point(reading, cycle)


def _decision(reading: Reading, made: Known[DecisionMade]) -> Step:
    case, name = reading.case, made.fact.decision
    changes = [known for known in case.all(DecisionChanged) if known.fact.decision == name]
    carried_out = [known for known in case.all(DecisionCarriedOut) if known.fact.decision == name]
    dropped = [known for known in case.all(DecisionDropped) if known.fact.decision == name]
    latest = changes[-1] if changes else None
    owners = [made.fact.owner, *(known.fact.owner for known in changes if known.fact.owner)]
    triggers: list[Known[FactBase]] = [made, *changes]
    step = owed(
        reading,
        Phase.MONITORING,
        reading.book.basis("decision", latest.fact.due if latest else made.fact.due),
        cycle=_cycle_of(reading, made),
        anchor=name,
        known_at=case.known_at(*triggers),
        done=carried_out[0] if carried_out else None,
        owner=owners[-1],
        ladder="decision",
    )
    if dropped and step.is_open:
        update = {"state": StepState.NOT_REQUIRED, "reason": f"dropped: {dropped[0].fact.reason}"}
        return step.model_copy(update=update)
    return step


def _cycle_of(reading: Reading, made: Known[DecisionMade]) -> int:
    """A decision is carried out in the cycle that follows the review which made it."""
    return 1 + sum(
        1 for cycle in reading.cycles if cycle.held and cycle.held.on <= (made.fact.review or made.on)
    )


def _mid_point(reading: Reading, cycle: Cycle) -> Step:
    half_way = cycle.start.on + (cycle.basis.due - cycle.start.on) // 2
    checked = reading.case.within(MidPointChecked, cycle.start.on, cycle.prepared_until)
    step = owed(
        reading,
        Phase.MONITORING,
        reading.book.basis("mid_point_check", half_way),
        cycle=cycle.number,
        anchor=cycle.key,
        known_at=reading.case.known_at(cycle.start, *cycle.early),
        done=checked[0] if checked else None,
    )
    if cycle.held and step.is_open:
        if cycle.held.on <= half_way:
            update = {"state": StepState.NOT_REQUIRED, "reason": "the review came first"}
        else:
            update = {"state": StepState.MISSED, "reason": "the review came, and no check had been made"}
        return step.model_copy(update=update)
    return step
