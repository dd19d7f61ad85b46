"""The challenges of a case as its facts tell them: what was asked of whom, what was answered, and what came of it.

A challenge may take an earlier one further; together they are one history, which a formal dispute will carry on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.case import Case, Known
from rules.facts.base import FactBase
from rules.facts.challenge import ChallengeAnswered, ChallengeRaised, ChallengeResolved, ChallengeWithdrawn
from rules.facts.dispute import DisputeRaised

ANSWER = "answer_challenge"
SETTLE = "settle_challenge"
STEPS_OF_A_CHALLENGE = (ANSWER, SETTLE)
"""The steps that `rules.challenge` owes for a challenge."""

C = TypeVar("C", ChallengeAnswered, ChallengeResolved, ChallengeWithdrawn)


@dataclass(frozen=True)
class Challenge:
    """One challenge, and what came of it.

    Attributes:
        raised: the fact that raised it, whose id is its name.
        answered: the answer; None while there is none.
        resolved: that it is resolved, if it is.
        withdrawn: that it was withdrawn, if it was.
        further: the challenge or the formal dispute that takes it further, if one does.
    """

    raised: Known[ChallengeRaised]
    answered: Known[ChallengeAnswered] | None = None
    resolved: Known[ChallengeResolved] | None = None
    withdrawn: Known[ChallengeWithdrawn] | None = None
    further: Known[ChallengeRaised] | Known[DisputeRaised] | None = None

    @property
    def id(self) -> str:
        """What it is named by."""
        return self.raised.id

    @property
    def closed_by(self) -> Known[FactBase] | None:
        """What closed it: resolved, withdrawn or taken further; None while it is open."""
        return self.resolved or self.withdrawn or self.further

    @property
    def closed_on(self) -> date | None:
        """The day it was closed; None while it is open."""
        return self.closed_by.on if self.closed_by else None

    @property
    def outcome(self) -> str | None:
        """What came of it, as a code; None while it is open."""
        if self.resolved:
            return self.resolved.fact.outcome.value
        return "withdrawn" if self.withdrawn else "taken_further" if self.further else None


def challenges_of(case: Case) -> tuple[Challenge, ...]:
    """Every challenge, by the day it was raised.

    Args:
        case: the facts; those of the register, where the history of settled cycles is wanted.
    """
    raised = case.all(ChallengeRaised)
    if not raised:
        return ()
    answered = _by_challenge(case, ChallengeAnswered)
    resolved = _by_challenge(case, ChallengeResolved)
    withdrawn = _by_challenge(case, ChallengeWithdrawn)
    takes_further: list[Known[ChallengeRaised] | Known[DisputeRaised]] = [*raised, *case.all(DisputeRaised)]
    further = {known.fact.follows: known for known in reversed(takes_further) if known.fact.follows}
    return tuple(
        Challenge(each, answered.get(each.id), resolved.get(each.id), withdrawn.get(each.id), further.get(each.id))
        for each in raised
    )


def history_of(challenges: Iterable[Challenge], name: str) -> tuple[Challenge, ...]:
    """A challenge with all that it took further, the first of them first.

    Args:
        challenges: those of the case.
        name: the challenge, by the id of the fact that raised it.
    """
    by_name = {each.id: each for each in challenges}
    found: list[Challenge] = []
    follows: str | None = name
    while follows in by_name and by_name[follows] not in found:
        found.append(by_name[follows])
        follows = by_name[follows].raised.fact.follows
    return tuple(reversed(found))


def still_open(challenges: tuple[Challenge, ...]) -> Iterator[Challenge]:
    """The challenges that are open, with all that each of them took further.

    Args:
        challenges: those of the case.
    """
    for each in challenges:
        if each.closed_by is None:
            yield from history_of(challenges, each.id)


def _by_challenge(case: Case, kind: type[C]) -> dict[str, Known[C]]:
    return {known.fact.challenge: known for known in reversed(case.all(kind))}
