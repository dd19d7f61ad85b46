"""Why a step is due when it is: the working sentence by sentence, who is told when it slips, and what settles it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from client.explaining import explained
from desk.access import Page, may_do
from desk.doors import Child, MayForChild, NotTheirs, TheDesk
from desk.forms.controls import as_clause
from desk.parts import Desk
from desk.seen.child import ChildRead, read_child
from desk.seen.dispute import refused_of_step
from desk.seen.dues import due_seen
from desk.seen.explained import choice_made, people_of, rungs
from desk.seen.part import part
from desk.settling import Link, links, record_path
from desk.templating import render
from register.queries import find_step
from register.work_names import names_of_people
from rules.explaining import why
from rules.steps import Step
from rules.vocabulary import StepKey, StepState
from rules.wording import plain, state_words, with_capital

router = APIRouter()


@router.get("/children/{episode}/steps/{step}")
def step_page(
    request: Request,
    desk: TheDesk,
    child: Annotated[Child, Depends(MayForChild(Page.STEP))],
    step: Annotated[StepKey, Path()],
) -> HTMLResponse:
    """Explain one date."""
    read = read_child(desk, child)
    found = _find(desk, read, step) if read else None
    if read is None or found is None:
        raise NotTheirs(404)
    scene, viewer = read.scene, child.viewer
    told = part("the ladder", lambda: explained(desk.register, read.line, found, desk.policy, desk.today))
    names = dict(scene.names)
    if told:
        names |= part("names", lambda: names_of_people(desk.register, people_of(told))) or {}
    return render(
        request,
        "step.html",
        child_name=read.page.child_name or read.line.child,
        reference=read.line.child,
        child_href=f"/children/{read.line.id}",
        step=found,
        detail=scene.detail(found),
        due=due_seen(found, desk.today, scene.calendar) if found.is_open else None,
        state=with_capital(state_words(found)),
        outcome=plain(found.outcome) if found.outcome else "",
        owner=_owner(scene.owner(found), found),
        says=list(why(found, scene.calendar)),
        rungs=rungs(told, names) if told else None,
        nobody_told=told.nobody_told if told else "",
        choice=choice_made(told, viewer, names) if told else None,
        links=[*_links(read, found), *_exemption(child, read, found)],
    )


def _find(desk: Desk, read: ChildRead, key: str) -> Step | None:
    """A step by its key; one that closed long ago is read by itself."""
    at_hand = next((each for each in (*read.page.open_steps, *read.page.closed_steps) if each.key == key), None)
    if at_hand:
        return at_hand
    found = find_step(desk.register, read.line.id, key)
    return found if found and found.key == key else None


def _owner(words: str, step: Step) -> str:
    said = words if words.startswith("Owed") else "; ".join(filter(None, ("Owed by you", as_clause(words))))
    return said if step.is_open else f"It was {as_clause(said)}"


def _links(read: ChildRead, step: Step) -> list[Link]:
    """What settles a step, as far as it can be recorded."""
    refused = refused_of_step(read.line, read.case, step)
    found = links(read.viewer, read.line.id, step, read.scene.review_day(step))
    return [link for link in found if link.act not in refused]


def _exemption(child: Child, read: ChildRead, step: Step) -> list[Link]:
    """That a step is not owed for now, or is again, for those who may say so."""
    act, says = ("step_exempted", "Record that it is not owed for now")
    if step.state is StepState.EXEMPTED:
        act, says = ("exemption_ended", "Record that it is owed again")
    elif not step.is_open:
        return []
    if read.line.finished or not may_do(child.viewer, act):
        return []
    return [Link(act, says, record_path(read.line.id, act, step=step.key))]
