"""An IRO's load is the children in care whose IRO one is or is to be; what is kept of it is what would be counted."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, func, select

from register import reading
from register.allocations import ChildOf, ChildrenOf, allocate, caseloads, children_of
from register.directory import add_bar, record_absence, set_last_day
from register.episode_tables import LOOKED_AFTER, EpisodeRow
from register.publish import publish
from register.service_tables import CaseloadRow
from rules.directory import Absence, Bar, BarKind
from rules.vocabulary import Phase, StepState
from tests.register.allocate_children import again, asked, take_in
from tests.register.samples import MORNING, TODAY, agenda, opening, publication, step
from tests.register.services import NOTED, has, iros, loads


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


def test_a_child_who_has_left_care_is_still_the_iros_while_a_dispute_is_open(engine: Engine) -> None:
    left = agenda(step("resolve_dispute.d-1", phase=Phase.DISPUTE), ended_on=TODAY)
    publish(engine, publication(left, episode="episode-1", opened_by=opening(child="child-1")))
    closed = agenda(step("resolve_dispute.d-2", phase=Phase.DISPUTE, state=StepState.DONE_IN_TIME), ended_on=TODAY)
    publish(engine, publication(closed, episode="episode-2", opened_by=opening(child="child-2")))
    assert children_of(engine, "iro-1").named == (ChildOf(episode="episode-1", child="child-1"),)


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
