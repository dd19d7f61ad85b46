"""The post room's book: which notices wait for an addressee, what goes to whom, and what became of it.

A notice is addressed in one transaction: its messages stand from then on, each under a reference of its own, and a
worker that is killed sends the same ones again under the same references. A message is claimed before it is tried, for
a time, so that two workers never send it at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from post.ways import Message, Outcome, Receipt, Sent
from register.engine import writing
from register.episode_tables import OutboxRow
from register.outbox import carried_by
from register.post_tables import DispatchNoticeRow, DispatchRow
from register.undelivered import mend, note_undelivered
from register.upserts import insert_new
from rules.addressing import NotSent
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Frozen, Role

RECEIPTS_ARE_AWAITED = timedelta(days=10)
"""For so long a way out is asked what became of a message."""


ASK_AGAIN_AFTER = timedelta(minutes=5)


class NewDispatch(Frozen):
    """A message to be sent.

    Attributes:
        notice: which notice; a daily digest when it gathers several.
        recipient: the contact or the person, by reference.
        role: to what role it was owed.
        episode: whose case; None for what is about a service, or several children.
        message: what goes out.
        carries: the notices of the outbox that it delivers.
        stands_in: it goes to somebody who stands in for the one it is owed to.
    """

    notice: NoticeName
    recipient: str
    role: Role
    episode: str | None
    message: Message
    carries: tuple[int, ...]
    stands_in: bool = False


class Settled(Frozen):
    """A notice of the outbox that has been addressed.

    Attributes:
        id: its place in the outbox.
        not_sent: who does not get it, and why.
        undeliverable: why nobody can get it who should; None when all is well.
    """

    id: int
    not_sent: tuple[NotSent, ...] = ()
    undeliverable: str | None = None


class Claimed(Frozen):
    """A message that is ours to try.

    Attributes:
        id: the dispatch.
        tries: how often it has been tried, this time counted.
        owed_at: since when it is owed, UTC.
        notice, recipient, role, episode, message: as in `NewDispatch`.
    """

    id: int
    tries: int
    owed_at: AwareDatetime
    notice: NoticeName
    recipient: str
    role: Role
    episode: str | None
    message: Message


class UnderWay(Frozen):
    """A message of which a receipt may still come."""

    id: int
    way: Way
    receipt: str


def keep_addressed(engine: Engine, settled: Sequence[Settled], dispatches: Sequence[NewDispatch], at: datetime) -> None:
    """Write who gets what, and who does not, of notices that were waiting; all of it, or nothing.

    Asked twice, the second time changes nothing: a message is known by its reference.

    Args:
        engine: the register.
        settled: the notices.
        dispatches: the messages they led to.
        at: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        insert_new(connection, DispatchRow, [_row(each, at) for each in dispatches])
        numbers = _numbers(connection, [each.message.reference for each in dispatches])
        carried = [
            {"dispatch_id": numbers[each.message.reference], "outbox_id": notice}
            for each in dispatches
            for notice in each.carries
        ]
        insert_new(connection, DispatchNoticeRow, carried)
        for each in settled:
            values = {"addressed_at": at, "not_sent": each.not_sent}
            written = connection.execute(
                update(OutboxRow).where(OutboxRow.id == each.id, OutboxRow.addressed_at.is_(None)).values(values)
            )
            if each.undeliverable and written.rowcount:
                note_undelivered(connection, each.id, None, each.undeliverable, at)
        # Of some there is nothing to wait for: nobody gets them, or it went out to the same person before.
        _close_notices(connection, [each.id for each in settled], at)


def claim(engine: Engine, now: datetime, lease: timedelta, limit: int, but_not: Collection[Way] = ()) -> list[Claimed]:
    """Take the next messages to try, so that nobody else does until the lease is over.

    Args:
        engine: the register.
        now: the instant, UTC.
        lease: for how long they are ours.
        limit: how many at most.
        but_not: ways by which nothing can be sent at present.

    Returns:
        The messages, in the order they came to be owed; each counts one try more.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    free = (
        select(DispatchRow.id)
        .where(
            DispatchRow.state == DispatchState.OWED,
            DispatchRow.not_before <= now,
            or_(DispatchRow.claimed_until.is_(None), DispatchRow.claimed_until <= now),
            DispatchRow.way.not_in(but_not),
        )
        .order_by(DispatchRow.id)
        .limit(limit)
    )
    if engine.dialect.name == "postgresql":
        free = free.with_for_update(skip_locked=True)
    taking = (
        update(DispatchRow)
        .where(DispatchRow.id.in_(free))
        .values(claimed_until=now + lease, tries=DispatchRow.tries + 1)
        .returning(
            *(getattr(DispatchRow, name) for name in Claimed.model_fields if name != "episode"),
            DispatchRow.episode_id.label("episode"),
        )
    )
    with writing(engine) as connection:
        rows = connection.execute(taking).all()
    return sorted((Claimed.model_validate(row, from_attributes=True) for row in rows), key=lambda each: each.id)


def went_out(engine: Engine, dispatch: int, sent: Sent, at: datetime) -> None:
    """Note that a message has gone out; one that was sent in place of another puts that right.

    Args:
        engine: the register.
        dispatch: the message.
        sent: what the way out said.
        at: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        _change(connection, dispatch, state=DispatchState.SENT, sent_at=at, receipt=sent.receipt, reason=None)
        _close_notices(connection, carried_by(dispatch), at)
        if sent.receipt is None:  # There will be no word of it, so that is as good as it gets.
            mend(connection, dispatch, at)


def waits(engine: Engine, dispatches: Collection[int], not_before: datetime, reason: str) -> None:
    """Put messages back, to be tried again later.

    Args:
        engine: the register.
        dispatches: the messages.
        not_before: the instant from which to try again, UTC.
        reason: why, without an address.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        connection.execute(
            update(DispatchRow)
            .where(DispatchRow.id.in_(dispatches))
            .values(claimed_until=None, not_before=not_before, reason=reason)
        )


def untried(engine: Engine, dispatches: Collection[int], not_before: datetime) -> None:
    """Put messages back that were claimed and not tried after all.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        connection.execute(
            update(DispatchRow)
            .where(DispatchRow.id.in_(dispatches))
            .values(claimed_until=None, not_before=not_before, tries=DispatchRow.tries - 1)
        )


def failed(engine: Engine, dispatch: int, reason: str, at: datetime) -> None:
    """Note that a message will not arrive; the notices it carried reached nobody this way.

    Args:
        engine: the register.
        dispatch: the message.
        reason: why, without an address.
        at: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        _fail(connection, dispatch, reason, at)


def dropped(engine: Engine, dispatch: int, reason: str, at: datetime, *, anew: bool = False) -> None:
    """Note that a message is not to go out any more.

    Args:
        engine: the register.
        dispatch: the message.
        reason: why.
        at: the instant, UTC.
        anew: what it carries is to be addressed anew: some of it may still go. Whoever has it in another message is
            not sent it again (`outbox.told_already`).

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        _change(connection, dispatch, state=DispatchState.DROPPED, outcome_at=at, reason=reason)
        if anew:
            again = update(OutboxRow).where(OutboxRow.id.in_(carried_by(dispatch)))
            connection.execute(again.values(addressed_at=None, not_sent=None, sent_at=None))
        else:
            _close_notices(connection, carried_by(dispatch), at)


def under_way(engine: Engine, now: datetime, limit: int) -> list[UnderWay]:
    """The messages whose way out is to be asked what became of them; they count as asked.

    Args:
        engine: the register.
        now: the instant, UTC.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    due = (
        select(DispatchRow.id)
        .where(
            DispatchRow.state == DispatchState.SENT,
            DispatchRow.receipt.is_not(None),
            DispatchRow.sent_at > now - RECEIPTS_ARE_AWAITED,
            or_(DispatchRow.asked_at.is_(None), DispatchRow.asked_at <= now - ASK_AGAIN_AFTER),
        )
        .order_by(DispatchRow.asked_at.is_not(None), DispatchRow.asked_at, DispatchRow.id)
        .limit(limit)
    )
    asking = (
        update(DispatchRow)
        .where(DispatchRow.id.in_(due))
        .values(asked_at=now)
        .returning(DispatchRow.id, DispatchRow.way, DispatchRow.receipt)
    )
    with writing(engine) as connection:
        rows = connection.execute(asking).all()
    return [UnderWay.model_validate(row, from_attributes=True) for row in rows]


def take_receipt(engine: Engine, receipt: Receipt, at: datetime) -> bool:
    """Note what became of a message.

    Args:
        engine: the register.
        receipt: what the way out said.
        at: the instant, UTC.

    Returns:
        Whether it told anything new.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if receipt.outcome is Outcome.UNDER_WAY:
        return False
    with writing(engine) as connection:
        row = connection.execute(
            select(DispatchRow.id, DispatchRow.state).where(DispatchRow.reference == receipt.reference)
        ).first()
        if row is None or row.state is not DispatchState.SENT:
            return False
        if receipt.outcome is Outcome.DELIVERED:
            _change(connection, row.id, state=DispatchState.DELIVERED, outcome_at=receipt.at or at)
            mend(connection, row.id, at)
        else:
            _fail(connection, row.id, receipt.reason or "It could not be delivered.", receipt.at or at)
    return True


def send_again(engine: Engine, dispatch: int, at: datetime, written: Message | None = None) -> int | None:
    """Owe a message once more, as a message of its own.

    Args:
        engine: the register.
        dispatch: the one that was sent, or failed.
        at: the instant, UTC.
        written: as it reads now, to the address known now; the very same as before when left out.

    Returns:
        The new one's number; None when there is no such message, or it has not been tried to the end yet.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        row = connection.execute(select(DispatchRow).where(DispatchRow.id == dispatch)).first()
        if row is None or row.state is DispatchState.OWED:
            return None
        again = connection.scalar(
            select(func.count()).select_from(DispatchRow).where(DispatchRow.instead_of == dispatch)
        )
        message = (written or row.message).model_copy(update={"reference": f"{row.reference}-{(again or 0) + 2}"})
        new = NewDispatch(
            notice=row.notice,
            recipient=row.recipient,
            role=row.role,
            episode=row.episode_id,
            message=message,
            carries=(),
        )
        connection.execute(insert(DispatchRow), _row(new, at) | {"instead_of": dispatch})
        number = _numbers(connection, [message.reference])[message.reference]
        carried = connection.scalars(carried_by(dispatch)).all()
        insert_new(connection, DispatchNoticeRow, [{"dispatch_id": number, "outbox_id": each} for each in carried])
    return number


def _row(of: NewDispatch, at: datetime) -> dict[str, Any]:
    return {
        "reference": of.message.reference,
        "state": DispatchState.OWED,
        "notice": of.notice,
        "recipient": of.recipient,
        "role": of.role,
        "episode_id": of.episode,
        "way": of.message.way,
        "message": of.message,
        "owed_at": at,
        "not_before": at,
        "tries": 0,
    }


def _numbers(connection: Connection, references: Collection[str]) -> dict[str, int]:
    rows = connection.execute(
        select(DispatchRow.reference, DispatchRow.id).where(DispatchRow.reference.in_(references))
    )
    return dict(rows.all())


def _change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(DispatchRow).where(DispatchRow.id == number).values({"claimed_until": None, **values}))


def _close_notices(connection: Connection, notices: Select[Any] | list[int], at: datetime) -> None:
    """Mark as sent the notices that no message is still to carry, and that do not wait to be addressed anew."""
    still = exists().where(
        DispatchNoticeRow.outbox_id == OutboxRow.id,
        DispatchRow.id == DispatchNoticeRow.dispatch_id,
        DispatchRow.state == DispatchState.OWED,
    )
    addressed = and_(OutboxRow.addressed_at.is_not(None), OutboxRow.sent_at.is_(None))
    closing = update(OutboxRow).where(OutboxRow.id.in_(notices), addressed, ~still)
    connection.execute(closing.values(sent_at=at))


def _fail(connection: Connection, number: int, reason: str, at: datetime) -> None:
    _change(connection, number, state=DispatchState.FAILED, outcome_at=at, reason=reason)
    _close_notices(connection, carried_by(number), at)
    for notice in connection.scalars(carried_by(number)).all():
        note_undelivered(connection, notice, number, reason, at)
