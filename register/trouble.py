"""What is said when the register cannot be used: one plain sentence, what to do, and no password in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import (
    DiskFull,
    InvalidSchemaName,
    LockNotAvailable,
    ReadOnlySqlTransaction,
    UndefinedColumn,
    UndefinedTable,
)
from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnection


class RegisterUnavailable(Exception):
    """The register cannot be used just now. The message says what to do; trying again is safe."""


@contextmanager
def told_plainly(url: URL) -> Iterator[None]:
    """Turn a database's trouble into a sentence; a fault of our own passes as it is.

    Raises:
        RegisterUnavailable: the database is down, locked, full, unreadable, or not set up.
    """
    try:
        yield
    except NoFreeConnection as error:
        raise RegisterUnavailable(f"The register at {place(url)} is busy: try again in a moment.") from error
    except DBAPIError as error:
        if not _is_trouble(error):
            raise
        raise RegisterUnavailable(_sentence(url, error)) from error


def place(url: URL) -> str:
    """Where the register is, in words fit for a message: no user, no password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or 5432}/{url.database or ''}"


_NOT_SET_UP = (UndefinedTable, UndefinedColumn, InvalidSchemaName)


def _is_trouble(error: DBAPIError) -> bool:
    """Whether it is the database's trouble, and not a fault of the statement."""
    if isinstance(error, ProgrammingError):
        return isinstance(error.orig, _NOT_SET_UP)
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


def _sentence(url: URL, error: DBAPIError) -> str:
    cause = error.orig
    said = str(cause).lower()
    if isinstance(cause, _NOT_SET_UP) or "no such table" in said or "no such column" in said:
        trouble = "has not been set up for this program: `starter.py up` does so when it starts"
    elif isinstance(cause, DiskFull) or "is full" in said:
        trouble = "has no room left: free some space on its disk and try again; nothing was half written"
    elif isinstance(cause, ReadOnlySqlTransaction) or "readonly" in said:
        trouble = "may not be written: give this program leave to write it and try again"
    elif isinstance(cause, LockNotAvailable) or "is locked" in said:
        trouble = "is busy with another program's writing: try again in a moment"
    elif url.get_backend_name() != "sqlite":
        trouble = "cannot be reached: see that PostgreSQL runs there and that REGISTER_URL is right"
    elif "unable to open" in said:
        trouble = "cannot be opened: see that its folder is there and that REGISTER_URL is right"
    elif "not a database" in said or "malformed" in said:
        trouble = "is no sound register: restore it from a copy, or set REGISTER_URL to the right file"
    else:
        trouble = f"cannot be used ({said}): see to its disk and try again"
    return f"The register at {place(url)} {trouble}."
