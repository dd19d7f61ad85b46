"""One server whose clocks can be moved, for all tests of this room, and a worker of the sample workflow."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from client.keys import Keys
from client.server import ServerOptions
from client.time_travel import TravelServer, travelling_server
from tests.client.sample_workflow import Diary, Sample, refuse, take_note

QUEUE = "sample"
Handle = WorkflowHandle[Sample, Diary]


def sample_worker(client: Client, *, cache: int = 100) -> Worker:
    """A worker of the sample workflow."""
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[Sample],
        activities=[take_note, refuse],
        max_cached_workflows=cache,
    )


async def next_alarm(handle: Handle) -> datetime:
    """When the sample's timer rings."""
    alarm = (await handle.query(Sample.read)).next_alarm
    assert alarm is not None
    return alarm


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys.new()


@pytest.fixture(scope="session")
async def travel(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TravelServer]:
    options = ServerOptions(
        data_dir=tmp_path_factory.mktemp("travel"),
        in_memory=True,
        log_level="error",
        search_attributes={"Shelf": "Keyword"},
    )
    async with travelling_server(options, keys) as server:
        yield server


@pytest.fixture(params=[100, 0], ids=["cached", "replayed"])
async def worker(travel: TravelServer, request: pytest.FixtureRequest) -> AsyncIterator[Worker]:
    """A worker, once with its cache and once replaying every task."""
    async with sample_worker(travel.client, cache=request.param) as running:
        yield running
