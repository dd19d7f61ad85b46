"""What became of the events that receivers were to be told of; and sending one once more."""

from collections.abc import Collection
from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Engine, Select, and_, case, func, literal, select, update

from post.webhook_messages import WebhookKind, WebhookState
from register.engine import reading, writing
from register.webhook_tables import WebhookDeliveryRow, WebhookEventRow, WebhookRow
from register.webhooks import REVOKED
from rules.vocabulary import Frozen


class Delivery(Frozen):
    """An event for a receiver. Instants are UTC.

    Attributes:
        id: its number; of one receiver, what has a lower one is told first.
        webhook: the receiver's number.
        reference: what the receiver knows the event by.
        kind: what happened.
        episode: whose step.
        step: which, by its key.
        state: what became of it.
        tries: how often it was tried.
        owed_at: since when it is owed.
        not_before: not tried again before; of no matter once it is not owed.
        tried_at: when it was last tried.
        status: what the receiver answered last; None where it gave no answer.
        reason: why it waits or failed.
    """

    id: int
    webhook: int
    reference: str
    kind: WebhookKind
    episode: str
    step: str
    state: WebhookState
    tries: int
    owed_at: AwareDatetime
    not_before: AwareDatetime
    tried_at: AwareDatetime | None
    status: int | None
    reason: str | None


_TOO_LATE = and_(WebhookDeliveryRow.state == WebhookState.OWED, WebhookRow.revoked_at.is_not(None))
"""Owed by a publication that came to stand as the webhook was being revoked: it is never sent, so it is not waiting."""

_STATE: ColumnElement[WebhookState] = case(
    (_TOO_LATE, literal(WebhookState.FAILED, WebhookDeliveryRow.state.type)), else_=WebhookDeliveryRow.state
)
_REASON: ColumnElement[str | None] = case((_TOO_LATE, REVOKED), else_=WebhookDeliveryRow.reason)

_DELIVERIES = (
    select(
        *(
            getattr(WebhookDeliveryRow, name)
            for name in ("id", "episode", "tries", "owed_at", "not_before", "tried_at", "status")
        ),
        _STATE.label("state"),
        _REASON.label("reason"),
        WebhookDeliveryRow.webhook_id.label("webhook"),
        WebhookEventRow.reference,
        WebhookEventRow.kind,
        WebhookEventRow.step,
    )
    .join(WebhookEventRow, WebhookEventRow.reference == WebhookDeliveryRow.event)
    .join(WebhookRow, WebhookRow.id == WebhookDeliveryRow.webhook_id)
    .order_by(WebhookDeliveryRow.id.desc())
)


def deliveries(
    engine: Engine,
    *,
    webhook: int | None = None,
    authority: str | None = None,
    states: Collection[WebhookState] = (),
    before: int | None = None,
    limit: int,
) -> list[Delivery]:
    """The events for receivers, the latest first.

    Args:
        engine: the register.
        webhook: only those of this one, by its number.
        authority: only those of this authority's webhooks, by its three-digit code.
        states: only those of which this became; any when there are none.
        before: only those with a lower number, to read on.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _DELIVERIES.limit(limit)
    if webhook is not None:
        wanted = wanted.where(WebhookDeliveryRow.webhook_id == webhook)
    if authority is not None:
        wanted = wanted.where(WebhookRow.authority == authority)
    if states:
        # As they are written first: that is what the index is of.
        written = {*states, WebhookState.OWED} if WebhookState.FAILED in states else states
        wanted = wanted.where(WebhookDeliveryRow.state.in_(written), _STATE.in_(states))
    if before is not None:
        wanted = wanted.where(WebhookDeliveryRow.id < before)
    return _read(engine, wanted)


def delivery(engine: Engine, number: int) -> Delivery | None:
    """One of them, by its number; None when there is none.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return next(iter(_read(engine, _DELIVERIES.where(WebhookDeliveryRow.id == number))), None)


def undelivered(engine: Engine) -> dict[int, dict[WebhookState, int]]:
    """How many events are owed, and how many failed, by the receivers' numbers.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    became = _STATE.label("became")
    counting = (
        select(WebhookDeliveryRow.webhook_id, became, func.count())
        .join(WebhookRow, WebhookRow.id == WebhookDeliveryRow.webhook_id)
        .where(WebhookDeliveryRow.state != WebhookState.DELIVERED)
        .group_by(WebhookDeliveryRow.webhook_id, became)
    )
    counted: dict[int, dict[WebhookState, int]] = {}
    with reading(engine) as connection:
        for webhook, state, many in connection.execute(counting):
            counted.setdefault(webhook, {})[state] = many
    return counted


def send_again(
    engine: Engine,
    at: datetime,
    *,
    number: int | None = None,
    failed_of: int | None = None,
    authority: str | None = None,
) -> int:
    """Owe events once more, under the references they had, to receivers that are still in use.

    Args:
        engine: the register.
        at: the instant, UTC.
        number: one delivery, delivered or failed.
        failed_of: all that failed for this webhook, by its number.
        authority: only of this authority's webhooks, by its three-digit code.

    Returns:
        How many are owed again.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    in_use = select(WebhookRow.id).where(WebhookRow.revoked_at.is_(None))
    if authority is not None:
        in_use = in_use.where(WebhookRow.authority == authority)
    again = (
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.webhook_id.in_(in_use))
        .values(state=WebhookState.OWED, tries=0, owed_at=at, not_before=at, reason=None)
        .returning(WebhookDeliveryRow.webhook_id)
    )
    if failed_of is None:
        again = again.where(WebhookDeliveryRow.id == number, WebhookDeliveryRow.state != WebhookState.OWED)
    else:
        again = again.where(WebhookDeliveryRow.webhook_id == failed_of, WebhookDeliveryRow.state == WebhookState.FAILED)
    with writing(engine) as connection:
        owed = list(connection.scalars(again))
        # Whoever asks for it has put the receiver right.
        connection.execute(update(WebhookRow).where(WebhookRow.id.in_(set(owed))).values(not_before=at))
        return len(owed)


def _read(engine: Engine, wanted: Select[tuple[object, ...]]) -> list[Delivery]:
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
    return [Delivery.model_validate(row, from_attributes=True) for row in rows]
