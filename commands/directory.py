"""People of the directory, as commands ask for them and show them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from rich.console import RenderableType
from sqlalchemy import Engine

from commands.output import facts_about, heading
from commands.running import Fault
from register import directory
from rules.authorities import authority
from rules.directory import Absence, IroTerms, Person
from rules.vocabulary import Role
from rules.wording import in_full, listed, nearest, short

NOBODYS_POST = frozenset({Role.CHILD, Role.PARENTS, Role.CARER, Role.SYSTEM})
"""The roles that nobody holds for the service."""


class Said(NamedTuple):
    """What came of a change of the directory.

    Attributes:
        data: for programs.
        title: in one sentence.
        lines: what else there is to say, in words or drawn; empty ones are left out.
        shown: who is to be shown as they stand now.
        fault: the sentence to end with, where nothing was changed because of what is said here.
    """

    data: dict[str, Any]
    title: str
    lines: tuple[RenderableType, ...] = ()
    shown: Person | None = None
    fault: str = ""


def draw_said(said: Said, register: Engine, day: date) -> Iterator[RenderableType]:
    """Draw what came of a change."""
    yield heading(said.title)
    if said.shown:
        yield facts_about(*_about(register, said.shown, day))
    yield from (line for line in said.lines if line)


def refuse_nobodys_post(role: str | None) -> None:
    """Refuse a role that nobody holds for the service.

    Raises:
        Fault: it is one of those.
    """
    if role in NOBODYS_POST:
        raise Fault("That is no post of the service: say another role, such as team_manager, iro_manager or legal.")


def person_of(register: Engine, reference: str) -> Person:
    """Somebody in the directory.

    Raises:
        Fault: there is nobody of that reference.
    """
    found = directory.person(register, reference)
    if found is None:
        meant = nearest(reference, [each.reference for each in directory.people(register)])
        raise Fault(
            f"Nobody in the directory has that reference{meant}: `starter.py iros` and `starter.py people` show who is"
            " there."
        )
    return found


def iro_of(register: Engine, reference: str, day: date | None = None) -> Person:
    """An IRO.

    Args:
        register: the database.
        reference: who.
        day: a London date on which they must not have left yet; None where that is of no matter.

    Raises:
        Fault: there is none of that reference, or they have left.
    """
    found = person_of(register, reference)
    if found.role is not Role.IRO:
        raise Fault(f"{reference} is {found.role.words}, not an IRO: use `starter.py person` for other posts.")
    if day and found.until and found.until < day:
        raise Fault(
            f"{reference} left on {in_full(found.until)}: if they stay after all,"
            f" `starter.py iro leave {reference} on=never`."
        )
    return found


def away_on(absences: list[Absence], day: date) -> Absence | None:
    """The absence of a day; where there are several, one that is covered."""
    found = [each for each in absences if each.includes(day)]
    return next((each for each in found if each.cover), found[0] if found else None)


def coming_and_going(person: Person, absences: list[Absence], day: date) -> list[str]:
    """That somebody begins, is or will be away, or leaves, each in a few words.

    Args:
        person: who.
        absences: their times away.
        day: a London date.
    """
    words = [f"from {short(person.since)}"] if person.since and person.since > day else []
    for absence in absences:
        if absence.until is None or absence.until >= day:
            words.append(f"{away_words(absence, day)}, {covered_words(absence)}")
    if person.until:
        words.append(f"{'left' if person.until < day else 'leaves'} {short(person.until)}")
    return words


def away_words(absence: Absence, day: date) -> str:
    """From when to when somebody is away."""
    since = "" if absence.since <= day else f" from {short(absence.since)}"
    until = f" to {short(absence.until)}" if absence.until else ""
    return f"away{since}{until}"


def covered_words(absence: Absence) -> str:
    """Who covers."""
    return f"covered by {absence.cover}" if absence.cover else "no cover"


def as_data(register: Engine, person: Person) -> dict[str, Any]:
    """Somebody as programs read it, with their terms if they are an IRO."""
    terms = directory.terms(register, person.reference)
    said = terms.model_dump(mode="json", exclude={"iro"}) | {"places": terms.places} if terms else {}
    return person.model_dump(mode="json") | said


def _about(register: Engine, person: Person, day: date) -> Iterator[tuple[str, RenderableType]]:
    """Somebody as people read it."""
    terms = directory.terms(register, person.reference)
    yield "Name", person.name
    yield "Post", f"{person.role.words}, {authority(person.authority).name} ({person.authority})"
    if terms:
        yield from _of_terms(terms)
    for name, said in (("Team", person.team), ("Line manager", person.line_manager), ("Deputy", person.deputy)):
        if said:
            yield name, said
    if reached := [each for each in (person.email, person.phone) if each]:
        yield "Reached by", listed(reached)
    for words in coming_and_going(person, directory.absences(register, person.reference), day):
        yield "Note", words


def _of_terms(terms: IroTerms) -> Iterator[tuple[str, RenderableType]]:
    yield "Hours", "full time" if terms.hours == 1 else f"{terms.hours:g} of full time"
    yield "Places", f"{terms.places} ({terms.full_time_limit} for full time)"
    yield "Reviews in", listed(nation.value.title() for nation in terms.nations)
    if terms.offers:
        yield "Offers", listed(terms.offers)
    if terms.picture:
        yield "Picture", terms.picture
