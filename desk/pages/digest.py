"""The weekly digest as it was made, the latest week first; and who is sent it, which the IRO manager decides here."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk.access import Page
from desk.doors import May, TheDesk, note
from desk.parts import Desk
from desk.seen.digest import digest_seen, in_short, policy_seen
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.audit import Outcome
from register.digests import change_digest_setting, digest_setting, kept_weeks
from register.service import kept_digest
from register.work_names import names_of_people
from rules.digest import RECIPIENTS
from rules.vocabulary import Role

SETTINGS = "digest_settings"
"""What the audit log calls a change of them."""

MayDigest = Annotated[Viewer, Depends(May(Page.DIGEST))]

router = APIRouter()


@router.get("/digest")
def digest(
    request: Request, desk: TheDesk, viewer: MayDigest, week: date | None = None, saved: bool = False
) -> Response:
    """Show the digest of a week, of the latest where none is named."""
    return _shown(request, desk, viewer, week, saved=saved)


@router.post("/digest/settings")
def change(
    request: Request,
    desk: TheDesk,
    viewer: MayDigest,
    recipients: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Decide who is sent the digest."""
    chosen = tuple(recipients or ())
    if not set(chosen) <= set(RECIPIENTS):
        note(desk, viewer, SETTINGS, Outcome.REFUSED)
        return _shown(request, desk, viewer, None, fault="Choose among the posts that are shown", status=422)
    roles = tuple(Role(each) for each in chosen)
    change_digest_setting(desk.register, viewer.authority, roles, viewer.person, desk.clock())
    note(desk, viewer, SETTINGS, Outcome.DONE, detail=" ".join(roles) or "nobody")
    return RedirectResponse("/digest?saved=true", status_code=303)


def _shown(
    request: Request,
    desk: Desk,
    viewer: Viewer,
    week: date | None,
    *,
    saved: bool = False,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    register, authority = desk.register, viewer.authority
    weeks = kept_weeks(register, authority)
    asked = week or next((each.week for each in weeks), None)
    kept = kept_digest(register, authority, asked) if asked else None
    setting = part("who is sent the digest", lambda: digest_setting(register, authority))
    names = names_of_people(register, [setting.changed_by if setting else None])
    return render(
        request,
        "service/digest.html",
        status=status,
        week=asked,
        weeks=weeks,
        kept=kept,
        short=in_short(kept) if kept else [],
        sections=digest_seen(register, kept) if kept else [],
        setting=setting,
        changed_by=names.get(setting.changed_by or "", setting.changed_by) if setting else None,
        roles=RECIPIENTS,
        policy=policy_seen(desk.policy),
        policy_version=desk.policy.version,
        saved=saved,
        fault=fault,
    )
