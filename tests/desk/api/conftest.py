"""The real application, asked over HTTP within this process, with a server, a worker and a register behind it."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from client.connection import connect_to
from client.keys import Keys
from client.settings import Settings
from desk.api.callers import Limits
from desk.app import make_app
from desk.parts import Desk
from desk.settings import DeskSettings
from register import open_register
from tests.commands.stack import Stack, running
from tests.desk.api.calls import CaseSystem
from tests.desk.town import known_authority, next_code

PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def desk_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own: its directory holds nobody, so that nothing is chosen by itself."""
    with running(tmp_path_factory.mktemp("api")) as started:
        yield started


@pytest.fixture(scope="session")
def desk(desk_stack: Stack) -> Desk:
    settings = Settings.from_environment(desk_stack.folder, desk_stack.policy_file)
    keys, register = Keys.load(settings.keys_file), open_register(settings.register_url)
    return Desk(register, keys, settings, DeskSettings(), dial=lambda: connect_to(desk_stack.address, keys))


def api_of(app: FastAPI) -> FastAPI:
    """The API within the application."""
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    assert isinstance(mounted, FastAPI)
    return mounted


def app_with(desk: Desk, limits: Limits) -> FastAPI:
    """The application, with other limits on calls."""
    app = make_app(desk)
    api_of(app).state.limits = limits
    return app


@pytest.fixture(scope="session")
def app(desk: Desk) -> FastAPI:
    """The application, for tests that call far more often than anyone may."""
    return app_with(desk, Limits(calls_a_minute=1_000_000, refusals_a_minute=1_000_000))


def calling(app: FastAPI) -> httpx.AsyncClient:
    """What calls an application."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://desk.example", timeout=PATIENCE_SECONDS
    )


@pytest.fixture(scope="session")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app) as client:
        yield client


@pytest.fixture
def cms(desk: Desk, http: httpx.AsyncClient) -> CaseSystem:
    """A case system whose token allows everything. Other tests have children of its authority."""
    return CaseSystem.of(desk, http)


@pytest.fixture
def alone(desk: Desk, http: httpx.AsyncClient) -> Iterator[CaseSystem]:
    """A case system of an authority whose only children are this test's."""
    code = next_code()
    with known_authority(code):
        yield CaseSystem.of(desk, http, authority=code)
