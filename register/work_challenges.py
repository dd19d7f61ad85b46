"""The challenge board: each challenge and formal dispute that is open in an authority, and what lies behind it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, Subquery, and_, case, func, select

from register.engine import reading
from register.episode_tables import IS_END_OF_A_DISPUTE, IS_NEXT_OF_A_CHALLENGE, IS_OPEN, FactRow, StepRow
from register.paging import Page, StepPlace, checked_limit, page_of, place_of
from register.rows import step_of
from register.work_parts import TaskLine, owed, read_lines
from rules.facts import Entry
from rules.steps import Step
from rules.vocabulary import Frozen, Phase

_BOARD = "challenges"

_KINDS = (
    # Nothing can be read of a case but with its opening, nor rightly but with what was put right.
    *("became_looked_after", "fact_corrected", "fact_withdrawn"),
    *("challenge_raised", "challenge_answered", "challenge_resolved", "challenge_withdrawn"),
    *("dispute_raised", "dispute_answered", "dispute_taken_up", "dispute_moved_up", "dispute_paused"),
    *("dispute_resolved", "dispute_withdrawn"),
    *("cafcass_considered", "cafcass_referred", "cafcass_replied"),
)
_PHASES = (Phase.CHALLENGE, Phase.DISPUTE, Phase.REFERRAL)


class ChallengeCounts(Frozen):
    """How many challenges and formal disputes are open.

    Attributes:
        challenges: of daily use, before the formal stages.
        disputes: formal ones.
        overdue: of both, those with what comes next overdue. Where two stages of a dispute owe something, each counts,
            but never more of a child's than are open.
    """

    challenges: int = 0
    disputes: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.challenges + self.disputes


class Behind(Frozen):
    """What lies behind the challenges and disputes of one child's case.

    Attributes:
        entries: the facts about them, and the opening; corrections and withdrawals too.
        steps: the open steps of them and of referrals to Cafcass.
    """

    entries: tuple[Entry, ...] = ()
    steps: tuple[Step, ...] = ()


def open_challenges(
    engine: Engine,
    authority: str,
    *,
    today: date,
    after: str | None = None,
    limit: int = 25,
    with_names: bool = False,
) -> Page[TaskLine]:
    """The challenges and formal disputes that are open, each by what comes next of it, the longest overdue first.

    A dispute stands there twice where what comes of a stage's answer is owed, and the answer of the stage above too.

    Args:
        engine: the register.
        authority: whose, by its three-digit code.
        today: the London date by which a step is overdue.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.
        with_names: whether the children's names are read.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _BOARD, StepPlace), checked_limit(limit)
    kind = owed(StepRow.authority == authority, IS_NEXT_OF_A_CHALLENGE)
    with reading(engine) as connection:
        lines = read_lines(connection, [kind], today=today, after=place, limit=most + 1, with_names=with_names)
    return page_of(_BOARD, lines, most, lambda line: line.place)


def challenge_counts(engine: Engine, authority: str, *, today: date) -> ChallengeCounts:
    """How many challenges and formal disputes are open.

    Args:
        engine: the register.
        authority: whose, by its three-digit code.
        today: the London date by which a step is overdue.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    next_owed, in_dispute = _next_of_each_child(authority, today), _disputes_of_each_child(authority)
    of_each = func.coalesce(in_dispute.c.disputes, 0)
    overdue = case((next_owed.c.disputes_overdue < of_each, next_owed.c.disputes_overdue), else_=of_each)
    both = next_owed.outerjoin(in_dispute, in_dispute.c.episode_id == next_owed.c.episode_id)
    wanted = select(
        _sum(next_owed.c.challenges), _sum(next_owed.c.challenges_overdue), _sum(of_each), _sum(overdue)
    ).select_from(both)
    with reading(engine) as connection:
        challenges, challenges_overdue, disputes, disputes_overdue = connection.execute(wanted).one()
    return ChallengeCounts(challenges=challenges, disputes=disputes, overdue=challenges_overdue + disputes_overdue)


def _next_of_each_child(authority: str, today: date) -> Subquery:
    """What comes next of the challenges and disputes of each child who has any, counted."""
    is_formal, is_overdue = StepRow.phase == Phase.DISPUTE, StepRow.due < today
    return (
        select(
            StepRow.episode_id,
            _sum(case((is_formal, 0), else_=1)).label("challenges"),
            _sum(case((and_(~is_formal, is_overdue), 1), else_=0)).label("challenges_overdue"),
            _sum(case((and_(is_formal, is_overdue), 1), else_=0)).label("disputes_overdue"),
        )
        .where(StepRow.authority == authority, IS_OPEN, IS_NEXT_OF_A_CHALLENGE)
        .group_by(StepRow.episode_id)
        .subquery("next_of_each_child")
    )


def _disputes_of_each_child(authority: str) -> Subquery:
    """The open disputes of each child who has any."""
    return (
        select(StepRow.episode_id, func.count().label("disputes"))
        .where(StepRow.authority == authority, IS_OPEN, IS_END_OF_A_DISPUTE)
        .group_by(StepRow.episode_id)
        .subquery("disputes_of_each_child")
    )


def _sum(of: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(of), 0)


def what_lies_behind(engine: Engine, episodes: Iterable[str]) -> dict[str, Behind]:
    """What lies behind the challenges and disputes of some cases, by episode.

    Args:
        engine: the register.
        episodes: by their ids; a page of them.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = sorted(set(episodes))
    if not wanted:
        return {}
    with reading(engine) as connection:
        entries, steps = _entries(connection, wanted), _open_steps(connection, wanted)
    return {each: Behind(entries=tuple(entries.get(each, ())), steps=tuple(steps.get(each, ()))) for each in wanted}


def steps_by_key(engine: Engine, episode: str, keys: Iterable[str]) -> dict[str, Step]:
    """Some steps of an episode, open or closed, by their keys; one that was never published is left out.

    Args:
        engine: the register.
        episode: by its id.
        keys: of the steps.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(StepRow).where(StepRow.episode_id == episode, StepRow.key.in_(sorted(set(keys))))
    with reading(engine) as connection:
        return {row.key: step_of(row) for row in connection.execute(wanted)}


def _entries(connection: Connection, episodes: list[str]) -> dict[str, list[Entry]]:
    wanted = (
        select(FactRow.episode_id, FactRow.body, FactRow.recorded_at)
        .where(FactRow.episode_id.in_(episodes), FactRow.kind.in_(_KINDS))
        .order_by(FactRow.episode_id, FactRow.revision, FactRow.place)
    )
    found: dict[str, list[Entry]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.episode_id, []).append(Entry(fact=row.body, at=row.recorded_at))
    return found


def _open_steps(connection: Connection, episodes: list[str]) -> dict[str, list[Step]]:
    wanted = select(StepRow).where(IS_OPEN, StepRow.episode_id.in_(episodes), StepRow.phase.in_(_PHASES))
    found: dict[str, list[Step]] = {}
    for row in connection.execute(wanted.order_by(StepRow.episode_id, StepRow.due, StepRow.key)):
        found.setdefault(row.episode_id, []).append(step_of(row))
    return found
