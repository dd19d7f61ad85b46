"""Whether anybody works: the workers that poll the task queue, and how much of it waits."""

from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeTaskQueueResponse
from temporalio.client import Client

from rules.vocabulary import Frozen


class Poller(Frozen):
    """A worker that asks for work: as it calls itself (a process and a machine), and when it last asked, UTC."""

    identity: str
    last_asked: AwareDatetime


class QueueState(Frozen):
    """One kind of work of a task queue.

    Attributes:
        kind: workflow or activity.
        pollers: the workers that asked for it lately, the last first.
        backlog: how many tasks wait, about.
        backlog_age: for how long the oldest of them has waited, about.
    """

    kind: str
    pollers: tuple[Poller, ...]
    backlog: int
    backlog_age: timedelta


_KINDS = {
    "workflow": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    "activity": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}


async def queue_states(client: Client, task_queue: str, patience: timedelta) -> list[QueueState]:
    """How each kind of work of a task queue stands.

    Args:
        client: a connected client.
        task_queue: which.
        patience: how long to wait for each answer.

    Raises:
        RPCError: the server did not answer, or may not be asked.
    """
    return [_state(kind, await _described(client, task_queue, kind, patience)) for kind in _KINDS]


async def _described(client: Client, task_queue: str, kind: str, patience: timedelta) -> DescribeTaskQueueResponse:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=_KINDS[kind],
        report_stats=True,
    )
    return await client.workflow_service.describe_task_queue(request, timeout=patience)


def _state(kind: str, answer: DescribeTaskQueueResponse) -> QueueState:
    pollers = [
        Poller(identity=each.identity, last_asked=each.last_access_time.ToDatetime(tzinfo=UTC))
        for each in answer.pollers
    ]
    return QueueState(
        kind=kind,
        pollers=tuple(sorted(pollers, key=_latest, reverse=True)),
        backlog=answer.stats.approximate_backlog_count,
        backlog_age=answer.stats.approximate_backlog_age.ToTimedelta(),
    )


def _latest(poller: Poller) -> datetime:
    return poller.last_asked
