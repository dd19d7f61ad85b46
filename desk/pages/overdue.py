"""What is overdue in the authority and why, the longest first; in numbers by stage, by rung and by owner."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May, TheDesk
from desk.seen.dues import Calendars
from desk.seen.overdue import Narrowed, counts_seen, overdue_seen, owner_of
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.closed_days import closed_days
from register.work import BadCursor, overdue_counts
from register.work import overdue as overdue_of
from register.work_names import names_of_people
from register.work_raised import raised_for
from rules.vocabulary import Phase, Role

Rung = Annotated[str | None, Query(pattern=r"^[a-z][a-z_]{0,39}$")]

A_PAGE = 25
"""Steps on a page: each says why, who owes it and who was told, so that fifty would be long to read and to make."""

router = APIRouter()


@router.get("/overdue")
def overdue(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.OVERDUE))],
    stage: Phase | None = None,
    rung: Rung = None,
    owner: Role | None = None,
    after: str | None = None,
) -> Response:
    """Show it, a page at a time."""
    register, today, narrowed = desk.register, desk.today, Narrowed(stage=stage, rung=rung, owner=owner)
    try:
        asked = {**dict(narrowed), "after": after, "limit": A_PAGE}
        page = overdue_of(register, viewer.authority, today=today, **asked, with_names=True)
    except BadCursor:
        return RedirectResponse(narrowed.href(), status_code=303)
    steps = [(line.episode, line.step.key) for line in page.items]
    raised = part("who was told", lambda: raised_for(register, steps))
    names = names_of_people(register, map(owner_of, page.items))
    counts = part("what is overdue in numbers", lambda: overdue_counts(register, viewer.authority, today=today))
    return render(
        request,
        "service/overdue.html",
        narrowed=narrowed,
        counts=counts_seen(counts, narrowed) if counts else None,
        total=counts.total if counts else None,
        told_known=raised is not None,
        steps=overdue_seen(viewer, page.items, raised or {}, names, today, Calendars(closed_days(register))),
        next_href=narrowed.href(page.next) if page.next else None,
        first_href=narrowed.href(),
        is_first=after is None,
    )
