"""Caseloads: what each IRO has to do, and who could hand on to whom so that the load is more even."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May, TheDesk
from desk.seen.caseloads import caseloads_seen, moves_seen, service_seen
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.allocations import caseloads as candidates
from register.balancing import proposed_moves
from register.directory import absences
from register.work import BadCursor, caseloads_page
from register.work_names import children_of_episodes, names_of_people
from rules.directory import GUIDED_CASELOAD

MOST_GIVERS, MOST_CHILDREN = 10, 100
"""For whom the children are looked at, the heaviest loads first; and how many children, the newest first."""

A_PAGE = 25
"""IROs on a page."""

router = APIRouter()


@router.get("/caseloads")
def caseloads(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.CASELOADS))],
    after: str | None = None,
) -> Response:
    """Show each IRO's children against their places, what is overdue, and when they are away; a page at a time."""
    register, today = desk.register, desk.today
    try:
        page = caseloads_page(register, viewer.authority, today=today, after=after, limit=A_PAGE)
    except BadCursor:
        return RedirectResponse("/caseloads", status_code=303)
    away = part("absences", lambda: absences(register))
    names = names_of_people(register, (each.cover for each in away or ()))
    whole = part("the whole service", lambda: service_seen(candidates(register, viewer.authority, today)))
    return render(
        request,
        "service/caseloads.html",
        iros=caseloads_seen(page.items, away or [], names, today),
        absences_known=away is not None,
        whole=whole,
        guided=GUIDED_CASELOAD,
        next_href=f"/caseloads?after={page.next}" if page.next else None,
        first_href="/caseloads",
        is_first=after is None,
    )


@router.get("/caseloads/balance")
def balance(request: Request, desk: TheDesk, viewer: Annotated[Viewer, Depends(May(Page.CASELOADS))]) -> Response:
    """Show the few moves that would even the load. Nothing is changed."""
    register = desk.register
    moves = proposed_moves(register, viewer.authority, desk.today, most_givers=MOST_GIVERS, most_children=MOST_CHILDREN)
    named = children_of_episodes(register, viewer.authority, (move.episode for move in moves))
    names = names_of_people(register, (iro for move in moves for iro in (move.from_iro, move.to_iro)))
    return render(
        request,
        "service/balance.html",
        moves=moves_seen(moves, named, names),
        most_givers=MOST_GIVERS,
        most_children=MOST_CHILDREN,
    )
