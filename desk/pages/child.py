"""A child's page: what is owed now and who is who on one screen, and behind it the people, reviews, changes, what was
sent, and all that happened.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from client.timeline import timeline_from_register
from desk.access import Page, may_do, may_see
from desk.doors import Child, MayForChild, NotTheirs, TheDesk
from desk.forms.told import DONE, what_stands
from desk.parts import Desk
from desk.seen.asked import asked
from desk.seen.changes import challenges, changes, disputes, good_practice, poor_practice, written_views
from desk.seen.child import ChildRead, has_died, head_of, other_periods, read_child, tools
from desk.seen.notices import sent, unreached, unsent
from desk.seen.part import part
from desk.seen.people import barred_names, contacts, workers
from desk.seen.proceedings import not_offered, proceedings
from desk.seen.referrals import referrals
from desk.seen.reviews import decided, reviews_seen
from desk.seen.steps import closed_steps, open_steps
from desk.seen.summary import summary
from desk.seen.timeline import PAGE, Show, teller
from desk.settling import record_path
from desk.templating import render
from register.work_child import MOST_DISPATCHES
from rules.facts.proceedings import ProceedingsIssued
from rules.vocabulary import Phase
from rules.wording import counted

TheChild = Annotated[Child, Depends(MayForChild(Page.CHILD))]
LATELY = 8
"""So many steps that closed lately are shown with what is owed."""

_ON_CHANGES = (
    ("significant_change", "Report a significant change"),
    ("challenge_raised", "Raise a challenge"),
    ("dispute_raised", "Begin a formal dispute"),
    ("cafcass_referred", "Refer the case to Cafcass"),
    ("good_practice_noted", "Note good practice"),
    ("poor_practice_noted", "Note poor practice"),
)
_NOT_AFTER_A_DEATH = {"challenge_raised", "dispute_raised"}
"""What nobody would hear of."""
_ISSUED = (("proceedings_issued", "Record that court proceedings were issued"),)
_ON_PROCEEDINGS = (
    ("hearing_listed", "Record that a hearing was listed"),
    ("hearing_moved", "Record that a hearing was moved"),
    ("guardian_appointed", "Record that a guardian was appointed"),
    ("court_document_received", "Record that a court document was received"),
    ("spoke_with_guardian", "Record a talk with the guardian"),
    ("proceedings_ended", "Record that the proceedings ended"),
)

router = APIRouter()


@router.get("/children/{episode}")
def overview(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """What is owed now, what was done lately, and who is who."""
    read = _read(desk, child)
    page, line = read.page, read.line
    lately = sorted(page.closed_steps, key=lambda step: step.done_on or step.due, reverse=True)[:LATELY]
    return _show(
        request,
        read,
        "",
        "child/overview.html",
        told_now=what_stands(desk, child.viewer, line.id, request.query_params.get(DONE)),
        summary=summary(read),
        yours=open_steps(read.scene, [step for step in page.open_steps if read.scene.is_yours(step)]),
        of_others=open_steps(read.scene, [step for step in page.open_steps if not read.scene.is_yours(step)]),
        lately=closed_steps(read.scene, lately),
        workers=workers(page),
        barred=barred_names(page, desk.today),
        unreached=len(page.undelivered),
        tools=tools(child.viewer, line),
        others=part("other periods of care", lambda: other_periods(desk, read)),
    )


@router.get("/children/{episode}/people")
def people(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """Who is who, and how each is reached."""
    read = _read(desk, child)
    return _show(
        request,
        read,
        "/people",
        "child/people.html",
        workers=workers(read.page),
        involved=contacts(read.page, desk.today, involved=True),
        others=contacts(read.page, desk.today, involved=False),
    )


@router.get("/children/{episode}/reviews")
def reviews(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """The reviews held, and what became of what they decided."""
    read = _read(desk, child)
    may_add = may_do(child.viewer, "decision_made") and bool(read.case.reviews) and not read.line.finished
    return _show(
        request,
        read,
        "/reviews",
        "child/reviews.html",
        reviews=reviews_seen(read.scene, read.page.reviews),
        decided=decided(read.scene, read.case, read.page.decisions),
        add_href=record_path(read.line.id, "decision_made") if may_add else None,
    )


@router.get("/children/{episode}/changes")
def changes_and_challenges(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """The significant changes, the IRO's challenges and disputes, referrals, and what the child asked for and wrote."""
    read = _read(desk, child)
    scene, case, owed = read.scene, read.case, read.page.open_steps
    return _show(
        request,
        read,
        "/changes",
        "child/changes.html",
        disputes=disputes(scene, case, owed),
        referrals=referrals(scene, case, owed),
        challenges=challenges(scene, case, owed),
        asked=asked(scene, case, owed),
        changes=changes(scene, case, (*owed, *read.page.closed_steps)),
        good_practice=good_practice(case),
        poor_practice=poor_practice(case),
        written=written_views(case),
        acts=_acts(read, _ON_CHANGES if read.case.first(ProceedingsIssued) else (*_ON_CHANGES, *_ISSUED)),
    )


@router.get("/children/{episode}/proceedings")
def court_proceedings(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """The court proceedings about the child: hearings, the guardian, documents, and what is owed for them."""
    read = _read(desk, child)
    owed = [step for step in read.page.open_steps if step.phase is Phase.PROCEEDINGS]
    return _show(
        request,
        read,
        "/proceedings",
        "child/proceedings.html",
        proceedings=proceedings(read),
        owed=open_steps(read.scene, owed),
        acts=_acts(read, _on_proceedings(read)),
    )


@router.get("/children/{episode}/notices")
def notices(request: Request, desk: TheDesk, child: TheChild) -> HTMLResponse:
    """What was sent to whom, and what was not."""
    read = _read(desk, child)
    names = read.speaker.names
    return _show(
        request,
        read,
        "/notices",
        "child/notices.html",
        unreached=unreached(read.page, read.case, may_do(child.viewer, "notice_delivered")),
        sent=sent(read.page, names),
        more=len(read.page.dispatches) >= MOST_DISPATCHES,
        unsent=unsent(read.page, names),
    )


@router.get("/children/{episode}/timeline")
def timeline(
    request: Request,
    desk: TheDesk,
    child: TheChild,
    show: Show | None = None,
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> HTMLResponse:
    """All that happened, the latest first, with what is owed next at the top."""
    read = _read(desk, child)
    base = f"/children/{read.line.id}/timeline"
    told = part("the timeline", lambda: timeline_from_register(desk.register, read.line.id, desk.clock()))
    happened = [each for each in told.happenings if show is None or show.shows(each)] if told else []
    items = teller(desk, read).tell(happened)
    first = (number - 1) * PAGE
    query = f"show={show}&" if show else ""
    return _show(
        request,
        read,
        "/timeline",
        "child/timeline.html",
        complete=told is not None,
        next_step=next(iter(open_steps(read.scene, read.page.open_steps[:1])), None),
        also_owed=counted(len(read.page.open_steps) - 1, "other step") if len(read.page.open_steps) > 1 else "",
        items=items[first : first + PAGE],
        shows=[(f"{base}?show={each}", each.words, each is show) for each in Show],
        everything=base,
        show=show,
        next_href=f"{base}?{query}page={number + 1}" if len(items) > first + PAGE else None,
        first_href=f"{base}?show={show}" if show else base,
        is_first=number == 1,
    )


def _read(desk: Desk, child: Child) -> ChildRead:
    read = read_child(desk, child)
    if read is None:
        raise NotTheirs(404)
    return read


def _on_proceedings(read: ChildRead) -> tuple[tuple[str, str], ...]:
    """What may be recorded of proceedings; only that they were issued, where none ever were."""
    if not read.case.first(ProceedingsIssued):
        return _ISSUED
    refused = not_offered(read.case, read.today)
    return (*_ISSUED, *((act, says) for act, says in _ON_PROCEEDINGS if act not in refused))


def _acts(read: ChildRead, acts: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Those acts that whoever looks may record now: where, and what the link says."""
    if read.line.finished:
        return []
    refused = _NOT_AFTER_A_DEATH if has_died(read.line) else ()
    offered = [(act, says) for act, says in acts if may_do(read.viewer, act) and act not in refused]
    return [(record_path(read.line.id, act), says) for act, says in offered]


def _show(request: Request, read: ChildRead, path: str, template: str, **shown: Any) -> HTMLResponse:
    can_record = may_see(read.viewer, Page.RECORD) and not read.line.finished
    record_href = f"/children/{read.line.id}/record" if can_record else None
    return render(request, template, head=head_of(read, path), record_href=record_href, **shown)
