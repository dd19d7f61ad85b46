"""What was read and what was wrong with it, as plain text and as data."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from intake.problems import RowProblem
from intake.ssda903 import Return, Tally
from rules.periods_of_care import Outcome
from rules.vocabulary import Frozen

WIDTH: Final = 80


class ProblemGroup(Frozen):
    """One thing that is wrong with many rows.

    Attributes:
        file: where.
        field: in which column.
        rule: by which validation rule, where there is one.
        reason: what is wrong.
        outcome: what became of the rows.
        rows: how many there are.
    """

    file: str
    field: str
    rule: str | None
    reason: str
    outcome: Outcome
    rows: int


class Report(Frozen):
    """What an import read, and every row it found something wrong with.

    Attributes:
        as_of: the day the return was read for.
        children: how many are looked after on that day and are taken in.
        header: counts of header rows.
        episodes: counts of episode rows.
        reviews: counts of review rows.
        groups: the problems counted, the most frequent first.
        problems: each of them, by file and line.
    """

    as_of: date
    children: int
    header: Tally
    episodes: Tally
    reviews: Tally
    groups: tuple[ProblemGroup, ...]
    problems: tuple[RowProblem, ...]


def report_on(read: Return) -> Report:
    """Make the report of a return that was read."""
    counts = Counter((each.file, each.field, each.rule, each.reason, each.outcome) for each in read.problems)
    groups = (
        ProblemGroup(file=file, field=field, rule=rule, reason=reason, outcome=outcome, rows=rows)
        for (file, field, rule, reason, outcome), rows in counts.most_common()
    )
    return Report(
        as_of=read.as_of,
        children=len(read.children),
        header=read.header,
        episodes=read.episodes,
        reviews=read.reviews,
        groups=tuple(groups),
        problems=read.problems,
    )


def report_lines(report: Report, rows: int | None = None) -> list[str]:
    """The report as lines of text, 80 columns wide.

    Args:
        report: what to tell.
        rows: how many rows to tell one by one at most; None for all.

    Returns:
        The counts, the problems grouped, then row by row.
    """
    lines = list(_count_lines(report))
    if not report.problems:
        return [*lines, "", "Nothing was wrong with any row."]
    lines += ["", f"Problems by kind ({len(report.problems):,} in all):"]
    for group in report.groups:
        lines += _hanging(f"{group.rows:>6,}  ", _told(group))
    shown = report.problems[:rows]
    lines += ["", "Row by row (the column names are line 1):"]
    for problem in shown:
        lines += _hanging(f"{problem.file} line {problem.line}: ", _told_in_place(problem), indent=4)
    if len(shown) < len(report.problems):
        lines.append(f"... and {len(report.problems) - len(shown):,} more.")
    return lines


def _count_lines(report: Report) -> Iterator[str]:
    day = report.as_of
    yield f"Looked after on {day.day} {day:%B %Y} and taken in: {_children(report.children)}."
    yield ""
    yield f"{'':10}{'read':>10}{'taken in':>10}{'past':>10}{'left out':>10}"
    for name, tally in (("children", report.header), ("episodes", report.episodes), ("reviews", report.reviews)):
        yield f"{name:10}{tally.read:>10,}{tally.kept:>10,}{tally.past:>10,}{tally.left_out:>10,}"


def _told(group: ProblemGroup) -> str:
    return f"{group.file}, {group.field}: {group.reason}{_rule(group.rule)} - {group.outcome}"


def _told_in_place(problem: RowProblem) -> str:
    return f"{problem.field}: {problem.reason}{_rule(problem.rule)} - {problem.outcome}"


def _rule(rule: str | None) -> str:
    return f" (rule {rule})" if rule else ""


def _children(number: int) -> str:
    return f"{number:,} {'child' if number == 1 else 'children'}"


def _hanging(start: str, text: str, indent: int | None = None) -> Sequence[str]:
    """A line that begins with `start`, folded where it is too long, the rest indented."""
    hang = " " * (len(start) if indent is None else indent)
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=hang, break_on_hyphens=False)
