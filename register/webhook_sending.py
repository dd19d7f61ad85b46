"""The post room's book of webhooks: which receiver is whose turn, what comes next for it, and what became of it.

A receiver is claimed for a time, so that one worker alone sends to it and what it is told of an episode comes in
order. A worker that is killed leaves it claimed; whoever claims it later sends the same event under the same reference.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from post.webhook_messages import WebhookKind, WebhookState
from register.engine import reading, writing
from register.webhook_tables import WebhookDeliveryRow, WebhookEventRow, WebhookRow
from register.webhooks import revoke
from rules.vocabulary import SYSTEM, Frozen

GONE = "The receiver answered 410: it wants no more, and the webhook was revoked."
GIVEN_UP = "The receiver has taken nothing for days."


class Claim(Frozen):
    """A receiver that is ours for a time. Instants are UTC.

    Attributes:
        id: the webhook's number.
        url: where it is.
        secret: what its requests are signed with, sealed.
        failures: how many tries in a row were in vain.
        failing_since: since when; None while all is well.
        claimed_until: until when it is ours.
    """

    id: int
    url: str
    secret: str
    failures: int
    failing_since: AwareDatetime | None
    claimed_until: AwareDatetime


class Owed(Frozen):
    """An event to send to a receiver.

    Attributes:
        id: the delivery's number.
        reference: what the receiver knows the event by.
        episode: whose step it is about.
        kind: what happened.
        body: what is sent.
        tries: how often it was tried before.
        owed_at: since when it is owed, UTC.
    """

    id: int
    reference: str
    episode: str
    kind: WebhookKind
    body: str
    tries: int
    owed_at: AwareDatetime


class Tried(Frozen):
    """What came of one try.

    Attributes:
        delivery: its number.
        state: what became of it; owed while it is to be tried again.
        at: when, UTC.
        status: what the receiver answered; None where it gave no answer.
        reason: why it waits or failed, without the address.
        not_before: when to try it again; None where it is not.
        rest_until: until when the receiver is left in peace; None where other events may be tried.
        given_up: what has been owed since before this instant, UTC, is not tried any more either; None to go on.
        gone: the receiver wants no more at all.
    """

    delivery: int
    state: WebhookState
    at: AwareDatetime
    status: int | None = None
    reason: str | None = None
    not_before: AwareDatetime | None = None
    rest_until: AwareDatetime | None = None
    given_up: AwareDatetime | None = None
    gone: bool = False


def claim(engine: Engine, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
    """Take the receivers that something can be sent to, so that nobody else does until the lease is over.

    Args:
        engine: the register.
        now: the instant, UTC.
        lease: for how long they are ours; each try that is noted begins it anew.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    free = (
        select(WebhookRow.id)
        .where(
            WebhookRow.revoked_at.is_(None),
            WebhookRow.not_before <= now,
            or_(WebhookRow.claimed_until.is_(None), WebhookRow.claimed_until <= now),
            exists().where(WebhookDeliveryRow.webhook_id == WebhookRow.id, _can_go(now)),
        )
        # Whoever has failed the longest waits for those who take what they are sent.
        .order_by(WebhookRow.failures, WebhookRow.id)
        .limit(limit)
    )
    if engine.dialect.name == "postgresql":
        # Publications hold the key of their receivers until they stand: that is no reason to pass these over.
        free = free.with_for_update(skip_locked=True, key_share=True)
    taking = (
        update(WebhookRow)
        .where(WebhookRow.id.in_(free))
        .values(claimed_until=now + lease)
        .returning(*(getattr(WebhookRow, name) for name in Claim.model_fields))
    )
    with writing(engine) as connection:
        rows = connection.execute(taking).all()
    return sorted((Claim.model_validate(row, from_attributes=True) for row in rows), key=lambda each: each.id)


def next_owed(engine: Engine, webhook: int, now: datetime, limit: int) -> list[Owed]:
    """What can be sent to a receiver now, in the order it came to be owed.

    What was put off holds back whatever came later in the same episode.

    Args:
        engine: the register.
        webhook: its number.
        now: the instant, UTC.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = (
        select(
            WebhookDeliveryRow.id,
            WebhookEventRow.reference,
            WebhookDeliveryRow.episode,
            WebhookEventRow.kind,
            WebhookEventRow.body,
            WebhookDeliveryRow.tries,
            WebhookDeliveryRow.owed_at,
        )
        .join(WebhookEventRow, WebhookEventRow.reference == WebhookDeliveryRow.event)
        .where(WebhookDeliveryRow.webhook_id == webhook, _can_go(now))
        .order_by(WebhookDeliveryRow.id)
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
    return [Owed.model_validate(row, from_attributes=True) for row in rows]


def note(engine: Engine, held: Claim, tried: Tried, lease: timedelta) -> Claim | None:
    """Write what came of a try, and go on holding the receiver.

    Args:
        engine: the register.
        held: the receiver.
        tried: what came of it.
        lease: for how long the receiver is ours from now.

    Returns:
        The receiver as it is held now; None when it is not ours any more: another worker has claimed it, it was
        revoked, or it is to be left in peace.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        _note_delivery(connection, tried)
        if tried.gone:
            revoke(connection, held.id, SYSTEM, tried.at, GONE)
            return None
        if tried.given_up:
            _give_up(connection, held.id, tried.given_up)
        return _hold_on(connection, held, tried, lease)


def release(engine: Engine, held: Claim) -> None:
    """Let go of a receiver.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        connection.execute(update(WebhookRow).where(_is_held(held)).values(claimed_until=None))


def _is_held(held: Claim) -> ColumnElement[bool]:
    """Whether nobody else has claimed it since."""
    return and_(WebhookRow.id == held.id, WebhookRow.claimed_until == held.claimed_until)


def _hold_on(connection: Connection, held: Claim, tried: Tried, lease: timedelta) -> Claim | None:
    """Write how the receiver fares, and hold it for longer unless it is to be left in peace."""
    until = None if tried.rest_until else tried.at + lease
    well = tried.state is WebhookState.DELIVERED
    fares = {
        "failures": 0 if well else held.failures + 1,
        "failing_since": None if well else held.failing_since or tried.at,
    }
    rests = {"not_before": tried.rest_until} if tried.rest_until else {}
    ours = update(WebhookRow).where(_is_held(held)).values(claimed_until=until, **fares, **rests)
    if connection.scalar(ours.returning(WebhookRow.id)) is None or until is None:
        return None
    return held.model_copy(update={**fares, "claimed_until": until})


def _give_up(connection: Connection, webhook: int, owed_before: datetime) -> None:
    stale = update(WebhookDeliveryRow).where(
        WebhookDeliveryRow.webhook_id == webhook,
        WebhookDeliveryRow.state == WebhookState.OWED,
        WebhookDeliveryRow.owed_at <= owed_before,
    )
    connection.execute(stale.values(state=WebhookState.FAILED, reason=GIVEN_UP))


def _note_delivery(connection: Connection, tried: Tried) -> None:
    values: dict[str, Any] = {
        "state": tried.state,
        "tries": WebhookDeliveryRow.tries + 1,
        "tried_at": tried.at,
        "status": tried.status,
        "reason": tried.reason,
    }
    if tried.not_before is not None:
        values["not_before"] = tried.not_before
    # One that was revoked meanwhile and arrived all the same did arrive.
    mine = update(WebhookDeliveryRow).where(WebhookDeliveryRow.id == tried.delivery)
    if tried.state is not WebhookState.DELIVERED:
        mine = mine.where(WebhookDeliveryRow.state == WebhookState.OWED)
    connection.execute(mine.values(values))


def _can_go(now: datetime) -> ColumnElement[bool]:
    """Owed, its time has come, and nothing earlier of the same episode is put off."""
    earlier = aliased(WebhookDeliveryRow)
    put_off = exists().where(
        earlier.webhook_id == WebhookDeliveryRow.webhook_id,
        earlier.episode == WebhookDeliveryRow.episode,
        earlier.state == WebhookState.OWED,
        earlier.id < WebhookDeliveryRow.id,
        earlier.not_before > now,
    )
    return and_(WebhookDeliveryRow.state == WebhookState.OWED, WebhookDeliveryRow.not_before <= now, ~put_off)
