"""The project's own sample return: clean on any day, but for the two mistakes planted in it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from intake.opening import opening_facts
from intake.sample import write_sample
from intake.ssda903 import Child903, Return, read_return
from rules.calendar import WorkingCalendar
from rules.codes import LegalStatus, ParticipationCode
from rules.vocabulary import Nation, birthday
from tests.intake.returns import told

DAYS = [
    date(2026, 11, 21),
    date(2026, 6, 8),
    date(2028, 2, 29),
    date(2028, 2, 8),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2026, 3, 1),
    date(2026, 4, 5),
    date(2025, 10, 26),
]
CALENDAR = WorkingCalendar(Nation.ENGLAND)

on_several_days = pytest.mark.parametrize("today", DAYS, ids=str)


def read_sample(folder: Path, today: date) -> dict[str, Child903]:
    return {each.child: each for each in whole_sample(folder, today).children}


def whole_sample(folder: Path, today: date) -> Return:
    return read_return(*write_sample(folder, today), today)


@on_several_days
def test_only_the_planted_mistakes_are_found(tmp_path: Path, today: date) -> None:
    read = whole_sample(tmp_path, today)

    last = read.reviews.read + 1
    assert [(file, field, rule, outcome) for file, _, field, rule, outcome in told(read.problems)] == [
        ("reviews.csv", "REVIEW_CODE", "440", "kept without the field"),
        ("reviews.csv", "REVIEW", "166", "left out"),
    ]
    assert read.problems[-1].line == last
    assert read.header.model_dump() == {"read": 14, "kept": 13, "past": 1, "left_out": 0}
    assert read.reviews.left_out == 1


@on_several_days
def test_everyone_can_be_opened_and_nothing_lies_ahead(tmp_path: Path, today: date) -> None:
    for child in read_sample(tmp_path, today).values():
        opening, followed = opening_facts(child, "383", Nation.ENGLAND, today)

        assert opening.on <= today
        assert all(opening.on <= fact.on <= today for fact in followed)


@on_several_days
def test_the_timetable_around_today(tmp_path: Path, today: date) -> None:
    sample = read_sample(tmp_path, today)

    due = {name: CALENDAR.working_days_after(child.period.first_day, 20) for name, child in sample.items()}
    assert CALENDAR.working_days_between(today, due["SAMPLE-008"]) == 3
    assert CALENDAR.working_days_between(due["SAMPLE-009"], today) == 4
    assert sample["SAMPLE-008"].reviews == sample["SAMPLE-009"].reviews == ()
    assert 7 <= (today - sample["SAMPLE-010"].reviews[-1].on).days <= 12
    assert 0 < (birthday(sample["SAMPLE-007"].birth_date, 18) - today).days <= 21


@on_several_days
def test_the_cast(tmp_path: Path, today: date) -> None:
    sample = read_sample(tmp_path, today)

    first, second = sample["SAMPLE-001"], sample["SAMPLE-002"]
    assert first.period.first_day == second.period.first_day
    assert [each.on for each in first.reviews] == [each.on for each in second.reviews] != []
    assert sample["SAMPLE-005"].period.legal_statuses[0].legal_status is LegalStatus.J1
    assert [name for name, child in sample.items() if child.period.all_short_breaks] == ["SAMPLE-006"]
    for name in ("SAMPLE-004", "SAMPLE-011"):
        assert {each.participation for each in sample[name].reviews} == {ParticipationCode.PN0}
    assert (sample["SAMPLE-013"].reviews[-1].on - sample["SAMPLE-013"].reviews[0].on).days > 5 * 365
    assert "SAMPLE-014" not in sample
    assert sample["SAMPLE-012"].period.first_day > date.fromordinal(today.toordinal() - 61)
    assert all(child.period.first_day_known for child in sample.values())


def test_the_parents_row_gives_her_babys_day_of_birth(tmp_path: Path) -> None:
    with write_sample(tmp_path, DAYS[0]).header.open(encoding="utf-8") as file:
        rows = {row["CHILD"]: row for row in csv.DictReader(file)}

    assert [name for name, row in rows.items() if row["MOTHER"]] == ["SAMPLE-003"]
    assert rows["SAMPLE-003"]["MC_DOB"] == rows["SAMPLE-004"]["DOB"]


def test_the_same_day_gives_the_same_return(tmp_path: Path) -> None:
    one, other = (write_sample(tmp_path / name, DAYS[0]) for name in ("one", "other"))

    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
