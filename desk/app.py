"""The desk's web application: pages for people, an API for case systems, calendars to subscribe to."""

from fastapi import FastAPI

from desk import assets, calendars
from desk.api import make_api
from desk.api.document import PREFIX
from desk.faults import tell_faults
from desk.pages import ROUTERS
from desk.parts import Desk
from desk.security import Tries, with_headers
from desk.sign_in import doors_for


def make_app(desk: Desk) -> FastAPI:
    """Make the application.

    Args:
        desk: the parts; its register is migrated.

    Raises:
        AssetsMissing: set-up has not built the styles.
    """
    assets.require_assets()
    app = FastAPI(title="IRO review cycle", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.tries = tries = Tries()
    tell_faults(app)
    # Last, and so around all else: the page that tells of a fault is guarded, too.
    app.middleware("http")(with_headers)
    app.include_router(assets.router)
    app.include_router(calendars.router)
    app.include_router(doors_for(desk, tries))
    for router in ROUTERS:
        app.include_router(router)
    app.mount(PREFIX, make_api(desk))
    return app
