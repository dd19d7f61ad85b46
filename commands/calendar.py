"""A bank holiday proclaimed or withdrawn: every open episode's agenda is derived again."""

import asyncio
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer
from rich.console import RenderableType
from temporalio.client import WorkflowFailureError

from commands.fields import OPERATOR
from commands.output import AsJson, heading, note, show
from commands.reading import day_of, nation_of
from commands.running import AtWork, Fault, at_work
from register.closed_days import closed_days
from rules.calendar import WorkingCalendar
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.vocabulary import Nation
from rules.wording import counted, in_full, nearest
from workflows.calendar_change import CalendarChangeWorkflow
from workflows.messages import CalendarChange, CalendarChanged

WEEKEND = 5
PATIENCE_SECONDS = 120
"""How long to wait until every open episode was told."""


def calendar(
    change: Annotated[str, typer.Argument(metavar="add|withdraw", help="Whether the day is to be one, or no longer.")],
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day, yyyy-mm-dd.")],
    nation: Annotated[str, typer.Option(help="england or wales.")],
    as_json: AsJson = False,
) -> None:
    """Add a bank holiday, or withdraw one.

    The dates of every open episode of that nation are reckoned again.
    """
    closed_day = ClosedDay(nation=nation_of(nation), day=day_of(day, "DAY"), change=_change(change))
    changed = at_work(lambda work: _changed(work, closed_day))
    answer = {**closed_day.model_dump(), **changed.model_dump()}
    show(answer, as_json, lambda: _draw(closed_day, changed))


def _change(word: str) -> ClosedDayChange:
    if word not in set(ClosedDayChange):
        raise Fault(f"Say add or withdraw{nearest(word, set(ClosedDayChange))}, and then the day.")
    return ClosedDayChange(word)


async def _changed(work: AtWork, closed_day: ClosedDay) -> CalendarChanged:
    _refuse_needless(closed_day, WorkingCalendar(closed_day.nation, closed_days(work.register)))
    name = f"calendar-{closed_day.nation}-{closed_day.day}-{closed_day.change}-{secrets.token_hex(4)}"
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work.client.execute_workflow(
                CalendarChangeWorkflow.run,
                CalendarChange(closed_day=closed_day, by=OPERATOR),
                id=name,
                task_queue=work.settings.task_queue,
                static_summary=f"{closed_day.change.value} {closed_day.day} in {_place(closed_day.nation)}",
            )
    except TimeoutError:
        raise Fault(
            f"The change was taken in but is not finished after {PATIENCE_SECONDS} s: see that a worker is running, and"
            f" it will go on by itself ({name} on Temporal's web page)."
        ) from None
    except WorkflowFailureError:
        raise Fault(f"The change was stopped half-way: {name} on Temporal's web page shows by what.") from None


def _refuse_needless(closed_day: ClosedDay, calendar: WorkingCalendar) -> None:
    """Refuse what would change nothing."""
    day, why = closed_day.day, calendar.why_closed(closed_day.day)
    if closed_day.change is ClosedDayChange.ADD and why:
        raise Fault(f"{in_full(day)} is no working day already ({_of_a_kind(day, why)}), so there is nothing to add.")
    if closed_day.change is ClosedDayChange.WITHDRAW and (why is None or day.weekday() >= WEEKEND):
        kind = "a working day" if why is None else "in a weekend"
        raise Fault(f"{in_full(day)} is {kind} in {_place(closed_day.nation)}, and no bank holiday to withdraw.")


def _of_a_kind(day: date, why: str) -> str:
    return "a weekend" if day.weekday() >= WEEKEND else why


def _place(nation: Nation) -> str:
    return nation.value.title()


def _draw(closed_day: ClosedDay, changed: CalendarChanged) -> Iterator[RenderableType]:
    kind = "a bank holiday now" if closed_day.change is ClosedDayChange.ADD else "a bank holiday no longer"
    yield heading(f"{in_full(closed_day.day)} is {kind} in {_place(closed_day.nation)}.")
    were = "was" if changed.episodes == 1 else "were"
    yield f"{counted(changed.episodes, 'open episode')} {were} told to reckon anew."
    if changed.episodes:
        yield note("What moved: starter.py timeline EPISODE")
