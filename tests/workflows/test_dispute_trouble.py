"""Disputes while the world does what it does: workers and servers that stop in mid-stage, a register that is down."""

import asyncio
from collections.abc import Callable
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
from register import RegisterUnavailable
from register.publication import Publication
from register.publish import publish
from tests.workflows.clocks import Clocks
from tests.workflows.journey import Journey, instant
from tests.workflows.test_dispute import RAISED, disputed, moves
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

IN_MID_STAGE, LAST_DAY, AFTER = date(2035, 12, 13), date(2035, 12, 17), date(2035, 12, 18)
MOVED = [("team_manager", "service_manager", LAST_DAY)]


async def test_a_worker_that_stops_in_mid_stage_moves_the_dispute_up_once_it_is_back(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings
) -> None:
    def worker() -> Worker:
        return build_worker(travel_server.client, register, settings)

    journey = Journey(travel_server, keys, register)
    async with worker():
        clocks = await disputed(journey)
        await clocks.go_to(IN_MID_STAGE)
    async with worker():
        assert await clocks.go_to(AFTER) == ["d-1"]
    assert moves(journey) == MOVED


async def test_a_server_that_stops_in_mid_stage_moves_the_dispute_up_once_it_is_back(
    keys: Keys, register: Engine, settings: Settings, tmp_path: Path
) -> None:
    on_disk = ServerOptions(data_dir=tmp_path / "disk", port=free_port(), search_attributes=NAMES_AND_TYPES)
    async with travelling_server(on_disk, keys) as server:
        journey = Journey(server, keys, register)
        async with build_worker(server.client, register, settings):
            clocks = await disputed(journey)
            await clocks.go_to(IN_MID_STAGE)
    async with travelling_server(on_disk, keys) as server:
        journey.server = server
        async with build_worker(server.client, register, settings):
            assert await clocks.go_to(AFTER) == ["d-1"]
            assert moves(journey) == MOVED
            await journey.record("dispute_resolved", AFTER, dispute="d-1", outcome="agreed", by="IRO-1")
            assert not await clocks.runs("d-1")


async def test_a_register_that_is_down_when_a_stage_ends_delays_the_move_and_doubles_nothing(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = await disputed(journey)
    await clocks.go_to(IN_MID_STAGE)
    tried = 0

    def fails_at_first(engine: Engine, publication: Publication, webhooks_owed: Callable[[], None]) -> bool:
        nonlocal tried
        tried += 1
        if tried <= 3:
            raise RegisterUnavailable("The register cannot be reached.")
        return publish(engine, publication, webhooks_owed)

    monkeypatch.setattr(activities.episodes, "publish", fails_at_first)
    assert await clocks.go_to(AFTER) == ["d-1"]
    assert tried > 3
    assert moves(journey) == MOVED


async def test_a_dispute_goes_on_when_its_case_goes_on_in_a_new_run(journey: Journey) -> None:
    first_day, review = date(2035, 6, 5), date(2035, 7, 2)
    await journey.begin(first_day)
    await journey.hold_first_review_on_time(first_day, review)
    await journey.follow_up(review)
    second = date(2035, 9, 20)
    clocks = Clocks(journey)
    await journey.go_to(second)
    await journey.record(
        "dispute_raised", second, fact_id="d-1", matter="drift", about="made up", stage="team_manager", by="IRO-1"
    )
    clocks.names["d-1"] = "dispute"
    run = (await journey.handle.describe()).run_id
    await journey.prepare(second)
    await journey.record("review_held", second, fact_id="second", participation="PN1", chaired_by="IRO-1")
    while (await journey.handle.describe()).run_id == run:
        await asyncio.sleep(0.05)
    assert await clocks.go_to(date(2035, 9, 28)) == ["d-1"]
    assert moves(journey) == [("team_manager", "service_manager", date(2035, 9, 27))]


async def test_a_referral_to_cafcass_runs_beside_the_dispute(journey: Journey) -> None:
    clocks = await disputed(journey, RAISED, "d-1", failure="implement_decision", needed_by=date(2035, 12, 12))
    await journey.record(
        "cafcass_referred",
        RAISED,
        fact_id="ref-1",
        failure="implement_decision",
        about="made up",
        done_so_far="made up",
        raised_with=("team_manager",),
        childs_view="made up",
        asks="made up",
        dispute="d-1",
        by="IRO-1",
    )
    assert "cafcass_reply.ref-1" in await journey.owed()
    assert await clocks.go_to(date(2036, 1, 20)) == ["d-1"] * 5
    assert {"cafcass_reply.ref-1", "resolve_dispute.d-1"} <= await journey.owed()
    assert "consider_cafcass.d-1" not in await journey.owed()
    await journey.record("cafcass_replied", date(2036, 1, 20), referral="ref-1", outcome="advice")
    assert "cafcass_reply.ref-1" not in await journey.owed()
    assert await clocks.runs("d-1")


async def test_a_clock_that_somebody_stopped_is_started_again_and_moves_the_dispute_up(journey: Journey) -> None:
    clocks = await disputed(journey)
    await clocks.go_to(IN_MID_STAGE)
    await clocks.handle("d-1").terminate("an operator's mistake")
    # Nobody says anything to the case; it notices by itself that the clock has not rung.
    await journey.go_to(AFTER)
    assert await clocks.runs("d-1")
    while not moves(journey):
        await asyncio.sleep(0.1)
    assert moves(journey) == MOVED


async def test_a_clock_whose_case_is_gone_ends(journey: Journey) -> None:
    clocks = await disputed(journey)
    await clocks.go_to(IN_MID_STAGE)
    clock = clocks.handle("d-1")
    await journey.handle.terminate("made up")
    await journey.server.jump_to(clock, instant(AFTER))
    assert (await clock.result())["name"] == "d-1"
