"""A round of the post room, made now; and a message sent once more."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    ScheduleHandle,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.service import RPCError, RPCStatusCode

from client.connection import ServerUnreachable
from client.keys import KeysError
from client.schedules import POST_ROUND, wake_post
from commands.output import facts_about, heading, note
from commands.post_room import addresser
from commands.post_words import STATES, tally_words, to_whom, why_not
from commands.running import AtWork, Fault, at_work, register_of
from commands.styles import LATE
from post.ways import Message
from register.outbox import notices_carried
from register.post import send_again
from register.post_queries import Dispatch, Tally, dispatch
from rules.network import DispatchState
from rules.wording import counted, listed, plain
from workflows.post import PostRoundWorkflow
from workflows.post_messages import PostRound

PATIENCE_SECONDS = 120.0
"""How long to wait for a round."""
UNTIL_TAKEN_UP_SECONDS = 10.0
"""How long to wait for a worker to begin it."""

Round = WorkflowHandle[PostRoundWorkflow, PostRound]

_NO_WORKER = "see that a worker runs (`starter.py up`); what is owed is sent then."


async def make_round(work: AtWork) -> PostRound:
    """Have the post room make a round, and wait until it is over.

    Args:
        work: what to work with.

    Returns:
        What came of it.

    Raises:
        Fault: it is not over in time; the sentence says what it waits for.
    """
    begun = asyncio.get_running_loop().time()
    try:
        made = await _started(work.client)
        if made is None:
            raise Fault(f"No round of the post room has begun: {_NO_WORKER}")
        result = asyncio.ensure_future(made.result())
        taken_up = await _is_done(result, UNTIL_TAKEN_UP_SECONDS) or not await _is_waiting_for_a_worker(made)
        if not taken_up:
            result.cancel()
            raise Fault(f"Nobody has taken up the round of the post room: {_NO_WORKER}")
        left = begun + PATIENCE_SECONDS - asyncio.get_running_loop().time()
        if not await _is_done(result, left):
            result.cancel()
            raise Fault(await _still_at_work(made))
        return result.result()
    except WorkflowFailureError:
        raise Fault("The round of the post room failed: the worker's log says why; another follows soon.") from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Fault(f"No worker has run here yet, so there is no post room: {_NO_WORKER}") from None
        raise


async def _started(client: Client) -> Round | None:
    """A round that has begun since it was asked for; else the one under way, behind which it waits."""
    schedule = client.get_schedule_handle(POST_ROUND)
    earlier, _ = await _rounds(schedule)
    await wake_post(client)
    for _ in range(int(UNTIL_TAKEN_UP_SECONDS / 0.1)):
        rounds, under_way = await _rounds(schedule)
        if new := rounds - earlier:
            return _handle(client, *max(new))
        await asyncio.sleep(0.1)
    return _handle(client, *max(under_way)) if under_way else None


async def _rounds(schedule: ScheduleHandle) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The last rounds, and those under way, each by the id of its workflow and of its run."""
    info = (await schedule.describe()).info
    last = [each.action for each in info.recent_actions]
    rounds, under_way = (
        {
            (each.workflow_id, each.first_execution_run_id)
            for each in actions
            if isinstance(each, ScheduleActionExecutionStartWorkflow)
        }
        for actions in (last, info.running_actions)
    )
    return rounds, under_way


def _handle(client: Client, name: str, run: str) -> Round:
    return client.get_workflow_handle_for(PostRoundWorkflow.run, name, run_id=run)


async def _is_done(result: "asyncio.Future[PostRound]", seconds: float) -> bool:
    done, _ = await asyncio.wait([result], timeout=max(0.0, seconds))
    return bool(done)


async def _is_waiting_for_a_worker(made: Round) -> bool:
    pending = (await made.describe()).raw_description.pending_activities
    waiting = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    return all(each.state == waiting and each.attempt <= 1 for each in pending)


async def _still_at_work(made: Round) -> str:
    pending = (await made.describe()).raw_description.pending_activities
    failing = next((each for each in pending if each.attempt > 1), None)
    if failing is None:
        return "The round is still at work and goes on by itself: `starter.py post` shows how far it is."
    return (
        f"The round goes on by itself, but {plain(failing.activity_type.name)} has failed"
        f" {counted(failing.attempt - 1, 'time')}: the worker's log says why."
    )


# --- Once more ------------------------------------------------------------------------------------------------------


def send_once_more(number: int, found: Dispatch) -> tuple[Dispatch, str | None]:
    """Owe a message once more and have a round made.

    Args:
        number: the message's.
        found: the message, as it stands.

    Returns:
        The new message, and why it has not been tried yet; None when it has.

    Raises:
        Fault: it is still owed, or whoever got it would not get it now.
    """
    if found.state is DispatchState.OWED:
        raise Fault(f"Message {number} is still owed and is tried by itself: `starter.py post send` tries it now.")
    register = register_of()
    new = send_again(register, number, datetime.now(UTC), _as_it_reads_now(found))
    assert new is not None
    why = _round_made()
    again = dispatch(register, new)
    assert again is not None
    return again[0], why


def _as_it_reads_now(found: Dispatch) -> Message:
    """The same notices to the same reader, found and written as on any other day."""
    room, carried = addresser(register_of()), notices_carried(register_of(), found.id)
    gathers = all(each.name.is_routine for each in carried)
    settled, dispatches = room.together(carried) if gathers else room.at_once(carried)
    theirs = [each.message for each in dispatches if each.recipient == found.recipient]
    if theirs:
        return theirs[0]
    not_sent = [each for every in settled for each in every.not_sent]
    reasons = [why_not(each) for each in not_sent if each.reference in (None, found.recipient)]
    others = listed(dict.fromkeys(each.recipient for each in dispatches))
    because = listed(dict.fromkeys(reasons)) or (f"it would go to {others} now" if others else "nobody gets it now")
    raise Fault(f"{found.recipient} would not get message {found.id} now ({because}), so it is not sent again.")


def _round_made() -> str | None:
    """Have a round made; why not, where that cannot be."""
    try:
        at_work(make_round)
    except (Fault, ServerUnreachable, KeysError, RPCError) as error:
        return str(error)
    return None


def wake_quietly() -> bool:
    """Wake the post room, if that can be done. Returns whether it was."""
    try:
        at_work(lambda work: wake_post(work.client))
    except (Fault, ServerUnreachable, KeysError, RPCError):
        return False
    return True


# --- Drawn ----------------------------------------------------------------------------------------------------------


def draw_round(done: PostRound, numbers: Tally) -> Iterator[RenderableType]:
    """Draw what came of a round."""
    yield heading(f"The round is over: {counted(done.sent, 'message')} sent, {done.failed} failed.")
    if done.blocked:
        yield Text(
            f"Nothing can be sent by {listed(done.blocked)} at present; it is tried again by itself: `starter.py post`"
            " says why.",
            style=LATE,
        )
    yield facts_about(*tally_words(numbers))


def draw_sent_again(found: Dispatch, again: Dispatch, why_not_yet: str | None) -> Iterator[RenderableType]:
    """Draw what became of a message that was sent once more."""
    yield heading(f"Message {found.id} is sent once more as message {again.id}: {STATES[again.state]}.")
    yield facts_about(("What", found.notice.words), ("To", to_whom(again.role, again.way)))
    if again.reason:
        yield Text(again.reason, style=LATE)
    if why_not_yet:
        yield note(f"It goes with the next round. {why_not_yet}")
