"""The reviews of a return, each checked against the child it belongs to.

Rules: practice notes 7.3. A review whose participation code is wrong is kept for its date: without it the
next review would seem due too early. No rule of the return tests timeliness.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from intake.children import Known
from intake.rows import REVIEWS, Reading, ReviewRow, read_rows
from rules.codes import ParticipationCode
from rules.periods_of_care import Outcome
from rules.vocabulary import birthday


def read_reviews(path: Path, known: dict[str, Known], as_of: date) -> Iterator[Reading[ReviewRow]]:
    """Read the reviews one by one, and give those of each child's current period to the child.

    Args:
        path: the reviews table.
        known: the children by reference, with their periods of care.
        as_of: reviews of a later day are left out.

    Yields:
        Each row as read; `row` is None when it was left out.

    Raises:
        IntakeRefused: the file cannot be read as a reviews table.
    """
    days_seen: set[tuple[str, date]] = set()
    for reading in read_rows(path, REVIEWS):
        row = reading.row
        child = known.get(row.child) if row else None
        if row and child is None:
            reading.find("CHILD", "no header row for this child could be read", "INT08", Outcome.LEFT_OUT)
        elif row and child and child.left_out:
            reading.row = None
        elif row and child:
            _check(reading, row, child, as_of)
            _check_once(reading, days_seen)
            if reading.row and child.current and child.current.holds(row.on):
                child.reviews[row.on] = reading.row.participation
        yield reading


def _check(reading: Reading[ReviewRow], row: ReviewRow, child: Known, as_of: date) -> None:
    """Everything about one review that does not depend on the other reviews."""
    if row.birth_date and row.birth_date != child.birth_date:
        why = "not the date of birth in the header, which is used"
        reading.find("DOB", why, "INT17", Outcome.WITHOUT_FIELD)
    if row.participation and not _fits_age(row.participation, row.on, child.birth_date):
        young = row.participation is ParticipationCode.PN0
        why = "says under 4, but the child was older" if young else "says 4 or over, but the child was younger"
        reading.row = row.model_copy(update={"participation": None})
        reading.find("REVIEW_CODE", why, "440" if young else "441", Outcome.WITHOUT_FIELD)
    if child.only_short_breaks:
        why = "a review, though all of the child's episodes are short breaks"
        reading.find("REVIEW", why, "399", Outcome.KEPT)
    _check_place_in_time(reading, row.on, child, as_of)


def _check_place_in_time(reading: Reading[ReviewRow], on: date, child: Known, as_of: date) -> None:
    """Leave out a review that is not within a period of care, or is still to come."""
    if not child.episodes:
        why = "no episode of this child could be read"
        reading.find("CHILD", why, "1012", Outcome.LEFT_OUT)
    elif on > as_of:
        reading.find("REVIEW", "after the as-of day", None, Outcome.LEFT_OUT)
    elif not any(period.holds(on) for period in child.periods):
        first = child.periods[0] if child.periods else None
        if first and on < first.first_day and not first.first_day_known:
            why = "before the first day of care that the return shows"
        else:
            why = "outside every period of care of the child"
        reading.find("REVIEW", why, None, Outcome.LEFT_OUT)


def _check_once(reading: Reading[ReviewRow], days_seen: set[tuple[str, date]]) -> None:
    """Of two reviews of one child on one day, the first row stands."""
    row = reading.row
    if row and (row.child, row.on) in days_seen:
        reading.find("REVIEW", "a second review of the same child on the same day", None, Outcome.LEFT_OUT)
    elif row:
        days_seen.add((row.child, row.on))


def _fits_age(code: ParticipationCode, on: date, birth_date: date) -> bool:
    """Whether a code fits the age on the day: PN0 under 4, the others from 4; on the 4th birthday, either."""
    fourth = birthday(birth_date, 4)
    return on <= fourth if code is ParticipationCode.PN0 else on >= fourth
