"""Reading a CSV file line by line, with exact line numbers, refusing in one sentence what is no such file.

Read as bytes and decoded line by line, so that a character in another encoding is found by its line.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.problems import IntakeRefused

_BOM = b"\xef\xbb\xbf"
_WORKBOOK = b"PK\x03\x04"
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table.

    Attributes:
        line: the line it starts on; the column names are line 1.
        values: the text in each of the columns asked for, without surrounding spaces.
        whole: whether the row has as many fields as the line of column names.
    """

    line: int
    values: dict[str, str]
    whole: bool


def read_table(path: Path, columns: Sequence[str]) -> Iterator[TableRow]:
    """Read a CSV file (UTF-8, with or without a byte order mark; commas; any line ends), one row at a time.

    Rows in which every field is blank are passed over; columns not asked for are not read.

    Args:
        path: the file.
        columns: the columns that must be there, in capitals.

    Raises:
        IntakeRefused: the file cannot be read, is empty, is not UTF-8 or not CSV, or lacks a column.
    """
    reader = csv.reader(_lines(path), strict=True)
    places: list[int] | None = None
    width = last = 0
    try:
        for fields in reader:
            line, last = last + 1, reader.line_num
            if not any(field.strip() for field in fields):
                continue
            if places is None:
                places, width = _places(path, fields, columns), len(fields)
                continue
            texts = [fields[place].strip() if place < len(fields) else "" for place in places]
            yield TableRow(line, dict(zip(columns, texts, strict=True)), len(fields) == width)
    except csv.Error:
        # Not chained: the csv module's message may quote the row.
        raise IntakeRefused(
            f"{path.name} cannot be read as CSV near line {max(reader.line_num, 1)} "
            "(a quotation mark or a line ends where it should not); save it again as CSV UTF-8."
        ) from None
    if places is None:
        wanted = ", ".join(columns)
        raise IntakeRefused(f"{path.name} is empty; its first line must name the columns {wanted}.")


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file as text, line ends kept."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                yield _decoded(path.name, number, raw)
    except OSError as error:
        raise IntakeRefused(f"{path.name} cannot be read: {error.strerror or 'it is no file'}.") from error


def _decoded(name: str, number: int, raw: bytes) -> str:
    """One line as text, or a refusal that names the line and the byte (never the text around it)."""
    if number == 1 and raw.startswith(_WORKBOOK):
        raise IntakeRefused(f"{name} is a spreadsheet workbook, not CSV; save it as CSV UTF-8.")
    if number == 1 and raw.startswith(_BOM):
        raw = raw[len(_BOM) :]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise IntakeRefused(
            f"{name} is not UTF-8 text: byte 0x{byte:02X} on line {number}; save it as CSV UTF-8."
        ) from None
    if "\0" in text:
        raise IntakeRefused(f"{name} is not text: a zero byte on line {number}; save it as CSV UTF-8.")
    return text


def _places(path: Path, first_line: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Where each column stands; a first line that does not name every one of them once is refused."""
    names = [name.strip().upper() for name in first_line]
    if len(names) == 1:
        for mark, words in _OTHER_DELIMITERS.items():
            if mark in names[0]:
                raise IntakeRefused(f"{path.name} is separated by {words}, not commas; save it as CSV UTF-8.")
    missing = [column for column in columns if column not in names]
    if missing:
        word = "column" if len(missing) == 1 else "columns"
        raise IntakeRefused(
            f"{path.name} has no {word} {', '.join(missing)}; its first line must name the columns "
            f"{', '.join(columns)}."
        )
    twice = [column for column in columns if names.count(column) > 1]
    if twice:
        raise IntakeRefused(f"{path.name} names the column {twice[0]} twice; keep the right one.")
    return [names.index(column) for column in columns]
