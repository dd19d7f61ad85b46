"""Why one date is what it is, in words a social worker understands."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from client.explaining import Explained, RungSaid, behind_words, explained
from commands.cases import Episode
from commands.choice import draw_made
from commands.look import known
from commands.output import AsJson, cell, facts_about, heading, indented, note, show, table
from commands.running import Fault, policy_in_force, register_of, today
from commands.styles import DIM, LATE, STYLES
from register import queries
from register.closed_days import closed_days
from rules.calendar import WorkingCalendar
from rules.steps import Step
from rules.wording import due_words, moment, nearest, people, plain, short, state_words


def explain(
    episode: Episode,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step's key or name, as `agenda` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Explain one date: its rule, and the days counted."""
    line, register = known(episode), register_of()
    told = explained(register, line, _step(episode, step), policy_in_force(), today())
    calendar = WorkingCalendar(line.nation, closed_days(register))
    answer: dict[str, Any] = {"episode": episode, **told.step.model_dump(), **told.model_dump(exclude={"step"})}
    show(answer, as_json, lambda: _draw(told, calendar))


def _step(episode: str, word: str) -> Step:
    """A step by its key or its name; dashes serve for underlines in a name."""
    engine = register_of()
    found = queries.find_step(engine, episode, word) or queries.find_step(engine, episode, word.replace("-", "_"))
    if found is None:
        steps = queries.steps(engine, episode)
        meant = nearest(word, {name for step in steps for name in (step.key, step.name)})
        raise Fault(f"This episode has no such step{meant}; `starter.py agenda {episode}` shows those it has.")
    return found


# --- Drawn --------------------------------------------------------------------------------------------------------


def _draw(told: Explained, calendar: WorkingCalendar) -> Iterator[RenderableType]:
    step, ladder = told.step, told.ladder
    yield heading(told.says[0])
    for sentence in told.says[1:]:
        yield indented(Text(sentence))
    yield Text("")
    yield facts_about(*_about(step, calendar))
    yield Text("")
    if told.choice:
        yield from draw_made(told.choice, told.appointed)
        yield Text("")
    if not ladder:
        yield note(told.nobody_told)
        return
    drawn = table("When it slips", "Who is told", "Told", whole=("Told",))
    for rung in ladder:
        when = f"{short(rung.on)}{', ' + rung.when if rung.when else ''}"
        raised = moment(rung.raised).strip() if rung.raised else ""
        drawn.add_row(cell(plain(rung.rung), (when, DIM)), _told(rung), raised)
    yield drawn
    if any(rung.behind for rung in ladder):
        yield note("\nBehind each role is who has the post today.")


def _told(rung: RungSaid) -> RenderableType:
    """Who is told; with the directory filled, each with who is behind the role."""
    if not rung.behind:
        return people(rung.tell)
    said = (behind_words(role, rung.behind) for role in rung.tell)
    return cell(*(line for who, why in said for line in ((who, ""), (why, DIM))))


def _about(step: Step, calendar: WorkingCalendar) -> Iterator[tuple[str, RenderableType]]:
    if step.is_open:
        words, urgency = due_words(step.due, today(), calendar)
        yield "Now", Text(words, style=STYLES[urgency])
    else:
        yield "Now", Text(state_words(step), style=LATE if step.state in ("done_late", "missed") else "")
    yield "Owed by", step.owner.words + (f", for {people(step.outstanding)}" if step.outstanding else "")
    if step.outcome:
        yield "Outcome", plain(step.outcome)
    yield "Step", f"{step.key}, in {plain(step.phase)}, review cycle {step.cycle}"
