"""The episodes as a list: a person's children, an authority's, those at one stage, a page at a time."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, Connection, Date, Engine, Select, String, func, literal, select, tuple_, union_all

from register.engine import reading
from register.episode_tables import EpisodeRow
from register.paging import EpisodePlace, Page, checked_limit, page_of, place_of
from register.queries import EpisodeLine, episode_lines
from register.work_parts import name_of_child
from rules.vocabulary import Frozen, Phase, Reference

_Places = Select[date | None, str]
_EPISODES = "episodes"
_PLACE = (EpisodeRow.next_due, EpisodeRow.id)


class EpisodeFilters(Frozen):
    """Which episodes are asked for; None, and False for `overdue`, leaves a filter out.

    Attributes:
        authority: of this one, by its three-digit code.
        iro: whose IRO this is, named or covering.
        social_worker, team_manager: whose they are, by reference.
        stage: at this one.
        overdue: with a step overdue.
        finished: care has ended and nothing more is owed; or something may yet be.
        void: the child was never looked after; or was.
        child: by the authority's reference, in full.
    """

    authority: str | None = None
    iro: Reference | None = None
    social_worker: Reference | None = None
    team_manager: Reference | None = None
    stage: Phase | None = None
    overdue: bool = False
    finished: bool | None = None
    void: bool | None = None
    child: Reference | None = None


class ListedEpisode(Frozen):
    """An episode in a list.

    Attributes:
        line: the episode.
        child_name: as the child's network has it; None where it does not, or names were not asked for.
    """

    line: EpisodeLine
    child_name: str | None = None

    @property
    def place(self) -> EpisodePlace:
        """Where it stands in a list."""
        return EpisodePlace(next_due=self.line.next_due, episode=self.line.id)


def episodes_page(
    engine: Engine,
    filters: EpisodeFilters,
    *,
    today: date,
    after: str | None = None,
    limit: int = 50,
    with_names: bool = False,
) -> Page[ListedEpisode]:
    """Episodes by the next day due, and so those longest overdue first; those that owe nothing last.

    Args:
        engine: the register.
        filters: which.
        today: the London date by which a step is overdue or not.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _EPISODES, EpisodePlace), checked_limit(limit)
    with reading(engine) as connection:
        kinds = [_wanted(filters, authority, today) for authority in _authorities(connection, filters)]
        listed: list[ListedEpisode] = []
        if filters.finished is not True and (place is None or place.next_due is not None):
            listed = _read(connection, [_dated(kind, place) for kind in kinds], today, most + 1, with_names)
        left = most + 1 - len(listed)
        if left and not filters.overdue:
            owing_nothing = place if place and place.next_due is None else None
            listed += _read(connection, [_undated(kind, owing_nothing) for kind in kinds], today, left, with_names)
    return page_of(_EPISODES, listed, most, lambda each: each.place)


def authorities(connection: Connection) -> list[str]:
    """The authorities of the episodes, by their codes, each found by one step through the index.

    Args:
        connection: one that `reading` gave.
    """
    first = select(func.min(EpisodeRow.authority).label("authority")).cte("authorities", recursive=True)
    next_one = select(func.min(EpisodeRow.authority)).where(EpisodeRow.authority > first.c.authority).scalar_subquery()
    every = first.union_all(select(next_one).where(first.c.authority.is_not(None)))
    return [code for code in connection.scalars(select(every.c.authority)) if code]


def _authorities(connection: Connection, filters: EpisodeFilters) -> list[str | None]:
    """The authorities to look through, one by one: a person's or a child's episodes are found without."""
    one_persons = (filters.iro, filters.social_worker, filters.team_manager)
    if filters.authority is not None or any(one_persons):
        return [filters.authority]
    return [*authorities(connection)]


def _wanted(filters: EpisodeFilters, authority: str | None, today: date) -> _Places:
    """The episodes of one authority, or of any, that the filters leave."""
    return select(*_PLACE).where(*_conditions(filters, authority, today))


def _conditions(filters: EpisodeFilters, authority: str | None, today: date) -> Iterator[ColumnElement[bool]]:
    if authority is not None:
        yield EpisodeRow.authority == authority
    if filters.iro is not None:
        yield (EpisodeRow.iro == filters.iro) | (EpisodeRow.cover == filters.iro)
    for name in ("social_worker", "team_manager", "stage", "finished", "void", "child"):
        if (value := getattr(filters, name)) is not None:
            yield getattr(EpisodeRow, name) == value
    if filters.void:
        yield EpisodeRow.stage == Phase.VOID  # the same said twice: there is an index by stage
    if filters.overdue:
        yield EpisodeRow.next_due < today


def _dated(kind: _Places, after: EpisodePlace | None) -> _Places:
    """Those with a day due, after a place."""
    dated = kind.where(EpisodeRow.next_due.is_not(None))
    if after is None:
        return dated
    return dated.where(tuple_(*_PLACE) > tuple_(literal(after.next_due, Date), literal(after.episode, String)))


def _undated(kind: _Places, after: EpisodePlace | None) -> _Places:
    """Those that owe nothing, after a place."""
    undated = kind.where(EpisodeRow.next_due.is_(None))
    return undated.where(EpisodeRow.id > after.episode) if after else undated


def _read(
    connection: Connection, kinds: list[_Places], today: date, limit: int, with_names: bool
) -> list[ListedEpisode]:
    """The first so many of several kinds. Their overdue steps are counted, and names read, for those alone."""
    if not kinds:
        return []
    pages = [select(kind.order_by(*_PLACE).limit(limit).subquery()) for kind in kinds]
    every = union_all(*pages).subquery()
    first = select(every.c.id).order_by(every.c.next_due, every.c.id).limit(limit).subquery()
    name = name_of_child() if with_names else literal(None, String)
    wanted = episode_lines(today).add_columns(name.label("child_name")).join(first, first.c.id == EpisodeRow.id)
    return [
        ListedEpisode(line=EpisodeLine.model_validate(row, from_attributes=True), child_name=row.child_name)
        for row in connection.execute(wanted.order_by(*_PLACE))
    ]
