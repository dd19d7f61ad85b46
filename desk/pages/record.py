"""Recording: choosing what, and the form of it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.access import ACTS, Page, may_do
from desk.doors import Child, MayForChild, NotTheirs, TheDesk, note
from desk.forms import filling
from desk.forms.addresses import name_of_draft, path_of_draft
from desk.forms.around import Around, step_title
from desk.forms.base import Form
from desk.forms.catalogue import APPOINTING, FORM_OF_ACT, FORMS, allocation_path, listed_for
from desk.forms.filling import Sitting
from desk.forms.taking import take
from desk.forms.titles import title_of_draft
from desk.parts import Desk
from desk.seen.dispute import refused_of_step
from desk.settling import Link, links
from desk.templating import render
from register.audit import Outcome
from register.closed_days import closed_days
from register.drafts import Draft, of_person
from rules.calendar import WorkingCalendar
from rules.steps import Step
from rules.vocabulary import Phase
from rules.wording import DueSaid, due_words

MOST_OWED = 10

router = APIRouter()

TheirChild = Annotated[Child, Depends(MayForChild(Page.RECORD))]


@router.get("/children/{episode}/record")
def choose(request: Request, desk: TheDesk, child: TheirChild) -> HTMLResponse:
    """Show what may be recorded: what is owed first, then everything."""
    around = Around(desk, child.viewer, child.line)
    return render(
        request,
        "record/choose.html",
        line=child.line,
        child_name=around.child_name,
        owed=_owed(desk, child, around),
        drafts=_drafts(desk, child),
        listed=listed_for(child.viewer),
        appointing=allocation_path(child.line.id) if may_do(child.viewer, APPOINTING) else None,
    )


@router.get("/children/{episode}/record/{name}")
def form(request: Request, desk: TheDesk, child: TheirChild, name: str) -> Response:
    """Show a form, filled in as far as the link tells."""
    elsewhere = _elsewhere(request, child, name)
    if elsewhere:
        return RedirectResponse(elsewhere, status_code=303)
    asked = {key: request.query_params.getlist(key) for key in request.query_params}
    return filling.opened(_sitting(request, desk, child, _form_of(desk, child, name)), asked)


@router.post("/children/{episode}/record/{name}")
async def send(request: Request, desk: TheDesk, child: TheirChild, name: str) -> Response:
    """Take a form, and have it recorded."""
    wanted = await run_in_threadpool(_form_of, desk, child, name)
    return await take(_sitting(request, desk, child, wanted))


def _sitting(request: Request, desk: Desk, child: Child, form: Form) -> Sitting:
    back = (f"/children/{child.line.id}/record", "What to record")
    return Sitting(request, desk, child, form, Around(desk, child.viewer, child.line), back)


def _form_of(desk: Desk, child: Child, name: str) -> Form:
    """A form by its name.

    Raises:
        NotTheirs: there is none, or it is not for their role.
    """
    found = FORMS.get(name)
    if found is not None and may_do(child.viewer, found.acts[0]):
        return found
    if found is None and name not in ACTS:
        raise NotTheirs(404)
    note(desk, child.viewer, found.acts[0] if found else name, Outcome.DENIED, child.line.id)
    raise NotTheirs(403)


def _elsewhere(request: Request, child: Child, name: str) -> str | None:
    """The form in which an act is recorded with others, with what the link filled in under that form's names."""
    if name == APPOINTING and may_do(child.viewer, APPOINTING):
        return allocation_path(child.line.id)
    way = FORM_OF_ACT.get(name)
    if way is None:
        return None
    asked = [(way.fields.get(key, key), value) for key, value in request.query_params.multi_items()]
    return f"/children/{child.line.id}/record/{way.form}" + (f"?{urlencode(asked)}" if asked else "")


def _owed(desk: Desk, child: Child, around: Around) -> list[tuple[Step, str, DueSaid, list[Link]]]:
    """What is owed and may be settled by whoever looks, the earliest due first."""
    calendar = WorkingCalendar(child.line.nation, closed_days(desk.register))
    found = [(step, _links(child, around, step)) for step in around.open_steps]
    return [
        (step, step_title(around, step), due_words(step.due, desk.today, calendar), ways)
        for step, ways in found
        if ways
    ][:MOST_OWED]


def _links(child: Child, around: Around, step: Step) -> list[Link]:
    """What settles a step, as far as it can be recorded."""
    refused = refused_of_step(child.line, around.case, step) if step.phase is Phase.DISPUTE else set()
    return [link for link in links(child.viewer, child.line.id, step) if link.act not in refused]


def _drafts(desk: Desk, child: Child) -> list[tuple[Draft, str, str]]:
    """Their unfinished forms about this child: each with its title and where it is."""
    mine = [draft for draft in of_person(desk.register, child.viewer.person) if draft.episode == child.line.id]
    placed = [
        (draft, title_of_draft(name_of_draft(draft.form)), path_of_draft(draft.episode, draft.form)) for draft in mine
    ]
    return [(draft, title, path) for draft, title, path in placed if path]
