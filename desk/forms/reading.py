"""Reading a form: what was given in its fields, and what is wrong, told by the fields' names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from client.checked import Faulty
from desk.forms.controls import Control, Unreadable, every_control, value_of
from register.drafts import Body


def read(controls: Iterable[Control], body: Body) -> tuple[dict[str, Any], dict[str, str]]:
    """What was given in some fields, and what is wrong with it, each by the field's name."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for control in asked_now(controls, body):
        try:
            values[control.name] = value_of(control, body)
        except Unreadable as error:
            faults[control.name] = str(error)
            continue
        if control.needed and values[control.name] is None:
            faults[control.name] = control.missing
    return values, faults


def asked_now(controls: Iterable[Control], body: Body) -> Iterator[Control]:
    """The fields that count, by what was chosen in others."""
    for control in controls:
        yield control
        for choice in control.choices:
            if choice.then and choice.value in body.get(control.name, ()):
                yield from asked_now(choice.then, body)


def in_words(
    error: Faulty, names: Mapping[str, str], controls: Iterable[Control], within: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The faults of a fact by the form's fields.

    Args:
        error: the faults.
        names: the form's field for each field of the fact.
        controls: the form's fields.
        within: the same for the fact that stands within it, where it corrects one.
    """
    known = {control.name: control for control in every_control(controls)}
    told: dict[str, str] = {}
    for fault in error.faults:
        inner = within is not None and fault.at[:1] == ("to",)
        place = next((str(part) for part in fault.at[1 if inner else 0 :]), "")
        name = ((within if inner else None) or names).get(place, "")
        control = known.get(name)
        if control is None:
            told.setdefault("", fault.sentence)
        else:
            told.setdefault(name, control.missing if fault.missing else f"{control.label}: {fault.wrong}")
    return told
