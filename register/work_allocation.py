"""The children of an authority who have no IRO, longest waiting first, each with the choice that was made for them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, Subquery, and_, func, literal, select, tuple_
from sqlalchemy.types import Date, String

from register.allocations import Allocation
from register.engine import reading
from register.episode_tables import IS_OPEN, LOOKED_AFTER, EpisodeRow, StepRow
from register.paging import EpisodePlace, Page, checked_limit, page_of, place_of
from register.rows import step_of
from register.service_tables import AllocationRow
from register.work_parts import name_of_child
from rules.steps import Step
from rules.vocabulary import Frozen, Nation

OWING = ("appoint_iro", "fill_vacancy")
"""The steps by which an IRO is owed to a child: the first one, and another after each vacancy."""

_UNALLOCATED = "unallocated"


class Unallocated(Frozen):
    """A child in care who has no IRO.

    Attributes:
        episode: the period of care.
        nation: whose law applies.
        child: by the authority's reference.
        child_name: as the child's network has it; None where it does not.
        became_looked_after: the day.
        proposed_iro: who is proposed and waits for the IRO manager's word, by reference; None when nobody is.
        step: by which an IRO is owed; None where that is exempted.
        choice: the last choice that was made; None where none was.
        sorts_by: the day by which it stands in the list.
    """

    episode: str
    nation: Nation
    child: str
    child_name: str | None
    became_looked_after: date
    proposed_iro: str | None
    step: Step | None
    choice: Allocation | None
    sorts_by: date


class Unallocateds(Frozen):
    """How many children have no IRO: with one proposed, and without."""

    proposed: int
    unproposed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.proposed + self.unproposed


def unallocated(
    engine: Engine, authority: str, *, proposed: bool | None = None, after: str | None = None, limit: int = 50
) -> Page[Unallocated]:
    """The children in care of an authority who have no IRO; first those to whom one was owed first.

    Args:
        engine: the register.
        authority: by its three-digit code.
        proposed: only those for whom an IRO is proposed, or only the others.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _UNALLOCATED, EpisodePlace), checked_limit(limit)
    places = _places(authority, proposed, place, most + 1)
    names = ("nation", "child", "became_looked_after", "proposed_iro")
    wanted = (
        select(EpisodeRow.id.label("episode"), *(getattr(EpisodeRow, name) for name in names))
        .add_columns(name_of_child().label("child_name"), places.c.sorts_by)
        .join(places, places.c.id == EpisodeRow.id)
        .order_by(places.c.sorts_by, EpisodeRow.id)
    )
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
        steps = _steps(connection, [row.episode for row in rows])
        choices = _choices(connection, [row.episode for row in rows])
    lines = [Unallocated(**row._asdict(), step=steps.get(row.episode), choice=choices.get(row.episode)) for row in rows]
    return page_of(_UNALLOCATED, lines, most, lambda each: EpisodePlace(next_due=each.sorts_by, episode=each.episode))


def count_unallocated(engine: Engine, authority: str) -> Unallocateds:
    """How many children in care of an authority have no IRO.

    Args:
        engine: the register.
        authority: by its three-digit code.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    counted = select(func.count(), func.count(EpisodeRow.proposed_iro)).where(_without_iro(authority))
    with reading(engine) as connection:
        every, proposed = connection.execute(counted).one()
    return Unallocateds(proposed=proposed, unproposed=every - proposed)


def _places(authority: str, proposed: bool | None, after: EpisodePlace | None, limit: int) -> Subquery:
    """The first so many after a place: all that is looked at to find a page of them."""
    owed_by = select(func.min(StepRow.due)).where(StepRow.episode_id == EpisodeRow.id, IS_OPEN, StepRow.name.in_(OWING))
    sorts_by = func.coalesce(owed_by.scalar_subquery(), EpisodeRow.became_looked_after, type_=Date)
    without = select(EpisodeRow.id, sorts_by.label("sorts_by")).where(_without_iro(authority), *_which(proposed))
    every = without.subquery()
    first = select(every).order_by(every.c.sorts_by, every.c.id).limit(limit)
    if after is not None:
        there = (literal(after.next_due, Date), literal(after.episode, String))
        first = first.where(tuple_(every.c.sorts_by, every.c.id) > tuple_(*there))
    return first.subquery()


def _without_iro(authority: str) -> ColumnElement[bool]:
    return and_(LOOKED_AFTER, EpisodeRow.authority == authority, EpisodeRow.iro.is_(None))


def _which(proposed: bool | None) -> Iterable[ColumnElement[bool]]:
    if proposed is None:
        return ()
    return (EpisodeRow.proposed_iro.is_not(None) if proposed else EpisodeRow.proposed_iro.is_(None),)


def _steps(connection: Connection, episodes: list[str]) -> dict[str, Step]:
    """By which step an IRO is owed; of several, the one first due."""
    wanted = select(StepRow).where(StepRow.episode_id.in_(episodes), IS_OPEN, StepRow.name.in_(OWING))
    rows = connection.execute(wanted.order_by(StepRow.due.desc(), StepRow.key))
    return {row.episode_id: step_of(row) for row in rows}


def _choices(connection: Connection, episodes: list[str]) -> dict[str, Allocation]:
    wanted = select(AllocationRow).where(AllocationRow.episode_id.in_(episodes)).order_by(AllocationRow.at)
    return {row.episode_id: Allocation.model_validate(row, from_attributes=True) for row in connection.execute(wanted)}
