"""What the command line, the desk and the post room ask of the register.

Every function reads with one statement, so that all it gives stood at one moment, and raises `RegisterUnavailable` when
the database cannot be used.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, false, func, select

from register.engine import reading
from register.episode_tables import IS_OPEN, EpisodeRow, EscalationRow, FactRow, OutboxRow, ReviewRow, StepRow
from register.rows import escalation_of, review_of, step_of
from rules.facts import Entry
from rules.posts import CasePeople
from rules.steps import Escalation, Notice, ReviewLine, Step
from rules.vocabulary import Frozen, Nation, Phase


class EpisodeLine(Frozen):
    """An episode as the register has it. Dates are London dates, instants UTC.

    Attributes:
        next_due: the earliest last day among its open steps, past ones too.
        overdue: how many open steps are past their last day, on the day asked about.
        highest_rung: the rung furthest up a ladder that an open step has reached.
        revision: the latest publication's.
        finished: care has ended and nothing more is owed.
        void: the child was never looked after.
        former_episode, former_iro: the child's period of care before this one, and the IRO it had.
        proposed_iro: the IRO who is proposed and waits for the IRO manager's word.
    """

    id: str
    authority: str
    nation: Nation
    child: str
    birth_date: date
    became_looked_after: date
    short_breaks: bool
    iro: str | None
    cover: str | None
    social_worker: str | None
    team_manager: str | None
    stage: Phase
    next_due: date | None
    overdue: int
    highest_rung: str | None
    revision: int
    rules_version: str
    policy_version: str
    calendar_version: str
    opened_at: datetime
    published_at: datetime
    ended_on: date | None
    end_reason: str | None
    finished: bool
    void: bool
    former_episode: str | None
    former_iro: str | None
    proposed_iro: str | None

    @property
    def people(self) -> CasePeople:
        """Those who are known to work on the case."""
        return CasePeople(**{name: getattr(self, name) for name in CasePeople.model_fields})


class OwedNotice(Notice):
    """A notice in the outbox that has not been sent.

    Attributes:
        id: its place in the outbox; later ones are higher.
        episode: whose; None for a notice about an authority's service.
        service: the authority whose service it is about, by its three-digit code; None for one about an episode.
        owed_at: the instant it came to be owed, UTC.
    """

    id: int
    episode: str | None
    service: str | None
    owed_at: datetime


def list_episodes(
    engine: Engine,
    *,
    today: date,
    iro: str | None = None,
    stage: Phase | None = None,
    overdue: bool = False,
    authority: str | None = None,
) -> list[EpisodeLine]:
    """The episodes, those longest overdue first, then by the next day due; with nothing due, last.

    Args:
        today: the London date by which a step is overdue or not.
        iro: only those of this IRO, named or covering.
        stage: only those at this stage.
        overdue: only those with a step overdue.
        authority: only those of this authority.
    """
    wanted = episode_lines(today).order_by(EpisodeRow.next_due.is_(None), EpisodeRow.next_due, EpisodeRow.id)
    if iro is not None:
        wanted = wanted.where((EpisodeRow.iro == iro) | (EpisodeRow.cover == iro))
    if stage is not None:
        wanted = wanted.where(EpisodeRow.stage == stage)
    if overdue:
        wanted = wanted.where(EpisodeRow.next_due < today)
    if authority is not None:
        wanted = wanted.where(EpisodeRow.authority == authority)
    with reading(engine) as connection:
        return [EpisodeLine.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def episode(engine: Engine, episode_id: str, *, today: date) -> EpisodeLine | None:
    """One episode; None when the register knows none of that id.

    Args:
        today: the London date by which a step is overdue or not.
    """
    with reading(engine) as connection:
        row = connection.execute(episode_lines(today).where(EpisodeRow.id == episode_id)).first()
    return EpisodeLine.model_validate(row, from_attributes=True) if row else None


def episodes_of_ids(engine: Engine, ids: Collection[str], *, today: date) -> list[EpisodeLine]:
    """Some episodes, by id; an id that the register does not know is passed over.

    Args:
        ids: of which; a page of them.
        today: the London date by which a step is overdue or not.
    """
    wanted = episode_lines(today).where(EpisodeRow.id.in_(sorted(ids))).order_by(EpisodeRow.id)
    with reading(engine) as connection:
        return [EpisodeLine.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def episodes_of_child(engine: Engine, authority: str, child: str, *, today: date) -> list[EpisodeLine]:
    """A child's episodes, the latest first.

    Args:
        authority: whose reference it is, by its three-digit code.
        child: by the authority's reference.
        today: the London date by which a step is overdue or not.
    """
    wanted = episode_lines(today).where(EpisodeRow.authority == authority, EpisodeRow.child == child)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(EpisodeRow.became_looked_after.desc(), EpisodeRow.id))
        return [EpisodeLine.model_validate(row, from_attributes=True) for row in rows]


def episode_lines(today: date) -> Select[Any]:
    """The statement that reads everything an `EpisodeLine` says, of every episode.

    Args:
        today: the London date by which a step is overdue or not.
    """
    overdue: ColumnElement[int] = (
        select(func.count())
        .where(StepRow.episode_id == EpisodeRow.id, IS_OPEN, StepRow.due < today)
        .scalar_subquery()
        .label("overdue")
    )
    kept = (getattr(EpisodeRow, name) for name in EpisodeLine.model_fields if name != "overdue")
    return select(*kept, overdue)


def open_episode_ids(engine: Engine, nation: Nation | None = None) -> list[str]:
    """The episodes that still owe something or may yet: care goes on, or has ended with a step unfinished."""
    wanted = select(EpisodeRow.id).where(EpisodeRow.finished == false()).order_by(EpisodeRow.id)
    if nation is not None:
        wanted = wanted.where(EpisodeRow.nation == nation)
    with reading(engine) as connection:
        return list(connection.scalars(wanted))


def steps(engine: Engine, episode_id: str, *, only_open: bool = False) -> list[Step]:
    """The steps of an episode, earliest due first: every one ever owed, or those still open."""
    wanted = _steps(episode_id)
    return _read_steps(engine, wanted.where(IS_OPEN) if only_open else wanted)


def find_step(engine: Engine, episode_id: str, key_or_name: str) -> Step | None:
    """One step, by its key; else the open one of that name first due; else the latest of that name."""
    either = (StepRow.key == key_or_name) | (StepRow.name == key_or_name)
    named = _read_steps(engine, _steps(episode_id).where(either))
    keyed = [step for step in named if step.key == key_or_name]
    still_open = [step for step in named if step.is_open]
    return next(iter([*keyed, *still_open, *reversed(named)]), None)


def escalations(engine: Engine, episode_id: str) -> list[Escalation]:
    """Every rung ever raised in an episode, in the order they were raised."""
    wanted = select(EscalationRow).where(EscalationRow.episode_id == episode_id)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(EscalationRow.raised_at, EscalationRow.step, EscalationRow.height))
        return [escalation_of(row) for row in rows]


def reviews(register: Engine | Connection, episode_id: str) -> list[ReviewLine]:
    """The reviews held in an episode, in order."""
    wanted = select(ReviewRow).where(ReviewRow.episode_id == episode_id)
    with reading(register) as connection:
        rows = connection.execute(wanted.order_by(ReviewRow.completed_on, ReviewRow.opened_on, ReviewRow.key))
        return [review_of(row) for row in rows]


def facts(engine: Engine, episode_id: str) -> list[Entry]:
    """Every fact recorded in an episode, corrections and withdrawals too, in the order they were recorded."""
    wanted = select(FactRow.body, FactRow.recorded_at).where(FactRow.episode_id == episode_id)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(FactRow.revision, FactRow.place))
        return [Entry(fact=row.body, at=row.recorded_at) for row in rows]


def owed_notices(engine: Engine, episode_id: str | None = None) -> list[OwedNotice]:
    """The notices not sent yet, of one episode or of all, in the order they came to be owed."""
    columns = (OutboxRow.id, OutboxRow.episode_id.label("episode"), OutboxRow.key, OutboxRow.name)
    more = (OutboxRow.service, OutboxRow.recipient, OutboxRow.about, OutboxRow.owed_at)
    wanted = select(*columns, *more).where(OutboxRow.sent_at.is_(None)).order_by(OutboxRow.id)
    if episode_id is not None:
        wanted = wanted.where(OutboxRow.episode_id == episode_id)
    with reading(engine) as connection:
        return [OwedNotice.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def _steps(episode_id: str) -> Select[Any]:
    return select(StepRow).where(StepRow.episode_id == episode_id).order_by(StepRow.due, StepRow.key)


def _read_steps(engine: Engine, wanted: Select[Any]) -> list[Step]:
    with reading(engine) as connection:
        return [step_of(row) for row in connection.execute(wanted)]
