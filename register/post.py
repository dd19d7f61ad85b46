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
    Executable,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from post.ways import Message, Outcome, Receipt, Sent
from register.engine import reading, writing
from register.episode_tables import IS_OPEN, EpisodeRow, OutboxRow, StepRow
from register.post_tables import DispatchNoticeRow, DispatchRow, UndeliveredRow
from register.service_tables import PersonRow
from register.upserts import insert_new
from rules.addressing import NotSent
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.posts import is_post
from rules.steps import Notice
from rules.undelivered import NAME as DELIVERY
from rules.vocabulary import Frozen, Nation, Role

RECEIPTS_ARE_AWAITED = timedelta(days=10)
"""For so long a way out is asked what became of a message."""
ASK_AGAIN_AFTER = timedelta(minutes=5)


class Waiting(Frozen):
    """A notice of the outbox that nobody has been found for yet. Instants are UTC.

    Attributes:
        id: its place in the outbox.
        episode: whose case; None for a notice about an authority's service.
        service: the authority whose service it is about.
        key: unique in the episode or the service.
        name: which notice.
        recipient: the role it is owed to.
        about: the fact, the step or whatever else it is about.
        if_involved: only where somebody of that role is known to be involved.
        owed_at: when it came to be owed.
    """

    id: int
    episode: str | None
    service: str | None
    key: str
    name: NoticeName
    recipient: Role
    about: str
    if_involved: bool
    owed_at: AwareDatetime

    @property
    def notice(self) -> Notice:
        """The notice as the rules know it."""
        return Notice(**{field: getattr(self, field) for field in Notice.model_fields})


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


class Dispatch(Frozen):
    """A message in the post room's book. Instants are UTC; the message itself is read with `message_of`."""

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


class UnderWay(Frozen):
    """A message of which a receipt may still come."""

    id: int
    way: Way
    receipt: str


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


_SEEN_TO_BY_HAND = exists().where(
    StepRow.episode_id == OutboxRow.episode_id,
    StepRow.key == literal(f"{DELIVERY}.undelivered-") + cast(UndeliveredRow.id, String),
    ~IS_OPEN,
)
"""Of a notice that reached nobody: the step that came of it is closed, as somebody recorded that they delivered it."""

_NOTICES = select(
    OutboxRow.id,
    OutboxRow.episode_id.label("episode"),
    OutboxRow.service,
    OutboxRow.key,
    OutboxRow.name,
    OutboxRow.recipient,
    OutboxRow.about,
    OutboxRow.if_involved,
    OutboxRow.owed_at,
)
_AUTHORITY = select(EpisodeRow.authority).where(EpisodeRow.id == OutboxRow.episode_id).correlate(OutboxRow)
_WHOSE = func.coalesce(OutboxRow.service, _AUTHORITY.scalar_subquery())
_POSTS = [role for role in Role if is_post(role)]
_HELD = and_(
    OutboxRow.recipient.in_(_POSTS),
    ~exists().where(PersonRow.authority == _WHOSE).correlate(OutboxRow),
)
"""What is owed to a post of an authority of which the directory holds nobody: it waits until somebody is added.

To tell every case that the IRO manager could not be found would be to tell of one thing a thousand times.
"""
_WAITING = _NOTICES.where(OutboxRow.addressed_at.is_(None), ~_HELD)


def waiting(engine: Engine, routine: Collection[str], limit: int) -> list[Waiting]:
    """The first notices that go at once and are not addressed yet, in the order they came to be owed.

    Args:
        engine: the register.
        routine: the names of the notices that wait for the morning.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return _waiting(engine, _WAITING.where(OutboxRow.name.not_in(routine)).order_by(OutboxRow.id).limit(limit))


def waiting_for_the_morning(
    engine: Engine, routine: Collection[str], nation: Nation, before: datetime
) -> list[Waiting]:
    """The routine notices about a nation's children that are not addressed yet.

    Args:
        engine: the register.
        routine: the names of the notices that wait for the morning.
        nation: whose working mornings they wait for.
        before: the instant of the last working morning, UTC; what came to be owed later waits for the next.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    of_nation = _WAITING.join(EpisodeRow, EpisodeRow.id == OutboxRow.episode_id).where(EpisodeRow.nation == nation)
    due = of_nation.where(OutboxRow.name.in_(routine), OutboxRow.owed_at < before)
    return _waiting(engine, due.order_by(OutboxRow.id))


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
                _undelivered(connection, each.id, None, each.undeliverable, at)
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
        _close_notices(connection, _carried(dispatch), at)
        if sent.receipt is None:  # There will be no word of it, so that is as good as it gets.
            _mend(connection, dispatch, at)


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


def dropped(engine: Engine, dispatch: int, reason: str, at: datetime) -> None:
    """Note that a message is not to go out any more.

    Args:
        engine: the register.
        dispatch: the message.
        reason: why.
        at: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        _change(connection, dispatch, state=DispatchState.DROPPED, outcome_at=at, reason=reason)
        _close_notices(connection, _carried(dispatch), at)


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
            _mend(connection, row.id, at)
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
        carried = connection.scalars(_carried(dispatch)).all()
        insert_new(connection, DispatchNoticeRow, [{"dispatch_id": number, "outbox_id": each} for each in carried])
    return number


def address_again(engine: Engine, authority: str, child: str, role: Role) -> int:
    """Have another look for whom to send what nobody of a role could be found for, now that somebody is known.

    Args:
        engine: the register.
        authority: whose child it is, by its three-digit code.
        child: by the authority's reference.
        role: what the one who is known now is to the child.

    Returns:
        How many notices are looked at again.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    theirs = select(EpisodeRow.id).where(EpisodeRow.authority == authority, EpisodeRow.child == child)
    nobody = select(UndeliveredRow.outbox_id).where(
        UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.mended_at.is_(None)
    )
    # A child's letters go to the carer where the child has no way of their own.
    roles = {role, Role.CHILD} if role is Role.CARER else {role}
    again = (
        update(OutboxRow)
        .where(OutboxRow.episode_id.in_(theirs), OutboxRow.recipient.in_(roles), OutboxRow.id.in_(nobody))
        .values(addressed_at=None, not_sent=None, sent_at=None)
        .returning(OutboxRow.id)
    )
    with writing(engine) as connection:
        return len(connection.execute(again).all())


def address_posts_again(engine: Engine) -> int:
    """Have another look for what nobody in the directory could be found or reached for, now that it has changed.

    Args:
        engine: the register.

    Returns:
        How many notices are looked at again.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    nobody = select(UndeliveredRow.outbox_id).where(
        UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.mended_at.is_(None)
    )
    again = (
        update(OutboxRow)
        .where(OutboxRow.recipient.in_(_POSTS), OutboxRow.id.in_(nobody))
        .values(addressed_at=None, not_sent=None, sent_at=None)
        .returning(OutboxRow.id)
    )
    with writing(engine) as connection:
        return len(connection.execute(again).all())


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
            ~_SEEN_TO_BY_HAND,
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


def dispatches(
    engine: Engine, *, states: Collection[DispatchState] = (), episode: str | None = None, limit: int | None = None
) -> list[Dispatch]:
    """Messages, the latest first.

    Args:
        engine: the register.
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
    with reading(engine) as connection:
        return [Dispatch.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def dispatch(engine: Engine, number: int) -> tuple[Dispatch, Message] | None:
    """One message with its words; None when there is none of that number.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _dispatches().add_columns(DispatchRow.message).where(DispatchRow.id == number)
    with reading(engine) as connection:
        row = connection.execute(wanted).first()
    return (Dispatch.model_validate(row, from_attributes=True), row.message) if row else None


def not_sent(engine: Engine, episode: str | None = None) -> list[tuple[Waiting, tuple[NotSent, ...]]]:
    """The notices that somebody did not get, and why; the latest first.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _NOTICES.add_columns(OutboxRow.not_sent).where(OutboxRow.addressed_at.is_not(None))
    if episode is not None:
        wanted = wanted.where(OutboxRow.episode_id == episode)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(OutboxRow.id.desc())).all()
    return [(_of_row(row), row.not_sent) for row in rows if row.not_sent]


def undelivered(engine: Engine) -> list[Undelivered]:
    """The notices that reached nobody and are not put right, the latest first.

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
        .where(UndeliveredRow.mended_at.is_(None), ~_SEEN_TO_BY_HAND)
        .order_by(UndeliveredRow.id.desc())
    )
    with reading(engine) as connection:
        return [Undelivered.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def notices_carried(engine: Engine, dispatch: int) -> list[Waiting]:
    """The notices of the outbox that a message delivers, in the order they came to be owed.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    carried = select(DispatchNoticeRow.outbox_id).where(DispatchNoticeRow.dispatch_id == dispatch)
    return _waiting(engine, _NOTICES.where(OutboxRow.id.in_(carried)).order_by(OutboxRow.id))


def notices_ever_owed(engine: Engine, episode: str, name: NoticeName) -> list[Waiting]:
    """The notices of one name that a case ever owed, sent or not, the latest first.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _NOTICES.where(OutboxRow.episode_id == episode, OutboxRow.name == name)
    return _waiting(engine, wanted.order_by(OutboxRow.id.desc()))


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
            select(func.count()).select_from(OutboxRow).where(OutboxRow.addressed_at.is_(None), _HELD)
        )
        undelivered = connection.scalar(
            select(func.count())
            .select_from(UndeliveredRow)
            .join(OutboxRow, OutboxRow.id == UndeliveredRow.outbox_id)
            .where(UndeliveredRow.mended_at.is_(None), ~_SEEN_TO_BY_HAND)
        )
    return Tally(
        waiting=unaddressed or 0,
        held=held or 0,
        stuck=stuck or 0,
        undelivered=undelivered or 0,
        **{state.value: states.get(state, 0) for state in DispatchState},
    )


def _waiting(engine: Engine, wanted: Executable) -> list[Waiting]:
    with reading(engine) as connection:
        return [_of_row(row) for row in connection.execute(wanted)]


def _of_row(row: Any) -> Waiting:
    return Waiting.model_validate({name: getattr(row, name) for name in Waiting.model_fields})


def _dispatches() -> Select[Any]:
    kept = (getattr(DispatchRow, name) for name in Dispatch.model_fields if name != "episode")
    return select(*kept, DispatchRow.episode_id.label("episode"))


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


def _carried(number: int) -> Select[Any]:
    """The notices that a message carries."""
    return select(DispatchNoticeRow.outbox_id).where(DispatchNoticeRow.dispatch_id == number)


def _close_notices(connection: Connection, notices: Select[Any] | list[int], at: datetime) -> None:
    """Mark as sent the notices that no message is still to carry."""
    still = exists().where(
        DispatchNoticeRow.outbox_id == OutboxRow.id,
        DispatchRow.id == DispatchNoticeRow.dispatch_id,
        DispatchRow.state == DispatchState.OWED,
    )
    closing = update(OutboxRow).where(OutboxRow.id.in_(notices), OutboxRow.sent_at.is_(None), ~still)
    connection.execute(closing.values(sent_at=at))


def _fail(connection: Connection, number: int, reason: str, at: datetime) -> None:
    _change(connection, number, state=DispatchState.FAILED, outcome_at=at, reason=reason)
    _close_notices(connection, _carried(number), at)
    for notice in connection.scalars(_carried(number)).all():
        _undelivered(connection, notice, number, reason, at)


def _undelivered(connection: Connection, notice: int, number: int | None, reason: str, at: datetime) -> None:
    """Note it, unless it stands already that nobody could be found for the notice."""
    standing = select(UndeliveredRow.id).where(
        UndeliveredRow.outbox_id == notice, UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.mended_at.is_(None)
    )
    if number is None and connection.execute(standing).first():
        return
    row = {"outbox_id": notice, "dispatch_id": number, "reason": reason, "at": at}
    connection.execute(insert(UndeliveredRow), row)


def _mend(connection: Connection, number: int, at: datetime) -> None:
    """What earlier messages to the same reader failed to carry, or nobody was found for, has arrived with this one."""
    reader = select(DispatchRow.recipient).where(DispatchRow.id == number).scalar_subquery()
    theirs = select(DispatchRow.id).where(DispatchRow.recipient == reader)
    connection.execute(
        update(UndeliveredRow)
        .where(
            UndeliveredRow.outbox_id.in_(_carried(number)),
            or_(UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.dispatch_id.in_(theirs)),
            UndeliveredRow.mended_at.is_(None),
        )
        .values(mended_at=at, mended_by=number)
    )
