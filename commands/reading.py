"""Reading what people and case systems give: days, nations, JSON; each fault in it told in one sentence.

No value is ever repeated in a fault: it may be a birth date, or somebody's own words.
"""

import json
import re
import sys
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from commands.running import Fault
from commands.wording import listed
from rules.facts import FACT_TYPES
from rules.vocabulary import Nation

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2090, 12, 31)
"""Between these the calendar of bank holidays holds, and every child now in care was born."""

MOST_BYTES = 1_000_000
STDIN = "-"

M = TypeVar("M", bound=BaseModel)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_of(text: str, name: str) -> date:
    """A day, written yyyy-mm-dd.

    Args:
        text: what was given.
        name: what it was given for.

    Raises:
        Fault: it is written otherwise, does not exist, or lies outside the calendar.
    """
    if not _ISO.fullmatch(text):
        raise Fault(f"{name} is not a day this program can read; write it as yyyy-mm-dd, such as 2026-03-04.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{name} names a day that does not exist; check it (it is read as yyyy-mm-dd).") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Fault(
            f"{name} lies outside {FIRST_DAY.year} to {LAST_DAY.year}, the years this calendar covers; check it."
        )
    return day


def nation_of(text: str) -> Nation:
    """England or Wales.

    Raises:
        Fault: it is neither.
    """
    try:
        return Nation(text.strip().lower())
    except ValueError:
        raise Fault(WHICH_NATIONS) from None


WHICH_NATIONS = (
    "This covers England and Wales only, so the nation must be england or wales; reviews in Scotland and Northern"
    " Ireland follow other law."
)


def nearest(word: str, known: Iterable[str]) -> str:
    """What was probably meant, in brackets within a sentence; empty when nothing is near."""
    found = get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""


def json_object(source: str) -> dict[str, Any]:
    """Read one JSON object.

    Args:
        source: a file, or `-` for standard input.

    Raises:
        Fault: it cannot be read, is not UTF-8, or is not one JSON object.
    """
    name = "What was given on standard input" if source == STDIN else source
    text = _text(source, name)
    try:
        data = json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Fault(f"{name} is not valid JSON ({error.msg}, {where}); correct it and try again.") from None
    except RecursionError:
        raise Fault(f"{name} is nested too deeply to be what is wanted; give one JSON object.") from None
    except _Doubled as doubled:
        raise Fault(f"{name} names the field {doubled} twice; leave one of them out.") from None
    if not isinstance(data, dict):
        raise Fault(f"{name} must hold one JSON object, in braces, with a name for each field.")
    return data


def model_of(kind: type[M], data: dict[str, Any], what: str, help_at: str) -> M:
    """Check plain data against what is wanted, as strictly as JSON is read.

    Args:
        kind: the model.
        data: the fields.
        what: what the data are, to begin the sentence with.
        help_at: the end of the sentence: where to see what is wanted.

    Raises:
        Fault: a field is missing, unknown or wrong; it is named, its content is not.
    """
    try:
        made = kind.model_validate_json(to_json(data), strict=True)
    except ValidationError as error:
        raise Fault(f"{what}: {_fault(error, kind)}{help_at}.") from None
    far = _outside_the_calendar(made)
    if far:
        raise Fault(f"{what}: {far} must lie in {FIRST_DAY.year} to {LAST_DAY.year}, the years this calendar covers.")
    return made


class _Doubled(Exception):
    """A field was named twice."""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Doubled(next(name for name in names if names.count(name) > 1))
    return found


def _text(source: str, name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if source == STDIN else _head(Path(source))
    except FileNotFoundError:
        raise Fault(f"There is no file {source}; check its name and folder.") from None
    except OSError as error:
        raise Fault(f"{source or 'A file without a name'} cannot be read ({error.strerror}).") from None
    except ValueError:
        raise Fault("That is no name of a file; check it.") from None
    if len(raw) > MOST_BYTES:
        raise Fault(f"{name} is far larger than what is wanted here; check that it is the right file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(f"{name} is not UTF-8 text; save it as UTF-8 and try again.") from None
    if not text.strip():
        raise Fault(f"{name} is empty; it should hold one JSON object.")
    return text


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _outside_the_calendar(made: BaseModel) -> str | None:
    """The first field whose day no date can be reckoned from."""
    for name, value in made:
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            return name
        if isinstance(value, BaseModel) and (within := _outside_the_calendar(value)):
            return f"{name}.{within}"
    return None


def _fault(error: ValidationError, kind: type[BaseModel]) -> str:
    """The first thing wrong, in words, the field named; what is missing is named all at once."""
    faults = error.errors(include_url=False, include_input=False)
    missing = [_name(fault) for fault in faults if fault["type"] == "missing"]
    if missing:
        return f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    unknown = [fault for fault in faults if fault["type"] == "extra_forbidden"]
    if unknown:
        return f"there is no field {_name(unknown[0])}{nearest(str(unknown[0]['loc'][-1]), kind.model_fields)}"
    first = faults[0]
    return f"{_name(first)} {_wanted(first)}"


def _name(fault: ErrorDetails) -> str:
    # Where a fact stands within a fact, pydantic puts its kind on the way to the field.
    return ".".join(str(part) for part in fault["loc"] if part not in FACT_TYPES) or "it"


def _wanted(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    kind = fault["type"]
    if fault["loc"] and fault["loc"][-1] == "nation":
        return "must be england or wales: this covers England and Wales only"
    if kind.startswith("date"):
        return "must be a day that exists, written yyyy-mm-dd"
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
