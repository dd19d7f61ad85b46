"""What the phases read from: the case, the rule book, the day, and what follows from them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.book import RuleBook
from rules.case import Case, Known
from rules.clock import london_date
from rules.cycles import Cycle, cycles_of
from rules.ending import Ending, ending_of
from rules.facts.base import FactBase, ToSomeone
from rules.facts.care import CaseTakenOn
from rules.steps import Basis, Step
from rules.vocabulary import LadderName, Phase, Role, StepState


@dataclass(frozen=True)
class Reading:
    """A case read at an instant.

    Attributes:
        case: the facts that stand.
        book: the authority's limits, policy and calendar.
        now: the instant, UTC.
        today: its London date.
        cycles: the reviews held and owed.
        live: those of them that are not settled: only their steps are derived.
        ending: how care ended, if it has.
        taken_on: that the case was taken on from another system, if it was.
    """

    case: Case
    book: RuleBook
    now: datetime
    today: date
    cycles: tuple[Cycle, ...]
    live: tuple[Cycle, ...]
    ending: Ending | None
    taken_on: Known[CaseTakenOn] | None

    def counts_until(self, cycle: Cycle) -> date | None:
        """The last day on which what is done counts in a cycle; None while its review is owed."""
        if cycle.superseded:
            return self.cycles[cycle.number].start.on
        return cycle.prepared_until


def read(case: Case, book: RuleBook, now: datetime) -> Reading:
    """Read a case at an instant (UTC)."""
    today = london_date(now)
    cycles, taken_on = cycles_of(case, book), case.first(CaseTakenOn)
    live = tuple(cycle for cycle in cycles if not cycle.settled)
    return Reading(case, book, now, today, cycles, live, ending_of(case, today), taken_on=taken_on)


def key(name: str, anchor: str = "") -> str:
    """A step's key: its name, and what tells it from others of that name."""
    return f"{name}.{anchor}" if anchor else name


def owed(
    reading: Reading,
    phase: Phase,
    basis: Basis,
    *,
    cycle: int,
    known_at: datetime,
    name: str | None = None,
    anchor: str = "",
    others: tuple[Basis, ...] = (),
    done: Known[FactBase] | None = None,
    done_on: date | None = None,
    outcome: str | None = None,
    outstanding: tuple[Role, ...] = (),
    owner: Role | None = None,
    ladder: LadderName | None = "default",
) -> Step:
    """Make a step: open, or done in time or late by the day it was done.

    Args:
        reading: the case.
        phase: where in the cycle it belongs.
        basis: the working of its due date.
        cycle: the number of the review cycle.
        known_at: the instant from which it could have been known.
        name: the step's name, where it is not the basis's rule.
        anchor: what tells it from other steps of the name.
        others: further limits on it.
        done: the fact that did it.
        done_on: the day it counts as done, where that is not the fact's own day.
        outcome: what came of it, as a code.
        outstanding: to whom it is still owed.
        owner: who owes it, where the limit does not say.
        ladder: the escalation ladder, None when it never escalates.
    """
    limit = reading.book.limit(name or basis.rule)
    day = done_on or (done.on if done else None)
    if basis.rule in reading.book.policy.limits and all(other.rule != basis.rule for other in others):
        others += reading.book.beside(basis)
    state = StepState.OPEN
    if day:
        state = StepState.DONE_IN_TIME if day <= basis.due else StepState.DONE_LATE
    return Step(
        key=key(limit.rule, anchor),
        name=limit.rule,
        title=limit.title,
        phase=phase,
        cycle=cycle,
        owner=owner or limit.owner,
        basis=basis,
        others=others,
        state=state,
        known_at=known_at,
        done_on=day,
        outcome=outcome,
        outstanding=outstanding,
        ladder=ladder,
    )


def owed_to_each(
    reading: Reading,
    phase: Phase,
    basis: Basis,
    recipients: tuple[Role, ...],
    told: Sequence[Known[ToSomeone]],
    *,
    cycle: int,
    known_at: datetime,
    anchor: str = "",
) -> Step:
    """Make a step owed to several: done on the day the last of them was told, or was left out for a reason.

    Args:
        reading: the case.
        phase: where in the cycle it belongs.
        basis: the working of its due date.
        recipients: to whom it is owed.
        told: the facts that say who was told, or was not to be told.
        cycle: the number of the review cycle.
        known_at: the instant from which it could have been known.
        anchor: what tells it from other steps of the name.
    """
    days = {who: min((known.on for known in told if known.fact.recipient is who), default=None) for who in recipients}
    outstanding = tuple(who for who, day in days.items() if day is None)
    done_on = None if outstanding else max(day for day in days.values() if day is not None)
    return owed(
        reading,
        phase,
        basis,
        cycle=cycle,
        known_at=known_at,
        anchor=anchor,
        done_on=done_on,
        outstanding=outstanding,
    )
