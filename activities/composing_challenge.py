"""What notices tell of challenges, disputes and referrals to Cafcass: stages, days and outcomes, and nobody's words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from post.notice import DisputeLine
from rules import challenges
from rules.case import Case
from rules.dispute import ANSWER, RESOLVE, WEIGH
from rules.dispute_notices import OfDispute, outcome_words
from rules.disputes import AtStage, Dispute, disputes_of
from rules.facts.cafcass import CafcassReferred
from rules.facts.challenge import ChallengeAnswered, ChallengeRaised
from rules.facts.dispute import DisputeAnswered, DisputeMovedUp, DisputeRaised, DisputeTakenUp
from rules.reading import key
from rules.wording import in_full

LastDay = Callable[[str], date | None]
"""Gives the last day of a step that is open, by its key; None where it is not open."""

OfChallenge = ChallengeRaised | ChallengeAnswered | OfDispute | DisputeAnswered | CafcassReferred
"""What owes a notice of a challenge, of a dispute or of a referral."""


def of_challenge(case: Case, fact: OfChallenge, last_day: LastDay) -> dict[str, Any]:
    """What a notice about a challenge, a dispute or a referral tells.

    Args:
        case: the facts.
        fact: what happened, as it reads now.
        last_day: of the steps of this case.

    Returns:
        The fields of `post.notice.NoticeToWrite` that it fills; none of a dispute that was taken back since.
    """
    if isinstance(fact, ChallengeRaised):
        line = f"It is the IRO's {fact.rung.words}."
        return {"lines": (line,), "due": last_day(key(challenges.ANSWER, fact.id))}
    if isinstance(fact, ChallengeAnswered):
        return {"due": last_day(key(challenges.SETTLE, fact.challenge))}
    if isinstance(fact, CafcassReferred):
        return _of_referral(case, fact, last_day)
    return _of_dispute(case, fact, last_day)


def _of_dispute(case: Case, fact: OfDispute | DisputeAnswered, last_day: LastDay) -> dict[str, Any]:
    dispute = _named(case, fact.id if isinstance(fact, DisputeRaised) else fact.dispute)
    if dispute is None:
        return {}
    place = _place(dispute, fact)
    line = _line(dispute, place, last_day)
    if place and isinstance(fact, DisputeTakenUp | DisputeMovedUp):
        unanswered = isinstance(fact, DisputeMovedUp)
        line = line.model_copy(update={"before": dispute.stages[place - 1].stage, "unanswered": unanswered})
    answered = isinstance(fact, DisputeAnswered)
    return {"dispute": line, "due": last_day(key(WEIGH, dispute.stages[place].began.id)) if answered else None}


def _of_referral(case: Case, fact: CafcassReferred, last_day: LastDay) -> dict[str, Any]:
    lines = (f"When: {in_full(fact.on)}",)
    dispute = _named(case, fact.dispute) if fact.dispute else None
    if dispute is None or dispute.closed_by:
        return {"lines": lines}
    return {"lines": lines, "dispute": _line(dispute, len(dispute.stages) - 1, last_day)}


def _named(case: Case, name: str) -> Dispute | None:
    return next((each for each in disputes_of(case) if each.id == name), None)


def _place(dispute: Dispute, fact: OfDispute | DisputeAnswered) -> int:
    """Which of its stages a fact is about; the last where it is about the whole."""
    last = len(dispute.stages) - 1
    return next((at for at, stage in enumerate(dispute.stages) if _is_about(stage, fact)), last)


def _is_about(stage: AtStage, fact: OfDispute | DisputeAnswered) -> bool:
    if isinstance(fact, DisputeAnswered):
        return stage.answered is not None and stage.answered.id == fact.id
    return stage.began.id == fact.id


def _line(dispute: Dispute, place: int, last_day: LastDay) -> DisputeLine:
    at, now_at = dispute.stages[place], dispute.now_at
    return DisputeLine(
        stage=at.stage,
        resolve_by=last_day(key(RESOLVE, dispute.id)),
        answer_by=last_day(key(ANSWER, at.began.id)),
        now_at=now_at.stage if now_at is not at else None,
        outcome=outcome_words(dispute.outcome) if dispute.outcome else None,
    )
