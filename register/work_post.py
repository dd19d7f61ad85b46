"""The messages of an authority that do not arrive: what reached nobody, and what is stuck."""

from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Connection, Engine, Select, String, func, literal, select
from sqlalchemy.orm import aliased

from register.engine import reading
from register.episode_tables import IS_OPEN, EpisodeRow, OutboxRow, StepRow
from register.paging import NumberPlace, Page, checked_limit, page_of, place_of
from register.post_tables import ContactRow, DispatchRow, UndeliveredRow
from register.service_tables import PersonRow
from register.undelivered import SEEN_TO_BY_HAND, STEP_OF_DELIVERY
from register.work_parts import name_of_child
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Frozen, Role

_LOST, _STUCK = "reached nobody", "stuck"


class ReachedNobody(Frozen):
    """A notice that reached nobody and is not put right.

    Attributes:
        id: its number.
        notice: which.
        role: the role it was owed to.
        reason: why, without an address. It may hold words of somebody who works on the case.
        at: when that was found out, UTC.
        way: by which it was tried; None where nobody could be found for it.
        episode: about which; None for a notice about the service.
        child: by the authority's reference; None for one about the service.
        child_name: as the child's network has it; None where it does not, or names were not asked for.
        step: the open step by which it is to be delivered in another way; None where there is none.
    """

    id: int
    notice: NoticeName
    role: Role
    reason: str
    at: AwareDatetime
    way: Way | None
    episode: str | None
    child: str | None
    child_name: str | None
    step: str | None

    @property
    def nobody_found(self) -> bool:
        """It was never tried: nobody is known who could get it."""
        return self.way is None


class Stuck(Frozen):
    """A message that was tried in vain and will be tried again.

    Attributes:
        id: its number.
        notice: what it tells.
        role: the role it is for.
        way: by which it goes.
        episode: about which; None where it is about several, or about the service.
        child_name, child: of that episode; as in `ReachedNobody`.
        owed_at: since when it is owed, UTC.
        not_before: when it is tried again, UTC.
        tries: how often it was tried.
        reason: what the way out said, without an address.
    """

    id: int
    notice: NoticeName
    role: Role
    way: Way
    episode: str | None
    child: str | None
    child_name: str | None
    owed_at: AwareDatetime
    not_before: AwareDatetime
    tries: int
    reason: str


class PostTroubles(Frozen):
    """How many notices of an authority reached nobody, and how many messages are stuck."""

    reached_nobody: int
    stuck: int


def reached_nobody(
    engine: Engine, authority: str, *, after: str | None = None, limit: int = 50, with_names: bool = True
) -> Page[ReachedNobody]:
    """The notices of an authority that reached nobody and are not put right, the latest first.

    Args:
        engine: the register.
        authority: by its three-digit code.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _LOST, NumberPlace), checked_limit(limit)
    step = select(StepRow.key).where(
        StepRow.episode_id == OutboxRow.episode_id, StepRow.key == STEP_OF_DELIVERY, IS_OPEN
    )
    wanted = (
        _lost(authority)
        .add_columns(
            UndeliveredRow.id,
            OutboxRow.name.label("notice"),
            OutboxRow.recipient.label("role"),
            UndeliveredRow.reason,
            UndeliveredRow.at,
            DispatchRow.way,
            OutboxRow.episode_id.label("episode"),
            EpisodeRow.child,
            _child_name(with_names).label("child_name"),
            step.scalar_subquery().label("step"),
        )
        .outerjoin(DispatchRow, DispatchRow.id == UndeliveredRow.dispatch_id)
        .order_by(UndeliveredRow.id.desc())
        .limit(most + 1)
    )
    if place is not None:
        wanted = wanted.where(UndeliveredRow.id < place.number)
    with reading(engine) as connection:
        rows = [ReachedNobody.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]
    return page_of(_LOST, rows, most, lambda each: NumberPlace(number=each.id))


def stuck(
    engine: Engine, authority: str, *, after: str | None = None, limit: int = 50, with_names: bool = True
) -> Page[Stuck]:
    """The messages of an authority that were tried in vain and will be tried again, the oldest first.

    Args:
        engine: the register.
        authority: by its three-digit code.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _STUCK, NumberPlace), checked_limit(limit)
    kept = ("id", "notice", "role", "way", "owed_at", "not_before", "tries", "reason")
    wanted = (
        _stuck(authority)
        .add_columns(*(getattr(DispatchRow, name) for name in kept), DispatchRow.episode_id.label("episode"))
        .add_columns(EpisodeRow.child, _child_name(with_names).label("child_name"))
        .order_by(DispatchRow.id)
        .limit(most + 1)
    )
    if place is not None:
        wanted = wanted.where(DispatchRow.id > place.number)
    with reading(engine) as connection:
        rows = [Stuck.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]
    return page_of(_STUCK, rows, most, lambda each: NumberPlace(number=each.id))


def count_post_troubles(engine: Engine, authority: str) -> PostTroubles:
    """How many notices of an authority reached nobody, and how many messages are stuck.

    Args:
        engine: the register.
        authority: by its three-digit code.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return PostTroubles(
            reached_nobody=_count(connection, _lost(authority)), stuck=_count(connection, _stuck(authority))
        )


def _count(connection: Connection, wanted: Select[Any]) -> int:
    return connection.scalar(wanted.add_columns(func.count())) or 0


_LATER = aliased(UndeliveredRow)
_READER = aliased(ContactRow)
"""Whoever a message is for; the child's own name is looked for in the same table."""


def _lost(authority: str) -> Select[Any]:
    """What reached nobody, each notice once, by its latest failure."""
    again = select(_LATER.id).where(
        _LATER.outbox_id == UndeliveredRow.outbox_id, _LATER.mended_at.is_(None), _LATER.id > UndeliveredRow.id
    )
    return (
        select()
        .select_from(UndeliveredRow)
        .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
        .outerjoin(EpisodeRow, EpisodeRow.id == OutboxRow.episode_id)
        .where(
            UndeliveredRow.mended_at.is_(None),
            func.coalesce(OutboxRow.service, EpisodeRow.authority) == authority,
            ~SEEN_TO_BY_HAND,
            ~again.exists(),
        )
    )


def _stuck(authority: str) -> Select[Any]:
    """What was tried in vain; what is about no one child is its reader's authority's."""
    whose = func.coalesce(EpisodeRow.authority, PersonRow.authority, _READER.authority)
    return (
        select()
        .select_from(DispatchRow)
        .outerjoin(EpisodeRow, EpisodeRow.id == DispatchRow.episode_id)
        .outerjoin(PersonRow, PersonRow.reference == DispatchRow.recipient)
        .outerjoin(_READER, _READER.reference == DispatchRow.recipient)
        .where(DispatchRow.state == DispatchState.OWED, DispatchRow.reason.is_not(None), whose == authority)
    )


def _child_name(with_names: bool) -> ColumnElement[Any]:
    return name_of_child() if with_names else literal(None, String)
