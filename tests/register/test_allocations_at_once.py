"""No place is given twice and no child allocated twice, however many ask at once, and whoever dies meanwhile."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import Engine, func, select

from register import reading
from register.allocations import Allocated, allocate, allocations
from register.episode_tables import EpisodeRow
from register.publish import publish
from register.service_tables import AllocationRow
from tests.register import allocate_children
from tests.register.allocate_children import CHILDREN, FIRST, asked, give_an_iro, record, siblings_of, take_in
from tests.register.samples import agenda, appointed, opening, publication
from tests.register.services import has, iros, loads

SCRIPT = Path(allocate_children.__file__)
REPOSITORY = Path(__file__).parents[2]


def started(url: str, *arguments: object) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, str(SCRIPT), url, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


WHY_PARTED = ("The siblings' IRO is full.", "The siblings have several IROs.")
"""The second, once the group has been parted: whoever comes after has one of the two."""


def all_made(engine: Engine) -> Iterator[tuple[int, Allocated]]:
    for number in range(CHILDREN):
        (made,) = allocations(engine, f"episode-{number}")
        assert made.recorded and made.fact_id == FIRST
        yield number, made


def check_all(engine: Engine) -> None:
    """Everyone has one IRO, nobody was passed over who had room, and no place was given twice."""
    made = dict(all_made(engine))
    had: dict[str, list[int]] = {f"iro-{n}": [] for n in range(1, 6)}
    for number, each in made.items():
        first = each.choice.considered[0]
        had[first.iro].append(first.load)
        others_with_room = [other for other in each.choice.considered if other.load < other.places]
        assert each.choice.over_capacity == (first.load >= first.places) == (not others_with_room), number
    assert all(sorted(seen) == list(range(len(seen))) for seen in had.values())
    assert sum(map(len, had.values())) == CHILDREN and all(len(seen) >= 30 for seen in had.values())
    assert loads(engine) == {each: len(seen) for each, seen in had.items()}
    groups = [siblings_of(number) for number in range(0, CHILDREN, 10)]
    assert sum(map(len, groups)) == 60
    for group in groups:
        theirs = {made[number].choice.iro for number in group}
        parted = [made[number].choice for number in group if made[number].choice.parted_from]
        assert (len(theirs) > 1) == bool(parted)
        assert all(each.because.endswith(WHY_PARTED) for each in parted)
    assert sum(len({made[number].choice.iro for number in group}) == 1 for group in groups) >= 14
    with reading(engine) as connection:
        stood = Counter(connection.scalars(select(EpisodeRow.iro)))
        assert connection.scalar(select(func.count()).select_from(AllocationRow)) == CHILDREN
    assert stood == Counter(each.choice.iro for each in made.values())


def test_200_children_allocated_by_8_threads_never_get_the_same_place(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30, iro_3=30, iro_4=30, iro_5=30)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: give_an_iro(engine, number), range(CHILDREN)))
    check_all(engine)


def test_200_children_allocated_by_2_processes_never_get_the_same_place(engine: Engine, url: str) -> None:
    iros(engine, iro_1=30, iro_2=30, iro_3=30, iro_4=30, iro_5=30)
    processes = [started(url, first, 2) for first in (0, 1)]
    assert [process.wait(200) for process in processes] == [0, 0]
    check_all(engine)


def test_of_two_children_who_arrive_together_one_gets_the_last_place(engine: Engine) -> None:
    iros(engine, iro_1=1, iro_2=1)
    has(engine, 1, "iro-1")
    for number in (13, 14):
        take_in(engine, number)
    ready = Barrier(2)

    def ask(number: int) -> Allocated:
        ready.wait(10)
        return allocate(engine, asked(number))

    with ThreadPoolExecutor(2) as threads:
        assert sorted(each.choice.over_capacity for each in threads.map(ask, (13, 14))) == [False, True]


def test_one_child_asked_for_by_several_at_once_is_allocated_once(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    ready = Barrier(6)

    def ask(_: int) -> Allocated:
        ready.wait(10)
        return allocate(engine, asked(10))

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(ask, range(6)))
    assert made == [made[0]] * 6
    assert len(allocations(engine, "episode-10")) == 1


def test_a_process_killed_between_choosing_and_recording_leaves_one_allocation(engine: Engine, url: str) -> None:
    iros(engine, iro_1=1, iro_2=1)
    for number in (13, 14):
        take_in(engine, number)
    process = started(url, "lost", 13)
    assert process.stdout
    said = process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    other = allocate(engine, asked(14))
    made = allocate(engine, asked(13))
    assert made.fact_id == said == FIRST
    assert {made.choice.iro, other.choice.iro} == {"iro-1", "iro-2"}
    record(engine, 13, made)
    (kept,) = allocations(engine, "episode-13")
    assert kept.recorded and kept.choice == made.choice


def test_siblings_who_tell_each_other_at_the_same_instant_do_not_wait_without_end(engine: Engine) -> None:
    iros(engine, iro_1=30)
    ready = Barrier(3)

    def tell(number: int) -> None:
        take_in(engine, number)
        opened = opening(child=f"child-{number}")
        others = tuple(f"child-{each}" for each in siblings_of(number) if each != number)
        for revision in range(2, 12):
            ready.wait(10)
            said = (appointed(f"appointed-{revision}", shares_with=others),)
            publish(
                engine,
                publication(agenda(), episode=f"episode-{number}", revision=revision, opened_by=opened, entries=said),
            )

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(tell, (10, 11, 12)))
