"""Records the histories that the replay tests hold the workflows to: `python -m tests.workflows.record_histories`.

Run it only when a workflow's commands change on purpose, and say so in the commit; with the names of cases, only those
are played. Payloads are kept readable: the cases are made up.
"""

import asyncio
import json
import re
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from client.keys import Keys
from client.server import ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer, travelling_server
from register import migrate, open_register
from register.directory import add_person
from rules.directory import IroTerms, Person
from rules.vocabulary import Role
from tests.workflows.clocks import Clocks
from tests.workflows.journey import Journey
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

HISTORIES = Path(__file__).parents[1] / "histories"
FIRST_DAY = date(2035, 6, 5)
REVIEW = date(2035, 7, 2)


async def main(names: list[str]) -> None:
    """Play the cases and write their histories.

    Args:
        names: of the cases to play; all of them where it is empty.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment(Path(folder), {})
        migrate(settings.register_url)
        register = open_register(settings.register_url)
        keys = Keys.new()
        options = ServerOptions(
            data_dir=Path(folder), port=free_port(), in_memory=True, search_attributes=NAMES_AND_TYPES
        )
        async with travelling_server(options, keys) as running:
            plain = await Client.connect(running.server.address, data_converter=pydantic_data_converter)
            server = TravelServer(running.server, plain)
            async with build_worker(plain, register, settings):
                for name, play in CASES.items():
                    if name in (names or CASES):
                        await play(Journey(server, keys, register))
    _break("slipping", "broken")


async def _slipping(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 7, 14))
    await _save(journey, "slipping")


async def _two_cycles(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.follow_up(REVIEW)
    first_run = (await journey.handle.describe()).run_id
    await journey.go_to(date(2035, 9, 20))
    await journey.prepare(date(2035, 9, 20))
    await journey.record("review_held", date(2035, 9, 20), fact_id="second", participation="PN1")
    await journey.follow_up(date(2035, 9, 20))
    await _save(journey, "first-run-of-two", first_run)
    await _save(journey, "second-run-of-two")


async def _ended(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record("step_exempted", FIRST_DAY, step="report", reason="made up", until=date(2035, 6, 8))
    await journey.go_to(date(2035, 6, 12))
    await journey.record("care_ended", date(2035, 6, 12), reason="E4A")
    await journey.go_to(date(2035, 7, 20))
    await _save(journey, "ended")


async def _allocated(journey: Journey) -> None:
    """Last, because from here on the directory holds IROs."""
    for number in (1, 2):
        person = Person(reference=f"IRO-{number}", name=f"Test Person {number}", role=Role.IRO, authority="810")
        add_person(journey.register, person, IroTerms(iro=person.reference), "test", datetime(2035, 6, 1, tzinfo=UTC))
    await journey.begin(FIRST_DAY)
    named = (await journey.agenda()).iro
    await journey.go_to(date(2035, 6, 12))
    await journey.record("iro_conflict_declared", date(2035, 6, 12), iro=named, reason="made up")
    await _save(journey, "allocated")


async def _disputed(journey: Journey) -> None:
    """A dispute that is left unanswered, paused, answered and resolved, while a hearing comes."""
    await journey.begin(FIRST_DAY, legal_status="C1")
    await journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await journey.record("proceedings_issued", FIRST_DAY, fact_id="p-1", about="care_or_supervision")
    listed = {"proceedings": "p-1", "hearing": "issues_resolution", "held_on": date(2035, 6, 19)}
    await journey.record("hearing_listed", FIRST_DAY, fact_id="h-1", **listed)
    said = {"matter": "drift", "about": "made up", "stage": "team_manager", "by": "IRO-1"}
    await journey.record("dispute_raised", FIRST_DAY, fact_id="d-1", **said)
    clocks = Clocks(journey, {"p-1": "proceedings", "d-1": "dispute"})
    await clocks.go_to(date(2035, 6, 13))
    until = date(2035, 6, 20)
    await journey.record("dispute_paused", date(2035, 6, 13), dispute="d-1", until=until, reason="made up", by="IRO-1")
    await clocks.go_to(date(2035, 6, 21))
    await journey.record("dispute_answered", date(2035, 6, 21), dispute="d-1", answer="made up")
    await journey.record("dispute_resolved", date(2035, 6, 21), dispute="d-1", outcome="agreed", by="IRO-1")
    await journey.record("proceedings_ended", date(2035, 6, 21), proceedings="p-1", outcome="care_order")
    assert not await clocks.runs("d-1") and not await clocks.runs("p-1")
    await _save(journey, "disputed")
    await _save_of(clocks.handle("d-1"), "dispute")
    await _save_of(clocks.handle("p-1"), "proceedings")


CASES = {
    "slipping": _slipping,
    "two-cycles": _two_cycles,
    "ended": _ended,
    "disputed": _disputed,
    "allocated": _allocated,
}
"""The cases, the one that fills the directory with IROs last."""


async def _save(journey: Journey, name: str, run_id: str | None = None) -> None:
    await _save_of(journey.server.client.get_workflow_handle(journey.episode, run_id=run_id), name)


async def _save_of(handle: WorkflowHandle[Any, Any], name: str) -> None:
    history = json.loads(_without_machines((await handle.fetch_history()).to_json()))
    HISTORIES.mkdir(exist_ok=True)
    (HISTORIES / f"{name}.json").write_text(json.dumps(history, indent=1) + "\n")


def _without_machines(history: str) -> str:
    """The same without the names of the machine and process that did the work (`1234@machine`)."""
    return re.sub(r'"\d+@[^"]*"', '"test"', history)


def _break(source: str, name: str) -> None:
    """A history in which the workflow slept before it had derived anything: no replay may accept it."""
    history = json.loads((HISTORIES / f"{source}.json").read_text())
    events = history["events"]
    marker = next(n for n, event in enumerate(events) if event["eventType"] == "EVENT_TYPE_MARKER_RECORDED")
    timer = next(n for n, event in enumerate(events) if event["eventType"] == "EVENT_TYPE_TIMER_STARTED")
    for number in (marker, timer):
        del events[number]["eventId"]
    events[marker], events[timer] = events[timer], events[marker]
    for number in (marker, timer):
        events[number]["eventId"] = str(number + 1)
    (HISTORIES / f"{name}.json").write_text(json.dumps(history, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
