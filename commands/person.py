"""The people behind the other posts of the service: added, changed, away and back, leaving."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

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
from commands.directory import Said, person_of, refuse_nobodys_post
from commands.fields import OPERATOR
from commands.forms import Form, guided
from commands.on_people import About, Act, Given, PeopleCommand, carry_out, standing
from commands.output import AsJson
from commands.people_file import COLUMNS, NEEDED
from commands.person_import import import_people
from commands.running import AtWork, Fault, at_work, register_of
from commands.without_iro import tell_those_without
from register import directory
from register.allocations import children_of
from rules.directory import Absence, Person, PersonChanges
from rules.directory_checks import read
from rules.vocabulary import Role
from rules.wording import children, in_full


def person(act: Act = None, reference: About = None, given: Given = None, as_json: AsJson = False) -> None:
    """Change who holds the other posts; alone, show what can be done."""
    carry_out(COMMAND, act, reference, given or [], as_json)


def _add(reference: str, given: dict[str, Any]) -> Said:
    if given["role"] == Role.IRO:
        raise Fault(f"An IRO has hours and a limit: add them with `starter.py iro add {reference} name=value ...`.")
    refuse_nobodys_post(given.get("role"))
    person = read(Person, {"reference": reference} | {name: value for name, value in given.items() if value})
    directory.add_person(register_of(), person, None, OPERATOR, datetime.now(UTC))
    return standing(reference, f"{reference} is in the directory.")


def _change(reference: str, given: dict[str, Any]) -> Said:
    if not given:
        raise Fault("Say what is to change, such as deputy=TM-3: `starter.py person --help` shows what can.")
    refuse_nobodys_post(given.get("role"))
    changes = read(PersonChanges, given)

    async def changed(work: AtWork) -> int:
        person = person_of(work.register, reference)
        if person.role is Role.IRO and given.get("role", Role.IRO) != Role.IRO:
            _refuse_while_they_have_children(work, reference)
        directory.change_person(work.register, reference, changes, OPERATOR, datetime.now(UTC))
        return await tell_those_without(work, person.authority)

    return standing(reference, f"{reference} is changed.", at_work(changed))


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


COMMAND = PeopleCommand(
    "person",
    {
        "add": Form("Somebody new.", _add, (NAME, ROLE, AUTHORITY, TEAM, *OF_ANYONE), ("name", "role", "authority")),
        "import": Form(
            "Many at once, IROs too; where one row is wrong, nobody.",
            import_people,
            COLUMNS,
            tuple(column.name for column in NEEDED),
            shown_as="FILE.csv; columns reference and what add takes, here or in starter.py iro",
            of_file=True,
        ),
        "change": Form(
            "Only what is given changes; deputy= takes the deputy away.",
            _change,
            (NAME, ROLE, TEAM, *OF_ANYONE, *OF_AN_IRO),
            shown_as="what add takes, but for the authority; for role=iro, hours and limit too",
        ),
        "absent": Form(
            "Away; what falls to them goes to whoever covers.", _absent, (AWAY_SINCE, AWAY_UNTIL, COVER), ("since",)
        ),
        "back": Form("Back.", _back, (BACK_ON,), ("on",)),
        "leave": Form("Leaves; what falls to them goes to the deputy or up the line.", _leave, (LEAVES_ON,), ("on",)),
    },
    (
        'starter.py person add IM-1 name="Test Manager" role=iro_manager authority=383',
        "starter.py person change TM-2 team=TEAM-A line_manager=SM-1 deputy=TM-3",
        "starter.py person import people.csv",
    ),
)
COMMAND_CLASS = guided(COMMAND.forms)
