"""The desk on a real server, a real worker and a register, with visitors of every role, and a real browser."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright
from temporalio.client import Client

from client.connection import connect_to
from client.keys import Keys
from client.settings import Settings
from desk.parts import Desk
from desk.serving import serving_desk
from desk.settings import DeskSettings
from register import open_register
from tests.commands.stack import Stack, running
from tests.desk.town import Served, Town, known_authority, next_code

REQUIRED = "BROWSER_TESTS_REQUIRED"
"""Set where a missing browser is a failure (`.ci/run`); elsewhere the tests that need one are skipped and say so."""


@pytest.fixture(scope="session")
def desk_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A server, a worker and a register. Whoever is chosen as IRO waits for the IRO manager's word."""
    with running(tmp_path_factory.mktemp("desk"), '[allocation]\nconfirm = "iro_manager"\n') as started:
        yield started


@pytest.fixture(scope="session")
async def temporal(desk_stack: Stack) -> Client:
    return await connect_to(desk_stack.address, Keys.load(desk_stack.folder / "keys.json"))


@pytest.fixture(scope="session")
def served(desk_stack: Stack) -> Iterator[Served]:
    """The desk, served."""
    settings = Settings.from_environment(desk_stack.folder, desk_stack.policy_file)
    keys, register = Keys.load(settings.keys_file), open_register(settings.register_url)
    desk = Desk(register, keys, settings, DeskSettings(), dial=lambda: connect_to(desk_stack.address, keys))
    with serving_desk(desk, 0) as url:
        yield Served(desk, url)


@pytest.fixture
def town(served: Served, temporal: Client) -> Iterator[Town]:
    """An authority of this test's own, with one of each post."""
    code = next_code()
    with known_authority(code):
        yield Town.founded(served, temporal, code)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"no browser was found, and {REQUIRED} is set: install Debian's chromium")
        pytest.skip("no browser was found: install Debian's chromium to run the tests that need one")
    async with async_playwright() as playwright:
        # Root cannot have Chromium's own sandbox; what it opens here is ours.
        launched = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture
async def window(browser: Browser, served: Served) -> AsyncIterator[BrowserContext]:
    """A window of the browser, signed in as nobody."""
    context = await browser.new_context(base_url=served.url, viewport={"width": 1100, "height": 900})
    context.set_default_timeout(20_000)
    yield context
    await context.close()


@pytest.fixture
async def window_without_script(browser: Browser, served: Served) -> AsyncIterator[BrowserContext]:
    """The same, on a phone that runs no script."""
    context = await browser.new_context(
        base_url=served.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    context.set_default_timeout(20_000)
    yield context
    await context.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures of the pages go, to be looked at; nowhere unless PICTURES names a folder."""
    named = os.environ.get("PICTURES")
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named) if named else None
