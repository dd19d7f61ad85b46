"""The tables of the desk: who is signed in, who saw and did what, unfinished forms, young people's private links."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from register.columns import Structured
from register.metadata import Base


class SessionRow(Base):
    """That somebody is signed in. What the browser holds is not kept, only what it can be recognised by."""

    __tablename__ = "desk_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    authority: Mapped[str]
    roles: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))
    csrf: Mapped[str]
    """What every form sent in this session carries."""
    signed_in_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AuditRow(Base):
    """That somebody looked at a child's page, acted, or was not let. The database itself refuses to change a row."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_episode", "episode", "id"),
        Index("ix_audit_who", "who", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    """By reference; `nobody` where nobody was signed in, `link-` and a number for a private link."""
    roles: Mapped[str]
    way: Mapped[str]
    """By which door: page, api, link."""
    what: Mapped[str]
    """The page or the act."""
    outcome: Mapped[str]
    episode: Mapped[str | None]
    detail: Mapped[str | None]
    """Such as a fact's id; never a name or anybody's words."""


class DraftRow(Base):
    """What somebody has written in a form and not sent yet."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_episode", "episode", "form"),)

    person: Mapped[str] = mapped_column(primary_key=True)
    episode: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, list[str]]] = mapped_column(Structured(dict[str, list[str]]))
    saved_at: Mapped[datetime]


class PrivateLinkRow(Base):
    """A young person's own way in. Its address is not kept, only what it can be recognised by."""

    __tablename__ = "private_link"
    __table_args__ = (Index("ix_private_link_child", "authority", "child"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    authority: Mapped[str]
    child: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was last opened."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
