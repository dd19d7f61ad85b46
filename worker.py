"""Which workflows and activities run here, and with what connections.

Run it by itself (`python worker.py`) where Temporal and the register run elsewhere; `starter.py up` runs it together
with an embedded server.
"""

import asyncio
import logging
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.allocation import AllocationActivities
from activities.beside import BesideActivities
from activities.calendar import CalendarActivities
from activities.episodes import EpisodeActivities
from activities.iro_service import IroServiceActivities
from activities.post import PostActivities
from activities.service import ServiceActivities
from activities.webhooks import WebhookActivities
from client.connection import ServerUnreachable, connect
from client.keys import Keys, KeysError
from client.schedules import PostBell, keep_schedules
from client.sealing import opener
from client.settings import Settings
from post.settings import PostRefused
from register import RegisterUnavailable, migrate, open_register
from rules.policy import PolicyRefused
from workflows.beside import StartBesideWorkflow
from workflows.calendar_change import CalendarChangeWorkflow
from workflows.dispute import DisputeWorkflow
from workflows.episode import EpisodeWorkflow
from workflows.iro_service import IroAwayWorkflow, IroLeavesWorkflow
from workflows.post import PostRoundWorkflow
from workflows.proceedings import ProceedingsWorkflow
from workflows.service import ServiceWatchWorkflow, WeeklyDigestWorkflow
from workflows.webhooks import WebhookRoundWorkflow

THREADS = 20
WORKFLOWS = (
    EpisodeWorkflow,
    StartBesideWorkflow,
    DisputeWorkflow,
    ProceedingsWorkflow,
    CalendarChangeWorkflow,
    IroLeavesWorkflow,
    IroAwayWorkflow,
    ServiceWatchWorkflow,
    WeeklyDigestWorkflow,
    PostRoundWorkflow,
    WebhookRoundWorkflow,
)

# Pure modules would have to be let through the sandbox anyway, and then it guards nothing. What a workflow may not call
# is held by tests/workflows/test_determinism.py; see docs/decisions/10.
WORKFLOW_RUNNER = UnsandboxedWorkflowRunner()


def build_worker(
    client: Client,
    register: Engine,
    settings: Settings,
    *,
    cached_workflows: int = 1000,
    bell: PostBell | None = None,
) -> Worker:
    """Make the worker.

    Args:
        client: a connected client.
        register: the database, migrated.
        settings: the task queue, the policy file and the ways out of the post.
        cached_workflows: how many episodes are kept in memory between tasks; 0 replays each task from history.
        bell: rung when something urgent is owed, or a webhook; None where the post room is not woken.

    Raises:
        PolicyRefused: the policy file cannot be taken.
        PostRefused: the settings of the post cannot work.
    """
    rings = (bell.ring, bell.ring_for_webhooks) if bell else ()
    episodes = EpisodeActivities(register, settings.policy_file, *rings)
    allocation = AllocationActivities(register, settings.policy_file)
    beside = BesideActivities(client)
    calendar = CalendarActivities(register, client)
    iros = IroServiceActivities(register, client)
    service = ServiceActivities(register, settings.policy_file)
    post = PostActivities(register, client, settings.post, policy_file=settings.policy_file)
    webhooks = WebhookActivities(register, settings.post, opener(settings.keys_file))
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=[
            episodes.derive_and_publish,
            allocation.choose_iro,
            beside.record_beside,
            calendar.record_closed_day,
            calendar.tell_open_episodes,
            iros.give_up_children,
            iros.cover_children,
            service.raise_concerns,
            service.make_digests,
            post.address_post,
            post.send_post,
            post.take_receipts,
            post.tell_undelivered,
            webhooks.send_webhooks,
        ],
        activity_executor=ThreadPoolExecutor(THREADS),
        workflow_runner=WORKFLOW_RUNNER,
        max_cached_workflows=cached_workflows,
        graceful_shutdown_timeout=timedelta(seconds=20),
    )


async def run(settings: Settings) -> None:
    """Connect, bring the register up to date, and work until told to stop.

    Raises:
        ServerUnreachable, RegisterUnavailable, KeysError, PolicyRefused, PostRefused: with a sentence that says what
            to do.
    """
    keys = Keys.load(settings.keys_file)
    migrate(settings.register_url)
    client = await connect(settings, keys, serve_metrics=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    bell = PostBell(client, settings.task_queue)
    async with bell.answered(), build_worker(client, open_register(settings.register_url), settings, bell=bell):
        await keep_schedules(client, settings.task_queue)
        logging.getLogger(__name__).info("The worker is at work on %s.", settings.task_queue)
        await stop.wait()


def main() -> int:
    """Run the worker by itself; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        asyncio.run(run(Settings.from_environment()))
    except (ServerUnreachable, RegisterUnavailable, KeysError, PolicyRefused, PostRefused) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
