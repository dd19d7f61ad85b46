"""What a page says when something is not there, may not be, or cannot be just now."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from desk.api.problems import ApiProblem, Kinds, answer_to
from desk.doors import FormNotOurs, NotTheirs, SignInFirst
from desk.security import TooOften
from desk.templating import RETRY_SECONDS, render
from register import RegisterUnavailable

API_PREFIX = "/api/"


def tell_faults(app: FastAPI) -> None:
    """Have every fault told as a page."""
    app.middleware("http")(_unforeseen)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(NotTheirs, _not_theirs)
    app.add_exception_handler(FormNotOurs, _form_not_ours)
    app.add_exception_handler(TooOften, _too_often)
    app.add_exception_handler(RegisterUnavailable, _register_unavailable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_there)


async def _unforeseen(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """What nobody foresaw is logged by where it arose: its message may hold what must be in no log."""
    try:
        return await answer(request)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        logging.getLogger(__name__).error(
            "%s at %s:%s answering %s.", type(error).__name__, where.filename, where.lineno, _route_of(request)
        )
        sentence = "What you had saved is safe. Try again later, and tell the people who run this if it stays."
        return _page(request, 500, "Sorry, there is a problem with the service", sentence, link=False)


def _route_of(request: Request) -> str:
    """The pattern of the address, without what stood in it."""
    return str(getattr(request.scope.get("route"), "path", "an unknown address"))


def _page(
    request: Request, status: int, title: str, sentence: str, *, link: bool = True, retry: bool = False
) -> Response:
    """A page that says one thing.

    Args:
        request: what it answers.
        status: the answer's.
        title, sentence: what is wrong, and what to do.
        link: lead on to the first page that is theirs.
        retry: tell programs when to try again.
    """
    onwards = _FIRST_PAGE if link else None
    answer = render(request, "message.html", status=status, title=title, sentences=[sentence], link=onwards)
    if retry:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


_FIRST_PAGE = ("/", "Go to your first page")


def _sign_in_first(request: Request, _: Exception) -> Response:
    return RedirectResponse(f"/sign-in?next={quote(_back_to(request), safe='/')}", status_code=303)


def _back_to(request: Request) -> str:
    """Where to go on after signing in: the page asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    ours, came_from = str(request.base_url), request.headers.get("referer", "")
    return f"/{came_from.removeprefix(ours)}" if came_from.startswith(ours) else request.url.path


def _not_theirs(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotTheirs)
    if error.status == 404:
        return _not_there(request, error)
    sentence = "Your role does not include it. Ask your IRO manager if you need it for your work."
    return _page(request, 403, "You cannot see this page", sentence)


def _not_there(request: Request, _: Exception) -> Response:
    sentence = "If you typed the address, check it is right. A child's page is shown to those who work with them."
    return _page(request, 404, "Page not found", sentence)


def _form_not_ours(request: Request, _: Exception) -> Response:
    sentence = "It did not come from a page of this sign-in. Go back, load the page again and send it once more."
    return _page(request, 403, "This form cannot be taken", sentence)


def _too_often(request: Request, _: Exception) -> Response:
    return _page(request, 429, "Too many tries", "Wait a minute, then try again.", link=False, retry=True)


def _register_unavailable(request: Request, _: Exception) -> Response:
    sentence = "The register cannot be read just now. What you had saved is safe. Try again in a few minutes."
    return _page(request, 503, "Sorry, the service is not available", sentence, link=False, retry=True)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(API_PREFIX):
        return answer_to(ApiProblem(Kinds.NOT_FOUND, "No endpoint has this address: see the OpenAPI document."))
    if error.status_code == 404:
        return _not_there(request, error)
    sentence = "Go back and use the links and buttons of the pages."
    return _page(request, error.status_code, "This cannot be done here", sentence)
