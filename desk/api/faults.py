"""Whatever goes wrong in a call is told as a problem, and noted in the audit log."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from client.checked import Faulty
from client.connection import ServerUnreachable
from client.correcting import NoSuchFact
from client.errors import EpisodeClosed, NotAnswered, UnknownEpisode
from desk.api.callers import too_many
from desk.api.document import methods_at
from desk.api.notes import note
from desk.api.problems import ApiProblem, Fault, Kinds, answer_to, fault_in_body, invalid, unavailable
from desk.api.theirs import no_such_episode
from desk.security import TooOften
from register import RegisterUnavailable
from rules.acceptance import Refused

SECONDS_BETWEEN_TRIES = 60


def tell_problems(app: FastAPI) -> None:
    """Have everything that goes wrong in an application told as a problem."""
    app.middleware("http")(_unforeseen)
    app.add_exception_handler(HTTPException, _of_http)
    for kind, told in _TOLD.items():
        app.add_exception_handler(kind, _handler(told))


def _handler(told: Callable[[Exception], ApiProblem]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return await _noted(request, told(error))

    return handle


async def _noted(request: Request, told: ApiProblem) -> Response:
    """Note what went wrong, where it was a call, and tell it."""
    outcome = told.kind.value.outcome
    if outcome and hasattr(request.state, "call"):
        try:
            await note(request, outcome)
        except RegisterUnavailable:
            return answer_to(_of_the_register())
    return answer_to(told)


async def _unforeseen(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """What nobody foresaw is logged by where it arose: its message may hold what must be in no log."""
    try:
        return await answer(request)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        call = getattr(request.state, "call", None)
        logging.getLogger(__name__).error(
            "%s at %s:%s answering %s.",
            *(type(error).__name__, where.filename, where.lineno, call.endpoint if call else "an unknown address"),
        )
        return await _noted(request, ApiProblem(Kinds.UNFORESEEN, _SORRY))


_SORRY = (
    "It is noted for the people who run this: tell them if it stays. An act sent again under the same id is recorded"
    " once."
)


# --- Each in words --------------------------------------------------------------------------------------------------


def _itself(error: Exception) -> ApiProblem:
    assert isinstance(error, ApiProblem)
    return error


def _faulty(error: Exception) -> ApiProblem:
    assert isinstance(error, Faulty)
    return invalid(tuple(fault_in_body(fault) for fault in error.faults))


def _of_parameters(error: Exception) -> ApiProblem:
    """What FastAPI finds wrong outside the body. An id that cannot be one leads nowhere."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(each["loc"][0] == "path" for each in found):
        return no_such_episode()
    return invalid(tuple(_of_parameter(str(each["loc"][-1]), each["type"]) for each in found))


def _of_parameter(name: str, kind: str) -> Fault:
    shown = name[:40]
    words = "is not a parameter of this" if kind == "extra_forbidden" else "is not what is wanted there"
    return Fault(parameter=shown, detail=f"{shown} {words}: see the OpenAPI document.")


async def _of_http(request: Request, error: Exception) -> Response:
    """What the router itself finds: nobody was looked for, so nothing is noted."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        path = request.scope["path"].removeprefix(request.scope["root_path"])
        allowed = ", ".join(await run_in_threadpool(methods_at, request.app, path))
        told = f"At this address only {allowed} can be done."
        return answer_to(ApiProblem(Kinds.METHOD_NOT_ALLOWED, told, headers={"Allow": allowed}))
    return answer_to(ApiProblem(Kinds.NOT_FOUND, "No endpoint has this address: see the OpenAPI document."))


def _of_the_register(_: Exception | None = None) -> ApiProblem:
    return unavailable("The register cannot be used just now. Try again in a while.")


def _of_the_server(error: Exception) -> ApiProblem:
    if isinstance(error, NotAnswered):
        return unavailable(
            "No answer came in time, and it may have been saved. Send it again under the same id: it is recorded once."
        )
    return unavailable("The workflow server does not answer, and nothing was saved. Send it again in a while.")


_TOLD: dict[type[Exception], Callable[[Exception], ApiProblem]] = {
    ApiProblem: _itself,
    Faulty: _faulty,
    RequestValidationError: _of_parameters,
    Refused: lambda error: ApiProblem(Kinds.REFUSED, str(error)),
    EpisodeClosed: lambda _: ApiProblem(Kinds.CLOSED, "That period of care has ended, and takes no more acts."),
    # It is in the register, which was asked first: the server has let go of it.
    UnknownEpisode: lambda _: ApiProblem(Kinds.CLOSED, "That episode takes no more acts: its workflow has finished."),
    NoSuchFact: lambda _: ApiProblem(Kinds.NOT_FOUND, "No fact of that id stands: the timeline has them."),
    NotAnswered: _of_the_server,
    ServerUnreachable: _of_the_server,
    RegisterUnavailable: _of_the_register,
    TooOften: lambda _: too_many(SECONDS_BETWEEN_TRIES),
}
