"""The choice of an IRO drawn candidate by candidate: who was looked at, and what spoke for and against each."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from commands.output import cell, heading, note, table
from commands.styles import DIM, LATE, SOON
from register.allocations import Allocation
from rules.choosing import Choice, Considered
from rules.facts.iro import IroAppointed
from rules.wording import in_full, listed, moment


def draw_made(made: Allocation, appointed: IroAppointed | None) -> Iterator[RenderableType]:
    """Draw a choice that was made, and what came of it.

    Args:
        made: the choice.
        appointed: the appointment that followed.
    """
    yield heading(f"The choice of {moment(made.at).strip()}")
    yield Text(made.choice.because)
    yield from draw_choice(made.choice, "chosen")
    yield note("The children are counted as they were then, without this child.")
    if appointed and appointed.iro != made.choice.iro:
        why = f": {appointed.reason}" if appointed.reason else "."
        yield Text(f"By hand, {appointed.iro} was appointed on {in_full(appointed.on)}{why}")


def draw_choice(choice: Choice, first: str) -> Iterator[RenderableType]:
    """Draw everyone who was looked at.

    Args:
        choice: the choice.
        first: what to call the one who comes first.
    """
    if choice.shares_with:
        yield Text(f"Shares the IRO with {listed(choice.shares_with)}.")
    if choice.parted_from:
        yield Text(f"Has another IRO than {listed(choice.parted_from)}.")
    if not choice.considered:
        return
    yield Text("")
    drawn = table("IRO", "Children", "What speaks for and against", whole=("IRO", "Children"))
    for each in choice.considered:
        chosen = each.iro == choice.iro
        drawn.add_row(
            cell((each.iro, "bold" if chosen else ""), (first if chosen else "", "bold")),
            f"{each.load} of {each.places}",
            cell(*_speaks(each)),
        )
    yield drawn


def _speaks(each: Considered) -> Iterator[tuple[str, str]]:
    if each.barred:
        yield f"may not: {each.barred}", LATE
    yield from ((words, "") for words in each.speaks_for)
    yield from ((words, SOON) for words in each.speaks_against)
    if not (each.barred or each.speaks_for or each.speaks_against):
        yield "nothing but the load", DIM
