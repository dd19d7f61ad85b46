"""Webhooks with everything real: a case, Temporal, the register, and a receiver that hears of each step once."""

import asyncio
import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from temporalio.client import Client

from client.connection import connect_to
from client.episodes import open_episode
from client.keys import Keys
from client.schedules import PostBell, wake_webhooks
from client.sealing import Seal
from client.server import EmbeddedServer, ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer
from post.settings import PostSettings, WebhookSettings
from post.webhook_messages import WebhookState
from register import migrate, open_register
from register.webhook_deliveries import deliveries
from register.webhooks import add_webhook
from rules.clock import london_date
from rules.facts.care import BecameLookedAfter
from tests.post.webhook_receiver import Reply, WebhookReceiver
from tests.workflows.journey import Journey, instant
from worker import build_worker
from workflows.messages import TASK_QUEUE
from workflows.search_attributes import NAMES_AND_TYPES
from workflows.webhook_messages import WebhookRound

ROOT = Path(__file__).parents[2]
FIRST_DAY = date(2037, 6, 1)  # A Monday.
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, keys_file: Path) -> Settings:
    """Receivers may be on this machine."""
    here = WebhookSettings(networks=(ipaddress.ip_network("127.0.0.0/8"),), patience=5.0)
    post = PostSettings(folder=tmp_path / "post", webhooks=here)
    return Settings.from_environment(tmp_path, {}).model_copy(update={"post": post, "keys_file": keys_file})


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as server:
        yield server


def add(register: Engine, keys: Keys, receiver: WebhookReceiver, authority: str = "810") -> None:
    add_webhook(register, authority=authority, url=receiver.url, seal=Seal(keys).close, by="sys-1", at=NOW)


async def sent(journey: Journey, at: datetime) -> WebhookRound:
    """One round, at an instant."""
    identity = f"webhooks-{journey.episode}-{at.isoformat()}"
    await journey.server.start_at(at, "WebhookRound", id=identity, task_queue=TASK_QUEUE)
    handle = journey.server.client.get_workflow_handle(identity, result_type=WebhookRound)
    came: WebhookRound = await handle.result()
    return came


async def until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not reached():
            await asyncio.sleep(0.05)


async def test_a_receiver_hears_of_each_step_that_opens_slips_and_closes_in_order_and_once(
    journey: Journey, keys: Keys, receiver: WebhookReceiver
) -> None:
    add(journey.register, keys, receiver)
    await journey.begin(FIRST_DAY)
    await sent(journey, instant(FIRST_DAY, 10))
    assert {told for told, _ in receiver.told} == {"step.opened"}
    assert sorted(step for _, step in receiver.told) == sorted(await journey.owed())
    await journey.record("iro_service_notified", FIRST_DAY)
    late = FIRST_DAY + timedelta(days=17)
    await journey.go_to(late)
    await sent(journey, instant(late, 10))
    await sent(journey, instant(late, 10, 30))
    await journey.record("iro_appointed", late, iro="IRO-1")
    await sent(journey, instant(late, 11))

    said = [each.json for each in receiver.requests]
    of_the_iro = [
        (each["type"], each["data"].get("rung"), each["data"]["state"])
        for each in said
        if each["data"]["step"].startswith("appoint_iro")
    ]
    assert of_the_iro == [
        ("step.opened", None, "open"),
        ("step.slipped", "breach", "open"),
        ("step.slipped", "service_manager", "open"),
        ("step.slipped", "assistant_director", "open"),
        ("step.closed", None, "done_late"),
    ]
    notified = [each["type"] for each in said if each["data"]["step"].startswith("notify_iro_service")]
    assert notified == ["step.opened", "step.closed"]
    # Whoever adds up what was told has what is owed; and what slipped, as the case has it.
    owed: set[str] = set()
    for told, step in receiver.told:
        owed = owed - {step} if told == "step.closed" else owed | {step}
    assert owed == await journey.owed()
    slipped = [(each["data"]["step"], each["data"]["rung"]) for each in said if each["type"] == "step.slipped"]
    rungs = [(each.step, each.rung) for each in journey.escalations() if each.rung != "reminder"]
    assert sorted(slipped) == sorted(rungs)
    revisions = [each["data"]["revision"] for each in said]
    assert revisions == sorted(revisions)
    assert len({each.headers["Webhook-Id"] for each in receiver.requests}) == len(said)
    assert {each.state for each in deliveries(journey.register, limit=1000)} == {WebhookState.DELIVERED}
    assert all("TEST-" not in each.body.decode() for each in receiver.requests)


async def test_nothing_of_what_is_told_stands_in_temporal(
    journey: Journey, keys: Keys, receiver: WebhookReceiver
) -> None:
    add(journey.register, keys, receiver)
    await journey.begin(FIRST_DAY)
    at = instant(FIRST_DAY, 10)
    await sent(journey, at)
    identity = f"webhooks-{journey.episode}-{at.isoformat()}"
    history = (await journey.server.client.get_workflow_handle(identity).fetch_history()).to_json()
    assert "127.0.0.1" not in history and "token" not in history and "whsec" not in history


async def test_a_round_waits_for_what_is_put_off_for_a_moment(
    journey: Journey, keys: Keys, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.webhooks.SHORTEST_WAIT", timedelta(seconds=1))
    receiver.answers = [Reply(503), Reply(500)]
    add(journey.register, keys, receiver)
    await journey.begin(FIRST_DAY)
    came = await sent(journey, instant(FIRST_DAY, 10))
    assert came.delivered == len(await journey.owed()) and came.failed == 0
    assert len(receiver.requests) == came.delivered + 2


async def opened(client: Client, keys: Keys, register: Engine, child: str) -> str:
    """A case of today."""
    today = london_date(datetime.now(UTC))
    opening = BecameLookedAfter.model_validate(
        {
            "id": "opening",
            "on": today - timedelta(days=1),
            "by": "case-system",
            "authority": "810",
            "nation": "england",
            "child": child,
            "birth_date": today - timedelta(days=4000),
            "legal_status": "V2",
        }
    )
    return (await open_episode(client, keys, register, opening, today=today)).episode


def has_heard(receiver: WebhookReceiver, episode: str) -> bool:
    return any(each.json["data"]["episode"] == episode for each in receiver.requests)


async def test_an_event_leaves_within_seconds_and_a_dead_receiver_holds_up_no_other(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings, receiver: WebhookReceiver
) -> None:
    bell = PostBell(travel_server.client)
    patient = settings.post.webhooks.model_copy(update={"patience": 60.0})
    settings = settings.model_copy(update={"post": settings.post.model_copy(update={"webhooks": patient})})
    with WebhookReceiver(otherwise=Reply(after=120)) as dead:
        add(register, keys, dead)
        add(register, keys, receiver)
        async with bell.answered(), build_worker(travel_server.client, register, settings, bell=bell):
            for number in range(3):
                episode = await opened(travel_server.client, keys, register, f"TEST-BELL-{number}")
                await until(partial(has_heard, receiver, episode), 10)
            assert dead.requests
            dead.stop()  # So that the worker need not wait for it as it ends.


async def test_without_a_webhook_nobody_is_rung_for(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings, receiver: WebhookReceiver
) -> None:
    rung: list[str] = []

    class Listening(PostBell):
        def ring_for_webhooks(self) -> None:
            rung.append("webhooks")

    bell = Listening(travel_server.client)
    async with build_worker(travel_server.client, register, settings, bell=bell):
        await opened(travel_server.client, keys, register, "TEST-NOBODY")
        assert rung == []
        add(register, keys, receiver)
        await opened(travel_server.client, keys, register, "TEST-SOMEBODY")
        assert rung == ["webhooks"]


# --- A worker that is killed ----------------------------------------------------------------------------------------

LEASE_SECONDS = 1
"""The claim lasts twice as long as a receiver has for an answer: 20 seconds."""


class Workplace:
    """Temporal's server, and a worker in a process of its own that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings.from_environment(folder, {})
        self.keys = Keys.load_or_create(self.settings.keys_file)
        migrate(self.settings.register_url)
        self.register = open_register(self.settings.register_url)
        self._options = ServerOptions(data_dir=folder, port=free_port(), search_attributes=NAMES_AND_TYPES)
        self._worker: subprocess.Popen[bytes] | None = None
        self.client: Client

    def start_worker(self) -> None:
        environment = os.environ | {
            "TEMPORAL_ADDRESS": f"127.0.0.1:{self._options.port}",
            "DATA_DIR": str(self.settings.data_dir),
            "POST_LEASE": str(LEASE_SECONDS),
            "WEBHOOK_NETWORKS": "127.0.0.0/8",
        }
        log = (self.settings.data_dir / "worker.log").open("ab")
        words = [sys.executable, str(ROOT / "worker.py")]
        self._worker = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=log, stderr=log)

    def kill_worker(self) -> None:
        assert self._worker is not None
        self._worker.send_signal(signal.SIGKILL)
        self._worker.wait(10)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        async with EmbeddedServer(self._options) as server:
            self.client = await connect_to(server.address, self.keys)
            try:
                yield
            finally:
                if self._worker is not None and self._worker.poll() is None:
                    self.kill_worker()
                self.register.dispose()


async def test_a_worker_killed_between_sending_and_noting_sends_the_same_event_again_and_no_other(
    tmp_path: Path, receiver: WebhookReceiver
) -> None:
    place = Workplace(tmp_path)
    add(place.register, place.keys, receiver)
    receiver.otherwise = Reply(after=5)
    async with place.at_work():
        place.start_worker()
        await opened(place.client, place.keys, place.register, "TEST-KILLED")
        await until(lambda: bool(receiver.requests))
        place.kill_worker()  # The receiver has the event, and has not said so yet.
        assert {each.state for each in deliveries(place.register, limit=100)} == {WebhookState.OWED}
        receiver.otherwise = Reply(200)
        place.start_worker()

        def all_sent() -> bool:
            return {each.state for each in deliveries(place.register, limit=100)} == {WebhookState.DELIVERED}

        async with asyncio.timeout(90):
            while not all_sent():
                await wake_webhooks(place.client)
                await asyncio.sleep(2)
    ids = [each.headers["Webhook-Id"] for each in receiver.requests]
    assert ids[0] == ids[1] and len(set(ids)) == len(ids) - 1
    assert len(set(ids)) == len(deliveries(place.register, limit=100))
