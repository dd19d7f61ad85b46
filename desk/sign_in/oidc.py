"""Signing in by the authority's own provider: there and back, and nothing half signed in."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from desk.doors import TheDesk, cookie_name, note
from desk.parts import Desk
from desk.security import Tries
from desk.sign_in import begun
from desk.sign_in.claims import ClaimsMissing, viewer_of
from desk.sign_in.provider import NotBelieved, Provider, ProviderDown
from desk.sign_in.session import onward, path_within, welcome
from desk.templating import RETRY_SECONDS, render
from register.audit import Outcome
from rules.wording import listed

CALLBACK = "/sign-in/callback"
LONGEST_PATH = 1000
"""So long a path is kept to come back to: a cookie has not much room."""

_AGAIN = ("/sign-in", "Sign in again")
_WHY = {
    "state": (
        "That sign-in cannot be finished",
        "It was begun too long ago, or in another window. You may be signed in there already.",
    ),
    "cancelled": ("You are not signed in", "The sign-in was stopped before it was finished."),
    "refused": ("You are not signed in", "Your council's sign-in service did not let this go on."),
    "token": (
        "You are not signed in",
        "What your council's sign-in service said could not be checked. If it stays, tell the people who run this.",
    ),
}


def by_provider(provider: Provider, tries: Tries) -> APIRouter:
    """The pages of signing in.

    Args:
        provider: the authority's.
        tries: counts those that come to nothing, from one address.
    """
    router = APIRouter()

    @router.get("/sign-in")
    async def sign_in(request: Request, desk: TheDesk, next: str | None = None) -> Response:
        """Send somebody to the provider."""
        tries.require("sign-in", request)
        to = path_within(next)
        session = request.scope["session"] = {"to": to if len(to) <= LONGEST_PATH else "/"}
        try:
            there = await provider.begin(request, desk.desk.url + CALLBACK)
        except ProviderDown:
            return _down(request)
        answer = onward(request, there, "Sign in", "Go on to your council's sign-in page")
        begun.keep(answer, desk, session)
        return answer

    @router.get(CALLBACK)
    async def come_back(request: Request, desk: TheDesk) -> Response:
        """Take somebody in who comes back from the provider."""
        tries.require("sign-in", request)
        session = request.scope["session"] = begun.read(request, desk)
        try:
            viewer = viewer_of(await provider.finish(request), provider.oidc)
        except ProviderDown:
            answer: Response = _down(request)
        except NotBelieved as error:
            answer = await _refused(request, desk, error.why, *_WHY[error.why])
            tries.count("sign-in", request)
        except ClaimsMissing as error:
            answer = await _refused(request, desk, "claims", *_unknown(error))
            tries.count("sign-in", request)
        else:
            to = path_within(session.get("to"))
            answer = await run_in_threadpool(welcome, desk, viewer, to, request.cookies.get(cookie_name(desk)))
        begun.forget(answer, desk)
        return answer

    return router


async def _refused(request: Request, desk: Desk, why: str, title: str, *sentences: str) -> HTMLResponse:
    await run_in_threadpool(note, desk, None, "sign_in", Outcome.DENIED, None, why)
    return render(request, "message.html", status=403, title=title, sentences=sentences, link=_AGAIN)


def _unknown(error: ClaimsMissing) -> tuple[str, ...]:
    """What is missing of somebody whom the provider knows and we do not, and whom to tell."""
    return (
        "You cannot be signed in yet",
        "Your council's sign-in service knows you, but it does not tell this service all it needs to let you in.",
        f"What is missing: {listed(error.said)}.",
        "Tell the people who look after your council account, and show them this page: they can add it.",
    )


def _down(request: Request) -> HTMLResponse:
    answer = render(
        request,
        "message.html",
        status=503,
        title="You cannot sign in just now",
        sentences=["Your council's sign-in service does not answer. Nothing is lost: try again in a few minutes."],
        link=("/sign-in", "Try again"),
    )
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer
