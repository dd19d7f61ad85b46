"""An IRO in the directory: added, changed, away and back, leaving, barred from a child or a team."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from commands.blanks import (
    AGAINST,
    AUTHORITY,
    AWAY_SINCE,
    AWAY_UNTIL,
    BACK_ON,
    COVER,
    KIND,
    LEAVES_ON,
    NAME,
    OF_AN_IRO,
    OF_ANYONE,
    REASON,
)
from commands.directory import Said, iro_of
from commands.fields import OPERATOR
from commands.forms import Form, guided
from commands.iro_away import absent, back, leave
from commands.on_people import About, Act, Given, PeopleCommand, carry_out, standing
from commands.output import AsJson
from commands.running import AtWork, Fault, at_work, register_of, today
from commands.without_iro import tell_those_without, told_words
from register import directory, reading
from register.allocations import children_of
from register.asking import asked_for
from register.gathering import child_to_allocate
from register.queries import facts
from rules.directory import Bar, IroTerms, Person, PersonChanges
from rules.directory_checks import read, terms_for
from rules.vocabulary import Role
from rules.wording import children


def iro(act: Act = None, reference: About = None, given: Given = None, as_json: AsJson = False) -> None:
    """Change the directory of IROs; alone, show what can be done."""
    carry_out(COMMAND, act, reference, given or [], as_json)


def _add(reference: str, given: dict[str, Any]) -> Said:
    said = {"reference": reference, "role": Role.IRO} | {name: value for name, value in given.items() if value}
    of_terms = {name: said.pop(name) for name in list(said) if name in IroTerms.model_fields}
    person = read(Person, said)
    terms = terms_for(person, of_terms)

    async def added(work: AtWork) -> int:
        directory.add_person(work.register, person, terms, OPERATOR, datetime.now(UTC))
        return await tell_those_without(work, person.authority)

    return standing(reference, f"{reference} is in the directory.", at_work(added))


def _change(reference: str, given: dict[str, Any]) -> Said:
    if not given:
        raise Fault("Say what is to change, such as hours=0.8: `starter.py iro --help` shows what can.")
    changes = read(PersonChanges, given)

    async def changed(work: AtWork) -> int:
        person = iro_of(work.register, reference, today())
        directory.change_person(work.register, reference, changes, OPERATOR, datetime.now(UTC))
        return await tell_those_without(work, person.authority)

    return standing(reference, f"{reference} is changed.", at_work(changed))


def _bar(reference: str, given: dict[str, Any]) -> Said:
    bar, register = read(Bar, {"iro": reference} | given), register_of()
    iro_of(register, reference, today())
    directory.add_bar(register, bar, OPERATOR, datetime.now(UTC))
    theirs = _barred_from(bar)
    return Said(
        bar.model_dump(mode="json", exclude={"iro"}) | {"children": theirs},
        f"{reference} is barred from {bar.against}: {bar.kind.words}.",
        tuple(_unfit_words(theirs)),
    )


def _barred_from(bar: Bar) -> list[str]:
    """The episodes of those children of an IRO whom a bar is about."""
    register, at = register_of(), datetime.now(UTC)
    theirs = [(child.episode, facts(register, child.episode)) for child in children_of(register, bar.iro).named]
    with reading(register) as connection:
        looked_at = ((each, child_to_allocate(connection, asked_for(each, entries, at))) for each, entries in theirs)
        return [each for each, child in looked_at if bar.against in (child.child, *child.workers, *child.teams)]


def _unfit_words(theirs: list[str]) -> Iterator[str]:
    if theirs:
        yield f"They are the IRO of {children(len(theirs))} for whom they may not review now:"
        yield from (f"  {each}" for each in theirs)
        yield "Give each another: starter.py allocate EPISODE --to IRO --reason ..."


def _unbar(reference: str, given: dict[str, Any]) -> Said:
    bar = read(Bar, {"iro": reference} | given)

    async def unbarred(work: AtWork) -> int:
        person = iro_of(work.register, reference)
        directory.withdraw_bar(work.register, reference, bar.against, bar.kind, OPERATOR, datetime.now(UTC))
        return await tell_those_without(work, person.authority)

    told = at_work(unbarred)
    return Said(
        bar.model_dump(mode="json", include={"against", "kind"}) | {"told": told},
        f"{reference} is no longer barred from {bar.against} on that ground.",
        (told_words(told),),
    )


COMMAND = PeopleCommand(
    "iro",
    {
        "add": Form("A new IRO.", _add, (NAME, AUTHORITY, *OF_AN_IRO, *OF_ANYONE), ("name", "authority")),
        "change": Form(
            "Only what is given changes; deputy= takes the deputy away.",
            _change,
            (NAME, *OF_AN_IRO, *OF_ANYONE),
            shown_as="what add takes, but for the authority",
        ),
        "absent": Form("Away; covered for in every child's case.", absent, (AWAY_SINCE, AWAY_UNTIL, COVER), ("since",)),
        "back": Form("Back; the cover ends in every child's case.", back, (BACK_ON,), ("on",)),
        "leave": Form("Leaves; on that day every child is given another IRO.", leave, (LEAVES_ON,), ("on",)),
        "bar": Form(
            "May not review for a child, or a worker's or team's.", _bar, (AGAINST, KIND, REASON), ("against", "kind")
        ),
        "unbar": Form("May again.", _unbar, (AGAINST, KIND), ("against", "kind")),
    },
    (
        'starter.py iro add IRO-7 name="Test Person" authority=383 hours=0.6',
        "starter.py iro absent IRO-7 since=today until=2026-12-18 cover=IRO-2",
    ),
)
COMMAND_CLASS = guided(COMMAND.forms)
