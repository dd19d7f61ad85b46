"""Bank holidays added to a nation's calendar, or withdrawn from it, since the calendar was published."""

from datetime import datetime

from sqlalchemy import Connection, Engine, select

from register.engine import reading, writing
from register.service_tables import ClosedDayRow
from register.upserts import insert_or_replace
from rules.closed_days import ClosedDay

_ALL = select(ClosedDayRow.nation, ClosedDayRow.day, ClosedDayRow.change).order_by(
    ClosedDayRow.nation, ClosedDayRow.day
)


def closed_days(register: Engine | Connection) -> tuple[ClosedDay, ...]:
    """Every change to the calendars, by nation and day.

    Args:
        register: the register, or a connection to it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        rows = connection.execute(_ALL).all()
    return tuple(ClosedDay(nation=row.nation, day=row.day, change=row.change) for row in rows)


def change_closed_day(engine: Engine, change: ClosedDay, recorded_by: str, at: datetime) -> bool:
    """Add a closed day to a nation's calendar, or withdraw one; the latest change to a day stands.

    Whether the day is a bank holiday already is the caller's to ask.

    Args:
        change: the nation, the day, and which of the two.
        recorded_by: who recorded it: an opaque reference.
        at: when, an instant.

    Returns:
        Whether anything changed; False when that very change stands already.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    standing = select(ClosedDayRow.change).where(ClosedDayRow.nation == change.nation, ClosedDayRow.day == change.day)
    row = change.model_dump() | {"recorded_at": at, "recorded_by": recorded_by}
    with writing(engine) as connection:
        if connection.scalar(standing) is change.change:
            return False
        insert_or_replace(connection, ClosedDayRow, [row])
    return True
