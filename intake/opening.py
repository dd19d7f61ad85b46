"""From a child of a return to the facts that open its episode."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from intake.ssda903 import Child903
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter, CaseTakenOn, LegalStatusChanged
from rules.facts.reviews import ReviewHeld
from rules.vocabulary import Nation

BY: Final = "ssda903"
"""Who recorded these facts."""


def opening_facts(
    child: Child903, authority: str, nation: Nation, as_of: date
) -> tuple[BecameLookedAfter, tuple[Fact, ...]]:
    """The facts that a return knows of one child.

    The ids depend on nothing but the facts' kinds and days, so the same return read again gives the same ids and
    nothing is recorded twice.

    Args:
        child: as read from the return.
        authority: the authority's three-digit code.
        nation: whose law applies.
        as_of: the day the return was read for; the case is taken on then.

    Returns:
        The beginning (id "opening"), and what followed in order of day: changes of legal status, reviews held,
        and last that the case was taken on (id "taken-on"). For a series of short breaks the legal status says
        so. Where no row of the return gives a legal status, the contract's own default stands.
    """
    statuses = child.period.legal_statuses
    known: dict[str, Any] = {"legal_status": statuses[0].legal_status} if statuses else {}
    opening = BecameLookedAfter(
        id="opening",
        on=child.period.first_day,
        by=BY,
        authority=authority,
        nation=nation,
        child=child.child,
        birth_date=child.birth_date,
        **known,
    )
    followed = sorted(_followed(child), key=lambda fact: fact.on)
    taken_on = CaseTakenOn(id="taken-on", on=as_of, by=BY, first_day_known=child.period.first_day_known)
    return opening, (*followed, taken_on)


def _followed(child: Child903) -> Iterator[LegalStatusChanged | ReviewHeld]:
    for change in child.period.legal_statuses[1:]:
        yield LegalStatusChanged(
            id=f"legal-status-{change.since}", on=change.since, by=BY, legal_status=change.legal_status
        )
    for review in child.reviews:
        yield ReviewHeld(id=f"review-{review.on}", on=review.on, by=BY, participation=review.participation)
