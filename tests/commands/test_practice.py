"""`starter.py practice`: each scenario runs on the real server as its story says, on whatever day it is begun."""

import asyncio
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from practice.happenings import Happening, Standing, What
from practice.journey import practise
from practice.scenarios import SCENARIOS, Name
from practice.script import NATION, Script, write_script
from practice.words import STEPS
from rules.acceptance import Refused, check
from rules.agenda import derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar
from rules.clock import LONDON, london_date
from rules.facts import Entry
from rules.limits import LIMITS
from rules.policy import Policy
from rules.steps import Agenda
from rules.vocabulary import Phase, Role, StepState
from tests.commands.conftest import ROOT, Typed

SUNDAY = date(2035, 6, 3)
"""In a year to come, so that every case begins on the same Monday whenever the tests are run."""
BOOK = RuleBook(WorkingCalendar(NATION), Policy())


def follow(name: Name, days: int | None = None) -> tuple[list[Happening], Standing]:
    """Follow a scenario for a year, or for so many days."""
    script = write_script(SCENARIOS[name], SUNDAY)
    if days:
        until = script.opening.on + timedelta(days)
        script = replace(script, acts=tuple(act for act in script.acts if act.fact.on <= until), until=until)
    happened: list[Happening] = []
    return happened, asyncio.run(practise(script, happened.extend))


def those(happened: Sequence[Happening], *kinds: What) -> list[Happening]:
    return [each for each in happened if each.what in kinds]


# --- On the real server -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_on_time_nothing_slips_and_every_review_is_in_time_by_both_measures() -> None:
    happened, standing = follow(Name.ON_TIME)
    assert {each.what for each in happened} == {What.FACT, What.REVIEW, What.REMINDER, What.DONE}
    assert [line.statutory_in_time and line.indicator_in_time for line in standing.reviews] == [True] * 3
    assert (standing.late, standing.missed, standing.overdue, standing.closed) == (0, 0, 0, False)
    assert standing.next_due and standing.next_due > standing.on == date(2036, 6, 4)
    days = [london_date(each.at) for each in happened]
    assert days == sorted(days)


@pytest.mark.slow
def test_a_late_notification_tells_what_had_slipped_at_once_and_once() -> None:
    happened, standing = follow(Name.LATE_NOTIFICATION, days=60)
    notified = [each for each in happened if each.step == "notify_iro_service"]
    assert [each.what for each in notified] == [What.SLIPPED, What.DONE_LATE]
    assert notified[0].covers == ("reminder", "breach", "service_manager")
    assert Role.ASSISTANT_DIRECTOR in notified[0].told
    assert standing.reviews[0].statutory_in_time
    assert standing.overdue == 0


@pytest.mark.slow
def test_a_second_adjournment_is_refused_and_the_review_is_in_time_all_the_same() -> None:
    happened, standing = follow(Name.ADJOURNED, days=75)
    (refused,) = those(happened, What.REFUSED)
    assert "adjourned once" in refused.title
    first = standing.reviews[0]
    assert first.opened_on < first.completed_on
    assert (first.statutory_in_time, first.indicator_in_time) == (True, False)
    assert not those(happened, What.SLIPPED, What.RAISED, What.MISSED)


@pytest.mark.slow
def test_a_remand_is_reviewed_before_it_ends_and_what_follows_is_finished(tmp_path: Path) -> None:
    done = typed_alone("practice", "--scenario", "remand", "--json")
    happened = [Happening.model_validate(each) for each in json.loads(done.stdout)]
    (review,), (ended,), (closed,) = (those(happened, kind) for kind in (What.REVIEW, What.ENDED, What.CLOSED))
    assert review.days_late is None
    assert review.at < ended.at < closed.at
    finished = {each.step for each in those(happened, What.DONE) if each.at > ended.at}
    assert {"record.review-1", "distribution.review-1"} <= finished
    assert happened[-1] == closed


@pytest.mark.slow
def test_slipping_climbs_the_ladder_is_shown_at_80_columns_and_can_be_kept_as_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "practice.svg"
    done = typed_alone("practice", "--scenario", "slipping", "--svg", str(picture))
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(line.endswith(" ") for line in lines)
    slips = [line for line in lines if "First review" in line and ("slipped" in line or "raised" in line)]
    assert ["slipped" in line for line in slips] == [True, False, False]
    assert "service manager" in slips[1]
    assert "assistant director" in slips[2]
    assert any("First review held" in line and "working days late" in line for line in lines)
    assert any("none in time, taken as agreed" in line for line in lines)
    assert any("4 done late; none overdue" in line for line in lines)
    drawn = picture.read_text()
    ElementTree.fromstring(drawn)
    assert "assistant" in drawn
    assert "url(http" not in drawn
    assert "@import" not in drawn


def typed_alone(*words: str) -> "subprocess.CompletedProcess[str]":
    """A command as a program of its own, with nothing running beside it."""
    done = subprocess.run([sys.executable, "starter.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert (done.returncode, done.stderr) == (0, "")
    return done


# --- The scripts alone, against the rules ---------------------------------------------------------------------------


def played(script: Script) -> Agenda:
    """The agenda at the end of a script whose acts the rules take, or refuse, as it says."""
    opened = _morning(script.notified.on)
    entries = [Entry(fact=script.opening, at=opened), Entry(fact=script.notified, at=opened)]
    for number, act in enumerate(script.acts):
        now = _morning(act.fact.on) + timedelta(seconds=number)
        due = _review_due(entries, now) if act.fact.kind == "review_held" else None
        if act.refused:
            with pytest.raises(Refused):
                check(entries, act.fact, act.fact.on, due)
        else:
            check(entries, act.fact, act.fact.on, due)
            entries.append(Entry(fact=act.fact, at=now))
    return derive(entries, BOOK, _morning(script.until))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), LONDON).astimezone(UTC)


def _review_due(entries: list[Entry], now: datetime) -> date | None:
    owed = derive(entries, BOOK, now).open_steps
    return next((step.due for step in owed if step.phase is Phase.REVIEW and step.name != "complete_review"), None)


@pytest.mark.parametrize("name", Name)
def test_a_scenario_keeps_its_story_on_whatever_day_of_the_year_it_begins(name: Name) -> None:
    for days in range(0, 366, 11):
        script = write_script(SCENARIOS[name], date(2026, 11, 22) + timedelta(days))
        agenda = played(script)
        states = Counter(step.state for step in agenda.steps)
        in_time = [line.statutory_in_time for line in agenda.reviews]
        assert not any(step.is_overdue(script.until) for step in agenda.steps), script.opening.on
        assert not states[StepState.MISSED], script.opening.on
        assert in_time == [name is not Name.SLIPPING, *([True] * (len(in_time) - 1))], script.opening.on
        late = name in (Name.SLIPPING, Name.LATE_NOTIFICATION)
        assert bool(states[StepState.DONE_LATE]) == late, script.opening.on


def test_a_case_that_is_followed_beyond_the_18th_birthday_ends_with_it() -> None:
    script = write_script(SCENARIOS[Name.ON_TIME], date(2026, 11, 22), years=10)
    agenda = played(script)
    assert agenda.end_reason == "turned_18"
    assert not agenda.open_steps


def test_every_step_has_a_short_name() -> None:
    names = {rule for table in LIMITS.values() for rule in table}
    stand_ins = {
        "appoint_iro_by_first_review",
        "early_review",
        "review_before_plan_change",
        "review_before_placing_with_parent",
        "informal_resolution",
        "problem_resolution",
        "management_alert",
        "paused_stage",
        "before_hearing",
        "wish_before_review",
    }
    short_breaks = {name for name in names if name.startswith("short_break")}
    assert names - stand_ins - short_breaks <= set(STEPS)


def test_an_unknown_scenario_and_a_file_that_cannot_be_written_are_told_in_one_sentence(alone: Typed) -> None:
    assert "slipping" in alone("practice", "--scenario", "slippery").sentence
    assert "--years" in alone("practice", "--years", "0").sentence
    assert "another file" in alone("practice", "--svg", "/no/such/folder/picture.svg").sentence
