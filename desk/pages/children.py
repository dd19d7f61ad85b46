"""My children, or for those who see the whole service the children of the authority; and finding one by reference.

A child's reference is sent in the body of a form, never in an address.
"""

import re
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page, is_theirs
from desk.doors import May, TheDesk, note
from desk.parts import Desk
from desk.seen.children import STAGES, children_seen, own_posts, stage_words, within_reach
from desk.seen.dues import Calendars
from desk.seen.part import part
from desk.templating import render
from desk.viewer import DeskRole, Viewer
from register.audit import Outcome
from register.closed_days import closed_days
from register.directory import people
from register.queries import episodes_of_child
from register.work import BadCursor, EpisodeFilters, episodes_page
from register.work_more import more_of_episodes
from rules.vocabulary import REFERENCE, Frozen, Phase, Role

ANYONE = rf"^$|{REFERENCE}"
"""A reference, or nothing."""

router = APIRouter()


NOT_FOUND = "No child that you see has that reference. Check it, with capital and small letters as the case has them"


class Miss(NamedTuple):
    """A reference by which no child was found, and what is said of it."""

    given: str
    fault: str


class Asked(Frozen):
    """Which children are asked for, as it stands in the address; empty leaves a filter out.

    Attributes:
        stage: at this one.
        iro: of this IRO, for those who see the whole service.
        overdue: with something overdue.
        ended: closed cases, too.
        post: as what somebody looks, where they have children in several posts.
    """

    stage: str = ""
    iro: Annotated[str, Query(pattern=ANYONE)] = ""
    overdue: bool = False
    ended: bool = False
    post: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.stage or self.iro or self.overdue)

    def href(self, after: str | None = None) -> str:
        """The address of this list."""
        given = {name: str(value).lower() for name, value in self.model_dump().items() if value}
        query = urlencode({**given, "after": after} if after else given)
        return f"/children?{query}" if query else "/children"


@router.get("/children")
def children(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.CHILDREN))],
    asked: Annotated[Asked, Depends()],
    after: str | None = None,
) -> Response:
    """Show them, a page at a time, those with the longest overdue first."""
    try:
        return _listed(request, desk, viewer, asked, after)
    except BadCursor:
        return RedirectResponse(asked.href(), status_code=303)


@router.post("/children")
def find(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.CHILDREN))],
    reference: Annotated[str, Form()] = "",
) -> Response:
    """Go to the page of the child who has a reference."""
    wanted = reference.strip()
    if not wanted:
        return _listed(request, desk, viewer, Asked(), None, Miss("", "Enter the child's reference"))
    known = re.fullmatch(ANYONE, wanted) is not None
    found = episodes_of_child(desk.register, viewer.authority, wanted, today=desk.today) if known else []
    theirs = [line for line in found if is_theirs(viewer, line)]
    if theirs:
        return RedirectResponse(f"/children/{theirs[0].id}", status_code=303)
    for line in found:
        note(desk, viewer, Page.CHILDREN, Outcome.DENIED, line.id)
    return _listed(request, desk, viewer, Asked(), None, Miss(wanted, NOT_FOUND))


def _listed(
    request: Request, desk: Desk, viewer: Viewer, asked: Asked, after: str | None, miss: Miss | None = None
) -> Response:
    register, today, posts = desk.register, desk.today, own_posts(viewer)
    post = next((each for each in posts if each.value == asked.post), posts[0] if posts else None)
    filters = _filters(viewer, post, asked)
    page = episodes_page(register, filters, today=today, after=after, with_names=True)
    more = part("next reviews and names", lambda: more_of_episodes(register, [each.line for each in page.items]))
    return render(
        request,
        "children.html",
        status=422 if miss else 200,
        fault=miss.fault if miss else None,
        given=miss.given if miss else "",
        whole_service=post is None,
        posts=posts if len(posts) > 1 else [],
        post=post,
        asked=asked,
        stages=[(phase.value, stage_words(phase)) for phase in STAGES],
        iros=_iros(desk, viewer) if post is None else [],
        children=children_seen(page.items, more, today, Calendars(closed_days(register))),
        complete=more is not None,
        next_href=asked.href(page.next) if page.next else None,
        first_href=asked.href(),
        is_first=after is None,
    )


def _filters(viewer: Viewer, post: DeskRole | None, asked: Asked) -> EpisodeFilters:
    found = within_reach(viewer, post)
    narrowed: dict[str, str | bool | None] = {
        "stage": Phase(asked.stage) if asked.stage in set(Phase) else None,
        "overdue": asked.overdue,
        "finished": None if asked.ended else False,
        "void": None if asked.ended else False,
    }
    if post is None and asked.iro:
        narrowed["iro"] = asked.iro
    return found.model_copy(update=narrowed)


def _iros(desk: Desk, viewer: Viewer) -> list[tuple[str, str]]:
    """The IROs to choose from, by name."""
    known = part("the IROs", lambda: people(desk.register, viewer.authority, Role.IRO)) or []
    return sorted(((each.reference, each.name) for each in known), key=lambda each: each[1])
