"""A formal dispute's own page: where it stands, its stages and what was answered, what may be done, what happened."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from client.happenings import Happening
from client.timeline import timeline_from_register
from desk.access import Page
from desk.doors import Child, MayForChild, NotTheirs, TheDesk
from desk.parts import Desk
from desk.seen.child import read_child
from desk.seen.dispute import DisputeRead, acts, comes_next, earlier, facts_of, read_dispute, rows, source
from desk.seen.matters import matter_words
from desk.seen.part import part
from desk.seen.referrals import referrals
from desk.seen.stages import stages
from desk.seen.timeline import Item, teller
from desk.templating import render
from rules.vocabulary import Reference

router = APIRouter()


@router.get("/children/{episode}/disputes/{dispute}")
def dispute_page(
    request: Request,
    desk: TheDesk,
    child: Annotated[Child, Depends(MayForChild(Page.DISPUTE))],
    dispute: Annotated[Reference, Path()],
) -> HTMLResponse:
    """Show it."""
    read = read_child(desk, child)
    found = read_dispute(desk, read, dispute) if read else None
    if read is None or found is None:
        raise NotTheirs(404)
    return render(
        request,
        "dispute.html",
        child_name=read.page.child_name or read.line.child,
        reference=read.line.child,
        child_href=f"/children/{read.line.id}/changes",
        matter=matter_words(found.dispute.raised.fact.matter).lower(),
        about=found.dispute.raised.fact.about,
        rows=rows(found),
        comes_next=comes_next(found),
        source=source(found),
        acts=acts(found),
        stages=stages(found, desk.policy.dispute),
        referrals=referrals(read.scene, read.case, found.open_steps, dispute=found.dispute.id),
        earlier=earlier(found),
        items=part("a dispute's timeline", lambda: _happened(desk, found)),
    )


def _happened(desk: Desk, found: DisputeRead) -> list[Item]:
    """What happened about it, the latest first."""
    read = found.read
    about = facts_of(found, (entry.fact for entry in read.entries))
    told = timeline_from_register(desk.register, read.line.id, desk.clock())
    happened = [each for each in told.happenings if _is_of(each, about, found)]
    return teller(desk, read).tell(happened)


def _is_of(each: Happening, about: set[str], found: DisputeRead) -> bool:
    """Whether it is a fact about the dispute, or that one of its steps slipped."""
    return each.fact.id in about if each.fact else each.step in found.steps
