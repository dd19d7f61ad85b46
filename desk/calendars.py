"""Calendars to subscribe to, each at an address of its own."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from desk.doors import TheDesk
from desk.feeds import events_of, name_of
from post.calendars import feed
from register import RegisterUnavailable
from register.feeds import find_feed

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,80}$")]

router = APIRouter()


@router.get("/calendars/{token}.ics")
def calendar(token: Token, desk: TheDesk) -> Response:
    """A calendar to subscribe to. An address that is not known, or was revoked, leads nowhere."""
    now = datetime.now(UTC)
    try:
        found = find_feed(desk.register, token)
        events = events_of(desk.register, found, now) if found else []
    except RegisterUnavailable:
        return Response("The calendar cannot be read just now.\n", status_code=503, headers={"Retry-After": "300"})
    if found is None:
        return Response("There is no such calendar.\n", status_code=404, media_type="text/plain")
    return Response(
        feed(name_of(found), events, now),
        media_type="text/calendar",
        headers={"Cache-Control": "private, max-age=900", "Referrer-Policy": "no-referrer"},
    )
