"""Evening the IROs' load: the few children who could have another IRO and lose nobody they know. Only proposed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from rich.console import RenderableType
from rich.text import Text
from sqlalchemy import Engine

from commands.iros import Authority, authorities_of
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import register_of, today
from commands.wording import DIM, children
from register import reading
from register.allocations import caseloads
from register.asking import asked_for
from register.gathering import child_to_allocate
from register.queries import EpisodeLine, facts, list_episodes
from rules.authorities import authority as authority_of
from rules.balance import Movable, Move, moves
from rules.case import Case
from rules.facts.iro import IroAppointed
from rules.facts.reviews import ReviewHeld


class MoveLine(Move):
    """One child who could have another IRO, and whose child it is."""

    authority: str


def balance(authority: Authority = None, as_json: AsJson = False) -> None:
    """Propose the few moves that would even the IROs' load.

    Nothing is changed: the IRO manager decides.
    """
    register, day = register_of(), today()
    if authority is not None:
        authority_of(authority)
    proposed = [
        MoveLine(authority=each, **move.model_dump())
        for each in authorities_of(register, authority)
        for move in moves(caseloads(register, each, day), _movable(register, each, day), day)
    ]
    show(proposed, as_json, lambda: _draw(proposed))


def _movable(register: Engine, authority: str, day: date) -> list[Movable]:
    lines = list_episodes(register, today=day, authority=authority)
    found = (_child(register, line, day) for line in lines if line.iro and not line.ended_on and not line.void)
    return [each for each in found if each]


def _child(register: Engine, line: EpisodeLine, day: date) -> Movable | None:
    entries = facts(register, line.id)
    case = Case(entries)
    appointed = [known for known in case.all(IroAppointed) if known.on <= day and known.fact.iro == line.iro]
    if not appointed or line.iro is None:
        return None
    with reading(register) as connection:
        child = child_to_allocate(
            connection, asked_for(line.id, entries, datetime.now(UTC), former_iro=line.former_iro)
        )
    return Movable(
        episode=line.id,
        iro=line.iro,
        appointed_on=appointed[-1].on,
        reviewed=any(held.on >= appointed[-1].on for held in case.all(ReviewHeld)),
        child=child,
    )


def _draw(proposed: list[MoveLine]) -> Iterator[RenderableType]:
    if not proposed:
        yield heading("Nothing to propose.")
        yield Text("The loads are even enough, or no child could change their IRO without losing somebody they know.")
        return
    yield heading(f"{children(len(proposed))} could have another IRO, and the load would be more even.")
    yield Text("")
    drawn = table("Who, and why", "From", "To", whole=("From", "To"))
    for each in proposed:
        child = f"child {each.child}, authority {each.authority}"
        drawn.add_row(cell(each.episode, (child, DIM), each.because), each.from_iro, each.to_iro)
    yield drawn
    yield note("\nNothing is changed: it is yours to decide. If a child is to have another:")
    yield note("starter.py allocate EPISODE --to IRO --reason ...")
