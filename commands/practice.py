"""A made-up case, fast-forwarded through a year on a real server: for learning, and for the README's picture."""

import asyncio
import re
import sys
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import IO, Annotated

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
from practice.script import write_script

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
    if svg:
        _make_sure_of(svg)
    log_to(None)
    screen, paper, picture = _console(sys.stdout), _console(StringIO()), Picture()
    happened: list[Happening] = []

    def draw(parts: Iterable[RenderableType]) -> None:
        for part in parts:
            paper.print(part)
            if not as_json:
                _print(screen, part)

    def tell(these: Sequence[Happening]) -> None:
        happened.extend(these)
        draw(picture.show(these))

    draw(picture.begin(SCENARIOS[scenario]))
    standing = asyncio.run(practise(write_script(SCENARIOS[scenario], today(), years), tell))
    draw(picture.end(standing))
    if as_json:
        show(happened, True, lambda: iter(()))
    if svg:
        _save(svg, paper, f"starter.py practice --scenario {scenario.value}")


def _console(file: IO[str]) -> Console:
    return Console(record=True, file=file, highlight=False, emoji=False, markup=False, width=WIDTH)


def _print(console: Console, part: RenderableType) -> None:
    """Print at once, without the spaces that fill up a line."""
    with console.capture() as drawn:
        console.print(part)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))
    sys.stdout.flush()


def _make_sure_of(file: Path) -> None:
    """Find out at once, and not after a year, that a file cannot be written."""
    try:
        file.open("ab").close()
    except OSError as error:
        raise Fault(f"The picture cannot be written to {file} ({error.strerror}); choose another file.") from None


def _save(file: Path, paper: Console, title: str) -> None:
    drawn = paper.export_svg(title=title, theme=CALM, unique_id="practice")
    # Without rich's own font, which would be fetched from the internet by whoever looks at the picture.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"font-family: (Fira Code|arial)[^;]*;", f"font-family: {FONTS};", drawn)
    file.write_text(drawn, encoding="utf-8")
