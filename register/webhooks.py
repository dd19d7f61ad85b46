"""Webhooks: the receivers that an authority's systems have asked to be told at. Made, listed and revoked here.

A secret is made by us and shown once. What is kept of it is sealed with keys that are not in the register.
"""

import base64
import secrets
from collections.abc import Callable, Collection
from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, func, insert, select, update

from post.webhook_messages import WebhookKind, WebhookState
from register.engine import reading, take_turn, writing
from register.webhook_tables import WebhookDeliveryRow, WebhookRow
from rules.vocabulary import Frozen

MOST = 20
"""Webhooks of one authority at a time: each is looked at with every publication."""
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
REVOKED = "The webhook was revoked."


class Webhook(Frozen):
    """A receiver. Instants are UTC.

    Attributes:
        id: its number.
        authority: whose episodes it hears of, by its three-digit code.
        url: where it is.
        events: what it is told.
        made_at, made_by: when and by whom.
        revoked_at, revoked_by: when and by whom; None while it is in use.
        failing_since: since when it has taken nothing; None while all is well.
    """

    id: int
    authority: str
    url: str
    events: tuple[WebhookKind, ...]
    made_at: AwareDatetime
    made_by: str
    revoked_at: AwareDatetime | None
    revoked_by: str | None
    failing_since: AwareDatetime | None


class TooManyWebhooks(Exception):
    """An authority has as many webhooks as it may; the message says what to do."""


def new_secret() -> str:
    """A secret that nobody can guess, written as the Standard Webhooks convention has it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def add_webhook(
    engine: Engine,
    *,
    authority: str,
    url: str,
    events: Collection[WebhookKind] = tuple(WebhookKind),
    seal: Callable[[str], str],
    by: str,
    at: datetime,
) -> tuple[Webhook, str]:
    """Tell a receiver of all that happens from now on to the steps of an authority's episodes.

    Args:
        engine: the register.
        authority: by its three-digit code.
        url: where; checked by `post.webhook_address` before.
        events: what it is told; everything when left out.
        seal: makes of a secret what is kept of it.
        by: who adds it, by reference.
        at: the instant, UTC.

    Returns:
        The webhook; and its secret, which cannot be had again.

    Raises:
        TooManyWebhooks: the authority has as many as it may.
        RegisterUnavailable: the database cannot be used.
    """
    secret = new_secret()
    row = {
        "authority": authority,
        "url": url,
        "secret": seal(secret),
        "events": tuple(kind for kind in WebhookKind if kind in events),
        "made_at": at,
        "made_by": by,
        "failures": 0,
        "not_before": at,
    }
    with writing(engine) as connection:
        take_turn(connection, f"webhooks of {authority}")
        if _in_use(connection, authority) >= MOST:
            raise TooManyWebhooks(f"Authority {authority} has {MOST} webhooks already: revoke one first.")
        number = connection.scalar(insert(WebhookRow).returning(WebhookRow.id), row)
        made = connection.execute(select(WebhookRow).where(WebhookRow.id == number)).one()
        return Webhook.model_validate({name: getattr(made, name) for name in Webhook.model_fields}), secret


def webhooks(engine: Engine, authority: str | None = None, number: int | None = None) -> list[Webhook]:
    """The webhooks, those revoked too, in the order they were made.

    Args:
        engine: the register.
        authority: only those of this one, by its three-digit code.
        number: only this one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(WebhookRow).order_by(WebhookRow.id)
    if authority is not None:
        wanted = wanted.where(WebhookRow.authority == authority)
    if number is not None:
        wanted = wanted.where(WebhookRow.id == number)
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
    return [Webhook.model_validate({name: getattr(row, name) for name in Webhook.model_fields}) for row in rows]


def revoke_webhook(engine: Engine, number: int, by: str, at: datetime, authority: str | None = None) -> bool:
    """Tell a receiver nothing more. What is still owed to it is not sent.

    Args:
        engine: the register.
        number: the webhook's.
        by: who revokes it, by reference.
        at: the instant, UTC.
        authority: only where it is this one's, by its three-digit code.

    Returns:
        Whether it was in use until now.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        return revoke(connection, number, by, at, REVOKED, authority)


def revoke(
    connection: Connection, number: int, by: str, at: datetime, reason: str, authority: str | None = None
) -> bool:
    """Revoke a webhook within the caller's transaction; `reason` is noted with what it does not get any more."""
    revoking = (
        update(WebhookRow)
        .where(WebhookRow.id == number, WebhookRow.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by, claimed_until=None)
        .returning(WebhookRow.id)
    )
    if authority is not None:
        revoking = revoking.where(WebhookRow.authority == authority)
    if connection.scalar(revoking) is None:
        return False
    owed = update(WebhookDeliveryRow).where(
        WebhookDeliveryRow.webhook_id == number, WebhookDeliveryRow.state == WebhookState.OWED
    )
    connection.execute(owed.values(state=WebhookState.FAILED, reason=reason))
    return True


def _in_use(connection: Connection, authority: str) -> int:
    counting = select(func.count()).where(WebhookRow.authority == authority, WebhookRow.revoked_at.is_(None))
    return connection.scalar(counting) or 0
