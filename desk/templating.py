"""Pages from templates: the GOV.UK components, our own layout, and the words for days that every page needs."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape
from jinja2.runtime import ChainableUndefined

from desk.access import Page, may_see, reaches_the_service
from desk.parts import desk_of
from desk.viewer import Viewer
from rules.clock import LONDON
from rules.wording import in_full, plain, short

TEMPLATES = Path(__file__).parent / "templates"
RETRY_SECONDS = "60"
"""When a program may try again, where a page says to wait: as the header `Retry-After` has it."""

NAVIGATION: tuple[tuple[Page, str, str], ...] = (
    (Page.TASKS, "/tasks", "My tasks"),
    (Page.CHILDREN, "/children", "My children"),
    (Page.OVERDUE, "/overdue", "Overdue"),
    (Page.BOARD, "/challenges", "Challenges"),
    (Page.CASELOADS, "/caseloads", "Caseloads"),
    (Page.ALLOCATION, "/allocation", "Allocation"),
    (Page.MAIL, "/mail", "Mail"),
    (Page.DIGEST, "/digest", "Weekly digest"),
    (Page.OPERATIONS, "/operations", "Operations"),
)
"""What stands in the bar at the top, for those who may see it."""


@lru_cache
def environment() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=select_autoescape(default_for_string=True, default=True),
        # The components ask for parts of parts that may be left out.
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(day=in_full, short_day=short, plain=plain, moment=moment, clock=clock)
    return made


def render(request: Request, name: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page.

    Args:
        request: what it answers.
        name: the template, below `desk/templates`.
        status: the answer's.
        shown: what the template shows.
    """
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    desk = desk_of(request)
    text = (
        environment()
        .get_template(name)
        .render(
            request=request,
            viewer=viewer,
            navigation=navigation(viewer, request.url.path) if viewer else [],
            today=desk.today,
            **shown,
        )
    )
    return HTMLResponse(text, status_code=status)


def navigation(viewer: Viewer, path: str) -> list[dict[str, Any]]:
    """The bar at the top: what this person may see, the page they are at marked."""
    sees_service = reaches_the_service(viewer)
    return [
        {
            "href": href,
            "text": "Children" if page is Page.CHILDREN and sees_service else words,
            "active": path == href or path.startswith(f"{href}/"),
        }
        for page, href, words in NAVIGATION
        if may_see(viewer, page)
    ]


def moment(instant: datetime) -> str:
    """An instant in words, as the clock stood in London: Friday 3 July 2026 at 9:05am."""
    return f"{in_full(instant.astimezone(LONDON).date())} at {clock(instant)}"


def clock(instant: datetime) -> str:
    """The time of day in London, as the design system writes it: 9:05am."""
    there = instant.astimezone(LONDON)
    hour = there.hour % 12 or 12
    return f"{hour}:{there:%M}{'am' if there.hour < 12 else 'pm'}"


def first_page(viewer: Viewer) -> str:
    """Where somebody begins: the first page of theirs."""
    return next((href for page, href, _ in NAVIGATION if may_see(viewer, page)), "/signed-out")
