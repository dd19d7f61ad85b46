"""Opening an episode, and reading it: itself, its agenda, timeline and reviews; and the list of them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from client.connection import ServerUnreachable
from client.episodes import Notification, open_episode
from client.errors import NotAnswered
from client.happenings import Timeline
from client.identity import digest, episode_id
from client.timeline import timeline, timeline_from_register
from desk.api import examples
from desk.api.answers import Agenda, Episode, EpisodeOpened, Episodes, OwedStep, Reviews, Standing
from desk.api.bodies import SentByCaller, sends
from desk.api.callers import Caller, TheDesk
from desk.api.notes import is_about, note
from desk.api.problems import ApiProblem, Fault, Kinds, invalid
from desk.api.theirs import SeenEpisode
from desk.parts import Desk
from register import queries
from register.api_clients import ApiClient
from register.audit import Outcome
from register.closed_days import closed_days
from register.idempotency import KeyTaken, Sent, answered_before, keep_answer
from register.paging import BadCursor
from register.queries import EpisodeLine
from register.work_episodes import EpisodeFilters, episodes_page
from rules.calendar import WorkingCalendar
from rules.vocabulary import Phase, Reference

MOST_LISTED = 200
HISTORY_SECONDS = 6
"""How long to wait for the workflow's history before telling what the register has."""

router = APIRouter(tags=["Episodes"])

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="A key of your own, such as a UUID. The same key with the same content gets the same answer for"
        " seven days; with other content it is refused.",
    ),
]


# --- Opening --------------------------------------------------------------------------------------------------------


@router.post(
    "/episodes",
    name="open_episode",
    status_code=201,
    summary="Open an episode",
    openapi_extra=sends(Notification, examples.OPENING, name="EpisodeToOpen", by_caller=True),
    responses={200: {"model": EpisodeOpened, "description": "It was open before."}},
)
async def open_(
    request: Request,
    response: Response,
    desk: TheDesk,
    caller: Caller,
    given: Annotated[Notification, Depends(SentByCaller(Notification))],
    key: Key = None,
) -> EpisodeOpened:
    """A child became looked after. The same notification again, by content or by key, finds the same episode."""
    if given.authority != caller.authority:
        raise ApiProblem(Kinds.OTHER_AUTHORITY, "This token opens episodes of its own authority alone.")
    is_about(request, episode_id(desk.keys, given.authority, given.child, given.became_looked_after))
    sent = _under(key, caller, given, desk)
    answer = await run_in_threadpool(_answered_before, desk, sent) if sent else None
    if answer is None:
        answer = await _opened(desk, given)
        if sent:
            kept = await run_in_threadpool(keep_answer, desk.register, sent, answer.model_dump(mode="json"))
            answer = EpisodeOpened.model_validate(kept)
    await note(request, Outcome.DONE)
    response.status_code = 200 if answer.existed else 201
    response.headers["Location"] = f"{request.scope['root_path']}/episodes/{answer.episode}"
    return answer


async def _opened(desk: Desk, given: Notification) -> EpisodeOpened:
    opening, facts = given.facts(desk.today)
    opened = await open_episode(await desk.client(), desk.keys, desk.register, opening, facts, today=desk.today)
    return EpisodeOpened(episode=opened.episode, existed=opened.existed, standing=Standing.of(opened.receipt))


def _under(key: str | None, caller: ApiClient, given: Notification, desk: Desk) -> Sent | None:
    """What is sent under a key. The content is kept as a digest only: it has a birth date."""
    if key is None:
        return None
    return Sent(client=caller.reference, key=key, content=digest(desk.keys, "sent", given.model_dump_json()))


def _answered_before(desk: Desk, sent: Sent) -> EpisodeOpened | None:
    try:
        answer = answered_before(desk.register, sent, desk.clock())
    except KeyTaken:
        raise ApiProblem(
            Kinds.KEY_REUSED, "That Idempotency-Key was used for other content: send other content under a new key."
        ) from None
    return EpisodeOpened.model_validate(answer) if answer else None


# --- The list -------------------------------------------------------------------------------------------------------


class Wanted(BaseModel):
    """Which episodes are listed, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    iro: Reference | None = Field(None, description="Only those whose IRO this is, named or covering.")
    stage: Phase | None = Field(None, description="Only those at this stage.")
    overdue: bool = Field(False, description="Only those with a step overdue.")
    cursor: str | None = Field(None, max_length=1024, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST_LISTED, description="How many at most.")


@router.get("/episodes", name="list_episodes", summary="List episodes")
async def list_(request: Request, desk: TheDesk, caller: Caller, wanted: Annotated[Wanted, Query()]) -> Episodes:
    """The authority's episodes by the next day due, a page at a time.

    What is written meanwhile shifts nothing: a page goes on where the one before it ended.
    """
    filters = EpisodeFilters(authority=caller.authority, iro=wanted.iro, stage=wanted.stage, overdue=wanted.overdue)
    try:
        page = await run_in_threadpool(
            episodes_page, desk.register, filters, today=desk.today, after=wanted.cursor, limit=wanted.limit
        )
    except BadCursor:
        raise invalid(
            (Fault(parameter="cursor", detail="cursor is not the `next` of a page of this list: begin anew."),)
        ) from None
    await note(request, Outcome.SEEN, detail=f"{len(page.items)} episodes")
    return Episodes(episodes=tuple(Episode.of(each.line) for each in page.items), next=page.next)


# --- One episode ----------------------------------------------------------------------------------------------------


@router.get("/episodes/{episode}", name="read_episode", summary="Read an episode")
async def read(line: SeenEpisode) -> Episode:
    """An episode as it stands."""
    return Episode.of(line)


@router.get("/episodes/{episode}/agenda", name="read_agenda", summary="Read what is owed")
async def read_agenda(desk: TheDesk, line: SeenEpisode) -> Agenda:
    """What is owed, by whom and by when, overdue first, each with the law it stands in."""
    return await run_in_threadpool(_agenda, desk, line)


def _agenda(desk: Desk, line: EpisodeLine) -> Agenda:
    calendar = WorkingCalendar(line.nation, closed_days(desk.register))
    owed = queries.steps(desk.register, line.id, only_open=True)
    return Agenda(
        episode=line.id,
        as_of=desk.today,
        stage=line.stage,
        overdue=line.overdue,
        next_due=line.next_due,
        steps=tuple(OwedStep.of(step, desk.today, calendar) for step in owed),
    )


@router.get("/episodes/{episode}/timeline", name="read_timeline", summary="Read what happened")
async def read_timeline(desk: TheDesk, line: SeenEpisode) -> Timeline:
    """What happened, what slipped and who was told, earliest first; the facts with their ids.

    It is told from the workflow's history. While the workflow server does not answer, it is told from the register:
    `history_from` is then the present, and dates that moved are left out.
    """
    try:
        async with asyncio.timeout(HISTORY_SECONDS):
            return await timeline(await desk.client(), desk.register, line.id)
    except (ServerUnreachable, NotAnswered, TimeoutError):
        return await run_in_threadpool(timeline_from_register, desk.register, line.id, desk.clock())


@router.get("/episodes/{episode}/reviews", name="read_reviews", summary="Read the reviews held")
async def read_reviews(desk: TheDesk, line: SeenEpisode) -> Reviews:
    """The reviews held, in order, and whether each was in time, by the law and by the 91/183-day indicator."""
    held = await run_in_threadpool(queries.reviews, desk.register, line.id)
    return Reviews(episode=line.id, reviews=tuple(held))
