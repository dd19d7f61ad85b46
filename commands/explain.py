"""Why one date is what it is, in words a social worker understands."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from commands import choice
from commands.cases import Episode
from commands.look import known
from commands.output import AsJson, cell, facts_about, heading, indented, note, show, table
from commands.posts import Line, behind_words, line_of
from commands.reading import nearest
from commands.running import Fault, policy_in_force, register_of, today
from commands.wording import (
    DIM,
    LATE,
    UNVERIFIED,
    authority_words,
    counted,
    due_words,
    in_full,
    moment,
    not_counted,
    people,
    plain,
    short,
    state_words,
    working,
)
from register import queries
from register.closed_days import closed_days
from rules.calendar import WorkingCalendar
from rules.policy import Rung
from rules.posts import Addressee
from rules.steps import Basis, Escalation, Step
from rules.vocabulary import Frozen, Role, Unit


class RungSaid(Frozen):
    """A rung of a step's ladder: when it is reached, and who is told.

    Attributes:
        rung: its name.
        on: the day; a reminder comes at its start, any other rung at its end.
        when: the same in words, from the last day.
        tell: who is told.
        behind: of those who hold a post, who that is today, and why somebody else where it is; empty while the
            directory holds nobody.
        raised: when it was raised, as an instant in words; None while it was not.
    """

    rung: str
    on: date
    when: str
    tell: tuple[Role, ...]
    behind: tuple[Addressee, ...] = ()
    raised: str | None


def explain(
    episode: Episode,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step's key or name, as `agenda` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Explain one date: its rule, and the days counted."""
    line, register = known(episode), register_of()
    calendar = WorkingCalendar(line.nation, closed_days(register))
    found = _step(episode, step)
    raised = [each for each in queries.escalations(register, episode) if each.step == found.key]
    ladder = list(_ladder(found, calendar, raised, line_of(register, line, today())))
    sentences = list(_sentences(found, calendar))
    made = choice.choice_for(register, episode, found.key)
    appointed = choice.appointed_after(register, episode, made) if made else None
    chosen = list(choice.draw_made(made, appointed)) if made else []
    answer: dict[str, Any] = {
        "episode": episode,
        **found.model_dump(),
        "says": sentences,
        "choice": made,
        "appointed": appointed,
        "ladder": ladder,
    }
    show(answer, as_json, lambda: _draw(found, sentences, ladder, calendar, chosen))


def _step(episode: str, word: str) -> Step:
    """A step by its key or its name; dashes serve for underlines in a name."""
    engine = register_of()
    found = queries.find_step(engine, episode, word) or queries.find_step(engine, episode, word.replace("-", "_"))
    if found is None:
        steps = queries.steps(engine, episode)
        meant = nearest(word, {name for step in steps for name in (step.key, step.name)})
        raise Fault(f"This episode has no such step{meant}; `starter.py agenda {episode}` shows those it has.")
    return found


# --- In words -----------------------------------------------------------------------------------------------------


def _sentences(step: Step, calendar: WorkingCalendar) -> Iterator[str]:
    yield f"{step.title}: due by {in_full(step.due)}."
    yield from _of_basis(step.basis, calendar)
    if step.basis.practical_due != step.due:
        yield (
            f"That is {_closed(step, calendar)}, and a last day never moves on: the last working day to do it is"
            f" {in_full(step.basis.practical_due)}."
        )
    for other in step.others:
        yield f"Also limited to {in_full(other.due)}. {authority_words(other)}. {working(other)}"


def _closed(step: Step, calendar: WorkingCalendar) -> str:
    why = calendar.why_closed(step.due) or "no working day"
    return f"a {why}" if why in ("Saturday", "Sunday") else why


def _of_basis(basis: Basis, calendar: WorkingCalendar) -> Iterator[str]:
    yield f"{authority_words(basis)}."
    if basis.unverified:
        yield UNVERIFIED
    yield working(basis)
    if _held_back(basis, calendar):
        yield "Counted back, that is before the step could arise: it falls due on the day it arose, no earlier."
    elif basis.unit is Unit.WORKING_DAYS and basis.amount:
        skipped = not_counted(basis.skipped)
        yield f"Not counted: {skipped}." if skipped else "Every day on the way counted."


def _held_back(basis: Basis, calendar: WorkingCalendar) -> bool:
    """Whether the day counted back to had been moved up to the day the step arose."""
    if not (basis.before and basis.amount and basis.unit is Unit.WORKING_DAYS):
        return False
    return calendar.working_days_before(basis.counted_from, basis.amount) < basis.due


def _ladder(step: Step, calendar: WorkingCalendar, raised: list[Escalation], line: Line) -> Iterator[RungSaid]:
    """The rungs ahead and those raised; a step that silence closes climbs none."""
    at = {rung: each for each in raised for rung in each.rungs}
    rungs = policy_in_force().ladder(step.ladder) if step.ladder else ()
    for rung in rungs:
        escalation = at.pop(rung.name, None)
        if not step.is_open and escalation is None:
            continue
        tell = rung.recipients(step.owner)
        yield RungSaid(
            rung=rung.name,
            on=_reached_on(rung, step, calendar),
            when=_when(rung),
            tell=tell,
            behind=line.behind(tell),
            raised=moment(escalation.at).strip() if escalation else None,
        )
    for name, escalation in at.items():
        yield RungSaid(
            rung=name,
            on=escalation.due,
            when="",
            tell=escalation.tell,
            behind=line.behind(escalation.tell),
            raised=moment(escalation.at).strip(),
        )


def _reached_on(rung: Rung, step: Step, calendar: WorkingCalendar) -> date:
    if rung.working_days < 0:
        return calendar.working_days_before(step.basis.practical_due, -rung.working_days)
    return calendar.working_days_after(step.due, rung.working_days)


def _when(rung: Rung) -> str:
    if rung.working_days == 0:
        return "when the last day has ended"
    days = counted(abs(rung.working_days), "working day")
    return f"{days} before" if rung.working_days < 0 else f"{days} after"


# --- Drawn --------------------------------------------------------------------------------------------------------


def _draw(
    step: Step, sentences: list[str], ladder: list[RungSaid], calendar: WorkingCalendar, chosen: list[RenderableType]
) -> Iterator[RenderableType]:
    yield heading(sentences[0])
    for sentence in sentences[1:]:
        yield indented(Text(sentence))
    yield Text("")
    yield facts_about(*_about(step, calendar))
    yield Text("")
    if chosen:
        yield from chosen
        yield Text("")
    if not ladder:
        yield note("Nobody is told when it slips." if step.is_open else "Nobody had to be told.")
        return
    drawn = table("When it slips", "Who is told", "Told", whole=("Told",))
    for rung in ladder:
        when = f"{short(rung.on)}{', ' + rung.when if rung.when else ''}"
        drawn.add_row(cell(plain(rung.rung), (when, DIM)), _told(rung), rung.raised or "")
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
    words, style = due_words(step.due, today(), calendar)
    if step.is_open:
        yield "Now", Text(words, style=style)
    else:
        yield "Now", Text(state_words(step), style=LATE if step.state in ("done_late", "missed") else "")
    yield "Owed by", step.owner.words + (f", for {people(step.outstanding)}" if step.outstanding else "")
    if step.outcome:
        yield "Outcome", plain(step.outcome)
    yield "Step", f"{step.key}, in {plain(step.phase)}, review cycle {step.cycle}"
