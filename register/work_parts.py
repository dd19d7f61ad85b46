"""What the lists of steps have in common: how a page of them is found, and what a line of one says."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Row,
    Select,
    String,
    Subquery,
    and_,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from register.episode_tables import IS_OPEN, EpisodeRow, StepRow
from register.paging import StepPlace
from register.post_tables import ContactRow
from register.rows import step_of
from register.service_tables import PersonRow
from rules.steps import Step
from rules.vocabulary import Frozen, Nation, Role

Places = Select[date, str, str]
"""A statement that reads places of steps: due, key and episode."""

_PLACE = (StepRow.due, StepRow.key, StepRow.episode_id)


class TaskLine(Frozen):
    """A step that is owed, with the child it is owed for.

    Attributes:
        step: what is owed, with the working behind its date.
        overdue: its last day is past, on the day asked about.
        rung: the highest of its ladder that it has reached; None while none is.
        episode: the child's period of care.
        authority: its three-digit code.
        nation: whose law applies.
        child: by the authority's reference.
        child_name: as the child's network has it; None where it does not, or names were not asked for.
        iro, cover: the child's IRO, and who covers for them, by reference.
        social_worker: by reference.
    """

    step: Step
    overdue: bool
    rung: str | None
    episode: str
    authority: str
    nation: Nation
    child: str
    child_name: str | None
    iro: str | None
    cover: str | None
    social_worker: str | None

    @property
    def place(self) -> StepPlace:
        """Where it stands in a list of steps, the earliest due first."""
        return StepPlace(due=self.step.due, key=self.step.key, episode=self.episode)


def owed(*conditions: ColumnElement[bool]) -> Places:
    """The open steps that meet some conditions, by their places. All that is looked at is to be in an index."""
    return select(*_PLACE).where(IS_OPEN, *conditions)


def owed_by_case(role: Role, whose: ColumnElement[bool]) -> Places:
    """The open steps of a role in some episodes, by their places.

    Args:
        role: who owes them.
        whose: which episodes: looks at `EpisodeRow` alone.
    """
    return owed(StepRow.owner == role, whose).join(EpisodeRow, EpisodeRow.id == StepRow.episode_id)


def read_lines(
    connection: Connection,
    kinds: Iterable[Places],
    *,
    today: date,
    after: StepPlace | None,
    limit: int,
    with_names: bool,
) -> list[TaskLine]:
    """The first steps of several kinds after a place, the earliest due first.

    Args:
        connection: one that `reading` gave.
        kinds: as `owed` gives them, no step in two of them.
        today: the London date by which a step is overdue or not.
        after: the place; None for the beginning.
        limit: how many.
        with_names: whether the children's names are read.
    """
    places = _first([_page(kind, after, limit) for kind in kinds], limit)
    if places is None:
        return []
    name = name_of_child() if with_names else literal(None, String)
    more = (EpisodeRow.nation, EpisodeRow.child, EpisodeRow.iro, EpisodeRow.cover, EpisodeRow.social_worker)
    wanted = (
        select(StepRow, *more, name.label("child_name"))
        .join(places, and_(places.c.episode_id == StepRow.episode_id, places.c.key == StepRow.key))
        .join(EpisodeRow, EpisodeRow.id == StepRow.episode_id)
        .order_by(*_PLACE)
    )
    return [_line(row, today) for row in connection.execute(wanted)]


def name_of_child() -> ColumnElement[str | None]:
    """The name of an episode's child, as its network has it."""
    of_child = and_(
        ContactRow.authority == EpisodeRow.authority,
        ContactRow.child == EpisodeRow.child,
        ContactRow.role == Role.CHILD,
    )
    # At most one is ever let in; a list must not show a child twice should there be two.
    return select(ContactRow.name).where(of_child).order_by(ContactRow.reference).limit(1).scalar_subquery()


def staff_names(connection: Connection, references: Iterable[str | None]) -> dict[str, str]:
    """The names of people of the directory, by reference; whoever is not in it is not among them.

    Args:
        connection: one that `reading` gave.
        references: of whom; None is passed over.
    """
    wanted = {reference for reference in references if reference}
    if not wanted:
        return {}
    rows = connection.execute(
        select(PersonRow.reference, PersonRow.name).where(PersonRow.reference.in_(sorted(wanted)))
    )
    return {row.reference: row.name for row in rows}


def _page(kind: Places, after: StepPlace | None, limit: int) -> Places:
    """The first so many of a kind after a place."""
    return kind.where(_beyond(after)).order_by(*_PLACE).limit(limit)


def _beyond(after: StepPlace | None) -> ColumnElement[bool]:
    if after is None:
        return true()
    there = (literal(after.due, Date), literal(after.key, String), literal(after.episode, String))
    return tuple_(*_PLACE) > tuple_(*there)


def _first(pages: Sequence[Places], limit: int) -> Subquery | None:
    """The first so many of several pages."""
    if len(pages) < 2:
        return pages[0].subquery() if pages else None
    every = union_all(*(select(page.subquery()) for page in pages)).subquery()
    return select(every).order_by(every.c.due, every.c.key, every.c.episode_id).limit(limit).subquery()


def _line(row: Row[*tuple[Any, ...]], today: date) -> TaskLine:
    step = step_of(row)
    return TaskLine(
        step=step,
        overdue=step.is_overdue(today),
        rung=row.rung,
        episode=row.episode_id,
        authority=row.authority,
        nation=row.nation,
        child=row.child,
        child_name=row.child_name,
        iro=row.iro,
        cover=row.cover,
        social_worker=row.social_worker,
    )
