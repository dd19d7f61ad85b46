"""The IROs' caseloads, made ready to be shown: against their places, and against what guidance has for full time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from desk.seen.dues import day_said
from register.work import Caseload
from register.work_names import ChildNamed
from rules.balance import Move
from rules.choosing import Candidate
from rules.directory import GUIDED_CASELOAD, Absence
from rules.wording import children, counted


class CaseloadSeen(NamedTuple):
    """An IRO with what they have to do.

    Attributes:
        iro: by reference.
        name: as the directory has it.
        hours: "full time", or how much of it.
        load: such as "12 of 70".
        room: how many children beyond the places, or how many places are free.
        is_over: they have more children than places.
        full_time: the children as they would be for full-time hours.
        guidance: how that stands against guidance.
        overdue: how many steps of their children are overdue, whoever owes them.
        own_overdue: how many of those they owe themselves.
        notes: when they are away, begin or leave.
    """

    iro: str
    name: str
    hours: str
    load: str
    room: str
    is_over: bool
    full_time: str
    guidance: str
    overdue: int
    own_overdue: int
    notes: list[str]


class ServiceSeen(NamedTuple):
    """The whole service in numbers: its IROs, their children and places, and how many IROs are over theirs."""

    iros: int
    children: int
    places: int
    over: int


class MoveSeen(NamedTuple):
    """A child who could have another IRO: who it is, from whom to whom, by name, why, and where to decide."""

    child: ChildNamed
    child_href: str
    from_iro: str
    to_iro: str
    because: str
    href: str


def caseloads_seen(
    lines: Iterable[Caseload], absences: Sequence[Absence], names: Mapping[str, str], today: date
) -> list[CaseloadSeen]:
    """A page of IROs.

    Args:
        lines: the page's.
        absences: the times away that are known, of them and of others.
        names: of whoever covers, by reference.
        today: a London date.
    """
    return [_caseload(line, [each for each in absences if each.person == line.iro], names, today) for line in lines]


def service_seen(iros: Sequence[Candidate]) -> ServiceSeen:
    """The whole service in numbers."""
    return ServiceSeen(
        iros=len(iros),
        children=sum(each.load for each in iros),
        places=sum(each.terms.places for each in iros),
        over=sum(each.load > each.terms.places for each in iros),
    )


def moves_seen(moves: Iterable[Move], named: Mapping[str, ChildNamed], names: Mapping[str, str]) -> list[MoveSeen]:
    """The moves that would even the load.

    Args:
        moves: the moves.
        named: the children, by episode.
        names: the IROs' names, by reference.
    """
    return [
        MoveSeen(
            child=named.get(move.episode) or ChildNamed(reference=move.child, name=None),
            child_href=f"/children/{move.episode}",
            from_iro=names.get(move.from_iro, move.from_iro),
            to_iro=names.get(move.to_iro, move.to_iro),
            because=move.because,
            href=f"/allocation/{move.episode}",
        )
        for move in moves
    ]


def _caseload(line: Caseload, absences: Iterable[Absence], names: Mapping[str, str], today: date) -> CaseloadSeen:
    full_time = round(line.children / line.hours, 1)
    return CaseloadSeen(
        iro=line.iro,
        name=line.name,
        hours="full time" if line.hours == 1 else f"{line.hours:g} of full time",
        load=f"{line.children} of {line.places}",
        room=_room(line),
        is_over=line.children > line.places,
        full_time=f"{full_time:g}",
        guidance=_guidance(full_time),
        overdue=line.overdue,
        own_overdue=line.overdue_tasks,
        notes=list(_notes(line, absences, names, today)),
    )


def _room(line: Caseload) -> str:
    beyond = line.children - line.places
    if beyond > 0:
        return f"{children(beyond)} too many"
    return f"{counted(-beyond, 'place')} free" if beyond else "full"


def _guidance(full_time: float) -> str:
    least, most = GUIDED_CASELOAD
    where = "under" if full_time < least else "over" if full_time > most else "within"
    return f"{where} guidance"


def _notes(line: Caseload, absences: Iterable[Absence], names: Mapping[str, str], today: date) -> Iterator[str]:
    for absence in sorted(absences, key=lambda each: each.since):
        if absence.until is None or absence.until >= today:
            since = "" if absence.since <= today else f" from {day_said(absence.since, today)}"
            until = f" until {day_said(absence.until, today)}" if absence.until else ""
            cover = names.get(absence.cover, absence.cover) if absence.cover else None
            yield f"Away{since}{until}, {f'covered by {cover}' if cover else 'no cover'}"
    if line.until:
        yield f"{'Left' if line.until < today else 'Leaves'} {day_said(line.until, today)}"
