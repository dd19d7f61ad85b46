"""Correcting what was recorded, and withdrawing it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from client.correcting import NoSuchFact, standing_fact
from desk.access import Page, may_do
from desk.doors import Child, MayForChild, NotTheirs, TheDesk, note
from desk.forms import filling
from desk.forms.around import Around
from desk.forms.base import Form
from desk.forms.correcting import CORRECT, WITHDRAW, Correct, Withdraw
from desk.forms.filling import Sitting
from desk.forms.keeping import TooMuch, body_of, keep_body
from desk.forms.taking import take
from desk.forms.words import WORDS
from desk.parts import Desk
from desk.settling import ANSWERS, may_put_right
from desk.templating import render
from register.audit import Outcome
from register.drafts import Body
from register.queries import facts
from register.recorded import settled_facts
from rules.case import Case
from rules.facts import PlainFact
from rules.vocabulary import Reference

router = APIRouter()

TheirChild = Annotated[Child, Depends(MayForChild(Page.RECORD))]
FactId = Annotated[Reference, Path()]
MakeForm = Callable[[PlainFact], Form]


@router.get("/children/{episode}/facts/{fact}/correct")
def to_correct(request: Request, desk: TheDesk, child: TheirChild, fact: FactId) -> Response:
    """Show a fact's form, filled in as it stands."""
    return _open(request, desk, child, fact, CORRECT, Correct)


@router.post("/children/{episode}/facts/{fact}/correct")
async def correct(request: Request, desk: TheDesk, child: TheirChild, fact: FactId) -> Response:
    """Put a fact right."""
    return await _take(request, desk, child, fact, CORRECT, Correct)


@router.get("/children/{episode}/facts/{fact}/withdraw")
def to_withdraw(request: Request, desk: TheDesk, child: TheirChild, fact: FactId) -> Response:
    """Ask why a fact is to be withdrawn."""
    return _open(request, desk, child, fact, WITHDRAW, Withdraw)


@router.post("/children/{episode}/facts/{fact}/withdraw")
async def withdraw(request: Request, desk: TheDesk, child: TheirChild, fact: FactId) -> Response:
    """Take a fact back."""
    return await _take(request, desk, child, fact, WITHDRAW, Withdraw)


def _open(request: Request, desk: Desk, child: Child, fact: str, name: str, make: MakeForm) -> Response:
    try:
        return filling.opened(_sitting(request, desk, child, fact, make), {})
    except _Settled:
        return _is_settled(request, desk, child, f"{name}:{fact}", {})


async def _take(request: Request, desk: Desk, child: Child, fact: str, name: str, make: MakeForm) -> Response:
    try:
        sitting = await run_in_threadpool(_sitting, request, desk, child, fact, make)
    except _Gone:
        body = body_of(await request.form())
        return await run_in_threadpool(_gone, request, desk, child, f"{name}:{fact}", body)
    except _Settled:
        body = body_of(await request.form())
        return await run_in_threadpool(_is_settled, request, desk, child, f"{name}:{fact}", body)
    return await take(sitting)


class _Gone(NotTheirs):
    """The fact does not stand: it was withdrawn, or there never was one."""


class _Settled(Exception):
    """The fact stands, and cannot be put right any more."""


def _sitting(request: Request, desk: Desk, child: Child, fact_id: str, make: MakeForm) -> Sitting:
    """The form of a fact.

    Raises:
        NotTheirs: there is no such fact, or its kind is not for their role to record, or it is an answer that another
            post was asked for.
        _Settled: what it belongs to is settled.
    """
    try:
        wrong = standing_fact(desk.register, child.line.id, fact_id)
    except NoSuchFact:
        raise _Gone(404) from None
    if not _may(desk, child, wrong) or wrong.kind not in WORDS:
        note(desk, child.viewer, wrong.kind, Outcome.DENIED, child.line.id, fact_id)
        raise NotTheirs(403)
    if wrong.id in settled_facts(desk.register, child.line.id):
        raise _Settled
    back = (f"/children/{child.line.id}", "The child's page")
    return Sitting(request, desk, child, make(wrong), Around(desk, child.viewer, child.line), back)


def _may(desk: Desk, child: Child, wrong: PlainFact) -> bool:
    """Whether they might have recorded it themselves."""
    if not may_do(child.viewer, wrong.kind):
        return False
    return wrong.kind not in ANSWERS or may_put_right(child.viewer, Case(facts(desk.register, child.line.id)), wrong.id)


def _gone(request: Request, desk: Desk, child: Child, key: str, body: Body) -> Response:
    why = "Somebody has withdrawn it since you opened the form, so that there is nothing left to change."
    return _not_any_more(request, desk, child, key, body, "This does not stand any more", why)


def _is_settled(request: Request, desk: Desk, child: Child, key: str, body: Body) -> Response:
    why = (
        "It belongs to a review that is settled, with all that followed from it, or to a matter that is closed. It"
        " stays as it was recorded. If it was wrong, say so at the next review, so that its record has it."
    )
    return _not_any_more(request, desk, child, key, body, "This can no longer be changed", why)


def _not_any_more(request: Request, desk: Desk, child: Child, key: str, body: Body, title: str, why: str) -> Response:
    """That a fact cannot be changed, with what was written kept where anything was."""
    sentences = [why]
    if body:
        kept = "What you wrote is kept among your unfinished forms."
        try:
            keep_body(desk, child.viewer, child.line.id, key, body)
        except TooMuch:
            kept = "What you wrote is not kept: it is longer than any form. Go back to copy what you need of it."
        sentences.append(kept)
    link = (f"/children/{child.line.id}", "Go to the child's page")
    return render(request, "message.html", status=409, title=title, sentences=sentences, link=link)
