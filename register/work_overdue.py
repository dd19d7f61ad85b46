"""What is overdue in an authority, or in all of them: as a list, and in numbers by stage, by rung and by owner."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, Engine, func, select

from register.engine import reading
from register.episode_tables import IS_OPEN, StepRow
from register.paging import Page, StepPlace, checked_limit, page_of, place_of
from register.work_episodes import authorities
from register.work_parts import TaskLine, owed, read_lines
from rules.vocabulary import Frozen, Phase, Role

_OVERDUE = "overdue"


class OverdueCount(Frozen):
    """How many steps of one kind are overdue.

    Attributes:
        stage: the part of the cycle that they belong to.
        rung: the highest of their ladder that they have reached; None for those that have reached none.
        owner: who owes them.
        steps: how many.
    """

    stage: Phase
    rung: str | None
    owner: Role
    steps: int


class OverdueCounts(Frozen):
    """How many steps are overdue, by kind."""

    counts: tuple[OverdueCount, ...] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return sum(each.steps for each in self.counts)

    @property
    def by_stage(self) -> dict[Phase, int]:
        """By the part of the cycle, in its order; parts with none are left out."""
        found = Counter[Phase]()
        for each in self.counts:
            found[each.stage] += each.steps
        return {phase: found[phase] for phase in Phase if phase in found}

    @property
    def by_rung(self) -> dict[str | None, int]:
        """By the highest rung reached; None for those that have reached none."""
        found = Counter[str | None]()
        for each in self.counts:
            found[each.rung] += each.steps
        return dict(found)

    @property
    def by_owner(self) -> dict[Role, int]:
        """By who owes them, most first."""
        found = Counter[Role]()
        for each in self.counts:
            found[each.owner] += each.steps
        return dict(found.most_common())


def overdue(
    engine: Engine,
    authority: str | None,
    *,
    today: date,
    stage: Phase | None = None,
    rung: str | None = None,
    owner: Role | None = None,
    after: str | None = None,
    limit: int = 50,
    with_names: bool = False,
) -> Page[TaskLine]:
    """The steps that are overdue, the longest first.

    Args:
        engine: the register.
        authority: whose, by its three-digit code; None for every one.
        today: the London date by which a step is overdue.
        stage: only those that belong to this part of the cycle.
        rung: only those whose highest rung is this one.
        owner: only those that this role owes.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _OVERDUE, StepPlace), checked_limit(limit)
    conditions = [StepRow.due < today, *_conditions(stage, rung, owner)]
    with reading(engine) as connection:
        where = [authority] if authority is not None else authorities(connection)
        kinds = [owed(StepRow.authority == each, *conditions) for each in where]
        lines = read_lines(connection, kinds, today=today, after=place, limit=most + 1, with_names=with_names)
    return page_of(_OVERDUE, lines, most, lambda line: line.place)


def overdue_counts(engine: Engine, authority: str | None, *, today: date) -> OverdueCounts:
    """How many steps are overdue, by stage, by rung and by owner.

    Args:
        engine: the register.
        authority: whose, by its three-digit code; None for every one.
        today: the London date by which a step is overdue.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    kind = (StepRow.phase.label("stage"), StepRow.rung, StepRow.owner)
    with reading(engine) as connection:
        where = [authority] if authority is not None else authorities(connection)
        late = (IS_OPEN, StepRow.authority.in_(where), StepRow.due < today)
        rows = connection.execute(select(*kind, func.count().label("steps")).where(*late).group_by(*kind))
        found = [OverdueCount.model_validate(row, from_attributes=True) for row in rows]
    return OverdueCounts(counts=tuple(sorted(found, key=_in_order)))


def _conditions(stage: Phase | None, rung: str | None, owner: Role | None) -> Iterator[ColumnElement[bool]]:
    if stage is not None:
        yield StepRow.phase == stage
    if rung is not None:
        yield StepRow.rung == rung
    if owner is not None:
        yield StepRow.owner == owner


def _in_order(count: OverdueCount) -> tuple[int, str, str]:
    return list(Phase).index(count.stage), count.rung or "", count.owner
