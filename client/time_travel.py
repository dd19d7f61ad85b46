"""Time travel on the real server: a year of a case in seconds. For tests and the `practice` command only.

It rests on the server's own time skipping, which is experimental. Every workflow has a clock of its own,
which runs at the usual pace and can be moved forward. Tried on server 1.32:

- Forward only: a jump back, or of no length, is refused. So no workflow can begin before the real now. A
  new workflow begins at the real now, or with `start_at` at any later instant, to a tenth of a second.
- Only the workflow's clock moves: `workflow.now()`, timers, the times in its history. A query sees the time
  of the last task, not of the query. Activities, local ones too, and `datetime.now()` anywhere see real
  time, so whatever needs the day must be given it by the workflow.
- It works with updates and signals, also while a jump is under way; with update-with-start, on a new workflow
  and on one that runs; with local activities; with continue-as-new (given the settings in `TRAVEL`). Any client
  may start the workflow. A child begins at the clock of its parent and then has its own.
- The clock stands still for work in flight: an activity that runs (the wait before it is tried again is
  jumped over), a local one that keeps failing, a workflow task that fails or has no worker, **a child that
  is open, even one that is abandoned**. The jump then waits, and goes on when the work is done, even after
  we gave up waiting (`TravelStuck`).
- It does not matter whether the worker is restarted or caches anything. On disk, clocks outlive a restart of
  the server, also of a killed one; on a server without `TRAVEL` they go on but cannot be moved any more.
- A jump that ends exactly on an alarm is a race between the two, so go past it: `jump_along`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from client.connection import connect_to
from client.keys import Keys
from client.launcher import Order, launch, launching
from client.server import EmbeddedServer, ServerOptions

TRAVEL = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # A jump over many timers takes a fifth of the time.
    "history.timerProcessorMaxTimeShift": '"10ms"',
    # Without it a jump across continue-as-new loses timers.
    "history.workflowIdReuseMinimalInterval": '"0s"',
}
"""The server's settings without which there is no time travel. Never for real cases."""

PAST_THE_ALARM = timedelta(hours=1)
LIMIT = timedelta(seconds=30)
"""How long a jump may take. One alarm takes a tenth of a second, a year with 18 alarms in one jump four."""

# The server stops after 100 skips unless told otherwise.
_MANY_SKIPS = 1_000_000
# Every workflow answers it, and only after it has dealt with what fell due.
_ANY_QUERY = "__temporal_workflow_metadata"

_QUERY_TIMEOUT = timedelta(seconds=5)
_PAUSE_SECONDS = 0.02

Handle = WorkflowHandle[Any, Any]


class TravelStuck(Exception):
    """A clock did not reach its instant. The message says what the workflow still had in flight."""


class TravelServer:
    """A running server whose clocks can be moved.

    Attributes:
        server: the server.
        client: connected to it, with the project's own data converter.
    """

    def __init__(self, server: EmbeddedServer, client: Client) -> None:
        """Take a server that was started with the settings in `TRAVEL`, and a client connected to it."""
        self.server = server
        self.client = client
        config = TimeSkippingConfig(enabled=False, max_session_skip_count=_MANY_SKIPS)
        self._skipper = TimeSkipper(client, config=config)

    async def now(self, handle: Handle) -> datetime:
        """Read a workflow's clock.

        Args:
            handle: the workflow.

        Returns:
            Its time, in UTC.
        """
        return await self._skipper.get_current_time(self._present_run(handle))

    async def jump_to(
        self,
        handle: Handle,
        instant: datetime,
        *,
        ready: Callable[[], Awaitable[bool]] | None = None,
        limit: timedelta = LIMIT,
    ) -> bool:
        """Move a workflow's clock forward, and wait until the workflow has dealt with what fell due.

        Args:
            handle: the workflow.
            instant: where to, with a time zone; best an hour past an alarm, with one alarm on the way.
            ready: asked again and again until it says True, for where it is not enough that the workflow
                answers a query: it may still be waiting for an activity, for example.
            limit: real time to wait.

        Returns:
            True when the clock stands there; False when the workflow has ended.

        Raises:
            ValueError: the clock already stands at the instant or after it.
            TravelStuck: the clock did not get there within the limit, or the workflow was never ready.
        """
        handle = self._present_run(handle)
        if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
            return False
        before = await self.now(handle)
        if instant <= before:
            raise ValueError(f"The clock of {handle.id} is at {before}: it cannot go back to {instant}.")
        try:
            async with asyncio.timeout(limit.total_seconds()):
                reached = await self._skipper.fast_forward(handle, instant - before)
                await _until(lambda: _answers(handle))
                if ready:
                    await _until(ready)
        except TimeoutError:
            raise TravelStuck(await self._what_holds(handle, instant)) from None
        return reached

    async def jump_along(
        self, handle: Handle, instant: datetime, next_alarm: Callable[[], Awaitable[datetime | None]]
    ) -> list[datetime]:
        """Move a workflow's clock forward from alarm to alarm, an hour past each, up to an instant.

        Args:
            handle: the workflow.
            instant: where to end, with a time zone; best an hour past the last alarm on the way.
            next_alarm: asks the workflow when its timer will ring; None when it has none.

        Returns:
            The alarms that rang.

        Raises:
            ValueError: the clock already stands at the instant or after it.
            TravelStuck: as `jump_to`; also when an alarm rang and the same one is still the next.
        """
        rung: list[datetime] = []
        alarm = await next_alarm()
        while alarm is not None and alarm < instant:
            if rung and alarm <= rung[-1]:
                raise TravelStuck(f"{handle.id} did not deal with its alarm of {rung[-1]}.")
            rung.append(alarm)
            if not await self.jump_to(handle, min(alarm + PAST_THE_ALARM, instant)):
                return rung
            alarm = await next_alarm()
        if await self.now(handle) < instant:
            await self.jump_to(handle, instant)
        return rung

    async def start_at(
        self,
        instant: datetime,
        workflow: str,
        argument: object = None,
        *,
        id: str,
        task_queue: str,
        search_attributes: TypedSearchAttributes = TypedSearchAttributes.empty,
        summary: str | None = None,
    ) -> Handle:
        """Start a workflow whose clock begins at a chosen instant.

        Args:
            instant: when, with a time zone; later than the real now.
            workflow: the name of the workflow.
            argument: its one argument; None for a workflow that takes none.
            id: its id. Update-with-start under the same id afterwards finds it.
            task_queue: where its worker listens.
            search_attributes: its search attributes.
            summary: the line that the web page shows beside it.

        Returns:
            The running workflow.

        Raises:
            ValueError: the instant has passed.
            temporalio.client.WorkflowUpdateFailedError: the id is taken.
        """
        takes = argument is not None
        order = Order(workflow=workflow, id=id, task_queue=task_queue, summary=summary, takes_argument=takes)
        async with launching(self.client) as launcher:
            await self.jump_to(launcher, instant)
            await launch(launcher, order, search_attributes, argument)
        return self.client.get_workflow_handle(id)

    def _present_run(self, handle: Handle) -> Handle:
        return self.client.get_workflow_handle(handle.id)

    async def _what_holds(self, handle: Handle, instant: datetime) -> str:
        described = (await handle.describe()).raw_description
        held = [f"activity {activity.activity_type.name}" for activity in described.pending_activities]
        held += [f"open child {child.workflow_id}" for child in described.pending_children]
        if described.HasField("pending_workflow_task"):
            held.append("a workflow task that no worker completes")
        stands = await self.now(handle)
        return f"{handle.id} was to go to {instant} and stands at {stands}. In flight: {', '.join(held) or 'nothing'}."


@asynccontextmanager
async def travelling_server(options: ServerOptions, keys: Keys) -> AsyncIterator[TravelServer]:
    """Start a server whose clocks can be moved, and stop it at the end of the block.

    Args:
        options: as for any embedded server; the settings that time travel needs are added.
        keys: what payloads are encrypted with.

    Yields:
        The server.

    Raises:
        ServerFailed: it cannot be started.
    """
    settings = {**options.dynamic_config, **TRAVEL}
    async with EmbeddedServer(replace(options, dynamic_config=settings)) as server:
        yield TravelServer(server, await connect_to(server.address, keys))


async def _answers(handle: Handle) -> bool:
    try:
        await handle.query(_ANY_QUERY, rpc_timeout=_QUERY_TIMEOUT)
    except RPCError:
        # Just now between two runs, or the worker is busy.
        return False
    return True


async def _until(ready: Callable[[], Awaitable[bool]]) -> None:
    while not await ready():
        await asyncio.sleep(_PAUSE_SECONDS)
