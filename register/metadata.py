"""What the register's tables have in common, and the one list of them all.

Whoever wants the whole list (`Base.metadata`) imports `register.episode_tables` and `register.service_tables` first:
a table is on it once its module is read.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from register.columns import Instant, code
from rules.closed_days import ClosedDayChange
from rules.codes import ParticipationCode
from rules.concerns import ConcernKind
from rules.directory import BarKind, DirectoryChangeKind
from rules.network import DispatchState, FeedKind, Language, Way
from rules.vocabulary import KinRelation, Nation, Phase, Role, StepState

_CODES = (
    BarKind,
    ClosedDayChange,
    ConcernKind,
    DirectoryChangeKind,
    DispatchState,
    FeedKind,
    KinRelation,
    Language,
    Nation,
    ParticipationCode,
    Phase,
    Role,
    StepState,
    Way,
)


class Base(DeclarativeBase):
    """What the tables have in common: how types and constraints are named."""

    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {
        datetime: Instant(),
        **{kind: code(kind) for kind in _CODES},
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


def partial_index(name: str, *columns: str, where: str, sqlite_where: str | None = None) -> Index:
    """An index of some rows only, the same on either database.

    Args:
        name: the index's.
        columns: in order.
        where: which rows, in SQL.
        sqlite_where: the same as SQLite is asked, where that differs: it has no word for false.
    """
    return Index(name, *columns, sqlite_where=text(sqlite_where or where), postgresql_where=text(where))
