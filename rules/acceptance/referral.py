"""Referrals to Cafcass and independent legal advice; what cannot be."""

from rules.acceptance.dispute import is_the_iros, the_dispute
from rules.acceptance.scene import Refused, Scene, says, what_it_answers
from rules.facts.base import FactBase
from rules.facts.cafcass import (
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
)


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
    what_it_answers(scene, fact, CafcassReferred, fact.referral, "referral to Cafcass")
    before = [known for known in scene.case.all(CafcassReplied) if known.fact.referral == fact.referral]
    if before:
        raise Refused(f"Cafcass replied on {says(before[0].on)}; correct that if it was wrong (fact {before[0].id}).")


def advice_asked(scene: Scene, fact: LegalAdviceAsked) -> None:
    """The IRO asks for advice, by itself or for a dispute."""
    if fact.dispute:
        _goes_with_a_dispute(scene, fact, fact.dispute)
    is_the_iros(scene, fact)


def advice_given(scene: Scene, fact: LegalAdviceGiven) -> None:
    """Advice that was asked for is given, once."""
    what_it_answers(scene, fact, LegalAdviceAsked, fact.request, "request for legal advice")
    before = [known for known in scene.case.all(LegalAdviceGiven) if known.fact.request == fact.request]
    if before:
        raise Refused(f"That advice was given on {says(before[0].on)}; ask anew if more is needed.")


def _goes_with_a_dispute(scene: Scene, fact: FactBase, name: str) -> None:
    the_dispute(
        scene,
        fact,
        name,
        f"There is no such dispute in the open part of this episode (fact {name}); leave it out if it goes with none.",
    )
