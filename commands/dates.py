"""Every date of a period of care, worked out from a few days alone: no server, no register."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text
from typer.core import TyperCommand

from commands.forecast import DateRow, Given, forecast
from commands.output import AsJson, cell, heading, note, show, table
from commands.reading import day_of, nation_of
from commands.running import policy_in_force, today
from commands.styles import DIM
from rules.steps import Basis
from rules.vocabulary import StepState, birthday
from rules.wording import UNVERIFIED, authority_words, briefly, in_full, not_counted, practical_words, short

SEVERAL = ("--review", "--closed-day")
"""Options that take several days, each after the option again or all after it once."""

_WEEKEND = ("Saturday", "Sunday")


class DatesCommand(TyperCommand):
    """A command in which `--review DAY DAY` says the same as `--review DAY --review DAY`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed."""
        return super().parse_args(ctx, list(_each_with_its_option(args)))


COMMAND_CLASS = DatesCommand


def dates(
    nation: Annotated[str, typer.Option(help="england or wales.")],
    became_looked_after: Annotated[str, typer.Option(metavar="DAY", help="The day the child became looked after.")],
    birth: Annotated[
        str | None, typer.Option(metavar="DAY", help="The birth date: nothing is owed from 18 on.")
    ] = None,
    notified: Annotated[str | None, typer.Option(metavar="DAY", help="The day the IRO service was told.")] = None,
    review: Annotated[
        list[str] | None, typer.Option(metavar="DAY ...", help="The day a review was completed, for each review.")
    ] = None,
    closed_day: Annotated[
        list[str] | None, typer.Option(metavar="DAY ...", help="A bank holiday that the calendar does not know yet.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help="Reckon as on this day; today when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Work out every date from a few days alone.

    Each date comes with its rule and its source. No server is needed.
    """
    given = Given(
        nation=nation_of(nation),
        became_looked_after=day_of(became_looked_after, "--became-looked-after"),
        birth=day_of(birth, "--birth") if birth is not None else None,
        notified=day_of(notified, "--notified") if notified is not None else None,
        reviews=tuple(sorted(day_of(day, "--review") for day in review or ())),
        closed_days=tuple(day_of(day, "--closed-day") for day in closed_day or ()),
        as_of=day_of(as_of, "--as-of") if as_of is not None else today(),
    )
    rows = forecast(given, policy_in_force())
    show(rows, as_json, lambda: _draw(given, rows))


def _each_with_its_option(words: Sequence[str]) -> Iterator[str]:
    option = None
    for place, word in enumerate(words):
        if word.startswith("-"):
            option = word if word in SEVERAL else None
        elif option and words[place - 1] != option:
            yield option
        yield word


def _draw(given: Given, rows: Sequence[DateRow]) -> Iterator[RenderableType]:
    yield heading(f"Looked after since {in_full(given.became_looked_after)}, {given.nation.value.title()}")
    yield note(f"As of {in_full(given.as_of)}.\n")
    drawn = table("Last day", "What is owed", whole=("Last day",))
    for row in rows:
        basis = Basis.model_validate(row.model_dump(include=set(Basis.model_fields)))
        holidays = not_counted(each for each in row.skipped if each.why not in _WEEKEND)
        drawn.add_row(
            cell(short(row.due), _state(row)),
            cell(
                row.title,
                (practical_words(row.due, row.practical_due), "yellow"),
                (f"{row.owner.words}; {briefly(basis)}", ""),
                (f"not counted: {holidays}" if holidays else "", ""),
                (authority_words(basis), DIM),
            ),
        )
    yield drawn
    yield Text("")
    if any(row.unverified for row in rows):
        yield note(UNVERIFIED)
    if given.birth:
        yield note(f"Nothing is owed from the 18th birthday on, {in_full(birthday(given.birth, 18))}.")
    if any(row.projected for row in rows):
        yield note("Projected: if the review before it is completed on its very last day.")


def _state(row: DateRow) -> tuple[str, str]:
    if row.projected:
        return "projected", DIM
    if row.state is StepState.OPEN:
        return ("passed" if row.overdue else ""), DIM
    words = row.state.value.replace("_", " ")
    return words, "bold red" if row.state is StepState.DONE_LATE else "green"
