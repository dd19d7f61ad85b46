"""Acts as they are typed: the name of one, and its fields as `name=value`."""

from typing import Any

from client.acts import ACTS, Field, Shape, act_said
from commands.reading import day_of
from commands.running import Fault, today
from rules.facts import OF_THE_CLOCKS, OF_THE_SYSTEM
from rules.wording import nearest

OPERATOR = "operator"
"""Who recorded it, where nobody says."""

_YES_NO = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


def act_named(word: str) -> str:
    """The act a person means; dashes serve for underlines.

    Raises:
        Fault: there is none of that name, or only the system itself records it.
    """
    act = word.strip().lower().replace("-", "_")
    if act == "notice_undelivered":
        raise Fault(
            f"Only the system itself records {act}: when the notice has been delivered after all, record"
            " notice_delivered."
        )
    if act in OF_THE_CLOCKS:
        raise Fault(
            f"Only the system itself records {act}, when its day comes. Take a dispute up with dispute_taken_up, and"
            " say what came of a hearing with hearing_reported."
        )
    if act in OF_THE_SYSTEM:
        raise Fault(
            f"Only the system itself records {act}, when it looks for an IRO: to appoint one,"
            " use `starter.py allocate EPISODE`."
        )
    if act not in ACTS:
        meant = nearest(act, ACTS)
        raise Fault(f"There is no such act{meant}; `starter.py acts` lists them.")
    return act


def texts_of(pairs: list[str], shown_by: str) -> dict[str, str]:
    """Split `name=value` pairs.

    Args:
        pairs: as typed.
        shown_by: what shows the names there are, such as a command.

    Raises:
        Fault: one has no `=`, or a name comes twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise Fault(f"Give each field as name=value (quoted where there are spaces); {shown_by} shows them.")
        if name in found:
            raise Fault(f"{name} is given twice; leave one of them out.")
        found[name] = text.strip()
    return found


def values_of(act: str, texts: dict[str, str]) -> dict[str, Any]:
    """The values of an act's fields, as JSON would have them. An empty text leaves its field out.

    Args:
        act: the act.
        texts: the text typed for each field.

    Raises:
        Fault: a field is unknown or its text cannot be read.
    """
    known = {field.name: field for field in act_said(act).fields}
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in known:
            meant = nearest(name, known)
            raise Fault(f"{act} has no such field{meant}; `starter.py acts {act}` shows its fields.")
        if text:
            values[name] = _value(known[name], text)
    return values


def _value(field: Field, text: str) -> Any:
    if field.shape is Shape.DAY:
        return (today() if text == "today" else day_of(text, f"{field.name}=")).isoformat()
    if field.shape is Shape.YES_NO:
        if text.lower() not in _YES_NO:
            raise Fault(f"{field.name} must be yes or no.")
        return _YES_NO[text.lower()]
    if field.shape is Shape.SEVERAL:
        return parts_of(text)
    if field.shape is Shape.CHOICES:
        return [_choice(field, part) for part in parts_of(text)]
    if field.shape is Shape.CHOICE:
        return _choice(field, text)
    return text


def parts_of(text: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _choice(field: Field, text: str) -> str:
    alike = {choice.lower(): choice for choice in field.choices}
    word = text.lower().replace("-", "_").replace(" ", "_")
    if word not in alike:
        raise Fault(f"{field.name} must be {' or '.join([', '.join(field.choices[:-1]), field.choices[-1]])}.")
    return alike[word]
