"""A whole made-up return, 20,000 rows of random dirt, counted here a second time by plain means."""

import csv
import time
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import pytest

from intake.opening import opening_facts
from intake.report import report_lines, report_on
from intake.ssda903 import Return, read_return
from rules.vocabulary import Nation

SHARED = Path(__file__).resolve().parents[3] / "shared" / "ssda903"
FILES = (SHARED / "header.csv", SHARED / "episodes.csv", SHARED / "reviews.csv")
AS_OF = date(2018, 3, 31)

pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in FILES), reason=f"the shared return is not at {SHARED}"
)

Row = dict[str, str]


@pytest.fixture(scope="module")
def read() -> Return:
    return read_return(*FILES, AS_OF)


class Plain:
    """The return as the csv module gives it, children by reference."""

    def __init__(self) -> None:
        self.header, self.episodes, self.reviews = (list(csv.DictReader(path.open(encoding="utf-8"))) for path in FILES)
        self.born = {row["CHILD"]: day(row["DOB"]) for row in self.header}
        self.of: dict[str, list[Row]] = defaultdict(list)
        for row in self.episodes:
            self.of[row["CHILD"]].append(row)
        self.died = {name for name, rows in self.of.items() if any(ended(row) and row["REC"] == "E2" for row in rows)}

    def stays(self, child: str) -> list[Row]:
        return sorted(self.of[child], key=lambda row: (day(row["DECOM"]), ended(row) or date.max))


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain()


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def ended(row: Row) -> date | None:
    """The last day of a row as it stood on the as-of day."""
    last = day(row["DEC"]) if row["DEC"] else None
    return None if last and last > AS_OF else last


def lines_of(read: Return, file: str, rule: str | None, outcome: str | None = None) -> list[int]:
    return [
        each.line
        for each in read.problems
        if (each.file, each.rule) == (file, rule) and outcome in (None, each.outcome.value)
    ]


def numbered(rows: list[Row]) -> list[tuple[int, Row]]:
    return list(enumerate(rows, start=2))


def test_every_row_is_read_and_counted_once(read: Return, plain: Plain) -> None:
    assert (read.header.read, read.episodes.read, read.reviews.read) == (
        len(plain.header),
        len(plain.episodes),
        len(plain.reviews),
    )
    for tally in (read.header, read.episodes, read.reviews):
        assert tally.read == tally.kept + tally.past + tally.left_out
        assert min(tally.kept, tally.past, tally.left_out) >= 0
    assert read.header.kept == len(read.children)
    assert read.reviews.kept == sum(len(child.reviews) for child in read.children)
    assert read.episodes.kept == sum(len(child.period.lines) for child in read.children)


def test_the_children_looked_after_on_the_day(read: Return, plain: Plain) -> None:
    """Still in care are those whose last stay is open, or closed with X1; an open one ends where another begins."""
    looked_after = set()
    for child in plain.of:
        last: date | None = None
        going_on = False
        for row in plain.stays(child):
            end = ended(row)
            if last is None or end is None or end >= last:
                last, going_on = end, end is None or row["REC"] == "X1"
            if child in plain.died and end and row["REC"] == "E2":
                going_on = False
                break
        if going_on:
            looked_after.add(child)

    assert {child.child for child in read.children} == looked_after
    assert len(read.children) == 1412


def test_first_days_are_known_only_from_s_rows(read: Return, plain: Plain) -> None:
    s_days = {(row["CHILD"], day(row["DECOM"])) for row in plain.episodes if row["RNE"] == "S"}

    for child in read.children:
        if child.period.first_day_known:
            assert (child.child, child.period.first_day) in s_days
    assert sum(child.period.first_day_known for child in read.children) == 256


def test_rows_with_one_of_dec_and_rec(read: Return, plain: Plain) -> None:
    half = [line for line, row in numbered(plain.episodes) if bool(row["DEC"]) != bool(row["REC"])]

    assert lines_of(read, "episodes.csv", "148") == half
    assert len(half) == 1413


def test_ends_after_the_day(read: Return, plain: Plain) -> None:
    late = [line for line, row in numbered(plain.episodes) if row["DEC"] and day(row["DEC"]) > AS_OF]

    assert lines_of(read, "episodes.csv", None, "kept without the field")
    told = [
        each.line for each in read.problems if each.file == "episodes.csv" and each.field == "DEC" and each.rule is None
    ]
    assert told == late


def test_rows_that_overlap_an_earlier_one(read: Return, plain: Plain) -> None:
    """Told once: an S row within a stay that ended care cuts that stay short, so the rows after it are clear of it."""
    count = 0
    for child in plain.of:
        furthest, reason = date.min, ""
        for row in plain.stays(child):
            began, end = day(row["DECOM"]), ended(row)
            count += furthest > began
            if end is None or end >= furthest or (row["RNE"] == "S" and reason != "X1" and furthest > began):
                furthest, reason = end or date.min, row["REC"]

    assert len(lines_of(read, "episodes.csv", "501")) == count == 63


def test_codes_that_do_not_fit_the_age(read: Return, plain: Plain) -> None:
    too_old, too_young = [], []
    for line, row in numbered(plain.reviews):
        born = plain.born[row["CHILD"]]
        fourth = (born.year + 4, born.month, born.day)
        on = day(row["REVIEW"])
        held = (on.year, on.month, on.day)
        if row["REVIEW_CODE"] == "PN0" and held > fourth:
            too_old.append(line)
        if row["REVIEW_CODE"] != "PN0" and held < fourth:
            too_young.append(line)

    assert lines_of(read, "reviews.csv", "440") == too_old
    assert lines_of(read, "reviews.csv", "441") == too_young
    assert (len(too_old), len(too_young)) == (1435, 663)


def test_reviews_of_children_without_episodes(read: Return, plain: Plain) -> None:
    none = [line for line, row in numbered(plain.reviews) if row["CHILD"] not in plain.of]

    assert lines_of(read, "reviews.csv", "1012", "left out") == none
    assert len(none) == 3070


def test_reviews_of_children_with_short_breaks_alone(read: Return, plain: Plain) -> None:
    only = {name for name, rows in plain.of.items() if {row["LS"] for row in rows} <= {"V3", "V4"}}
    told = [line for line, row in numbered(plain.reviews) if row["CHILD"] in only]

    assert lines_of(read, "reviews.csv", "399") == told
    assert len(told) == 967


def test_reviews_after_the_day(read: Return, plain: Plain) -> None:
    later = {line for line, row in numbered(plain.reviews) if row["CHILD"] in plain.of and day(row["REVIEW"]) > AS_OF}
    told = {each.line for each in read.problems if each.reason == "after the as-of day"}

    assert told == later
    assert len(told) == 3607


def test_reviews_before_anything_the_return_shows(read: Return, plain: Plain) -> None:
    before = {
        line
        for line, row in numbered(plain.reviews)
        if row["CHILD"] in plain.of and day(row["REVIEW"]) < day(plain.stays(row["CHILD"])[0]["DECOM"])
    }
    left_out = {each.line for each in read.problems if each.file == "reviews.csv" and each.outcome == "left out"}

    assert before <= left_out


def test_the_reviews_taken_in_are_those_of_the_period(read: Return, plain: Plain) -> None:
    held = defaultdict(set)
    for row in plain.reviews:
        held[row["CHILD"]].add(day(row["REVIEW"]))

    for child in read.children:
        period = child.period
        expected = sorted(on for on in held[child.child] if period.first_day <= on <= AS_OF)
        assert [each.on for each in child.reviews] == expected
    assert read.reviews.kept == 2301


def test_series_of_short_breaks(read: Return) -> None:
    assert sum(child.period.all_short_breaks for child in read.children) == 138


def test_problems_by_rule(read: Return) -> None:
    assert Counter(each.rule for each in read.problems) == {
        None: 6282,
        "1012": 3070,
        "440": 1435,
        "148": 1413,
        "399": 967,
        "441": 663,
        "501": 63,
        "142": 11,
        "437": 2,
        "431": 1,
    }


def test_every_child_can_be_opened(read: Return) -> None:
    for child in read.children:
        opening, followed = opening_facts(child, "383", Nation.ENGLAND, AS_OF)

        assert opening.on >= opening.birth_date
        assert all(opening.on <= fact.on <= AS_OF for fact in followed)
        assert len({fact.id for fact in followed}) == len(followed)


def test_the_report_keeps_to_80_columns(read: Return) -> None:
    assert max(map(len, report_lines(report_on(read)))) <= 80


def test_the_whole_return_is_read_in_seconds() -> None:
    """About one second on one core; three leaves room for a busy machine."""
    start = time.process_time()

    read_return(*FILES, AS_OF)

    assert time.process_time() - start < 3
