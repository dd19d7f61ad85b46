"""The Temporal Schedules that look at the service as a whole: made when a worker starts, left as they are if there."""

from collections.abc import Callable
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

from workflows.service import ServiceWatchWorkflow, WeeklyDigestWorkflow

LONDON = "Europe/London"
CATCH_UP = timedelta(days=7)
"""After an outage what was missed within so long is made up for."""

Run = Callable[..., Any]

SCHEDULES: tuple[tuple[str, Run, str, str], ...] = (
    ("service-watch", ServiceWatchWorkflow.run, "30 6 * * *", "collective concerns, every morning"),
    ("weekly-digest", WeeklyDigestWorkflow.run, "0 7 * * MON", "the IRO manager's digest, every Monday"),
)
"""Each by its id: what runs, when in London, and what for."""


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
