"""All that one child's page shows, read together."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import BindParameter, Connection, Engine, Select, bindparam, select

from register.contacts import Network, network
from register.engine import reading
from register.episode_tables import IS_OPEN, EpisodeRow, EscalationRow, FactRow, OutboxRow, StepRow
from register.post_queries import Dispatch, dispatches
from register.queries import EpisodeLine, episode_lines, reviews
from register.rows import escalation_of, step_of
from register.service_tables import PersonRow
from register.undelivered import Undelivered, undelivered
from rules.addressing import NotSent
from rules.directory import Person
from rules.facts import Entry
from rules.notice_names import NoticeName
from rules.steps import Escalation, ReviewLine, Step
from rules.vocabulary import Frozen, Role

MOST_CLOSED = 60
"""So many closed steps are read, the latest: about two cycles. There may be hundreds."""
MOST_FACTS = 100
MOST_ESCALATIONS = 50
MOST_DISPATCHES = 25
MOST_NOT_SENT = 25

_EPISODE: BindParameter[str] = bindparam("episode")
# Put together once: a page reads by a dozen of them, and building them takes as long as running them.
_STEPS = select(StepRow).where(StepRow.episode_id == _EPISODE)
_OPEN = _STEPS.where(IS_OPEN).order_by(StepRow.due, StepRow.key)
_CLOSED = _STEPS.where(~IS_OPEN).order_by(StepRow.due.desc(), StepRow.key).limit(MOST_CLOSED)
_ESCALATIONS = (
    select(EscalationRow)
    .where(EscalationRow.episode_id == _EPISODE)
    .order_by(EscalationRow.raised_at.desc(), EscalationRow.step, EscalationRow.height.desc())
    .limit(MOST_ESCALATIONS)
)
_ENTRIES = (
    select(FactRow.body, FactRow.recorded_at)
    .where(FactRow.episode_id == _EPISODE)
    .order_by(FactRow.revision.desc(), FactRow.place.desc())
    .limit(MOST_FACTS)
)
_STAFF = select(PersonRow).where(PersonRow.reference.in_(bindparam("references", expanding=True)))
_NOTICES = (
    select(OutboxRow.id.label("outbox"), OutboxRow.name.label("notice"), OutboxRow.recipient, OutboxRow.owed_at)
    .add_columns(OutboxRow.not_sent)
    .where(OutboxRow.episode_id == _EPISODE, OutboxRow.addressed_at.is_not(None))
    .order_by(OutboxRow.id.desc())
)
_OTHERS = (
    select(EpisodeRow.id)
    .where(EpisodeRow.authority == bindparam("authority"), EpisodeRow.child == bindparam("child"))
    .where(EpisodeRow.id != _EPISODE)
    .order_by(EpisodeRow.became_looked_after.desc(), EpisodeRow.id)
)


class NotSentNotice(Frozen):
    """A notice of a case that somebody does not get.

    Attributes:
        outbox: its place in the outbox.
        notice: which.
        recipient: the role it was owed to.
        owed_at: the instant it came to be owed, UTC.
        not_sent: who does not get it, and why.
    """

    outbox: int
    notice: NoticeName
    recipient: Role
    owed_at: AwareDatetime
    not_sent: tuple[NotSent, ...]


class ChildOfEpisode(Frozen):
    """What one child's page shows. What there may be much of is read as far as its latest.

    Attributes:
        line: the episode.
        open_steps: what is owed, the earliest due first.
        closed_steps: what was owed, the latest due first.
        reviews: the reviews held, in order.
        escalations: the rungs raised, the latest first.
        entries: what was recorded, the latest first, corrections and withdrawals too.
        network: everyone who was ever around the child, by role, with names; and what is kept from whom.
        staff: those of the service who work or worked on the case, or wrote or were written to, by reference.
        dispatches: the messages about the case, the latest first.
        not_sent: the notices that somebody does not get, the latest first.
        undelivered: the notices that reached nobody and are not put right, the latest first.
        others: the child's other periods of care, by id, the latest first.
    """

    line: EpisodeLine
    open_steps: tuple[Step, ...]
    closed_steps: tuple[Step, ...]
    reviews: tuple[ReviewLine, ...]
    escalations: tuple[Escalation, ...]
    entries: tuple[Entry, ...]
    network: Network
    staff: dict[str, Person]
    dispatches: tuple[Dispatch, ...]
    not_sent: tuple[NotSentNotice, ...]
    undelivered: tuple[Undelivered, ...]
    others: tuple[str, ...]

    @property
    def child_name(self) -> str | None:
        """The child's name, where the network has it."""
        return next((each.name for each in self.network.contacts if each.role is Role.CHILD), None)

    @property
    def decisions(self) -> tuple[Step, ...]:
        """The steps of the reviews' decisions, open ones first."""
        return tuple(step for step in (*self.open_steps, *self.closed_steps) if step.name == "decision")


def child_of_episode(engine: Engine, episode_id: str, *, today: date) -> ChildOfEpisode | None:
    """All that a child's page shows; None when the register knows no episode of that id.

    Args:
        engine: the register.
        episode_id: the child's period of care.
        today: the London date by which a step is overdue or not.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(episode_lines(today).where(EpisodeRow.id == episode_id)).first()
        if row is None:
            return None
        line = EpisodeLine.model_validate(row, from_attributes=True)
        entries = _entries(connection, line.id)
        messages = tuple(dispatches(connection, episode=line.id, limit=MOST_DISPATCHES))
        return ChildOfEpisode(
            line=line,
            open_steps=_steps(connection, _OPEN, line.id),
            closed_steps=_steps(connection, _CLOSED, line.id),
            reviews=tuple(reviews(connection, line.id)),
            escalations=_escalations(connection, line.id),
            entries=entries,
            network=network(connection, line.authority, line.child),
            staff=_staff(connection, _references(line, entries, messages)),
            dispatches=messages,
            not_sent=_not_sent(connection, line.id),
            undelivered=tuple(undelivered(connection, line.id)),
            others=_others(connection, line),
        )


def _steps(connection: Connection, wanted: Select[Any], episode: str) -> tuple[Step, ...]:
    return tuple(step_of(row) for row in connection.execute(wanted, {"episode": episode}))


def _escalations(connection: Connection, episode: str) -> tuple[Escalation, ...]:
    return tuple(escalation_of(row) for row in connection.execute(_ESCALATIONS, {"episode": episode}))


def _entries(connection: Connection, episode: str) -> tuple[Entry, ...]:
    rows = connection.execute(_ENTRIES, {"episode": episode})
    return tuple(Entry(fact=row.body, at=row.recorded_at) for row in rows)


def _references(line: EpisodeLine, entries: Iterable[Entry], messages: Iterable[Dispatch]) -> set[str]:
    """Everyone of whom the page may say a name."""
    found = {line.iro, line.cover, line.social_worker, line.team_manager, line.proposed_iro, line.former_iro}
    found |= {entry.fact.by for entry in entries} | {each.recipient for each in messages}
    return {reference for reference in found if reference}


def _staff(connection: Connection, references: set[str]) -> dict[str, Person]:
    rows = connection.execute(_STAFF, {"references": sorted(references)})
    people = (Person.model_validate(row, from_attributes=True) for row in rows)
    return {person.reference: person for person in people}


def _not_sent(connection: Connection, episode: str) -> tuple[NotSentNotice, ...]:
    found = [row for row in connection.execute(_NOTICES, {"episode": episode}) if row.not_sent]
    return tuple(NotSentNotice.model_validate(row, from_attributes=True) for row in found[:MOST_NOT_SENT])


def _others(connection: Connection, line: EpisodeLine) -> tuple[str, ...]:
    wanted = {"authority": line.authority, "child": line.child, "episode": line.id}
    return tuple(connection.scalars(_OTHERS, wanted))
