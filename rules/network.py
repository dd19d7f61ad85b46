"""The people around a child who are no post of the authority: the child, parents, carers, school, guardian.

What is said here identifies people: it stands in the register alone, never in a workflow, a log or an id.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import EmailStr, Field, StringConstraints, model_validator

from rules.directory import Contact as Phone
from rules.directory import Name
from rules.posts import OUTSIDE
from rules.vocabulary import Day, Frozen, Reference, Role, Words


class Way(StrEnum):
    """How a message reaches someone."""

    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"


class Language(StrEnum):
    """In what language someone is written to. The value is its code in templates and files."""

    ENGLISH = "en"
    WELSH = "cy"

    @property
    def words(self) -> str:
        """The language as people say it."""
        return {"en": "English", "cy": "Welsh"}[self.value]


class AccessNeed(StrEnum):
    """What someone needs to be able to take in what is sent."""

    LARGE_PRINT = "large_print"
    READ_ALOUD = "read_aloud"
    """Somebody reads it to them: it goes as a letter to whoever cares for them."""
    NO_POST = "no_post"
    """A letter is not safe, or not read: never by post."""


AddressLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NetworkContact(Frozen):
    """Somebody of a child's network, and how they are reached.

    Attributes:
        reference: what stands for them everywhere else.
        authority: whose child it is, by its three-digit code.
        child: the child, by the authority's reference.
        role: what they are to the child; the child has one of their own.
        name: as it is written in a letter.
        email, phone, address: how they may be reached.
        language: in what language they are written to.
        way: how they prefer to be reached; None when they did not say.
        needs: what they need to be able to take it in.
        barred: they may not learn where the child lives or is to be met.
        since: the first day they are involved; None when it was always so.
        until: their last day; None while they are.
    """

    reference: Reference
    authority: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    child: Reference
    role: Role
    name: Name
    email: EmailStr | None = None
    phone: Phone | None = None
    address: Annotated[tuple[AddressLine, ...], Field(max_length=6)] = ()
    language: Language = Language.ENGLISH
    way: Way | None = None
    needs: tuple[AccessNeed, ...] = ()
    barred: bool = False
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.role not in OUTSIDE:
            raise ValueError(f"{self.role.words} is a post of the service: add them with `person add`")
        if self.since and self.until and self.until < self.since:
            raise ValueError("the last day comes before the first")
        return self

    def is_involved_on(self, day: date) -> bool:
        """Whether they are involved with the child on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Suppression(Frozen):
    """That somebody is not to be sent something, and why. It stays visible.

    Attributes:
        contact: who, by reference.
        notice: which notice; None for every one.
        reason: why, in somebody's words.
    """

    contact: Reference
    notice: str | None = None
    reason: Words


class DispatchState(StrEnum):
    """What became of a message."""

    OWED = "owed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """Held back before it went: the child died, or the reader is no longer involved."""


class FeedKind(StrEnum):
    """Whose calendar a feed is."""

    IRO = "iro"
    CHILD = "child"
