"""What an act is held against, and how it is refused."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.case import Case, Known
from rules.clock import says as says
from rules.ending import Ending
from rules.facts.base import FactBase
from rules.facts.challenge import ChallengeRaised
from rules.facts.dispute import DisputeMatter, DisputeRaised
from rules.facts.reviews import ReviewAdjourned, ReviewHeld, ReviewOpened

F = TypeVar("F", bound=FactBase)


class Refused(ValueError):
    """An act that cannot be recorded, with one sentence that says why and what to do."""


@dataclass(frozen=True)
class Scene:
    """What an act is held against.

    Attributes:
        case: the facts that stand; those beside the one corrected, when an act corrects one.
        today: a London date.
        review_due: the last day in law for the review now owed, as last derived; None when none is owed.
        steps: the keys of the steps last derived.
        ending: how care ended, if it has.
        complete_by: the last day to complete the review that has opened, as last derived; None when none has.
        held_due: the last day in law for the last review that was held, as last derived; None when none was.
        correcting: the act says how a fact already recorded should read.
    """

    case: Case
    today: date
    review_due: date | None
    steps: frozenset[str]
    ending: Ending | None
    complete_by: date | None = None
    held_due: date | None = None
    correcting: bool = False

    def review_before(self, day: date) -> Known[ReviewHeld] | None:
        """The last review that counts, completed before a day."""
        return next((held for held in reversed(self.case.reviews) if held.on < day), None)

    def review_from(self, day: date) -> Known[ReviewHeld] | None:
        """The first review that counts, completed on a day or after it."""
        return next((held for held in self.case.reviews if held.on >= day), None)

    def openings(self, day: date) -> list[Known[FactBase]]:
        """The first meetings and adjournments recorded for the review under way on a day."""
        before, after = self.review_before(day), self.review_from(day)
        recorded: list[Known[FactBase]] = [*self.case.all(ReviewOpened), *self.case.all(ReviewAdjourned)]
        return [
            known
            for known in recorded
            if (before is None or known.on > before.on) and (after is None or known.on <= after.on)
        ]


def what_it_answers(scene: Scene, fact: FactBase, kind: type[F], name: str, words: str) -> Known[F]:
    """What a fact answers, or comes of.

    Args:
        scene: what the fact is held against.
        fact: the fact.
        kind: the kind of fact it answers.
        name: that fact's id.
        words: what that is: "complaint".

    Raises:
        Refused: there is none of that id, or the answer would come before it.
    """
    found = next((known for known in scene.case.all(kind) if known.id == name), None)
    if found is None:
        raise Refused(
            f"There is no such {words} in the open part of this episode (fact {name}); the agenda lists what is open."
        )
    if fact.on < found.on:
        raise Refused(f"The {words} is of {says(found.on)} (fact {name}); what comes of it cannot be before.")
    return found


def called(fact: ChallengeRaised | DisputeRaised) -> str:
    """What a refusal calls a challenge or a dispute, to stand after "the": what it is for people, and which fact for a
    case system. A page leaves out the brackets (`desk.forms.refusals`).

    Args:
        fact: that raised it.
    """
    if isinstance(fact, DisputeRaised):
        return f"dispute of {says(fact.on)} about {_MATTERS[fact.matter]} (fact {fact.id})"
    return f"challenge of {says(fact.on)} to the {fact.addressee.words} (fact {fact.id})"


_MATTERS = {
    DisputeMatter.CARE_PLAN: "the care plan",
    DisputeMatter.DECISION_NOT_CARRIED_OUT: "a decision not carried out",
    DisputeMatter.REVIEW: "how the case is reviewed",
    DisputeMatter.DRIFT: "drift",
    DisputeMatter.PLACEMENT: "the placement",
    DisputeMatter.CONTACT: "contact",
    DisputeMatter.HEALTH: "health",
    DisputeMatter.EDUCATION: "education",
    DisputeMatter.SAFEGUARDING: "safeguarding",
    DisputeMatter.RESOURCES: "resources",
    DisputeMatter.CHILD_NOT_HEARD: "the child not being heard",
    DisputeMatter.OTHER: "another matter",
}
