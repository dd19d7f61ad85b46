"""Who is signed in at the desk. A session ends by itself when nobody uses it, and for good when somebody signs out."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from pydantic import AwareDatetime
from sqlalchemy import Engine, insert, select, update

from register.desk_tables import SessionRow
from register.engine import reading, writing
from register.tokens import digest_of, new_token
from rules.vocabulary import Frozen

IDLE = timedelta(minutes=30)
"""How long a session lasts that nobody uses."""
LONGEST = timedelta(hours=12)
"""How long a session lasts at most: then they sign in again."""
NOTED_EVERY = timedelta(minutes=1)
"""How often it is noted that a session is in use: not with every page."""


class Session(Frozen):
    """That somebody is, or was, signed in. Instants are UTC.

    Attributes:
        person: who, by reference.
        name: as their sign-in gives it, to greet them by.
        authority: by its three-digit code.
        roles: what they are signed in as.
        csrf: what every form sent in this session carries.
        signed_in_at, seen_at: when they signed in, and about when they were last here.
        ended_at: when they signed out; None while they have not.
    """

    person: str
    name: str
    authority: str
    roles: tuple[str, ...]
    csrf: str
    signed_in_at: AwareDatetime
    seen_at: AwareDatetime
    ended_at: AwareDatetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Whether it still lets them in.

        Args:
            now: the instant, UTC.
        """
        return self.ended_at is None and now - self.seen_at < IDLE and now - self.signed_in_at < LONGEST


def begin(engine: Engine, person: str, name: str, authority: str, roles: tuple[str, ...], now: datetime) -> str:
    """Sign somebody in.

    Args:
        engine: the register.
        person, name, authority, roles: as in `Session`.
        now: the instant, UTC.

    Returns:
        What their browser is to hold. It is not kept, and is new each time, so that nobody can fix it beforehand.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    token = new_token()
    row = {
        "digest": digest_of(token),
        "person": person,
        "name": name,
        "authority": authority,
        "roles": roles,
        "csrf": token_urlsafe(24),
        "signed_in_at": now,
        "seen_at": now,
        "ended_at": None,
    }
    with writing(engine) as connection:
        connection.execute(insert(SessionRow), row)
    return token


def find(engine: Engine, token: str) -> Session | None:
    """The session of a browser, alive or not; None when there never was one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(select(SessionRow).where(SessionRow.digest == digest_of(token))).first()
    return Session(**{name: getattr(row, name) for name in Session.model_fields}) if row else None


def note_use(engine: Engine, token: str, session: Session, now: datetime) -> None:
    """Note that a session is in use, about once a minute.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if now - session.seen_at < NOTED_EVERY:
        return
    used = update(SessionRow).where(SessionRow.digest == digest_of(token), SessionRow.ended_at.is_(None))
    with writing(engine) as connection:
        connection.execute(used.values(seen_at=now))


def end(engine: Engine, token: str, now: datetime) -> None:
    """Sign out: what the browser holds lets nobody in any more.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    ended = update(SessionRow).where(SessionRow.digest == digest_of(token), SessionRow.ended_at.is_(None))
    with writing(engine) as connection:
        connection.execute(ended.values(ended_at=now))
