"""Opening episodes, recording acts and asking what is owed: the one way in, for the command line and the desk."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Engine
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.errors import EpisodeClosed, EpisodeError, NotAnswered, UnknownEpisode
from client.identity import child_digest, episode_id, spread_offset
from client.keys import Keys
from register.children import other_open_episode
from register.queries import episode as episode_in_register
from register.queries import facts as facts_in_register
from rules.acceptance import Refused, check_opening, says
from rules.authorities import UnknownAuthority, authority
from rules.clock import london_date
from rules.codes import LegalStatus
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter, IroServiceNotified
from rules.facts.iro import KinKnown, NeedsKnown
from rules.opening import second_episode
from rules.vocabulary import Day, Frozen, KinRelation, Nation, Need, Reference
from workflows import search_attributes
from workflows.episode import OPENING_ACT, EpisodeWorkflow
from workflows.messages import TASK_QUEUE, Act, Derived, EpisodeOutcome, EpisodeStart, Receipt, TimelineView

PATIENCE = timedelta(seconds=30)
"""How long a caller waits for a worker before being told to send again."""

T = TypeVar("T")
Handle = WorkflowHandle[EpisodeWorkflow, EpisodeOutcome]


class Notification(Frozen):
    """A child became looked after: what a case system sends to open an episode.

    Attributes:
        authority: the authority's three-digit code, as on the SSDA903.
        nation: england or wales.
        child: the authority's own reference for the child; never a name.
        birth_date: the child's.
        became_looked_after: the day (D0).
        legal_status: the SSDA903 code; V2 when left out.
        notified_on: the day the IRO service was told; the day of opening when left out.
        social_worker, team_manager: their references.
        siblings, parents, children: others of this authority who are looked after too, by the references of their
            cases: brothers and sisters, the child's own parents, the child's own children.
        needs: what the child needs of an IRO, such as a language.
        by: who sends this.
    """

    authority: str
    nation: Nation
    child: Reference
    birth_date: Day
    became_looked_after: Day
    legal_status: LegalStatus = LegalStatus.V2
    notified_on: Day | None = None
    social_worker: Reference | None = None
    team_manager: Reference | None = None
    siblings: tuple[Reference, ...] = ()
    parents: tuple[Reference, ...] = ()
    children: tuple[Reference, ...] = ()
    needs: tuple[Need, ...] = ()
    by: Reference = "case-system"

    def facts(self, today: date) -> tuple[BecameLookedAfter, tuple[Fact, ...]]:
        """The facts it tells.

        Args:
            today: a London date; the day of notification where none is given.
        """
        opening = BecameLookedAfter(
            id="opening",
            on=self.became_looked_after,
            by=self.by,
            authority=self.authority,
            nation=self.nation,
            child=self.child,
            birth_date=self.birth_date,
            legal_status=self.legal_status,
            social_worker=self.social_worker,
            team_manager=self.team_manager,
        )
        notified = IroServiceNotified(id="notified", on=self.notified_on or today, by=self.by)
        return opening, (notified, *self._family(), *self._needs())

    def _family(self) -> Iterator[KinKnown]:
        related = (
            (KinRelation.SIBLING, self.siblings),
            (KinRelation.PARENT, self.parents),
            (KinRelation.CHILD, self.children),
        )
        for relation, references in related:
            for number, kin in enumerate(references, 1):
                name = f"{relation.value}-{number}"
                yield KinKnown(id=name, on=self.became_looked_after, by=self.by, kin=kin, relation=relation)

    def _needs(self) -> Iterator[NeedsKnown]:
        if self.needs:
            yield NeedsKnown(id="needs", on=self.became_looked_after, by=self.by, needs=self.needs)


class Opened(Frozen):
    """An episode that is open.

    Attributes:
        episode: its id.
        existed: it was open before; the same notification came again.
        receipt: what stands now.
    """

    episode: str
    existed: bool
    receipt: Receipt


async def open_episode(
    client: Client,
    keys: Keys,
    register: Engine,
    opening: BecameLookedAfter,
    facts: Sequence[Fact] = (),
    *,
    today: date | None = None,
) -> Opened:
    """Open the episode of a child who became looked after; the same notification again finds the same episode.

    Args:
        client: a connected client.
        keys: for the opaque ids.
        register: the database, to find an episode of this child under another day.
        opening: that the child became looked after.
        facts: what else is known: the notification, or what an import brings.
        today: a London date, by the clock when left out.

    Raises:
        Refused: the notification cannot be, or contradicts what is known of the child.
        EpisodeClosed: that period of care has ended.
        NotAnswered: no worker answered in time.
    """
    day = today or london_date(datetime.now(UTC))
    _refuse_impossible(opening, facts, day)
    episode = episode_id(keys, opening.authority, opening.child, opening.on)
    digest = child_digest(keys, opening.authority, opening.child)
    other = await asyncio.to_thread(other_open_episode, register, digest, episode)
    if other:
        raise Refused(second_episode(other.became_looked_after, other.episode))
    before = await asyncio.to_thread(episode_in_register, register, episode, today=day)
    if before and before.finished:
        raise EpisodeClosed(_CLOSED.format(episode=episode))
    if before and before.void:
        raise Refused(f"That period of care was voided, in {episode}: withdraw the fact that says so, and it goes on.")
    start = WithStartWorkflowOperation(
        EpisodeWorkflow.run,
        EpisodeStart(opening=opening, child_digest=digest, spread=spread_offset(episode), facts=tuple(facts)),
        id=episode,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        search_attributes=TypedSearchAttributes([search_attributes.at_opening(opening.authority)]),
        static_summary="One child's period of care",
    )
    receipt = await _answered(
        client.execute_update_with_start_workflow(
            OPENING_ACT, Act(fact=opening), start_workflow_operation=start, result_type=Receipt, rpc_timeout=PATIENCE
        ),
        episode,
    )
    return Opened(episode=episode, existed=before is not None, receipt=receipt)


def _refuse_impossible(opening: BecameLookedAfter, facts: Sequence[Fact], today: date) -> None:
    try:
        known = authority(opening.authority)
    except UnknownAuthority as error:
        raise Refused(str(error)) from None
    if known.nation is not opening.nation:
        raise Refused(
            f"Authority {opening.authority} is in {known.nation.value.title()}, not in {opening.nation.value.title()};"
            " correct one of them."
        )
    check_opening(opening, today)
    for fact in facts:
        if fact.on > today:
            raise Refused(f"{says(fact.on)} has not come yet ({fact.kind}); record it when it has happened.")


def handle_of(client: Client, episode: str) -> Handle:
    """Reach an episode by its id."""
    return client.get_workflow_handle_for(EpisodeWorkflow.run, episode)


async def record(client: Client, episode: str, fact: Fact, register: Engine | None = None) -> Receipt:
    """Record an act; the same id twice is recorded once.

    Args:
        client: a connected client.
        episode: the episode's id.
        fact: what happened.
        register: the database, to recognise an act sent again long after its part of the episode closed.

    Returns:
        What stands once it is published.

    Raises:
        Refused: it cannot be, with the reason.
        UnknownEpisode, EpisodeClosed: there is nothing to record it in.
        NotAnswered: no worker answered in time; it may have been saved.
    """
    call = handle_of(client, episode).execute_update(
        fact.kind, Act(fact=fact), result_type=Receipt, rpc_timeout=PATIENCE
    )
    try:
        return await _answered(call, episode)
    except Refused:
        again = await asyncio.to_thread(_recorded_already, register, episode, fact) if register else None
        if again is None:
            raise
        return again


def _recorded_already(register: Engine, episode: str, fact: Fact) -> Receipt | None:
    """What stands, when the register holds this very fact: what came after it may now speak against it."""
    line = episode_in_register(register, episode, today=london_date(datetime.now(UTC)))
    if line is None or fact not in [entry.fact for entry in facts_in_register(register, episode)]:
        return None
    return Receipt(fact=fact.id, revision=line.revision, stage=line.stage, next_due=line.next_due, overdue=line.overdue)


async def agenda(client: Client, episode: str) -> Derived:
    """What is owed in an episode, as last derived.

    Raises:
        UnknownEpisode: there is none of that id.
        NotAnswered: no worker answered in time.
    """
    derived = await _answered(handle_of(client, episode).query(EpisodeWorkflow.agenda, rpc_timeout=PATIENCE), episode)
    if derived is None:
        raise NotAnswered("The episode has only just been opened and has no agenda yet; ask again in a moment.")
    return derived


async def timeline_of_open_part(client: Client, episode: str) -> TimelineView:
    """What happened in the part of an episode that is still open.

    Raises:
        UnknownEpisode: there is none of that id.
        NotAnswered: no worker answered in time.
    """
    return await _answered(handle_of(client, episode).query(EpisodeWorkflow.timeline, rpc_timeout=PATIENCE), episode)


async def _answered(call: Awaitable[T], episode: str) -> T:
    """Wait for an answer, and put what goes wrong into words."""
    try:
        return await call
    except WorkflowUpdateFailedError as error:
        raise _in_words(error.cause) from None
    except (WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowQueryFailedError):
        raise NotAnswered(_SEND_AGAIN) from None
    except WorkflowAlreadyStartedError:
        raise EpisodeClosed(_CLOSED.format(episode=episode)) from None
    except RPCError as error:
        raise _of_rpc(error, episode) from None


def _in_words(cause: BaseException | None) -> Exception:
    if isinstance(cause, ApplicationError) and cause.type == "Refused":
        return Refused(cause.message)
    if isinstance(cause, ApplicationError) and cause.type == "AcceptedUpdateCompletedWorkflow":
        return EpisodeClosed("The episode finished while this was being recorded; it takes no more acts.")
    return EpisodeError(f"The act failed in a way that was not foreseen: {cause}. Tell the people who run this.")


def _of_rpc(error: RPCError, episode: str) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        if "completed" in error.message:
            return EpisodeClosed(f"{episode} is closed and takes no more acts.")
        return UnknownEpisode(f"There is no episode {episode}; `starter.py list` shows those there are.")
    if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.UNAVAILABLE):
        return NotAnswered(_SEND_AGAIN)
    # The worker was too slow with its last task, or it failed: it is tried again, and so may this be.
    if error.status is RPCStatusCode.FAILED_PRECONDITION and "Workflow Task in failed state" in error.message:
        return NotAnswered(_SEND_AGAIN)
    return EpisodeError(f"The server refused: {error.message}.")


_CLOSED = "That period of care has ended and is closed: {episode}."
_SEND_AGAIN = (
    "No answer came in time; the act may have been saved. Check that a worker is running, then send it again under"
    " the same id: it is recorded once."
)
