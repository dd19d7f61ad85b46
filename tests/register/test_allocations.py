"""A child's IRO is chosen in one transaction, once, whoever asks and however many at once."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from register import reading
from register.allocations import (
    Allocated,
    Allocation,
    AllocationAsked,
    ByHand,
    ChildOf,
    ChildrenOf,
    allocate,
    allocations,
    bar_to_choice,
    by_hand,
    caseloads,
    children_of,
)
from register.directory import add_bar, add_people, directory_version, record_absence, set_last_day
from register.publish import publish
from register.queries import episode
from register.tables import LOOKED_AFTER, AllocationRow, CaseloadRow, EpisodeRow
from rules.choosing import ChildToAllocate, Conflict
from rules.directory import Absence, Bar, BarKind, IroTerms, Person
from rules.facts import Entry, IroProposed, NoIroFound
from rules.vocabulary import ApartGround, KinRelation, Nation, Phase, Role
from tests.register import allocate_children
from tests.register.allocate_children import CHILDREN, asked, give_an_iro, record, siblings_of, take_in
from tests.register.samples import MORNING, TODAY, agenda, appointed, iro, kin, opening, publication

SCRIPT = Path(allocate_children.__file__)
REPOSITORY = Path(__file__).parents[2]
NOTED: dict[str, Any] = {"by": "mgr-1", "at": MORNING}
FIRST = "iro-759eba3cff05-1"


def iros(engine: Engine, **limits: int) -> None:
    """Have full-time IROs in the directory, each with a limit of children."""
    add_people(
        engine,
        [
            (iro(each.replace("_", "-")), IroTerms(iro=each.replace("_", "-"), full_time_limit=limits[each]))
            for each in limits
        ],
        **NOTED,
    )


def workers(engine: Engine) -> None:
    """A social worker's line: the team manager, the service manager, the assistant director, in three teams."""
    line = [
        ("sw-7", Role.SOCIAL_WORKER, "tm-2", "team-a"),
        ("tm-2", Role.TEAM_MANAGER, "sm-1", "team-a"),
        ("sm-1", Role.SERVICE_MANAGER, "ad-1", "service-b"),
        ("ad-1", Role.ASSISTANT_DIRECTOR, None, None),
        ("tm-9", Role.TEAM_MANAGER, "sm-1", "team-z"),
    ]
    people = [
        Person(reference=who, name="Somebody", role=role, authority="822", line_manager=above, team=team)
        for who, role, above, team in line
    ]
    add_people(engine, [(each, None) for each in people], **NOTED)


def has(engine: Engine, number: int, iro: str | None, revision: int = 1, child: str | None = None, **more: Any) -> None:
    """Publish that a child is in care with an IRO."""
    opened = opening(child=child or f"child-{number}")
    publish(
        engine,
        publication(agenda(iro=iro, **more), episode=f"episode-{number}", revision=revision, opened_by=opened),
    )


def loads(engine: Engine, day: date = TODAY) -> dict[str, int]:
    return {each.reference: each.load for each in caseloads(engine, "822", day)}


def again(given: AllocationAsked, **changes: Any) -> AllocationAsked:
    return given.model_copy(update=changes)


# --- One child ---------------------------------------------------------------------------------------------------


def test_the_choice_is_kept_with_its_reasons(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-1")
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro == "iro-2"
    assert (made.fact_id, made.number, made.at) == (FIRST, 1, MORNING)
    assert made.directory == directory_version(engine)
    assert allocations(engine, "episode-10") == [
        Allocation(**dict(made), step="appoint_iro", recorded=False),
    ]
    record(engine, 10, made)
    assert [each.recorded for each in allocations(engine, "episode-10")] == [True]
    line = episode(engine, "episode-10", today=TODAY)
    assert line and line.iro == "iro-2"


def test_a_choice_that_was_not_recorded_is_given_again_unchanged(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro
    set_last_day(engine, made.choice.iro, TODAY - timedelta(1), **NOTED)
    assert allocate(engine, again(asked(10), day=TODAY + timedelta(1))) == made
    assert len(allocations(engine, "episode-10")) == 1


def test_a_choice_that_was_published_is_followed_by_another(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    first = allocate(engine, asked(10))
    record(engine, 10, first)
    second = allocate(engine, again(asked(10), not_again=(first.choice.iro,)))
    assert second.number == 2 and second.fact_id.startswith("iro-") and second.fact_id.endswith("-2")
    assert {first.choice.iro, second.choice.iro} == {"iro-1", "iro-2"}
    other = allocate(engine, again(asked(10), step="fill_vacancy.gone"))
    assert other.number == 1 and other.fact_id not in (first.fact_id, second.fact_id)
    assert len(allocations(engine, "episode-10")) == 3


def test_that_nobody_was_found_is_kept_too(engine: Engine) -> None:
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro is None and made.directory == ""
    fact = NoIroFound(id=made.fact_id, on=TODAY, by="system", directory=made.directory)
    said = publication(agenda(iro=None), episode="episode-10", revision=2, entries=(Entry(fact=fact, at=MORNING),))
    publish(engine, said)
    (kept,) = allocations(engine, "episode-10")
    assert kept.recorded and kept.choice == made.choice
    iros(engine, iro_1=1)
    assert allocate(engine, asked(10)).choice.iro == "iro-1"


def test_a_proposal_holds_the_place_that_it_took(engine: Engine) -> None:
    iros(engine, iro_1=1, iro_2=1)
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro
    assert loads(engine)[made.choice.iro] == 1
    fact = IroProposed(id=made.fact_id, on=TODAY, by="system", iro=made.choice.iro)
    proposal = publication(
        agenda(iro=None, proposed=made.choice.iro),
        episode="episode-10",
        revision=2,
        opened_by=opening(child="child-10"),
        entries=(Entry(fact=fact, at=MORNING),),
    )
    publish(engine, proposal)
    assert loads(engine)[made.choice.iro] == 1
    assert [each.recorded for each in allocations(engine, "episode-10")] == [True]
    take_in(engine, 20)
    assert allocate(engine, asked(20)).choice.iro not in (None, made.choice.iro)


def test_an_appointment_by_hand_leaves_allocations_as_they_are(engine: Engine) -> None:
    iros(engine, iro_1=30)
    take_in(engine, 10)
    allocate(engine, asked(10))
    opened = opening(child="child-10")
    said = publication(agenda(), episode="episode-10", revision=2, opened_by=opened, entries=(appointed("by-hand"),))
    publish(engine, said)
    assert [each.recorded for each in allocations(engine, "episode-10")] == [False]
    assert loads(engine) == {"iro-1": 1}  # not twice


# --- Loads -------------------------------------------------------------------------------------------------------


def test_a_load_is_the_children_in_care_whose_iro_one_is_or_is_to_be(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-1")
    has(engine, 2, None, proposed="iro-1")
    has(engine, 3, "iro-2", proposed="iro-1")
    has(engine, 4, "iro-2", cover="iro-1")
    has(engine, 5, "iro-1", ended_on=TODAY)
    has(engine, 6, "iro-1", stage=Phase.VOID)
    opened = opening(child="child-7", authority="823")
    publish(engine, publication(agenda(), episode="episode-7", opened_by=opened))
    assert loads(engine) == {"iro-1": 2, "iro-2": 2}
    assert children_of(engine, "iro-1") == ChildrenOf(
        named=(ChildOf(episode="episode-1", child="child-1"), ChildOf(episode="episode-7", child="child-7")),
        proposed=(ChildOf(episode="episode-2", child="child-2"),),
        covered=(ChildOf(episode="episode-4", child="child-4"),),
    )
    assert children_of(engine, "nobody") == ChildrenOf()


def test_the_child_does_not_count_in_the_load_that_is_looked_at(engine: Engine) -> None:
    iros(engine, iro_1=1)
    has(engine, 10, None, proposed="iro-1")
    made = allocate(engine, asked(10))
    assert made.choice.iro == "iro-1" and not made.choice.over_capacity


def test_a_choice_that_came_to_nothing_holds_no_place_once_another_is_made(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    lost = allocate(engine, asked(10))
    later = again(asked(10), step="fill_vacancy.gone", not_again=(lost.choice.iro,), at=MORNING + timedelta(days=9))
    made = allocate(engine, later)
    assert lost.choice.iro and made.choice.iro
    assert loads(engine) == {lost.choice.iro: 0, made.choice.iro: 1}


def test_whoever_left_is_told_of_while_they_have_children(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30, iro_3=30)
    has(engine, 1, "iro-1")
    for each in ("iro-1", "iro-2"):
        set_last_day(engine, each, TODAY, **NOTED)
    assert loads(engine) == {"iro-1": 1, "iro-2": 0, "iro-3": 0}
    assert loads(engine, TODAY + timedelta(1)) == {"iro-1": 1, "iro-3": 0}


def test_caseloads_come_with_absences_and_bars(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    past = Absence(person="iro-1", since=TODAY - timedelta(9), until=TODAY - timedelta(1))
    away = Absence(person="iro-1", since=TODAY, cover="iro-2")
    bar = Bar(iro="iro-2", against="team-a", kind=BarKind.PAST_CASEWORK)
    for each in (past, away):
        record_absence(engine, each, **NOTED)
    add_bar(engine, bar, **NOTED)
    one, two = caseloads(engine, "822", TODAY)
    assert (one.absences, one.bars, two.absences, two.bars) == ((away,), (), (), (bar,))
    assert caseloads(engine, "823", TODAY) == []


def _counted(engine: Engine) -> dict[tuple[str, str], int]:
    """The children of each IRO, counted one by one."""
    has_them = func.coalesce(EpisodeRow.iro, EpisodeRow.proposed_iro)
    counting = select(EpisodeRow.authority, has_them, func.count()).where(LOOKED_AFTER, has_them.is_not(None))
    with reading(engine) as connection:
        rows = connection.execute(counting.group_by(EpisodeRow.authority, has_them))
        return {(authority, iro): number for authority, iro, number in rows}


def _kept(engine: Engine) -> dict[tuple[str, str], int]:
    """The same, as it is kept."""
    with reading(engine) as connection:
        rows = connection.execute(select(CaseloadRow.authority, CaseloadRow.iro, CaseloadRow.children))
        return {(authority, iro): number for authority, iro, number in rows if number}


def test_what_is_kept_of_caseloads_is_what_would_be_counted(engine: Engine) -> None:
    chance, revisions = random.Random(7), Counter[str]()
    for _ in range(120):
        episode = f"episode-{chance.randrange(12)}"
        revisions[episode] += 1
        derived = agenda(
            iro=chance.choice((None, "iro-1", "iro-2", "iro-3")),
            proposed=chance.choice((None, "iro-1", "iro-4")),
            ended_on=chance.choice((None, None, None, TODAY)),
            stage=chance.choice((Phase.REVIEW, Phase.REVIEW, Phase.VOID)),
        )
        publish(engine, publication(derived, episode=episode, revision=revisions[episode]))
        assert _kept(engine) == _counted(engine)


def test_caseloads_are_kept_through_publications_at_once(engine: Engine) -> None:
    def change(number: int) -> None:
        for revision, whose in enumerate(("iro-1", "iro-2", None, "iro-2", "iro-1"), 1):
            publish(engine, publication(agenda(iro=whose), episode=f"episode-{number}", revision=revision))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(change, range(16)))
    assert _kept(engine) == _counted(engine) == {("822", "iro-1"): 16}


# --- The child's family and workers ------------------------------------------------------------------------------


@pytest.mark.parametrize("against", ["sw-7", "tm-2", "sm-1", "ad-1", "team-a", "service-b", "child-10"])
def test_an_iro_barred_from_a_worker_a_manager_above_or_a_team_is_not_chosen(engine: Engine, against: str) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    add_bar(engine, Bar(iro="iro-1", against=against, kind=BarKind.RESOURCES), **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.iro == "iro-2"


def test_a_bar_from_another_team_is_none(engine: Engine) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    add_bar(engine, Bar(iro="iro-1", against="team-z", kind=BarKind.RESOURCES), **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.iro == "iro-1"


def test_siblings_get_the_iro_of_whoever_came_first_even_before_it_is_published(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30, iro_3=30)
    for number in (10, 11, 12):
        take_in(engine, number)
    first = allocate(engine, asked(10))
    second = allocate(engine, asked(11))
    record(engine, 10, first)
    third = allocate(engine, asked(12))
    assert first.choice.iro == second.choice.iro == third.choice.iro
    assert first.choice.shares_with == ()
    assert second.choice.shares_with == ("child-10",)
    assert third.choice.shares_with == ("child-10", "child-11")


def test_siblings_kept_apart_do_not(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in (10, 11):
        take_in(engine, number)
    first = allocate(engine, asked(10))
    apart = allocate(engine, again(asked(11), apart=ApartGround.CONFLICT))
    assert {first.choice.iro, apart.choice.iro} == {"iro-1", "iro-2"}
    assert apart.choice.parted_from == ("child-10",)


@pytest.mark.parametrize("relation", [KinRelation.PARENT, KinRelation.CHILD])
def test_a_parent_and_a_child_get_different_iros(engine: Engine, relation: KinRelation) -> None:
    iros(engine, iro_1=30, iro_2=2)
    has(engine, 1, "iro-2")
    has(engine, 2, "iro-2")
    opened = opening(child="child-10")
    said = (kin("child-20", relation),)
    publish(engine, publication(agenda(iro=None), episode="episode-10", opened_by=opened, kin=said))
    take_in(engine, 20)
    assert allocate(engine, asked(10)).choice.iro == "iro-1"
    made = allocate(engine, asked(20)).choice
    assert made.iro == "iro-2" and made.over_capacity


def test_the_iro_of_an_earlier_period_of_care_is_found_again_and_told_of_when_gone(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    take_in(engine, 10)
    take_in(engine, 20)
    assert allocate(engine, again(asked(10), former_iro="iro-2")).choice.iro == "iro-2"
    set_last_day(engine, "iro-1", TODAY - timedelta(1), **NOTED)
    made = allocate(engine, again(asked(20), former_iro="iro-1")).choice
    assert made.iro == "iro-2"
    assert [each.barred for each in made.considered if each.iro == "iro-1"] == ["left on 2 June 2026"]


def test_only_iros_of_the_authority_are_candidates(engine: Engine) -> None:
    add_people(engine, [(iro("iro-9", authority="823"), IroTerms(iro="iro-9"))], **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.considered == ()


# --- By hand -----------------------------------------------------------------------------------------------------


def test_an_iro_chosen_by_hand_is_told_to_fit_or_why_not(engine: Engine) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30, iro_3=30, iro_4=1)
    add_people(engine, [(iro("iro-9", authority="823"), IroTerms(iro="iro-9"))], **NOTED)
    set_last_day(engine, "iro-2", TODAY - timedelta(1), **NOTED)
    add_bar(engine, Bar(iro="iro-3", against="team-a", kind=BarKind.PAST_CASEWORK), **NOTED)
    take_in(engine, 10)
    has(engine, 1, "iro-4")
    assert bar_to_choice(engine, asked(10), "iro-1") is None
    assert bar_to_choice(engine, asked(10), "nobody") == (
        "nobody is not in the directory: add them first, or choose another IRO."
    )
    assert bar_to_choice(engine, asked(10), "tm-2") == "tm-2 is team manager, not an IRO: choose an IRO."
    barred = {
        "iro-2": "left on 2 June 2026",
        "iro-3": "has worked on the case",
        "iro-9": "is an IRO of another authority",
    }
    for who, words in barred.items():
        assert bar_to_choice(engine, asked(10), who) == (
            f"{who} may not review for this child ({words}): choose another IRO."
        )
    conflict = again(asked(10), conflicts=(Conflict(iro="iro-1", reason="neighbours"),))
    assert "has declared a conflict of interest" in str(bar_to_choice(engine, conflict, "iro-1"))
    assert by_hand(engine, asked(10), "iro-4") == ByHand(iro="iro-4", bar=None, over_capacity=True)
    assert allocations(engine, "episode-10") == []


def test_an_iro_chosen_by_hand_is_told_with_the_siblings_who_share_them(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in (10, 11, 12):
        take_in(engine, number)
    has(engine, 10, "iro-1", revision=2)
    has(engine, 12, "iro-2", revision=2)
    assert by_hand(engine, asked(11), "iro-1").shares_with == ("child-10",)
    assert by_hand(engine, asked(11), "iro-2").shares_with == ("child-12",)


# --- Many at once ------------------------------------------------------------------------------------------------


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


def test_nothing_of_a_child_that_a_rule_would_want_is_left_out() -> None:
    """What is asked, and what the register finds, is all that is looked at."""
    found = {"workers", "teams", "siblings", "kin_iros"}
    assert set(ChildToAllocate.model_fields) - found <= set(AllocationAsked.model_fields)
    assert AllocationAsked.model_fields["nation"].annotation is Nation
