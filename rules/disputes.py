"""The formal disputes of a case as its facts tell them: the stages each has been at, and what came of it.

Nothing here knows the authority's policy: where a dispute stands is what its facts say (`rules.dispute` adds the days).
What went up stays up: an answer of a day before it did, recorded since, is an answer in time, and moves nothing back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.case import Case, Known
from rules.challenges import Challenge, challenges_of
from rules.dispute_policy import rank
from rules.facts.base import FactBase
from rules.facts.challenge import ChallengeAnswered, ChallengeRaised
from rules.facts.dispute import (
    DisputeAnswered,
    DisputeMovedUp,
    DisputePaused,
    DisputeRaised,
    DisputeResolved,
    DisputeStage,
    DisputeTakenUp,
    DisputeWithdrawn,
)
from rules.vocabulary import Role

D = TypeVar("D", DisputeAnswered, DisputeTakenUp, DisputeMovedUp, DisputePaused, DisputeResolved, DisputeWithdrawn)


@dataclass(frozen=True)
class AtStage:
    """One stage at which a dispute was, or is.

    Attributes:
        stage: who is to answer.
        began: the fact that brought it there, whose id names the stage.
        counted_from: the London date its days are counted from, which is not itself counted.
        answered: the answer of the stage, if there is one, in time or not.
        paused: what gave it longer last, if anything did.
        left: the fact that took the dispute further from there, if one did.
    """

    stage: DisputeStage
    began: Known[FactBase]
    counted_from: date
    answered: Known[DisputeAnswered] | None = None
    paused: Known[DisputePaused] | None = None
    left: Known[DisputeTakenUp | DisputeMovedUp] | None = None

    @property
    def answered_in_place(self) -> Known[DisputeAnswered] | None:
        """The answer that came while the dispute was there; None where it came when the dispute had gone on."""
        late = self.answered and self.left and _after(self.answered, self.left)
        return None if late else self.answered


@dataclass(frozen=True)
class Dispute:
    """One formal dispute, and what came of it.

    Attributes:
        raised: the fact that raised it, whose id is its name.
        stages: those it has been at, in order; the last is where it stands.
        resolved: that it is resolved, if it is.
        withdrawn: that it was withdrawn, if it was.
    """

    raised: Known[DisputeRaised]
    stages: tuple[AtStage, ...]
    resolved: Known[DisputeResolved] | None = None
    withdrawn: Known[DisputeWithdrawn] | None = None

    @property
    def id(self) -> str:
        """What it is named by."""
        return self.raised.id

    @property
    def now_at(self) -> AtStage:
        """Where it stands, or stood when it was closed."""
        first, *further = self.stages
        return next((at for at in reversed(further) if not self._was_closed_before(at.began)), first)

    @property
    def closed_by(self) -> Known[DisputeResolved] | Known[DisputeWithdrawn] | None:
        """What closed it; None while it is open."""
        return self.resolved or self.withdrawn

    @property
    def outcome(self) -> str | None:
        """What came of it, as a code; None while it is open."""
        if self.resolved:
            return self.resolved.fact.outcome.value
        return "withdrawn" if self.withdrawn else None

    def left(self, at: AtStage) -> Known[DisputeTakenUp | DisputeMovedUp] | None:
        """What took it further from a stage; None where it had been closed by then, as was recorded later."""
        return None if at.left and self._was_closed_before(at.left) else at.left

    def _was_closed_before(self, known: Known[FactBase]) -> bool:
        return self.closed_by is not None and _after(known, self.closed_by)


def disputes_of(case: Case) -> tuple[Dispute, ...]:
    """Every formal dispute, by the day it was raised.

    Args:
        case: the facts.
    """
    return tuple(_dispute(case, raised) for raised in case.all(DisputeRaised))


def is_disputed(case: Case) -> bool:
    """Whether a formal dispute is open.

    Args:
        case: the facts.
    """
    return any(each.closed_by is None for each in disputes_of(case))


def history_of(case: Case, name: str) -> tuple[Challenge | Dispute, ...]:
    """A dispute with all that it took further, the first of them first: the challenges, and earlier disputes.

    Args:
        case: the facts; those of the register, where the history of settled cycles is wanted.
        name: the dispute, by the id of the fact that raised it.
    """
    by_name: dict[str, Challenge | Dispute] = {each.id: each for each in challenges_of(case)}
    by_name |= {each.id: each for each in disputes_of(case)}
    found: list[Challenge | Dispute] = []
    follows: str | None = name
    while follows in by_name and by_name[follows] not in found:
        found.append(by_name[follows])
        follows = by_name[follows].raised.fact.follows
    return tuple(reversed(found))


def facts_of(case: Case, name: str) -> Iterator[Known[FactBase]]:
    """What was recorded of a dispute since it was raised.

    Args:
        case: the facts.
        name: the dispute, by the id of the fact that raised it.
    """
    yield from _of(case, DisputeAnswered, name)
    yield from _of(case, DisputeTakenUp, name)
    yield from _of(case, DisputeMovedUp, name)
    yield from _of(case, DisputePaused, name)
    yield from _of(case, DisputeResolved, name)
    yield from _of(case, DisputeWithdrawn, name)


def asked_of(case: Case, known: Known[FactBase]) -> Role | None:
    """Whose answer a fact is: the post that a challenge or a dispute's stage asked.

    None where it is no answer, or where what it answers is not in the case, or was raised later.

    Args:
        case: the facts that stand.
        known: the fact, as it stands or as it is to stand.
    """
    fact = known.fact
    if isinstance(fact, ChallengeAnswered):
        return next((each.fact.addressee for each in case.all(ChallengeRaised) if each.id == fact.challenge), None)
    if not isinstance(fact, DisputeAnswered):
        return None
    if fact.stage:
        return fact.stage
    stages = (at for each in disputes_of(case) if each.id == fact.dispute for at in reversed(each.stages))
    return next((at.stage for at in stages if at.began.when <= known.when), None)


def _dispute(case: Case, raised: Known[DisputeRaised]) -> Dispute:
    resolved, withdrawn = _of(case, DisputeResolved, raised.id), _of(case, DisputeWithdrawn, raised.id)
    return Dispute(
        raised,
        tuple(_stages(case, raised)),
        resolved=resolved[0] if resolved else None,
        withdrawn=withdrawn[0] if withdrawn else None,
    )


def _of(case: Case, kind: type[D], dispute: str) -> list[Known[D]]:
    return [known for known in case.all(kind) if known.fact.dispute == dispute]


def _stages(case: Case, raised: Known[DisputeRaised]) -> list[AtStage]:
    moves: list[Known[DisputeTakenUp | DisputeMovedUp]] = sorted(
        [*_of(case, DisputeTakenUp, raised.id), *_of(case, DisputeMovedUp, raised.id)],
        key=lambda known: (rank(known.fact.to), known.on, known.at),
    )
    answers, pauses = _of(case, DisputeAnswered, raised.id), _of(case, DisputePaused, raised.id)
    begun: list[tuple[DisputeStage, Known[FactBase], date]] = [(raised.fact.stage, raised, raised.on)]
    begun += [(move.fact.to, move, _counted_from(move)) for move in moves]
    ends: list[Known[DisputeTakenUp | DisputeMovedUp] | None] = [*moves, None]
    return [
        AtStage(
            stage,
            began,
            counted_from,
            answered=next((each for each in answers if _is_from(each, stage, began, left)), None),
            paused=next((each for each in reversed(pauses) if _falls(each, began, left)), None),
            left=left,
        )
        for (stage, began, counted_from), left in zip(begun, ends, strict=True)
    ]


def _counted_from(move: Known[DisputeTakenUp | DisputeMovedUp]) -> date:
    return move.fact.last_day if isinstance(move.fact, DisputeMovedUp) else move.on


def _is_from(
    answer: Known[DisputeAnswered],
    stage: DisputeStage,
    began: Known[FactBase],
    left: Known[DisputeTakenUp | DisputeMovedUp] | None,
) -> bool:
    """Whether an answer is that of a stage: it says so, or says nothing and came while the dispute was there."""
    if answer.fact.stage:
        return answer.fact.stage is stage
    return _falls(answer, began, left)


def _falls(known: Known[FactBase], began: Known[FactBase], left: Known[FactBase] | None) -> bool:
    return not _after(began, known) and (left is None or _after(left, known))


def _after(one: Known[FactBase], other: Known[FactBase]) -> bool:
    """Whether one fact came after another: on a later day, or that day and recorded later."""
    return one.when > other.when
