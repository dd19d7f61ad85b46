"""One child's case driven through time on the real server, for the tests of the workflow."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine
from temporalio.client import WorkflowHandle

from client.episodes import agenda, open_episode, record
from client.errors import NotAnswered
from client.identity import child_digest, episode_id, spread_offset
from client.keys import Keys
from client.time_travel import TravelServer
from register import queries
from rules.clock import LONDON
from rules.facts import Fact, parse_fact
from rules.facts.care import BecameLookedAfter
from rules.steps import Escalation, Step
from rules.vocabulary import Nation
from workflows.episode import EpisodeWorkflow
from workflows.messages import TASK_QUEUE, Derived, EpisodeOutcome, EpisodeStart, Receipt

CHILDREN = itertools.count(1)
HALF_AN_HOUR = timedelta(minutes=30)


def instant(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of day in London."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


@dataclass
class Journey:
    """A case, and the means to move its clock, record acts and look at what came of them."""

    server: TravelServer
    keys: Keys
    register: Engine
    episode: str = ""
    opening: BecameLookedAfter | None = None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def handle(self) -> "WorkflowHandle[EpisodeWorkflow, EpisodeOutcome]":
        """The case's workflow, whichever run it is in."""
        return self.server.client.get_workflow_handle_for(EpisodeWorkflow.run, self.episode)

    async def begin(
        self,
        first_day: date,
        *,
        at: datetime | None = None,
        birth: date = date(2025, 3, 4),
        facts: Sequence[Fact] = (),
        legal_status: str = "V2",
        child: str | None = None,
    ) -> Receipt:
        """Open the case, at nine in the morning of the first day unless another instant is given."""
        child = child or f"TEST-{next(CHILDREN)}"
        opening = BecameLookedAfter.model_validate(
            {
                "id": "opening",
                "on": first_day,
                "by": "case-system",
                "authority": "810",
                "nation": Nation.ENGLAND,
                "child": child,
                "birth_date": birth,
                "legal_status": legal_status,
            }
        )
        self.opening = opening
        self.episode = episode_id(self.keys, "810", child, first_day)
        start = EpisodeStart(
            opening=opening,
            child_digest=child_digest(self.keys, "810", child),
            spread=spread_offset(self.episode),
            facts=tuple(facts),
        )
        moment = at or instant(first_day)
        await self.server.start_at(moment, "Episode", start, id=self.episode, task_queue=TASK_QUEUE)
        opened = await open_episode(
            self.server.client, self.keys, self.register, opening, facts, today=moment.astimezone(LONDON).date()
        )
        return opened.receipt

    def fact(self, kind: str, on: date, *, fact_id: str | None = None, **fields: object) -> Fact:
        """A fact, with an id of its own unless one is given."""
        name = fact_id or f"{kind.replace('_', '-')}-{next(self._numbers)}"
        return parse_fact({"kind": kind, "id": name, "on": on, "by": "test", **fields})

    async def record(self, kind: str, on: date, *, fact_id: str | None = None, **fields: object) -> Receipt:
        """Record an act."""
        return await record(self.server.client, self.episode, self.fact(kind, on, fact_id=fact_id, **fields))

    async def go_to(self, day: date, hour: int = 9) -> list[datetime]:
        """Move the clock from alarm to alarm to a time of day in London; returns the alarms that rang."""
        return await self.server.jump_along(self.handle, instant(day, hour), self._next_alarm)

    async def _next_alarm(self) -> datetime | None:
        derived = await self.handle.query(EpisodeWorkflow.agenda)
        return derived.alarm.at if derived and derived.alarm else None

    async def agenda(self) -> Derived:
        """What is owed now; a worker that was too slow for its last task is asked again."""
        while True:
            try:
                return await agenda(self.server.client, self.episode)
            except NotAnswered:
                await asyncio.sleep(1)

    async def owed(self) -> set[str]:
        """The keys of the open steps."""
        return {step.key for step in (await self.agenda()).steps}

    def step(self, key: str) -> Step:
        """A step as the register has it."""
        return next(step for step in queries.steps(self.register, self.episode) if step.key == key)

    def escalations(self, step: str | None = None) -> list[Escalation]:
        """What was raised, of one step or of all, from the register."""
        raised = queries.escalations(self.register, self.episode)
        return [each for each in raised if step in (None, each.step)]

    def rungs(self, step: str) -> list[str]:
        """The rungs raised of one step, in order."""
        return [each.rung for each in self.escalations(step)]

    async def hold_first_review_on_time(self, first_day: date, review: date) -> None:
        """All that is owed up to a first review on a day, done when it should be, and the review."""
        await self.record("iro_service_notified", first_day)
        await self.record("iro_appointed", first_day, iro="IRO-1")
        await self.inform(first_day)
        await self.go_to(first_day + timedelta(days=3), 10)
        await self.prepare(first_day + timedelta(days=3))
        await self.go_to(review, 15)
        await self.record("review_held", review, fact_id="first", participation="PN1", chaired_by="IRO-1")

    async def inform(self, day: date) -> None:
        """Tell everyone who the IRO is, and give the policy."""
        for recipient in ("child", "parents", "carer"):
            await self.record("iro_made_known", day, recipient=recipient, way="letter")
        for recipient in ("child", "parents"):
            await self.record("reviewing_policy_given", day, recipient=recipient)

    async def prepare(self, day: date) -> None:
        """All that is owed before a review."""
        for kind in ("discussion_held", "invitations_sent", "report_received"):
            await self.record(kind, day)
        await self.record("child_consulted", day, outcome="spoke", ways=("in_person",))
        await self.record("views_gathered", day, source="parents")

    async def follow_up(self, day: date) -> None:
        """All that is owed after a review."""
        await self.record("decisions_sent", day)
        await self.record("manager_replied", day, outcome="accepted")
        for kind in ("decisions_circulated", "record_completed"):
            await self.record(kind, day)
        for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
            await self.record("record_distributed", day, recipient=recipient)
