"""The tables of the service: its closed days and people, the choices of IROs, and what it was told as a whole.

Every timestamp is an instant in UTC, every date a London date. `migrations/` makes these tables; a test compares them.
"""

from datetime import date, datetime

from sqlalchemy import Double, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.columns import Structured
from register.metadata import Base, partial_index
from rules.choosing import Choice
from rules.closed_days import ClosedDayChange
from rules.concerns import ConcernKind
from rules.directory import BarKind, DirectoryChangeKind
from rules.vocabulary import KinRelation, Nation, Need, Role


class ClosedDayRow(Base):
    """A bank holiday added to a nation's calendar, or withdrawn from it."""

    __tablename__ = "closed_day"

    nation: Mapped[Nation] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[ClosedDayChange]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class PersonRow(Base):
    """Someone of the directory. The only table that says who people are."""

    __tablename__ = "person"

    reference: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[Role]
    authority: Mapped[str] = mapped_column(index=True)
    team: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    line_manager: Mapped[str | None]
    deputy: Mapped[str | None]
    since: Mapped[date | None]
    until: Mapped[date | None]


class IroTermsRow(Base):
    """An IRO's hours, limit and fitness."""

    __tablename__ = "iro_terms"

    iro: Mapped[str] = mapped_column(ForeignKey("person.reference"), primary_key=True)
    hours: Mapped[float] = mapped_column(Double)
    full_time_limit: Mapped[int]
    nations: Mapped[tuple[Nation, ...]] = mapped_column(Structured(tuple[Nation, ...]))
    offers: Mapped[tuple[Need, ...]] = mapped_column(Structured(tuple[Need, ...]))
    picture: Mapped[str | None]


class AbsenceRow(Base):
    """A time away."""

    __tablename__ = "absence"

    person: Mapped[str] = mapped_column(ForeignKey("person.reference"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    cover: Mapped[str | None] = mapped_column(ForeignKey("person.reference"))


class BarRow(Base):
    """One IRO who may not review for a child, or for the children of a worker or a team."""

    __tablename__ = "bar"

    iro: Mapped[str] = mapped_column(ForeignKey("person.reference"), primary_key=True)
    against: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[BarKind] = mapped_column(primary_key=True)
    reason: Mapped[str | None] = mapped_column(Text)


class DirectoryChangeRow(Base):
    """That the directory was changed, when and by whom. Never changed; the highest id is the directory's version."""

    __tablename__ = "directory_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[DirectoryChangeKind]
    person: Mapped[str]


class KinRow(Base):
    """That two children of an authority are kin, as one episode's facts say it; written both ways round.

    Each episode keeps its own rows, so that one may take back what it said and leave what another says.
    """

    __tablename__ = "kin"

    authority: Mapped[str] = mapped_column(primary_key=True)
    child: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[KinRelation] = mapped_column(primary_key=True)
    """What `kin` is to `child`."""
    kin: Mapped[str] = mapped_column(primary_key=True)
    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.id"), primary_key=True, index=True)


class AllocationRow(Base):
    """A choice of an IRO for a step of an episode, with its reasons. Only `recorded` ever changes."""

    __tablename__ = "allocation"
    __table_args__ = (
        partial_index(
            "ix_allocation_unrecorded", "iro", "episode_id", where="recorded = false", sqlite_where="recorded = 0"
        ),
    )

    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[str]
    at: Mapped[datetime]
    iro: Mapped[str | None]
    over_capacity: Mapped[bool]
    recorded: Mapped[bool]
    """The fact it led to has been published."""
    directory: Mapped[str]
    """The version of the directory that was looked in."""
    choice: Mapped[Choice] = mapped_column(Structured(Choice))


class CaseloadRow(Base):
    """How many children in care have an IRO, or are to have one who is proposed: kept with each publication, because an
    allocation looks at it while others wait."""

    __tablename__ = "caseload"

    authority: Mapped[str] = mapped_column(primary_key=True)
    iro: Mapped[str] = mapped_column(primary_key=True)
    children: Mapped[int]


class ConcernRow(Base):
    """A slip that recurs, or touches many, or a pattern of poor practice: told to the service once while it lasts."""

    __tablename__ = "concern"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    authority: Mapped[str] = mapped_column(index=True)
    team: Mapped[str]
    step_name: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    episodes: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))
    raised_at: Mapped[datetime]
    kind: Mapped[ConcernKind] = mapped_column(server_default=ConcernKind.SLIP.value)


class DigestRow(Base):
    """What an authority's service was told of one week, by its Monday."""

    __tablename__ = "digest"

    authority: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
