"""The statements of one publication, within its transaction.

They are put together once, here, and given only their values each time: a publication takes a few milliseconds, and
building statements would be half of it.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, or_, select, update

from register.allocations import mark_recorded
from register.caseload import Charge, charge, moved
from register.children import hold_open, latest_ended
from register.episode_tables import (
    IS_OPEN,
    EpisodeRow,
    EscalationRow,
    FactRow,
    OutboxRow,
    PublicationRow,
    ReviewRow,
    SettledFactRow,
    StepRow,
)
from register.kin import write_kin
from register.publication import Publication
from register.rows import Row, episode_row, escalation_row, fact_row, notice_row, review_row, step_row
from register.sharing import shared_notices
from register.upserts import insert_new, insert_or_replace, insert_or_supersede
from register.webhook_events import SOMEBODY_LISTENS, tell_webhooks
from rules.facts.iro import IroAppointed, IroProposed, NoIroFound
from rules.vocabulary import StepState

VANISHED = "no longer owed since a fact was corrected or withdrawn"
"""The reason given to an open step that a later publication does not carry."""

_EPISODE: BindParameter[str] = bindparam("episode")
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_STANDING = select(
    EpisodeRow.revision,
    EpisodeRow.authority,
    EpisodeRow.iro,
    EpisodeRow.proposed_iro,
    EpisodeRow.ended_on,
    EpisodeRow.void,
    SOMEBODY_LISTENS.label("somebody_listens"),
).where(EpisodeRow.id == _EPISODE)
# Nobody else publishes the episode, but a sibling's publication may refer to it meanwhile.
_STANDING = _STANDING.with_for_update(key_share=True)
_STEPS = select(StepRow.key, StepRow.digest, StepRow.rungs, StepRow.state).where(
    StepRow.episode_id == _EPISODE, or_(IS_OPEN, StepRow.key.in_(_KEYS))
)
_HELD_AFTER_ALL = delete(SettledFactRow).where(
    SettledFactRow.episode_id == _EPISODE, SettledFactRow.revision > bindparam("heard_of")
)
_REVIEWS = select(ReviewRow.key, ReviewRow.digest).where(ReviewRow.episode_id == _EPISODE)
_CLOSE_STEPS = (
    update(StepRow)
    .where(StepRow.episode_id == _EPISODE, StepRow.key.in_(_KEYS))
    .values(state=StepState.NOT_REQUIRED, reason=VANISHED, digest="", revision=bindparam("now"))
)
_DROP_REVIEWS = delete(ReviewRow).where(ReviewRow.episode_id == _EPISODE, ReviewRow.key.in_(_KEYS))


def _charge(row: Mapping[str, Any]) -> Charge | None:
    going_on = row["ended_on"] is None and not row["void"]
    return charge(row["authority"], row["iro"], row["proposed_iro"], looked_after=going_on)


class _Standing(NamedTuple):
    """How a step stands in the register."""

    digest: str
    rungs: tuple[str, ...]
    state: StepState


class Writer:
    """Writes one publication."""

    def __init__(self, connection: Connection, publication: Publication) -> None:
        """Write through a connection whose transaction is the caller's."""
        self._connection = connection
        self._publication = publication
        self._names = {"episode": publication.episode}
        self._is_heard = True
        self._steps = {step.key: step for step in publication.agenda.steps}
        self.owes_webhooks = False
        """Whether some receiver is to be told of what was written."""

    def write(self) -> bool:
        """Write it, unless this revision or a later one stands.

        Returns:
            Whether it was written.
        """
        if not self._write_episode():
            return False
        agenda = self._publication.agenda
        recorded = (fact_row(one, place) for place, one in enumerate(self._publication.entries))
        insert_new(self._connection, FactRow, self._rows(recorded))
        self._write_settled()
        raised = (escalation_row(one, self._rungs[one.step]) for one in agenda.raised)
        insert_new(self._connection, EscalationRow, self._rows(raised))
        self._write_steps()
        self._write_reviews()
        owed: Row = {"owed_at": self._publication.at, "sent_at": None}
        insert_new(self._connection, OutboxRow, self._rows(notice_row(one) | owed for one in agenda.notices))
        self._write_matters_of_the_iro()
        if self._is_heard:
            before = {key: standing.state for key, standing in self._standing.items()}
            self.owes_webhooks = tell_webhooks(self._connection, self._publication, before, self._rungs)
        done: Row = {"at": self._publication.at, "result": self._publication.result}
        insert_new(self._connection, PublicationRow, self._rows([done]))
        return True

    def _write_settled(self) -> None:
        publication = self._publication
        if publication.unheard:
            heard_of = publication.revision - 1 - publication.unheard
            self._connection.execute(_HELD_AFTER_ALL, self._names | {"heard_of": heard_of})
        settled: Iterable[Row] = ({"fact_id": each} for each in publication.settled)
        insert_new(self._connection, SettledFactRow, self._rows(settled))

    def _write_episode(self) -> bool:
        """Write the episode's own row, which holds off anyone else who publishes it until we are done."""
        asked = self._names | {"authority": self._publication.opening.authority}
        standing = self._connection.execute(_STANDING, asked).first()
        if standing is not None and standing.revision >= self._publication.revision:
            return False
        self._is_heard = standing is None or standing.somebody_listens
        former = None
        if standing is None:
            day, child = self._publication.opening.on, self._publication.child_digest
            if self._publication.agenda.ended_on is None:
                hold_open(self._connection, child, self._publication.episode)
            former = latest_ended(self._connection, child, day, self._publication.episode)
        row = episode_row(self._publication, self._publication.agenda.highest_rung, former)
        first_written = ("opened_at", "former_episode", "former_iro")
        if not insert_or_supersede(self._connection, EpisodeRow, row, keep=first_written):
            return False
        moved(self._connection, _charge(dict(standing._mapping)) if standing else None, _charge(row))
        return True

    @cached_property
    def _standing(self) -> dict[str, _Standing]:
        """How the steps stand that are open or carried, by their keys."""
        rows = self._connection.execute(_STEPS, self._names | {"keys": list(self._steps)})
        return {row.key: _Standing(row.digest, row.rungs, row.state) for row in rows}

    @cached_property
    def _rungs(self) -> dict[str, tuple[str, ...]]:
        """The rungs each carried step has reached, with those raised just now, lowest first."""
        reached = {key: self._standing[key].rungs if key in self._standing else () for key in self._steps}
        for raised in self._publication.agenda.raised:
            reached[raised.step] = tuple(dict.fromkeys((*reached.get(raised.step, ()), *raised.rungs)))
        return reached

    def _write_steps(self) -> None:
        """Write the steps that changed, and close the open ones that are no longer carried."""
        authority = self._publication.opening.authority
        rows = (step_row(step, authority, self._rungs[key]) for key, step in self._steps.items())
        standing = {key: each.digest for key, each in self._standing.items()}
        changed = [row for row in rows if standing.get(row["key"]) != row["digest"]]
        insert_or_replace(self._connection, StepRow, self._rows(changed))
        if vanished := self._standing.keys() - self._steps.keys():
            now = {"keys": list(vanished), "now": self._publication.revision}
            self._connection.execute(_CLOSE_STEPS, self._names | now)

    def _write_reviews(self) -> None:
        """Make the reviews those that the publication carries, no more and no fewer."""
        standing = {row.key: row.digest for row in self._connection.execute(_REVIEWS, self._names)}
        rows = [review_row(review) for review in self._publication.agenda.reviews]
        changed = [row for row in rows if standing.get(row["key"]) != row["digest"]]
        insert_or_replace(self._connection, ReviewRow, self._rows(changed))
        if gone := standing.keys() - {row["key"] for row in rows}:
            self._connection.execute(_DROP_REVIEWS, self._names | {"keys": list(gone)})

    def _write_matters_of_the_iro(self) -> None:
        """Write what is said of kin, of allocations and of a shared IRO; where nothing is, no statement is made."""
        publication, connection = self._publication, self._connection
        if publication.kin is not None:
            opening = publication.opening
            write_kin(connection, publication.episode, opening.authority, opening.child, publication.kin)
        facts = [entry.fact for entry in publication.entries]
        of_allocations = [fact.id for fact in facts if isinstance(fact, IroAppointed | IroProposed | NoIroFound)]
        if of_allocations:
            mark_recorded(connection, publication.episode, of_allocations)
        owed: Row = {"owed_at": publication.at, "sent_at": None}
        insert_new(connection, OutboxRow, [row | owed for row in shared_notices(connection, publication)])

    def _rows(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, marked with their episode and revision."""
        mark: Row = {"episode_id": self._publication.episode, "revision": self._publication.revision}
        return [row | mark for row in rows]
