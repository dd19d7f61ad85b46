"""A real server whose clocks can be moved, a worker, and a register a test; what a test leaves is replayed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from client.keys import Keys
from client.server import ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer, travelling_server
from register import migrate, open_register
from tests.workflows.journey import Journey
from tests.workflows.replaying import replay_what_is_new
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="session")
def keys(keys_file: Path) -> Keys:
    return Keys.load_or_create(keys_file)


@pytest.fixture(scope="session")
async def shared_server(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TravelServer]:
    options = ServerOptions(
        data_dir=tmp_path_factory.mktemp("server"),
        port=free_port(),
        in_memory=True,
        search_attributes=NAMES_AND_TYPES,
    )
    async with travelling_server(options, keys) as server:
        yield server


@pytest.fixture(scope="session")
def replayed_runs() -> set[str]:
    """The runs on the shared server whose histories were replayed."""
    return set()


@pytest.fixture
async def travel_server(shared_server: TravelServer, replayed_runs: set[str]) -> AsyncIterator[TravelServer]:
    """The server; afterwards the history of each workflow that the test left there is replayed."""
    yield shared_server
    await replay_what_is_new(shared_server.client, replayed_runs)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment(tmp_path, {})


@pytest.fixture
def register(settings: Settings) -> Engine:
    migrate(settings.register_url)
    return open_register(settings.register_url)


@pytest.fixture
async def journey(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings
) -> AsyncIterator[Journey]:
    async with build_worker(travel_server.client, register, settings):
        yield Journey(travel_server, keys, register)
