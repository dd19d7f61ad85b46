"""The tables of the API: which case systems may call it, and the keys under which they have sent something."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from register.columns import Structured
from register.metadata import Base


class ApiClientRow(Base):
    """A token that a case system calls with. It is not kept, only what it can be recognised by. Never deleted."""

    __tablename__ = "api_client"
    __table_args__ = (Index("ix_api_client_reference", "reference"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    """The case system: several tokens may be its, so that one takes over from another."""
    authority: Mapped[str]
    scopes: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was last called with, to the minute."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class IdempotencyRow(Base):
    """That a case system sent something under a key of its own, and what it was answered."""

    __tablename__ = "idempotency"
    __table_args__ = (Index("ix_idempotency_first_at", "first_at"),)

    client: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]
    """What the content can be recognised by."""
    first_at: Mapped[datetime]
    answer: Mapped[dict[str, Any] | None] = mapped_column(Structured(dict[str, Any] | None))
    """Ids, dates and codes; none until it was done."""
