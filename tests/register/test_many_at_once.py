"""Several threads and processes write at once, and one may be killed: every publication stands whole or not at all."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from register import reading
from register.children import LookedAfterAlready
from register.episode_tables import EpisodeRow, EscalationRow, FactRow, OutboxRow, PublicationRow, ReviewRow, StepRow
from register.publish import publish
from tests.register.publish_forever import nth
from tests.register.samples import agenda, publication, published_result, step

PUBLISHER = Path(__file__).with_name("publish_forever.py")
REPOSITORY = Path(__file__).parents[2]


def publisher(url: str, episode: str, *last: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, str(PUBLISHER), url, episode, *last]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def whole_at(engine: Engine, episode: str) -> int:
    """The revision an episode stands at, having checked that everything of it is there and nothing of the next."""
    with reading(engine) as connection:
        revision = connection.scalar(select(EpisodeRow.revision).where(EpisodeRow.id == episode)) or 0
        for table in (FactRow, EscalationRow, OutboxRow, PublicationRow):
            there = connection.scalars(select(table.revision).where(table.episode_id == episode))
            assert sorted(there) == list(range(1, revision + 1)), table.__tablename__
        said = connection.scalars(select(StepRow.reason).where(StepRow.episode_id == episode))
        assert list(said) == [f"revision {revision}"] * 25
        held = connection.scalars(select(ReviewRow.key).where(ReviewRow.episode_id == episode))
        assert list(held) == [f"review-{revision}"]
    return revision


@pytest.mark.parametrize("published", [1, 7])
def test_a_process_killed_while_publishing_leaves_nothing_half_written(
    engine: Engine, url: str, published: int
) -> None:
    process = publisher(url, "episode-1")
    assert process.stdout
    said = [int(process.stdout.readline()) for _ in range(published)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    said += [int(line) for line in process.stdout]
    revision = whole_at(engine, "episode-1")
    assert revision in (said[-1], said[-1] + 1)  # done and killed before it could say so
    publish(engine, nth("episode-1", revision))
    publish(engine, nth("episode-1", revision + 1))
    assert whole_at(engine, "episode-1") == revision + 1


def test_two_processes_publish_at_once_and_readers_see_each_change_whole(engine: Engine, url: str) -> None:
    processes = [publisher(url, f"episode-{n}", "15") for n in (1, 2)]
    first = select(func.distinct(StepRow.reason)).where(StepRow.episode_id == "episode-1")
    seen: set[str | None] = set()
    assert processes[0].stdout
    for _ in processes[0].stdout:
        with reading(engine) as connection:
            said = connection.scalars(first).all()
        assert len(said) <= 1
        seen.update(said)
    assert [process.wait(120) for process in processes] == [0, 0]
    assert [whole_at(engine, f"episode-{n}") for n in (1, 2)] == [15, 15]
    assert len(seen) > 1


def test_many_threads_publish_different_episodes_at_once(engine: Engine) -> None:
    def publish_ten(episode: str) -> int:
        for revision in range(1, 11):
            publish(engine, nth(episode, revision))
        return whole_at(engine, episode)

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(publish_ten, (f"episode-{n}" for n in range(12)))) == [10] * 12


def test_one_revision_published_by_several_at_once_is_written_once(engine: Engine) -> None:
    together = Barrier(6)

    def race(revision: int) -> None:
        together.wait(10)
        publish(engine, nth("episode-1", revision))

    with ThreadPoolExecutor(6) as threads:
        for revision in range(1, 11):
            list(threads.map(race, [revision] * 6))
            assert whole_at(engine, "episode-1") == revision
            assert published_result(engine, "episode-1", revision)


def test_of_two_episodes_of_a_child_opened_at_the_same_instant_one_stands(engine: Engine) -> None:
    ready = Barrier(8)

    def open_one(number: int) -> bool:
        first = publication(agenda(step()), episode=f"episode-{number}", child_digest="digest-of-one-child")
        ready.wait(10)
        try:
            return publish(engine, first)
        except LookedAfterAlready:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(open_one, range(8))) == 1
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(EpisodeRow)) == 1
