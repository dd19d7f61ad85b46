"""Whose tasks are what: the open steps that somebody owes in their posts, a page at a time, and in numbers."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, func, select, union_all

from register.engine import reading
from register.episode_tables import EpisodeRow, StepRow
from register.paging import Page, StepPlace, checked_limit, page_of, place_of
from register.work_parts import Places, TaskLine, owed, owed_by_case, read_lines
from rules.vocabulary import Frozen, Reference, Role

SOON = timedelta(days=7)
"""What is due within this is due soon: as many working days as there are in a week."""

OF_THE_CASE = frozenset({Role.IRO, Role.SOCIAL_WORKER, Role.TEAM_MANAGER})
"""Who owes what for the children they themselves work with."""

_TASKS = "tasks"


class TaskOwner(Frozen):
    """Somebody whose tasks are asked for.

    Attributes:
        person: by reference.
        authority: whose service they work in, by its three-digit code.
        roles: the posts they hold. In a post of the case (`OF_THE_CASE`) they owe what is owed for their own
            children: those whose IRO they are or for whom they cover, whose social worker or team manager they are.
            In any other they owe what that post owes for any child. Either way of their own authority only.
    """

    person: Reference
    authority: str
    roles: frozenset[Role]


class TaskCounts(Frozen):
    """How many tasks somebody has.

    Attributes:
        overdue: their last day is past.
        today: due today.
        soon: due in the seven days after today.
        later: due after those.
    """

    overdue: int
    today: int
    soon: int
    later: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.today + self.soon + self.later


def tasks(
    engine: Engine,
    who: TaskOwner,
    *,
    today: date,
    since: date | None = None,
    until: date | None = None,
    after: str | None = None,
    limit: int = 50,
    with_names: bool = True,
) -> Page[TaskLine]:
    """What somebody owes, the earliest due first, and so what is longest overdue.

    Args:
        engine: the register.
        who: whose tasks.
        today: the London date by which a step is overdue or not.
        since, until: only those due from this day on, and up to and with that one.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _TASKS, StepPlace), checked_limit(limit)
    kinds = [_due_within(kind, since, until) for kind in _kinds(who)]
    with reading(engine) as connection:
        lines = read_lines(connection, kinds, today=today, after=place, limit=most + 1, with_names=with_names)
    return page_of(_TASKS, lines, most, lambda line: line.place)


def count_tasks(engine: Engine, who: TaskOwner, *, today: date) -> TaskCounts:
    """How many tasks somebody has, by when they are due.

    Args:
        engine: the register.
        who: whose tasks.
        today: the London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    kinds = list(_kinds(who))
    if not kinds:
        return TaskCounts(overdue=0, today=0, soon=0, later=0)
    due = union_all(*kinds).subquery().c.due
    when = {
        "overdue": due < today,
        "today": due == today,
        "soon": (due > today) & (due <= today + SOON),
        "later": due > today + SOON,
    }
    counted = select(*(_number(condition).label(name) for name, condition in when.items()))
    with reading(engine) as connection:
        return TaskCounts.model_validate(connection.execute(counted).one(), from_attributes=True)


def _kinds(who: TaskOwner) -> Iterator[Places]:
    """What somebody owes in each of their posts; no step is owed in two."""
    for role in sorted(who.roles):
        if role in OF_THE_CASE:
            yield owed_by_case(role, and_(EpisodeRow.authority == who.authority, _theirs(who.person, role)))
        else:
            yield owed(StepRow.authority == who.authority, StepRow.owner == role)


def _due_within(kind: Places, since: date | None, until: date | None) -> Places:
    if since is not None:
        kind = kind.where(StepRow.due >= since)
    return kind.where(StepRow.due <= until) if until is not None else kind


def _theirs(person: str, role: Role) -> ColumnElement[bool]:
    """The episodes in which somebody has a post of the case."""
    if role is Role.IRO:
        return (EpisodeRow.iro == person) | (EpisodeRow.cover == person)
    column = EpisodeRow.social_worker if role is Role.SOCIAL_WORKER else EpisodeRow.team_manager
    return column == person


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
