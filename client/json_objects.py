"""Reading one JSON object, as a file or a request holds it: strictly, so that nothing is lost unsaid."""

import json
from collections import Counter
from typing import Any

MOST_BYTES = 1_000_000
"""No object that is wanted here is larger."""

LONGEST_NAME = 48
"""So much of a field's name is repeated in a fault."""


class NotAnObject(Exception):
    """A text is not one JSON object; the message says why, to stand after the text's name."""


def object_in(text: str) -> dict[str, Any]:
    """The JSON object in a text.

    Args:
        text: as it came.

    Raises:
        NotAnObject: it is not one JSON object, or names a field twice.
    """
    try:
        data = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotAnObject(f"is not valid JSON ({error.msg}, {where}); correct it and try again.") from None
    except RecursionError:
        raise NotAnObject("is nested too deeply to be what is wanted; give one JSON object.") from None
    except _Doubled as doubled:
        raise NotAnObject(f"names the field {doubled} twice; leave one of them out.") from None
    except ValueError:  # A number that Python takes for none, such as NaN or one of thousands of digits.
        raise NotAnObject("is not valid JSON (a number that is none); correct it and try again.") from None
    if not isinstance(data, dict):
        raise NotAnObject("must hold one JSON object, in braces, with a name for each field.")
    return data


class _Doubled(Exception):
    """A field was named twice."""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise _Doubled(name[:LONGEST_NAME])
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)
