"""Phase 7, monitoring: decisions are carried out by their own day, the IRO is told of what changes, and looks in
between reviews.

A decision not carried out in time is told to the IRO and escalates (CPPCR 2010 reg 37). The mid-point check is
the local shape of the duty to monitor (Children Act 1989 s.25B(1)(a)); its day is half-way to the next review.
"""

from collections.abc import Iterator
from typing import TypeVar

from rules import changes_reported
from rules.case import Known
from rules.cycles import Cycle, cycle_on
from rules.exemptions import missed, not_required
from rules.facts.reviews import (
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    MidPointChecked,
    ReviewHeld,
)
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase

D = TypeVar("D", DecisionChanged, DecisionCarriedOut, DecisionDropped)


def steps(reading: Reading) -> Iterator[Step]:
    """Every decision that stands, every change that was reported, and the check half-way to the next review."""
    changed = _by_decision(reading, DecisionChanged)
    carried_out = _by_decision(reading, DecisionCarriedOut)
    dropped = _by_decision(reading, DecisionDropped)
    for made in reading.case.all(DecisionMade):
        if not made.settled:
            name = made.fact.decision
            step = _decision(reading, made, changed.get(name, []), carried_out.get(name, []))
            yield _dropped(step, dropped[name][0]) if step.is_open and name in dropped else step
    yield from changes_reported.steps(reading)
    if reading.book.policy.local.mid_point_check:
        for cycle in reading.live:
            if isinstance(cycle.start.fact, ReviewHeld):
                yield _mid_point(reading, cycle)


def _by_decision(reading: Reading, kind: type[D]) -> dict[str, list[Known[D]]]:
    grouped: dict[str, list[Known[D]]] = {}
    for known in reading.case.all(kind):
        grouped.setdefault(known.fact.decision, []).append(known)
    return grouped


def _decision(
    reading: Reading,
    made: Known[DecisionMade],
    changes: list[Known[DecisionChanged]],
    carried_out: list[Known[DecisionCarriedOut]],
) -> Step:
    owners = [made.fact.owner, *(known.fact.owner for known in changes if known.fact.owner)]
    return owed(
        reading,
        Phase.MONITORING,
        reading.book.basis("decision", changes[-1].fact.due if changes else made.fact.due),
        cycle=cycle_on(reading.cycles, made.fact.review or made.on),
        anchor=made.fact.decision,
        known_at=reading.case.known_at(made, *changes),
        done=carried_out[0] if carried_out else None,
        owner=owners[-1],
        ladder="decision",
    )


def _dropped(step: Step, dropped: Known[DecisionDropped]) -> Step:
    return not_required(step, f"dropped: {dropped.fact.reason}")


def _mid_point(reading: Reading, cycle: Cycle) -> Step:
    half_way = cycle.start.on + (cycle.basis.due - cycle.start.on) // 2
    checked = reading.case.within(MidPointChecked, cycle.start.on, reading.counts_until(cycle))
    step = owed(
        reading,
        Phase.MONITORING,
        reading.book.basis("mid_point_check", half_way),
        cycle=cycle.number,
        anchor=cycle.key,
        known_at=reading.case.known_at(cycle.start, *cycle.asked_early_by),
        done=checked[0] if checked else None,
    )
    if step.is_open and cycle.superseded:
        return not_required(step, "the child became fully looked after, and another timetable began")
    if step.is_open and cycle.held:
        if cycle.held.on <= half_way:
            return not_required(step, "the review came first")
        return missed(reading, step, cycle.held.on, "the review came, and no check had been made")
    return step
