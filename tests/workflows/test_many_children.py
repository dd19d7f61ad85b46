"""Two hundred children at once, across two workers of which one is killed: nobody waits, nobody is counted twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from client.episodes import Notification, open_episode
from client.errors import NotAnswered
from client.keys import Keys
from client.time_travel import TravelServer
from register import migrate, open_register
from register.allocations import Allocation, allocations, caseloads
from register.queries import list_episodes
from rules.clock import london_date
from rules.vocabulary import Nation
from tests.postgres import PostgresServer, fresh_postgres_url, postgres, postgres_url
from tests.workflows.test_allocation import AUTHORITY, add_iros

__all__ = ["PostgresServer", "fresh_postgres_url", "postgres", "postgres_url"]

ROOT = Path(__file__).parents[2]
CHILDREN = 200
GROUPS_OF_THREE = 20
IROS = tuple(f"IRO-{number}" for number in range(1, 8))
LIMIT = 30


@pytest.fixture(params=["sqlite", "postgresql"])
def register_at(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/register.db"
    url: str = request.getfixturevalue("fresh_postgres_url")
    return url


@pytest.fixture
def two_workers(
    travel_server: TravelServer, keys: Keys, keys_file: Path, register_at: str, tmp_path: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    migrate(register_at)
    environment = os.environ | {
        "TEMPORAL_ADDRESS": travel_server.server.address,
        "REGISTER_URL": register_at,
        "KEYS_FILE": str(keys_file),
        "DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, str(ROOT / "worker.py")]
    with (tmp_path / "workers.log").open("wb") as log:
        started = [subprocess.Popen(command, env=environment, cwd=ROOT, stderr=log) for _ in range(2)]
        yield started
        for each in started:
            each.kill()
            each.wait(10)


def reference(register: Engine, number: int) -> str:
    return f"MANY-{register.dialect.name}-{number}"


def notification(register: Engine, number: int) -> Notification:
    """The first sixty come in groups of three brothers and sisters, each of whom names the others."""
    day = london_date(datetime.now(UTC)) - timedelta(days=1)
    first = number - number % 3
    siblings = tuple(reference(register, each) for each in range(first, first + 3) if each != number)
    return Notification(
        authority=AUTHORITY,
        nation=Nation.ENGLAND,
        child=reference(register, number),
        birth_date=day.replace(year=day.year - 9, day=1),
        became_looked_after=day,
        siblings=siblings if number < 3 * GROUPS_OF_THREE else (),
    )


async def opened(server: TravelServer, keys: Keys, register: Engine, number: int) -> str:
    """Open one; a case system that gets no answer sends it again."""
    today = london_date(datetime.now(UTC))
    opening, facts = notification(register, number).facts(today)
    while True:
        try:
            return (await open_episode(server.client, keys, register, opening, facts, today=today)).episode
        except NotAnswered:
            continue


async def test_two_hundred_children_at_once_each_get_one_iro_within_the_limits(
    travel_server: TravelServer, keys: Keys, register_at: str, two_workers: list[subprocess.Popen[bytes]]
) -> None:
    register = open_register(register_at)
    add_iros(register, *IROS, limit=LIMIT)
    opening = [asyncio.create_task(opened(travel_server, keys, register, number)) for number in range(CHILDREN)]
    while sum(task.done() for task in opening) < CHILDREN // 4:
        await asyncio.sleep(0.05)
    os.kill(two_workers[0].pid, signal.SIGKILL)
    episodes = await asyncio.gather(*opening)
    today = london_date(datetime.now(UTC))
    while any(line.iro is None for line in list_episodes(register, today=today)):
        await asyncio.sleep(0.2)
    lines = list_episodes(register, today=today)
    assert len(lines) == len(set(episodes)) == CHILDREN
    # Nobody past a limit: there was room for all.
    counted = Counter(line.iro for line in lines)
    assert set(counted) == set(IROS) and max(counted.values()) <= LIMIT
    assert {each.reference: each.load for each in caseloads(register, AUTHORITY, today)} == counted
    # Each once.
    made = {episode: allocations(register, episode) for episode in episodes}
    assert {len(each) for each in made.values()} == {1}
    assert all(each[0].recorded for each in made.values())
    _siblings_share_or_it_is_said_why(made, {line.child: (line.id, line.iro) for line in lines}, register)
    register.dispose()


def _siblings_share_or_it_is_said_why(
    made: dict[str, list[Allocation]], children: dict[str, tuple[str, str | None]], register: Engine
) -> None:
    for first in range(0, 3 * GROUPS_OF_THREE, 3):
        group = [children[reference(register, number)] for number in range(first, first + 3)]
        if len({iro for _, iro in group}) > 1:
            assert any("siblings" in made[episode][0].choice.because for episode, _ in group)
