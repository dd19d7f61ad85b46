"""An authority of a test's own, whose IROs and managers the commands add: beside a server that is shared."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rules.authorities import AUTHORITIES
from rules.vocabulary import Nation
from tests.commands.conftest import Done, Typed, notification, open_case
from tests.commands.stack import Stack

PATIENCE_SECONDS = 20.0
CODES = iter(sorted(code for code, each in AUTHORITIES.items() if each.nation is Nation.ENGLAND))


@pytest.fixture
def stack(service_stack: Stack) -> Stack:
    """Have the commands of these tests typed beside the stack whose directory they fill."""
    return service_stack


@pytest.fixture
def service(typed: Typed, tmp_path: Path) -> "Service":
    """An authority of this test's own."""
    return Service(typed, tmp_path, next(CODES))


@dataclass(frozen=True)
class Service:
    """One authority's IRO service. References carry its code, so that no test meets another's people."""

    typed: Typed
    folder: Path
    code: str

    def ref(self, name: str) -> str:
        """The reference of somebody of this authority."""
        return f"{name}-{self.code}"

    def iro(self, name: str, *fields: str) -> str:
        """Add an IRO and give the reference."""
        words = ("iro", "add", self.ref(name), "name=Test Person", f"authority={self.code}", *fields)
        assert self.typed(*words).code == 0
        return self.ref(name)

    def person(self, name: str, role: str, *fields: str) -> str:
        """Add somebody in another post and give the reference."""
        words = ("person", "add", self.ref(name), "name=Test Person", f"authority={self.code}", f"role={role}")
        assert self.typed(*words, *fields).code == 0
        return self.ref(name)

    def child(self, name: str, **fields: Any) -> str:
        """Open a child's case and give its episode."""
        return open_case(self.typed, self.folder, **notification(self.ref(name), authority=self.code, **fields))

    def appointed(self, name: str, iro: str, on: str) -> str:
        """A child who has an IRO since a day: the case was open before."""
        episode = self.child(name)
        assert self.typed("record", episode, "iro_appointed", f"on={on}", f"iro={iro}").code == 0
        return episode

    def line(self, episode: str) -> dict[str, Any]:
        """An episode as the list has it."""
        [found] = [line for line in self.typed("list", "--json").json if line["id"] == episode]
        return dict(found)

    def proposed(self, episode: str) -> str:
        """Whom the system proposes for a child, once it does."""
        return str(self.until(lambda: self.line(episode)["proposed_iro"]))

    def outcome(self, episode: str, step: str) -> str | None:
        """What came of a step."""
        outcome: str | None = self.typed("explain", episode, step, "--json").json["outcome"]
        return outcome

    def iros(self) -> dict[str, Any]:
        """The caseloads, and who waits."""
        return dict(self.typed("iros", "--authority", self.code, "--json").json)

    def load(self, iro: str) -> dict[str, Any]:
        """An IRO's line."""
        [found] = [line for line in self.iros()["iros"] if line["iro"] == iro]
        return dict(found)

    def until(self, found: Callable[[], Any]) -> Any:
        """What is found, as soon as it is something."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (value := found()):
            assert time.monotonic() < end, "it took too long"
            time.sleep(0.05)
        return value


def said(done: Done) -> str:
    """What a command said to a person, on one line; no line of it is too long for a screen."""
    assert done.code == 0, done.err
    for line in done.out.splitlines():
        assert len(line) <= 80, line
        assert line == line.rstrip()
    return " ".join(done.out.split())
