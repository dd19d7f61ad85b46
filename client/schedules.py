"""The Temporal Schedules that look at the service as a whole: made when a worker starts, left as they are if there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

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

from workflows.messages import TASK_QUEUE
from workflows.post import PostRoundWorkflow
from workflows.service import ServiceWatchWorkflow, WeeklyDigestWorkflow
from workflows.webhooks import WebhookRoundWorkflow

LONDON = "Europe/London"
_BETWEEN_RINGS = 1.0
"""Seconds."""
CATCH_UP = timedelta(days=7)
"""After an outage what was missed within so long is made up for."""

Run = Callable[..., Any]
POST_ROUND = "post-round"
WEBHOOK_ROUND = "webhook-round"

SCHEDULES: tuple[tuple[str, Run, str, str], ...] = (
    ("service-watch", ServiceWatchWorkflow.run, "30 6 * * *", "collective concerns, every morning"),
    (POST_ROUND, PostRoundWorkflow.run, "*/5 * * * *", "the post room, every five minutes and when it is rung for"),
    (WEBHOOK_ROUND, WebhookRoundWorkflow.run, "*/5 * * * *", "webhooks, every five minutes and when they are rung for"),
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


async def wake_webhooks(client: Client, task_queue: str = TASK_QUEUE) -> None:
    """Have a round of webhooks made now, beside any that is under way: receivers that are slow hold up no others.

    Args:
        client: a connected client.
        task_queue: where the worker is.

    Raises:
        RPCError: the server did not answer.
    """
    await client.start_workflow(WebhookRoundWorkflow.run, id=f"{WEBHOOK_ROUND}-{uuid4()}", task_queue=task_queue)


class PostBell:
    """Rung when something urgent is owed: the post room then makes a round at once, not only when its time comes.

    Many rings in a moment are one. A ring that is lost does no harm: the next round comes in a few minutes.
    """

    def __init__(self, client: Client, task_queue: str = TASK_QUEUE) -> None:
        """Take whom to wake.

        Args:
            client: a connected client.
            task_queue: where the worker is.
        """
        self._client = client
        self._task_queue = task_queue
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._rung_for_webhooks = asyncio.Event()

    def ring(self) -> None:
        """Ring for letters, emails and texts, from any thread."""
        self._ring(self._rung)

    def ring_for_webhooks(self) -> None:
        """Ring for webhooks, from any thread."""
        self._ring(self._rung_for_webhooks)

    def _ring(self, rung: asyncio.Event) -> None:
        with suppress(RuntimeError):  # The loop has been closed: the program ends.
            self._loop.call_soon_threadsafe(rung.set)

    @asynccontextmanager
    async def answered(self) -> AsyncIterator[None]:
        """Answer it for the length of the block."""
        tasks = [
            asyncio.create_task(self._answer(self._rung, lambda: wake_post(self._client))),
            asyncio.create_task(
                self._answer(self._rung_for_webhooks, lambda: wake_webhooks(self._client, self._task_queue))
            ),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _answer(self, rung: asyncio.Event, wake: Callable[[], Awaitable[None]]) -> None:
        while True:
            await rung.wait()
            rung.clear()
            try:
                await wake()
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
