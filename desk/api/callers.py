"""Who calls: a case system, by its token. Nobody comes to an endpoint but through here, and not too often.

Which scope an endpoint asks for stands in `desk.access.API`; an endpoint that is not there lets nobody in.
"""

import math
import time
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from desk.access import API
from desk.api.notes import begun
from desk.api.problems import ApiProblem, Kinds
from desk.parts import Desk, desk_of
from desk.security import Tries
from register import api_clients
from register.api_clients import ApiClient

CALLS_A_MINUTE = 600
"""How often one case system may call, with all its tokens together."""
SCHEME = "Bearer"
LONGEST_TOKEN = 200

TheDesk = Annotated[Desk, Depends(desk_of)]


class Limits:
    """How often case systems may call, counted in this process."""

    def __init__(self, calls_a_minute: int = CALLS_A_MINUTE, refusals_a_minute: int | None = None) -> None:
        """Allow so many.

        Args:
            calls_a_minute: with tokens of one case system.
            refusals_a_minute: from one address with a token that is not accepted; as for signing in when left out.
        """
        self._limit = RateLimitItemPerMinute(calls_a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self.refusals = Tries(refusals_a_minute) if refusals_a_minute else Tries()

    def count(self, client: str) -> None:
        """Count a call.

        Args:
            client: the case system, by reference.

        Raises:
            ApiProblem: there were too many.
        """
        if self._limiter.hit(self._limit, "api", client):
            return
        again = self._limiter.get_window_stats(self._limit, "api", client).reset_time
        raise too_many(max(1, math.ceil(again - time.time())))


def too_many(seconds: int) -> ApiProblem:
    """There were too many calls; the caller is told when to go on."""
    return ApiProblem(
        Kinds.TOO_MANY_CALLS,
        f"Wait {seconds} seconds, then go on more slowly.",
        headers={"Retry-After": str(seconds)},
    )


async def let_in(request: Request, desk: TheDesk) -> ApiClient:
    """Let a case system in whose token allows what it calls.

    Raises:
        ApiProblem: it has none, it is not accepted, does not allow this, or calls too often.
        TooOften: too many tokens that are not accepted came from one address.
    """
    request.state.call = call = begun(request)
    limits: Limits = request.app.state.limits
    try:
        client = await _client_of(request, desk)
        request.state.call = call.model_copy(update={"who": client.reference, "scopes": client.scopes})
        if not client.is_alive(desk.clock()):
            raise _not_accepted("The token has expired or was revoked: ask whoever runs this service for another.")
    except ApiProblem:
        # Others may call from the same address with a token that is accepted: those are not held up.
        limits.refusals.count("token", request)
        raise
    limits.count(client.reference)
    needed = API.get(call.endpoint)
    if needed is None or needed not in client.scopes:
        raise beyond_its_scopes(needed)
    await run_in_threadpool(api_clients.note_use, desk.register, client, desk.clock())
    return client


async def _client_of(request: Request, desk: Desk) -> ApiClient:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower() or not token.strip():
        raise ApiProblem(
            Kinds.TOKEN_NEEDED,
            "Send a token with each call, as `Authorization: Bearer TOKEN`.",
            headers={"WWW-Authenticate": f'{SCHEME} realm="api"'},
        )
    found = None
    if len(token) <= LONGEST_TOKEN:
        found = await run_in_threadpool(api_clients.find_api_client, desk.register, token.strip())
    if found is None:
        raise _not_accepted("That token is not known here: check that it was copied whole.")
    return found


def _not_accepted(detail: str) -> ApiProblem:
    return ApiProblem(
        Kinds.TOKEN_REFUSED,
        detail,
        headers={"WWW-Authenticate": f'{SCHEME} realm="api", error="invalid_token"'},
    )


def beyond_its_scopes(needed: str | None) -> ApiProblem:
    """The token does not allow what is asked; the caller is told which scope would, where one does."""
    scope = f', scope="{needed}"' if needed else ""
    return ApiProblem(
        Kinds.SCOPE_NEEDED,
        f"This needs a token with the scope {needed}." if needed else "No token allows this.",
        headers={"WWW-Authenticate": f'{SCHEME} realm="api", error="insufficient_scope"{scope}'},
    )


Caller = Annotated[ApiClient, Depends(let_in)]
