"""The one way to print: tables that a person reads at 80 columns, or JSON that a program reads."""

import sys
from collections.abc import Callable, Collection, Iterator
from typing import Annotated

import typer
from pydantic_core import to_json
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

WIDTH = 80
WIDEST = 100
"""Beyond this a line is hard to follow, however wide the screen."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def show(answer: object, as_json: bool, draw: Callable[[], Iterator[RenderableType]]) -> None:
    """Print an answer.

    Args:
        answer: plain data or models, for programs.
        as_json: print that.
        draw: draws the same for people.
    """
    if as_json:
        sys.stdout.write(to_json(answer, indent=2).decode() + "\n")
        return
    console = Console(highlight=False, emoji=False, markup=False)
    console.width = min(console.width, WIDEST) if console.is_terminal else WIDTH
    with console.capture() as drawn:
        for part in draw():
            console.print(part)
    # Tables fill their lines with spaces, which are a nuisance to whoever copies them.
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def table(*headings: str, whole: Collection[str] = ()) -> Table:
    """An empty table; the columns share the width by what is in them.

    Args:
        headings: one a column.
        whole: the columns whose words are never broken over lines.
    """
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1))
    for heading in headings:
        made.add_column(heading, overflow="fold", no_wrap=heading in whole)
    return made


def facts_about(*pairs: tuple[str, RenderableType]) -> Table:
    """A few things told about one subject, each on its line: a name, and what it is."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, said in pairs:
        made.add_row(name, said)
    return made


def cell(*lines: tuple[str, str] | str) -> Group:
    """A cell of several lines, each plain or with a style; empty ones are left out."""
    styled = [(line, "") if isinstance(line, str) else line for line in lines]
    return Group(*(Text(words, style=style, overflow="fold") for words, style in styled if words))


def indented(part: RenderableType, by: int = 2) -> Padding:
    """Something set in from the left."""
    return Padding(part, (0, 0, 0, by))


def heading(words: str) -> Text:
    """What stands above a part."""
    return Text(words, style="bold")


def note(words: str) -> Text:
    """Something said in passing."""
    return Text(words, style="dim")
