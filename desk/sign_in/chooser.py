"""A chooser of made-up people, for `make run` alone: whoever reaches the page may be anyone. On this machine only."""

from collections.abc import Iterator

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from desk.doors import TheDesk, cookie_name
from desk.security import Tries
from desk.settings import DeskRefused, DeskSettings
from desk.sign_in.session import as_viewer, path_within, welcome
from desk.templating import render
from desk.viewer import DeskRole, Viewer
from register.directory import people
from rules.vocabulary import Frozen

OPERATOR = "operator"
_POSTS = {role.value: role for role in DeskRole if role is not DeskRole.OPERATOR}


class Choice(Frozen):
    """Somebody to sign in as."""

    person: str
    name: str
    authority: str
    role: DeskRole


def require_loopback(settings: DeskSettings, host: str) -> None:
    """See that nobody but this machine could reach the chooser.

    Args:
        settings: the desk's.
        host: the address it is to listen on.

    Raises:
        DeskRefused: others could.
    """
    if host not in ("127.0.0.1", "::1", "localhost") or not settings.is_on_loopback:
        raise DeskRefused(
            "The chooser of made-up people lets anybody in as anyone, so it serves this machine only: set OIDC_ISSUER"
            " and what goes with it, or serve on 127.0.0.1 with DESK_URL unset."
        )


def choices(register: Engine) -> Iterator[Choice]:
    """Everyone of the directory who has a post that works at the desk, and an operator of each authority."""
    known = people(register)
    for person in known:
        if person.role.value in _POSTS:
            yield Choice(
                person=person.reference, name=person.name, authority=person.authority, role=_POSTS[person.role.value]
            )
    for authority in sorted({person.authority for person in known}) or ["000"]:
        yield Choice(person=OPERATOR, name="Operator", authority=authority, role=DeskRole.OPERATOR)


def chooser(tries: Tries) -> APIRouter:
    """The chooser's pages."""
    router = APIRouter()

    @router.get("/sign-in")
    def choose(request: Request, desk: TheDesk, next: str | None = None) -> HTMLResponse:
        """Show who there is."""
        return render(request, "sign_in/chooser.html", choices=list(choices(desk.register)), next=path_within(next))

    @router.post("/sign-in")
    def chosen(request: Request, desk: TheDesk, who: str = Form(""), next: str = Form("/")) -> Response:
        """Sign in as one of them."""
        tries.count("sign-in", request)
        found = {_value(each): each for each in choices(desk.register)}.get(who)
        if found is None:
            shown = {"choices": list(choices(desk.register)), "next": path_within(next), "fault": "Choose somebody"}
            return render(request, "sign_in/chooser.html", status=422, **shown)
        return welcome(desk, _viewer(found), path_within(next), request.cookies.get(cookie_name(desk)))

    return router


def _value(choice: Choice) -> str:
    return f"{choice.authority}/{choice.role}/{choice.person}"


def _viewer(choice: Choice) -> Viewer:
    return as_viewer(choice.person, choice.name, choice.authority, frozenset({choice.role}))
