"""Reading an SSDA903 return: header, episodes and reviews in; the children looked after on a day out.

The tables are those that every English authority sends to the Department for Education each year (practice
notes 7.1). They are dirty: what is wrong is told row by row, by line and rule, and the rest is taken in.
"""

from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import date
from pathlib import Path
from typing import Any

from intake.children import Known, read_episodes, read_header
from intake.problems import IntakeRefused, RowProblem
from intake.reviews import read_reviews
from intake.rows import EpisodeLine, HeaderRow, Reading
from rules.codes import ParticipationCode
from rules.periods_of_care import PeriodOfCare
from rules.vocabulary import Frozen, Reference


class Review903(Frozen):
    """A review held: its day, and how the child took part where the return says so rightly."""

    on: date
    participation: ParticipationCode | None


class Child903(Frozen):
    """A child looked after on the as-of day.

    Attributes:
        child: the child's reference in the return.
        birth_date: from the header.
        period: the period of care under way.
        reviews: those held in the period up to the as-of day, in order of day, one a day.
    """

    child: Reference
    birth_date: date
    period: PeriodOfCare
    reviews: tuple[Review903, ...]


class Tally(Frozen):
    """The rows of one table: `read` is the sum of the others.

    Attributes:
        read: how many there are.
        kept: of children now taken in: the child, the rows of its current period, the reviews in it.
        past: in order, but of care that is over, or of children not in care.
        left_out: wrong, or of a child that had to be left out.
    """

    read: int
    kept: int
    past: int
    left_out: int


class Return(Frozen):
    """A return as read.

    Attributes:
        as_of: the day it was read for.
        children: those looked after on that day, in order of the header.
        header: the count of header rows; one for each child.
        episodes: the count of episode rows.
        reviews: the count of review rows.
        problems: what was wrong, by file (header, episodes, reviews) and line.
    """

    as_of: date
    children: tuple[Child903, ...]
    header: Tally
    episodes: Tally
    reviews: Tally
    problems: tuple[RowProblem, ...]


def read_return(header: Path, episodes: Path, reviews: Path, as_of: date) -> Return:
    """Read a return as it stood on a day.

    Args:
        header: the header table, a CSV file.
        episodes: the episodes table.
        reviews: the reviews table; it may hold no rows.
        as_of: whoever is looked after at the end of this day is taken in; what comes later is left out.

    Returns:
        The children, the counts, and every problem with a row.

    Raises:
        IntakeRefused: a file as a whole cannot be taken in; nothing is.
    """
    known, header_rows = read_header(header)
    _refuse_if_empty(header, header_rows, "child")
    episode_rows = read_episodes(episodes, known, as_of)
    _refuse_if_empty(episodes, episode_rows, "episode")
    review_tally, review_problems = _read_reviews(reviews, known, as_of)
    imported = {name: child for name, child in known.items() if child.is_imported}
    return Return(
        as_of=as_of,
        children=tuple(_child903(name, child) for name, child in imported.items()),
        header=_header_tally(header_rows, known),
        episodes=_episode_tally(episode_rows, known),
        reviews=review_tally,
        problems=(
            *_problems(header, header_rows),
            *_problems(episodes, episode_rows),
            *review_problems,
        ),
    )


def _refuse_if_empty(path: Path, rows: Sized, what: str) -> None:
    if not rows:
        raise IntakeRefused(f"{path.name} names its columns but holds no {what}; check that it is the right file.")


def _read_reviews(path: Path, known: dict[str, Known], as_of: date) -> tuple[Tally, list[RowProblem]]:
    """Read the reviews into the children, keeping of each row only what was wrong with it."""
    problems: list[RowProblem] = []
    read = left_out = 0
    for reading in read_reviews(path, known, as_of):
        read += 1
        left_out += reading.row is None
        problems += _problems(path, [reading])
    kept = sum(len(child.reviews) for child in known.values() if child.is_imported)
    return _tally(read, kept, left_out), problems


def _header_tally(rows: Sequence[Reading[HeaderRow]], known: Mapping[str, Known]) -> Tally:
    """Left out are rows that are wrong, and children whose episodes contradict them."""
    kept = sum(child.is_imported for child in known.values())
    contradicted = sum(child.left_out and child.header.row is not None for child in known.values())
    return _tally(len(rows), kept, _left_out(rows) + contradicted)


def _episode_tally(rows: Sequence[Reading[EpisodeLine]], known: Mapping[str, Known]) -> Tally:
    """Left out are rows that are wrong, and all other rows of a child that is left out."""
    kept = sum(len(child.current.lines) for child in known.values() if child.current and child.is_imported)
    with_the_child = sum(len(child.rows) for child in known.values() if child.left_out)
    return _tally(len(rows), kept, _left_out(rows) + with_the_child)


def _tally(read: int, kept: int, left_out: int) -> Tally:
    return Tally(read=read, kept=kept, past=read - kept - left_out, left_out=left_out)


def _left_out(readings: Iterable[Reading[Any]]) -> int:
    return sum(reading.row is None for reading in readings)


def _child903(name: str, child: Known) -> Child903:
    assert child.current
    reviews = (Review903(on=on, participation=code) for on, code in sorted(child.reviews.items()))
    return Child903(child=name, birth_date=child.birth_date, period=child.current, reviews=tuple(reviews))


def _problems(path: Path, readings: Iterable[Reading[Any]]) -> list[RowProblem]:
    return [RowProblem(file=path.name, **finding.model_dump()) for reading in readings for finding in reading.findings]
