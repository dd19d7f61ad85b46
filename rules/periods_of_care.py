"""Folding the 903's episodes into periods of care.

A 903 "episode" is any stretch with one legal status and one placement. What the review cycle follows is the
period of care: from an episode with RNE=S until an episode closes with a REC other than X1 (practice notes
1.1; what ends care and what does not, 4.11; the codes, 7.4).

Returns are dirty, so every contradiction is decided one way, told in a `Finding`, and the rest goes on. The
decisions lean towards keeping a child in view: a row ends care only if it has both a day and a reason. One
case leans the other way: after a death nothing is begun again until a person has looked. The numbers of rules
are those of the Department for Education's validation of the 903.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from rules.codes import EndReason, LegalStatus
from rules.vocabulary import Frozen, Reference

CONTINUES: Final = "X1"
"""REC: this episode ends and a new one begins the same day; the care goes on (practice notes 7.4)."""


class NewReason(StrEnum):
    """SSDA903 RNE: why a new episode begins."""

    S = "S"
    """Started to be looked after."""
    L = "L"
    """Legal status only."""
    P = "P"
    """Placement and carer."""
    T = "T"
    """Placement, same carer."""
    B = "B"
    """Legal status, placement and carer."""
    U = "U"
    """Legal status and placement, same carer."""


class Outcome(StrEnum):
    """What became of a row that something is wrong with."""

    LEFT_OUT = "left out"
    WITHOUT_FIELD = "kept without the field"
    KEPT = "kept"


class Finding(Frozen):
    """Something wrong with one row.

    Attributes:
        line: where the row starts in its file; the column names are line 1.
        field: the column, by its name in the return.
        reason: a fixed sentence that repeats nothing from the row, so that no name or date of birth is in it.
        rule: the number of the validation rule it breaks, where there is one.
        outcome: what became of the row.
    """

    line: int
    field: str
    reason: str
    rule: str | None
    outcome: Outcome


class EpisodeRow(Frozen):
    """One row of the episodes table, as far as the review cycle needs it.

    Attributes:
        line: where the row starts in its file.
        child: CHILD.
        began: DECOM.
        reason_new: RNE, None when it could not be read.
        legal_status: LS, None when it could not be read.
        place: PLACE.
        ended: DEC, None while the episode is open.
        reason_ceased: REC.
    """

    line: int
    child: Reference
    began: date
    reason_new: NewReason | None
    legal_status: LegalStatus | None
    place: str | None = None
    ended: date | None = None
    reason_ceased: EndReason | Literal["X1"] | None = None

    @property
    def starts_care(self) -> bool:
        """Whether the row says that the child began to be looked after."""
        return self.reason_new is NewReason.S

    @property
    def end_of_care(self) -> EndReason | None:
        """Why care ended with this row; None when the row is open or the care goes on."""
        return self.reason_ceased if self.ended and isinstance(self.reason_ceased, EndReason) else None


class LegalStatusSince(Frozen):
    """A legal status and the first day it is seen."""

    since: date
    legal_status: LegalStatus


class PeriodOfCare(Frozen):
    """One period of being looked after.

    Attributes:
        child: whose.
        first_day: D0, or the first day seen where the return began later.
        first_day_known: whether a row with RNE=S gives the first day.
        ended_on: the day care ended; None while it goes on.
        end_reason: why; None while it goes on, or when the return does not say.
        legal_statuses: the first status, then each change with its day.
        all_short_breaks: every legal status seen is V3 or V4 (CPPCR reg 48).
        lines: the rows it was folded from, in order of day.
    """

    child: Reference
    first_day: date
    first_day_known: bool
    ended_on: date | None
    end_reason: EndReason | None
    legal_statuses: tuple[LegalStatusSince, ...]
    all_short_breaks: bool
    lines: tuple[int, ...]

    def is_under_way_on(self, day: date) -> bool:
        """Whether the child is looked after at the end of a day; on the day care ends, no longer."""
        return self.first_day <= day and (self.ended_on is None or day < self.ended_on)

    def holds(self, day: date) -> bool:
        """Whether a day is one of the period's, its first and last days among them."""
        return self.first_day <= day and (self.ended_on is None or day <= self.ended_on)


class Folded(Frozen):
    """What one child's rows come to: the periods in order of day, and what was wrong with the rows."""

    periods: tuple[PeriodOfCare, ...]
    findings: tuple[Finding, ...]


def periods_of_care(rows: Iterable[EpisodeRow]) -> Folded:
    """Fold the episodes of one child into periods of care.

    Args:
        rows: one child's rows, in any order; the order of lines makes no difference but between equal rows.

    Returns:
        The periods, and every contradiction found on the way.
    """
    folding = _Folding()
    ordered = sorted(rows, key=lambda row: (row.began, row.ended or date.max, row.line))
    said: set[tuple[object, ...]] = set()
    for row in ordered:
        says = (row.began, row.reason_new, row.legal_status, row.place, row.ended, row.reason_ceased)
        if says in said:
            folding.find(row, "DECOM", "repeats an earlier row of the same child", None, Outcome.LEFT_OUT)
            continue
        said.add(says)
        folding.take(folding.settled(row))
    folding.finish()
    return Folded(periods=tuple(folding.periods), findings=tuple(folding.findings))


class _Folding:
    """One child's periods as they are built, row by row in order of day."""

    def __init__(self) -> None:
        self.periods: list[PeriodOfCare] = []
        self.findings: list[Finding] = []
        self._rows: list[EpisodeRow] = []
        self._latest: EpisodeRow | None = None
        """Of the period's rows, the one that ends last: it says how the period stands."""

    def find(self, row: EpisodeRow, field: str, reason: str, rule: str | None, outcome: Outcome) -> None:
        self.findings.append(Finding(line=row.line, field=field, reason=reason, rule=rule, outcome=outcome))

    def settled(self, row: EpisodeRow) -> EpisodeRow:
        """The row, its own contradictions settled: DEC before DECOM, or one of DEC and REC missing."""
        if row.ended and row.ended < row.began:
            self.find(row, "DEC", "ends before it begins; taken as not ended", "356", Outcome.WITHOUT_FIELD)
            return row.model_copy(update={"ended": None, "reason_ceased": None})
        if row.ended == row.began:
            self.find(row, "DEC", "ends on the day it begins", "355", Outcome.KEPT)
        if row.ended is None and row.reason_ceased:
            why = "a reason for ending but no day; taken as not ended"
            self.find(row, "REC", why, "148", Outcome.WITHOUT_FIELD)
            return row.model_copy(update={"reason_ceased": None})
        if row.ended and row.reason_ceased is None:
            why = "a day of ending but no reason; the care is taken as going on"
            self.find(row, "REC", why, "148", Outcome.KEPT)
        return row

    def take(self, row: EpisodeRow) -> None:
        """Add the next row: to the period under way, or as the beginning of a new one."""
        previous = self._latest
        if previous is None:
            self._begin(row)
        elif previous.ended is None:
            self._after_open(previous, row)
        elif previous.ended > row.began:
            self._overlapping(previous, row)
        elif previous.end_of_care:
            self._after_end(previous, row, previous.end_of_care)
        else:
            self._after_continuing(previous, row)

    def finish(self) -> None:
        """Close the last period as its last row says."""
        last = self._latest
        if last is None:
            return
        if last.ended and last.reason_ceased == CONTINUES:
            why = "closes with X1 but no row follows; the care is taken as going on"
            self.find(last, "REC", why, "388", Outcome.KEPT)
        self._close(last.ended if last.end_of_care else None, last.end_of_care)

    def _after_open(self, previous: EpisodeRow, row: EpisodeRow) -> None:
        """A row after an open one, itself open or not: the earlier is taken as ending where it begins."""
        why = "not ended, but a later row begins; taken as ending on that day"
        self.find(previous, "DEC", why, "142", Outcome.KEPT)
        if row.starts_care:
            self._close(row.began, None)
            self._begin(row)
        else:
            self._join(row, latest=row)

    def _overlapping(self, previous: EpisodeRow, row: EpisodeRow) -> None:
        """A row that begins before another ends: one period, unless care ended there and began here."""
        self.find(row, "DECOM", "begins before an earlier row ends", "501", Outcome.KEPT)
        if row.starts_care and previous.end_of_care and not previous.end_of_care.is_death:
            self._close(row.began, previous.end_of_care)
            self._begin(row)
            return
        if row.starts_care:
            why = "says care began, in the middle of a period of care; passed over"
            self.find(row, "RNE", why, None, Outcome.WITHOUT_FIELD)
        died = previous.end_of_care and previous.end_of_care.is_death
        ends_later = (row.ended or date.max) >= (previous.ended or date.max)
        self._join(row, latest=row if ends_later and not died else previous)

    def _after_end(self, previous: EpisodeRow, row: EpisodeRow, reason: EndReason) -> None:
        """A row after the end of care begins a new period, of known first day only where it says S."""
        if reason.is_death:
            why = "begins after a row that says the child died; left out until a person has looked"
            self.find(row, "DECOM", why, "437", Outcome.LEFT_OUT)
            return
        if not row.starts_care:
            why = "care had ended, but this row does not say it began again; taken as a new period of care"
            self.find(row, "RNE", why, "432", Outcome.KEPT)
        elif previous.ended == row.began:
            why = "care begins on the very day it ended; taken as a new period of care"
            self.find(row, "RNE", why, "431", Outcome.KEPT)
        self._close(previous.ended, reason)
        self._begin(row)

    def _after_continuing(self, previous: EpisodeRow, row: EpisodeRow) -> None:
        """A row after one that does not end care: the same period, unless it says S after a gap."""
        same_day = previous.ended == row.began
        if row.starts_care and not same_day:
            if previous.reason_ceased == CONTINUES:
                why = "closes with X1, but care begins anew later; taken as the end of care"
                self.find(previous, "REC", why, "388", Outcome.KEPT)
            self._close(previous.ended, None)
            self._begin(row)
            return
        if row.starts_care:
            why = "says care began, but the row before says it went on; passed over"
            self.find(row, "RNE", why, "431", Outcome.WITHOUT_FIELD)
        elif not same_day:
            why = "a gap after the row before, though the care goes on; taken as one period of care"
            self.find(row, "DECOM", why, "433", Outcome.KEPT)
        self._join(row, latest=row)

    def _begin(self, row: EpisodeRow) -> None:
        self._rows, self._latest = [row], row

    def _join(self, row: EpisodeRow, latest: EpisodeRow) -> None:
        self._rows.append(row)
        self._latest = latest

    def _close(self, ended_on: date | None, reason: EndReason | None) -> None:
        first = self._rows[0]
        statuses = [row.legal_status for row in self._rows if row.legal_status]
        self.periods.append(
            PeriodOfCare(
                child=first.child,
                first_day=first.began,
                first_day_known=first.starts_care,
                ended_on=ended_on,
                end_reason=reason,
                legal_statuses=_legal_statuses(self._rows),
                all_short_breaks=bool(statuses) and all(status.is_short_break for status in statuses),
                lines=tuple(row.line for row in self._rows),
            )
        )


def _legal_statuses(rows: Iterable[EpisodeRow]) -> tuple[LegalStatusSince, ...]:
    """The first status and each change; of rows that begin on one day, the last one counts."""
    by_day = {row.began: row.legal_status for row in rows if row.legal_status}
    changes: list[LegalStatusSince] = []
    for since, status in by_day.items():
        if not changes or changes[-1].legal_status is not status:
            changes.append(LegalStatusSince(since=since, legal_status=status))
    return tuple(changes)
