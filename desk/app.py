"""The desk's web application. So far it serves calendars to subscribe to."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Path, Response
from sqlalchemy import Engine

from desk.feeds import events_of, name_of
from post.calendars import feed
from register import RegisterUnavailable
from register.feeds import find_feed

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,80}$")]


def make_app(register: Engine) -> FastAPI:
    """Make the application.

    Args:
        register: the database, migrated.
    """
    app = FastAPI(title="IRO review cycle", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/calendars/{token}.ics")
    def calendar(token: Token) -> Response:
        """A calendar to subscribe to. An address that is not known, or was revoked, leads nowhere."""
        now = datetime.now(UTC)
        try:
            found = find_feed(register, token)
            events = events_of(register, found, now) if found else []
        except RegisterUnavailable:
            return Response("The calendar cannot be read just now.\n", status_code=503, headers={"Retry-After": "300"})
        if found is None:
            return Response("There is no such calendar.\n", status_code=404, media_type="text/plain")
        return Response(
            feed(name_of(found), events, now),
            media_type="text/calendar",
            headers={"Cache-Control": "private, max-age=900", "Referrer-Policy": "no-referrer"},
        )

    return app
