"""Evening the IROs' load: the few children who could have another IRO and lose nobody they know. Only proposed."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from commands.iros import Authority, authorities_of
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import register_of, today
from commands.styles import DIM
from register.balancing import proposed_moves
from rules.authorities import authority as authority_of
from rules.balance import Move
from rules.wording import children


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
        for move in proposed_moves(register, each, day)
    ]
    show(proposed, as_json, lambda: _draw(proposed))


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
