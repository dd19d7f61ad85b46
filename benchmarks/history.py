"""How much history an act and an alarm leave: counted in the real history of a real workflow.

One child's first cycle is lived through act by act: the first review, what follows it, the second review, and the act
that closes the cycle. Another child's case is left alone, so that its alarms ring, up to the top of the ladder.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionDescription

from benchmarks.children import childhood, newly_looked_after
from benchmarks.report import Figure, Measurement, Table
from client.episodes import agenda, handle_of, open_episode, record
from client.keys import Keys
from client.server import ServerOptions
from client.settings import Settings
from client.time_travel import PAST_THE_ALARM, TravelServer, travelling_server
from register import migrate, open_register
from rules.clock import london_date
from rules.codes import ParticipationCode
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter
from worker import build_worker
from workflows.episode import EpisodeWorkflow
from workflows.search_attributes import NAMES_AND_TYPES

MOST_AN_ACT = 12
MOST_AN_ALARM = 9
ALARMS = 12
"""Enough for several steps to climb their ladders to the top."""
DAYS_IN_CARE = 200
"""Long enough for the second review, and for all that follows the first."""
_OF_TIME_TRAVEL = ("WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED", "WORKFLOW_EXECUTION_OPTIONS_UPDATED")
"""The events that only moving a clock leaves."""


@dataclass(frozen=True)
class Trace:
    """What one act or alarm left in history.

    Attributes:
        of: the act's name, or `alarm`.
        events: their types, in order.
        new_run: the types of the events that began a new run, when a cycle closed.
    """

    of: str
    events: tuple[str, ...]
    new_run: tuple[str, ...] = ()


@dataclass
class Rig:
    """A server whose clocks can be moved, and our worker on it.

    Attributes:
        travel: the server.
        keys: what payloads are encrypted with.
        register: the database.
    """

    travel: TravelServer
    keys: Keys
    register: Engine

    @property
    def client(self) -> Client:
        """Connected to the server."""
        return self.travel.client

    async def acts(self) -> list[Trace]:
        """Live through a cycle act by act; what each left in history."""
        opening, facts = _cycle(london_date(datetime.now(UTC)))
        opened = await open_episode(self.client, self.keys, self.register, opening)
        look = Look(self.client, opened.episode)
        traces = [await look.at(opening.kind)]
        for fact in facts:
            await record(self.client, opened.episode, fact)
            traces.append(await look.at(fact.kind))
        return traces

    async def alarms(self) -> list[Trace]:
        """Leave a child's case alone; what each alarm left in history."""
        opening, facts = newly_looked_after("left-alone", london_date(datetime.now(UTC)))
        opened = await open_episode(self.client, self.keys, self.register, opening, facts)
        handle = handle_of(self.client, opened.episode)
        for _ in range(ALARMS):
            derived = await agenda(self.client, opened.episode)
            if derived.alarm:
                await self.travel.jump_to(handle, derived.alarm.at + PAST_THE_ALARM)
        await Look(self.client, opened.episode).at("alarm")
        return _split_by_alarm(await _events(self.client, opened.episode, None))


@dataclass
class Look:
    """Looks at the history of one episode, again and again.

    Attributes:
        client: connected to its server.
        episode: its id.
        run: the run it was in when last looked at.
        seen: how long that run's history was.
    """

    client: Client
    episode: str
    run: str | None = None
    seen: int = 0

    async def at(self, of: str) -> Trace:
        """What came into history since the last look.

        Args:
            of: what happened meanwhile.
        """
        described = await self._at_rest()
        before, seen = self.run, self.seen
        self.run, self.seen = described.run_id, described.history_length
        if before in (None, described.run_id):
            return Trace(of, await _events(self.client, self.episode, described.run_id, seen))
        new_run = await _events(self.client, self.episode, described.run_id)
        return Trace(of, await _events(self.client, self.episode, before, seen), new_run)

    async def _at_rest(self) -> WorkflowExecutionDescription:
        """The episode when it has no more to do: it answers a query, and its history has grown no longer."""
        handle, length = handle_of(self.client, self.episode), -1
        while True:
            described = await handle.describe()
            if described.history_length == length:
                return described
            length = described.history_length
            await handle.query(EpisodeWorkflow.agenda)


async def _events(client: Client, episode: str, run: str | None, after: int = 0) -> tuple[str, ...]:
    history = await client.get_workflow_handle(episode, run_id=run).fetch_history()
    later = (EventType.Name(event.event_type) for event in history.events if event.event_id > after)
    names = (name.removeprefix("EVENT_TYPE_") for name in later)
    return tuple(name for name in names if name not in _OF_TIME_TRAVEL)


def _split_by_alarm(events: Sequence[str]) -> list[Trace]:
    places = [place for place, name in enumerate(events) if name == "TIMER_FIRED"]
    return [
        Trace("alarm", tuple(events[place:end])) for place, end in zip(places, [*places[1:], len(events)], strict=True)
    ]


def _cycle(today: date) -> tuple[BecameLookedAfter, list[Fact]]:
    """A child of ten's first two reviews, as they would have been recorded, and what follows them up to today."""
    first_day = today - timedelta(days=DAYS_IN_CARE)
    birth = first_day - timedelta(days=10 * 365)
    facts = [_of_a_child_of_ten(entry.fact, birth) for entry in childhood(first_day, reviews=2)]
    opening = next(fact for fact in facts if isinstance(fact, BecameLookedAfter))
    return opening, [fact for fact in facts if fact.on <= today and fact is not opening]


def _of_a_child_of_ten(fact: Fact, birth: date) -> Fact:
    if isinstance(fact, BecameLookedAfter):
        return fact.model_copy(update={"birth_date": birth, "child": "lived-through"})
    if fact.kind == "review_held":
        return fact.model_copy(update={"participation": ParticipationCode.PN1})
    return fact


@asynccontextmanager
async def rig(folder: Path) -> AsyncIterator[Rig]:
    """Start a server whose clocks can be moved, and our worker on it.

    Args:
        folder: an empty folder.
    """
    settings = Settings.from_environment(folder, {})
    keys = Keys.load_or_create(settings.keys_file)
    migrate(settings.register_url)
    register = open_register(settings.register_url)
    options = ServerOptions(data_dir=folder, in_memory=True, search_attributes=NAMES_AND_TYPES)
    async with travelling_server(options, keys) as travel, build_worker(travel.client, register, settings):
        yield Rig(travel, keys, register)
    register.dispose()


async def measure() -> Measurement:
    """The acts of a cycle, and the alarms of a case left alone."""
    with TemporaryDirectory() as folder:
        async with rig(Path(folder)) as running:
            acts, alarms = await running.acts(), await running.alarms()
    return Measurement(
        figures=(
            _figure("History events an act, the most", acts, MOST_AN_ACT),
            _figure("History events an alarm, the most", alarms, MOST_AN_ALARM),
        ),
        tables=(_table(acts, alarms),),
    )


def most(traces: Sequence[Trace]) -> Trace:
    """The one that left most, the beginning of a new run apart."""
    return max(traces, key=lambda trace: len(trace.events))


def _figure(what: str, traces: Sequence[Trace], limit: int) -> Figure:
    count = len(most(traces).events)
    return Figure(what, f"{count} (of {len(traces)} counted)", f"{limit} at most", count <= limit)


def _table(acts: Sequence[Trace], alarms: Sequence[Trace]) -> Table:
    opening, closing = acts[0], [trace for trace in acts if trace.new_run]
    others = [trace for trace in acts[1:] if not trace.new_run]
    named = [("the opening", opening), ("an act", most(others)), ("an alarm", most(alarms))]
    named += [("an act that closes a cycle", most(closing))] if closing else []
    rows = [(name, str(len(trace.events)), _in_words(trace.events)) for name, trace in named]
    if closing:
        rows.append(("the new run it begins", str(len(closing[0].new_run)), _in_words(closing[0].new_run)))
    usual = Counter(len(trace.events) for trace in acts)
    notes = f"Acts by their number of events: {', '.join(f'{count} with {size}' for size, count in usual.items())}."
    return Table("History", ("What left most", "Events", "Which"), rows, (notes,))


def _in_words(events: Sequence[str]) -> str:
    short = (name.replace("WORKFLOW_", "").replace("EXECUTION_", "").replace("_", " ").lower() for name in events)
    return ", ".join(short)
