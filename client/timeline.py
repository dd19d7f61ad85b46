"""What happened in an episode and why: read from the workflow's own history, run by run.

History holds what people recorded (the updates), what the rules made of it (the markers of the local activity), and
when an alarm rang. Where the server no longer keeps the earlier runs, the register tells that part. What was sent to
whom, and what was not, the register tells: letters are none of the workflow's.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Engine
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from client.errors import NotAnswered, UnknownEpisode
from client.happenings import (
    COMES_FIRST,
    Happening,
    Kind,
    Timeline,
    changed,
    not_posted,
    posted,
    raised,
    recorded,
)
from register import queries
from register.outbox import not_sent
from register.post_queries import dispatches
from rules.clock import london_date
from rules.facts import Fact
from rules.facts.iro import IroAppointed, IroProposed
from rules.facts.reviews import DecisionsSent, ManagerReplied
from rules.limits import LIMITS
from rules.vocabulary import Nation
from workflows.messages import CHOOSE_IRO, Act, Chosen, Derived, EpisodeStart

WORKFLOW = "Episode"
REPLY = "manager_reply"

T = TypeVar("T")


async def timeline(client: Client, register: Engine, episode: str) -> Timeline:
    """Tell what happened in an episode.

    Args:
        client: a connected client.
        register: the database, for the post and for what the server no longer keeps.
        episode: the episode's id.

    Raises:
        UnknownEpisode: neither the server nor the register knows it.
        NotAnswered: the server did not answer.
        RegisterUnavailable: the register cannot be used.
        UnreadablePayload: the keys are not those that history was written with.
    """
    runs, whole = await _runs(client, episode)
    listener = Listener(client.data_converter)
    for events in runs:
        for event in events:
            await listener.hear(event)
    told = (*listener.happenings(), *_of_the_post(register, episode))
    if whole:
        return Timeline(episode=episode, happenings=_in_order(told))
    since = _time(runs[0][0]) if runs else datetime.now(UTC)
    earlier = tuple(_from_register(register, episode, since))
    if not runs and not earlier:
        raise UnknownEpisode(f"There is no episode {episode}; `starter.py list` shows those there are.")
    return Timeline(episode=episode, happenings=_in_order((*earlier, *told)), history_from=since)


def timeline_from_register(register: Engine, episode: str, now: datetime) -> Timeline:
    """Tell what the register alone holds: facts, rungs raised and the post, for when the server cannot be asked.

    Left out is what only history has: dates that moved, editions of the rules, agreement by silence.

    Args:
        register: the database.
        episode: the episode's id.
        now: the instant, UTC.

    Raises:
        UnknownEpisode: the register does not know it.
        RegisterUnavailable: the register cannot be used.
    """
    told = tuple(_from_register(register, episode, now))
    if not told:
        raise UnknownEpisode(f"There is no episode {episode}; `starter.py list` shows those there are.")
    told += tuple(_of_the_post(register, episode))
    return Timeline(episode=episode, happenings=_in_order(told), history_from=now)


def _in_order(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happenings, key=lambda each: (each.at, each.kind not in COMES_FIRST)))


def _from_register(register: Engine, episode: str, until: datetime) -> Iterator[Happening]:
    """The facts and the rungs that the register holds of the time before an instant."""
    titles = {step.key: step.title for step in queries.steps(register, episode)}
    for entry in queries.facts(register, episode):
        if entry.at < until:
            yield recorded(entry.at, entry.fact)
    for escalation in queries.escalations(register, episode):
        if escalation.at < until:
            yield raised(escalation, titles.get(escalation.step, escalation.step))


def _of_the_post(register: Engine, episode: str) -> Iterator[Happening]:
    """What was sent to whom, and what was not."""
    for message in reversed(dispatches(register, episode=episode)):
        yield from posted(message)
    for notice, found in reversed(not_sent(register, episode)):
        for each in found:
            yield not_posted(notice, each)


# --- The runs of a chain ------------------------------------------------------------------------------------------


async def _runs(client: Client, episode: str) -> tuple[list[list[HistoryEvent]], bool]:
    """The events of every run that is kept, the first run first, and whether these are all runs."""
    runs: list[list[HistoryEvent]] = []
    run_id: str | None = None
    while run_id != "":
        events = [event async for event in _events(client, episode, run_id)]
        if not events:
            return runs, False
        started = events[0].workflow_execution_started_event_attributes
        if started.workflow_type.name != WORKFLOW:
            raise UnknownEpisode(f"{episode} is no episode; `starter.py list` shows those there are.")
        runs.insert(0, events)
        run_id = started.continued_execution_run_id
    return runs, True


async def _events(client: Client, episode: str, run_id: str | None) -> AsyncIterator[HistoryEvent]:
    """The events of one run, the latest when none is named; none when it is not kept."""
    try:
        async for event in client.get_workflow_handle(episode, run_id=run_id).fetch_history_events():
            yield event
    except RPCError as error:
        if error.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT):
            raise NotAnswered(
                "The server did not answer when asked for the history; see that it runs, and try again."
            ) from None


def _time(event: HistoryEvent) -> datetime:
    return event.event_time.ToDatetime(UTC)


# --- Listening to a history ---------------------------------------------------------------------------------------


class Listener:
    """Hears the events of a chain of runs in order, and makes happenings of them."""

    def __init__(self, converter: DataConverter) -> None:
        """Begin with nothing heard."""
        self._converter = converter
        self._told: list[Happening] = []
        self._opening: list[tuple[datetime, Fact]] = []
        self._accepted: dict[int, tuple[datetime, Fact]] = {}
        self._facts: dict[str, Fact] = {}
        self._titles: dict[str, str] = {}
        self._nation = Nation.ENGLAND
        self._derived: Derived | None = None
        self._chosen: Fact | None = None
        self._alarm_rang = False
        self._task_began = datetime.now(UTC)
        """The present workflow task's beginning: the workflow's own now, under which it records a fact."""

    def happenings(self) -> list[Happening]:
        """What was heard; last what was taken in and awaits its publication."""
        waiting = [*self._opening, *self._accepted.values()]
        unpublished = [recorded(at, fact, Kind.UNPUBLISHED) for at, fact in waiting if fact.id not in self._facts]
        return [*self._told, *unpublished]

    async def hear(self, event: HistoryEvent) -> None:
        """Take in the next event."""
        match event.WhichOneof("attributes"):
            case "workflow_execution_started_event_attributes":
                await self._started(event)
            case "workflow_task_started_event_attributes":
                self._task_began = _time(event)
                self._opened()
            case "workflow_execution_update_accepted_event_attributes":
                request = event.workflow_execution_update_accepted_event_attributes.accepted_request
                act = await self._read(request.input.args.payloads, Act)
                self._accepted[event.event_id] = (self._task_began, act.fact)
            case "workflow_execution_update_completed_event_attributes":
                self._answered(event)
            case "marker_recorded_event_attributes":
                await self._derived_again(event)
            case "timer_fired_event_attributes":
                self._alarm_rang = True
            case "workflow_execution_signaled_event_attributes":
                self._tell(
                    event, Kind.ASKED, "The calendar, the policy or the directory changed: all is reckoned again"
                )
            case "workflow_execution_completed_event_attributes":
                self._tell(event, Kind.CLOSED, "Nothing more is owed: the episode closes")

    async def _started(self, event: HistoryEvent) -> None:
        start = await self._read(event.workflow_execution_started_event_attributes.input.payloads, EpisodeStart)
        self._nation = start.opening.nation
        if start.carried is None:
            self._opening = [(_time(event), fact) for fact in (start.opening, *start.facts)]
        elif self._derived is None:
            # The earlier runs are gone: what they carried on is known, and was told elsewhere.
            self._facts.update({entry.fact.id: entry.fact for entry in start.carried.entries})
            self._know(start.carried.derived)

    def _opened(self) -> None:
        """The first task takes up what the episode was started with."""
        for _, fact in self._opening:
            self._record(self._task_began, fact)
        self._opening = []

    def _answered(self, event: HistoryEvent) -> None:
        """An act is answered when it is published; one that failed was never recorded."""
        attributes = event.workflow_execution_update_completed_event_attributes
        accepted = self._accepted.pop(attributes.accepted_event_id, None)
        if accepted and attributes.outcome.HasField("success"):
            self._record(*accepted)

    def _record(self, at: datetime, fact: Fact) -> None:
        if fact.id not in self._facts:
            self._facts[fact.id] = fact
            self._told.append(recorded(at, fact))

    async def _derived_again(self, event: HistoryEvent) -> None:
        attributes = event.marker_recorded_event_attributes
        if attributes.HasField("failure") or "result" not in attributes.details:
            return
        result = attributes.details["result"].payloads
        if json.loads(attributes.details["data"].payloads[0].data)["activity_type"] == CHOOSE_IRO:
            self._chosen = (await self._read(result, Chosen)).fact
            return
        derived = await self._read(result, Derived)
        if self._chosen and self._came_of_it(self._chosen, derived):
            self._record(self._task_began, self._chosen)
        self._chosen = None
        for duplicate in derived.duplicates:
            self._accepted = {key: each for key, each in self._accepted.items() if each[1].id != duplicate}
        self._titles.update({step.key: step.title for step in derived.steps})
        found = [*changed(self._derived, derived), *self._silence(derived)]
        found += [raised(escalation, self._title(escalation.step)) for escalation in derived.raised]
        before = self._derived
        if self._alarm_rang and not found and before and before.alarm:
            found.append(Happening(at=derived.at, kind=Kind.ALARM, what=before.alarm.what))
        self._told.extend(found)
        self._know(derived)

    @staticmethod
    def _came_of_it(fact: Fact, derived: Derived) -> bool:
        """Whether a choice was recorded: not when an IRO was appointed by hand in the same moment."""
        if isinstance(fact, IroAppointed):
            return derived.iro == fact.iro
        return not isinstance(fact, IroProposed) or derived.proposed == fact.iro

    def _silence(self, derived: Derived) -> Iterator[Happening]:
        """The manager's answer is awaited no longer, and none came: that is agreement (IRO Handbook ch 3)."""
        new = [fact for _, fact in self._accepted.values()]
        if any(isinstance(fact, ManagerReplied) for fact in new):
            return
        words = "The team manager gave no answer: the decisions count as agreed"
        awaited = {step.key for step in derived.steps if step.rule == REPLY}
        for step in self._derived.steps if self._derived else ():
            if step.rule == REPLY and step.key not in awaited and step.due < london_date(derived.at):
                yield Happening(at=derived.at, kind=Kind.SILENCE, what=words, step=step.key, due=step.due)
        # Recorded when the time to answer had passed already, so that no answer was ever awaited.
        if any(isinstance(fact, DecisionsSent) for fact in new) and not awaited:
            yield Happening(at=derived.at, kind=Kind.SILENCE, what=words)

    def _know(self, derived: Derived) -> None:
        self._titles.update({step.key: step.title for step in derived.steps})
        self._derived, self._alarm_rang = derived, False

    def _title(self, key: str) -> str:
        """What a step is called, also one that was closed when first derived."""
        name = key.partition(".")[0]
        limit = LIMITS[self._nation].get(name)
        return self._titles.get(key) or (limit.title if limit else key)

    def _tell(self, event: HistoryEvent, kind: Kind, what: str) -> None:
        self._told.append(Happening(at=_time(event), kind=kind, what=what))

    async def _read(self, payloads: Sequence[Payload], kind: type[T]) -> T:
        [read] = await self._converter.decode(payloads, [kind])
        value: T = read
        return value
