"""To whom an escalation goes: the holder of the post, or whoever is found for it. Never to nobody.

Whoever is away or gone is stood in for; an empty post falls back up the line, and where the line above is empty too,
down it again. The answer says so in a sentence, so that the one who receives it knows why (practice notes 9, 10.3(5)).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import Field

from rules.clock import says
from rules.directory import Absence, Person
from rules.vocabulary import Frozen, Reference, Role

SOURCE = "practice notes 4.9 and 4.6 (a design suggestion: no rule of law names who is told)"

NEXT_UP: Mapping[Role, Role] = {
    Role.SOCIAL_WORKER: Role.TEAM_MANAGER,
    Role.LEGAL: Role.TEAM_MANAGER,
    Role.TEAM_MANAGER: Role.SERVICE_MANAGER,
    Role.SERVICE_MANAGER: Role.HEAD_OF_SERVICE,
    Role.HEAD_OF_SERVICE: Role.ASSISTANT_DIRECTOR,
    Role.COMPLAINTS_MANAGER: Role.SERVICE_MANAGER,
    Role.SYSTEM: Role.IRO_MANAGER,
    Role.IRO: Role.IRO_MANAGER,
    Role.IRO_ADMINISTRATOR: Role.IRO_MANAGER,
    Role.IRO_MANAGER: Role.ASSISTANT_DIRECTOR,
    Role.ASSISTANT_DIRECTOR: Role.DIRECTOR,
    Role.DIRECTOR: Role.CHIEF_EXECUTIVE,
}
"""Who is above each post. Source: `SOURCE`. What the system owes itself is the IRO manager's to put right."""

MANAGEMENT = (
    Role.CHIEF_EXECUTIVE,
    Role.DIRECTOR,
    Role.ASSISTANT_DIRECTOR,
    Role.HEAD_OF_SERVICE,
    Role.SERVICE_MANAGER,
    Role.IRO_MANAGER,
    Role.TEAM_MANAGER,
)
"""The posts of management, from the top. Source: `SOURCE`."""

NOT_EVERYWHERE = frozenset({Role.HEAD_OF_SERVICE})
"""Posts that not every authority has: where nobody holds one, it is passed over without a word."""

OUTSIDE = frozenset(
    {
        Role.CHILD,
        Role.PARENTS,
        Role.CARER,
        Role.GUARDIAN,
        Role.COURT,
        Role.SCHOOL,
        Role.VIRTUAL_SCHOOL_HEAD,
        Role.HEALTH,
        Role.CAFCASS,
        Role.ADVOCATE,
        Role.PERSONAL_ADVISER,
        Role.AREA_AUTHORITY,
        Role.OTHER,
    }
)
"""The roles that are no post of the line: nothing falls to them, and nothing falls back from them."""

_IRO_LINE = (Role.IRO, Role.IRO_MANAGER, Role.IRO_ADMINISTRATOR, Role.SYSTEM)


class CasePeople(Frozen):
    """Those who are known to work on a child's case.

    Attributes:
        authority: its three-digit code.
        iro: the child's named IRO.
        cover: who covers for the IRO on the day, if cover is in place.
        social_worker: the child's social worker.
        team_manager: the social worker's team manager, where the case names one.
    """

    authority: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    iro: Reference | None = None
    cover: Reference | None = None
    social_worker: Reference | None = None
    team_manager: Reference | None = None


class Addressee(Frozen):
    """Who receives what is addressed to a role.

    Attributes:
        role: the role that was asked for.
        person: who receives it; None only when the directory holds nobody who could.
        acting_as: the post of the one who receives it; `role` when nobody does.
        instead_because: why it does not go to the holder of the post, as one sentence without a name; None when it
            does.
    """

    role: Role
    person: Reference | None
    acting_as: Role
    instead_because: str | None = None


def is_post(role: Role) -> bool:
    """Whether a role is a post of the service's line, so that `addressee` finds someone for it."""
    return role not in OUTSIDE


def addressee(
    role: Role, case: CasePeople, people: Sequence[Person], absences: Sequence[Absence], day: date
) -> Addressee:
    """Find who receives what is addressed to a role.

    Args:
        role: a post of the line.
        case: who is known to work on the child's case.
        people: the directory, in any order; those of other authorities are passed over.
        absences: the known times away of any of them.
        day: a London date.

    Returns:
        The holder of the post; failing them whoever covers, the deputies, those above, and in the end anyone in
        management; somebody who is away only when everyone is, and nobody only when the directory is empty.

    Raises:
        ValueError: the role is no post of the line.
    """
    if not is_post(role):
        raise ValueError(f"{role.words} is no post of the line")
    found = _Service(case, people, absences, day).reach(role)
    if found:
        return Addressee(
            role=role, person=found.person.reference, acting_as=found.person.role, instead_because=found.how
        )
    found = _Service(case, people, (), day).reach(role)
    if found:
        because = f"everyone is away, so it waits for the {found.person.role.words}"
        return Addressee(role=role, person=found.person.reference, acting_as=found.person.role, instead_because=because)
    because = f"nobody holds a post on {says(day)}, so it reaches nobody: the directory must be filled"
    return Addressee(role=role, person=None, acting_as=role, instead_because=because)


class _Found(NamedTuple):
    """Someone, and how they come to receive it, in words; None when the post is their own."""

    person: Person
    how: str | None = None


class _Service:
    """The people of one authority on one day, as one child's case sees them."""

    def __init__(self, case: CasePeople, people: Sequence[Person], absences: Sequence[Absence], day: date) -> None:
        at_work = (case.iro, case.cover, case.social_worker, case.team_manager)
        ours = [
            person
            for person in people
            if person.authority == case.authority and (is_post(person.role) or person.reference in at_work)
        ]
        self._people = {person.reference: person for person in sorted(ours, key=lambda person: person.reference)}
        self._case, self._absences, self._day = case, absences, day
        worker = self._people.get(case.social_worker or "")
        managers = [case.team_manager] if case.team_manager else self._team_managers_of(worker)
        self._childs_own = {
            Role.SOCIAL_WORKER: _known(case.social_worker),
            Role.TEAM_MANAGER: _known(*managers),
            Role.IRO: _known(case.iro, case.cover),
        }

    def reach(self, role: Role) -> _Found | None:
        """Whoever is found for a post: in it, standing in, up the line, or anyone who is there."""
        why = self._why_not(role)
        found = self._in_post(role, role)
        if found:
            return _Found(found.person, found.how and f"{why}, so it goes to {found.how}")
        found = self._up_the_line(role, why)
        if found:
            return found
        anyone = min(filter(self._is_there, self._people.values()), key=self._last_resort, default=None)
        if anyone is None:
            return None
        return _Found(anyone, f"{why} and nobody further up is there, so it goes to the {anyone.role.words}")

    def _up_the_line(self, role: Role, why: str) -> _Found | None:
        """Those above the holder by name, then those above the post."""
        for manager in self._above(next(filter(None, self._holders(role, role)), ())):
            found = self._there_or_stood_in(manager.reference)
            if found:
                return _Found(found.person, f"{why}, so it goes to {_called(found, manager.role)}")
        reasons = [why]
        for above in _line_up(role):
            found = self._in_post(above, role)
            if found:
                return _Found(found.person, f"{_joined(reasons)}, so it goes to {_called(found, above)}")
            if above not in NOT_EVERYWHERE or self._holding(above):
                reasons.append(self._why_not_above(above, role))
        return None

    def _in_post(self, role: Role, asked: Role) -> _Found | None:
        """Who holds a post, or stands in for its holder."""
        cover = self._people.get(self._case.cover or "")
        if role is Role.IRO and cover and self._is_there(cover):
            return _Found(cover, "whoever covers")
        for holders in self._holders(role, asked):
            there = (self._people[each] for each in holders if each in self._people)
            found = next((_Found(person) for person in there if self._is_there(person)), None)
            found = found or next(filter(None, map(self._stood_in, holders)), None)
            if found:
                return found
        return None

    def _holders(self, role: Role, asked: Role) -> Iterator[tuple[str, ...]]:
        """The holders of a post in groups, nearest first: the child's own line, the team, anyone of the authority.

        The social worker, team manager and IRO are the child's own: another child's will not do.
        """
        if role in self._childs_own:
            yield self._childs_own[role]
            return
        holders = self._holding(role)
        at_work = (*self._childs_own[Role.TEAM_MANAGER], *self._childs_own[Role.SOCIAL_WORKER])
        if asked in _IRO_LINE:
            at_work = self._childs_own[Role.IRO]
        teams = {self._people[each].team for each in at_work if each in self._people} - {None}
        yield tuple(manager.reference for manager in self._above(at_work) if manager in holders)
        yield tuple(holder.reference for holder in holders if holder.team in teams)
        yield tuple(holder.reference for holder in holders)

    def _holding(self, role: Role) -> list[Person]:
        return [person for person in self._people.values() if person.role is role and person.holds_on(self._day)]

    def _team_managers_of(self, worker: Person | None) -> list[str]:
        """The social worker's line manager, where that is a team manager; else the manager of the team."""
        managers = self._holding(Role.TEAM_MANAGER) if worker else []
        theirs = [manager.reference for manager in managers if worker and manager.reference == worker.line_manager]
        return theirs or [each.reference for each in managers if worker and worker.team and each.team == worker.team]

    def _above(self, references: Iterable[str]) -> Iterator[Person]:
        """Those above some people, each once, up each line in turn; a line that runs in a circle ends."""
        seen = set(references := tuple(references))
        for reference in references:
            person = self._people.get(reference)
            while person and (manager := self._people.get(person.line_manager or "")):
                if manager.reference in seen:
                    break
                seen.add(manager.reference)
                yield manager
                person = manager

    def _is_there(self, person: Person) -> bool:
        return person.holds_on(self._day) and self._absence(person.reference) is None

    def _there_or_stood_in(self, reference: str) -> _Found | None:
        person = self._people.get(reference)
        return _Found(person) if person and self._is_there(person) else self._stood_in(reference)

    def _stood_in(self, reference: str) -> _Found | None:
        """Whoever covers while someone is away, or the deputy, or the deputy's deputy; deputies in a circle end."""
        absence = self._absence(reference)
        cover = self._people.get(absence.cover or "") if absence else None
        if cover and self._is_there(cover):
            return _Found(cover, "whoever covers")
        words, seen, person = "the deputy", {reference}, self._people.get(reference)
        while person and (deputy := self._people.get(person.deputy or "")) and deputy.reference not in seen:
            if self._is_there(deputy):
                return _Found(deputy, words)
            seen.add(deputy.reference)
            words, person = f"{words}'s deputy", deputy
        return None

    def _absence(self, reference: str) -> Absence | None:
        """The absence of that day that lasts longest."""
        found = [each for each in self._absences if each.person == reference and each.includes(self._day)]
        return max(found, key=lambda each: each.until or date.max, default=None)

    def _why_not(self, role: Role) -> str:
        """Why what is asked of a post does not go to its holder."""
        if role is Role.SYSTEM:
            return "the system owes it"
        holders = next(filter(None, self._holders(role, role)), ())
        if not holders:
            return _UNKNOWN.get(role, f"the post of {role.words} is empty")
        person = self._people.get(holders[0])
        if person is None:
            return "not in the directory"
        if person.until and person.until < self._day:
            return f"left on {says(person.until)}"
        if person.since and self._day < person.since:
            return f"begins only on {says(person.since)}"
        absence = self._absence(person.reference)
        if absence is None:
            return "cover is in place"
        return f"away until {says(absence.until)}" if absence.until else "away"

    def _why_not_above(self, role: Role, asked: Role) -> str:
        """Why a post on the way up is passed over."""
        holders = (self._people.get(each) for group in self._holders(role, asked) for each in group)
        away = any(holder and holder.holds_on(self._day) for holder in holders)
        return f"the {role.words} is away" if away else f"there is no {role.words}"

    def _last_resort(self, person: Person) -> tuple[int, bool, str]:
        """Management from the top, then those who work on the case, then anyone."""
        rank = MANAGEMENT.index(person.role) if person.role in MANAGEMENT else len(MANAGEMENT)
        at_work = any(person.reference in own for own in self._childs_own.values())
        return rank, not at_work, person.reference


_UNKNOWN = {
    Role.SOCIAL_WORKER: "the child's social worker is not known",
    Role.TEAM_MANAGER: "the child's team manager is not known",
    Role.IRO: "the child has no IRO",
}


def _known(*references: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for reference in references if reference))


def _joined(reasons: Sequence[str]) -> str:
    *others, last = reasons
    return f"{', '.join(others)} and {last}" if others else last


def _line_up(role: Role) -> Iterator[Role]:
    above = NEXT_UP.get(role)
    while above:
        yield above
        above = NEXT_UP.get(above)


def _called(found: _Found, role: Role) -> str:
    """Who receives it, in words: the holder of a post above, or who stands in for them."""
    return f"{found.how} for the {role.words}" if found.how else f"the {role.words}"
