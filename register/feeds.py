"""Calendars that can be subscribed to: each has an address of its own, which nobody can guess and which can be revoked.

The address is shown once, when it is made; only what it can be recognised by is kept.
"""

from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Engine, insert, select, update

from register.engine import reading, writing
from register.post_tables import FeedRow
from register.tokens import digest_of, new_token
from rules.network import FeedKind, Language
from rules.vocabulary import Frozen


class Feed(Frozen):
    """A calendar that can be subscribed to. Instants are UTC.

    Attributes:
        id: its number.
        kind: an IRO's, or a child's.
        authority: by its three-digit code.
        about: the IRO, or the child, by reference.
        for_contact: the one of the child's network whose calendar it is; None for an IRO's.
        language: in which it is written.
        made_at, made_by: when and by whom.
        revoked_at: when it was revoked; None while it serves.
    """

    id: int
    kind: FeedKind
    authority: str
    about: str
    for_contact: str | None
    language: Language
    made_at: AwareDatetime
    made_by: str
    revoked_at: AwareDatetime | None


def make_feed(
    engine: Engine,
    *,
    kind: FeedKind,
    authority: str,
    about: str,
    for_contact: str | None = None,
    language: Language = Language.ENGLISH,
    by: str,
    at: datetime,
) -> str:
    """Make a calendar.

    Args:
        engine: the register.
        kind, authority, about, for_contact, language: as in `Feed`.
        by: who makes it, by reference.
        at: the instant, UTC.

    Returns:
        What stands in its address and cannot be guessed; it is not kept.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    token = new_token()
    with writing(engine) as connection:
        connection.execute(
            insert(FeedRow),
            {
                "digest": digest_of(token),
                "kind": kind,
                "authority": authority,
                "about": about,
                "for_contact": for_contact,
                "language": language,
                "made_at": at,
                "made_by": by,
            },
        )
    return token


def find_feed(engine: Engine, token: str) -> Feed | None:
    """The calendar of an address; None when there is none, or it was revoked.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(FeedRow).where(FeedRow.digest == digest_of(token), FeedRow.revoked_at.is_(None))
    with reading(engine) as connection:
        row = connection.execute(wanted).first()
    return Feed(**{name: getattr(row, name) for name in Feed.model_fields}) if row else None


def feeds(engine: Engine) -> list[Feed]:
    """Every calendar, those revoked too, in the order they were made.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        rows = connection.execute(select(FeedRow).order_by(FeedRow.id))
        return [Feed(**{name: getattr(row, name) for name in Feed.model_fields}) for row in rows]


def revoke_feed(engine: Engine, number: int, by: str, at: datetime) -> bool:
    """Make a calendar's address lead nowhere.

    Returns:
        Whether it served until now.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    revoking = (
        update(FeedRow)
        .where(FeedRow.id == number, FeedRow.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
        .returning(FeedRow.id)
    )
    with writing(engine) as connection:
        return connection.scalar(revoking) is not None
