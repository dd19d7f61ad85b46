"""Reading what people and case systems give: days, nations, JSON; each fault in it told in one sentence.

No value is ever repeated in a fault: it may be a birth date, or somebody's own words.
"""

import re
import sys
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from client.checked import FIRST_DAY, LAST_DAY, Faulty, checked
from client.json_objects import MOST_BYTES, NotAnObject, object_in
from commands.running import Fault
from rules.vocabulary import Nation

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


def json_object(source: str) -> dict[str, Any]:
    """Read one JSON object.

    Args:
        source: a file, or `-` for standard input.

    Raises:
        Fault: it cannot be read, is not UTF-8, or is not one JSON object.
    """
    name = "What was given on standard input" if source == STDIN else source
    try:
        return object_in(_text(source, name))
    except NotAnObject as said:
        raise Fault(f"{name} {said}") from None


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
        return checked(kind, data)
    except Faulty as faulty:
        raise Fault(f"{what}: {faulty}{help_at}.") from None


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
