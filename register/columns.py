"""Kinds of column that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine


class Instant(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out, on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"the register holds instants, and {value} names no zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no zone: what it holds is UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Structured(TypeDecorator[Any]):
    """A value with parts, kept as JSON (JSONB on PostgreSQL) and checked when read."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """Hold values of one kind.

        Args:
            kind: any type pydantic can read: a model, a union of models, a tuple of codes.
        """
        super().__init__()
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSONB where there is one."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the value back as its kind."""
        return self._adapter.validate_python(value)


def code(kind: type[StrEnum]) -> Enum:
    """A column of codes, kept as their own words; a new code needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda codes: [member.value for member in codes],
    )
