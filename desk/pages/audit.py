"""Who looked at a child's page, who did what, and who was not let."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import Child, MayForChild, TheDesk
from desk.seen.audit import audit_seen
from desk.templating import render
from register.paging import BadCursor
from register.work_audit import audit_page
from register.work_names import children_of_episodes

router = APIRouter()


@router.get("/children/{episode}/audit")
def audit(
    request: Request,
    desk: TheDesk,
    child: Annotated[Child, Depends(MayForChild(Page.AUDIT))],
    after: str | None = None,
) -> Response:
    """Show it, the latest first, a page at a time."""
    line = child.line
    first = f"/children/{line.id}/audit"
    try:
        page = audit_page(desk.register, line.id, after=after)
    except BadCursor:
        return RedirectResponse(first, status_code=303)
    return render(
        request,
        "service/audit.html",
        child=children_of_episodes(desk.register, line.authority, [line.id])[line.id],
        child_href=f"/children/{line.id}",
        lines=audit_seen(page.items),
        next_href=f"{first}?after={page.next}" if page.next else None,
        first_href=first,
        is_first=after is None,
    )
