"""`make bench`: measure everything, print it, and keep it in docs/performance.md. Takes about ten minutes."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from rich.console import Console

from benchmarks import allocation, carried, derivation, desk, history, machine, memory, parts, post, throughput
from benchmarks.page import PAGE, PageSpoilt, generated_part, with_generated_part
from benchmarks.report import Figure, Measurement, Table, number
from client.server import ServerFailed

DERIVATIONS_WANTED = 1000
DERIVATION_TRIES = 3
SUMMARY = "What was asked for"


def derivations() -> Measurement:
    """Agendas derived a second on one core, as the workflow asks for them and from all the facts at once."""
    tries = [derivation.measure() for _ in range(DERIVATION_TRIES)]
    # Whatever else the machine does can only slow a try down.
    carried, full = (max(found[name] for found in tries) for name in ("as carried", "all facts"))
    what = "Agenda derivations a second, three years of facts"
    return Measurement(
        (
            Figure(
                f"{what}, as an episode carries them",
                number(carried),
                f"{DERIVATIONS_WANTED:,} or more",
                carried >= DERIVATIONS_WANTED,
            ),
            Figure(f"{what}, had no cycle ever closed", number(full), "to be told", True),
        )
    )


MEASUREMENTS: tuple[tuple[str, Callable[[], Measurement | Coroutine[Any, Any, Measurement]]], ...] = (
    ("agenda derivations", derivations),
    ("history", history.measure),
    ("state carried", carried.measure),
    ("our own parts of an act", parts.measure),
    ("memory", memory.measure),
    ("allocations", allocation.measure),
    ("the post room while everything fails", post.measure),
    ("the desk's pages and lists", desk.measure),
    ("starts and acts against the bare workflow", throughput.measure),
)


def run(console: Console) -> list[Table]:
    """Measure everything; the tables, the machine's and the summary first.

    Args:
        console: where to say what is being measured.
    """
    tables, figures, details = [machine.described()], list[Figure](), list[Table]()
    for what, measure in MEASUREMENTS:
        began = time.monotonic()
        console.print(f"Measuring {what} …", end=" ")
        found = measure()
        measurement = found if isinstance(found, Measurement) else asyncio.run(found)
        console.print(f"{time.monotonic() - began:.0f} s")
        figures += measurement.figures
        details += measurement.tables
    return [*tables, summary(figures), *details]


def summary(figures: Sequence[Figure]) -> Table:
    """The figures that were asked for, in one table."""
    rows = [figure.as_row() for figure in figures]
    return Table(SUMMARY, ("What", "Measured", "Wanted", "Reached"), rows)


def main() -> int:
    """Measure, print and keep; returns the exit code."""
    console = Console()
    page = PAGE.read_text(encoding="utf-8")
    try:
        generated_part(page)
        tables = run(console)
    except (PageSpoilt, ServerFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for table in tables:
        console.print(table.for_screen())
    # Read again: whoever wrote in it meanwhile loses nothing.
    generated = "\n".join(table.in_markdown() for table in tables)
    PAGE.write_text(with_generated_part(PAGE.read_text(encoding="utf-8"), generated), encoding="utf-8")
    console.print(f"Kept in {PAGE.relative_to(PAGE.parents[1])}.")
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Temporal's core can abort a Python that takes its time to leave, when all work is done (sdk-python #300).
    os._exit(code)
