"""An authority of a test's own with its post room at work, and a child with people around it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from client.connection import connect_to
from client.keys import Keys
from client.schedules import POST_ROUND
from tests.commands.conftest import Typed, today
from tests.commands.service import CODES, Service
from tests.commands.stack import Stack

NAME, STREET, MAIL = "Zebedee Testname", "1 Made-up Street", "zebedee@example.org"
"""Of somebody in a network, to be looked for where they must not be."""


@pytest.fixture
def stack(post_stack: Stack) -> Stack:
    """Have the commands of these tests typed beside the stack whose post room is at work."""
    return post_stack


@pytest.fixture
def office(typed: Typed, stack: Stack, tmp_path: Path) -> "Office":
    """An authority of this test's own, with everybody in post but an IRO, whom each test adds when it wants one."""
    office = Office(typed, tmp_path, next(CODES))
    for role in ("iro_manager", "iro_administrator", "team_manager", "social_worker", "health", "virtual_school_head"):
        office.person(role.replace("_", "-"), role, f"email={role}@example.org")
    return office


@contextmanager
def no_rounds(stack: Stack) -> Iterator[None]:
    """No round of the post room begins by the clock, and none is under way, for the length of the block."""
    keys = Keys.load(stack.folder / "keys.json")

    async def pause() -> None:
        schedule = (await connect_to(stack.address, keys)).get_schedule_handle(POST_ROUND)
        await schedule.pause()
        while (await schedule.describe()).info.running_actions:
            await asyncio.sleep(0.1)

    async def go_on() -> None:
        await (await connect_to(stack.address, keys)).get_schedule_handle(POST_ROUND).unpause()

    asyncio.run(pause())
    try:
        yield
    finally:
        asyncio.run(go_on())


class Office(Service):
    """One authority, whose post goes out."""

    def opened(self, name: str, **fields: Any) -> str:
        """A child's case, without a network yet."""
        workers = {role: self.ref(role.replace("_", "-")) for role in ("social_worker", "team_manager")}
        return self.child(name, **workers, **fields)

    def contact(self, episode: str, name: str, role: str, *fields: str) -> str:
        """Add somebody to a child's network and give the reference."""
        done = self.typed("contact", "add", episode, self.ref(name), f"name={NAME}", f"role={role}", *fields)
        assert done.code == 0, done.err
        return self.ref(name)

    def family(self, episode: str) -> dict[str, str]:
        """A child who is written to, a mother with email, a carer with a mobile."""
        return {
            "kid": self.contact(episode, "kid", "child", f"address={STREET}; Leeds; LS1 1AA"),
            "mum": self.contact(episode, "mum", "parents", f"email={MAIL}"),
            "carer": self.contact(episode, "carer", "carer", "phone=07700 900123"),
        }

    def messages(self, episode: str, **wanted: str) -> list[dict[str, Any]]:
        """The messages about a case that are like that, the latest first."""
        found = self.typed("post", "list", "--episode", episode, "--limit", "200", "--json").json
        return [each for each in found if all(each[name] == value for name, value in wanted.items())]

    def message(self, episode: str, **wanted: str) -> dict[str, Any]:
        """The latest message like that, once there is one."""
        found: dict[str, Any] = self.until(lambda: self.messages(episode, **wanted))[0]
        return found

    def appoint(self) -> str:
        """Add the first IRO, who is appointed for every child who waits, and give the reference."""
        return self.iro("ada", "email=ada@example.org")

    def arrange(self, episode: str, days: int = 12) -> date:
        """Arrange a review, and give its day."""
        day = today() + timedelta(days=days)
        assert self.typed("record", episode, "review_arranged", "on=today", f"planned_for={day}").code == 0
        return day

    def troubles(self, episode: str) -> list[dict[str, Any]]:
        """What did not arrive in a case."""
        return [each for each in self.typed("post", "--json").json["troubles"] if each["episode"] == episode]

    def deliveries(self, episode: str) -> list[dict[str, Any]]:
        """The steps to deliver what reached nobody."""
        steps = self.typed("agenda", episode, "--json").json["steps"]
        return [each for each in steps if each["rule"] == "deliver_notice"]

    def told(self, episode: str, *kinds: str) -> list[dict[str, Any]]:
        """What the timeline tells of these kinds."""
        happenings = self.typed("timeline", episode, "--json").json["happenings"]
        return [each for each in happenings if each["kind"] in kinds]


def files(stack: Stack, suffix: str) -> Iterator[Path]:
    """What the post room wrote."""
    return (stack.folder / "post").glob(f"*/*{suffix}")
