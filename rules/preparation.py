"""Phase 4, preparation: what must be done before each review, and above all that the child is heard.

Limits look back from the day of the review: the day arranged, or while none is arranged the practical last day.
Nothing falls due before the cycle began. What was not done when the review was completed is missed: it can no
longer be done, and stays on record. During an adjournment it can still be done, late.
"""

from collections.abc import Iterator
from datetime import datetime

from rules.case import Known
from rules.cycles import Cycle
from rules.exemptions import missed
from rules.facts.base import FactBase
from rules.facts.changes import ChildWrote
from rules.facts.reviews import ChildConsulted, DiscussionHeld, InvitationsSent, ReportReceived, ViewsGathered
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import ConsultationOutcome, Phase, Role

CONSULTATION_OPEN = frozenset({ConsultationOutcome.OFFERED_AND_MISSED})
"""Outcomes that leave the duty standing: an offer the child missed is not yet a talk. A refusal closes it
(reg 36(1)(b)), and is no breach."""

WROTE = "wrote"
"""What the open duty shows when the child wrote what they think: the IRO reads it, and still speaks with the child."""


def steps(reading: Reading) -> Iterator[Step]:
    """What is owed before each review whose cycle is not yet settled."""
    for cycle in reading.live:
        if not cycle.superseded:
            yield from _before(reading, cycle)


def _before(reading: Reading, cycle: Cycle) -> Iterator[Step]:
    known_at = reading.case.known_at(cycle.start, *cycle.asked_early_by, cycle.arranged, cycle.opening, cycle.held)
    yield _prepared(reading, cycle, known_at, "discussion", _earliest(reading, cycle, DiscussionHeld))
    yield _prepared(reading, cycle, known_at, "invitations", _earliest(reading, cycle, InvitationsSent))
    yield _prepared(reading, cycle, known_at, "report", _earliest(reading, cycle, ReportReceived))
    consulted = _consultation(reading, cycle)
    closing = consulted if consulted and consulted.fact.outcome not in CONSULTATION_OPEN else None
    outcome = _heard(reading, cycle, consulted, closing)
    yield _prepared(reading, cycle, known_at, "consult_child", closing, outcome)
    yield _prepared(reading, cycle, known_at, "consult_parents", _parents(reading, cycle))


def _earliest(reading: Reading, cycle: Cycle, kind: type[FactBase]) -> Known[FactBase] | None:
    found = reading.case.within(kind, cycle.prepared_after, cycle.prepared_until)
    return found[0] if found else None


def _consultation(reading: Reading, cycle: Cycle) -> Known[ChildConsulted] | None:
    """The first talk that meets the duty, or else the latest attempt."""
    sought = reading.case.within(ChildConsulted, cycle.prepared_after, cycle.prepared_until)
    closing = [known for known in sought if known.fact.outcome not in CONSULTATION_OPEN]
    return closing[0] if closing else (sought[-1] if sought else None)


def _heard(
    reading: Reading, cycle: Cycle, consulted: Known[ChildConsulted] | None, closing: Known[ChildConsulted] | None
) -> str | None:
    """What came of the duty to speak with the child; until it is met, that the child wrote."""
    if closing is None and _earliest(reading, cycle, ChildWrote):
        return WROTE
    return consulted.fact.outcome.value if consulted else None


def _parents(reading: Reading, cycle: Cycle) -> Known[ViewsGathered] | None:
    gathered = reading.case.within(ViewsGathered, cycle.prepared_after, cycle.prepared_until)
    return next((known for known in gathered if known.fact.source is Role.PARENTS), None)


def _prepared(
    reading: Reading,
    cycle: Cycle,
    known_at: datetime,
    rule: str,
    done: Known[FactBase] | None,
    outcome: str | None = None,
) -> Step:
    book = reading.book
    basis = book.not_before(book.basis(rule, cycle.review_day), cycle.start.on)
    step = owed(
        reading,
        Phase.PREPARATION,
        basis,
        cycle=cycle.number,
        anchor=cycle.key,
        known_at=known_at,
        done=done,
        outcome=outcome,
    )
    if cycle.held and step.is_open:
        return missed(reading, step, cycle.held.on, "the review was held without it")
    return step
