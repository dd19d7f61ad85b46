"""The audit log: who looked at which child, who did what, and who was not let. Rows are added; none is ever changed.

The database refuses to change or remove a row (migration 0004). It holds references and codes: no name, no words.
"""

from enum import StrEnum

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, insert

from register.desk_tables import AuditRow
from register.engine import writing
from rules.vocabulary import Frozen


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


def entry_of(row: object) -> AuditEntry:
    """A line from its row."""
    said = {name: getattr(row, name) for name in AuditEntry.model_fields}
    return AuditEntry.model_validate({**said, "roles": tuple(said["roles"].split())})
