"""Referrals to Cafcass and independent legal advice; what cannot be."""

from typing import TypeVar

from rules.acceptance.dispute import is_the_iros
from rules.acceptance.scene import Refused, Scene, says
from rules.case import Known
from rules.disputes import disputes_of
from rules.facts.base import FactBase
from rules.facts.cafcass import (
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
)

F = TypeVar("F", bound=FactBase)


def considered(scene: Scene, fact: CafcassConsidered) -> None:
    """The IRO considers a referral because of a dispute; again only where it is owed again, since the time had not come
    when it was considered first. The IRO may refer at any moment all the same."""
    _goes_with_a_dispute(scene, fact, fact.dispute)
    is_the_iros(scene, fact)
    before = [known for known in scene.case.all(CafcassConsidered) if known.fact.dispute == fact.dispute]
    if before and not scene.correcting and f"consider_cafcass.{fact.dispute}" not in scene.steps:
        raise Refused(
            f"Whether to refer it was decided on {says(before[0].on)} (fact {before[0].id}); correct that, or refer the"
            " case (cafcass_referred), which may be done at any moment."
        )


def referred(scene: Scene, fact: CafcassReferred) -> None:
    """The IRO refers a case at any moment, alone or with a dispute."""
    is_the_iros(scene, fact)
    if fact.dispute:
        _goes_with_a_dispute(scene, fact, fact.dispute)


def replied(scene: Scene, fact: CafcassReplied) -> None:
    """Cafcass replies to a referral, once."""
    _follows(scene, fact, CafcassReferred, fact.referral, "referral to Cafcass")
    before = [known for known in scene.case.all(CafcassReplied) if known.fact.referral == fact.referral]
    if before:
        raise Refused(f"Cafcass replied on {says(before[0].on)}; correct the fact {before[0].id} if that was wrong.")


def advice_asked(scene: Scene, fact: LegalAdviceAsked) -> None:
    """The IRO asks for advice, by itself or for a dispute."""
    if fact.dispute:
        _goes_with_a_dispute(scene, fact, fact.dispute)
    is_the_iros(scene, fact)


def advice_given(scene: Scene, fact: LegalAdviceGiven) -> None:
    """Advice that was asked for is given, once."""
    _follows(scene, fact, LegalAdviceAsked, fact.request, "request for legal advice")
    before = [known for known in scene.case.all(LegalAdviceGiven) if known.fact.request == fact.request]
    if before:
        raise Refused(f"That advice was given on {says(before[0].on)}; ask anew if more is needed.")


def _goes_with_a_dispute(scene: Scene, fact: FactBase, name: str) -> None:
    found = next((each for each in disputes_of(scene.case) if each.id == name), None)
    if found is None:
        raise Refused(
            f"There is no dispute {name} in the open part of this episode; leave it out if it goes with none."
        )
    if fact.on < found.raised.on:
        raise Refused(f"The dispute {name} was raised later, on {says(found.raised.on)}; check the day.")


def _follows(scene: Scene, fact: FactBase, kind: type[F], name: str, words: str) -> Known[F]:
    found = next((known for known in scene.case.all(kind) if known.id == name), None)
    if found is None:
        raise Refused(f"There is no {words} {name} in the open part of this episode; the agenda lists what is open.")
    if fact.on < found.on:
        raise Refused(f"The {words} {name} was made on {says(found.on)}; what comes of it cannot be before.")
    return found
