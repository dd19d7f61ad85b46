"""For those who run the service: what is overdue, the post, the workers, the register; codes and counts, and no name.

Lists of episodes are those of the operator's own authority; the machinery is the whole installation's.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from temporalio.service import RPCError

from client.connection import ServerUnreachable, configured_namespace
from client.queue_state import QueueState, queue_states
from desk.access import Page
from desk.doors import EpisodeId, May, NotTheirs, TheDesk, note
from desk.parts import Desk
from desk.seen import machinery
from desk.seen import operations as seen
from desk.seen.children import stage_words
from desk.seen.part import part
from desk.templating import render
from desk.viewer import Viewer
from register import webhook_deliveries, webhooks
from register.audit import Outcome
from register.paging import BadCursor
from register.post_queries import tally
from register.queries import EpisodeLine, escalations, owed_notices, steps
from register.queries import episode as find_episode
from register.work import EpisodeFilters, episodes_page, overdue, overdue_counts
from register.work_operations import post_ages, register_state
from register.work_post import reached_nobody, stuck
from rules.vocabulary import Phase

PATIENCE = timedelta(seconds=2)
"""How long to wait for each answer of Temporal."""
LONGEST_SECONDS = 4.0
"""How long for all of them: the rest of the page does not wait longer."""
FIRST = 20
"""So many of what did not arrive are shown."""
MOST_CLOSED = 60

MayOperate = Annotated[Viewer, Depends(May(Page.OPERATIONS))]
Rung = Annotated[str, Query(pattern=r"^([a-z][a-z_]{0,39})?$")]
"""A rung, or nothing."""

router = APIRouter()


@router.get("/operations")
async def operations(request: Request, desk: TheDesk, viewer: MayOperate) -> Response:
    """Show how the service runs. A part that does not answer says so, and the rest stays."""
    queues = await _queues(desk)
    return await run_in_threadpool(_overview, request, desk, viewer, queues)


@router.get("/operations/episodes")
def episodes(
    request: Request,
    desk: TheDesk,
    viewer: MayOperate,
    stage: str = "",
    rung: Rung = "",
    overdue: bool = False,
    after: str | None = None,
) -> Response:
    """Show episodes by their ids, or the steps that are overdue; a page at a time."""
    of_stage = Phase(stage) if stage in set(Phase) else None
    narrowed = seen.Narrowed(stage=of_stage, rung=rung or None, overdue=overdue)
    try:
        return _listed(request, desk, viewer, narrowed, after)
    except BadCursor:
        return RedirectResponse(narrowed.href(), status_code=303)


def case_without_names(
    viewer: Annotated[Viewer, Depends(May(Page.CASE_WITHOUT_NAMES))], desk: TheDesk, episode: EpisodeId
) -> EpisodeLine:
    """An episode of the operator's own authority; that it was looked at is noted.

    Raises:
        NotTheirs: there is none of that id, or it is another authority's: that is not told apart.
    """
    line = find_episode(desk.register, episode, today=desk.today)
    if line is None or line.authority != viewer.authority:
        note(desk, viewer, Page.CASE_WITHOUT_NAMES, Outcome.DENIED, episode)
        raise NotTheirs(404)
    note(desk, viewer, Page.CASE_WITHOUT_NAMES, Outcome.SEEN, episode)
    return line


@router.get("/operations/episodes/{episode}")
def one(request: Request, desk: TheDesk, line: Annotated[EpisodeLine, Depends(case_without_names)]) -> Response:
    """Show one episode's steps by their keys."""
    every = steps(desk.register, line.id)
    rungs: dict[str, list[str]] = {}
    for raised in escalations(desk.register, line.id):
        rungs.setdefault(raised.step, []).extend(raised.rungs)
    closed = [step for step in reversed(every) if not step.is_open]
    return render(
        request,
        "operations/episode.html",
        episode=line.id,
        facts=seen.episode_facts(line),
        open_steps=seen.steps_seen(line.id, (step for step in every if step.is_open), rungs),
        closed_steps=seen.steps_seen(line.id, closed[:MOST_CLOSED], rungs),
        unsent=part("notices owed", lambda: len(owed_notices(desk.register, line.id))),
        workflow_href=seen.workflow_href(desk.desk.operations_url, _namespace(desk), line.id),
    )


def _overview(request: Request, desk: Desk, viewer: Viewer, queues: Sequence[QueueState] | None) -> Response:
    register, now = desk.register, desk.clock()
    counts = part("overdue", lambda: overdue_counts(register, viewer.authority, today=desk.today))
    post = part("the post room", lambda: machinery.post_facts(tally(register), post_ages(register), now))
    hooks = part("webhooks", lambda: webhooks.webhooks(register, viewer.authority))
    owed = part("webhooks' events", lambda: webhook_deliveries.undelivered(register))
    state = part("the register", lambda: register_state(register))
    held_up = part("stuck", lambda: stuck(register, viewer.authority, limit=FIRST, with_names=False))
    lost = part("lost", lambda: reached_nobody(register, viewer.authority, limit=FIRST, with_names=False))
    return render(
        request,
        "operations/overview.html",
        authority=viewer.authority,
        total=counts.total if counts else None,
        stages=seen.stage_boxes(counts) if counts else [],
        rungs=seen.rung_boxes(counts) if counts else [],
        post=post,
        stuck=machinery.stuck_seen(held_up.items) if held_up else None,
        lost=machinery.reached_nobody_seen(lost.items) if lost else None,
        more_stuck=bool(held_up and held_up.next),
        more_lost=bool(lost and lost.next),
        webhooks=machinery.webhooks_seen(hooks, owed) if hooks is not None and owed is not None else None,
        queues=None if queues is None else [(each.kind, machinery.queue_facts(each, now)) for each in queues],
        task_queue=desk.settings.task_queue,
        register=machinery.register_facts(state) if state else None,
        web_page=desk.desk.operations_url,
    )


def _listed(request: Request, desk: Desk, viewer: Viewer, narrowed: seen.Narrowed, after: str | None) -> Response:
    register, today, authority = desk.register, desk.today, viewer.authority
    found_steps, found_episodes = None, None
    if narrowed.is_of_steps:
        late = overdue(register, authority, today=today, stage=narrowed.stage, rung=narrowed.rung, after=after)
        found_steps, more = seen.overdue_seen(late.items), late.next
    else:
        page = episodes_page(
            register, EpisodeFilters(authority=authority, stage=narrowed.stage), today=today, after=after
        )
        found_episodes, more = seen.episodes_seen(each.line for each in page.items), page.next
    return render(
        request,
        "operations/episodes.html",
        authority=authority,
        narrowed=narrowed,
        stages=[(stage.value, stage_words(stage)) for stage in Phase],
        rungs=sorted({rung.name for ladder in desk.policy.ladders.values() for rung in ladder}),
        next_href=narrowed.href(more) if more else None,
        first_href=narrowed.href(),
        is_first=after is None,
        steps=found_steps,
        episodes=found_episodes,
    )


async def _queues(desk: Desk) -> list[QueueState] | None:
    """How the workers do; None where Temporal does not say."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await queue_states(await desk.client(), desk.settings.task_queue, PATIENCE)
    except (ServerUnreachable, RPCError, TimeoutError):
        return None


def _namespace(desk: Desk) -> str:
    try:
        return configured_namespace()
    except ServerUnreachable:
        return "default"
