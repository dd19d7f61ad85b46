"""The clocks beside a case, moved with it: disputes and court proceedings."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from client.time_travel import PAST_THE_ALARM
from rules.steps import RunsBeside
from tests.workflows.journey import Journey, instant
from workflows.episode import EpisodeWorkflow


@dataclass
class Clocks:
    """A case and the clocks beside it. An episode's clock goes ahead, as in the world all of them are one."""

    journey: Journey
    names: dict[str, Literal["dispute", "proceedings"]] = field(default_factory=dict)

    def handle(self, name: str) -> WorkflowHandle[Any, Any]:
        """The clock of a dispute or of proceedings."""
        return self.journey.server.client.get_workflow_handle(f"{self.journey.episode}-{self.names[name]}-{name}")

    async def standing(self, name: str) -> RunsBeside:
        """How its matter stands, once the clock was told what the episode says of it."""
        while True:
            known = await self._told_last(name) if await self.exists(name) else None
            said = next((each for each in (await self.journey.agenda()).beside if each.name == name), None)
            if known and (known == said or (said is None and known.over)):
                return known
            await asyncio.sleep(0.05)

    async def _told_last(self, name: str) -> RunsBeside:
        known: RunsBeside = await self.handle(name).query("standing", result_type=RunsBeside)
        return known

    async def exists(self, name: str) -> bool:
        """Whether the clock was started."""
        try:
            await self.handle(name).describe()
        except RPCError:
            return False
        return True

    async def runs(self, name: str) -> bool:
        """Whether the clock is at work, once it was told what the episode says."""
        over = (await self.standing(name)).over
        while True:
            status = (await self.handle(name).describe()).status
            if (status is not WorkflowExecutionStatus.RUNNING) == over:
                return not over
            await asyncio.sleep(0.05)

    async def go_to(self, day: date, hour: int = 9) -> list[str]:
        """Move the case and its clocks to a time of day in London; returns the clocks that rang, in order."""
        target, rung = instant(day, hour), []
        while ring := await self._next_ring(target):
            at, name = ring
            await self._move_case(at + PAST_THE_ALARM)
            before = await self.standing(name)
            await self._move(name, at + PAST_THE_ALARM, before)
            rung.append(name)
        await self._move_case(target)
        for name in self.names:
            await self._move(name, target)
        return rung

    async def _next_ring(self, target: datetime) -> tuple[datetime, str] | None:
        rings = []
        for name in self.names:
            if await self.runs(name) and (ring := (await self.standing(name)).next):
                rings.append((ring.at, name))
        first = min(rings, default=None)
        return first if first and first[0] <= target else None

    async def _move_case(self, to: datetime) -> None:
        server, case = self.journey.server, self.journey.handle
        if await server.now(case) < to:
            await server.jump_along(case, to, self._next_alarm)

    async def _next_alarm(self) -> datetime | None:
        derived = await self.journey.handle.query(EpisodeWorkflow.agenda)
        return derived.alarm.at if derived and derived.alarm else None

    async def _move(self, name: str, to: datetime, before: RunsBeside | None = None) -> None:
        server, clock = self.journey.server, self.handle(name)
        if not await self.runs(name) or await server.now(clock) >= to:
            return

        async def told() -> bool:
            return before is None or await self.standing(name) != before

        await server.jump_to(clock, to, ready=told)
