"""Examples of what may be sent, made up, for the OpenAPI document. A test has each of them checked."""

from typing import Any

from client.acts import CORRECTION as CORRECTING
from client.acts import KIND, Field, Shape, act_said

DAY = "2026-11-10"

OPENING: dict[str, Any] = {
    "a notification": {
        "authority": "810",
        "nation": "england",
        "child": "EXAMPLE-1",
        "birth_date": "2015-03-04",
        "became_looked_after": DAY,
    },
    "with all that is known": {
        "authority": "810",
        "nation": "england",
        "child": "EXAMPLE-2",
        "birth_date": "2012-07-01",
        "became_looked_after": DAY,
        "legal_status": "C1",
        "notified_on": "2026-11-11",
        "social_worker": "SW-7",
        "team_manager": "TM-2",
        "siblings": ["EXAMPLE-1"],
        "needs": ["welsh"],
    },
}
CORRECTION: dict[str, Any] = {
    "the day was mistyped": {
        "id": "correction-1",
        "on": "2026-12-01",
        "reason": "The day was mistyped.",
        "changes": {"on": "2026-11-30"},
    }
}

_REFERENCES = {
    "iro": "IRO-7",
    "cover": "IRO-8",
    "kin": "EXAMPLE-2",
    "chaired_by": "IRO-7",
    "decision": "decision-1",
    "owner_reference": "SW-7",
    "withdraws": "review-1",
    "corrects": "review-1",
    "challenge": "challenge-1",
    "change": "significant-change-1",
    "notice": "41",
}
_WORDS = {"text": "Contact with her grandmother each month.", "place": "At school"}
_ALSO = {
    "review_held": ("participation", "chaired_by", "attended"),
    "child_consulted": ("ways",),
    "review_arranged": ("at", "place"),
}
"""Fields that are not needed, and shown all the same."""
_CHOSEN: dict[str, Any] = {
    "participation": "PN1",
    "attended": ["child", "carer", "social_worker"],
    "step": "report.opening",
    "owner": "social_worker",
    "planned_for": "2026-12-03",
    "reconvene_on": "2026-12-03",
    "due": "2027-01-29",
    "needs": ["welsh"],
}


def of_act(act: str) -> dict[str, Any]:
    """An example of an act, with what it needs.

    Args:
        act: its name.
    """
    shown = _ALSO.get(act, ())
    fields = (field for field in act_said(act).fields if field.name != "by")
    made = {field.name: _value(act, field) for field in fields if field.required or field.name in shown}
    return made | {"id": f"{act.replace('_', '-')}-1", "on": DAY}


def _value(act: str, field: Field) -> Any:
    if act == CORRECTING and field.shape is Shape.FACT:
        return {KIND: "review_held", **of_act("review_held"), "id": "review-1", "by": "IRO-7"}
    if field.name in _CHOSEN:
        return _CHOSEN[field.name]
    match field.shape:
        case Shape.DAY:
            return DAY
        case Shape.TIME:
            return "14:30"
        case Shape.YES_NO:
            return True
        case Shape.CHOICE:
            return field.choices[0]
        case Shape.CHOICES:
            return [field.choices[0]]
        case Shape.WORDS:
            return _WORDS.get(field.name, "In a sentence, without names.")
        case _:
            return _REFERENCES.get(field.name, "EXAMPLE-1")
