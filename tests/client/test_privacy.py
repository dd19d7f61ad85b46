"""Searches everything the server stores for names that were given to a workflow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowUpdateFailedError

from client.connection import connect_to
from client.keys import Keys
from client.server import EmbeddedServer, ServerOptions
from tests.client.conftest import QUEUE, Handle, sample_worker
from tests.client.sample_workflow import Diary, Sample

PLANTED = "Persephone"
PLANTED_IN_FAILURES = "Quicksilver"


@pytest.fixture
async def client(tmp_path: Path, keys: Keys) -> AsyncIterator[Client]:
    async with EmbeddedServer(ServerOptions(data_dir=tmp_path, log_level="warn")) as server:
        yield await connect_to(server.address, keys)


async def live_through_everything(client: Client) -> Handle:
    """Put the names wherever a workflow, an act, an activity or a failure can carry one."""
    handle = await client.start_workflow(
        Sample.run,
        Diary(name=PLANTED),
        id="sample",
        task_queue=QUEUE,
        memo={"note": PLANTED},
        static_summary=PLANTED,
        static_details=PLANTED,
    )
    await handle.execute_update(Sample.act, PLANTED)
    await handle.signal(Sample.nudge, PLANTED)
    for act, text in ((Sample.act_in_vain, PLANTED_IN_FAILURES), (Sample.act, "")):
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await handle.execute_update(act, text)
        assert caught.value.cause is not None
    stumbling = asyncio.create_task(handle.execute_update(Sample.stumble, PLANTED_IN_FAILURES))
    await wait_for_failed_task(handle)
    await handle.terminate(reason="the test is over")
    stumbling.cancel()
    await asyncio.gather(stumbling, return_exceptions=True)
    return handle


async def wait_for_failed_task(handle: Handle) -> None:
    async with asyncio.timeout(20):
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                return


async def test_no_name_and_no_failure_message_can_be_read_from_history_or_database(
    client: Client, tmp_path: Path
) -> None:
    async with sample_worker(client):
        handle = await live_through_everything(client)
    events = [event.SerializeToString() async for event in handle.fetch_history_events()]
    assert len(events) > 20
    history = b"".join(events)
    database = b"".join(path.read_bytes() for path in tmp_path.glob("temporal.db*"))
    # The search would find them: the id of the workflow and the name of its handler are meant to be readable.
    for readable in (b"sample", b"act_in_vain", b"Encoded failure"):
        assert readable in history
        assert readable in database
    for name in (PLANTED, PLANTED_IN_FAILURES):
        for form in (name.encode(), name.lower().encode(), name.encode("utf-16-le")):
            assert form not in history
            assert form not in database
            assert form not in (tmp_path / "temporal.log").read_bytes()
