"""The case systems that may call the API: each with tokens of its own, for one authority, which expire and can be
revoked.

A token is shown once, when it is made; only what it can be recognised by is kept.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime
from sqlalchemy import Engine, insert, select, update

from register.api_tables import ApiClientRow
from register.engine import reading, take_turn, writing
from register.tokens import digest_of, new_token
from rules.vocabulary import Frozen, Reference

TOKEN_PREFIX = "irc_"
"""So that a token that leaked into a file or a repository can be found by what it begins with."""
NOTED_EVERY = timedelta(minutes=1)
"""How often it is noted that a token is in use: not with every call."""


class ApiClient(Frozen):
    """A token of a case system. Instants are UTC.

    Attributes:
        id: its number.
        reference: the case system; several tokens may be its, so that one takes over from another.
        authority: whose episodes it may have to do with, by its three-digit code.
        scopes: what it allows.
        made_at, made_by: when and by whom.
        expires_at: from when on it lets nobody in.
        used_at: when it was last called with, to the minute; None while it never was.
        revoked_at, revoked_by: when and by whom; None while it serves.
    """

    id: int
    reference: Reference
    authority: str
    scopes: tuple[str, ...]
    made_at: AwareDatetime
    made_by: str
    expires_at: AwareDatetime
    used_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None
    revoked_by: str | None = None

    def is_alive(self, now: datetime) -> bool:
        """Whether it lets anybody in.

        Args:
            now: the instant, UTC.
        """
        return self.revoked_at is None and now < self.expires_at


class OtherAuthoritys(Exception):
    """A reference belongs to a case system of another authority; the message says what to do."""


def make_api_client(
    engine: Engine, reference: str, authority: str, scopes: tuple[str, ...], *, by: str, at: datetime, expires: datetime
) -> tuple[ApiClient, str]:
    """Make a token.

    Args:
        engine: the register.
        reference, authority, scopes: as in `ApiClient`.
        by: who makes it, by reference.
        at: the instant, UTC.
        expires: from when on it lets nobody in, UTC.

    Returns:
        What is kept of it, and the token itself, which is not.

    Raises:
        OtherAuthoritys: the reference is used for another authority: what it did could not be told apart.
        RegisterUnavailable: the database cannot be used.
    """
    token = TOKEN_PREFIX + new_token()
    row = {
        "reference": reference,
        "authority": authority,
        "scopes": scopes,
        "digest": digest_of(token),
        "made_at": at,
        "made_by": by,
        "expires_at": expires,
    }
    others = select(ApiClientRow.id).where(ApiClientRow.reference == reference, ApiClientRow.authority != authority)
    with writing(engine) as connection:
        take_turn(connection, f"api client {reference}")
        if connection.scalar(others.limit(1)):
            raise OtherAuthoritys(
                f"{reference} is a case system of another authority: give this one another reference."
            )
        made = connection.execute(insert(ApiClientRow).returning(ApiClientRow), row).one()
        return _client(made), token


def find_api_client(engine: Engine, token: str) -> ApiClient | None:
    """Whose a token is, alive or not; None when there never was one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(select(ApiClientRow).where(ApiClientRow.digest == digest_of(token))).first()
    return _client(row) if row else None


def note_use(engine: Engine, client: ApiClient, now: datetime) -> None:
    """Note that a token is in use, about once a minute.

    Args:
        engine: the register.
        client: the token.
        now: the instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if client.used_at and now - client.used_at < NOTED_EVERY:
        return
    with writing(engine) as connection:
        connection.execute(update(ApiClientRow).where(ApiClientRow.id == client.id).values(used_at=now))


def api_clients(engine: Engine, authority: str | None = None) -> list[ApiClient]:
    """The tokens, those revoked and expired too, in the order they were made.

    Args:
        engine: the register.
        authority: only those of this one, by its three-digit code.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(ApiClientRow).order_by(ApiClientRow.id)
    if authority is not None:
        wanted = wanted.where(ApiClientRow.authority == authority)
    with reading(engine) as connection:
        return [_client(row) for row in connection.execute(wanted)]


def revoke_api_client(engine: Engine, number: int, by: str, at: datetime) -> bool:
    """Have a token let nobody in any more.

    Args:
        engine: the register.
        number: the token's.
        by: who revokes it, by reference.
        at: the instant, UTC.

    Returns:
        Whether it served until now.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    revoking = (
        update(ApiClientRow)
        .where(ApiClientRow.id == number, ApiClientRow.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
        .returning(ApiClientRow.id)
    )
    with writing(engine) as connection:
        return connection.scalar(revoking) is not None


def _client(row: object) -> ApiClient:
    return ApiClient(**{name: getattr(row, name) for name in ApiClient.model_fields})
