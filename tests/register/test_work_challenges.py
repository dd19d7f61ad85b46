"""The challenge board: what is open of an authority's challenges and disputes, in order, and what lies behind it."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from register.episode_tables import NEXT_OF_A_CHALLENGE
from register.paging import BadCursor
from register.publish import publish
from register.work import overdue
from register.work_challenges import (
    Behind,
    ChallengeCounts,
    challenge_counts,
    open_challenges,
    steps_by_key,
    what_lies_behind,
)
from rules import challenges, dispute
from rules.agenda import derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar
from rules.facts import Entry, parse_fact
from rules.policy import Policy
from rules.steps import Step
from rules.vocabulary import Nation, Phase, Role, StepState
from tests.register.lists import DAY, case, keys, owed, whole
from tests.register.samples import MORNING, TODAY, agenda, entry, opening, publication, step


def of_daily_use(name: str, due: date, *, answered: bool = False) -> Step:
    """What comes next of a challenge."""
    what = challenges.SETTLE if answered else challenges.ANSWER
    return owed(f"{what}.{name}", due, Role.IRO if answered else Role.TEAM_MANAGER, Phase.CHALLENGE)


def formal(name: str, due: date, last: date) -> tuple[Step, Step]:
    """What comes next of a formal dispute, and that it is resolved in all."""
    return (
        owed(f"{dispute.ANSWER}.{name}", due, Role.SERVICE_MANAGER, Phase.DISPUTE),
        owed(f"{dispute.RESOLVE}.{name}", last, Role.IRO, Phase.DISPUTE),
    )


def test_the_steps_of_the_board_are_those_that_the_rules_owe() -> None:
    assert set(NEXT_OF_A_CHALLENGE) == {challenges.ANSWER, challenges.SETTLE, dispute.ANSWER, dispute.WEIGH}


def test_each_open_challenge_and_dispute_is_there_once_the_longest_overdue_first(engine: Engine) -> None:
    case(engine, "1", of_daily_use("c1", TODAY + DAY), *formal("d1", TODAY - DAY, TODAY + 9 * DAY))
    case(engine, "2", of_daily_use("c2", TODAY - 5 * DAY, answered=True), owed("first_review.o", TODAY - 9 * DAY))
    page = open_challenges(engine, "822", today=TODAY)
    assert keys(page) == ["settle_challenge.c2", "answer_dispute.d1", "answer_challenge.c1"]
    assert [line.overdue for line in page.items] == [True, True, False]
    assert challenge_counts(engine, "822", today=TODAY) == ChallengeCounts(challenges=2, disputes=1, overdue=2)


def test_a_dispute_of_which_two_stages_owe_something_is_counted_once(engine: Engine) -> None:
    """A stage answered in time, and that was recorded when the dispute had gone up."""
    weighing = owed(f"{dispute.WEIGH}.d1", TODAY - 2 * DAY, Role.IRO, Phase.DISPUTE)
    above, in_all = formal("up1", TODAY - DAY, TODAY + 9 * DAY)
    in_all = in_all.model_copy(update={"key": f"{dispute.RESOLVE}.d1"})
    case(engine, "1", weighing, above, in_all)
    case(engine, "2", of_daily_use("c1", TODAY - DAY), *formal("d2", TODAY + DAY, TODAY + 9 * DAY))
    assert challenge_counts(engine, "822", today=TODAY) == ChallengeCounts(challenges=1, disputes=2, overdue=1 + 1)


def test_what_is_closed_or_another_authoritys_is_not_there(engine: Engine) -> None:
    closed = of_daily_use("c1", TODAY).model_copy(update={"state": StepState.DONE_LATE})
    case(engine, "1", closed)
    case(engine, "2", of_daily_use("c2", TODAY), authority="823")
    assert open_challenges(engine, "822", today=TODAY).items == ()
    assert challenge_counts(engine, "822", today=TODAY) == ChallengeCounts()
    assert challenge_counts(engine, "822", today=TODAY).total == 0


def test_one_that_is_answered_moves_to_where_the_answer_is_weighed(engine: Engine) -> None:
    first = of_daily_use("c1", TODAY - DAY)
    case(engine, "1", first)
    done = first.model_copy(update={"state": StepState.DONE_LATE})
    case(engine, "1", done, of_daily_use("c1", TODAY + 3 * DAY, answered=True), revision=2)
    assert keys(open_challenges(engine, "822", today=TODAY)) == ["settle_challenge.c1"]


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (25, 1), (26, 2), (500, 20)])
def test_a_board_of_any_length_has_the_pages_it_needs(engine: Engine, number: int, pages: int) -> None:
    case(engine, "1", *(of_daily_use(f"c{n}", TODAY - (n % 7) * DAY) for n in range(number)))
    read = list[int]()

    def one(after: str | None) -> Any:
        page = open_challenges(engine, "822", today=TODAY, after=after)
        read.append(len(page.items))
        return page

    found = [line.step.key for line in whole(one)]
    assert len(set(found)) == len(found) == number
    assert len(read) == pages and all(each == 25 for each in read[:-1])
    assert challenge_counts(engine, "822", today=TODAY).total == number


def test_one_raised_between_two_pages_neither_repeats_nor_hides_another(engine: Engine) -> None:
    for n in range(9):
        case(engine, f"before-{n}", of_daily_use(f"c{n}", TODAY - (n % 3) * DAY))
    written = iter(range(20))

    def raise_more() -> None:
        n = next(written)
        case(engine, f"early-{n}", of_daily_use(f"early-{n}", TODAY - 99 * DAY))
        case(engine, f"late-{n}", of_daily_use(f"late-{n}", TODAY + 99 * DAY))

    read = whole(lambda after: open_challenges(engine, "822", today=TODAY, after=after, limit=4), raise_more)
    found = [line.step.key.partition(".")[2] for line in read]
    assert sorted(each for each in found if each.startswith("c")) == [f"c{n}" for n in range(9)]
    assert len(set(found)) == len(found)
    assert any(each.startswith("late") for each in found) and not any(each.startswith("early") for each in found)


def test_no_cursor_says_which_child_it_stands_at_and_none_of_another_list_is_taken(engine: Engine) -> None:
    case(engine, "1", of_daily_use("c1", TODAY - DAY), of_daily_use("c2", TODAY - DAY))
    page = open_challenges(engine, "822", today=TODAY, limit=1)
    assert page.next is not None
    said = urlsafe_b64decode(page.next + "=" * (-len(page.next) % 4))
    assert b"episode-1" in said and b"child" not in said
    for made_up in ("made-up", overdue(engine, "822", today=TODAY, limit=1).next):
        with pytest.raises(BadCursor):
            open_challenges(engine, "822", today=TODAY, after=made_up)
    with pytest.raises(ValueError, match="A page holds 1 to 500 rows"):
        open_challenges(engine, "822", today=TODAY, limit=501)


# --- What lies behind ---------------------------------------------------------------------------------------------


def test_what_lies_behind_is_the_facts_and_the_open_steps_of_challenge_alone(engine: Engine) -> None:
    raised = parse_fact(
        {
            "kind": "challenge_raised",
            "id": "c1",
            "on": TODAY,
            "by": "iro-1",
            "rung": "management_alert",
            "addressee": "team_manager",
            "about": "Made up.",
        }
    )
    said = (Entry(fact=opening(), at=MORNING), entry("notified"), Entry(fact=raised, at=MORNING))
    steps = (of_daily_use("c1", TODAY), owed("first_review.o", TODAY))
    publish(engine, publication(agenda(*steps), entries=said))
    case(engine, "other", of_daily_use("c9", TODAY))
    found = what_lies_behind(engine, ["episode-1", "no-such"])
    assert set(found) == {"episode-1", "no-such"}
    assert [each.fact.id for each in found["episode-1"].entries] == ["opening", "c1"]
    assert [each.key for each in found["episode-1"].steps] == ["answer_challenge.c1"]
    assert found["no-such"] == Behind()
    assert what_lies_behind(engine, []) == {}


def test_steps_are_found_by_their_keys_open_or_closed(engine: Engine) -> None:
    closed = step("answer_dispute.d1").model_copy(update={"state": StepState.MISSED, "reason": "unanswered"})
    case(engine, "1", closed, step("resolve_dispute.d1"), step("record.r1"))
    case(engine, "2", step("answer_dispute.d1"))
    found = steps_by_key(engine, "episode-1", ["answer_dispute.d1", "resolve_dispute.d1", "no_such.x"])
    assert {key: each.state for key, each in found.items()} == {
        "answer_dispute.d1": StepState.MISSED,
        "resolve_dispute.d1": StepState.OPEN,
    }
    assert steps_by_key(engine, "episode-1", []) == {}


# --- Whatever happens, each that is open is there once ------------------------------------------------------------

FACTS: tuple[dict[str, Any], ...] = (
    {"kind": "challenge_raised", "id": "c1", "rung": "informal_resolution", "addressee": "team_manager", "about": "x"},
    {"kind": "challenge_answered", "id": "c1a", "challenge": "c1", "answer": "x"},
    {"kind": "dispute_raised", "id": "d1", "matter": "drift", "about": "x", "stage": "team_manager", "follows": "c1"},
    {"kind": "dispute_paused", "id": "d1p", "dispute": "d1", "until": date(2026, 7, 20), "reason": "x"},
    {"kind": "dispute_answered", "id": "d1a", "dispute": "d1", "answer": "x"},
    {"kind": "dispute_taken_up", "id": "d1u", "dispute": "d1", "to": "head_of_service", "reason": "x"},
    {"kind": "dispute_answered", "id": "d1l", "dispute": "d1", "answer": "x", "stage": "head_of_service"},
    {"kind": "dispute_raised", "id": "d2", "matter": "health", "about": "x", "stage": "chief_executive"},
    {"kind": "care_ended", "id": "e1", "reason": "E4A"},
    {"kind": "dispute_resolved", "id": "d1r", "dispute": "d1", "outcome": "agreed"},
    {"kind": "dispute_withdrawn", "id": "d2w", "dispute": "d2", "reason": "x"},
)
OPEN_AFTER = [{"c1"}, {"c1"}, {"d1"}, {"d1"}, {"d1"}, {"d1"}, {"d1"}, {"d1", "d2"}, {"d1", "d2"}, {"d2"}, set[str]()]


def test_from_being_raised_to_being_closed_each_is_on_the_board_once() -> None:
    book = RuleBook(WorkingCalendar(Nation.ENGLAND), Policy())
    began = datetime(2026, 6, 8, 9, tzinfo=UTC)
    entries = [Entry(fact=opening(), at=MORNING)]
    for number, (said, still_open) in enumerate(zip(FACTS, OPEN_AFTER, strict=True)):
        at = began + timedelta(days=number)
        entries.append(Entry(fact=parse_fact({**said, "on": at.date(), "by": "iro-1"}), at=at))
        for later in (0, 90):
            owed_then = derive(entries, book, at + timedelta(days=later, hours=1)).open_steps
            there = [each for each in owed_then if each.name in NEXT_OF_A_CHALLENGE]
            assert len(there) == len(still_open), (said["kind"], [each.key for each in there])
            assert {each.key.partition(".")[2] for each in owed_then if each.name == dispute.RESOLVE} == {
                each for each in still_open if each.startswith("d")
            }


# --- How it is found ----------------------------------------------------------------------------------------------


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[str]]:
    """The plans of all that is asked within the block."""
    plans = list[str]()
    how = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"

    @event.listens_for(engine, "before_cursor_execute")
    def explain(connection: object, cursor: object, statement: str, given: Any, *_: object) -> None:
        with closing(engine.raw_connection()) as another, closing(another.cursor()) as ours:
            ours.execute(f"{how} {statement}", given)
            plans.append("\n".join(str(row[-1]) for row in ours.fetchall()))

    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def test_the_board_is_found_in_its_index_and_no_table_is_read_whole(engine: Engine) -> None:
    for n in range(60):
        ordinary = (owed(f"step_{chr(97 + m)}.o", TODAY + m * DAY) for m in range(25))
        of_it = (of_daily_use(f"c{n}", TODAY), *formal(f"d{n}", TODAY, TODAY)) if n % 10 == 0 else ()
        case(engine, str(n), *ordinary, *of_it)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with plans_of(engine) as plans:
        first = open_challenges(engine, "822", today=TODAY, limit=5, with_names=True)
        open_challenges(engine, "822", today=TODAY, after=first.next, limit=5, with_names=True)
        challenge_counts(engine, "822", today=TODAY)
    assert len(first.items) == 5 and first.next
    found = [plan for plan in plans if "step" in plan]
    assert len(found) == 3
    for plan in found:
        assert "ix_step_challenge" in plan, plan
        assert "Seq Scan on step" not in plan and "SCAN step" not in plan, plan
