"""What the outside world does: workers and servers that stop, a register that is down, rules that change."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from temporalio.worker import Worker

import activities.episodes
from client.keys import Keys
from client.server import ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer, travelling_server
from register import RegisterUnavailable, queries
from register.publication import Publication
from register.publish import publish
from tests.workflows.journey import Journey
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

FIRST_DAY = date(2035, 6, 5)


async def test_a_worker_that_stops_in_mid_case_loses_nothing(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings, cached_workflows: int
) -> None:
    journey = Journey(travel_server, keys, register)

    def worker() -> Worker:
        return build_worker(travel_server.client, register, settings, cached_workflows=cached_workflows)

    async with worker():
        await journey.begin(FIRST_DAY)
        await journey.go_to(date(2035, 6, 13))
    act = asyncio.create_task(journey.record("iro_appointed", date(2035, 6, 13), iro="IRO-1"))
    await asyncio.sleep(0.5)
    async with worker():
        await act
        assert "appoint_iro" not in await journey.owed()
        await journey.go_to(date(2035, 6, 30))
    assert journey.rungs("appoint_iro") == ["reminder", "breach"]


@pytest.fixture
async def server_on_disk(keys: Keys, tmp_path: Path) -> AsyncIterator[ServerOptions]:
    yield ServerOptions(data_dir=tmp_path / "disk", port=free_port(), search_attributes=NAMES_AND_TYPES)


async def test_a_server_that_stops_in_mid_case_loses_nothing(
    server_on_disk: ServerOptions, keys: Keys, register: Engine, settings: Settings
) -> None:
    async with travelling_server(server_on_disk, keys) as server:
        journey = Journey(server, keys, register)
        async with build_worker(server.client, register, settings):
            await journey.begin(FIRST_DAY)
            await journey.go_to(date(2035, 6, 13))
        before = journey.rungs("appoint_iro")
    async with travelling_server(server_on_disk, keys) as server:
        journey.server = server
        async with build_worker(server.client, register, settings):
            await journey.go_to(date(2035, 6, 21))
            await journey.record("iro_appointed", date(2035, 6, 21), iro="IRO-1")
    assert before == ["reminder", "breach"]
    assert journey.rungs("appoint_iro") == ["reminder", "breach", "service_manager", "assistant_director"]


async def test_acts_wait_for_a_register_that_is_down_and_none_is_lost(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journey.begin(FIRST_DAY)
    works = publish

    def down(*_: object) -> None:
        raise RegisterUnavailable("The register cannot be reached.")

    monkeypatch.setattr(activities.episodes, "publish", down)
    acts = [
        asyncio.create_task(journey.record("views_gathered", FIRST_DAY, fact_id=f"v{number}", source="carer"))
        for number in range(3)
    ]
    await asyncio.sleep(2)
    assert not any(act.done() for act in acts)
    monkeypatch.setattr(activities.episodes, "publish", works)
    receipts = await asyncio.wait_for(asyncio.gather(*acts), 25)
    assert {receipt.fact for receipt in receipts} == {"v0", "v1", "v2"}
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert sorted(recorded) == ["opening", "v0", "v1", "v2"]


async def test_a_publication_whose_answer_was_lost_is_not_made_twice(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journey.begin(FIRST_DAY)
    calls: list[int] = []

    def publish_and_die(engine: Engine, publication: Publication) -> None:
        publish(engine, publication)
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("killed after the commit, before the answer")

    monkeypatch.setattr(activities.episodes, "publish", publish_and_die)
    await journey.record("iro_appointed", FIRST_DAY, fact_id="iro", iro="IRO-1")
    notices = [each.key for each in queries.owed_notices(journey.register, journey.episode)]
    assert len(notices) == len(set(notices))
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert sorted(recorded) == ["iro", "opening"]
    assert len(calls) == 1


PLANTED = ("Planted Name", "zephyrine")


async def test_history_and_listing_hold_no_free_words(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record(
        "child_consulted", FIRST_DAY, outcome="not_appropriate", reason=f"{PLANTED[0]} says {PLANTED[1]}"
    )
    await journey.record(
        "step_exempted", FIRST_DAY, step="report", reason=f"{PLANTED[0]} of {PLANTED[1]}", until=date(2035, 6, 8)
    )
    history = await journey.handle.fetch_history()
    raw = b"".join(event.SerializeToString() for event in history.events)
    raw += (await journey.handle.describe()).raw_description.SerializeToString()
    for words in (*PLANTED, journey.opening.child if journey.opening else ""):
        assert words.encode() not in raw
