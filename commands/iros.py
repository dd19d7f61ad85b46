"""The IRO service at a glance: each IRO's children against their places, and the children who wait for an IRO."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text
from sqlalchemy import Engine

from commands.directory import coming_and_going
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import register_of, today
from commands.styles import DIM, LATE, SOON
from commands.without_iro import without_iro
from register import directory
from register.allocations import allocations, caseloads
from register.queries import EpisodeLine
from rules.authorities import authority as authority_of
from rules.choosing import Candidate
from rules.directory import GUIDED_CASELOAD
from rules.vocabulary import Day, Frozen, Role
from rules.wording import children, short

MOST_SHOWN = 20
"""So many of the children who wait are shown to people; programs are given all."""

Authority = Annotated[str | None, typer.Option("--authority", metavar="CODE", help="Only this authority's.")]


class IroLine(Frozen):
    """One IRO.

    Attributes:
        iro: by reference.
        name: as it stands in the register.
        authority: its three-digit code.
        hours: of full time.
        children: how many they have, those for whom they are proposed among them.
        places: how many they may have for their hours.
        share: of the places that are taken, 1.0 when full.
        full_time: the children as they would be for full-time hours.
        guidance: under, within or over what guidance has for full time.
        over: how many children beyond the places.
        free: how many places are free.
        notes: that they are or will be away, begin or leave, in words.
    """

    iro: str
    name: str
    authority: str
    hours: float
    children: int
    places: int
    share: float
    full_time: float
    guidance: str
    over: int
    free: int
    notes: tuple[str, ...]


class Waiting(Frozen):
    """A child without an IRO.

    Attributes:
        episode: the period of care.
        child: by the authority's reference.
        authority: its three-digit code.
        became_looked_after: since when.
        proposed: who is proposed and waits for the IRO manager's word.
        since: since when that waits.
    """

    episode: str
    child: str
    authority: str
    became_looked_after: Day
    proposed: str | None = None
    since: Day | None = None


def iros(authority: Authority = None, as_json: AsJson = False) -> None:
    """Show every IRO's caseload, and who has no IRO."""
    register, day = register_of(), today()
    if authority is not None:
        authority_of(authority)
    lines = [
        _line(candidate, day)
        for each in authorities_of(register, authority)
        for candidate in caseloads(register, each, day)
    ]
    waiting = [_waiting(register, line) for line in without_iro(register, authority)]
    answer = {
        "iros": lines,
        "without_iro": [each for each in waiting if each.proposed is None],
        "proposals": [each for each in waiting if each.proposed is not None],
    }
    show(answer, as_json, lambda: _draw(lines, waiting))


def authorities_of(register: Engine, authority: str | None) -> list[str]:
    """The authorities that have IROs, by code: the one given, or all.

    Args:
        register: the database.
        authority: only this one, by its three-digit code.
    """
    if authority is not None:
        return [authority]
    return sorted({person.authority for person in directory.people(register, role=Role.IRO)})


def _line(candidate: Candidate, day: date) -> IroLine:
    places, load, hours = candidate.terms.places, candidate.load, candidate.terms.hours
    full_time = round(load / hours, 1)
    least, most = GUIDED_CASELOAD
    return IroLine(
        iro=candidate.reference,
        name=candidate.person.name,
        authority=candidate.person.authority,
        hours=hours,
        children=load,
        places=places,
        share=round(load / places, 3),
        full_time=full_time,
        guidance="under" if full_time < least else "over" if full_time > most else "within",
        over=max(0, load - places),
        free=max(0, places - load),
        notes=tuple(coming_and_going(candidate.person, list(candidate.absences), day)),
    )


def _waiting(register: Engine, line: EpisodeLine) -> Waiting:
    since = None
    if line.proposed_iro:
        made = [each.at for each in allocations(register, line.id) if each.choice.iro == line.proposed_iro]
        since = made[-1].date() if made else None
    return Waiting(
        episode=line.id,
        child=line.child,
        authority=line.authority,
        became_looked_after=line.became_looked_after,
        proposed=line.proposed_iro,
        since=since,
    )


# --- Drawn --------------------------------------------------------------------------------------------------------


def _draw(lines: list[IroLine], waiting: list[Waiting]) -> Iterator[RenderableType]:
    if lines:
        yield from _draw_iros(lines)
    else:
        yield heading("There is no IRO in the directory.")
        yield note('Add one: starter.py iro add REFERENCE name="..." authority=CODE')
    yield Text("")
    if not waiting:
        yield heading("Every child has an IRO.")
    yield from _draw_waiting([each for each in waiting if each.proposed is None])
    yield from _draw_proposals([each for each in waiting if each.proposed is not None])


def _draw_iros(lines: list[IroLine]) -> Iterator[RenderableType]:
    several = len({line.authority for line in lines}) > 1
    drawn = table("IRO", "Hours", "Children", "Full", "For full time", whole=("Hours", "Children", "Full"))
    for line in lines:
        who = f"{line.iro}, authority {line.authority}" if several else line.iro
        drawn.add_row(
            cell(line.name, (who, DIM), *((words, SOON) for words in line.notes)),
            f"{line.hours:g}",
            cell(f"{line.children} of {line.places}", _room(line)),
            f"{line.share:.0%}",
            cell(f"{line.full_time:g}", (_against_guidance(line), DIM)),
        )
    yield drawn
    least, most = GUIDED_CASELOAD
    yield note(f"\nGuidance has {least} to {most} children for a full-time IRO (IRO Handbook ch 7).")


def _room(line: IroLine) -> tuple[str, str]:
    if line.over:
        return f"{line.over} over", LATE
    return (f"{line.free} free", DIM) if line.free else ("full", SOON)


def _against_guidance(line: IroLine) -> str:
    return f"{line.guidance} guidance"


def _draw_waiting(waiting: list[Waiting]) -> Iterator[RenderableType]:
    if not waiting:
        return
    yield heading(f"{children(len(waiting))} without an IRO")
    drawn = table("Episode", "Looked after since", whole=("Looked after since",))
    for each in waiting[:MOST_SHOWN]:
        drawn.add_row(_child(each), short(each.became_looked_after))
    yield drawn
    yield from _more(waiting)
    yield note("Who might: starter.py allocate EPISODE\n")


def _draw_proposals(proposals: list[Waiting]) -> Iterator[RenderableType]:
    if not proposals:
        return
    yield heading(f"{len(proposals)} {'proposal waits' if len(proposals) == 1 else 'proposals wait'} for your word")
    drawn = table("Episode", "Proposed", "Since", whole=("Since",))
    for each in proposals[:MOST_SHOWN]:
        drawn.add_row(_child(each), each.proposed or "", short(each.since) if each.since else "")
    yield drawn
    yield from _more(proposals)
    yield note("They count among the children above. Confirm one: starter.py allocate EPISODE")


def _child(each: Waiting) -> RenderableType:
    return cell(each.episode, (f"child {each.child}, authority {each.authority}", DIM))


def _more(waiting: list[Waiting]) -> Iterator[RenderableType]:
    if len(waiting) > MOST_SHOWN:
        yield note(f"and {len(waiting) - MOST_SHOWN} more; --json has all of them")
