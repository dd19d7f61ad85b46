"""`starter.py agenda`, `explain` and `list`, beside a real server."""

from pathlib import Path

import pytest

from rules.calendar import WorkingCalendar
from rules.vocabulary import Nation
from tests.commands.conftest import Typed, days_ago, notification, open_case, program, today
from tests.commands.stack import Stack


@pytest.fixture
def late(typed: Typed, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A child looked after for 60 days, of whom nobody told the IRO service until today."""
    child = f"late-{abs(hash(request.node.nodeid)) % 10**9}"
    return open_case(typed, tmp_path, **notification(child, became_looked_after=str(days_ago(60))))


def test_the_agenda_names_what_is_owed_by_whom_and_by_when_overdue_first(late: str, shell: Typed) -> None:
    answer = shell("agenda", late, "--json").json
    dues = [step["due"] for step in answer["steps"]]
    assert dues == sorted(dues)
    assert answer["steps"][0]["overdue"]
    assert answer["overdue"] == sum(due < str(today()) for due in dues)
    [review] = [step for step in answer["steps"] if step["key"] == "first_review"]
    assert review["owner"] == "iro"
    assert review["when"].startswith("overdue by ")
    assert review["when"].endswith(" working days")


def test_a_person_reads_the_agenda_at_80_columns(late: str, typed: Typed) -> None:
    said = typed("agenda", late).out
    assert max(len(line) for line in said.splitlines()) <= 80
    assert "overdue by" in said
    assert "IRO manager" in said
    assert "none appointed" in said
    assert "CPPCR 2010 reg 33(1)" in said


def test_what_is_to_come_is_said_in_working_days(opened: str, typed: Typed) -> None:
    answer = typed("agenda", opened, "--json").json
    [review] = [step for step in answer["steps"] if step["key"] == "first_review"]
    assert review["when"].startswith("due in ")
    assert not review["overdue"]


def test_a_date_explains_itself(opened: str, typed: Typed) -> None:
    said = " ".join(typed("explain", opened, "first_review").out.split())
    assert "First review: due by" in said
    assert "Regulation: CPPCR 2010 reg 33(1)" in said
    assert "(the child became looked after); the day after is day 1." in said
    assert "Not counted: 4 Saturdays" in said or "Not counted: 3 Saturdays" in said
    assert "2 working days before" in said
    assert "IRO, team manager and IRO manager" in said


def test_other_limits_and_what_was_told_are_explained_too(late: str, typed: Typed) -> None:
    answer = typed("explain", late, "appoint-iro", "--json").json
    says = " ".join(answer["says"])
    assert "Also limited to" in says
    assert "Children Act 1989 s.25A(2)" in says
    assert "Local policy. 3 working days after" in says
    assert [rung["rung"] for rung in answer["ladder"]] == [
        "reminder",
        "breach",
        "service_manager",
        "assistant_director",
    ]
    assert all(rung["raised"] for rung in answer["ladder"])
    assert answer["basis"]["skipped"]


def test_a_limit_counted_back_and_a_closed_step_explain_themselves(late: str, typed: Typed) -> None:
    review = ("participation=PN1", "late_reason=late_notification")
    typed("record", late, "review_held", f"on={days_ago(1)}", *review, "--id", "review-1")
    report = " ".join(typed("explain", late, "report").out.split())
    assert "3 working days before" in report and "the day before is day 1" in report
    held = " ".join(typed("explain", late, "first_review").out.split())
    assert "done late on" in held
    second = " ".join(typed("explain", late, "second_review.review-1").out.split())
    assert "3 months after" in second


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "{}", "first_reviw"), "did you mean first_review?"),
        (("explain", "{}", "zzz"), "starter.py agenda {}"),
        (("explain", "episode-x", "first_review"), "There is no episode episode-x"),
        (("agenda", "episode-x"), "There is no episode episode-x"),
        (("agenda",), "EPISODE"),
        (("list", "--stage", "reviw"), "did you mean review?"),
        (("list", "--stge", "review"), "--stage"),
    ],
)
def test_what_cannot_be_looked_at_is_told_in_one_sentence(
    opened: str, typed: Typed, words: tuple[str, ...], said: str
) -> None:
    assert said.format(opened) in typed(*(word.format(opened) for word in words)).sentence


def test_the_list_is_read_from_the_register_alone(late: str, opened: str, typed: Typed, stack: Stack) -> None:
    typed("record", late, "iro_appointed", "on=today", "iro=iro-of-late")
    nowhere = stack.environment | {"TEMPORAL_ADDRESS": "127.0.0.1:1", "KEYS_FILE": "/nowhere/keys.json"}
    lines = program(("list", "--json"), nowhere).json
    assert {late, opened} <= {line["id"] for line in lines}
    dues = [line["next_due"] for line in lines if line["next_due"]]
    assert dues == sorted(dues)


def test_the_list_may_be_narrowed(late: str, opened: str, typed: Typed) -> None:
    typed("record", late, "iro_appointed", "on=today", "iro=iro-narrow")
    assert [line["id"] for line in typed("list", "--iro", "iro-narrow", "--json").json] == [late]
    assert late in [line["id"] for line in typed("list", "--overdue", "--json").json]
    staged = typed("list", "--stage", "allocation", "--json").json
    assert opened in [line["id"] for line in staged]
    assert {line["stage"] for line in staged} == {"allocation"}
    said = typed("list", "--iro", "iro-narrow").out
    assert max(len(line) for line in said.splitlines()) <= 80
    assert late in said
    assert "No episode" in typed("list", "--iro", "nobody").out


def test_a_proclaimed_bank_holiday_moves_dates_and_is_undone(opened: str, typed: Typed) -> None:
    def due() -> str:
        steps = typed("agenda", opened, "--json").json["steps"]
        day: str = next(step["due"] for step in steps if step["key"] == "first_review")
        return day

    before = due()
    day = WorkingCalendar(Nation.ENGLAND).working_days_after(today(), 1)
    done = typed("calendar", "add", str(day), "--nation", "england", "--json").json
    assert done["new"] and done["episodes"] >= 1
    moved = due()
    assert moved > before
    told = typed("timeline", opened, "--json").json["happenings"]
    assert (str(before), moved) in [(each["was_due"], each["due"]) for each in told if each["kind"] == "moved"]
    assert "no working day already" in typed("calendar", "add", str(day), "--nation", "england").sentence
    assert "told to reckon anew" in typed("calendar", "withdraw", str(day), "--nation", "england").out
    assert due() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "2026-12-25", "--nation", "england"), "Christmas Day"),
        (("add", "2026-12-26", "--nation", "wales"), "a weekend"),
        (("withdraw", "2026-12-26", "--nation", "wales"), "in a weekend"),
        (("withdraw", "2026-12-24", "--nation", "wales"), "is a working day in Wales"),
        (("ad", "2026-12-24", "--nation", "wales"), "did you mean add?"),
        (("add", "24/12/2026", "--nation", "wales"), "yyyy-mm-dd"),
        (("add", "2026-12-24", "--nation", "scotland"), "England and Wales only"),
        (("add", "2026-12-24"), "--nation"),
    ],
)
def test_a_change_of_the_calendar_that_says_nothing_is_refused(typed: Typed, words: tuple[str, ...], said: str) -> None:
    assert said in typed("calendar", *words).sentence
