"""What the directory refuses, and why, in one sentence that says what to do.

Pure: each check is given the directory as it stands, and the day where one matters. References are shown, names never.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from rules.authorities import Authority, UnknownAuthority, authority
from rules.clock import says
from rules.directory import Absence, Bar, BarKind, IroTerms, Person, PersonChanges
from rules.vocabulary import Frozen, KinRelation, Role

M = TypeVar("M", bound=Frozen)

Newcomer = tuple[Person, IroTerms | None]
"""Someone to be added to the directory, with their terms if they are an IRO."""


class DirectoryRefused(ValueError):
    """The directory does not take this; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Directory:
    """The directory as it stands.

    Attributes:
        people: by reference.
        terms: of the IROs, by reference.
        absences: past, present and to come.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    terms: Mapping[str, IroTerms] = field(default_factory=dict)
    absences: Sequence[Absence] = ()


class KinLink(Frozen):
    """That one child is kin to another.

    Attributes:
        child: one of them.
        relation: what the other is to that one.
        kin: the other.
    """

    child: str
    relation: KinRelation
    kin: str

    @property
    def inverse(self) -> "KinLink":
        """The same, told from the other side."""
        return KinLink(child=self.kin, relation=_INVERSE[self.relation], kin=self.child)


_INVERSE = {
    KinRelation.SIBLING: KinRelation.SIBLING,
    KinRelation.PARENT: KinRelation.CHILD,
    KinRelation.CHILD: KinRelation.PARENT,
}


# --- People ------------------------------------------------------------------------------------------------------


def check_added(directory: Directory, newcomers: Sequence[Newcomer]) -> None:
    """Check people who are to be added together; they may name each other as manager or deputy.

    Raises:
        DirectoryRefused: one of them is there already or twice, has no known authority, lacks an IRO's terms or has
            them without being one, or names a manager or deputy who is unknown or leads back to them.
    """
    people = dict(directory.people)
    for person, _ in newcomers:
        if person.reference in people:
            raise DirectoryRefused(f"{person.reference} is in the directory already: change that entry instead.")
        people[person.reference] = person
    for person, terms in newcomers:
        _check_person(replace(directory, people=people), person, terms)


def changed(directory: Directory, reference: str, changes: PersonChanges) -> tuple[Person, IroTerms | None]:
    """A person as they will be, checked.

    An IRO who takes another post loses the terms; somebody who becomes an IRO needs hours or a limit to be given.

    Args:
        directory: as it stands.
        reference: who.
        changes: what is to change.

    Returns:
        The person, and their terms if they are an IRO.

    Raises:
        DirectoryRefused: nobody has the reference, or what would come of it cannot be.
    """
    before, terms = known(directory, reference), directory.terms.get(reference)
    person = read(Person, before.model_dump() | changes.of_person)
    if person.role is not Role.IRO and not changes.of_terms:
        terms = None
    elif terms or changes.of_terms:
        terms = terms_for(person, (terms.model_dump() if terms else {}) | changes.of_terms)
    _check_person(replace(directory, people={**directory.people, reference: person}), person, terms)
    return person, terms


def terms_for(person: Person, given: Mapping[str, Any]) -> IroTerms:
    """The terms of an IRO as given; they review in their authority's own nation where nothing else is said.

    Args:
        person: who they are.
        given: what is said of the terms, by the fields of `IroTerms`.

    Raises:
        DirectoryRefused: what is given cannot be read, or there is no such authority.
    """
    return read(IroTerms, {"iro": person.reference, "nations": (_authority(person).nation,)} | dict(given))


def check_last_day(directory: Directory, reference: str, day: date | None) -> Person:
    """Check somebody's last day; None takes it back.

    Returns:
        The person, with that last day.

    Raises:
        DirectoryRefused: nobody has the reference, or the day comes before their first.
    """
    return read(Person, known(directory, reference).model_dump() | {"until": day})


def known(directory: Directory, reference: str) -> Person:
    """The person of a reference.

    Raises:
        DirectoryRefused: there is none.
    """
    person = directory.people.get(reference)
    if person is None:
        raise DirectoryRefused(f"{reference} is not in the directory: add them first, or give another reference.")
    return person


def _authority(person: Person) -> Authority:
    try:
        return authority(person.authority)
    except UnknownAuthority as error:
        raise DirectoryRefused(str(error)) from error


def _check_person(directory: Directory, person: Person, terms: IroTerms | None) -> None:
    _authority(person)
    _check_terms(person, terms)
    _check_above(directory, person, "line manager", lambda each: each.line_manager)
    _check_above(directory, person, "deputy", lambda each: each.deputy)


def _check_terms(person: Person, terms: IroTerms | None) -> None:
    if terms is None:
        if person.role is Role.IRO:
            raise DirectoryRefused(f"{person.reference} is to be an IRO: give their hours or their limit too.")
        return
    if person.role is not Role.IRO:
        raise DirectoryRefused(
            f"{person.reference} is {person.role.words}, and only an IRO has hours, a limit, nations and offers: "
            "leave them out, or make the role iro."
        )
    if terms.iro != person.reference:
        raise DirectoryRefused(f"The terms are those of {terms.iro}: give those of {person.reference}.")


def _check_above(directory: Directory, person: Person, post: str, next_of: Callable[[Person], str | None]) -> None:
    """Check that a line manager or a deputy is known, and that going from one to the next never comes back."""
    passed = [person.reference]
    above = next_of(person)
    while above is not None:
        if above == person.reference:
            circle = " to ".join([*passed, above])
            raise DirectoryRefused(f"They would go round in a circle, {circle}: name another {post}.")
        if above not in directory.people:
            raise DirectoryRefused(f"The {post} {above} is not in the directory: add them first, or name another.")
        if above in passed:
            return  # A circle further on is not this person's doing.
        passed.append(above)
        above = next_of(directory.people[above])


# --- Absences and bars -------------------------------------------------------------------------------------------


def check_absence(directory: Directory, absence: Absence) -> None:
    """Check a time away. One recorded with the same first day is taken to be replaced.

    Raises:
        DirectoryRefused: the person is unknown or gone, ends before beginning, is away already, or is covered by
            somebody who cannot.
    """
    person = known(directory, absence.person)
    if absence.until and absence.until < absence.since:
        raise DirectoryRefused("The last day away comes before the first: give the first day or a later one.")
    if person.until and person.until < absence.since:
        raise DirectoryRefused(f"{person.reference} leaves on {says(person.until)}: give a time away before that day.")
    for other in _absences_of(directory, person.reference):
        if other.since != absence.since and _overlap(other, absence):
            raise DirectoryRefused(
                f"{person.reference} is away from {_time(other)} already: end that absence first, or give other days."
            )
    if absence.cover is not None:
        _check_cover(directory, absence, person, absence.cover)


def absence_on(directory: Directory, reference: str, last_day: date) -> Absence:
    """Somebody's absence that is to end on a day, with that last day.

    Raises:
        DirectoryRefused: they are not in the directory, or not away on that day.
    """
    known(directory, reference)
    for absence in _absences_of(directory, reference):
        if absence.includes(last_day):
            return absence.model_copy(update={"until": last_day})
    raise DirectoryRefused(
        f"{reference} is not away on {says(last_day)}: give the last day of an absence that is recorded, "
        "or withdraw the absence if it never was."
    )


def check_bar(directory: Directory, bar: Bar, today: date) -> None:
    """Check a bar on an IRO.

    Args:
        directory: as it stands.
        bar: the bar.
        today: a London date.

    Raises:
        DirectoryRefused: they are no IRO, or have left, or a conflict of interest is declared without a reason.
    """
    iro = known(directory, bar.iro)
    if iro.role is not Role.IRO:
        raise DirectoryRefused(f"{bar.iro} is {iro.role.words}, not an IRO: a bar is on an IRO.")
    if iro.until and iro.until < today:
        raise DirectoryRefused(f"{bar.iro} left on {says(iro.until)}: only an IRO who is there needs a bar.")
    if bar.kind is BarKind.CONFLICT and bar.reason is None:
        raise DirectoryRefused("A conflict of interest needs a reason: say in a few words what it is.")


def _check_cover(directory: Directory, absence: Absence, away: Person, reference: str) -> None:
    if reference == away.reference:
        raise DirectoryRefused(f"{reference} cannot cover for themselves: name somebody else.")
    cover = directory.people.get(reference)
    if cover is None:
        raise DirectoryRefused(f"The cover {reference} is not in the directory: add them first, or name another.")
    if away.role is Role.IRO and cover.role is not Role.IRO:
        raise DirectoryRefused(f"{reference} is not an IRO and cannot cover for one: name an IRO.")
    # Of an absence without a known end only the first day is looked at: everyone leaves or is away some day.
    if not cover.holds_on(absence.since) or not cover.holds_on(absence.until or absence.since):
        raise DirectoryRefused(f"{reference} is not there for all of that time: name another to cover.")
    then = absence if absence.until else absence.model_copy(update={"until": absence.since})
    for other in _absences_of(directory, reference):
        if _overlap(other, then):
            raise DirectoryRefused(f"{reference} is away from {_time(other)}: name another to cover.")


def _absences_of(directory: Directory, reference: str) -> list[Absence]:
    return [absence for absence in directory.absences if absence.person == reference]


def _overlap(one: Absence, other: Absence) -> bool:
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)


def _time(absence: Absence) -> str:
    until = f"to {says(absence.until)}" if absence.until else "on"
    return f"{says(absence.since)} {until}"


# --- Kin ---------------------------------------------------------------------------------------------------------


def check_kin(new: KinLink, links: Iterable[KinLink]) -> None:
    """Check that what is told of a family can be.

    Args:
        new: what is told now.
        links: what is known of the family already, told from either side.

    Raises:
        DirectoryRefused: a child would be kin of themselves, or a sibling group would include a parent of one of
            its members, or a child of theirs.
    """
    if new.child == new.kin:
        raise DirectoryRefused("A child cannot be kin of themselves: give the other one's reference.")
    told = {each for link in (new, *links) for each in (link, link.inverse)}
    group = sibling_group(new.child, told)
    both = {KinRelation.PARENT, KinRelation.CHILD}
    if both <= {link.relation for link in told if (link.child, link.kin) == (new.child, new.kin)}:
        raise DirectoryRefused(
            f"{new.kin} would be both parent and child of {new.child}: withdraw what is wrong, or give another "
            "relation."
        )
    for members in (group, sibling_group(new.kin, told)):
        for link in told:
            if link.relation in both and {link.child, link.kin} <= members:
                raise DirectoryRefused(
                    f"{link.child} and {link.kin} would be parent and child in one sibling group: withdraw what is "
                    "wrong, or give another relation."
                )


def sibling_group(child: str, links: Collection[KinLink]) -> frozenset[str]:
    """A child, the brothers and sisters, theirs, and so on.

    Args:
        child: one of them.
        links: what is known, told from both sides.
    """
    group, to_ask = {child}, [child]
    while to_ask:
        asked = to_ask.pop()
        found = {link.kin for link in links if link.child == asked and link.relation is KinRelation.SIBLING} - group
        group |= found
        to_ask.extend(found)
    return frozenset(group)


# --- What was typed ----------------------------------------------------------------------------------------------


def read(kind: type[M], data: Mapping[str, Any]) -> M:
    """Read a person, terms, an absence, a bar or changes from plain data.

    Args:
        kind: which of them.
        data: its fields.

    Raises:
        DirectoryRefused: a field is missing, unknown or wrong. What was typed is not shown: it may be a name.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise DirectoryRefused(_sentence(kind, name, first["type"])) from None


def _sentence(kind: type[Frozen], name: str, trouble: str) -> str:
    if not name:
        return _BACKWARDS
    if trouble == "extra_forbidden" or name not in kind.model_fields:
        return f"There is nothing called {name} to give here: give {', '.join(kind.model_fields)}."
    if trouble == "missing":
        return f"The {name.replace('_', ' ')} is missing: give it."
    called = "child, worker or team" if name == "against" else name.replace("_", " ")
    return _WANTED.get(name, f"The {called} {_REFERENCE}")


_BACKWARDS = "The last day comes before the first: give the first day or a later one."
_REFERENCE = (
    "is no reference: give letters, digits, points, hyphens and underscores, at most 48, "
    "with a letter or a digit first."
)
_DAY = "day is no day: give one from 1970 to 2099, as 2026-09-01."
_WANTED = {
    "name": "The name cannot be taken: give one of at most 120 characters.",
    "role": f"There is no such role: give one of {', '.join(Role)}.",
    "authority": "An authority is named by its three-digit DfE code, such as 383 for Leeds.",
    "email": "The email address cannot be taken: give one of 3 to 120 characters.",
    "phone": "The telephone number cannot be taken: give one of 3 to 120 characters.",
    "hours": "The hours are a share of a full-time post: give more than 0 and at most 1, as 0.6 for three days a week.",
    "full_time_limit": "The limit is the most children for a full-time IRO: give a whole number from 1 to 200.",
    "nations": "The nations are those where an IRO may review: give england, wales or both.",
    "offers": "What an IRO offers is one word each, in small letters: give it as welsh or makaton.",
    "picture": "The picture is given by its address, which begins with https:// and has no spaces.",
    "since": f"The first {_DAY}",
    "until": f"The last {_DAY}",
    "kind": f"There is no such bar: give one of {', '.join(BarKind)}.",
    "reason": "The reason cannot be taken: give it in words, at most 2,000 characters.",
}
