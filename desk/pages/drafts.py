"""Unfinished forms: kept while they are being written, found again, let go of."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from desk.access import Page, is_theirs
from desk.doors import EpisodeId, May, NotTheirs, TheDesk, note
from desk.forms.addresses import name_of_draft, path_of_draft
from desk.forms.base import id_of, with_id
from desk.forms.keeping import NoSuchForm, TooMuch, body_of, keep_body
from desk.forms.titles import title_of_draft
from desk.parts import Desk
from desk.sign_in.session import path_within
from desk.templating import clock, render
from desk.viewer import Viewer
from register import drafts, queries
from register.audit import Outcome
from register.drafts import Body, Draft
from register.recorded import facts_begun
from register.work_names import children_of_episodes

router = APIRouter()

Writer = Annotated[Viewer, Depends(May(Page.DRAFTS))]
Key = Annotated[str, Path(pattern=r"^[a-z_]{1,40}(:[A-Za-z0-9._-]{1,90})?$")]


class Unfinished(NamedTuple):
    """An unfinished form as the list shows it.

    Attributes:
        draft: the form.
        title: what it is called.
        child: whose, by name or reference; None for a child who is not theirs any more.
        path: where it is taken up again; None where it cannot be.
    """

    draft: Draft
    title: str
    child: str | None
    path: str | None


@router.get("/drafts")
def listed(request: Request, desk: TheDesk, viewer: Writer, kept: str | None = None) -> HTMLResponse:
    """Show somebody's unfinished forms, the latest first."""
    return render(request, "record/drafts.html", unfinished=_unfinished(desk, viewer), just_kept=kept is not None)


@router.post("/drafts/{episode}/{key}")
async def keep(request: Request, desk: TheDesk, viewer: Writer, episode: EpisodeId, key: Key) -> Response:
    """Keep what is being written: asked by the page itself now and then, or by the button that leaves it for later."""
    body = body_of(await request.form())
    by_hand = "finish" in body
    return await run_in_threadpool(_keep, desk, viewer, episode, key, with_id(body), by_hand)


@router.post("/drafts/{episode}/{key}/discard")
async def discard(request: Request, desk: TheDesk, viewer: Writer, episode: EpisodeId, key: Key) -> Response:
    """Let go of what was written."""
    back = (await request.form()).get("back")
    await run_in_threadpool(drafts.discard, desk.register, viewer.person, episode, key)
    return RedirectResponse(path_within(back) if isinstance(back, str) else "/drafts", status_code=303)


def _keep(desk: Desk, viewer: Viewer, episode: str, key: str, body: Body, by_hand: bool) -> Response:
    line = queries.episode(desk.register, episode, today=desk.today)
    if line is None or not is_theirs(viewer, line):
        note(desk, viewer, Page.DRAFTS, Outcome.DENIED, episode)
        raise NotTheirs(404)
    if id_of(body) in facts_begun(desk.register, episode, id_of(body)):
        # The page kept it once more while it was being recorded.
        return PlainTextResponse("Recorded.")
    try:
        draft = keep_body(desk, viewer, episode, key, body)
    except NoSuchForm:
        raise NotTheirs(404) from None
    except TooMuch:
        return PlainTextResponse("Not kept: it is too long. Send it, or make it shorter.", status_code=413)
    if by_hand:
        return RedirectResponse("/drafts?kept", status_code=303)
    return PlainTextResponse(f"Kept at {clock(draft.saved_at)}")


def _unfinished(desk: Desk, viewer: Viewer) -> list[Unfinished]:
    mine = drafts.of_person(desk.register, viewer.person)
    theirs = _theirs(desk, viewer, {draft.episode for draft in mine})
    return [
        Unfinished(
            draft=draft,
            title=title_of_draft(name_of_draft(draft.form)),
            child=theirs.get(draft.episode),
            path=path_of_draft(draft.episode, draft.form) if draft.episode in theirs else None,
        )
        for draft in mine
    ]


def _theirs(desk: Desk, viewer: Viewer, episodes: set[str]) -> dict[str, str]:
    """The children that are theirs, by name or reference, by the episode's id."""
    lines = queries.episodes_of_ids(desk.register, episodes, today=desk.today)
    theirs = [line.id for line in lines if is_theirs(viewer, line)]
    return {
        episode: named.said for episode, named in children_of_episodes(desk.register, viewer.authority, theirs).items()
    }
