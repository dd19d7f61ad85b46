"""A child's private links: made, shown once to be copied or printed, and revoked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from desk.access import Page
from desk.doors import Child, MayForChild, TheDesk, note
from desk.forms.around import Around
from desk.parts import Desk
from desk.templating import render
from register.audit import Outcome
from register.private_links import MOST, PrivateLink, links, make_link, revoke_link
from register.work_names import names_of_people
from rules.clock import london_date
from rules.wording import short

Guarded = Annotated[Child, Depends(MayForChild(Page.LINKS))]

router = APIRouter(prefix="/children/{episode}/links")


@router.get("")
def listed(request: Request, desk: TheDesk, child: Guarded, revoked: int | None = None) -> HTMLResponse:
    """List them, with a form for another one."""
    return _page(request, desk, child, revoked=revoked)


@router.post("")
def made(request: Request, desk: TheDesk, child: Guarded) -> Response:
    """Make one. This page alone shows its address."""
    if not _goes_on(child):
        note(desk, child.viewer, "link_made", Outcome.REFUSED, child.line.id)
        return _page(request, desk, child, status=409)
    link, token = make_link(
        desk.register,
        authority=child.line.authority,
        child=child.line.child,
        by=child.viewer.person,
        at=desk.clock(),
    )
    note(desk, child.viewer, "link_made", Outcome.DONE, child.line.id, link.name)
    address = f"{desk.desk.url}/my-review/{token}"
    return render(
        request,
        "links/made.html",
        line=child.line,
        child_name=Around(desk, child.viewer, child.line).child_name,
        link=link,
        address=address,
        code=_code(address),
    )


@router.post("/{number}/revoke")
def revoke(desk: TheDesk, child: Guarded, number: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """Revoke one."""
    whose = {"authority": child.line.authority, "child": child.line.child}
    done = revoke_link(desk.register, number, **whose, by=child.viewer.person, at=desk.clock())
    outcome = Outcome.DONE if done else Outcome.REFUSED
    note(desk, child.viewer, "link_revoked", outcome, child.line.id, f"link-{number}")
    return RedirectResponse(
        f"/children/{child.line.id}/links" + (f"?revoked={number}" if done else ""), status_code=303
    )


def _page(request: Request, desk: Desk, child: Child, *, revoked: int | None = None, status: int = 200) -> HTMLResponse:
    now = desk.clock()
    found = links(desk.register, child.line.authority, child.line.child, now)
    return render(
        request,
        "links/list.html",
        status=status,
        line=child.line,
        child_name=Around(desk, child.viewer, child.line).child_name,
        goes_on=_goes_on(child),
        links=[(link, _state(link, child, desk)) for link in found],
        most=MOST,
        names=names_of_people(desk.register, (each for link in found for each in (link.made_by, link.revoked_by))),
        revoked=revoked,
        on=lambda instant: short(london_date(instant)),
    )


def _goes_on(child: Child) -> bool:
    """Whether care goes on: afterwards no link leads anywhere."""
    return child.line.ended_on is None and not child.line.void


def _state(link: PrivateLink, child: Child, desk: Desk) -> str:
    """How a link stands, in a word that the template knows."""
    if link.revoked_at is not None:
        return "revoked"
    if not link.serves(desk.clock()):
        return "expired"
    return "works" if _goes_on(child) and child.line.opened_at <= link.made_at else "care_ended"


def _code(address: str) -> Markup:
    """An address as a picture that a telephone's camera reads: nobody can type it from paper."""
    import segno  # Here, not above: it is needed seldom.

    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=4, dark="#0b0c0c", light="#ffffff", omitsize=True))
