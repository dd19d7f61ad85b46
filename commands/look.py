"""Looking at episodes: what is owed, why, what happened, and which there are."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from client.episodes import agenda as owed_now
from client.errors import NotAnswered
from client.timeline import timeline as tell
from commands.cases import Episode
from commands.output import AsJson, cell, facts_about, heading, note, show, table
from commands.running import AtWork, Fault, at_work, register_of, today
from commands.styles import DIM, LATE, STYLES
from commands.telling import draw_timeline
from register import queries
from register.closed_days import closed_days
from register.kin import GroupDue, group_dues
from register.queries import EpisodeLine
from rules.calendar import WorkingCalendar
from rules.vocabulary import Phase
from rules.wording import due_words, listed, moment, nearest, people, plain, practical_words, short
from workflows.messages import Derived, OwedStep

_TOLD = {
    "stage",
    "iro",
    "cover",
    "proposed",
    "ended_on",
    "end_reason",
    "finished",
    "highest_rung",
    "alarm",
    "revision",
}


def agenda(episode: Episode, as_json: AsJson = False) -> None:
    """Show what is owed, by whom and by when."""
    derived = at_work(lambda work: _derived(work, episode))
    line = known(episode)
    calendar = WorkingCalendar(line.nation, closed_days(register_of()))
    day = today()
    steps = [_owed(step, day, calendar) for step in derived.steps]
    siblings = [each for each in group_dues(register_of(), episode).children if each.episode != episode]
    answer = {
        "episode": episode,
        "as_of": day,
        "overdue": sum(step.due < day for step in derived.steps),
        "steps": steps,
        "siblings": siblings,
        **derived.model_dump(include=_TOLD),
    }
    show(answer, as_json, lambda: _draw_agenda(derived, siblings, day, calendar))


def timeline(episode: Episode, as_json: AsJson = False) -> None:
    """Tell what happened, what slipped and who was told."""
    told = at_work(lambda work: tell(work.client, work.register, episode))
    show(told, as_json, lambda: draw_timeline(told))


def list_episodes(
    iro: Annotated[str | None, typer.Option(help="Only this IRO's, named or covering.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only those at this stage, such as review.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those with something overdue.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the episodes, those longest overdue first."""
    phase = _stage(stage) if stage is not None else None
    lines = queries.list_episodes(register_of(), today=today(), iro=iro, stage=phase, overdue=overdue)
    show([line.model_dump(exclude={"birth_date"}) for line in lines], as_json, lambda: _draw_list(lines))


def known(episode: str) -> EpisodeLine:
    """An episode as the register has it.

    Raises:
        Fault: there is none of that id.
    """
    line = queries.episode(register_of(), episode, today=today())
    if line is None:
        raise Fault(f"There is no episode {episode}; `starter.py list` shows those there are.")
    return line


async def _derived(work: AtWork, episode: str) -> Derived:
    try:
        return await owed_now(work.client, episode)
    except NotAnswered:
        raise Fault(
            "No worker answered in time, so the agenda cannot be shown: see that one runs (`starter.py up`), and ask"
            " again."
        ) from None


def _stage(word: str) -> Phase:
    name = word.strip().lower().replace("-", "_")
    if name not in set(Phase):
        stages = listed(phase.value for phase in Phase)
        raise Fault(f"There is no such stage{nearest(name, set(Phase))}; the stages are {stages}.")
    return Phase(name)


# --- Agenda -------------------------------------------------------------------------------------------------------


def _owed(step: OwedStep, day: date, calendar: WorkingCalendar) -> dict[str, Any]:
    return step.model_dump() | {"overdue": step.due < day, "when": due_words(step.due, day, calendar).words}


def _draw_agenda(
    derived: Derived, siblings: list[GroupDue], day: date, calendar: WorkingCalendar
) -> Iterator[RenderableType]:
    yield facts_about(*_standing(derived, siblings, day))
    yield ""
    if not derived.steps:
        yield heading("Nothing is owed.")
        return
    drawn = table("When", "What is owed, and by whom", whole=("When",))
    for step in derived.steps:
        words, urgency = due_words(step.due, day, calendar)
        style = STYLES[urgency]
        drawn.add_row(
            cell((words, style), short(step.due), (practical_words(step.due, step.practical_due), DIM)),
            cell(
                (step.title, style),
                step.owner.words + (f", for {people(step.outstanding)}" if step.outstanding else ""),
                (f"{step.force.value}: {step.source}", DIM),
                (step.key, DIM),
            ),
        )
    yield drawn
    first = derived.steps[0].key
    yield note(f"\nWhy a date is what it is: starter.py explain EPISODE STEP, such as {first}")
    if derived.iro is None and derived.proposed:
        yield note("To confirm the IRO proposed: starter.py allocate EPISODE")
    if siblings:
        yield note("When the siblings' reviews are due: starter.py siblings EPISODE")


def _standing(derived: Derived, siblings: list[GroupDue], day: date) -> Iterator[tuple[str, RenderableType]]:
    late = sum(step.due < day for step in derived.steps)
    yield "Stage", plain(derived.stage)
    yield "IRO", _iro(derived)
    if siblings:
        yield "Siblings in care", listed(f"{each.child} ({_whose(each, derived)})" for each in siblings)
    if derived.ended_on:
        yield "Care ended", f"{short(derived.ended_on)} ({derived.end_reason})"
    if late:
        rung = f"; highest escalation: {plain(derived.highest_rung)}" if derived.highest_rung else ""
        yield "Overdue", Text(f"{late} of {len(derived.steps)} open steps{rung}", style=LATE)
    if derived.alarm:
        yield "Next alarm", f"{moment(derived.alarm.at).strip()}, {derived.alarm.what}"


def _iro(derived: Derived) -> str:
    if derived.iro is None:
        return "none appointed" + (f"; {derived.proposed} is proposed" if derived.proposed else "")
    return derived.iro + (f", covered by {derived.cover}" if derived.cover else "")


def _whose(sibling: GroupDue, derived: Derived) -> str:
    if sibling.iro is None:
        return "no IRO"
    return "same IRO" if sibling.iro == derived.iro else sibling.iro


# --- List ---------------------------------------------------------------------------------------------------------


def _draw_list(lines: list[EpisodeLine]) -> Iterator[RenderableType]:
    if not lines:
        yield heading("No episode is like that, or none was opened yet.")
        return
    drawn = table("Episode", "Stage", "Next due", "Overdue")
    day = today()
    for line in lines:
        iro = f"IRO {line.iro}" if line.iro else "no IRO"
        late = line.next_due is not None and line.next_due < day
        drawn.add_row(
            cell(line.id, (f"child {line.child}, authority {line.authority}, {iro}", DIM)),
            plain(line.stage),
            Text(short(line.next_due) if line.next_due else "", style=LATE if late else ""),
            Text(str(line.overdue or ""), style=LATE),
        )
    yield drawn
    yield note(f"\n{len(lines)} in all. See one: starter.py agenda EPISODE")
