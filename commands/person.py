"""The people behind the other posts of the service: added, changed, away and back, leaving."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from commands.blanks import (
    AUTHORITY,
    AWAY_SINCE,
    AWAY_UNTIL,
    BACK_ON,
    COVER,
    LEAVES_ON,
    NAME,
    OF_AN_IRO,
    OF_ANYONE,
    ROLE,
    TEAM,
)
from commands.directory import Said, as_data, draw_said, person_of
from commands.fields import OPERATOR
from commands.forms import Form, filled, form_named, guide, guide_data, guided
from commands.output import AsJson, show
from commands.running import AtWork, Fault, at_work, register_of, today
from commands.without_iro import tell_those_without, told_words
from commands.wording import children, in_full
from register import directory
from register.allocations import children_of
from rules.directory import Absence, Person, PersonChanges
from rules.directory_checks import read
from rules.vocabulary import Role

NOBODYS_POST = frozenset({Role.CHILD, Role.PARENTS, Role.CARER, Role.SYSTEM})
"""The roles that nobody holds for the service."""

FORMS = {
    "add": Form("Somebody new.", (NAME, ROLE, AUTHORITY, TEAM, *OF_ANYONE), ("name", "role", "authority")),
    "change": Form(
        "Only what is given changes; deputy= takes the deputy away.",
        (NAME, ROLE, TEAM, *OF_ANYONE, *OF_AN_IRO),
        shown_as="what add takes, but for the authority; for role=iro, hours and limit too",
    ),
    "absent": Form("Away; what falls to them goes to whoever covers.", (AWAY_SINCE, AWAY_UNTIL, COVER), ("since",)),
    "back": Form("Back.", (BACK_ON,), ("on",)),
    "leave": Form("Leaves; what falls to them goes to the deputy or up the line.", (LEAVES_ON,), ("on",)),
}
COMMAND = "starter.py person"
COMMAND_CLASS = guided(FORMS)
EXAMPLES = (
    'starter.py person add IM-1 name="Test Manager" role=iro_manager authority=383',
    "starter.py person change TM-2 team=TEAM-A line_manager=SM-1 deputy=TM-3",
)


def person(
    act: Annotated[str | None, typer.Argument(metavar="ACT", help="What is to be done, as below.")] = None,
    reference: Annotated[str | None, typer.Argument(metavar="REFERENCE", help="Theirs; never a name.")] = None,
    given: Annotated[list[str] | None, typer.Argument(metavar="name=value", help="As below.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change who holds the other posts; alone, show what can be done."""
    if act is None:
        show(guide_data(FORMS), as_json, lambda: guide(COMMAND, FORMS, EXAMPLES))
        return
    form = form_named(COMMAND, FORMS, act)
    if reference is None or "=" in reference:
        raise Fault(f"Say who, by reference: `{COMMAND} {act} REFERENCE name=value ...`.")
    said = ACTS[act](reference, filled(f"{COMMAND} {act}", form, given or []))
    show({"person": reference, **said.data}, as_json, lambda: draw_said(said, register_of(), today()))


def _add(reference: str, given: dict[str, Any]) -> Said:
    if given["role"] == Role.IRO:
        raise Fault(f"An IRO has hours and a limit: add them with `starter.py iro add {reference} name=value ...`.")
    _refuse_nobodys_post(given)
    person = read(Person, {"reference": reference} | {name: value for name, value in given.items() if value})
    directory.add_person(register_of(), person, None, OPERATOR, datetime.now(UTC))
    return _standing(reference, f"{reference} is in the directory.")


def _change(reference: str, given: dict[str, Any]) -> Said:
    if not given:
        raise Fault(f"Say what is to change, such as deputy=TM-3: `{COMMAND} --help` shows what can.")
    _refuse_nobodys_post(given)
    changes = read(PersonChanges, given)

    async def changed(work: AtWork) -> int:
        person = person_of(work.register, reference)
        if person.role is Role.IRO and given.get("role", Role.IRO) != Role.IRO:
            _refuse_while_they_have_children(work, reference)
        directory.change_person(work.register, reference, changes, OPERATOR, datetime.now(UTC))
        return await tell_those_without(work, person.authority)

    return _standing(reference, f"{reference} is changed.", at_work(changed))


def _refuse_nobodys_post(given: dict[str, Any]) -> None:
    if given.get("role") in NOBODYS_POST:
        raise Fault("That is no post of the service: say another role, such as team_manager, iro_manager or legal.")


def _refuse_while_they_have_children(work: AtWork, reference: str) -> None:
    theirs = children_of(work.register, reference).named
    if theirs:
        raise Fault(
            f"{reference} is the IRO of {children(len(theirs))}: have them given another first, with"
            f" `starter.py iro leave {reference} on=today`."
        )


def _absent(reference: str, given: dict[str, Any]) -> Said:
    absence, register = read(Absence, {"person": reference} | given), register_of()
    _refuse_an_iro(reference, "absent")
    directory.record_absence(register, absence, OPERATOR, datetime.now(UTC))
    until = f" to {in_full(absence.until)}" if absence.until else ""
    return Said(
        absence.model_dump(mode="json", exclude={"person"}),
        f"{reference} is away from {in_full(absence.since)}{until}.",
    )


def _back(reference: str, given: dict[str, Any]) -> Said:
    on, register = date.fromisoformat(given["on"]), register_of()
    _refuse_an_iro(reference, "back")
    if any(each.since == on for each in directory.absences(register, reference)):
        directory.withdraw_absence(register, reference, on, OPERATOR, datetime.now(UTC))
    else:
        directory.end_absence(register, reference, on - timedelta(days=1), OPERATOR, datetime.now(UTC))
    return Said({"on": on}, f"{reference} is back on {in_full(on)}.")


def _leave(reference: str, given: dict[str, Any]) -> Said:
    last = date.fromisoformat(given["on"]) if given["on"] else None
    _refuse_an_iro(reference, "leave")
    directory.set_last_day(register_of(), reference, last, OPERATOR, datetime.now(UTC))
    return Said({"on": last}, f"The last day of {reference} is {in_full(last)}." if last else f"{reference} stays.")


def _refuse_an_iro(reference: str, act: str) -> None:
    if person_of(register_of(), reference).role is Role.IRO:
        raise Fault(f"{reference} is an IRO, whose children are to be seen to: use `starter.py iro {act}`.")


def _standing(reference: str, title: str, told: int = 0) -> Said:
    register = register_of()
    person = person_of(register, reference)
    return Said(as_data(register, person) | {"told": told}, title, (told_words(told),), person)


ACTS: dict[str, Callable[[str, dict[str, Any]], Said]] = {
    "add": _add,
    "change": _change,
    "absent": _absent,
    "back": _back,
    "leave": _leave,
}
