"""A helper workflow of time travel: it starts another workflow at its own point in time."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.api.common.v1 import SearchAttributes
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RawValue, TypedSearchAttributes
from temporalio.converter import decode_typed_search_attributes, encode_search_attributes
from temporalio.worker import UnsandboxedWorkflowRunner, Worker


class Order(BaseModel):
    """What to start.

    Attributes:
        workflow: the name of the workflow.
        id: the id it is to have.
        task_queue: where its workers listen.
        summary: the line that the web page shows beside it.
        takes_argument: whether it is given one.
    """

    workflow: str
    id: str
    task_queue: str
    summary: str | None = None
    takes_argument: bool = True


@workflow.defn(name="TimeTravelLauncher")
class Launcher:
    """Waits until its clock was moved, starts one workflow there, and is gone.

    A workflow cannot be given a clock when it is started, but a child begins at the time of its parent. The
    child is abandoned at once, and keeps its clock.
    """

    def __init__(self) -> None:
        """Start with nothing launched."""
        self._launched = False

    @workflow.run
    async def run(self) -> None:
        """Wait for `launch`, then end: a parent with an open child cannot travel, and it is not needed."""
        await workflow.wait_condition(lambda: self._launched)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def launch(self, order: Order, attributes: SearchAttributes, arguments: RawValue) -> None:
        """Start the workflow.

        Args:
            order: which one.
            attributes: its search attributes.
            arguments: its one argument, passed on untouched; of no matter for a workflow that takes none.
        """
        options: dict[str, Any] = {"static_summary": order.summary} if order.summary else {}
        await workflow.start_child_workflow(
            order.workflow,
            args=[arguments] if order.takes_argument else [],
            id=order.id,
            task_queue=order.task_queue,
            search_attributes=decode_typed_search_attributes(attributes),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            **options,
        )
        self._launched = True


@asynccontextmanager
async def launching(client: Client) -> AsyncIterator[WorkflowHandle[Launcher, None]]:
    """Have a launcher, with a worker of its own, for the length of the block.

    Args:
        client: connected to a server on which clocks can be moved.

    Yields:
        The launcher, whose clock is at the real now. Without `launch` in the block it is ended with it.
    """
    name = f"time-travel-{uuid.uuid4()}"
    # No sandbox: the launcher lives for a moment, and is never replayed.
    async with Worker(client, task_queue=name, workflows=[Launcher], workflow_runner=UnsandboxedWorkflowRunner()):
        launcher = await client.start_workflow(Launcher.run, id=name, task_queue=name)
        try:
            yield launcher
        except BaseException:
            await launcher.terminate("nothing was launched")
            raise


async def launch(
    launcher: WorkflowHandle[Launcher, None],
    order: Order,
    search_attributes: TypedSearchAttributes,
    argument: object,
) -> None:
    """Start a workflow at the launcher's present time, after which the launcher is gone.

    Args:
        launcher: from `launching`.
        order: what to start.
        search_attributes: its search attributes.
        argument: its one argument; of no matter for a workflow that takes none.

    Raises:
        temporalio.client.WorkflowUpdateFailedError: the id is taken.
    """
    attributes = SearchAttributes()
    encode_search_attributes(search_attributes, attributes)
    await launcher.execute_update(Launcher.launch, args=[order, attributes, argument])
    await launcher.result()
