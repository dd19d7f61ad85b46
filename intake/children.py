"""The children of a return: who they are (header), and their periods of care (episodes)."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from intake.rows import EPISODES, HEADER, EpisodeLine, HeaderRow, Reading, read_rows
from rules.codes import LegalStatus, ParticipationCode
from rules.periods_of_care import Outcome, PeriodOfCare, periods_of_care
from rules.vocabulary import birthday

_UNREADABLE = {"147", "149"}
"""DEC or REC could not be read: that the other now stands alone (rule 148) goes without saying."""


@dataclass
class Known:
    """A child of the header, and what the other tables say of it.

    Attributes:
        header: the header row as read.
        birth_date: from the header.
        episodes: the rows of its episodes as read, in order of line.
        periods: its periods of care, in order of day.
        current: the one under way on the as-of day.
        only_short_breaks: every period is of V3 or V4 and nothing else.
        reviews: those within the current period, by day.
        left_out: the child cannot be taken on, for a reason told in the findings.
    """

    header: Reading[HeaderRow]
    birth_date: date
    episodes: list[Reading[EpisodeLine]] = field(default_factory=list)
    periods: tuple[PeriodOfCare, ...] = ()
    current: PeriodOfCare | None = None
    only_short_breaks: bool = False
    reviews: dict[date, ParticipationCode | None] = field(default_factory=dict)
    left_out: bool = False

    @property
    def rows(self) -> list[EpisodeLine]:
        """Those of its episode rows that stand."""
        return [reading.row for reading in self.episodes if reading.row]

    @property
    def is_imported(self) -> bool:
        """Whether the child is looked after on the as-of day, and can be taken on."""
        return self.current is not None and not self.left_out


def read_header(path: Path) -> tuple[dict[str, Known], list[Reading[HeaderRow]]]:
    """Read who the children are.

    Returns:
        The children by reference, and every row as read.

    Raises:
        IntakeRefused: the file cannot be read as a header table.
    """
    known: dict[str, Known] = {}
    readings = list(read_rows(path, HEADER))
    for reading in readings:
        row = reading.row
        if row and row.child in known:
            reading.find("CHILD", "a second row for the same child", "INT32", Outcome.LEFT_OUT)
        elif row:
            known[row.child] = Known(reading, row.birth_date)
    return known, readings


def read_episodes(path: Path, known: dict[str, Known], as_of: date) -> list[Reading[EpisodeLine]]:
    """Read the episodes as they stood on a day, and fold them into each child's periods of care.

    Args:
        path: the episodes table.
        known: the children by reference; their periods are filled in.
        as_of: rows that begin later are left out, ends that come later are passed over.

    Returns:
        Every row as read.

    Raises:
        IntakeRefused: the file cannot be read as an episodes table.
    """
    readings = list(read_rows(path, EPISODES))
    for reading in readings:
        row = reading.row
        if row is None:
            continue
        child = known.get(row.child)
        if child is None:
            reading.find("CHILD", "no header row for this child could be read", "INT03", Outcome.LEFT_OUT)
            continue
        child.episodes.append(reading)
        if row.began > as_of:
            reading.find("DECOM", "begins after the as-of day", None, Outcome.LEFT_OUT)
        elif row.ended and row.ended > as_of:
            reading.row = row.model_copy(update={"ended": None, "reason_ceased": None})
            why = "ends after the as-of day; taken as not ended"
            reading.find("DEC", why, None, Outcome.WITHOUT_FIELD)
    for child in known.values():
        _fold(child)
        _check_age(child, as_of)
    return readings


def _fold(child: Known) -> None:
    """Fill in the child's periods, and add what the folding found to the rows."""
    folded = periods_of_care(child.rows)
    child.periods = folded.periods
    child.only_short_breaks = bool(folded.periods) and all(each.all_short_breaks for each in folded.periods)
    by_line = {reading.line: reading for reading in child.episodes}
    for finding in folded.findings:
        reading = by_line[finding.line]
        told = {earlier.rule for earlier in reading.findings}
        if not (finding.rule == "148" and told & _UNREADABLE):
            reading.find(finding.field, finding.reason, finding.rule, finding.outcome)


def _check_age(child: Known, as_of: date) -> None:
    """Find the period under way on the as-of day, and leave out a child whose birth day contradicts it.

    After the 18th birthday only accommodation under CA89 s.20(5) in a community home is care (practice
    notes 4.11).
    """
    child.current = next((period for period in child.periods if period.is_under_way_on(as_of)), None)
    eighteenth = birthday(child.birth_date, 18)
    if any(row.began < child.birth_date for row in child.rows):
        child.header.find("DOB", "born after care began; the child is left out", "302", Outcome.LEFT_OUT)
        child.left_out = True
    elif child.current and child.current.first_day >= eighteenth:
        why = "care begins at 18 or over; the child is left out"
        _reading_at(child, child.current.lines[0]).find("DECOM", why, "352", Outcome.LEFT_OUT)
        child.left_out = True
    elif child.current and eighteenth <= as_of and not _in_community_home(child, child.current.lines[-1]):
        why = "not ended, but the child is 18 and not in a community home under V2; the child is left out"
        _reading_at(child, child.current.lines[-1]).find("DEC", why, "359", Outcome.LEFT_OUT)
        child.left_out = True


def _in_community_home(child: Known, line: int) -> bool:
    row = _reading_at(child, line).row
    return row is not None and row.legal_status is LegalStatus.V2 and row.place == "K2"


def _reading_at(child: Known, line: int) -> Reading[EpisodeLine]:
    return next(reading for reading in child.episodes if reading.line == line)
