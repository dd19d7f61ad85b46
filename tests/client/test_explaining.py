"""One date explained, from a register that the rules have written to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from client.explaining import Explained, explained
from register import migrate, open_register, queries
from register.publish import publish
from rules.agenda import derive
from rules.case import Case
from rules.policy import Policy
from tests.register.samples import publication
from tests.rules.build import Story, day, moment
from tests.rules.test_dispute import ANSWER, RAISED, RESOLVE, STAGES

TODAY = "2026-07-14"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    opened = open_register(url)
    yield opened
    opened.dispose()


def told(register: Engine, story: Story, key: str, on: str = TODAY) -> Explained:
    """What is said of the date of a step, as seen on a day."""
    now, opening = moment(on), Case(story.entries).opening.fact
    agenda = derive(story.entries, story.book, now)
    publish(register, publication(agenda, entries=story.entries, opened_by=opening, at=now, today=day(on)))
    line, step = queries.episode(register, "episode-1", today=day(on)), queries.find_step(register, "episode-1", key)
    assert line and step
    return explained(register, line, step, Policy(), day(on))


@pytest.mark.parametrize("stage", STAGES[:-1])
def test_a_stage_that_does_not_answer_is_said_to_be_answered_by_the_move(register: Engine, stage: str) -> None:
    said = told(register, RAISED.corrected("d-1", "2026-07-13", stage=stage, by="iro-1"), ANSWER)
    assert not said.ladder
    due = said.step.due
    assert said.nobody_told == (
        "If nobody has answered, the dispute goes up to the next stage by itself at the end of that day,"
        f" {due:%A} {due.day} July 2026."
    )


def test_the_last_stage_and_the_whole_dispute_climb_a_ladder(register: Engine) -> None:
    story = RAISED.corrected("d-1", "2026-07-13", stage=STAGES[-1], by="iro-1")
    for key in (ANSWER, RESOLVE):
        said = told(register, story, key)
        assert said.ladder and not said.nobody_told


def test_where_nobody_is_told_that_is_said(register: Engine) -> None:
    taken_up = RAISED.dispute_taken_up("2026-07-14", dispute="d-1", to="director", reason="No plan.")
    assert told(register, taken_up, ANSWER).nobody_told == "Nobody had to be told."


def test_a_pause_is_told_in_place_of_the_days_of_the_stage(register: Engine) -> None:
    within = told(register, RAISED.dispute_paused(TODAY, dispute="d-1", until="2026-07-31"), ANSWER)
    assert within.says[0].endswith("due by Friday 31 July 2026.")
    (beside,) = (said for said in within.says if said.startswith("Also limited"))
    assert beside == (
        "Also limited to Monday 10 August 2026. Guidance: IRO Handbook ch 6 (in all, whatever the stages); unverified."
        " 20 working days after Monday 13 July 2026 (the IRO raised it); the day after is day 1."
    )


def test_a_pause_beyond_the_20_working_days_is_said_to_stop_none_of_them(register: Engine) -> None:
    beyond = told(register, RAISED.dispute_paused(TODAY, dispute="d-1", until="2026-12-31"), ANSWER)
    assert beyond.says[0].endswith("due by Monday 10 August 2026.")
    assert beyond.says[-1] == (
        "The IRO paused it until Thursday 31 December 2026, but a pause does not stop the 20 working days of the whole"
        " dispute: Monday 10 August 2026 stands."
    )
    assert not [said for said in beyond.says if "Also limited" in said or "20 July" in said]
