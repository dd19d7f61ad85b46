"""Taking on the children of an SSDA903 return: one episode for each child looked after on a day."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from client.importing import Imported, NotOpened, ToOpen, import_episodes
from commands.output import AsJson, heading, note, show
from commands.reading import day_of, nation_of
from commands.running import AtWork, Fault, at_work, today
from intake.opening import opening_facts
from intake.report import Report, report_lines, report_on
from intake.ssda903 import Return, read_return
from rules.authorities import authority as authority_of
from rules.vocabulary import Nation
from rules.wording import counted, in_full

ROWS_ON_A_SCREEN = 40


def import_return(
    authority: Annotated[str, typer.Option(metavar="CODE", help="The authority's three-digit code.")],
    nation: Annotated[str, typer.Option(help="england: the SSDA903 is the English return.")],
    header: Annotated[Path, typer.Option(metavar="F", help="The header table, a CSV file.")],
    episodes: Annotated[Path, typer.Option(metavar="F", help="The episodes table.")],
    reviews: Annotated[Path, typer.Option(metavar="F", help="The reviews table.")],
    as_of: Annotated[str, typer.Option(metavar="DAY", help="Whoever is looked after on this day is taken on.")],
    rows: Annotated[
        int | None,
        typer.Option(min=0, help=f"Bad rows told one by one: all, but {ROWS_ON_A_SCREEN} on a screen."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take on the children of an SSDA903 return, with the reviews held so far.

    It may be stopped and run again: nothing is doubled. Rows that are wrong are reported, and the rest is taken in.
    """
    day = _day(as_of)
    _refuse_another_nation(authority, nation_of(nation))
    with _waiting("Reading the return", as_json):
        read = read_return(header, episodes, reviews, day)
    report = report_on(read)
    with progress_of(len(read.children), hidden=as_json) as on_each:
        imported = at_work(lambda work: _opened(work, cases_of(read, authority), on_each))
    show(_as_data(imported, report), as_json, lambda: _draw(imported, report, _rows_told(rows)))
    if not imported.complete:
        left = len(imported.unanswered) + imported.not_tried
        raise Fault(
            f"No answer came for {left} {'child' if left == 1 else 'children'}: see that a worker runs, then run the"
            " same import again; what is open already is left as it is."
        )


def cases_of(read: Return, authority: str) -> list[ToOpen]:
    """What opens the episode of each child of a return."""
    return [ToOpen(*opening_facts(child, authority, Nation.ENGLAND, read.as_of)) for child in read.children]


@contextmanager
def progress_of(number: int, *, hidden: bool) -> Iterator[Callable[[], None]]:
    """A progress bar, where somebody is looking.

    Args:
        number: how many there are to do.
        hidden: show none all the same.

    Yields:
        To be called when one more is done.
    """
    columns = (TextColumn("Opening episodes"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    disable = hidden or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=disable) as progress:
        task = progress.add_task("", total=number)
        yield lambda: progress.advance(task)


async def _opened(work: AtWork, cases: list[ToOpen], on_each: Callable[[], None]) -> Imported:
    return await import_episodes(work.client, work.keys, work.register, cases, on_each=on_each)


def _day(text: str) -> date:
    day = day_of(text, "--as-of")
    if day > today():
        raise Fault(f"{in_full(day)} has not come yet; give --as-of a day up to today.")
    return day


def _refuse_another_nation(code: str, nation: Nation) -> None:
    if nation is not Nation.ENGLAND:
        raise Fault(
            "The SSDA903 is the return of English authorities, so --nation must be england; open a Welsh case with"
            " `starter.py open CASE.json`."
        )
    if authority_of(code).nation is not nation:
        raise Fault(f"Authority {code} is in Wales, and the SSDA903 is the English return; check --authority.")


def _rows_told(rows: int | None) -> int | None:
    """How many bad rows to tell one by one: a file or a pipe gets them all."""
    return ROWS_ON_A_SCREEN if rows is None and sys.stdout.isatty() else rows


@contextmanager
def _waiting(words: str, as_json: bool) -> Iterator[None]:
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


# --- The answer ---------------------------------------------------------------------------------------------------


def _as_data(imported: Imported, report: Report) -> dict[str, Any]:
    return {
        "opened": len(imported.opened),
        "already_open": len(imported.already_open),
        "refused": imported.refused,
        "unanswered": imported.unanswered,
        "not_tried": imported.not_tried,
        "report": report,
    }


def _draw(imported: Imported, report: Report, rows: int | None) -> Iterator[RenderableType]:
    for line in report_lines(report, rows):
        yield Text(line)
    yield Text()
    yield heading(
        f"{counted(len(imported.opened), 'episode')} opened, {len(imported.already_open)} open already,"
        f" {len(imported.refused)} refused."
    )
    for told in (*imported.refused, *imported.unanswered):
        yield _not_opened(told)
    yield note("See them with: starter.py list --overdue")


def _not_opened(told: NotOpened) -> Text:
    return Text(f"  child {told.child}: {told.reason}")
