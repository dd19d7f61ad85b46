"""Mail: who was written to most lately, which notices reached nobody, what is stuck, and what to do about each."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May, TheDesk
from desk.parts import Desk
from desk.seen.mail import (
    DAYS,
    FEW,
    RecipientSeen,
    Show,
    TroubleSeen,
    boxes_seen,
    reached_nobody_seen,
    recipients_seen,
    stuck_seen,
)
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.paging import BadCursor
from register.work_mail import count_written_to, most_written_to
from register.work_post import count_post_troubles, reached_nobody, stuck
from rules.clock import start_of

router = APIRouter()


@router.get("/mail")
def mail(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.MAIL))],
    show: Show = Show.MANY,
    after: str | None = None,
) -> Response:
    """Show one of the lists, a page at a time."""
    register, many = desk.register, desk.policy.post.many_a_week
    first = f"/mail?show={show}"
    try:
        found, more = _list(desk, viewer, show, after)
    except BadCursor:
        return RedirectResponse(first, status_code=303)
    since = start_of(desk.today - timedelta(days=DAYS - 1))
    too_many = part("messages in numbers", lambda: count_written_to(register, viewer.authority, since, many))
    troubles = part("what did not arrive in numbers", lambda: count_post_troubles(register, viewer.authority))
    return render(
        request,
        "service/mail.html",
        show=show,
        many=many,
        few=min(FEW, many),
        too_many_known=too_many is not None,
        troubles=troubles,
        boxes=boxes_seen(too_many, troubles, many, show),
        found=found,
        next_href=f"{first}&after={more}" if more else None,
        first_href=first,
        is_first=after is None,
    )


def _list(
    desk: Desk, viewer: Viewer, show: Show, after: str | None
) -> tuple[list[RecipientSeen] | list[TroubleSeen], str | None]:
    """A page of a list, and where the next one begins."""
    register, authority = desk.register, viewer.authority
    if show is Show.NOBODY:
        lost = reached_nobody(register, authority, after=after)
        return reached_nobody_seen(viewer, lost.items), lost.next
    if show is Show.STUCK:
        waiting = stuck(register, authority, after=after)
        return stuck_seen(waiting.items), waiting.next
    since = start_of(desk.today - timedelta(days=DAYS - 1))
    many = desk.policy.post.many_a_week
    written = most_written_to(register, authority, since, more_than=min(FEW, many), after=after)
    return recipients_seen(viewer, written.items, many), written.next
