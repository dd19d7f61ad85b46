"""Opening the register, reading and writing transactions, and what is said when it cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from pydantic_core import from_json, to_json
from sqlalchemy import URL, Connection, Engine, bindparam, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.pool import ConnectionPoolEntry

from register.trouble import RegisterUnavailable, told_plainly

__all__ = ["RegisterUnavailable", "open_register", "reading", "register_url", "take_turn", "writing"]

BUSY_TIMEOUT_SECONDS = 30
"""How long a writer waits for another one, or anyone for a free connection."""
CONNECT_TIMEOUT_SECONDS = 5
"""How long to wait for a PostgreSQL server that does not answer."""
CONNECTIONS = 20
"""Connections kept open at most, in one process."""

_WRITES = "register_writes"


def register_url(url: str | URL) -> URL:
    """Read the register's address.

    Args:
        url: `sqlite:///path/to/file`, `postgresql://user:password@host:port/database`, or a parsed one.

    Returns:
        The address with the driver named.

    Raises:
        RegisterUnavailable: it is neither, or names no file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise RegisterUnavailable(_WANTED) from error
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite") and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise RegisterUnavailable(_WANTED)


_WANTED = (
    "The register's address is not one this program can use: set REGISTER_URL to sqlite:///path/to/file.db "
    "or postgresql://user:password@host:port/database."
)


def open_register(url: str | URL) -> Engine:
    """Open the register. Nothing is connected until it is first used.

    Args:
        url: as `register_url` takes it.

    Returns:
        An engine that several threads may share; a child process opens its own.

    Raises:
        RegisterUnavailable: the address is of no kind known here.
    """
    parsed = register_url(url)
    common: dict[str, Any] = {
        # An error must not show what was to be written.
        "hide_parameters": True,
        "json_serializer": _to_json,
        "json_deserializer": from_json,
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": BUSY_TIMEOUT_SECONDS,
    }
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, **common)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _TURNS[engine] = Lock()
        return engine
    waits = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    engine = create_engine(parsed, connect_args=waits, pool_pre_ping=True, **common)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


@contextmanager
def reading(register: Engine | Connection) -> Iterator[Connection]:
    """A connection for reading; on SQLite in one transaction.

    Args:
        register: the register; or a connection to it, which is used as it is, within the caller's own transaction.

    Raises:
        RegisterUnavailable: the database cannot be used; says in one sentence what to do.
    """
    if isinstance(register, Connection):
        yield register
        return
    with told_plainly(register.url), register.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Here each statement sees what stood when it began, in a transaction or not: none saves two journeys.
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection for writing, in one transaction: all of it stands at the end, or nothing.

    On SQLite the one writer's place is taken at once, so that two writers wait for each other and never
    fail half-way.

    Raises:
        RegisterUnavailable: the database cannot be used; says in one sentence what to do.
    """
    with told_plainly(engine.url), _our_turn(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def take_turn(connection: Connection, name: str) -> None:
    """Wait for one's turn among those who write under the same name, and keep it until the transaction ends.

    Args:
        connection: one that `writing` gave.
        name: what only one may do at a time, such as allocate the children of an authority.
    """
    if connection.dialect.name == "postgresql":  # On SQLite there is but one writer at a time.
        connection.execute(_TAKE_TURN, {"name": name})


_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))

_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()
"""Whose turn it is to write to a SQLite file, among the threads of this process.

Left to SQLite, those who wait sleep ever longer before they look again, and some are passed over for seconds.
"""


@contextmanager
def _our_turn(engine: Engine) -> Iterator[None]:
    turn = _TURNS.get(engine)
    if turn is None:
        yield
    elif turn.acquire(timeout=BUSY_TIMEOUT_SECONDS):
        try:
            yield
        finally:
            turn.release()
    else:
        raise NoFreeConnection


def _to_json(value: object) -> str:
    """JSON of anything a column holds: values, tuples of values, codes and dates."""
    return to_json(value).decode()


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """Transactions begin where we say, readers never wait for the writer, a commit survives a power cut."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _prepare_postgres(connection: Any, _: ConnectionPoolEntry) -> None:
    """Nobody waits without end for a lock that a lost client may hold; no page takes several cores for its count."""
    connection.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_SECONDS}s'")
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
