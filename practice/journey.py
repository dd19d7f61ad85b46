"""Following a scenario on a real Temporal server whose clock is moved from alarm to alarm and from act to act.

Server, register and keys are made for the journey, in a folder that is gone when it is over.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from temporalio.common import TypedSearchAttributes

from client.episodes import agenda, handle_of, open_episode, record
from client.identity import child_digest, episode_id, spread_offset
from client.keys import Keys
from client.server import ServerOptions
from client.settings import Settings
from client.time_travel import PAST_THE_ALARM, TravelServer, travelling_server
from practice.happenings import Happening, Standing, What
from practice.script import NATION, Act, Script
from practice.watching import Watcher
from register import migrate, open_register
from rules.acceptance import Refused
from rules.calendar import WorkingCalendar
from rules.clock import LONDON
from worker import build_worker
from workflows import search_attributes
from workflows.messages import TASK_QUEUE, EpisodeStart

Tell = Callable[[Sequence[Happening]], None]

MORNING = time(10)
"""When people record what they did."""


async def practise(script: Script, tell: Tell) -> Standing:
    """Follow one made-up case to the end of its script, in seconds.

    Args:
        script: what people do, and when. Its first day is still to come: no clock goes backwards.
        tell: called with what happened at one time, as it happens.

    Returns:
        How the case stands at the end.

    Raises:
        ServerFailed: the server cannot be started.
        TravelStuck: its clock did not move.
        Refused: the rules refuse an act that the script holds for right.
    """
    async with _stage() as (server, keys, register):
        journey = await _begin(server, keys, register, script, tell)
        for day, acts in script.days:
            if not await journey.go_to(_instant(day)):
                break
            for each in acts:
                await journey.do(each)
            journey.look()
        else:
            await journey.go_to(_instant(script.until))
        return journey.watcher.standing(journey.clock)


@asynccontextmanager
async def _stage() -> AsyncIterator[tuple[TravelServer, Keys, Engine]]:
    """A server, a worker and a register of the journey's own. Nothing of the environment's settings is taken."""
    with TemporaryDirectory(prefix="practice-") as folder:
        settings = Settings.from_environment(Path(folder), {})
        keys = Keys.load_or_create(settings.keys_file)
        migrate(settings.register_url)
        register = open_register(settings.register_url)
        attributes = search_attributes.NAMES_AND_TYPES
        options = ServerOptions(data_dir=settings.data_dir, in_memory=True, search_attributes=attributes)
        try:
            async with (
                travelling_server(options, keys) as server,
                build_worker(server.client, register, settings),
            ):
                yield server, keys, register
        finally:
            register.dispose()


async def _begin(server: TravelServer, keys: Keys, register: Engine, script: Script, tell: Tell) -> "Journey":
    """Open the episode, on the morning on which the IRO service is told."""
    opening, facts = script.opening, (script.notified,)
    episode = episode_id(keys, opening.authority, opening.child, opening.on)
    start = EpisodeStart(
        opening=opening,
        child_digest=child_digest(keys, opening.authority, opening.child),
        spread=spread_offset(episode),
        facts=facts,
    )
    morning = _instant(script.notified.on)
    await server.start_at(
        morning,
        "Episode",
        start,
        id=episode,
        task_queue=TASK_QUEUE,
        search_attributes=TypedSearchAttributes([search_attributes.at_opening(opening.authority)]),
    )
    await open_episode(server.client, keys, register, opening, facts, today=script.notified.on)
    journey = Journey(server, episode, Watcher(register, episode, WorkingCalendar(NATION)), tell, morning)
    journey.look()
    return journey


@dataclass
class Journey:
    """An episode under way.

    Attributes:
        server: whose clock is moved.
        episode: its id.
        watcher: sees what is new in the register.
        tell: called with what happened at one time.
        clock: the instant to which the clock was last moved, UTC.
    """

    server: TravelServer
    episode: str
    watcher: Watcher
    tell: Tell
    clock: datetime

    async def go_to(self, instant: datetime) -> bool:
        """Move the clock forward, from alarm to alarm, and tell what happens on the way.

        Returns:
            False when the episode has closed.
        """
        while True:
            alarm = await self._next_alarm()
            on_the_way = alarm is not None and alarm + PAST_THE_ALARM < instant
            goal = alarm + PAST_THE_ALARM if alarm and on_the_way else instant
            if goal <= self.clock:
                return True
            goes_on = await self.server.jump_to(handle_of(self.server.client, self.episode), goal)
            self.clock = goal
            self.look()
            if not goes_on:
                return False
            if not on_the_way:
                return True

    async def do(self, act: Act) -> None:
        """Record an act, and tell of a refusal that was to be."""
        try:
            await record(self.server.client, self.episode, act.fact)
        except Refused as refused:
            if not act.refused:
                raise
            words = act.fact.kind.replace("_", " ")
            self.tell([Happening(at=self.clock, what=What.REFUSED, title=str(refused), detail=words)])

    def look(self) -> None:
        """Tell what is new."""
        self.tell(self.watcher.look(self.clock))

    async def _next_alarm(self) -> datetime | None:
        alarm = (await agenda(self.server.client, self.episode)).alarm
        return alarm.at if alarm else None


def _instant(day: date) -> datetime:
    return datetime.combine(day, MORNING, LONDON).astimezone(UTC)
