"""The tables of webhooks: who is told of steps, what there is to tell, and what became of telling each of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from post.webhook_messages import WebhookKind, WebhookState
from register.columns import Structured, code
from register.metadata import Base, partial_index


class WebhookRow(Base):
    """A receiver of an authority. Revoked, never deleted."""

    __tablename__ = "webhook"
    __table_args__ = (
        partial_index("ix_webhook_in_use", "authority", where="revoked_at IS NULL"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str] = mapped_column(Text)
    """What its requests are signed with, sealed: the keys that open it are not in the register."""
    events: Mapped[tuple[WebhookKind, ...]] = mapped_column(Structured(tuple[WebhookKind, ...]))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    """Since when nothing was taken; None while all is well."""
    failures: Mapped[int]
    """How many tries in a row were in vain."""
    not_before: Mapped[datetime]
    """It is left in peace until then."""
    claimed_until: Mapped[datetime | None]
    """One worker at a time sends to it, so that what it is told comes in order."""


class WebhookEventRow(Base):
    """Something to tell, written with the publication that brought it about, once."""

    __tablename__ = "webhook_event"
    __table_args__ = (UniqueConstraint("episode_id", "revision", "kind", "step", "rung"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    """What receivers know it by: the same however often it is sent."""
    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.id"))
    revision: Mapped[int]
    kind: Mapped[WebhookKind] = mapped_column(code(WebhookKind))
    step: Mapped[str]
    rung: Mapped[str]
    """Empty, but for a slip."""
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)


class WebhookDeliveryRow(Base):
    """One event for one receiver."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event"),
        Index("ix_webhook_delivery_state", "webhook_id", "state", "id"),
        # What was put off holds back what came later in the same episode.
        partial_index("ix_webhook_delivery_owed", "webhook_id", "episode", "id", where="state = 'owed'"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(ForeignKey("webhook_event.reference"))
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    episode: Mapped[str]
    state: Mapped[WebhookState] = mapped_column(code(WebhookState))
    tries: Mapped[int]
    owed_at: Mapped[datetime]
    not_before: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    """What the receiver answered last; None where it gave no answer."""
    reason: Mapped[str | None]
    """Why it waits or failed, without the address."""
