"""A made-up case, fast-forwarded through a year on a real server: for learning, and for the README's picture."""

import asyncio
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from commands.logs import log_to
from commands.output import AsJson, show
from commands.running import Fault, today
from practice.happenings import Happening
from practice.journey import practise
from practice.picture import WIDTH, Picture
from practice.scenarios import SCENARIOS, Name

MOST_YEARS = 18

CALM = TerminalTheme(
    (251, 250, 247),
    (56, 60, 68),
    [(56, 60, 68), (176, 58, 46), (74, 124, 89), (166, 116, 30), (52, 101, 140), (125, 80, 140), (40, 118, 128)]
    + [(150, 150, 145)],
)
"""The colours of the picture that is saved: ink on paper."""

FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def practice(
    scenario: Annotated[Name, typer.Option(help="Which case.")] = Name.SLIPPING,
    years: Annotated[int, typer.Option(min=1, max=MOST_YEARS, help="How long to follow it.")] = 1,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Save the timeline as a picture, too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Follow one made-up case through a year, in seconds: what fell due, was done, slipped, and who was told.

    It runs on a real Temporal server of its own, whose clock is moved, and leaves nothing behind.
    """
    log_to(None)
    if as_json:
        show(_happenings(scenario, years), True, lambda: iter(()))
        return
    screen, paper = Console(highlight=False, emoji=False, markup=False, width=WIDTH), _paper()
    picture = Picture()

    def draw(parts: Iterable[RenderableType]) -> None:
        for part in parts:
            _print(screen, part)
            paper.print(part)

    draw(picture.begin(SCENARIOS[scenario]))
    standing = asyncio.run(practise(SCENARIOS[scenario], today(), years, lambda these: draw(picture.show(these))))
    draw(picture.end(standing))
    if svg:
        _save(svg, paper, f"starter.py practice --scenario {scenario.value}")


def _happenings(scenario: Name, years: int) -> list[Happening]:
    happened: list[Happening] = []
    tell: Callable[[Sequence[Happening]], None] = happened.extend
    asyncio.run(practise(SCENARIOS[scenario], today(), years, tell))
    return happened


def _print(console: Console, part: RenderableType) -> None:
    """Print at once, without the spaces that fill up a line."""
    with console.capture() as drawn:
        console.print(part)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))
    sys.stdout.flush()


def _paper() -> Console:
    """A console that only remembers what it was given."""
    return Console(record=True, file=StringIO(), highlight=False, emoji=False, markup=False, width=WIDTH)


def _save(file: Path, paper: Console, title: str) -> None:
    drawn = paper.export_svg(title=title, theme=CALM, unique_id="practice")
    # Without rich's own font, which would be fetched from the internet by whoever looks at the picture.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"font-family: (Fira Code|arial)[^;]*;", f"font-family: {FONTS};", drawn)
    try:
        file.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise Fault(f"The picture cannot be written to {file} ({error.strerror}); choose another file.") from None
