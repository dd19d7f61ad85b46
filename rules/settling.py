"""What the ledger carries on when a cycle closes: the chain of reviews, and what open steps still need.

A cycle settles once the next review has been held and everything that follows its own review is closed. Its steps
and facts stand in the register; in the ledger each past review keeps its one line.
"""

from collections.abc import Iterable

from rules.case import Known
from rules.cycles import Cycle
from rules.facts import (
    AfterReview,
    ChildConsulted,
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    DiscussionHeld,
    Entry,
    ExemptionEnded,
    FactBase,
    FactCorrected,
    FactWithdrawn,
    InvitationsSent,
    IroAppointed,
    IroCoverArranged,
    IroCoverEnded,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    MidPointChecked,
    PlainFact,
    ReportReceived,
    ReviewAdjourned,
    ReviewArranged,
    ReviewContinued,
    ReviewHeld,
    ReviewOpened,
    StepExempted,
    ViewsGathered,
)
from rules.follow_up import review_followed
from rules.reading import Reading
from rules.steps import Step

_OF_A_CYCLE = (
    DiscussionHeld,
    InvitationsSent,
    ReportReceived,
    ChildConsulted,
    ViewsGathered,
    ReviewArranged,
    ReviewOpened,
    ReviewContinued,
    ReviewAdjourned,
    MidPointChecked,
)
_OF_A_DECISION = (DecisionMade, DecisionChanged, DecisionCarriedOut, DecisionDropped)


def newly_settled(reading: Reading, steps: Iterable[Step]) -> tuple[Cycle, ...]:
    """The cycles that close with this derivation.

    Args:
        reading: the case.
        steps: the steps as they stand.
    """
    open_keys = {step.key for step in steps if step.is_open}
    held = [cycle for cycle in reading.cycles if cycle.held]
    return tuple(
        cycle
        for cycle in held[:-1]
        if not cycle.settled
        and cycle.held
        and not any(key.endswith(f".{cycle.held.id}") for key in open_keys)
    )


def carry(
    reading: Reading, entries: Iterable[Entry], steps: tuple[Step, ...], settled: tuple[Cycle, ...]
) -> tuple[Entry, ...]:
    """The ledger to go on with.

    Args:
        reading: the case.
        entries: the ledger so far.
        steps: the steps as they stand.
        settled: the cycles that close now.
    """
    kept = [known for known in reading.case.standing if _is_needed(reading, known, steps, settled)]
    held = {cycle.held.id: cycle for cycle in settled if cycle.held}
    successors = {known.id for known in reading.case.all(IroAppointed)[:-1]}
    carried = [_line(known, held.get(known.id), known.id in successors) for known in kept]
    revisions = [entry for entry in entries if isinstance(entry.fact, FactCorrected | FactWithdrawn)]
    return (*carried, *sorted(revisions, key=lambda entry: entry.at)[-1:])


def _line(known: Known[PlainFact], cycle: Cycle | None, superseded: bool) -> Entry:
    fact = known.fact
    if cycle and isinstance(fact, ReviewHeld):
        fact = fact.model_copy(update={"opened_on": cycle.opened_on})
    settled = known.settled or cycle is not None or superseded
    return Entry(fact=fact, at=known.at, settled=settled)


def _is_needed(
    reading: Reading, known: Known[PlainFact], steps: tuple[Step, ...], settled: tuple[Cycle, ...]
) -> bool:
    fact = known.fact
    if isinstance(fact, _OF_A_CYCLE):
        last = settled[-1].held
        return last is None or known.on > last.on or _looks_ahead(fact, last)
    if isinstance(fact, _OF_A_DECISION):
        return any(step.key == f"decision.{fact.decision}" and step.is_open for step in steps)
    if isinstance(fact, AfterReview):
        followed = review_followed(reading.case, fact)
        return followed is None or all(cycle.held != followed for cycle in settled)
    if isinstance(fact, StepExempted | ExemptionEnded):
        return any(step.key == fact.step for step in steps)
    return _is_needed_of_iro(reading, known)


def _looks_ahead(fact: FactBase, last: Known[ReviewHeld]) -> bool:
    """A day arranged at one review for the next."""
    return isinstance(fact, ReviewArranged) and fact.planned_for > last.on


def _is_needed_of_iro(reading: Reading, known: Known[FactBase]) -> bool:
    """The first and the present appointment stay, with what was told of the present one."""
    case, fact = reading.case, known.fact
    first, present = case.first(IroAppointed), case.last(IroAppointed)
    if isinstance(fact, IroAppointed):
        return known in (first, present)
    if isinstance(fact, IroMadeKnown | IroNotMadeKnown | IroPostVacated):
        return present is None or known.on >= present.on
    if isinstance(fact, IroCoverArranged):
        return known == case.last(IroCoverArranged)
    if isinstance(fact, IroCoverEnded):
        return known == case.last(IroCoverEnded)
    return True
