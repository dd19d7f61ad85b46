"""What a measurement hands back: tables, to be printed and to be kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import rich.box
import rich.table

ROUND_ABOVE = 10
"""Numbers from here up are shown without a fraction."""


@dataclass(frozen=True)
class Table:
    """Some figures under one heading.

    Attributes:
        title: the heading.
        columns: what stands in each column.
        rows: the figures, as they are shown.
        notes: a sentence each, shown below.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = field(default=())

    def in_markdown(self) -> str:
        """The table as the page keeps it."""
        lines = [f"### {self.title}", "", _line(self.columns), "|---" * len(self.columns) + "|"]
        lines += [_line(row) for row in self.rows]
        lines += [f"\n{note}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def for_screen(self) -> rich.table.Table:
        """The table as a terminal shows it."""
        shown = rich.table.Table(
            title=self.title, title_justify="left", caption="\n".join(self.notes) or None, box=rich.box.SIMPLE
        )
        for column in self.columns:
            shown.add_column(column)
        for row in self.rows:
            shown.add_row(*row)
        return shown


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Figure:
    """One figure that was asked for.

    Attributes:
        what: what was measured.
        measured: what came out, with its unit.
        wanted: what was asked for.
        reached: whether it came to that.
    """

    what: str
    measured: str
    wanted: str
    reached: bool

    def as_row(self) -> tuple[str, ...]:
        """The figure as a row of the summary."""
        return (self.what, self.measured, self.wanted, "yes" if self.reached else "**no**")


@dataclass(frozen=True)
class Measurement:
    """What one module measured.

    Attributes:
        figures: those that were asked for.
        tables: the detail.
    """

    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()


def number(value: float) -> str:
    """A number as people read it: 1,234, or 5.6 where it is small."""
    return f"{value:,.0f}" if abs(value) >= ROUND_ABOVE else f"{value:.1f}"
