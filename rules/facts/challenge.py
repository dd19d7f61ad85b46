"""Facts of the IRO's challenge: the rungs of daily use, what came of each, and good practice noted.

A challenge is named by the id of the fact that raised it.
"""

from enum import StrEnum
from typing import Literal

from rules.facts.base import FactBase
from rules.vocabulary import Day, Reference, Role, Words


class ChallengeRung(StrEnum):
    """How an IRO challenges from day to day; the formal dispute comes after these."""

    INFORMAL_RESOLUTION = "informal_resolution"
    PROBLEM_RESOLUTION = "problem_resolution"
    MANAGEMENT_ALERT = "management_alert"

    @property
    def words(self) -> str:
        """The rung, to stand after "the IRO's": "management alert"."""
        return _RUNGS[self]


_RUNGS = {
    ChallengeRung.INFORMAL_RESOLUTION: "informal challenge",
    ChallengeRung.PROBLEM_RESOLUTION: "problem resolution",
    ChallengeRung.MANAGEMENT_ALERT: "management alert",
}


class ChallengeOutcome(StrEnum):
    """How a challenge was resolved; the annual report counts these."""

    PUT_RIGHT = "put_right"
    """What the IRO asked for was done."""
    AGREED = "agreed"
    """It was agreed what is to be done, and by when."""
    EXPLAINED = "explained"
    """The answer explained it, and the IRO is satisfied."""
    OVERTAKEN = "overtaken"
    """Things have changed, and it no longer matters."""


Addressee = Literal[
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
    Role.CHIEF_EXECUTIVE,
    Role.LEGAL,
    Role.VIRTUAL_SCHOOL_HEAD,
    Role.HEALTH,
]
"""Whom an IRO challenges: those who act for the child on the authority's side, and those who work with it."""


class ChallengeRaised(FactBase):
    """The IRO challenged what is done or not done for the child."""

    kind: Literal["challenge_raised"] = "challenge_raised"
    rung: ChallengeRung
    addressee: Addressee
    about: Words
    answer_by: Day | None = None
    """The day by which the child needs an answer, where that is sooner than local policy gives."""
    follows: Reference | None = None
    """The challenge that this one takes further, answered or not. That one is closed by it."""


class ChallengeAnswered(FactBase):
    """A challenge was answered by whoever it went to, or for them."""

    kind: Literal["challenge_answered"] = "challenge_answered"
    challenge: Reference
    answer: Words


class ChallengeResolved(FactBase):
    """A challenge is resolved, as the IRO sees it, and how."""

    kind: Literal["challenge_resolved"] = "challenge_resolved"
    challenge: Reference
    outcome: ChallengeOutcome
    words: Words | None = None


class ChallengeWithdrawn(FactBase):
    """The IRO withdrew a challenge, for a reason."""

    kind: Literal["challenge_withdrawn"] = "challenge_withdrawn"
    challenge: Reference
    reason: Words


class GoodPracticeNoted(FactBase):
    """The IRO noted good practice."""

    kind: Literal["good_practice_noted"] = "good_practice_noted"
    of: Literal[Addressee, Role.CARER, Role.SCHOOL]
    """Whose practice it was."""
    about: Words


class PracticeTheme(StrEnum):
    """What poor practice is about; the same theme with several children is a pattern."""

    VISITS_MISSED = "visits_missed"
    PLANS_NOT_UPDATED = "plans_not_updated"
    REPORTS_LATE = "reports_late"
    CHILD_NOT_HEARD = "child_not_heard"
    DRIFT = "drift"
    CHANGES_NOT_TOLD = "changes_not_told"
    DECISIONS_NOT_CARRIED_OUT = "decisions_not_carried_out"
    RECORDS = "records"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The theme, as people say it: "visits missed"."""
        return self.value.replace("_", " ")


class PoorPracticeNoted(FactBase):
    """The IRO noted poor practice. Seen with several children, senior managers hear of it as a pattern."""

    kind: Literal["poor_practice_noted"] = "poor_practice_noted"
    theme: PracticeTheme
    of: Addressee
    """Whose practice it was."""
    about: Words
