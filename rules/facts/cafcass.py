"""Facts of a referral to Cafcass (Cafcass Cymru in Wales), and of the independent legal advice an IRO may ask for.

Source: Children Act 1989 s.25B(3); CPPCR 2010 reg 45; Social Services and Well-being (Wales) Act 2014 s.100.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from rules.facts.base import FactBase
from rules.facts.challenge import Addressee
from rules.facts.dispute import SignificantFailure
from rules.vocabulary import Reference, Words


class CafcassOutcome(StrEnum):
    """What Cafcass made of a referral; the annual report counts these."""

    PROCEEDINGS = "proceedings"
    """Cafcass brings proceedings for the child."""
    RESOLVED_BETWEEN_THEM = "resolved_between_them"
    """The authority put it right once Cafcass had taken it up."""
    ADVICE = "advice"
    """Advice to the IRO, who goes on."""
    NOT_TAKEN_UP = "not_taken_up"


class CafcassConsidered(FactBase):
    """The IRO considered whether to refer the child's case to Cafcass, and decided."""

    kind: Literal["cafcass_considered"] = "cafcass_considered"
    dispute: Reference
    refer: bool
    """Whether it is to be referred: then the referral itself is recorded as `cafcass_referred`."""
    reason: Words


class CafcassReferred(FactBase):
    """The IRO referred the child's case to Cafcass."""

    kind: Literal["cafcass_referred"] = "cafcass_referred"
    failure: SignificantFailure
    about: Words
    """What the authority did or did not do, and what it means for the child."""
    done_so_far: Words
    """What was done to resolve it, and what came of that."""
    raised_with: Annotated[tuple[Addressee, ...], Field(min_length=1)]
    childs_view: Words
    """What the child wishes and feels, and thinks of the referral; or why that is not known."""
    asks: Words
    """What the IRO asks Cafcass to do, and by when the child needs it."""
    dispute: Reference | None = None
    """The dispute that goes with it; none where it is referred by itself."""
    tell_child: bool = False
    """Whether the child is told by letter: as is appropriate to age and understanding."""
    tell_parents: bool = False
    """Whether the parents are told by letter, where that is appropriate."""


class CafcassReplied(FactBase):
    """Cafcass said what it makes of a referral."""

    kind: Literal["cafcass_replied"] = "cafcass_replied"
    referral: Reference
    outcome: CafcassOutcome
    words: Words | None = None


class LegalAdviceAsked(FactBase):
    """The IRO asked for independent legal advice, which the authority must give access to."""

    kind: Literal["legal_advice_asked"] = "legal_advice_asked"
    about: Words
    dispute: Reference | None = None


class LegalAdviceGiven(FactBase):
    """The IRO had the independent legal advice they asked for."""

    kind: Literal["legal_advice_given"] = "legal_advice_given"
    request: Reference
