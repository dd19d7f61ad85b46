"""What the tests of the managers' and operators' pages have in common."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.async_api import BrowserContext, Page
from temporalio.client import Client

from client.connection import ServerUnreachable
from desk.serving import serving_desk
from desk.viewer import DeskRole
from register.audit import AuditEntry
from register.queries import EpisodeLine, episode
from tests.audit_log import audited
from tests.desk.ledgers import Ledger, many
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Served, Town, Visitor

MANY = 500


async def until(found: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait for something that a worker does."""
    async with asyncio.timeout(seconds):
        while not found():
            await asyncio.sleep(0.05)
    assert found(), what


def line(town: Town, of: str) -> EpisodeLine:
    """An episode as the register has it."""
    found = episode(town.register, of, today=town.served.desk.today)
    assert found is not None
    return found


async def waiting_child(town: Town, name: str | None = None) -> str:
    """A child without an IRO for whom one has been proposed, and the episode."""
    made = await town.child(name, iro=None)
    await until(lambda: line(town, made).proposed_iro is not None, "an IRO is proposed")
    return made


def children(town: Town, number: int, *, iro: str | None = "iro", name: str = "many") -> list[str]:
    """So many children, put straight into the register, and their episodes."""
    ledgers = many(
        number, town.code, name, social_worker=town.ref("social-worker"), team_manager=town.ref("team-manager")
    )
    return [published(town, ledger, iro) for ledger in ledgers]


def published(town: Town, ledger: Ledger, iro: str | None = "iro") -> str:
    """A child with an IRO, or without."""
    if iro is not None:
        ledger.add("iro_appointed", ledger.since, iro=town.ref(iro))
    return ledger.publish(town.register)


def audit_of(town: Town, of: str | None = None, who: Visitor | None = None) -> list[AuditEntry]:
    """The audit log about an episode or of somebody, the latest first."""
    return audited(town.register, episode=of, who=who.person if who else None)


async def opened(window: BrowserContext, town: Town, role: DeskRole, path: str, name: str, folder: Path | None) -> Page:
    """A page as somebody of a role sees it: whole, with nothing that a screen reader would stumble over."""
    await town.visitor(role).sign_in(window)
    page = await window.new_page()
    answer = await page.goto(path)
    assert answer is not None and answer.status == 200, answer
    await seen(page, name, folder)
    return page


async def seen(page: Page, name: str, folder: Path | None) -> None:
    """Look at a page as it stands; where no script runs, neither does axe."""
    await picture(page, folder, name)
    if await page.locator("body.js-enabled").count():
        await require_accessible(page)
    await require_whole(page)
    assert await page.locator("h1").count() == 1


@contextmanager
def without_temporal(served: Served) -> Iterator[Served]:
    """The same desk while no Temporal server answers."""

    async def dial() -> Client:
        raise ServerUnreachable("No Temporal server answers.")

    desk = replace(served.desk, dial=dial, _client=None, _dialling=asyncio.Lock())
    with serving_desk(desk, 0) as url:
        yield Served(desk, url)


def as_seen_there(town: Town, there: Served) -> Town:
    """The town as another desk serves it."""
    return replace(town, served=there)
