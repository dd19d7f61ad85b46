"""Checking plain data against what is wanted, with each fault told in words: the field, and what is wrong with it.

No value is ever repeated in a fault: it may be a birth date, or somebody's own words.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from client.json_objects import LONGEST_NAME
from rules.facts import FACT_TYPES
from rules.wording import listed, nearest

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2090, 12, 31)
"""Between these the calendar of bank holidays holds, and every child now in care was born."""

MOST_FAULTS = 20
"""So many are told at once."""

_YEARS = f"must lie in {FIRST_DAY.year} to {LAST_DAY.year}, the years this calendar covers"
_DAY = "must be a day that exists, written yyyy-mm-dd"

M = TypeVar("M", bound=BaseModel)


class FieldFault(NamedTuple):
    """One thing that is wrong.

    Attributes:
        at: the way to the field, from the outermost; empty where it is the whole.
        wrong: what is wrong with it, to stand after its name: "must be a day that exists".
        missing: it is not there.
        meant: of a field that there is not, what was probably meant, in brackets; None where there is such a field.
    """

    at: tuple[str | int, ...]
    wrong: str
    missing: bool = False
    meant: str | None = None

    @property
    def field(self) -> str:
        """Its name; within another field, with a dot between."""
        return ".".join(str(part) for part in self.at)

    @property
    def sentence(self) -> str:
        """The fault as a sentence of its own."""
        return f"{self.field or 'It'} {self.wrong}."


class Faulty(Exception):
    """Data are not what is wanted. Its message tells the first fault, and whatever is missing all at once.

    Attributes:
        faults: each thing that is wrong, at least one.
    """

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        """Make it of its faults."""
        self.faults = tuple(faults)
        super().__init__(_in_short(self.faults))


def checked(kind: type[M], data: Mapping[str, Any]) -> M:
    """Check plain data against what is wanted, as strictly as JSON is read.

    Args:
        kind: the model.
        data: the fields.

    Raises:
        Faulty: a field is missing, unknown or wrong; it is named, its content is not.
    """
    text = _as_json(data)
    if unkept := list(_what_no_database_keeps(data)):
        raise Faulty(unkept)
    try:
        made = kind.model_validate_json(text, strict=True)
    except ValidationError as error:
        errors = islice(error.errors(include_url=False, include_input=False), MOST_FAULTS)
        raise Faulty(faults_of(errors, kind)) from None
    if faults := [*_days_written_otherwise(made, data), *_outside_the_calendar(made)]:
        raise Faulty(faults)
    return made


def faults_of(errors: Iterable[ErrorDetails], kind: type[BaseModel]) -> Iterator[FieldFault]:
    """What pydantic found wrong, in words.

    Args:
        errors: as pydantic tells them.
        kind: the model, whose fields are those there are.
    """
    for error in errors:
        at = _way_to(error)
        if error["type"] == "missing":
            yield FieldFault(at, "is missing", missing=True)
        elif error["type"] == "extra_forbidden":
            name = str(at[-1])[:LONGEST_NAME]
            meant = nearest(name, _names(kind, error["loc"]))
            yield FieldFault((*at[:-1], name), f"is not asked for{meant}", meant=meant)
        else:
            yield FieldFault(at, _wanted(error))


def _in_short(faults: tuple[FieldFault, ...]) -> str:
    missing = [fault.field for fault in faults if fault.missing]
    if missing:
        return f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    unknown = next((fault for fault in faults if fault.meant is not None), None)
    if unknown:
        return f"there is no field {unknown.field}{unknown.meant}"
    return f"{faults[0].field or 'it'} {faults[0].wrong}"


def _names(kind: type[BaseModel], where: tuple[int | str, ...]) -> Iterable[str]:
    """The fields there are at a place: of the model, or of the fact that stands within it."""
    within = next((FACT_TYPES[part] for part in reversed(where) if isinstance(part, str) and part in FACT_TYPES), kind)
    return within.model_fields


def _as_json(data: Mapping[str, Any]) -> bytes:
    try:
        return to_json(data)
    except ValueError:  # Half a letter, or nested without end.
        raise Faulty([FieldFault((), "holds what cannot be read as text")]) from None


def _what_no_database_keeps(data: object, at: tuple[str | int, ...] = ()) -> Iterator[FieldFault]:
    """The character of code 0: PostgreSQL takes it in no text, and the fact would wait for ever to be published."""
    if isinstance(data, str) and "\0" in data:
        yield FieldFault(at, "must be plain text")
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _what_no_database_keeps(value, (*at, name))
    elif isinstance(data, list | tuple):
        for place, value in enumerate(data):
            yield from _what_no_database_keeps(value, (*at, place))


def _way_to(error: ErrorDetails) -> tuple[int | str, ...]:
    """Where a fact stands within a fact, pydantic puts its kind on the way to the field: it is left out."""
    return tuple(part for place, part in enumerate(error["loc"]) if not (place and part in FACT_TYPES))


def _outside_the_calendar(made: BaseModel, at: tuple[str, ...] = ()) -> Iterator[FieldFault]:
    """The days that no date can be reckoned from."""
    for name, value in made:
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            yield FieldFault((*at, name), _YEARS)
        elif isinstance(value, BaseModel):
            yield from _outside_the_calendar(value, (*at, name))


def _days_written_otherwise(
    made: BaseModel, given: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[FieldFault]:
    """The days that pydantic took from a number of seconds in quotes, though it is strict."""
    for name, value in made:
        written = given.get(name)
        if isinstance(value, date) and isinstance(written, str) and written != value.isoformat():
            yield FieldFault((*at, name), _DAY)
        elif isinstance(value, BaseModel) and isinstance(written, Mapping):
            yield from _days_written_otherwise(value, written, (*at, name))


def _wanted(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    kind = fault["type"]
    if fault["loc"] and fault["loc"][-1] == "nation":
        return "must be england or wales: this covers England and Wales only"
    if kind in ("greater_than_equal", "less_than_equal"):
        return _YEARS
    if kind.startswith("date"):
        return _DAY
    if kind.startswith("time"):
        return "must be a time of day, written hh:mm"
    if kind.startswith("bool"):
        return "must be true or false"
    if kind in ("tuple_type", "list_type"):
        return "must be a list"
    if kind in ("enum", "literal_error"):
        return f"must be {str(context.get('expected', '')).replace(chr(39), '')}"
    if kind.startswith("union_tag"):
        return "must say its kind, one of the acts"
    return _wanted_of_text(kind, context, fault["loc"])


def _wanted_of_text(kind: str, context: dict[str, Any], where: tuple[int | str, ...]) -> str:
    if kind == "string_pattern_mismatch" and where[:1] == ("needs",):
        return "must be one word in small letters, such as welsh or makaton"
    if kind == "string_pattern_mismatch":
        return (
            "must be a reference: letters, digits, dot, dash and underline, no spaces, at most 48 of them, and never a"
            " person's name"
        )
    if kind == "string_too_short":
        return "must say something"
    if kind == "string_too_long":
        return f"must be no longer than {context.get('max_length')} characters"
    if kind == "string_type":
        return "must be text, in quotes"
    return "is not what is wanted there"
