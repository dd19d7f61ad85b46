"""Commands as a person types them: beside a real server, or with nothing running at all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from register import open_register
from register.directory import add_person
from rules.clock import london_date
from rules.directory import IroTerms, Person
from rules.vocabulary import Role
from starter import starter
from tests.commands.stack import Stack, running

ROOT = Path(__file__).parents[2]
SURROUNDINGS = (
    "DATA_DIR",
    "DESK_URL",
    "KEYS_FILE",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_CLIENT_SECRET_FILE",
    "OIDC_ISSUER",
    "POLICY_FILE",
    "REGISTER_URL",
    "SHOW_TRACEBACK",
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
)
NOBODY = "127.0.0.1:1"
"""Where no server answers."""


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer, asked for with --json."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What it said it could not do: one line, no traceback, and nothing on standard output."""
        assert self.code != 0, self.out
        assert self.out == ""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        assert "not foreseen" not in self.err, self.err
        return self.err.strip()


class Typed(Protocol):
    """Runs a command from its words."""

    def __call__(self, *words: str) -> Done:
        """Run it."""


def today() -> date:
    """A London date."""
    return london_date(datetime.now(UTC))


def days_ago(days: int) -> date:
    """A day before today."""
    return today() - timedelta(days=days)


def notification(child: str, **changes: Any) -> dict[str, Any]:
    """What a case system sends of a child of ten who became looked after on the 5th day before today."""
    first = days_ago(5)
    told = {
        "authority": "383",
        "nation": "england",
        "child": child,
        "birth_date": f"{first.year - 10}-01-31",
        "became_looked_after": str(first),
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(scope="session")
def service_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack for the tests that fill the directory: the others are of a time before there was one.

    Whoever is chosen waits for the IRO manager's word, so that both can be seen: proposals and appointments.
    """
    policy = '[allocation]\nconfirm = "iro_manager"\n'
    with running(tmp_path_factory.mktemp("service"), policy) as started:
        # There is a directory from the first test on, of an authority that none of them uses.
        elsewhere = Person(reference="iro-elsewhere", name="Test Person", role=Role.IRO, authority="660")
        register = open_register(started.environment["REGISTER_URL"])
        add_person(register, elsewhere, IroTerms(iro=elsewhere.reference), "test", datetime.now(UTC))
        yield started


@pytest.fixture(scope="session")
def post_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose post room is at work: what is owed goes out at once, as files."""
    policy = '[post]\nteam = "Made-up Reviewing Service"\nemail = "reviews@example.org"\n'
    with running(tmp_path_factory.mktemp("posts"), policy, posts=True) as started:
        yield started


def _within(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> Done:
    capsys.readouterr()
    code = starter(words)
    sys.stdout.flush()
    said = capsys.readouterr()
    return Done(code, said.out, said.err)


@pytest.fixture
def typed(stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs commands beside the server, in this process: quicker than a new one each."""
    _only(monkeypatch, stack.environment)
    return lambda *words: _within(words, capsys)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs commands where there is no server, no register and no keys."""
    _only(monkeypatch, {"TEMPORAL_ADDRESS": NOBODY, "DATA_DIR": str(tmp_path / "nothing")})
    return lambda *words: _within(words, capsys)


@pytest.fixture
def shell(stack: Stack) -> Typed:
    """Runs commands beside the server, each as a program of its own."""
    return lambda *words: program(words, stack.environment)


def program(words: tuple[str, ...], environment: dict[str, str], given: bytes = b"") -> Done:
    """Run `starter.py` as a person does."""
    kept = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    done = subprocess.run(
        [sys.executable, "starter.py", *words],
        cwd=ROOT,
        env={**kept, **environment},
        input=given,
        capture_output=True,
        timeout=60,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _only(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def opened(typed: Typed, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The episode of a child of this test's own."""
    child = f"child-{abs(hash(request.node.nodeid)) % 10**9}"
    return open_case(typed, tmp_path, **notification(child))


def open_case(typed: Typed, folder: Path, **fields: Any) -> str:
    """Open an episode and give its id."""
    file = folder / "case.json"
    file.write_text(json.dumps(fields))
    episode: str = typed("open", str(file), "--json").json["episode"]
    return episode
