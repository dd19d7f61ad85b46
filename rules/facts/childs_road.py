"""Facts of the child's own road: proceedings of their own, complaints, an advocate, how their review is to be.

What a child asked for is never taken back by somebody else: it is answered (`rules.acceptance.childs_road`).
"""

from enum import StrEnum
from typing import Literal

from rules.facts.base import FactBase
from rules.facts.iro import IroChangeAsked
from rules.vocabulary import Reference, Role, Words


class ComplaintAbout(StrEnum):
    """Whom a complaint is about."""

    IRO = "iro"
    AUTHORITY = "authority"


class ReviewWish(StrEnum):
    """What a child wishes of their review."""

    PLACE = "place"
    TIME = "time"
    CHAIR = "chair"
    """To chair it, or a part of it, themselves."""
    NOT_THERE = "not_there"
    """That somebody does not come."""

    @property
    def words(self) -> str:
        """The wish, after "answer the child's wish": "to chair it"."""
        return _WISHES[self]


_WISHES = {
    ReviewWish.PLACE: "for another place",
    ReviewWish.TIME: "for another time",
    ReviewWish.CHAIR: "to chair it",
    ReviewWish.NOT_THERE: "that somebody does not come",
}


class WishMet(StrEnum):
    """What came of a wish."""

    MET = "met"
    IN_PART = "in_part"
    NOT_MET = "not_met"


class ChildWantsProceedings(FactBase):
    """The child wants to bring proceedings of their own."""

    kind: Literal["child_wants_proceedings"] = "child_wants_proceedings"
    words: Words


class ChildWantsNoMore(FactBase):
    """The child wants no more of something they asked for, and said so to the IRO themselves."""

    kind: Literal["child_wants_no_more"] = "child_wants_no_more"
    request: Reference
    """The fact by which they asked."""
    words: Words


class AdultSought(FactBase):
    """The IRO established whether an appropriate adult is able and willing to help the child with proceedings.

    Again, where one who was found cannot help after all, or one is found since."""

    kind: Literal["adult_sought"] = "adult_sought"
    request: Reference
    found: bool
    reason: Words


class ChildHelpedToAdvice(FactBase):
    """The IRO helped the child to get legal advice."""

    kind: Literal["child_helped_to_advice"] = "child_helped_to_advice"
    request: Reference
    words: Words | None = None


class ComplaintMade(FactBase):
    """A complaint was made by the child, or for them."""

    kind: Literal["complaint_made"] = "complaint_made"
    about: ComplaintAbout
    by_child: bool
    words: Words


class ComplaintPassedOn(FactBase):
    """The IRO was told of a complaint."""

    kind: Literal["complaint_passed_on"] = "complaint_passed_on"
    complaint: Reference


class ComplaintWeighed(FactBase):
    """The IRO manager weighed whether the IRO can stay, of whom a complaint was made."""

    kind: Literal["complaint_weighed"] = "complaint_weighed"
    complaint: Reference
    stays: bool
    """False where another IRO is to be found: that is owed until the post falls vacant (`iro_post_vacated`), or another
    IRO is appointed."""
    reason: Words


class ComplaintAnswered(FactBase):
    """A complaint was answered, and the child was told."""

    kind: Literal["complaint_answered"] = "complaint_answered"
    complaint: Reference
    answer: Words


class AdvocateAsked(FactBase):
    """The child asked for an advocate, or somebody asked for one for them."""

    kind: Literal["advocate_asked"] = "advocate_asked"
    by_child: bool
    words: Words | None = None


class AdvocateProvided(FactBase):
    """The child has an advocate."""

    kind: Literal["advocate_provided"] = "advocate_provided"
    request: Reference


class ChildWished(FactBase):
    """The child wishes something of their review."""

    kind: Literal["child_wished"] = "child_wished"
    wish: ReviewWish
    words: Words
    who: Role | None = None
    """Only of somebody who is not to be there: who."""


class ChildWishAnswered(FactBase):
    """The child was told what comes of a wish for their review."""

    kind: Literal["child_wish_answered"] = "child_wish_answered"
    wish: Reference
    met: WishMet
    reason: Words | None = None
    """Why, where it is not met, or not wholly, as the child was told: they read it on their own page."""


ASKED_BY_THE_CHILD = (ChildWantsProceedings, ComplaintMade, AdvocateAsked, ChildWished)
"""What sets off the child's own road."""
NEVER_TAKEN_BACK = (*ASKED_BY_THE_CHILD, IroChangeAsked)
"""What a child asks for, or somebody for them: it is answered, never taken back by anybody else."""
