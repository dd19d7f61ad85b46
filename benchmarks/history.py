"""How much history an act and an alarm leave: counted in the real history of a real workflow.

A cycle is lived through act by act: first review, what follows it, second review, and the acts that close the first
cycle. Another child's case is left alone, so that its alarms ring up to the top of the ladder.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionDescription

from benchmarks.children import childhood, newly_looked_after
from benchmarks.report import Figure, Measurement, Table
from client.episodes import Handle, agenda, handle_of, open_episode, record
from client.keys import Keys
from client.server import ServerOptions
from client.settings import Settings
from client.time_travel import PAST_THE_ALARM, TravelServer, travelling_server
from register import migrate, open_register
from rules.clock import london_date
from rules.facts import BecameLookedAfter, Fact, ReviewHeld
from rules.vocabulary import ParticipationCode
from worker import build_worker
from workflows.episode import EpisodeWorkflow
from workflows.search_attributes import NAMES_AND_TYPES

MOST_AN_ACT = 12
MOST_AN_ALARM = 9
ALARMS = 12
DAYS_IN_CARE = 200
"""Long enough for the second review and all that follows the first."""
_TIME_TRAVEL = "TIME_SKIPPING"
"""In the names of the events that only moving a clock leaves."""


@dataclass(frozen=True)
class Trace:
    """What one act or alarm left in history.

    Attributes:
        of: the act's name, or `alarm`.
        events: how many of each type, without those of moving the clock.
        new_run: how many events began a new run, when a cycle closed; 0 when none did.
    """

    of: str
    events: Counter[str]
    new_run: int = 0

    @property
    def total(self) -> int:
        """How many events it left, the new run's beginning apart."""
        return self.events.total()


@dataclass
class Case:
    """A running episode, and where its history stood when last looked at."""

    handle: Handle
    run: str | None = None
    seen: int = 0

    async def since_last_look(self, of: str) -> Trace:
        """What came into history since.

        Args:
            of: what happened meanwhile.
        """
        described = await self._at_rest()
        before, seen = self.run, self.seen
        self.run, self.seen = described.run_id, described.history_length
        if before in (None, described.run_id):
            return Trace(of, await self._events(described.run_id, seen))
        new_run = (await self._events(described.run_id, 0)).total()
        return Trace(of, await self._events(before, seen), new_run)

    async def _at_rest(self) -> WorkflowExecutionDescription:
        """The episode when it has nothing more to do: a query is answered, and history grows no more."""
        length = -1
        while True:
            described = await self.handle.describe()
            if described.history_length == length:
                return described
            length = described.history_length
            await self.handle.query(EpisodeWorkflow.agenda)

    async def _events(self, run: str | None, after: int) -> Counter[str]:
        client = self.handle._client
        history = await client.get_workflow_handle(self.handle.id, run_id=run).fetch_history()
        names = (EventType.Name(event.event_type) for event in history.events if event.event_id > after)
        return Counter(name.removeprefix("EVENT_TYPE_") for name in names if _TIME_TRAVEL not in name)
