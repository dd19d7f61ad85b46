"""Inserts that mind what is already there, in the dialect of either database."""

from functools import lru_cache
from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from register.metadata import Base
from register.rows import Row

Insert = postgresql.Insert | sqlite.Insert


def insert_new(connection: Connection, table: type[Base], rows: list[Row]) -> None:
    """Insert the rows whose key is not there yet; leave those that are as they are.

    Args:
        rows: all with the same columns; may be none.
    """
    if rows:
        connection.execute(_insert_new(connection.dialect.name, table), rows)


def insert_or_replace(connection: Connection, table: type[Base], rows: list[Row]) -> None:
    """Insert the rows, and overwrite those whose key is there.

    Args:
        rows: all with the same columns; may be none.
    """
    if rows:
        connection.execute(_replacing(connection.dialect.name, table), rows)


def insert_or_supersede(connection: Connection, table: type[Base], row: Row, keep: tuple[str, ...]) -> bool:
    """Insert the row, or overwrite the one with its key when that is of an earlier revision.

    Args:
        row: has a `revision`.
        keep: the columns that stay as they were first written.

    Returns:
        Whether it was written.
    """
    statement = _replacing(connection.dialect.name, table, keep, only_earlier=True)
    return bool(connection.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount)


def insert_or_add(connection: Connection, table: type[Base], row: Row, to: str) -> None:
    """Insert the row, or add what it has in one column to what the row with its key has there.

    Args:
        row: the row.
        to: the column that is added to, of numbers.
    """
    connection.execute(_adding(connection.dialect.name, table, to), row)


@lru_cache
def _adding(dialect: str, row_type: type[Base], to: str) -> Insert:
    insert, table = _insert_into(dialect, row_type), _table(row_type)
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={to: table.c[to] + insert.excluded[to]}
    )


@lru_cache
def _insert_new(dialect: str, row_type: type[Base]) -> Insert:
    return _insert_into(dialect, row_type).on_conflict_do_nothing()


@lru_cache
def _replacing(dialect: str, row_type: type[Base], keep: tuple[str, ...] = (), only_earlier: bool = False) -> Insert:
    insert, table = _insert_into(dialect, row_type), _table(row_type)
    changed = [c.name for c in table.columns if not c.primary_key and c.name not in keep]
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: insert.excluded[name] for name in changed},
        where=table.c.revision < insert.excluded.revision if only_earlier else None,
    )


def _insert_into(dialect: str, row_type: type[Base]) -> Insert:
    """A bare insert that can be told what to do on a conflict, and asks for no generated key back."""
    table = _table(row_type)
    return postgresql.insert(table).inline() if dialect == "postgresql" else sqlite.insert(table).inline()


def _table(row_type: type[Base]) -> Table:
    return cast(Table, row_type.__table__)
