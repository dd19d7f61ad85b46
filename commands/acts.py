"""What can be recorded, and with which fields: made from the models of the facts."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from client.acts import ACTS, OF_EVERY_ACT, OPENING_ACT, ActSaid, Field, Shape, act_said, meaning
from commands.fields import act_named
from commands.output import AsJson, facts_about, heading, indented, note, show

CORRECTED_TO = "to.FIELD=VALUE for each field that was wrong"


def acts(
    act: Annotated[str | None, typer.Argument(metavar="[ACT]", help="Show this one only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show every act that can be recorded, with its fields."""
    names = [act_named(act)] if act else list(ACTS)
    said = [act_said(name) for name in names]
    show([each.model_dump(mode="json") for each in said], as_json, lambda: _draw(said))


def _draw(said: list[ActSaid]) -> Iterator[RenderableType]:
    yield heading("Every act takes")
    yield indented(
        facts_about(
            ("on", "the day it happened, yyyy-mm-dd or today; always needed"),
            ("by", "who records it, a reference; operator when left out"),
            ("id", "your own id for it, or --id; a fresh one when left out"),
        )
    )
    yield note("\nA star marks what else is needed. Of references: letters, digits, dot, dash, underline.")
    for each in said:
        yield Group("", Text.assemble((each.act, "bold"), "  "), indented(_fields(each)))


def _fields(said: ActSaid) -> RenderableType:
    words = said.says
    if said.act == OPENING_ACT:
        words += " Recorded by `starter.py open`, never by `record`."
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(width=20, overflow="fold")
    drawn.add_column(overflow="fold")
    for field in said.fields:
        if field.name not in OF_EVERY_ACT:
            drawn.add_row(field.name + (" *" if field.required else ""), _wanted(field))
    return Group(Text(words), indented(drawn)) if drawn.row_count else Text(words)


def _wanted(field: Field) -> str:
    words = CORRECTED_TO if field.shape is Shape.FACT else field.shape.value
    if field.choices:
        words = ", ".join(_choice(choice) for choice in field.choices)
        words += "; several with commas between" if field.shape is Shape.CHOICES else ""
    if field.default is not None:
        words += f"; {'yes' if field.default is True else field.default} when left out"
    return words


def _choice(choice: str) -> str:
    stands_for = meaning(choice)
    return f"{choice} ({stands_for})" if stands_for else choice
