"""A real server whose clocks can be moved, a worker with and without a cache, and a register a test."""

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
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="session")
def keys(keys_file: Path) -> Keys:
    return Keys.load_or_create(keys_file)


@pytest.fixture(scope="session")
async def travel_server(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TravelServer]:
    options = ServerOptions(
        data_dir=tmp_path_factory.mktemp("server"),
        port=free_port(),
        in_memory=True,
        search_attributes=NAMES_AND_TYPES,
    )
    async with travelling_server(options, keys) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment(tmp_path, {})


@pytest.fixture
def register(settings: Settings) -> Engine:
    migrate(settings.register_url)
    return open_register(settings.register_url)


@pytest.fixture(params=[1000, 0], ids=["cached", "replayed"])
def cached_workflows(request: pytest.FixtureRequest) -> int:
    """Every test runs with the episodes kept in memory, and with each task replayed from history."""
    return int(request.param)


@pytest.fixture
async def journey(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings, cached_workflows: int
) -> AsyncIterator[Journey]:
    async with build_worker(travel_server.client, register, settings, cached_workflows=cached_workflows):
        yield Journey(travel_server, keys, register)
