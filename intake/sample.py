"""A small made-up return with dates near today, so that a new stack has something to show.

Nobody in it is real: references only, no postcodes, no numbers of homes. The same day gives the same return. Two
of its rows are wrong on purpose, so that the report of the import has something to say.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from rules.calendar import WorkingCalendar, months_after
from rules.vocabulary import Nation, age_on

_HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
_EPISODES = (
    *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER"),
    *("DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
)
_REVIEWS = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE")
_WAYS_TO_TAKE_PART = ("PN1", "PN6", "PN1", "PN5", "PN3")


class SamplePaths(NamedTuple):
    """Where the three tables were written, in the order `read_return` takes them."""

    header: Path
    episodes: Path
    reviews: Path


@dataclass(frozen=True)
class Stretch:
    """One 903 episode: from a day, under a legal status, in a kind of placement; its end, where it has one."""

    began: date
    rne: str
    ls: str = "C2"
    place: str = "U6"
    ended: date | None = None
    rec: str = ""


@dataclass(frozen=True)
class SampleChild:
    """A made-up child; `baby` is the day her own child was born."""

    reference: str
    birth: date
    stretches: Sequence[Stretch]
    reviews: Sequence[date] = ()
    sex: str = "1"
    baby: date | None = None


def write_sample(directory: Path, today: date) -> SamplePaths:
    """Write the sample return.

    Args:
        directory: where to; made if it is not there.
        today: the day the return is as of; every date is reckoned from it.

    Returns:
        The three files: header.csv, episodes.csv and reviews.csv.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = SamplePaths(*(directory / f"{name}.csv" for name in SamplePaths._fields))
    children = sample_children(today)
    _write(paths.header, _HEADER, (_header_row(child) for child in children))
    _write(paths.episodes, _EPISODES, (row for child in children for row in _episode_rows(child)))
    reviews = [row for child in children for row in _review_rows(child)]
    _write(paths.reviews, _REVIEWS, _with_mistakes(reviews, today))
    return paths


def sample_children(today: date) -> tuple[SampleChild, ...]:
    """The children of the sample return, in order of their references SAMPLE-001 to SAMPLE-014."""
    return (
        *_families(today),
        *_short_timetables(today),
        *_about_now(today),
        *_longer_stories(today),
    )


def _families(today: date) -> Iterator[SampleChild]:
    """Siblings who came in on the same day, one of them now under an order; a parent and her baby."""
    together = _ago(today, 70)
    order = _ago(today, 40)
    reviews = _on_time(together, today)
    changed = (Stretch(together, "S", "V2", ended=order, rec="X1"), Stretch(order, "L", "C1"))
    yield SampleChild("SAMPLE-001", months_after(today, -135), changed, reviews, sex="2")
    yield SampleChild("SAMPLE-002", months_after(today, -88), (Stretch(together, "S", "V2"),), reviews)
    born = _ago(today, 150)
    mother, baby = _ago(today, 400), _ago(today, 140)
    yield SampleChild(
        "SAMPLE-003", months_after(today, -197), (Stretch(mother, "S"),), _on_time(mother, today), "2", born
    )
    yield SampleChild("SAMPLE-004", born, (Stretch(baby, "S", "C1"),), _on_time(baby, today), "2")


def _short_timetables(today: date) -> Iterator[SampleChild]:
    """A remand that began last week, a series of short breaks, and a young person about to turn 18."""
    yield SampleChild("SAMPLE-005", months_after(today, -185), (Stretch(_ago(today, 8), "S", "J1", "K1"),))
    yield SampleChild("SAMPLE-006", months_after(today, -110), (Stretch(_ago(today, 50), "S", "V4"),))
    nearly = months_after(today + timedelta(days=21), -18 * 12)
    long_ago = _ago(today, 1000)
    yield SampleChild("SAMPLE-007", nearly, (Stretch(long_ago, "S"),), _on_time(long_ago, today), "2")


def _about_now(today: date) -> Iterator[SampleChild]:
    """A first review due in 3 working days, one overdue by 4, and a review held last week."""
    calendar = WorkingCalendar(Nation.ENGLAND)
    due_soon = calendar.working_days_before(calendar.working_days_after(today, 3), 20)
    yield SampleChild("SAMPLE-008", months_after(today, -100), (Stretch(due_soon, "S", "V2"),))
    was_due = calendar.working_days_before(today + timedelta(days=1), 5)
    overdue = calendar.working_days_before(was_due, 20)
    yield SampleChild("SAMPLE-009", months_after(today, -150), (Stretch(overdue, "S", "V2"),), (), "2")
    began = _ago(today, 105)
    held = (calendar.working_days_after(began, 18), calendar.last_working_day(_ago(today, 7)))
    yield SampleChild("SAMPLE-010", months_after(today, -160), (Stretch(began, "S", "C1"),), held)


def _longer_stories(today: date) -> Iterator[SampleChild]:
    """A child under 4, one who came back into care, one long in care, and one whose care has ended."""
    small = _ago(today, 200)
    yield SampleChild("SAMPLE-011", months_after(today, -30), (Stretch(small, "S"),), _on_time(small, today))
    before, home, again = _ago(today, 800), _ago(today, 430), _ago(today, 60)
    yield SampleChild(
        "SAMPLE-012",
        months_after(today, -125),
        (Stretch(before, "S", "V2", ended=home, rec="E4A"), Stretch(again, "S", "C1")),
        (*_on_time(before, home), *_on_time(again, today)),
    )
    first = months_after(today, -74)
    moved, order = first + timedelta(days=90), first + timedelta(days=240)
    stay = (
        Stretch(first, "S", "V2", "U4", moved, "X1"),
        Stretch(moved, "B", "C1", "U6", order, "X1"),
        Stretch(order, "L", "C2", "U6"),
    )
    yield SampleChild("SAMPLE-013", months_after(first, -40), stay, _on_time(first, today), "2")
    came, left = _ago(today, 300), _ago(today, 30)
    gone = (Stretch(came, "S", "V2", ended=left, rec="E4A"),)
    yield SampleChild("SAMPLE-014", months_after(today, -140), gone, _on_time(came, left))


def _ago(today: date, days: int) -> date:
    return today - timedelta(days=days)


def _on_time(first_day: date, until: date) -> tuple[date, ...]:
    """Reviews held in time: within 20 working days, 12 weeks after that, then every 25 weeks (CPPCR reg 33)."""
    calendar = WorkingCalendar(Nation.ENGLAND)
    reviews = [calendar.working_days_after(first_day, 18)]
    while reviews[-1] <= until:
        weeks = 12 if len(reviews) == 1 else 25
        reviews.append(calendar.last_working_day(reviews[-1] + timedelta(weeks=weeks)))
    return tuple(reviews[:-1])


def _header_row(child: SampleChild) -> list[str]:
    mother = ["1", _day(child.baby)] if child.baby else ["", ""]
    return [child.reference, child.sex, _day(child.birth), "NOBT", "UN1", *mother]


def _episode_rows(child: SampleChild) -> Iterator[list[str]]:
    for each in child.stretches:
        yield [
            *(child.reference, _day(each.began), each.rne, each.ls, "N1", each.place, "PR1"),
            *(_day(each.ended) if each.ended else "", each.rec, "", "", "", ""),
        ]


def _review_rows(child: SampleChild) -> Iterator[list[str]]:
    for number, on in enumerate(child.reviews):
        code = _WAYS_TO_TAKE_PART[number % len(_WAYS_TO_TAKE_PART)] if age_on(child.birth, on) >= 4 else "PN0"
        yield [child.reference, _day(child.birth), _day(on), code]


def _with_mistakes(reviews: list[list[str]], today: date) -> list[list[str]]:
    """The reviews with the two mistakes: an age that does not fit, and a day that is not in the calendar."""
    long_in_care = [row for row in reviews if row[0] == "SAMPLE-013"]
    long_in_care[-1][3] = "PN0"
    impossible = [*long_in_care[-1][:2], f"31/02/{today.year}", "PN1"]
    return [*reviews, impossible]


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
