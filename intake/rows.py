"""The rows of the three tables as typed models, and how a row that does not fit is told.

Column names and codes: practice notes 7.1 to 7.4. Dates are dd/mm/yyyy. The numbers of rules are those of the
Department for Education's validation of the 903.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from intake.problems import IntakeRefused
from intake.tables import TableRow, read_table
from rules.codes import EndReason, LegalStatus, ParticipationCode
from rules.periods_of_care import CONTINUES, EpisodeRow, Finding, NewReason, Outcome
from rules.vocabulary import Frozen, Reference

_DATE = re.compile(r"(\d{2})/(\d{2})/((?:19|20)\d{2})", re.ASCII)
_NEARLY_A_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})", re.ASCII)
_CHILD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

_DAYS = frozenset({"DOB", "DECOM", "DEC", "REVIEW"})

SWAPPED = "day and month are swapped; the return wants dd/mm/yyyy"


def _wrong(reason: str) -> PydanticCustomError:
    return PydanticCustomError("return", "{reason}", {"reason": reason})


def is_swapped(text: str) -> bool:
    """Whether a text is a date only when its month is read before its day."""
    match = _NEARLY_A_DATE.fullmatch(text)
    return bool(match and int(match[1]) <= 12 < int(match[2]) <= 31)


def is_day_first(text: str) -> bool:
    """Whether a text is a date only when its day is read before its month, as it should be."""
    match = _DATE.fullmatch(text)
    return bool(match and int(match[2]) <= 12 < int(match[1]) <= 31)


def _child(text: str) -> str:
    if not text:
        raise _wrong("blank")
    if not _CHILD.fullmatch(text):
        raise _wrong("not a reference: letters, digits, full stops, hyphens and underscores, 64 at most")
    return text


def _day(text: str) -> date:
    if not text:
        raise _wrong("blank")
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise _wrong(SWAPPED if is_swapped(text) else "not a date dd/mm/yyyy")


def _day_or_none(text: str | None) -> date | None:
    return _day(text) if text else None


def _day_unless_none(text: str | None) -> date | None:
    """A day that should be there; None stands for one already told as wrong."""
    return None if text is None else _day(text)


def _code(codes: Iterable[str]) -> Callable[[str | None], str | None]:
    """A check that a text is one of the codes; None stands for a code already told as wrong."""
    known = frozenset(codes)

    def check(text: str | None) -> str | None:
        if text is not None and text not in known:
            raise _wrong("not a code of the return" if text else "blank")
        return text

    return check


_rec = _code(("", CONTINUES, *EndReason))


def _rec_or_none(text: str | None) -> str | None:
    return _rec(text) or None


Child = Annotated[Reference, BeforeValidator(_child)]
Day = Annotated[date, BeforeValidator(_day)]
DayOrNone = Annotated[date | None, BeforeValidator(_day_or_none)]


class HeaderRow(Frozen):
    """One child, of the header table."""

    line: int
    child: Child = Field(alias="CHILD")
    birth_date: Day = Field(alias="DOB")


class EpisodeLine(EpisodeRow):
    """One row of the episodes table."""

    child: Child = Field(alias="CHILD")
    began: Day = Field(alias="DECOM")
    reason_new: Annotated[NewReason | None, BeforeValidator(_code(NewReason))] = Field(alias="RNE")
    legal_status: Annotated[LegalStatus | None, BeforeValidator(_code(LegalStatus))] = Field(alias="LS")
    place: str | None = Field(alias="PLACE")
    ended: DayOrNone = Field(alias="DEC")
    reason_ceased: Annotated[EndReason | Literal["X1"] | None, BeforeValidator(_rec_or_none)] = Field(alias="REC")


class ReviewRow(Frozen):
    """One review, of the reviews table."""

    line: int
    child: Child = Field(alias="CHILD")
    birth_date: Annotated[date | None, BeforeValidator(_day_unless_none)] = Field(alias="DOB")
    on: Day = Field(alias="REVIEW")
    participation: Annotated[ParticipationCode | None, BeforeValidator(_code(ParticipationCode))] = Field(
        alias="REVIEW_CODE"
    )


Row = TypeVar("Row", HeaderRow, EpisodeLine, ReviewRow)


@dataclass(frozen=True)
class TableKind(Generic[Row]):
    """What a table is made of.

    Attributes:
        row: the model of its rows.
        rules: the validation rule that each column breaks when it cannot be read.
        can_go: columns without which the row still says enough to be kept.
    """

    row: type[Row]
    rules: Mapping[str, str]
    can_go: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(info.alias for info in self.row.model_fields.values() if info.alias)


HEADER = TableKind(HeaderRow, {"DOB": "102"})
EPISODES = TableKind(
    EpisodeLine,
    {"DECOM": "141", "RNE": "143", "LS": "144", "DEC": "147", "REC": "149"},
    frozenset({"RNE", "LS", "DEC", "REC"}),
)
REVIEWS = TableKind(
    ReviewRow, {"DOB": "INT17", "REVIEW": "166", "REVIEW_CODE": "167"}, frozenset({"DOB", "REVIEW_CODE"})
)


@dataclass
class Reading(Generic[Row]):
    """One row as read: what could be read of it, and what was wrong.

    Attributes:
        line: where the row starts.
        row: the typed row; None when it has to be left out.
        findings: what was wrong with it so far.
    """

    line: int
    row: Row | None
    findings: list[Finding] = field(default_factory=list)

    def find(self, column: str, reason: str, rule: str | None, outcome: Outcome) -> None:
        """Add what is wrong with the row. Once it is left out, each of its findings says so."""
        self.findings.append(Finding(line=self.line, field=column, reason=reason, rule=rule, outcome=outcome))
        if any(finding.outcome is Outcome.LEFT_OUT for finding in self.findings):
            self.row = None
            self.findings = [_left_out(finding) for finding in self.findings]


def _left_out(finding: Finding) -> Finding:
    if finding.outcome is Outcome.LEFT_OUT:
        return finding
    return finding.model_copy(update={"outcome": Outcome.LEFT_OUT})


def read_rows(path: Path, kind: TableKind[Row]) -> Iterator[Reading[Row]]:
    """Read a table's rows in order, each with what is wrong with it.

    Raises:
        IntakeRefused: the file cannot be read as such a table; or a column has days that can only be read month
            first and none that can only be read day first, so that none of the others can be trusted.
    """
    undecided = [column for column in kind.columns if column in _DAYS]
    swapped: dict[str, int] = {}
    for found in read_table(path, kind.columns):
        for column in undecided[:]:
            text = found.values[column]
            if is_day_first(text):
                undecided.remove(column)
            elif is_swapped(text):
                swapped.setdefault(column, found.line)
        yield _read(found, kind)
    for column in undecided:
        if column in swapped:
            raise IntakeRefused(
                f"{path.name} writes the month before the day (line {swapped[column]}, {column}); "
                "save it with dates as dd/mm/yyyy."
            )


def _read(found: TableRow, kind: TableKind[Row]) -> Reading[Row]:
    """One row, read as far as it can be."""
    reading: Reading[Row] = Reading(found.line, None)
    if not found.whole:
        why = "not as many fields as the line of column names"
        reading.find(kind.columns[0], why, None, Outcome.LEFT_OUT)
        return reading
    values: dict[str, Any] = {"line": found.line, **found.values}
    try:
        reading.row = kind.row.model_validate(values)
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            column = str(wrong["loc"][0])
            outcome = Outcome.WITHOUT_FIELD if column in kind.can_go else Outcome.LEFT_OUT
            reading.find(column, wrong["msg"], kind.rules.get(column), outcome)
            values[column] = None
        if all(finding.outcome is not Outcome.LEFT_OUT for finding in reading.findings):
            reading.row = kind.row.model_validate(values)
    return reading
