"""What the command line and the desk ask of the post room's book."""

from collections.abc import Collection
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    func,
    select,
)

from post.ways import Message
from register.engine import reading
from register.episode_tables import OutboxRow
from register.outbox import HELD
from register.post_tables import DispatchNoticeRow, DispatchRow, UndeliveredRow
from register.undelivered import SEEN_TO_BY_HAND
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Frozen, Role


class Dispatch(Frozen):
    """A message in the post room's book. Instants are UTC; the message itself is read with `dispatch`.

    Attributes:
        role: what its words are for.
        roles: all that its notices were owed to: whoever stands for several posts is written to once.
    """

    id: int
    reference: str
    state: DispatchState
    notice: NoticeName
    recipient: str
    role: Role
    episode: str | None
    way: Way
    owed_at: AwareDatetime
    not_before: AwareDatetime
    tries: int
    sent_at: AwareDatetime | None
    outcome_at: AwareDatetime | None
    reason: str | None
    instead_of: int | None
    roles: tuple[Role, ...] = ()


class Tally(Frozen):
    """The post room in numbers.

    Attributes:
        waiting: notices that are not addressed yet: the routine ones wait for the morning.
        held: those of them that wait for an authority to add anybody at all to the directory.
        owed, sent, delivered, failed, dropped: messages by what became of them.
        stuck: messages owed that have been tried in vain.
        undelivered: notices that reached nobody and are not put right.
    """

    waiting: int
    held: int
    owed: int
    sent: int
    delivered: int
    failed: int
    dropped: int
    stuck: int
    undelivered: int


def dispatches(
    register: Engine | Connection,
    *,
    states: Collection[DispatchState] = (),
    episode: str | None = None,
    limit: int | None = None,
) -> list[Dispatch]:
    """Messages, the latest first.

    Args:
        register: the register, or a connection to it.
        states: only those of which this became; every one when empty.
        episode: only those about this case.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _dispatches().order_by(DispatchRow.id.desc())
    if states:
        wanted = wanted.where(DispatchRow.state.in_(states))
    if episode is not None:
        carried = select(DispatchNoticeRow.dispatch_id).join(OutboxRow, OutboxRow.id == DispatchNoticeRow.outbox_id)
        wanted = wanted.where(DispatchRow.id.in_(carried.where(OutboxRow.episode_id == episode)))
    if limit is not None:
        wanted = wanted.limit(limit)
    with reading(register) as connection:
        found = [Dispatch.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]
        return _with_roles(connection, found)


def dispatch(engine: Engine, number: int) -> tuple[Dispatch, Message] | None:
    """One message with its words; None when there is none of that number.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _dispatches().add_columns(DispatchRow.message).where(DispatchRow.id == number)
    with reading(engine) as connection:
        row = connection.execute(wanted).first()
        if row is None:
            return None
        [found] = _with_roles(connection, [Dispatch.model_validate(row, from_attributes=True)])
    return found, row.message


def tally(engine: Engine) -> Tally:
    """The post room in numbers.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        states = dict(connection.execute(select(DispatchRow.state, func.count()).group_by(DispatchRow.state)).all())
        stuck = connection.scalar(
            select(func.count())
            .select_from(DispatchRow)
            .where(DispatchRow.state == DispatchState.OWED, DispatchRow.reason.is_not(None))
        )
        unaddressed = connection.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.addressed_at.is_(None))
        )
        held = connection.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.addressed_at.is_(None), HELD)
        )
        undelivered = connection.scalar(
            select(func.count())
            .select_from(UndeliveredRow)
            .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
            .where(UndeliveredRow.mended_at.is_(None), ~SEEN_TO_BY_HAND)
        )
    return Tally(
        waiting=unaddressed or 0,
        held=held or 0,
        stuck=stuck or 0,
        undelivered=undelivered or 0,
        **{state.value: states.get(state, 0) for state in DispatchState},
    )


def _dispatches() -> Select[Any]:
    kept = (getattr(DispatchRow, name) for name in Dispatch.model_fields if name not in ("episode", "roles"))
    return select(*kept, DispatchRow.episode_id.label("episode"))


def _with_roles(connection: Connection, found: list[Dispatch]) -> list[Dispatch]:
    """The messages with all that their notices were owed to, the first owed first."""
    owed = (
        select(DispatchNoticeRow.dispatch_id, OutboxRow.recipient)
        .join(OutboxRow, OutboxRow.id == DispatchNoticeRow.outbox_id)
        .where(DispatchNoticeRow.dispatch_id.in_([each.id for each in found]))
        .order_by(OutboxRow.id)
    )
    roles: dict[int, list[Role]] = {}
    for number, role in connection.execute(owed):
        roles.setdefault(number, []).append(role)
    return [each.model_copy(update={"roles": tuple(dict.fromkeys(roles.get(each.id, ())))}) for each in found]
