"""What each act asks for, read from its model: for `starter.py acts`, and to read `name=value` by."""

from enum import StrEnum
from functools import cache
from typing import Any

from commands.reading import day_of, nearest
from commands.running import Fault, today
from rules.facts import FACT_TYPES, OF_THE_SYSTEM
from rules.facts.base import FactBase
from rules.vocabulary import EndReason, Frozen

KIND = "kind"
OF_EVERY_ACT = ("id", "on", "by")
OPENING_ACT = "became_looked_after"
CORRECTION = "fact_corrected"
OPERATOR = "operator"
"""Who recorded it, where nobody says."""

ACTS = tuple(act for act in FACT_TYPES if act not in OF_THE_SYSTEM)
"""Every act that somebody may record."""

_YES_NO = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


class Shape(StrEnum):
    """How a field is written."""

    DAY = "a day, yyyy-mm-dd"
    TIME = "a time of day, hh:mm"
    YES_NO = "yes or no"
    CHOICE = "one of these"
    CHOICES = "any of these, with commas between"
    SEVERAL = "one or more, with commas between"
    STEP = "a step, as the agenda names it"
    REFERENCE = "a reference, never a name"
    WORDS = "in your own words, no names"
    CODE = "three digits, as on the SSDA903"
    FACT = "to.FIELD=VALUE for each field that was wrong"


class Field(Frozen):
    """One field of an act."""

    name: str
    shape: Shape
    required: bool
    choices: tuple[str, ...] = ()
    default: Any = None


class ActSaid(Frozen):
    """One act as `starter.py acts` tells it."""

    act: str
    says: str
    fields: tuple[Field, ...]


@cache
def act_said(act: str) -> ActSaid:
    """What an act says and asks for.

    Args:
        act: its name, which must be known.
    """
    schema = FACT_TYPES[act].model_json_schema()
    required = schema.get("required", [])
    fields = tuple(
        _field(name, rules, name in required, schema.get("$defs", {}))
        for name, rules in schema["properties"].items()
        if name != KIND
    )
    return ActSaid(act=act, says=_first_sentence(FACT_TYPES[act]), fields=fields)


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


def _first_sentence(kind: type[FactBase]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


def _field(name: str, rules: dict[str, Any], required: bool, definitions: dict[str, Any]) -> Field:
    one = next((each for each in rules.get("anyOf", ()) if each.get("type") != "null"), rules)
    many = "items" in one
    inner = one["items"] if many else one
    named = definitions.get(inner.get("$ref", "").rpartition("/")[2], inner)
    choices = tuple(named.get("enum", ()))
    shape = _shape_of_many(choices) if many else Shape.CHOICE if choices else _shape(name, named)
    return Field(name=name, shape=shape, required=required, choices=choices, default=rules.get("default") or None)


def _shape_of_many(choices: tuple[str, ...]) -> Shape:
    return Shape.CHOICES if choices else Shape.SEVERAL


def _shape(name: str, rules: dict[str, Any]) -> Shape:
    if "discriminator" in rules or "oneOf" in rules:
        return Shape.FACT
    if rules.get("format") == "date":
        return Shape.DAY
    if rules.get("format") == "time":
        return Shape.TIME
    if rules.get("type") == "boolean":
        return Shape.YES_NO
    if name == "step":
        return Shape.STEP
    if "maxLength" in rules:
        return Shape.WORDS
    return Shape.CODE if name == "authority" else Shape.REFERENCE


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


def meaning(choice: str) -> str:
    """What a code stands for; empty where it speaks for itself."""
    return EndReason(choice).words if choice in set(EndReason) else ""
