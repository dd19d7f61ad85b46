"""Whose messages were many lately, in an authority: how many each had, and of which notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Subquery, func, literal, or_, select, tuple_

from register.engine import reading
from register.paging import Page, Place, checked_limit, page_of, place_of
from register.post_tables import ContactRow, DispatchRow
from register.service_tables import PersonRow
from rules.network import DispatchState
from rules.notice_names import NoticeName
from rules.vocabulary import Frozen, Role

_MAIL = "mail"
_WENT = (DispatchState.SENT, DispatchState.DELIVERED)


class Recipient(Frozen):
    """Somebody who was written to.

    Attributes:
        reference: who.
        name: as the directory or the child's network has it.
        role: the post they hold, or what they are to the child.
        child: of whose network they are, by the authority's reference; None for people of the service.
        messages: how many went to them.
        latest: the number of the last of these in the post room's book.
        by_notice: how many of each, most first.
    """

    reference: str
    name: str
    role: Role
    child: str | None
    messages: int
    latest: int
    by_notice: dict[NoticeName, int]


class _CountPlace(Place):
    """Where somebody stands in a list by number of messages; those of one number by the last of their messages.

    Their reference is not in it: that of somebody around a child may hold the child's.
    """

    messages: int
    latest: int


def most_written_to(
    engine: Engine, authority: str, since: datetime, *, more_than: int = 0, after: str | None = None, limit: int = 50
) -> Page[Recipient]:
    """Those of an authority to whom messages went since an instant, whoever had most first.

    Of those who had as many, whoever was written to last comes first.

    Args:
        engine: the register.
        authority: by its three-digit code: its people, and those around its children.
        since: an instant, UTC.
        more_than: only those who had more than this.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _MAIL, _CountPlace), checked_limit(limit)
    had = _had(authority, since, more_than)
    wanted = select(had).order_by(had.c.messages.desc(), had.c.latest.desc()).limit(most + 1)
    if place is not None:
        there = (literal(place.messages), literal(place.latest))
        wanted = wanted.where(tuple_(had.c.messages, had.c.latest) < tuple_(*there))
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
        notices = _by_notice(connection, [row.reference for row in rows], since)
    found = [Recipient(**row._asdict(), by_notice=notices.get(row.reference, {})) for row in rows]
    return page_of(_MAIL, found, most, lambda each: _CountPlace(messages=each.messages, latest=each.latest))


def count_written_to(engine: Engine, authority: str, since: datetime, more_than: int) -> int:
    """How many people of an authority had more than so many messages since an instant.

    Args:
        engine: the register.
        authority: by its three-digit code.
        since: an instant, UTC.
        more_than: only those who had more than this.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    had = _had(authority, since, more_than)
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(had)) or 0


def _had(authority: str, since: datetime, more_than: int) -> Subquery:
    """How many messages each had, with who they are."""
    counted = (
        select(DispatchRow.recipient, func.count().label("messages"), func.max(DispatchRow.id).label("latest"))
        .where(*_went_since(since))
        .group_by(DispatchRow.recipient)
        .having(func.count() > more_than)
        .subquery()
    )
    return (
        select(
            counted.c.recipient.label("reference"),
            func.coalesce(PersonRow.name, ContactRow.name).label("name"),
            func.coalesce(PersonRow.role, ContactRow.role, type_=PersonRow.role.type).label("role"),
            ContactRow.child.label("child"),
            counted.c.messages,
            counted.c.latest,
        )
        .outerjoin(PersonRow, PersonRow.reference == counted.c.recipient)
        .outerjoin(ContactRow, ContactRow.reference == counted.c.recipient)
        .where(or_(PersonRow.authority == authority, ContactRow.authority == authority))
        .subquery()
    )


def _by_notice(connection: Connection, recipients: list[str], since: datetime) -> dict[str, dict[NoticeName, int]]:
    wanted = (
        select(DispatchRow.recipient, DispatchRow.notice, func.count().label("messages"))
        .where(*_went_since(since), DispatchRow.recipient.in_(recipients))
        .group_by(DispatchRow.recipient, DispatchRow.notice)
    )
    found: dict[str, dict[NoticeName, int]] = {}
    for row in connection.execute(wanted.order_by(func.count().desc(), DispatchRow.notice)):
        found.setdefault(row.recipient, {})[NoticeName(row.notice)] = row.messages
    return found


def _went_since(since: datetime) -> tuple[ColumnElement[Any], ...]:
    return DispatchRow.owed_at >= since, DispatchRow.state.in_(_WENT)
