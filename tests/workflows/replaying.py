"""Every history that a test leaves on the server is replayed: what a workflow did, it must do again."""

from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from worker import WORKFLOW_RUNNER, WORKFLOWS

OURS = ", ".join(f"'{workflow.__name__.removesuffix('Workflow')}'" for workflow in WORKFLOWS)


async def replay_what_is_new(client: Client, replayed: set[str]) -> int:
    """Replay the histories on the server that were not yet replayed.

    Args:
        client: connected to the server.
        replayed: the runs that were; those replayed now are added.

    Returns:
        How many were replayed now.

    Raises:
        temporalio.workflow.NondeterminismError: one does not replay.
    """
    replayer = Replayer(workflows=WORKFLOWS, data_converter=client.data_converter, workflow_runner=WORKFLOW_RUNNER)
    new = [
        each
        async for each in client.list_workflows(f"WorkflowType IN ({OURS})")
        if each.run_id and each.run_id not in replayed
    ]
    for each in new:
        handle = client.get_workflow_handle(each.id, run_id=each.run_id)
        events = [event async for event in handle.fetch_history_events(skip_archival=True)]
        # A workflow that was started and never worked on has nothing to replay.
        if len(events) > 2:
            await replayer.replay_workflow(WorkflowHistory(each.id, events))
        replayed.add(each.run_id)
    return len(new)
