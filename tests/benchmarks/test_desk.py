"""The register that the desk is measured with is as the rules make it, and no list reads the whole of it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event, text

from benchmarks.caseload import CASES, CHILDREN_OF_AN_IRO, LARGE, SMALL, Filled, case, fill
from benchmarks.desk import BOARD, PAGES, ask, served
from register import migrate, open_register
from register.work import (
    EpisodeFilters,
    TaskOwner,
    caseloads_page,
    child_of_episode,
    count_tasks,
    episodes_page,
    overdue,
    overdue_counts,
    tasks,
)
from register.work_challenges import challenge_counts, open_challenges, what_lies_behind
from rules.clock import london_date
from rules.vocabulary import Phase, Role
from tests.postgres import PostgresServer, postgres

__all__ = ["postgres"]

CHILDREN = 2_000
NOW = datetime.now(UTC)
TODAY = london_date(NOW)


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> str:
    """The address of a register with 2,000 children."""
    return postgres.new_database()


@pytest.fixture(scope="module")
def filled(url: str) -> Iterator[tuple[Engine, Filled]]:
    """That register, open, and what was filled in."""
    migrate(url)
    register = open_register(url)
    yield register, fill(register, CHILDREN, NOW)
    register.dispose()


def test_a_made_up_child_has_what_the_rules_make_of_its_case(filled: tuple[Engine, Filled]) -> None:
    register, _ = filled
    with register.connect() as connection:
        ids: dict[str, str] = {row.child: row.id for row in connection.execute(text("SELECT child, id FROM episode"))}
    for number in (0, 7, 59, 157, 232, CASES - 1):
        derived = case(number, NOW).agenda
        copies = [ids[f"child-{n}"] for n in range(number, CHILDREN, CASES)]
        assert len(copies) == CHILDREN // CASES + (number < CHILDREN % CASES)
        for copy in copies:
            found = child_of_episode(register, copy, today=TODAY)
            assert found is not None
            assert found.open_steps == tuple(sorted(derived.open_steps, key=lambda step: (step.due, step.key)))
            assert found.reviews == derived.reviews
            assert found.line.overdue == sum(step.is_overdue(TODAY) for step in derived.steps)
            assert found.child_name == f"Test Child {found.line.child.removeprefix('child-')}"


def test_the_lists_of_everybody_together_hold_every_open_step(filled: tuple[Engine, Filled]) -> None:
    register, told = filled
    assert (told.episodes, told.iros) == (CHILDREN, CHILDREN // CHILDREN_OF_AN_IRO)
    assert overdue_counts(register, None, today=TODAY).total == told.overdue_steps > 0
    of_iros = "SELECT count(*) FROM step JOIN episode ON id = episode_id WHERE state = 'open' AND owner = 'iro'"
    with register.connect() as connection:
        people = connection.execute(text("SELECT reference, authority, role FROM person")).all()
        in_two_lists = connection.scalar(text(f"{of_iros} AND cover IS NOT NULL")) or 0
        in_none = connection.scalar(text(f"{of_iros} AND iro IS NULL")) or 0
    owed = 0
    for person, authority, role in people:
        roles = {Role(role), Role.IRO_ADMINISTRATOR} if role == Role.IRO_MANAGER else {Role(role)}
        owner = TaskOwner(person=person, authority=authority, roles=frozenset(roles))
        owed += count_tasks(register, owner, today=TODAY).total
    assert in_two_lists > 0
    assert owed == told.open_steps + in_two_lists - in_none


def test_some_children_have_an_open_challenge_or_formal_dispute_in_whichever_authority(
    filled: tuple[Engine, Filled],
) -> None:
    register, told = filled
    assert (told.challenges, told.disputes) == (CHILDREN // 40, CHILDREN // 80)
    counts = [challenge_counts(register, authority, today=TODAY) for authority in (LARGE, *SMALL)]
    assert sum(each.challenges for each in counts) == told.challenges
    assert sum(each.disputes for each in counts) == told.disputes
    assert all(each.challenges > each.overdue > 0 for each in counts)
    assert counts[0].total > 25


@contextmanager
def plans_of(register: Engine, *settings: str) -> Iterator[list[str]]:
    """The plans of all that is asked within the block, under some settings of the planner."""
    plans = list[str]()

    @event.listens_for(register, "before_cursor_execute")
    def explain(connection: object, cursor: object, statement: str, given: Any, *_: object) -> None:
        with closing(register.raw_connection()) as another, closing(another.cursor()) as ours:
            for setting in settings:
                ours.execute(f"SET LOCAL {setting}")
            ours.execute(f"EXPLAIN {statement}", given)
            plans.append("\n".join(line for (line,) in ours.fetchall()))

    try:
        yield plans
    finally:
        event.remove(register, "before_cursor_execute", explain)


def test_no_list_reads_a_whole_table_of_cases(filled: tuple[Engine, Filled]) -> None:
    register, _ = filled
    iro = TaskOwner(person="iro-1", authority=LARGE, roles=frozenset({Role.IRO}))
    manager = TaskOwner(person="im-1", authority=LARGE, roles=frozenset({Role.IRO_MANAGER, Role.IRO_ADMINISTRATOR}))
    with plans_of(register) as plans:
        for owner in (iro, manager):
            first = tasks(register, owner, today=TODAY)
            tasks(register, owner, today=TODAY, after=first.next)
        count_tasks(register, iro, today=TODAY)
        overdue(register, LARGE, today=TODAY, stage=Phase.FOLLOW_UP)
        overdue(register, None, today=TODAY)
        board = open_challenges(register, LARGE, today=TODAY)
        open_challenges(register, LARGE, today=TODAY, after=board.next)
        what_lies_behind(register, {line.episode for line in board.items})
        challenge_counts(register, LARGE, today=TODAY)
        for filters in (EpisodeFilters(), EpisodeFilters(authority=LARGE), EpisodeFilters(iro="iro-1")):
            page = episodes_page(register, filters, today=TODAY, with_names=True)
            episodes_page(register, filters, today=TODAY, after=page.next)
        child_of_episode(register, page.items[0].line.id, today=TODAY)
        caseloads_page(register, LARGE, today=TODAY, limit=2)
    assert len(plans) > 25
    whole = [plan for plan in plans if any(f"Seq Scan on {table}" in plan for table in ("step", "fact", "dispatch "))]
    assert whole == []


def test_what_is_counted_of_a_whole_service_is_counted_in_an_index(filled: tuple[Engine, Filled]) -> None:
    # So few children, many of them late, are counted as quickly in the table: which it is to be is left to chance.
    register, _ = filled
    manager = TaskOwner(person="im-1", authority=LARGE, roles=frozenset({Role.IRO_MANAGER}))
    with plans_of(register, "enable_seqscan = off", "enable_bitmapscan = off") as plans:
        overdue_counts(register, LARGE, today=TODAY)
        count_tasks(register, manager, today=TODAY)
        challenge_counts(register, LARGE, today=TODAY)
    counting = [plan for plan in plans if "on step" in plan]
    assert len(counting) >= 3
    assert all("Index Only Scan using ix_step" in plan for plan in counting), counting
    assert not any("Index Scan using" in plan for plan in counting), counting


def test_every_page_that_is_measured_answers(filled: tuple[Engine, Filled], url: str) -> None:
    register, _ = filled
    with served(url, register, CHILDREN) as desk:
        assert desk.process != os.getpid()
        ask([desk], 1)
        where, signed_in = desk.asking.request(BOARD)
        board = httpx.get(f"{desk.address}{where}", headers=signed_in).text
    counts = challenge_counts(register, LARGE, today=TODAY)
    assert f"{counts.disputes} formal disputes and {counts.challenges} other challenges open" in board
    assert "Formal dispute: decision not carried out" in board and board.count("Of 20 working days</span>") == 25
    assert list(desk.answers) == list(PAGES)
    assert all(len(answers.milliseconds) == 1 for answers in desk.answers.values())
