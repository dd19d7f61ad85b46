"""Acts recorded in episodes by an activity: what befalls one person is told to each child it touches."""

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from rules.facts import Fact
from workflows.beside_messages import FINISHED
from workflows.messages import Act, Receipt


async def tell(client: Client, episode: str, fact: Fact, *, waits_once: bool = False) -> str | None:
    """Record an act in an episode; sent again, it is recorded once.

    Args:
        client: how the episode is reached.
        episode: its id.
        fact: what happened.
        waits_once: tried again while the episode cannot answer, it waits there once; for what is never refused once it
            was accepted.

    Returns:
        Why it was refused, in one sentence; None when it stands.

    Raises:
        RPCError: the server did not answer; trying again is safe.
    """
    try:
        handle = client.get_workflow_handle(episode)
        await handle.execute_update(fact.kind, Act(fact=fact), id=fact.id if waits_once else None, result_type=Receipt)
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == "Refused":
            return cause.message
        raise
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return FINISHED
        raise
    return None
