"""Long lists a page at a time: where a page ends is told by a cursor, so that rows written meanwhile shift nothing.

A cursor says where in the list its last row stands, and in which list: it is no secret and gives no right to anything.
It travels in addresses, so it holds ids and dates and never what identifies a child.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import blake2b
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import from_json, to_json

from rules.vocabulary import Frozen

VERSION = 1
MOST = 500
"""The most rows that a page may hold."""
_DIGEST_BYTES = 6
_LONGEST = 1024

Said = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,200}$")]
"""A key or a reference, as a place holds it: nothing that a database would not take."""

T = TypeVar("T")
P = TypeVar("P", bound="Place")


class BadCursor(ValueError):
    """A cursor that this program did not give, or gave for another list; says so in one sentence."""

    def __init__(self) -> None:
        """Say what to do; what was given is not repeated."""
        super().__init__("That place in the list is not one this program gave: go back to the first page of the list.")


class Place(Frozen):
    """Where a row stands in its list: the values that the list is ordered by."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StepPlace(Place):
    """Where a step stands in a list of steps, the earliest due first."""

    due: date
    key: Said
    episode: Said


class EpisodePlace(Place):
    """Where an episode stands in a list of them, by the next day due; those that owe nothing come last."""

    next_due: date | None
    episode: Said


class NamePlace(Place):
    """Where somebody stands in a list by reference."""

    reference: Said


class NumberPlace(Place):
    """Where something stands in a list by number."""

    number: int


class Page(BaseModel, Generic[T]):
    """Some rows of a list.

    Attributes:
        items: the rows, in order.
        next: the cursor of the next page; None on the last one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: tuple[T, ...]
    next: str | None = None


def cursor(of: str, place: Place) -> str:
    """The cursor of a place, fit for an address.

    Args:
        of: which list.
        place: where its last row stands.
    """
    said = to_json([VERSION, of, place])
    return _written(_digest(said) + said)


def place_of(given: str | None, of: str, kind: type[P]) -> P | None:
    """The place that a cursor names.

    Args:
        given: the cursor; None for the first page.
        of: which list it is to be of.
        kind: what its places are.

    Raises:
        BadCursor: it was never given, or for another list.
    """
    if given is None:
        return None
    try:
        if len(given) > _LONGEST:
            raise BadCursor
        read = urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
        digest, said = read[:_DIGEST_BYTES], read[_DIGEST_BYTES:]
        # The decoder passes over what does not belong there, but each place has only one writing.
        if digest != _digest(said) or _written(read) != given:
            raise BadCursor
        version, whose, place = from_json(said)
        if (version, whose) != (VERSION, of):
            raise BadCursor
        return kind.model_validate_json(to_json(place))
    except BadCursor:
        raise
    except (ValueError, TypeError, ValidationError):
        raise BadCursor from None


def page_of(of: str, rows: Sequence[T], limit: int, place: Callable[[T], Place]) -> Page[T]:
    """A page, of rows that were asked for with one more than it is to hold.

    Args:
        of: which list.
        rows: one more than `limit` where the list goes on.
        limit: how many the page holds at most.
        place: where a row stands.
    """
    shown = tuple(rows[:limit])
    return Page(items=shown, next=cursor(of, place(shown[-1])) if len(rows) > limit else None)


def checked_limit(limit: int) -> int:
    """How many rows a page holds.

    Raises:
        ValueError: none, or more than a page may hold.
    """
    if not 1 <= limit <= MOST:
        raise ValueError(f"A page holds 1 to {MOST} rows: ask for as many, and for the next page after it.")
    return limit


def _written(cursor: bytes) -> str:
    return urlsafe_b64encode(cursor).decode().rstrip("=")


def _digest(said: bytes) -> bytes:
    """Against a slip of the hand, not against a forger: a forged place opens nothing."""
    return blake2b(said, digest_size=_DIGEST_BYTES).digest()
