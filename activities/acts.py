"""Acts recorded in episodes by an activity: what befalls one person is told to each child it touches."""

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from rules.facts import Fact
from workflows.messages import Act, Receipt


async def tell(client: Client, episode: str, fact: Fact) -> str | None:
    """Record an act in an episode; sent again, it is recorded once.

    Args:
        client: how the episode is reached.
        episode: its id.
        fact: what happened.

    Returns:
        Why it was refused, in one sentence; None when it stands.

    Raises:
        RPCError: the server did not answer; trying again is safe.
    """
    try:
        handle = client.get_workflow_handle(episode)
        await handle.execute_update(fact.kind, Act(fact=fact), result_type=Receipt)
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == "Refused":
            return cause.message
        raise
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return "The episode has finished."
        raise
    return None
