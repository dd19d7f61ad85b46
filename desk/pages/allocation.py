"""Allocation: the children who have no IRO, and the IRO manager's word on who it is to be."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from desk.access import Page, may_do
from desk.appointing import ACT, ASKED_FOR, NotTaken, Word, fact_of, keep_draft, kept_word, standing
from desk.doors import Child, May, MayForChild, NotTheirs, TheDesk, note
from desk.forms.around import Around
from desk.forms.base import Item
from desk.forms.refusals import said
from desk.forms.sending import send
from desk.forms.told import DONE, what_stands
from desk.parts import Desk
from desk.seen.allocation import MOST_CANDIDATES, allocation_seen, waiting_seen
from desk.seen.dues import Calendars
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register.audit import Outcome
from register.closed_days import closed_days
from register.drafts import discard
from register.paging import BadCursor
from register.recorded import facts_begun
from register.work_allocation import count_unallocated, unallocated
from register.work_names import names_of_people

router = APIRouter()


class Which(StrEnum):
    """Which of the children who have no IRO; the value stands in the address."""

    PROPOSED = "proposed"
    UNPROPOSED = "unproposed"


@router.get("/allocation")
def waiting(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.ALLOCATION))],
    which: Which | None = None,
    after: str | None = None,
) -> Response:
    """Show the children who have no IRO, longest waiting first, a page at a time."""
    register = desk.register
    try:
        page = unallocated(register, viewer.authority, proposed=_proposed(which), after=after)
    except BadCursor:
        return RedirectResponse("/allocation", status_code=303)
    names = names_of_people(register, (each.proposed_iro for each in page.items))
    first = f"/allocation?which={which}" if which else "/allocation"
    return render(
        request,
        "allocation/waiting.html",
        which=which,
        counts=part("children without an IRO", lambda: count_unallocated(register, viewer.authority)),
        children=waiting_seen(page.items, names, desk.today, Calendars(closed_days(register))),
        next_href=f"/allocation?{f'which={which}&' if which else ''}after={page.next}" if page.next else None,
        first_href=first,
        is_first=after is None,
    )


@router.get("/allocation/{episode}")
def one(
    request: Request,
    desk: TheDesk,
    child: Annotated[Child, Depends(MayForChild(Page.ALLOCATION))],
    done: str | None = None,
) -> Response:
    """Show who might be a child's IRO, with the reasons for and against each, and ask whom it is to be."""
    recorded = bool(what_stands(desk, child.viewer, child.line.id, done))
    return _shown(request, desk, child, kept_word(desk, child), recorded=recorded)


@router.post("/allocation/{episode}")
async def decide(
    request: Request, desk: TheDesk, child: Annotated[Child, Depends(MayForChild(Page.ALLOCATION))]
) -> Response:
    """Take the IRO manager's word, and have it recorded."""
    episode = child.line.id
    if not may_do(child.viewer, ACT):
        await run_in_threadpool(note, desk, child.viewer, ACT, Outcome.DENIED, episode)
        raise NotTheirs(403)
    word = Word.of(await request.form())
    try:
        fact = await run_in_threadpool(fact_of, desk, child, word)
    except NotTaken as why_not:
        await run_in_threadpool(note, desk, child.viewer, ACT, Outcome.REFUSED, episode, word.fact)
        return await _not_taken(request, desk, child, word, why_not.faults)
    before = await run_in_threadpool(facts_begun, desk.register, episode, word.fact)
    sent = await send(desk, child, [Item(fact, "The appointment")], before, ())
    if sent.failure:
        return await _not_taken(request, desk, child, word, {}, failed=True)
    if sent.refused:
        _, sentence = sent.refused[0]
        in_words = await run_in_threadpool(said, sentence, Around(desk, child.viewer, child.line))
        return await _not_taken(request, desk, child, word, {ASKED_FOR: in_words})
    await run_in_threadpool(discard, desk.register, child.viewer.person, episode, ACT)
    return RedirectResponse(f"/allocation/{episode}?{DONE}={word.fact}", status_code=303)


async def _not_taken(
    request: Request, desk: Desk, child: Child, word: Word, faults: Mapping[str, str], *, failed: bool = False
) -> Response:
    """Say why not beside the field, and lose nothing of what was written."""
    await run_in_threadpool(keep_draft, desk, child, word)
    status = 503 if failed else 422
    return await run_in_threadpool(
        lambda: _shown(request, desk, child, word, faults=faults, status=status, failed=failed)
    )


def _proposed(which: Which | None) -> bool | None:
    return None if which is None else which is Which.PROPOSED


def _shown(
    request: Request,
    desk: Desk,
    child: Child,
    word: Word,
    *,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
    **more: bool,
) -> Response:
    return render(
        request,
        "allocation/child.html",
        status=status,
        seen=allocation_seen(desk.register, child.line, standing(child.line)),
        word=word,
        faults=faults or {},
        most=MOST_CANDIDATES,
        **more,
    )
