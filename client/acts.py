"""What each act asks for, read from its model: for whoever fills in a form, types a command or calls the API."""

from enum import StrEnum
from functools import cache
from typing import Any

from rules.codes import EndReason
from rules.facts import FACT_TYPES, OF_THE_SYSTEM
from rules.vocabulary import Frozen

KIND = "kind"
OF_EVERY_ACT = ("id", "on", "by")
OPENING_ACT = "became_looked_after"
CORRECTION = "fact_corrected"
WITHDRAWAL = "fact_withdrawn"

ACTS = tuple(act for act in FACT_TYPES if act not in OF_THE_SYSTEM)
"""Every act that somebody may record."""


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
    FACT = "the fact as it is right, with all its fields"


class Field(Frozen):
    """One field of an act."""

    name: str
    shape: Shape
    required: bool
    choices: tuple[str, ...] = ()
    default: Any = None


class ActSaid(Frozen):
    """One act and what it asks for."""

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
    return ActSaid(act=act, says=says_of(act), fields=fields)


def says_of(act: str) -> str:
    """What an act says, in a sentence.

    Args:
        act: its name, which must be known.
    """
    return " ".join((FACT_TYPES[act].__doc__ or "").split("\n\n")[0].split())


def meaning(choice: str) -> str:
    """What a code stands for; empty where it speaks for itself."""
    return EndReason(choice).words if choice in set(EndReason) else ""


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
