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
from desk.templating import render
from register import RegisterUnavailable

API_PREFIX = "/api/"
RETRY_SECONDS = "60"


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
        return render(
            request,
            "message.html",
            status=500,
            title="Sorry, there is a problem with the service",
            sentences=["What you had saved is safe. Try again later, and tell the people who run this if it stays."],
        )


def _route_of(request: Request) -> str:
    """The pattern of the address, without what stood in it."""
    return str(getattr(request.scope.get("route"), "path", "an unknown address"))


def _sign_in_first(request: Request, _: Exception) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET":
        back = request.headers.get("referer", "")
        back = (
            request.url.path if not back.startswith(str(request.base_url)) else "/" + back[len(str(request.base_url)) :]
        )
    return RedirectResponse(f"/sign-in?next={quote(back, safe='/')}", status_code=303)


def _not_theirs(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotTheirs)
    if error.status == 404:
        return _not_there(request, error)
    return render(
        request,
        "message.html",
        status=403,
        title="You cannot see this page",
        sentences=["Your role does not include it. Ask your IRO manager if you need it for your work."],
        link=("/", "Go to your first page"),
    )


def _not_there(request: Request, _: Exception) -> Response:
    return render(
        request,
        "message.html",
        status=404,
        title="Page not found",
        sentences=["If you typed the address, check it is right. A child's page is shown to those who work with them."],
        link=("/", "Go to your first page"),
    )


def _form_not_ours(request: Request, _: Exception) -> Response:
    return render(
        request,
        "message.html",
        status=403,
        title="This form cannot be taken",
        sentences=["It did not come from a page of this sign-in. Go back, load the page again and send it once more."],
        link=("/", "Go to your first page"),
    )


def _too_often(request: Request, _: Exception) -> Response:
    answer = render(
        request,
        "message.html",
        status=429,
        title="Too many tries",
        sentences=["Wait a minute, then try again."],
    )
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _register_unavailable(request: Request, _: Exception) -> Response:
    answer = render(
        request,
        "message.html",
        status=503,
        title="Sorry, the service is not available",
        sentences=["The register cannot be read just now. What you had saved is safe. Try again in a few minutes."],
    )
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(API_PREFIX):
        return answer_to(ApiProblem(Kinds.NOT_FOUND, "No endpoint has this address: see the OpenAPI document."))
    if error.status_code == 404:
        return _not_there(request, error)
    return render(
        request,
        "message.html",
        status=error.status_code,
        title="This cannot be done here",
        sentences=["Go back and use the links and buttons of the pages."],
        link=("/", "Go to your first page"),
    )
