"""The audit log about one episode, a page at a time."""

from sqlalchemy import Engine, select

from register.audit import AuditEntry, entry_of
from register.desk_tables import AuditRow
from register.engine import reading
from register.paging import NumberPlace, Page, checked_limit, page_of, place_of
from register.work_parts import staff_names
from rules.vocabulary import Frozen

_AUDIT = "audit"


class AuditLine(Frozen):
    """A line of the audit log as it is shown.

    Attributes:
        id: its number; later ones are higher.
        entry: what it says.
        name: of who it was, where the directory has them.
    """

    id: int
    entry: AuditEntry
    name: str | None


def audit_page(engine: Engine, episode: str, *, after: str | None = None, limit: int = 50) -> Page[AuditLine]:
    """The lines about one episode, the latest first.

    Args:
        engine: the register.
        episode: by its id.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _AUDIT, NumberPlace), checked_limit(limit)
    wanted = select(AuditRow).where(AuditRow.episode == episode).order_by(AuditRow.id.desc()).limit(most + 1)
    if place is not None:
        wanted = wanted.where(AuditRow.id < place.number)
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
        names = staff_names(connection, (row.who for row in rows))
    lines = [AuditLine(id=row.id, entry=entry_of(row), name=names.get(row.who)) for row in rows]
    return page_of(_AUDIT, lines, most, lambda line: NumberPlace(number=line.id))
