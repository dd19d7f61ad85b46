"""Styles and script, as set-up built them (`make setup`); none comes from anywhere else."""

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FRONTEND = Path(__file__).parent / "frontend"
_GOVUK = FRONTEND / "node_modules" / "govuk-frontend" / "dist" / "govuk"

ASSETS = {
    "desk.css": FRONTEND / "built" / "desk.css",
    "desk.js": FRONTEND / "desk.js",
    "drafts.js": FRONTEND / "drafts.js",
    "icon.svg": FRONTEND / "icon.svg",
    "govuk-frontend.min.js": _GOVUK / "govuk-frontend.min.js",
}
"""Each file by the name it is asked for by."""

KEPT = {"Cache-Control": "public, max-age=3600"}

router = APIRouter()


class AssetsMissing(Exception):
    """Styles or script are not there. The message says what to do."""


def require_assets() -> None:
    """See that set-up has brought the styles and the script.

    Raises:
        AssetsMissing: it has not.
    """
    missing = [name for name, file in ASSETS.items() if not file.is_file()]
    if missing:
        raise AssetsMissing(f"The desk's {missing[0]} is not there: run `make setup`, which builds it.")


@router.get("/assets/{name}")
def asset(name: str) -> FileResponse:
    """A file of styles or script."""
    if name not in ASSETS:
        raise HTTPException(404)
    return FileResponse(ASSETS[name], headers=KEPT)
