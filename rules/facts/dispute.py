"""Facts of the formal dispute: raised by the IRO, answered at its stages, moved up, paused, resolved or withdrawn.

A dispute is named by the id of the fact that raised it (IRO Handbook ch 6; Children Act 1989 s.25B).
"""

from enum import StrEnum
from typing import Literal

from rules.facts.base import FactBase
from rules.facts.challenge import ChallengeOutcome
from rules.vocabulary import Day, Reference, Role, Words

DisputeStage = Literal[
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
    Role.CHIEF_EXECUTIVE,
]
"""Who answers a formal dispute, from the first stage to the last; an authority's policy says which of them, and in how
many working days."""


class DisputeMatter(StrEnum):
    """What a dispute is about; the annual report counts these."""

    CARE_PLAN = "care_plan"
    DECISION_NOT_CARRIED_OUT = "decision_not_carried_out"
    REVIEW = "review"
    """How, or whether, the child's case is reviewed."""
    DRIFT = "drift"
    """Delay that the child pays for."""
    PLACEMENT = "placement"
    CONTACT = "contact"
    HEALTH = "health"
    EDUCATION = "education"
    SAFEGUARDING = "safeguarding"
    RESOURCES = "resources"
    CHILD_NOT_HEARD = "child_not_heard"
    OTHER = "other"


class SignificantFailure(StrEnum):
    """In what an authority has failed in a significant respect: what makes a referral to be considered (CPPCR 2010 reg
    45)."""

    PREPARE_PLAN = "prepare_plan"
    REVIEW_CASE = "review_case"
    IMPLEMENT_DECISION = "implement_decision"
    OTHER_BREACH = "other_breach"
    """Otherwise in material breach of its duties to the child."""


class DisputeRaised(FactBase):
    """The IRO began formal dispute resolution."""

    kind: Literal["dispute_raised"] = "dispute_raised"
    matter: DisputeMatter
    about: Words
    stage: DisputeStage
    """Where it begins: straight at any stage, if need be."""
    follows: Reference | None = None
    """The challenge that the dispute takes further, or the earlier dispute on the matter. Its history comes along."""
    apart_from: Reference | None = None
    """An open dispute of the same kind which this one is not about."""
    failure: SignificantFailure | None = None
    """Where the authority has failed in a significant respect: in what."""
    needed_by: Day | None = None
    """The day by which the child needs it resolved: the child's own timetable."""
    tell_child: bool = False
    """Whether the child is told by letter: as is appropriate to age and understanding."""


class DisputeAnswered(FactBase):
    """A stage of a dispute was answered, by whoever holds it or for them."""

    kind: Literal["dispute_answered"] = "dispute_answered"
    dispute: Reference
    stage: DisputeStage | None = None
    """Whose answer it is; left out, that of the stage at which the dispute stands."""
    answer: Words


class DisputeTakenUp(FactBase):
    """The IRO took a dispute to a higher stage, answered or not."""

    kind: Literal["dispute_taken_up"] = "dispute_taken_up"
    dispute: Reference
    to: DisputeStage
    reason: Words


class DisputeMovedUp(FactBase):
    """Nobody answered a stage of a dispute in time, and it went up by itself."""

    kind: Literal["dispute_moved_up"] = "dispute_moved_up"
    dispute: Reference
    unanswered: DisputeStage
    to: DisputeStage
    last_day: Day
    """The last day of the stage that did not answer; the next is counted from it."""


class DisputePaused(FactBase):
    """A stage of a dispute is given longer, for a reason. The 20 working days go on."""

    kind: Literal["dispute_paused"] = "dispute_paused"
    dispute: Reference
    until: Day
    """The last day on which the stage may now answer; a day that has come ends the pause."""
    reason: Words


class DisputeResolved(FactBase):
    """A dispute is resolved, as the IRO sees it, and how."""

    kind: Literal["dispute_resolved"] = "dispute_resolved"
    dispute: Reference
    outcome: ChallengeOutcome
    words: Words | None = None


class DisputeWithdrawn(FactBase):
    """The IRO withdrew a dispute, for a reason."""

    kind: Literal["dispute_withdrawn"] = "dispute_withdrawn"
    dispute: Reference
    reason: Words
