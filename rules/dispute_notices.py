"""Who hears of a formal dispute beside those who hear of each: its stages, and the child (practice notes 8); and the
words for what came of it.
"""

from typing import NamedTuple

from rules.case import Case
from rules.disputes import Dispute, disputes_of
from rules.facts.base import FactBase
from rules.facts.dispute import (
    DisputeMovedUp,
    DisputeRaised,
    DisputeResolved,
    DisputeTakenUp,
    DisputeWithdrawn,
)
from rules.notice_names import NoticeName
from rules.vocabulary import Role

OfDispute = DisputeRaised | DisputeTakenUp | DisputeMovedUp | DisputeResolved | DisputeWithdrawn
"""What people are told of a dispute: that it was opened, has moved, is closed."""


_OUTCOMES = {
    "put_right": "what the IRO asked for was done",
    "agreed": "it was agreed what is to be done, and by when",
    "explained": "the answer explained it, and the IRO is satisfied",
    "overtaken": "things have changed, and it no longer matters",
    "withdrawn": "the IRO withdrew it",
}


def outcome_words(outcome: str) -> str:
    """What came of a challenge or a dispute, in words: of an outcome, or "withdrawn"."""
    return _OUTCOMES.get(outcome, outcome.replace("_", " "))


def name_of(fact: OfDispute) -> NoticeName:
    """Which notice a fact of a dispute owes."""
    if isinstance(fact, DisputeRaised):
        return NoticeName.DISPUTE_OPENED
    moved = isinstance(fact, DisputeTakenUp | DisputeMovedUp)
    return NoticeName.DISPUTE_MOVED if moved else NoticeName.DISPUTE_CLOSED


def also_told(case: Case, fact: OfDispute) -> tuple[Role, ...]:
    """The stage it goes to, the one it leaves, at its end all it was at; and the child where that is appropriate.

    Args:
        case: the facts.
        fact: one of a dispute.
    """
    dispute = dispute_of(case, fact)
    if dispute is None:
        return ()
    child = (Role.CHILD,) if dispute.raised.fact.tell_child else ()
    if isinstance(fact, DisputeRaised):
        return (fact.stage, *child)
    if isinstance(fact, DisputeTakenUp | DisputeMovedUp):
        # Whoever it leaves need not answer any more.
        left = (at.stage for at in dispute.stages if at.left and at.left.id == fact.id)
        return (fact.to, *left, *child)
    return all_of(dispute)


def all_of(dispute: Dispute) -> tuple[Role, ...]:
    """All the stages it was at; and the child where that is appropriate."""
    child = (Role.CHILD,) if dispute.raised.fact.tell_child else ()
    return (*(at.stage for at in dispute.stages), *child)


class TakenBack(NamedTuple):
    """What people are told when a fact of a dispute is taken back.

    Attributes:
        name: the notice: that the dispute is closed, or where it stands now.
        about: the fact it is about, by its id.
        also: who had heard of the dispute, beside those who hear of each.
    """

    name: NoticeName
    about: str
    also: tuple[Role, ...]


def taken_back(before: Case, case: Case, wrong: FactBase) -> TakenBack | None:
    """What is to be told when a fact of a dispute was taken back; None where nobody knows otherwise than it is.

    Of one that was raised in error, whoever was told of it hears that it is closed; of one that was closed, or taken
    up, in error, where it stands now.

    Args:
        before: the facts as they stood.
        case: the facts without it.
        wrong: what was taken back.
    """
    if not isinstance(wrong, DisputeRaised | DisputeTakenUp | DisputeResolved | DisputeWithdrawn):
        return None
    was, now = dispute_of(before, wrong), dispute_of(case, wrong)
    if was is None or (now or was).closed_by is not None:
        return None
    if now is None:
        return TakenBack(NoticeName.DISPUTE_CLOSED, wrong.id, all_of(was))
    return TakenBack(NoticeName.DISPUTE_STANDS, now.now_at.began.id, all_of(was))


def is_past(case: Case, fact: FactBase) -> bool:
    """Whether a fact is of a dispute that is closed meanwhile, or has gone on from where the fact took it.

    Args:
        case: the facts.
        fact: any.
    """
    if not isinstance(fact, DisputeRaised | DisputeTakenUp):
        return False
    dispute = dispute_of(case, fact)
    if dispute is None or dispute.closed_by is not None:
        return True
    return isinstance(fact, DisputeTakenUp) and dispute.now_at.began.id != fact.id


def dispute_of(case: Case, fact: OfDispute) -> Dispute | None:
    """The dispute that a fact is of; None where it does not stand.

    Args:
        case: the facts.
        fact: one of a dispute.
    """
    name = fact.id if isinstance(fact, DisputeRaised) else fact.dispute
    return next((each for each in disputes_of(case) if each.id == name), None)
