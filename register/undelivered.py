"""Notices that reached nobody: noted, told to their episode, and put right."""

from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    String,
    and_,
    cast,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from register.engine import reading, writing
from register.episode_tables import IS_OPEN, OutboxRow, StepRow
from register.outbox import carried_by
from register.post_tables import DispatchRow, UndeliveredRow
from rules.network import Way
from rules.notice_names import NoticeName
from rules.undelivered import NAME as DELIVERY
from rules.vocabulary import Frozen, Role


class Untold(Frozen):
    """A notice that reached nobody, of which the episode has not been told yet; or that it has been put right.

    Attributes:
        id: its number.
        outbox: the notice, by its place in the outbox.
        episode: whose case.
        notice: which.
        recipient: the role it was owed to.
        about: what it was about.
        reason: why, without an address.
        mended: the way by which it was delivered after all; None while it was not.
        nobody_found: nobody could be found for it, so that it was never tried.
    """

    id: int
    outbox: int
    episode: str
    notice: NoticeName
    recipient: Role
    about: str
    reason: str
    mended: Way | None
    nobody_found: bool


class Undelivered(Frozen):
    """A notice that reached nobody and has not been put right. Instants are UTC.

    Attributes:
        outbox: the notice, by its place in the outbox.
        episode: whose case; None for a notice about a service.
        notice: which.
        recipient: the role it was owed to.
        reason: why, without an address.
        at: when that was found out.
        dispatch: the message that failed to carry it; None when nobody could be found.
        way: by which that message went.
    """

    outbox: int
    episode: str | None
    notice: NoticeName
    recipient: Role
    reason: str
    at: AwareDatetime
    dispatch: int | None
    way: Way | None


STEP_OF_DELIVERY: ColumnElement[str] = literal(f"{DELIVERY}.undelivered-") + cast(UndeliveredRow.id, String)
"""Of a notice that reached nobody: the key of the step by which it is delivered in another way."""

SEEN_TO_BY_HAND = exists().where(
    StepRow.episode_id == OutboxRow.episode_id,
    StepRow.key == STEP_OF_DELIVERY,
    ~IS_OPEN,
)
"""Of a notice that reached nobody: the step that came of it is closed, as somebody recorded that they delivered it."""


def untold(engine: Engine) -> list[Untold]:
    """The notices that reached nobody, or did after all, of which their episode is to be told.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    mended = and_(UndeliveredRow.mended_at.is_not(None), UndeliveredRow.mended_told_at.is_(None))
    wanted = (
        select(
            UndeliveredRow.id,
            UndeliveredRow.outbox_id.label("outbox"),
            OutboxRow.episode_id.label("episode"),
            OutboxRow.name.label("notice"),
            OutboxRow.recipient,
            OutboxRow.about,
            UndeliveredRow.reason,
            DispatchRow.way.label("mended"),
            UndeliveredRow.dispatch_id.is_(None).label("nobody_found"),
        )
        .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
        .outerjoin(DispatchRow, and_(DispatchRow.id == UndeliveredRow.mended_by, UndeliveredRow.told_at.is_not(None)))
        .where(OutboxRow.episode_id.is_not(None), or_(UndeliveredRow.told_at.is_(None), mended))
        .order_by(UndeliveredRow.id)
    )
    with reading(engine) as connection:
        return [Untold.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def is_known(engine: Engine, what: Untold) -> bool:
    """Whether the episode knows already that nobody can be found for the role; it is told once, not for each notice.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if what.mended or not what.nobody_found:
        return False
    known = (
        select(UndeliveredRow.id)
        .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
        .where(
            OutboxRow.episode_id == what.episode,
            OutboxRow.recipient == what.recipient,
            UndeliveredRow.dispatch_id.is_(None),
            UndeliveredRow.told_at.is_not(None),
            # What was told for good led to no step; and one that is closed speaks for nothing that came later.
            UndeliveredRow.mended_told_at.is_(None),
            UndeliveredRow.mended_at.is_(None),
            ~SEEN_TO_BY_HAND,
        )
    )
    with reading(engine) as connection:
        return connection.execute(known).first() is not None


def told(engine: Engine, what: Untold, at: datetime, *, for_good: bool = False) -> None:
    """Note that an episode has been told, or would not be.

    Args:
        engine: the register.
        what: of what.
        at: the instant, UTC.
        for_good: nor is it to be told when it has been put right.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    values = {"mended_told_at": at} if what.mended else {"told_at": at}
    if for_good:
        values["mended_told_at"] = at
    with writing(engine) as connection:
        connection.execute(update(UndeliveredRow).where(UndeliveredRow.id == what.id).values(values))


def undelivered(register: Engine | Connection, episode: str | None = None) -> list[Undelivered]:
    """The notices that reached nobody and are not put right, the latest first.

    Args:
        register: the register, or a connection to it.
        episode: only those about this case.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = (
        select(
            UndeliveredRow.outbox_id.label("outbox"),
            OutboxRow.episode_id.label("episode"),
            OutboxRow.name.label("notice"),
            OutboxRow.recipient,
            UndeliveredRow.reason,
            UndeliveredRow.at,
            UndeliveredRow.dispatch_id.label("dispatch"),
            DispatchRow.way,
        )
        .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
        .outerjoin(DispatchRow, DispatchRow.id == UndeliveredRow.dispatch_id)
        .where(UndeliveredRow.mended_at.is_(None), ~SEEN_TO_BY_HAND)
        .order_by(UndeliveredRow.id.desc())
    )
    if episode is not None:
        wanted = wanted.where(OutboxRow.episode_id == episode)
    with reading(register) as connection:
        return [Undelivered.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def note_undelivered(connection: Connection, notice: int, number: int | None, reason: str, at: datetime) -> None:
    """Note it, unless it stands already that nobody could be found for the notice."""
    standing = select(UndeliveredRow.id).where(
        UndeliveredRow.outbox_id == notice, UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.mended_at.is_(None)
    )
    if number is None and connection.execute(standing).first():
        return
    row = {"outbox_id": notice, "dispatch_id": number, "reason": reason, "at": at}
    connection.execute(insert(UndeliveredRow), row)


def mend(connection: Connection, number: int, at: datetime) -> None:
    """What earlier messages to the same reader failed to carry, or nobody was found for, has arrived with this one."""
    reader = select(DispatchRow.recipient).where(DispatchRow.id == number).scalar_subquery()
    theirs = select(DispatchRow.id).where(DispatchRow.recipient == reader)
    connection.execute(
        update(UndeliveredRow)
        .where(
            UndeliveredRow.outbox_id.in_(carried_by(number)),
            or_(UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.dispatch_id.in_(theirs)),
            UndeliveredRow.mended_at.is_(None),
        )
        .values(mended_at=at, mended_by=number)
    )
