"""Putting a fact right: the fact as it stands, with what a person changes in it. The rest stays as it is."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine

from client.checked import Faulty, FieldFault, checked
from register.queries import facts
from rules.case import Case
from rules.facts import FactCorrected, PlainFact

THAT_STAYS = ("id", "kind", "by")
"""A fact keeps these whatever was wrong with it: who corrects it stands in the correction."""


class NoSuchFact(Exception):
    """No fact of that id stands in the episode; the message is for a person."""


def standing_fact(register: Engine, episode: str, fact_id: str) -> PlainFact:
    """A fact as it stands now: as it was recorded, or as it was last corrected.

    Args:
        register: the database.
        episode: the episode's id.
        fact_id: which.

    Raises:
        NoSuchFact: there is none, or it was withdrawn.
        RegisterUnavailable: the database cannot be used.
    """
    entries = facts(register, episode)
    standing = Case(entries).standing if entries else []
    found = next((known.fact for known in standing if known.id == fact_id), None)
    if found is None:
        raise NoSuchFact(f"No fact of that id stands in {episode}: its timeline has the facts and their ids.")
    return found


def correction_again(
    register: Engine, episode: str, corrects: str, changes: Mapping[str, Any], *, reason: str, by: str, fact_id: str
) -> FactCorrected | None:
    """The very correction that is sent, where it was recorded before: what came after it may have changed the fact.

    Args:
        register: the database.
        episode: the episode's id.
        corrects: the id of the fact that was wrong.
        changes, reason, by, fact_id: as for `correction`.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    held = next((entry.fact for entry in facts(register, episode) if entry.fact.id == fact_id), None)
    if not isinstance(held, FactCorrected) or (held.corrects, held.reason, held.by) != (corrects, reason, by):
        return None
    return held if put_right(held.to, changes) == put_right(held.to, {}) else None


def put_right(wrong: PlainFact, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is right, for the `to` of a correction: the fact with what is changed in it.

    Args:
        wrong: the fact as it stands.
        changes: the new value of each field that was wrong, as JSON would have it; None takes the field away.
    """
    right: dict[str, Any] = wrong.model_dump(mode="json") | dict(changes)
    return {name: value for name, value in right.items() if value is not None}


def correction(
    wrong: PlainFact, changes: Mapping[str, Any], *, reason: str, by: str, on: date, fact_id: str = ""
) -> FactCorrected:
    """The fact that corrects another.

    Args:
        wrong: the fact as it stands.
        changes: as for `put_right`.
        reason: why it was wrong.
        by: who says so, a reference.
        on: the day, a London date.
        fact_id: the correction's own id; a fresh one when left out.

    Raises:
        Faulty: a field is missing, unknown or wrong, or one that stays as it is; those of the fact put right stand
            under `to`.
    """
    if kept := [name for name in THAT_STAYS if name in changes]:
        raise Faulty(FieldFault(("to", name), "stays as it is") for name in kept)
    fields = {
        "id": fact_id or f"f-{secrets.token_hex(4)}",
        "on": on,
        "by": by,
        "corrects": wrong.id,
        "reason": reason,
        "to": put_right(wrong, changes),
    }
    return checked(FactCorrected, fields)
