"""The people of a directory in a CSV file, one row a person: read, and checked against each other and the directory.

Every row that is wrong is told, by line and column; nothing is added here.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine

from commands.blanks import AUTHORITY, NAME, OF_AN_IRO, OF_ANYONE, ROLE, TEAM
from commands.directory import refuse_nobodys_post
from commands.forms import Blank, text
from commands.running import Fault
from intake.problems import IntakeRefused, RowProblem
from intake.tables import TableRow, read_table
from register import directory
from rules.authorities import UnknownAuthority, authority
from rules.directory import IroTerms, Person
from rules.directory_checks import Directory, DirectoryRefused, Newcomer, check_added, read, terms_for
from rules.periods_of_care import Outcome
from rules.vocabulary import Role
from rules.wording import listed, nearest

REFERENCE = Blank("reference", "what stands for them everywhere else; never a name", "reference", text)
NEEDED = (REFERENCE, NAME, ROLE, AUTHORITY)
COLUMNS = (*NEEDED, TEAM, *OF_ANYONE, *OF_AN_IRO)

_ABOVE = ("line_manager", "deputy")
_SOMEBODY = {"reference": "SOMEBODY", "name": "Somebody", "role": Role.OTHER, "authority": "383"}
"""In whose place each cell is read by itself, so that all that is wrong with a row is told, and in which column."""


class PeopleRead(NamedTuple):
    """A file of people, as far as it can be read.

    Attributes:
        people: who is in it, each with terms if an IRO; where there are problems, without the rows that have them.
        new: those of them who are not in the directory yet.
        problems: what is wrong, by line and column.
    """

    people: list[Newcomer]
    new: list[Newcomer]
    problems: list[RowProblem]


def read_people(path: Path, register: Engine) -> PeopleRead:
    """Read a file of people and check it against the directory as it stands.

    Somebody who is in the directory already is passed over where the row says the same, and told where it does not.
    A last day is no part of a row: it is neither read nor compared.

    Args:
        path: a CSV file whose first line names the columns.
        register: the database.

    Raises:
        IntakeRefused: the file as a whole cannot be taken in.
        RegisterUnavailable: the database cannot be used.
    """
    columns = _columns(path)
    rows = [_read(found, columns) for found in read_table(path, [column.name.upper() for column in columns])]
    there = {person.reference: person for person in directory.people(register)}
    _find_doubles(rows)
    _find_changed(rows, there, register)
    _find_wrong_above(rows, there)
    people = [(row.person, row.terms) for row in rows if not row.problems]
    return PeopleRead(
        people=people,
        new=[(person, terms) for person, terms in people if person.reference not in there],
        problems=[problem for row in rows for problem in _problems(path, row)],
    )


@dataclass
class _Row:
    """A row as read: what could be read, by the model's own names, and what is wrong, by column."""

    line: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str | None:
        """Whose row it is; None where that cannot be read."""
        reference: str | None = self.said.get("reference")
        return reference

    @property
    def person(self) -> Person:
        """Who it is; what could not be read is somebody's."""
        return read(Person, _SOMEBODY | _within(Person.model_fields, self.said))

    @property
    def terms(self) -> IroTerms | None:
        """The terms of an IRO."""
        if self.said.get("role") != Role.IRO:
            return None
        return terms_for(self.person, _within(IroTerms.model_fields, self.said))


def _within(names: Iterable[str], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}


# --- The file -------------------------------------------------------------------------------------------------------


def _columns(path: Path) -> tuple[Blank, ...]:
    """The columns that the file has. Those it must have are looked for first, and with them that it is CSV at all."""
    if not sum(1 for _ in read_table(path, [column.name.upper() for column in NEEDED])):
        raise IntakeRefused(f"{path.name} names its columns but holds nobody; check that it is the right file.")
    known = {column.name: column for column in COLUMNS}
    names = [name.strip().lower() for name in _first_line(path)]
    for place, name in enumerate(names, start=1):
        if name not in known:
            raise IntakeRefused(
                f"Column {place} of {path.name} has a name that is not known here{nearest(name, known)}; take it out,"
                f" or name it as one of {listed(known)}."
            )
    return tuple(column for name, column in known.items() if name in names)


def _first_line(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next((fields for fields in csv.reader(file) if any(each.strip() for each in fields)), [])


# --- A row by itself ------------------------------------------------------------------------------------------------


def _read(found: TableRow, columns: tuple[Blank, ...]) -> _Row:
    row = _Row(found.line)
    if not found.whole:
        _read_cell(row, REFERENCE, found.values[REFERENCE.name.upper()])  # Others may name them.
        row.problems[REFERENCE.name] = (
            "The row has not as many fields as the line of column names: put quotation marks around what has a comma"
            " in it."
        )
        return row
    for column in columns:
        given = found.values[column.name.upper()]
        if given:
            _read_cell(row, column, given)
        elif column in NEEDED:
            row.problems[column.name] = "It is blank: give it."
    if row.said.get("role", Role.IRO) != Role.IRO:
        for column in OF_AN_IRO:
            if column.field in row.said:
                row.problems[column.name] = "Only an IRO has this: leave it blank, or make the role iro."
    return row


def _read_cell(row: _Row, column: Blank, given: str) -> None:
    try:
        value = column.read(column.name, given)
        if column in OF_AN_IRO:
            read(IroTerms, {"iro": _SOMEBODY["reference"], column.field: value})
        else:
            person = read(Person, _SOMEBODY | {column.field: value})
            refuse_nobodys_post(person.role)
            authority(person.authority)
    except (Fault, DirectoryRefused, UnknownAuthority) as refused:
        row.problems[column.name] = str(refused)
    else:
        row.said[column.field] = value


# --- The rows together, and the directory ---------------------------------------------------------------------------


def _find_doubles(rows: list[_Row]) -> None:
    lines: dict[str, int] = {}
    for row in rows:
        if row.reference and lines.setdefault(row.reference, row.line) != row.line:
            row.problems[REFERENCE.name] = f"It is on line {lines[row.reference]} already: keep one of them."


def _find_changed(rows: list[_Row], there: Mapping[str, Person], register: Engine) -> None:
    """Find those who are in the directory already, but not as the row has them."""
    for row in rows:
        known = there.get(row.reference or "")
        if known is None or row.problems:
            continue
        before = _content(known, directory.terms(register, known.reference))
        now = _content(row.person, row.terms)
        others = [column.name for column in COLUMNS if before.get(column.field) != now.get(column.field)]
        if others:
            row.problems[REFERENCE.name] = (
                f"{row.reference} is in the directory already, with another {listed(others)}: put the row right, or"
                f" the directory with `starter.py person change {row.reference} ...`."
            )


def _content(person: Person, terms: IroTerms | None) -> dict[str, Any]:
    return person.model_dump() | (terms.model_dump() if terms else {})


def _find_wrong_above(rows: list[_Row], there: Mapping[str, Person]) -> None:
    """Find line managers and deputies who are nowhere, or lead back to the person; each column by itself."""
    everyone = {row.reference: row.person for row in rows if row.reference} | dict(there)
    for row in rows:
        if row.reference is None or row.reference in there:
            continue
        person = everyone.pop(row.reference)
        for column in _ABOVE:
            if column in row.said:
                alone = read(Person, _SOMEBODY | _within(("reference", column), row.said))
                try:
                    check_added(Directory(people=everyone), [(alone, None)])
                except DirectoryRefused as refused:
                    row.problems[column] = str(refused)
        everyone[row.reference] = person


def _problems(path: Path, row: _Row) -> Iterator[RowProblem]:
    for column in COLUMNS:
        if reason := row.problems.get(column.name):
            yield RowProblem(
                file=path.name, line=row.line, field=column.name, reason=reason, rule=None, outcome=Outcome.LEFT_OUT
            )
