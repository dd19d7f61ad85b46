"""Significant changes, and what the IRO makes of them; what cannot be."""

from rules.acceptance.scene import Refused, Scene, says
from rules.facts.challenge import ChallengeRaised
from rules.facts.changes import ChangeAnswer, ChangeConsidered, ChangeKind, SignificantChange


def reported(scene: Scene, fact: SignificantChange) -> None:
    """A change is told of when it has happened, while the child was looked after."""
    if fact.happened_on > fact.on:
        raise Refused(
            f"The change is said to have happened on {says(fact.happened_on)}, after the IRO was told of it on"
            f" {says(fact.on)}; check the days."
        )
    if fact.happened_on < scene.case.first_day:
        raise Refused(
            f"{says(fact.happened_on)} is before the child became looked after ({says(scene.case.first_day)}); check"
            " the day it happened."
        )
    _fits_its_kind(fact)
    early = [known.on for known in scene.case.all(ChangeConsidered) if known.fact.change == fact.id]
    if early and min(early) < fact.on:
        raise Refused(f"The IRO considered this change on {says(min(early))}, before {says(fact.on)}; check the days.")


def _fits_its_kind(fact: SignificantChange) -> None:
    """What is said beside the kind of change belongs to it, and its days come in their order."""
    if fact.change is not ChangeKind.CARE_PLAN_CHANGE_PROPOSED and (fact.plan_change or fact.takes_effect):
        raise Refused(
            "Only of a proposed change of the care plan say what it is (plan_change) and when (takes_effect)."
        )
    if fact.change is not ChangeKind.CHARGED_OR_SENTENCED and fact.detained_until:
        raise Refused("Only of a charge or sentence say until when the child is detained (detained_until).")
    if fact.takes_effect and fact.takes_effect < fact.happened_on:
        raise Refused("A change of plan cannot take effect before it was proposed; check the days.")
    if fact.detained_until and fact.detained_until < fact.happened_on:
        raise Refused("The detention cannot end before the charge or sentence; check the days.")


def considered(scene: Scene, fact: ChangeConsidered) -> None:
    """A change that was reported is considered once; each answer says what belongs to it, and nothing else."""
    told = next((known for known in scene.case.all(SignificantChange) if known.id == fact.change), None)
    if told is None or (told.settled and not scene.correcting):
        raise Refused(
            f"There is no such change in the open part of this episode (fact {fact.change}); the agenda lists those to"
            " be considered (consider_change)."
        )
    if fact.on < told.on:
        raise Refused(f"The IRO was told of this change later, on {says(told.on)}; check the day.")
    before = next((known for known in scene.case.all(ChangeConsidered) if known.fact.change == fact.change), None)
    if before:
        raise Refused(
            f"This change was considered on {says(before.on)}; withdraw that record first (fact {before.id})."
        )
    if fact.answer is ChangeAnswer.NOTED and not fact.reason:
        raise Refused("Say why the change is only noted (reason).")
    _brings_forward(scene, fact)
    _challenges(scene, fact)


def _brings_forward(scene: Scene, fact: ChangeConsidered) -> None:
    if fact.answer is not ChangeAnswer.BROUGHT_REVIEW_FORWARD:
        if fact.before:
            raise Refused("Only where the review is brought forward say by which day (before).")
        return
    if fact.before is None:
        raise Refused("Say by which day the review is to be held (before).")
    if fact.before < fact.on:
        raise Refused("The day by which the review is brought forward had passed already; check the days.")
    if fact.before >= scene.case.eighteenth_birthday:
        raise Refused(f"By {says(fact.before)} the child is 18 and no longer looked after; choose an earlier day.")


def _challenges(scene: Scene, fact: ChangeConsidered) -> None:
    if fact.answer is not ChangeAnswer.CHALLENGED:
        if fact.challenge:
            raise Refused("Only where the change is challenged name a challenge (challenge).")
        return
    if fact.challenge is None:
        raise Refused("Name the challenge (challenge); if there is none yet, raise it first (challenge_raised).")
    if not any(known.id == fact.challenge for known in scene.case.all(ChallengeRaised)):
        raise Refused(
            f"There is no such challenge here (fact {fact.challenge}); name another (challenge), or raise it first"
            " (challenge_raised)."
        )
