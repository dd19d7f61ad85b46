"""The tables of the post room: whom a child's network holds, what is not to be sent, and what goes out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from post.ways import Message
from register.columns import Structured
from register.metadata import Base, partial_index
from rules.network import AccessNeed, DispatchState, FeedKind, Language, Way
from rules.vocabulary import Role


class ContactRow(Base):
    """Somebody of a child's network. Names and addresses stand here and go nowhere but on what is sent to them."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_authority_child", "authority", "child"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    authority: Mapped[str]
    child: Mapped[str]
    role: Mapped[Role]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))
    language: Mapped[Language]
    way: Mapped[Way | None]
    needs: Mapped[tuple[AccessNeed, ...]] = mapped_column(Structured(tuple[AccessNeed, ...]))
    barred: Mapped[bool]
    since: Mapped[date | None]
    until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    """When it was last changed."""
    recorded_by: Mapped[str]


class SuppressionRow(Base):
    """That somebody of a network is not to be sent something, and why. Lifted, never deleted."""

    __tablename__ = "suppression"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    contact: Mapped[str] = mapped_column(ForeignKey("contact.reference"), index=True)
    notice: Mapped[str | None]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]


class DispatchRow(Base):
    """One message to one person: a notice, or the routine notices of a morning together."""

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("reference"),
        partial_index("ix_dispatch_owed", "not_before", "id", where="state = 'owed'"),
        partial_index("ix_dispatch_receipt", "asked_at", "id", where="state = 'sent' AND receipt IS NOT NULL"),
        Index("ix_dispatch_recipient", "recipient"),
        Index("ix_dispatch_owed_at", "owed_at", "state", "recipient"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    """What the way out knows it by: the same however often it is tried."""
    state: Mapped[DispatchState]
    notice: Mapped[str]
    recipient: Mapped[str]
    role: Mapped[Role]
    episode_id: Mapped[str | None] = mapped_column(ForeignKey("episode.id"), index=True)
    """None for what is about a service or several children."""
    way: Mapped[Way]
    message: Mapped[Any] = mapped_column(Structured(Message))
    owed_at: Mapped[datetime]
    not_before: Mapped[datetime]
    tries: Mapped[int]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    """When the way out was last asked what became of it."""
    outcome_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it failed or waits, without the address."""
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    """The dispatch that was sent again by hand as this one."""


class DispatchNoticeRow(Base):
    """Which notices of the outbox a dispatch carries."""

    __tablename__ = "dispatch_notice"

    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatch.id"), primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), primary_key=True, index=True)


class UndeliveredRow(Base):
    """A notice that reached nobody, until the episode has been told, and then until it has been put right."""

    __tablename__ = "undelivered"
    __table_args__ = (
        partial_index("ix_undelivered_untold", "id", where="told_at IS NULL"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the episode was told, or would not be: care has ended and nothing more is recorded."""
    mended_at: Mapped[datetime | None]
    mended_by: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    """The dispatch by which it was delivered after all."""
    mended_told_at: Mapped[datetime | None]


class FeedRow(Base):
    """A calendar that can be subscribed to. Its address is not kept, only what it can be recognised by."""

    __tablename__ = "feed"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[FeedKind]
    authority: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    """The IRO, or the child, by reference."""
    for_contact: Mapped[str | None]
    language: Mapped[Language]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
