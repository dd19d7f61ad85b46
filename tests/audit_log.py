"""The whole audit log, as tests look into it: the desk shows the part of one episode alone, a page at a time."""

from datetime import datetime

from sqlalchemy import Engine, select

from register.audit import AuditEntry, entry_of
from register.desk_tables import AuditRow
from register.engine import reading


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
    """
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if episode is not None:
        wanted = wanted.where(AuditRow.episode == episode)
    if who is not None:
        wanted = wanted.where(AuditRow.who == who)
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    with reading(engine) as connection:
        return [entry_of(row) for row in connection.execute(wanted)]
