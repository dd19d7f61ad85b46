"""What a browser holds while somebody is signed in: one cookie, which says nothing and cannot be read by script."""

from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from desk.doors import cookie_name, note
from desk.parts import Desk
from desk.templating import render
from desk.viewer import DeskRole, Viewer
from register import desk_sessions
from register.audit import Outcome


def welcome(desk: Desk, viewer: Viewer, to: str, former: str | None = None) -> Response:
    """Sign somebody in and send them on their way.

    Args:
        desk: the parts.
        viewer: who; the session gets a `csrf` of its own.
        to: a path of the desk, as `path_within` gives it.
        former: what their browser held until now: that session, if it was one, is over.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if former:
        desk_sessions.end(desk.register, former, desk.clock())
    token = desk_sessions.begin(
        desk.register, viewer.person, viewer.name, viewer.authority, tuple(sorted(viewer.roles)), desk.clock()
    )
    note(desk, viewer, "sign_in", Outcome.DONE)
    answer = RedirectResponse(to, status_code=303)
    answer.set_cookie(
        cookie_name(desk), token, httponly=True, secure=desk.desk.is_secure, samesite="lax", path="/", max_age=None
    )
    return answer


def farewell(desk: Desk, token: str | None, viewer: Viewer | None) -> None:
    """End a session at our side, so that what the browser holds lets nobody in any more.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if token:
        desk_sessions.end(desk.register, token, desk.clock())
        note(desk, viewer, "sign_out", Outcome.DONE)


def without_session(answer: Response, desk: Desk) -> Response:
    """The same answer, which has the browser let go of its session."""
    answer.delete_cookie(cookie_name(desk), path="/", secure=desk.desk.is_secure, httponly=True, samesite="lax")
    return answer


def onward(request: Request, there: str, title: str, words: str) -> Response:
    """A page that sends the browser to another service at once, with a link for whoever it does not send.

    A redirection would not do: the content security policy lets no form of ours lead elsewhere, and a browser may come
    here from a form, when a session has ended or somebody signs out.

    Args:
        request: what it answers.
        there: an address of the provider's.
        title: the page's.
        words: the link's.
    """
    answer = render(request, "message.html", title=title, sentences=[], link=(there, words))
    answer.headers["Refresh"] = f"0; url={there}"
    return answer


def path_within(wanted: str | None) -> str:
    """A path of the desk itself, whatever was asked for: nobody is sent elsewhere.

    Args:
        wanted: as it stood in the address.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return "/"
    if any(ord(each) < 0x20 for each in wanted):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted


def as_viewer(person: str, name: str, authority: str, roles: frozenset[DeskRole]) -> Viewer:
    """Who is about to be signed in."""
    return Viewer(person=person, name=name, authority=authority, roles=roles, csrf="-")
