"""Where somebody begins: the first page that is theirs."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May
from desk.templating import first_page
from desk.viewer import Viewer

router = APIRouter()


@router.get("/")
def home(viewer: Annotated[Viewer, Depends(May(Page.HOME))]) -> RedirectResponse:
    """Go there."""
    return RedirectResponse(first_page(viewer), status_code=303)
