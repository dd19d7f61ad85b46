"""The worker under measurement, in a process of its own: our worker, and beside it the bare one.

Started by `benchmarks.rig` as `python -m benchmarks.worker_process ADDRESS FOLDER CACHED`; says `ready`, and works
until it is told to stop.
"""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from temporalio.worker import Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from benchmarks.bare import BARE_QUEUE, BareWorkflow, LeanWorkflow, take_down
from client.connection import connect_to
from client.keys import Keys
from client.settings import Settings
from register import open_register
from worker import THREADS, WORKFLOW_RUNNER, build_worker

READY = "ready"


def _runner() -> WorkflowRunner:
    """As ours has it: the yardstick is not to pay for loading its module anew for each workflow."""
    if not isinstance(WORKFLOW_RUNNER, SandboxedWorkflowRunner):
        return WORKFLOW_RUNNER
    return SandboxedWorkflowRunner(restrictions=WORKFLOW_RUNNER.restrictions.with_passthrough_modules("benchmarks"))


async def run(address: str, folder: Path, cached: int) -> None:
    """Work until told to stop.

    Args:
        address: of the server.
        folder: where the keys and the register are.
        cached: how many workflows of each kind are kept in memory.
    """
    settings = Settings.from_environment(folder, {})
    client = await connect_to(address, Keys.load(settings.keys_file))
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    bare = Worker(
        client,
        task_queue=BARE_QUEUE,
        workflows=[BareWorkflow, LeanWorkflow],
        activities=[take_down],
        activity_executor=ThreadPoolExecutor(THREADS),
        workflow_runner=_runner(),
        max_cached_workflows=cached,
    )
    ours = build_worker(client, open_register(settings.register_url), settings, cached_workflows=cached)
    async with bare, ours:
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
