"""The HTTP API of case systems, `/api/v1`: what `starter.py` does at a keyboard, with tokens and over HTTP.

Both go through `client`; neither repeats the other. `docs/api.md` tells how to call it.
"""

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

from desk.api import acts, episodes, webhooks
from desk.api.callers import Limits, let_in
from desk.api.document import document
from desk.api.faults import tell_problems
from desk.parts import Desk

ROUTERS = (episodes.router, acts.router, webhooks.router)


def make_api(desk: Desk, limits: Limits | None = None) -> FastAPI:
    """Make the API, to be mounted at its address.

    Args:
        desk: the parts.
        limits: how often case systems may call; the default where left out.
    """
    api = FastAPI(
        title="IRO review cycle",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Before anything else that an endpoint asks for: nobody who may not call learns what is wrong with a call.
        dependencies=[Depends(let_in)],
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.desk, api.state.limits = desk, limits or Limits()
    tell_problems(api)
    for router in ROUTERS:
        api.include_router(router)
    api.openapi = lambda: document(api)  # type: ignore[method-assign]
    # Not FastAPI's own way of serving it, which has everybody else wait while it is made.
    api.add_route("/openapi.json", lambda _: JSONResponse(document(api)), include_in_schema=False)
    return api
