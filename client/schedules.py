"""The Temporal Schedules that look at the service as a whole: made when a worker starts, left as they are if there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError

from workflows.post import PostRoundWorkflow
from workflows.service import ServiceWatchWorkflow, WeeklyDigestWorkflow

LONDON = "Europe/London"
_BETWEEN_RINGS = 1.0
"""Seconds."""
CATCH_UP = timedelta(days=7)
"""After an outage what was missed within so long is made up for."""

Run = Callable[..., Any]
POST_ROUND = "post-round"

SCHEDULES: tuple[tuple[str, Run, str, str], ...] = (
    ("service-watch", ServiceWatchWorkflow.run, "30 6 * * *", "collective concerns, every morning"),
    (POST_ROUND, PostRoundWorkflow.run, "*/5 * * * *", "the post room, every five minutes and when it is rung for"),
    ("weekly-digest", WeeklyDigestWorkflow.run, "0 7 * * MON", "the IRO manager's digest, every Monday"),
)
"""Each by its id: what runs, when in London, and what for."""


async def wake_post(client: Client) -> None:
    """Have the post room make a round now; or when the one under way is over.

    Args:
        client: a connected client.

    Raises:
        RPCError: the server did not answer, or there is no such schedule yet.
    """
    await client.get_schedule_handle(POST_ROUND).trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)


class PostBell:
    """Rung when something urgent is owed: the post room then makes a round at once, not only when its time comes.

    Many rings in a moment are one. A ring that is lost does no harm: the next round comes in a few minutes.
    """

    def __init__(self, client: Client) -> None:
        """Take whom to wake.

        Args:
            client: a connected client.
        """
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Ring, from any thread."""
        with suppress(RuntimeError):  # The loop has been closed: the program ends.
            self._loop.call_soon_threadsafe(self._rung.set)

    @asynccontextmanager
    async def answered(self) -> AsyncIterator[None]:
        """Answer it for the length of the block."""
        task = asyncio.create_task(self._answer())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _answer(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await wake_post(self._client)
            except RPCError as error:
                logging.getLogger(__name__).info("The post room could not be woken: %s", error.status.name)
            await asyncio.sleep(_BETWEEN_RINGS)


async def keep_schedules(client: Client, task_queue: str) -> None:
    """See that the schedules are there.

    Args:
        client: a connected client.
        task_queue: where the worker is.

    Raises:
        RPCError: the server did not answer.
    """
    for name, run, cron, summary in SCHEDULES:
        schedule = Schedule(
            action=ScheduleActionStartWorkflow(run, id=name, task_queue=task_queue, static_summary=summary),
            spec=ScheduleSpec(cron_expressions=[cron], time_zone_name=LONDON),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=CATCH_UP),
        )
        try:
            await client.create_schedule(name, schedule)
        except ScheduleAlreadyRunningError:
            continue
