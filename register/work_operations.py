"""What the people who run this ask of the register: its size and version, and how far behind the post is."""

from typing import NamedTuple

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, func, select, text

from register.engine import reading
from register.episode_tables import EpisodeRow, FactRow, OutboxRow, StepRow
from register.metadata import Base
from register.outbox import HELD
from register.post_tables import DispatchRow
from rules.network import DispatchState
from rules.vocabulary import Frozen

_SHOWN: tuple[type[Base], ...] = (EpisodeRow, FactRow, StepRow, OutboxRow, DispatchRow)


class TableSize(NamedTuple):
    """How many rows a table has; `about` where the database's own estimate is told."""

    table: str
    rows: int
    about: bool


class RegisterState(Frozen):
    """The register in numbers.

    Attributes:
        database: sqlite or postgresql.
        migration: the last migration that was made; None where none was.
        bytes: how much room it takes.
        tables: the large ones.
        last_published: the instant of the last publication, UTC; None before the first.
    """

    database: str
    migration: str | None
    bytes: int
    tables: tuple[TableSize, ...]
    last_published: AwareDatetime | None


class PostAges(Frozen):
    """Since when the oldest of what waits has waited, UTC; None where nothing does.

    Attributes:
        unaddressed: a notice that nobody has been found for yet; the routine ones wait for the morning.
        unsent: a message that has not gone out.
    """

    unaddressed: AwareDatetime | None
    unsent: AwareDatetime | None


def register_state(engine: Engine) -> RegisterState:
    """The register in numbers.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return RegisterState(
            database=engine.dialect.name,
            migration=connection.scalar(text("SELECT version_num FROM alembic_version")),
            bytes=connection.scalar(text(_BYTES[engine.dialect.name])) or 0,
            tables=tuple(_size(connection, table.__tablename__) for table in _SHOWN),
            last_published=connection.scalar(select(func.max(EpisodeRow.published_at))),
        )


def post_ages(engine: Engine) -> PostAges:
    """How far behind the post is.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    unaddressed = select(func.min(OutboxRow.owed_at)).where(OutboxRow.addressed_at.is_(None), ~HELD)
    unsent = select(func.min(DispatchRow.owed_at)).where(DispatchRow.state == DispatchState.OWED)
    with reading(engine) as connection:
        return PostAges(unaddressed=connection.scalar(unaddressed), unsent=connection.scalar(unsent))


_BYTES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def _size(connection: Connection, table: str) -> TableSize:
    """To count millions of rows takes seconds: PostgreSQL is asked what it reckons itself."""
    if connection.dialect.name == "postgresql":
        reckoned = connection.scalar(
            text("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(:table)"), {"table": table}
        )
        if reckoned and reckoned > 0:
            return TableSize(table, reckoned, about=True)
    counted = connection.scalar(select(func.count()).select_from(Base.metadata.tables[table]))
    return TableSize(table, counted or 0, about=False)
