"""My tasks: what somebody owes in any of their posts, overdue first, each with its reason and its act a click away."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Engine

from desk.access import Page
from desk.doors import May, TheDesk
from desk.seen.dues import Calendars
from desk.seen.part import part
from desk.seen.tasks import Due, counts_seen, grouped, owner_of, reviews_asked_for
from desk.templating import render
from desk.viewer import Viewer
from register.closed_days import closed_days
from register.drafts import of_person
from register.work import BadCursor, TaskLine, count_tasks
from register.work import tasks as tasks_of
from register.work_more import MoreOfTasks, more_of_tasks

router = APIRouter()


@router.get("/tasks")
def tasks(
    request: Request,
    desk: TheDesk,
    viewer: Annotated[Viewer, Depends(May(Page.TASKS))],
    due: Due | None = None,
    after: str | None = None,
) -> Response:
    """Show them, a page at a time."""
    register, today, owner = desk.register, desk.today, owner_of(viewer)
    since, until = due.days(today) if due else (None, None)
    try:
        page = tasks_of(register, owner, today=today, since=since, until=until, after=after)
    except BadCursor:
        return RedirectResponse("/tasks", status_code=303)
    counts = part("task counts", lambda: count_tasks(register, owner, today=today))
    more = part("decisions and review days", lambda: _more(register, page.items)) or MoreOfTasks()
    return render(
        request,
        "tasks.html",
        due=due,
        counts=counts_seen(counts, due) if counts else None,
        total=counts.total if counts else None,
        groups=grouped(viewer, page.items, more, today, Calendars(closed_days(register))),
        drafts=part("drafts", lambda: len(of_person(register, viewer.person))),
        next_href=f"/tasks?{f'due={due}&' if due else ''}after={page.next}" if page.next else None,
        first_href=f"/tasks?due={due}" if due else "/tasks",
        is_first=after is None,
    )


def _more(register: Engine, lines: tuple[TaskLine, ...]) -> MoreOfTasks:
    return more_of_tasks(register, lines, reviews_asked_for(lines))
