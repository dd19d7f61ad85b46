"""Young people's private links: each is an address of its own, which nobody can guess and which can be revoked.

The address is shown once, when it is made; only what it can be recognised by is kept. A link is a child's for the
period of care that goes on when it is made, and for no later one.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Engine, and_, case, insert, select, update

from register.desk_tables import PrivateLinkRow
from register.engine import reading, writing
from register.tokens import digest_of, new_token
from rules.vocabulary import Frozen

LASTS = timedelta(days=365)
"""How long a link leads anywhere, unless care ends or somebody revokes it before."""
NOTED_EVERY = timedelta(minutes=1)
"""How often it is noted that a link is in use: not with every page."""
MOST = 50
"""So many are listed: those that serve first, then the latest."""


class PrivateLink(Frozen):
    """A young person's own way in. Instants are UTC.

    Attributes:
        id: its number.
        authority: by its three-digit code.
        child: by the authority's reference.
        made_at, made_by: when and by whom, by reference.
        expires_at: when it leads nowhere any more.
        used_at: about when it was last opened; None while it never was.
        revoked_at, revoked_by: when and by whom it was revoked; None while it was not.
    """

    id: int
    authority: str
    child: str
    made_at: AwareDatetime
    made_by: str
    expires_at: AwareDatetime
    used_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None
    revoked_by: str | None = None

    @property
    def name(self) -> str:
        """What the audit log and the facts call whoever came by it; no person's reference is like it."""
        return f"link-{self.id}"

    def serves(self, now: datetime) -> bool:
        """Whether it leads anywhere, as far as it says itself.

        Args:
            now: the instant, UTC.
        """
        return self.revoked_at is None and now < self.expires_at


def make_link(engine: Engine, *, authority: str, child: str, by: str, at: datetime) -> tuple[PrivateLink, str]:
    """Make a link.

    Args:
        engine: the register.
        authority: by its three-digit code.
        child: by the authority's reference.
        by: who makes it, by reference.
        at: the instant, UTC.

    Returns:
        The link, and what stands in its address and cannot be guessed; that is not kept.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    token = new_token()
    row = {
        "digest": digest_of(token),
        "authority": authority,
        "child": child,
        "made_at": at,
        "made_by": by,
        "expires_at": at + LASTS,
    }
    with writing(engine) as connection:
        made = connection.execute(insert(PrivateLinkRow).returning(PrivateLinkRow), row).one()
        return _link(made), token


def find_link(engine: Engine, token: str) -> PrivateLink | None:
    """The link of an address, whether it still serves or not; None when there never was one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(select(PrivateLinkRow).where(PrivateLinkRow.digest == digest_of(token))).first()
    return _link(row) if row else None


def note_use(engine: Engine, link: PrivateLink, now: datetime) -> None:
    """Note that a link was opened, about once a minute.

    Args:
        engine: the register.
        link: as it was found.
        now: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if link.used_at and now - link.used_at < NOTED_EVERY:
        return
    with writing(engine) as connection:
        connection.execute(update(PrivateLinkRow).where(PrivateLinkRow.id == link.id).values(used_at=now))


def links(engine: Engine, authority: str, child: str, now: datetime) -> list[PrivateLink]:
    """A child's links: those that serve first, the latest of each first.

    Args:
        engine: the register.
        authority: by its three-digit code.
        child: by the authority's reference.
        now: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    serves = and_(PrivateLinkRow.revoked_at.is_(None), PrivateLinkRow.expires_at > now)
    wanted = (
        select(PrivateLinkRow)
        .where(PrivateLinkRow.authority == authority, PrivateLinkRow.child == child)
        .order_by(case((serves, 0), else_=1), PrivateLinkRow.id.desc())
        .limit(MOST)
    )
    with reading(engine) as connection:
        return [_link(row) for row in connection.execute(wanted)]


def revoke_link(engine: Engine, number: int, *, authority: str, child: str, by: str, at: datetime) -> bool:
    """Make a link lead nowhere, for good.

    Args:
        engine: the register.
        number: which.
        authority, child: whose; another child's is left alone.
        by: who revokes it, by reference.
        at: the instant, UTC.

    Returns:
        Whether it was one of theirs, and not revoked before.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    revoking = (
        update(PrivateLinkRow)
        .where(
            PrivateLinkRow.id == number,
            PrivateLinkRow.authority == authority,
            PrivateLinkRow.child == child,
            PrivateLinkRow.revoked_at.is_(None),
        )
        .values(revoked_at=at, revoked_by=by)
        .returning(PrivateLinkRow.id)
    )
    with writing(engine) as connection:
        return connection.scalar(revoking) is not None


def _link(row: Any) -> PrivateLink:
    return PrivateLink(**{name: getattr(row, name) for name in PrivateLink.model_fields})
