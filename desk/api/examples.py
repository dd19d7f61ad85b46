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
    "dispute": "dispute-raised-1",
    "referral": "cafcass-referred-1",
    "proceedings": "proceedings-issued-1",
    "document": "court-document-received-1",
    "hearing": "hearing-listed-1",
    "complaint": "complaint-made-1",
    "wish": "child-wished-1",
}
_WORDS = {"text": "Contact with her grandmother each month.", "place": "At school"}
_ALSO = {
    "review_held": ("participation", "chaired_by", "attended"),
    "child_consulted": ("ways",),
    "review_arranged": ("at", "place"),
    "dispute_raised": ("by", "failure", "needed_by"),
    **dict.fromkeys(("dispute_taken_up", "dispute_paused", "dispute_resolved", "dispute_withdrawn"), ("by",)),
    **dict.fromkeys(("cafcass_considered", "cafcass_referred", "child_wants_no_more"), ("by",)),
    "hearing_moved": ("held_on",),
    "child_wish_answered": ("reason",),
}
"""Fields that are not needed, or only sometimes, and shown all the same. What the child's IRO
alone does in a dispute says who they are."""
_REQUESTS = {
    "legal_advice_given": "legal-advice-asked-1",
    "child_wants_no_more": "child-wished-1",
    "adult_sought": "child-wants-proceedings-1",
    "child_helped_to_advice": "child-wants-proceedings-1",
    "advocate_provided": "advocate-asked-1",
}
"""The fact that each act answers."""
_CHOSEN: dict[str, Any] = {
    "participation": "PN1",
    "attended": ["child", "carer", "social_worker"],
    "step": "report.opening",
    "owner": "social_worker",
    "planned_for": "2026-12-03",
    "reconvene_on": "2026-12-03",
    "due": "2027-01-29",
    "held_on": "2027-01-12",
    "needed_by": "2026-12-01",
    "until": "2026-11-20",
    "by": "IRO-7",
    "to": "head_of_service",
    "met": "in_part",
    "raised_with": ["team_manager", "head_of_service"],
    "needs": ["welsh"],
}


def of_act(act: str) -> dict[str, Any]:
    """An example of an act, with what it needs.

    Args:
        act: its name.
    """
    shown = _ALSO.get(act, ())
    fields = (field for field in act_said(act).fields if field.name != "by" or "by" in shown)
    made = {field.name: _value(act, field) for field in fields if field.required or field.name in shown}
    return made | {"id": f"{act.replace('_', '-')}-1", "on": DAY}


def _value(act: str, field: Field) -> Any:
    if act == CORRECTING and field.shape is Shape.FACT:
        return {KIND: "review_held", **of_act("review_held"), "id": "review-1", "by": "IRO-7"}
    if field.name == "request":
        return _REQUESTS[act]
    if field.name in _CHOSEN and (not field.choices or _is_one_of(_CHOSEN[field.name], field.choices)):
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


def _is_one_of(value: Any, choices: tuple[str, ...]) -> bool:
    return set(value if isinstance(value, list) else [value]) <= set(choices)
