"""The challenge board: every challenge and formal dispute that is open in the authority, what is overdue first."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May, TheDesk
from desk.seen.board import board_seen
from desk.seen.dues import Calendars
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.closed_days import closed_days
from register.paging import BadCursor
from register.work_challenges import challenge_counts, open_challenges, what_lies_behind
from register.work_names import names_of_people

A_PAGE = 25
"""As many as the list of what is overdue has."""
BOARD = "/challenges"

router = APIRouter()


@router.get(BOARD)
def board(
    request: Request, desk: TheDesk, viewer: Annotated[Viewer, Depends(May(Page.BOARD))], after: str | None = None
) -> Response:
    """Show it, a page at a time."""
    register, today = desk.register, desk.today
    try:
        page = open_challenges(register, viewer.authority, today=today, after=after, limit=A_PAGE, with_names=True)
    except BadCursor:
        return RedirectResponse(BOARD, status_code=303)
    behind = part("challenges", lambda: what_lies_behind(register, {line.episode for line in page.items}))
    recorders = {entry.fact.by for each in (behind or {}).values() for entry in each.entries}
    names = names_of_people(register, (*recorders, *(line.cover or line.iro for line in page.items)))
    return render(
        request,
        "board.html",
        counts=part("challenges", lambda: challenge_counts(register, viewer.authority, today=today)),
        behind_known=behind is not None,
        lines=board_seen(viewer, page.items, behind or {}, names, today, Calendars(closed_days(register))),
        next_href=f"{BOARD}?{urlencode({'after': page.next})}" if page.next else None,
        first_href=BOARD,
        is_first=after is None,
    )
