"""The audit log: who looked at which child, who did what, and who was not let. Rows are added; none is ever changed.

The database refuses to change or remove a row (migration 0004). It holds references and codes: no name, no words.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, insert, select

from register.desk_tables import AuditRow
from register.engine import reading, writing
from rules.vocabulary import Frozen

NOBODY = "nobody"
"""Who, where nobody is signed in."""


class Door(StrEnum):
    """The way somebody came in by."""

    PAGE = "page"
    API = "api"
    LINK = "link"


class Outcome(StrEnum):
    """What came of it."""

    SEEN = "seen"
    DONE = "done"
    REFUSED = "refused"
    """The act cannot be: the rules say no."""
    DENIED = "denied"
    """They may not."""
    FAILED = "failed"
    """It could not be done: something did not answer."""


class AuditEntry(Frozen):
    """One line of the audit log.

    Attributes:
        at: the instant, UTC.
        who: by reference; `nobody` where nobody is signed in, `link-` and a number for a private link.
        roles: what they were signed in as.
        way: by which door.
        what: the page or the act.
        outcome: what came of it.
        episode: about which; None where it is about none.
        detail: such as a fact's id; never a name or anybody's words.
    """

    at: AwareDatetime
    who: str
    roles: tuple[str, ...] = ()
    way: Door
    what: str
    outcome: Outcome
    episode: str | None = None
    detail: str | None = None


def audit(register: Engine | Connection, entry: AuditEntry) -> None:
    """Add a line.

    Args:
        register: the register; or a connection that writes, to add it within the caller's own transaction.
        entry: the line.

    Raises:
        RegisterUnavailable: the database cannot be used. What cannot be noted must not be shown or done.
    """
    row = {**entry.model_dump(), "roles": " ".join(entry.roles)}
    if isinstance(register, Connection):
        register.execute(insert(AuditRow), row)
        return
    with writing(register) as connection:
        connection.execute(insert(AuditRow), row)


def audited(
    engine: Engine,
    *,
    episode: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    limit: int = 200,
) -> list[AuditEntry]:
    """Lines of the log, the latest first.

    Args:
        engine: the register.
        episode: only those about this one.
        who: only those of this person.
        since: only those from this instant on, UTC.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if episode is not None:
        wanted = wanted.where(AuditRow.episode == episode)
    if who is not None:
        wanted = wanted.where(AuditRow.who == who)
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    with reading(engine) as connection:
        return [
            AuditEntry(
                **{name: getattr(row, name) for name in AuditEntry.model_fields if name != "roles"},
                roles=tuple(row.roles.split()),
            )
            for row in connection.execute(wanted)
        ]
