"""`starter.py dates`: the vectors of practice notes 2.4, and what it leaves out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Typed, program

Row = dict[str, Any]


def dates(typed: Typed, *words: str, nation: str = "england") -> list[Row]:
    rows: list[Row] = typed("dates", "--nation", nation, *words, "--json").json
    return rows


def due(rows: list[Row], step: str) -> str:
    """The last day of the one open step of that name."""
    [row] = [row for row in rows if row["step"] == step and row["state"] == "open"]
    day: str = row["due"]
    return day


FROM_THE_FIRST_DAY = [
    ("2026-06-05", "2026-06-09", "2026-06-12", "2026-07-03"),
    ("2026-06-06", "2026-06-09", "2026-06-12", "2026-07-03"),
    ("2026-06-07", "2026-06-09", "2026-06-12", "2026-07-03"),
    ("2026-06-08", "2026-06-10", "2026-06-15", "2026-07-06"),
    ("2026-04-02", "2026-04-08", "2026-04-13", "2026-05-05"),
    ("2026-05-01", "2026-05-06", "2026-05-11", "2026-06-02"),
    ("2025-12-12", "2025-12-16", "2025-12-19", "2026-01-14"),
    ("2025-12-24", "2025-12-30", "2026-01-05", "2026-01-26"),
    ("2026-12-11", "2026-12-15", "2026-12-18", "2027-01-13"),
    ("2022-08-26", "2022-08-31", "2022-09-05", "2022-09-27"),
    ("2022-09-16", "2022-09-21", "2022-09-26", "2022-10-17"),
    ("2023-04-14", "2023-04-18", "2023-04-21", "2023-05-16"),
    ("2023-04-06", "2023-04-12", "2023-04-17", "2023-05-10"),
]


@pytest.mark.parametrize("nation", ["england", "wales"])
@pytest.mark.parametrize(("first_day", "notified", "appointed", "reviewed"), FROM_THE_FIRST_DAY)
def test_limits_from_becoming_looked_after(
    alone: Typed, nation: str, first_day: str, notified: str, appointed: str, reviewed: str
) -> None:
    rows = dates(alone, "--became-looked-after", first_day, nation=nation)
    assert due(rows, "notify_iro_service") == notified
    assert due(rows, "appoint_iro") == appointed
    assert due(rows, "first_review") == reviewed


FROM_A_REVIEW = [
    ("2025-12-19", "2025-12-30", "2026-01-07", "2026-01-14", "2026-01-21"),
    ("2026-03-27", "2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28"),
    ("2026-12-18", "2026-12-29", "2027-01-06", "2027-01-13", "2027-01-20"),
]


@pytest.mark.parametrize(("review", "decisions", "circulated", "record", "distribution"), FROM_A_REVIEW)
def test_limits_from_the_completion_of_a_review(
    alone: Typed, review: str, decisions: str, circulated: str, record: str, distribution: str
) -> None:
    rows = dates(alone, "--became-looked-after", "2025-11-24", "--review", review)
    found = [due(rows, step) for step in ("decisions", "circulate_decisions", "record", "distribution")]
    assert found == [decisions, circulated, record, distribution]


SECOND = [
    ("2025-11-30", "2026-02-28", "2026-02-27", "2026-03-01"),
    ("2023-11-30", "2024-02-29", "2024-02-29", "2024-02-29"),
    ("2026-01-31", "2026-04-30", "2026-04-30", "2026-05-02"),
    ("2026-07-01", "2026-10-01", "2026-10-01", "2026-09-30"),
]
LATER = [
    ("2025-08-31", "2026-02-28", "2026-02-27", "2026-03-02"),
    ("2026-02-28", "2026-08-28", "2026-08-28", "2026-08-30"),
    ("2026-03-31", "2026-09-30", "2026-09-30", "2026-09-30"),
]


@pytest.mark.parametrize(("review", "legal", "practical", "indicator"), SECOND)
def test_the_second_review_is_due_three_months_after_the_first(
    alone: Typed, review: str, legal: str, practical: str, indicator: str
) -> None:
    rows = dates(alone, "--became-looked-after", "2023-11-01", "--review", review)
    [second] = [row for row in rows if row["step"] == "second_review"]
    assert (second["due"], second["practical_due"], second["indicator_due"]) == (legal, practical, indicator)
    assert not second["projected"]


@pytest.mark.parametrize(("review", "legal", "practical", "indicator"), LATER)
def test_a_later_review_is_due_six_months_after_the_last(
    alone: Typed, review: str, legal: str, practical: str, indicator: str
) -> None:
    days = ("--became-looked-after", "2025-06-01", "--review", review, "--review", "2025-06-27")
    rows = dates(alone, *days)
    [later] = [row for row in rows if row["step"] == "subsequent_review"]
    assert (later["due"], later["practical_due"], later["indicator_due"]) == (legal, practical, indicator)


def test_preparation_counts_back_from_the_review(alone: Typed) -> None:
    rows = dates(alone, "--became-looked-after", "2025-12-03", "--as-of", "2025-12-03")
    assert [due(rows, step) for step in ("first_review", "report", "invitations", "discussion")] == [
        "2026-01-05",
        "2025-12-30",
        "2025-12-17",
        "2025-12-10",
    ]


def test_each_date_says_on_what_authority_it_stands_and_which_days_did_not_count(alone: Typed) -> None:
    rows = dates(alone, "--became-looked-after", "2026-05-01")
    [first] = [row for row in rows if row["step"] == "first_review"]
    assert first["rule"] == "first_review"
    assert first["source"].startswith("CPPCR 2010 reg 33(1)")
    assert first["force"] == "regulation"
    holidays = {skipped["day"]: skipped["why"] for skipped in first["skipped"]}
    assert {"2026-05-02", "2026-05-03", "2026-05-04", "2026-05-25"} <= set(holidays)
    assert holidays["2026-05-02"] == "Saturday"
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)


def test_reviews_not_yet_owed_are_projected_from_the_last_day_of_the_one_before(alone: Typed) -> None:
    rows = dates(alone, "--became-looked-after", "2026-06-05")
    projected = {row["step"]: row["due"] for row in rows if row["projected"]}
    assert projected == {"second_review": "2026-10-03", "subsequent_review": "2027-04-03"}


def test_with_two_reviews_held_nothing_is_projected(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-01-05", "--review", "2026-02-02", "2026-04-30")
    rows = dates(alone, *days, "--as-of", "2026-05-01")
    assert not any(row["projected"] for row in rows)
    assert due(rows, "subsequent_review") == "2026-10-30"
    assert [row["step"] for row in rows if row["state"] == "done_in_time"] == ["first_review", "second_review"]


def test_a_review_held_late_is_shown_so_and_what_came_before_it_is_not_guessed_at(alone: Typed) -> None:
    rows = dates(alone, "--became-looked-after", "2026-06-05", "--review", "2026-07-06", "--as-of", "2026-07-07")
    [first] = [row for row in rows if row["step"] == "first_review"]
    assert (first["state"], first["done_on"]) == ("done_late", "2026-07-06")
    assert [row["due"] for row in rows if row["step"] == "report"] == ["2026-10-01"]


def test_nothing_is_owed_or_projected_from_the_eighteenth_birthday_on(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--birth", "2008-12-01", "--as-of", "2026-06-08")
    rows = dates(alone, *days)
    assert max(row["due"] for row in rows) < "2026-12-01"
    assert [row["step"] for row in rows if row["projected"]] == ["second_review"]


def test_the_record_of_a_review_is_finished_after_the_eighteenth_birthday(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--birth", "2008-07-06", "--review", "2026-07-01")
    rows = dates(alone, *days, "--as-of", "2026-07-02")
    assert due(rows, "record") == "2026-07-22"
    assert not any(row["step"] == "second_review" for row in rows)


def test_a_late_notification_moves_no_limit_of_the_law(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--notified", "2026-06-19", "--as-of", "2026-06-19")
    rows = dates(alone, *days)
    assert due(rows, "appoint_iro") == "2026-06-12"
    assert due(rows, "first_review") == "2026-07-03"
    [told] = [row for row in rows if row["step"] == "notify_iro_service"]
    assert told["state"] == "done_late"


def test_an_early_notification_brings_the_local_limit_forward(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--notified", "2026-06-05", "--as-of", "2026-06-05")
    rows = dates(alone, *days)
    assert due(rows, "appoint_iro") == "2026-06-10"


def test_a_closed_day_moves_the_days_counted_over_it(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--closed-day", "2026-06-22", "2026-06-23")
    rows = dates(alone, *days)
    assert due(rows, "first_review") == "2026-07-07"
    # A Saturday is closed already, so that adding it changes nothing.
    assert due(dates(alone, *days[:2], "--closed-day", "2026-06-20"), "first_review") == "2026-07-03"


def test_the_day_asked_about_decides_what_is_overdue(alone: Typed) -> None:
    days = ("--became-looked-after", "2026-06-05", "--as-of")
    on_the_day, day_after = dates(alone, *days, "2026-07-03"), dates(alone, *days, "2026-07-04")
    assert [row["overdue"] for row in on_the_day if row["step"] == "first_review"] == [False]
    assert [row["overdue"] for row in day_after if row["step"] == "first_review"] == [True]


def test_local_policy_tightens_the_dates(alone: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\nrecord = 10\n")
    monkeypatch.setenv("POLICY_FILE", str(policy))
    rows = dates(alone, "--became-looked-after", "2026-06-05", "--review", "2026-07-01")
    [record] = [row for row in rows if row["step"] == "record"]
    assert (record["due"], record["force"]) == ("2026-07-15", "local")


def test_a_policy_that_loosens_the_law_is_refused(
    alone: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\nfirst_review = 25\n")
    monkeypatch.setenv("POLICY_FILE", str(policy))
    done = alone("dates", "--nation", "england", "--became-looked-after", "2026-06-05")
    assert "may not be 25 working days" in done.sentence


def test_a_person_reads_the_same_at_80_columns(alone: Typed) -> None:
    done = alone("dates", "--nation", "england", "--became-looked-after", "2026-05-01", "--as-of", "2026-05-05")
    assert done.code == 0
    assert max(len(line) for line in done.out.splitlines()) <= 80
    assert "Tue 2 Jun 2026" in done.out
    assert "Spring Bank Holiday" in done.out
    assert "CPPCR 2010 reg 33(1)" in done.out
    assert "projected" in done.out


def test_it_needs_neither_server_nor_register_nor_keys(tmp_path: Path) -> None:
    words = ("dates", "--nation", "wales", "--became-looked-after", "2026-06-05", "--json")
    done = program(words, {"TEMPORAL_ADDRESS": "127.0.0.1:1", "DATA_DIR": str(tmp_path / "none")})
    assert due(done.json, "first_review") == "2026-07-03"
    assert not (tmp_path / "none").exists()


FIRST = ("--became-looked-after", "2026-06-05")

IMPOSSIBLE = [
    (("--became-looked-after", "05/06/2026"), "yyyy-mm-dd"),
    (("--became-looked-after", "2026-02-30"), "does not exist"),
    (("--became-looked-after", "2026-6-5"), "yyyy-mm-dd"),
    (("--became-looked-after", ""), "yyyy-mm-dd"),
    (("--became-looked-after", "0026-06-05"), "1970 to 2090"),
    (("--became-looked-after", "9999-06-05"), "1970 to 2090"),
    ((*FIRST, "--birth", "2026-06-06"), "birth date is after"),
    ((*FIRST, "--birth", "2008-06-05"), "18 or over"),
    ((*FIRST, "--birth", "01/02/2010"), "yyyy-mm-dd"),
    ((*FIRST, "--review", "2026-06-04"), "before the child became looked after"),
    ((*FIRST, "--review", "2026-07-01", "--review", "2026-07-01"), "given twice"),
    ((*FIRST, "--review", "soon"), "--review"),
    ((*FIRST, "--birth", "2010-07-06", "--review", "2028-07-06"), "18th birthday"),
    ((*FIRST, "--closed-day", "25/12/2026"), "--closed-day"),
    ((*FIRST, "--notified", "yesterday"), "--notified"),
    ((*FIRST, "--as-of", "2026-13-01"), "--as-of"),
    ((), "--became-looked-after"),
    ((*FIRST, "extra"), "extra"),
]


@pytest.mark.parametrize(("words", "said"), IMPOSSIBLE)
def test_days_that_cannot_be_are_refused_in_one_sentence(alone: Typed, words: tuple[str, ...], said: str) -> None:
    done = alone("dates", "--nation", "england", *words)
    assert said in done.sentence
    assert "2008" not in done.err and "2010" not in done.err


@pytest.mark.parametrize("nation", ["scotland", "Northern Ireland", "uk", ""])
def test_other_nations_are_refused(alone: Typed, nation: str) -> None:
    assert "England and Wales only" in alone("dates", "--nation", nation, *FIRST).sentence


def test_the_nation_may_be_written_with_a_capital(alone: Typed) -> None:
    assert due(dates(alone, *FIRST, nation="England"), "first_review") == str(date(2026, 7, 3))
