"""An event that a receiver does not take is tried again, for as long as it should be, and holds up nobody else's."""

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from activities.webhooks import FAILURES_IN_A_ROW, GIVEN_UP_AFTER, WAITS_AFTER_REFUSALS, WebhookActivities
from client.keys import Keys
from client.sealing import Seal, opener
from client.settings import Settings
from post.settings import PostSettings, WebhookSettings
from post.webhook_messages import WebhookState
from register import webhook_sending
from register.publish import publish
from register.webhook_deliveries import Delivery, deliveries, send_again
from register.webhook_sending import Owed
from register.webhooks import Webhook, add_webhook, webhooks
from rules.vocabulary import StepState
from tests.post.webhook_receiver import Reply, Request, WebhookReceiver
from tests.register.samples import MORNING, agenda, opening, publication, step
from workflows.webhook_messages import SentWebhooks

SETTINGS = PostSettings(webhooks=WebhookSettings(networks=(ipaddress.ip_network("127.0.0.0/8"),), patience=3.0))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Room:
    """A register, and the post room's webhooks at an instant that moves when it is told to."""

    register: Engine
    settings: Settings
    seal: Seal
    now: datetime = MORNING
    _revisions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unseal = opener(self.settings.keys_file)
        self.activities = WebhookActivities(self.register, SETTINGS, unseal, clock=lambda: self.now)

    def add(self, receiver: WebhookReceiver) -> Webhook:
        """Tell a receiver from now on."""
        made, _ = add_webhook(
            self.register, authority="822", url=receiver.url, seal=self.seal.close, by="sys-1", at=self.now
        )
        return made

    def happens(self, episode: str = "episode-1", state: StepState = StepState.OPEN) -> None:
        """A step opens, or closes."""
        revision = self._revisions[episode] = self._revisions.get(episode, 0) + 1
        opened = opening(child=f"child-of-{episode}")
        publish(
            self.register,
            publication(agenda(step(state=state)), episode, revision=revision, at=self.now, opened_by=opened),
        )

    async def sends(self, after: timedelta = timedelta(0)) -> SentWebhooks:
        """What can be sent is sent, some time later."""
        self.now += after
        return await self.activities.send_webhooks(self.now)

    def deliveries(self) -> list[Delivery]:
        """What became of the events, the first first."""
        return deliveries(self.register, limit=1000)[::-1]

    def states(self) -> list[WebhookState]:
        return [each.state for each in self.deliveries()]


@pytest.fixture
def room(register: Engine, settings: Settings, keys: Keys) -> Room:
    keys.save(settings.keys_file)
    return Room(register, settings, Seal(keys))


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as server:
        yield server


OWED, DELIVERED, FAILED = WebhookState.OWED, WebhookState.DELIVERED, WebhookState.FAILED


async def test_what_was_taken_is_not_sent_again(room: Room, receiver: WebhookReceiver) -> None:
    room.add(receiver)
    room.happens()
    assert await room.sends() == SentWebhooks(receivers=1, delivered=1, failed=0)
    assert await room.sends(HOUR) == SentWebhooks(receivers=0, delivered=0, failed=0)
    assert len(receiver.requests) == 1 and room.states() == [DELIVERED]


async def test_a_fault_and_then_a_success_is_one_event_under_one_id(room: Room, receiver: WebhookReceiver) -> None:
    receiver.answers = [Reply(500), Reply(502), Reply(200)]
    room.add(receiver)
    room.happens()
    for wait in (0, 14, 1, 29):
        await room.sends(timedelta(seconds=wait))
    assert room.states() == [OWED] and len(receiver.requests) == 2
    assert (await room.sends(timedelta(seconds=1))).delivered == 1
    assert len({each.headers["Webhook-Id"] for each in receiver.requests}) == 1
    [delivered] = room.deliveries()
    assert (delivered.tries, delivered.status, delivered.reason) == (3, 200, None)


async def test_the_wait_that_a_receiver_asks_for_is_given_to_all_its_events(
    room: Room, receiver: WebhookReceiver
) -> None:
    receiver.answers = [Reply(429, {"Retry-After": "600"})]
    room.add(receiver)
    room.happens("episode-1")
    room.happens("episode-2")
    first = await room.sends()
    assert first.again_at == (room.now + 10 * MINUTE,) and len(receiver.requests) == 1
    assert (await room.sends(9 * MINUTE)).receivers == 0
    assert (await room.sends(MINUTE)).delivered == 2


async def test_a_receiver_that_asks_for_a_wait_without_end_is_tried_once_more_before_it_is_given_up(
    room: Room, receiver: WebhookReceiver
) -> None:
    receiver.answers = [Reply(503, {"Retry-After": "99999999"})]
    room.add(receiver)
    room.happens()
    await room.sends()
    assert (await room.sends(GIVEN_UP_AFTER - MINUTE)).receivers == 0
    assert (await room.sends(MINUTE)).delivered == 1


async def test_an_event_that_makes_a_receiver_stumble_holds_up_only_its_own_episode(
    room: Room, receiver: WebhookReceiver
) -> None:
    def stumbles(request: Request) -> Reply:
        told = (request.json["data"]["episode"], request.json["type"])
        return Reply(500 if told == ("episode-1", "step.opened") else 200)

    receiver.otherwise = stumbles
    room.add(receiver)
    room.happens("episode-1")
    room.happens("episode-2")
    room.happens("episode-1", StepState.DONE_IN_TIME)
    room.happens("episode-2", StepState.DONE_IN_TIME)
    came = await room.sends()
    assert (came.delivered, room.states()) == (2, [OWED, DELIVERED, OWED, DELIVERED])
    receiver.otherwise = Reply(200)
    await room.sends(MINUTE)
    told = [(each.json["data"]["episode"], each.json["type"]) for each in receiver.requests]
    assert told[-2:] == [("episode-1", "step.opened"), ("episode-1", "step.closed")]


async def test_a_receiver_that_fails_whatever_it_is_sent_is_left_in_peace(
    room: Room, receiver: WebhookReceiver
) -> None:
    receiver.otherwise = Reply(500)
    room.add(receiver)
    for number in range(20):
        room.happens(f"episode-{number}")
    await room.sends()
    assert len(receiver.requests) == FAILURES_IN_A_ROW
    assert (await room.sends(MINUTE)).receivers == 0


async def test_a_receiver_that_is_down_for_a_day_gets_everything_in_order_once_it_is_back(
    room: Room, receiver: WebhookReceiver
) -> None:
    receiver.stop()
    made = room.add(receiver)
    for number in range(3):
        room.happens(f"episode-{number}")
    hours = 0
    while hours < 24:
        came = await room.sends(HOUR)
        room.happens(f"hour-{hours}")
        hours += 1
        assert (came.delivered, came.failed) == (0, 0)
    [failing] = webhooks(room.register, number=made.id)
    assert failing.failing_since == MORNING + HOUR
    receiver.start()
    assert (await room.sends(HOUR)).delivered == 27
    ids = [each.headers["Webhook-Id"] for each in receiver.requests]
    assert ids == [each.reference for each in room.deliveries()]
    assert [each.failing_since for each in webhooks(room.register)] == [None]


async def test_a_receiver_that_never_comes_back_is_given_up_event_by_event(
    room: Room, receiver: WebhookReceiver
) -> None:
    receiver.stop()
    room.add(receiver)
    for number in range(10):
        room.happens(f"episode-{number}")
    await room.sends()
    await room.sends(GIVEN_UP_AFTER - HOUR)
    assert room.states() == [OWED] * 10
    room.happens("episode-new")
    came = await room.sends(2 * HOUR)
    assert came.failed == 1 and room.states() == [FAILED] * 10 + [OWED]
    assert send_again(room.register, room.now, failed_of=1) == 10
    receiver.start()
    assert (await room.sends()).delivered == 11


async def test_a_slow_receiver_is_not_waited_for_twice(room: Room, receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(after=60)
    room.add(receiver)
    for number in range(5):
        room.happens(f"episode-{number}")
    began = time.monotonic()
    await room.sends()
    assert len(receiver.requests) == 1 and time.monotonic() - began < 12
    assert [each.reason for each in room.deliveries() if each.tries] == [
        "The receiver did not answer within 3 seconds."
    ]


async def test_receivers_are_sent_to_side_by_side(room: Room, receiver: WebhookReceiver) -> None:
    with WebhookReceiver(otherwise=Reply(after=60)) as slow, WebhookReceiver(otherwise=Reply(after=60)) as slower:
        for each in (slow, slower, receiver):
            room.add(each)
        room.happens()
        began = time.monotonic()
        came = await room.sends()
        assert time.monotonic() - began < 12
    assert came.delivered == 1 and len(receiver.requests) == 1


@pytest.mark.parametrize("status", [400, 404, 302])
async def test_what_a_receiver_refuses_is_tried_a_few_times_and_then_failed(
    room: Room, receiver: WebhookReceiver, status: int
) -> None:
    receiver.otherwise = Reply(status, {"Location": "https://elsewhere.example.org/"})
    room.add(receiver)
    room.happens()
    await room.sends()
    for wait in WAITS_AFTER_REFUSALS:
        assert room.states() == [OWED]
        assert (await room.sends(wait - timedelta(seconds=1))).receivers == 0
        await room.sends(timedelta(seconds=1))
    assert room.states() == [FAILED] and len(receiver.requests) == 5
    [failed] = room.deliveries()
    assert failed.status == status and failed.reason and failed.reason.startswith(f"The receiver answered {status}")
    room.happens(state=StepState.DONE_IN_TIME)
    receiver.otherwise = Reply(200)
    assert (await room.sends(HOUR)).delivered == 1  # What comes after it goes on.


async def test_a_receiver_that_is_gone_is_asked_no_more(room: Room, receiver: WebhookReceiver) -> None:
    receiver.otherwise = Reply(410)
    room.add(receiver)
    for number in range(3):
        room.happens(f"episode-{number}")
    assert (await room.sends()).failed == 1
    room.happens("episode-new")
    await room.sends(HOUR)
    assert len(receiver.requests) == 1 and room.states() == [FAILED] * 3


async def test_without_the_keys_nothing_is_sent_and_it_is_told_why(room: Room, receiver: WebhookReceiver) -> None:
    room.add(receiver)
    room.happens()
    room.settings.keys_file.rename(room.settings.keys_file.with_suffix(".lost"))
    await room.sends()
    Keys.new().save(room.settings.keys_file)
    await room.sends(MINUTE)
    assert receiver.requests == []
    assert [(each.tries, "KEYS_FILE" in str(each.reason)) for each in room.deliveries()] == [(2, True)]
    room.settings.keys_file.with_suffix(".lost").replace(room.settings.keys_file)
    assert (await room.sends(HOUR)).delivered == 1


async def test_a_secret_is_opened_after_the_keys_were_rotated(
    room: Room, receiver: WebhookReceiver, keys: Keys
) -> None:
    room.add(receiver)
    keys.rotated().save(room.settings.keys_file)
    room.happens()
    assert (await room.sends()).delivered == 1


async def test_a_worker_that_slept_beyond_its_claim_sends_nothing_more(
    room: Room, receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.add(receiver)
    room.happens()
    read = webhook_sending.next_owed

    def asleep(register: Engine, webhook: int, now: datetime, limit: int) -> list[Owed]:
        room.now += HOUR
        return read(register, webhook, now, limit)

    monkeypatch.setattr(webhook_sending, "next_owed", asleep)
    assert (await room.sends()).delivered == 0 and receiver.requests == []
    monkeypatch.undo()
    assert (await room.sends()).delivered == 1


async def test_many_events_of_many_episodes_arrive_each_once_and_in_order(
    room: Room, receiver: WebhookReceiver
) -> None:
    room.add(receiver)
    for revision in range(6):
        for number in range(25):
            room.happens(f"episode-{number}", StepState.OPEN if revision % 2 == 0 else StepState.DONE_IN_TIME)
    came = await room.sends()
    assert came.delivered == 150
    assert len({each.headers["Webhook-Id"] for each in receiver.requests}) == len(receiver.requests) == 150
    for number in range(25):
        mine = [each.json["data"] for each in receiver.requests if each.json["data"]["episode"] == f"episode-{number}"]
        assert [each["revision"] for each in mine] == [1, 2, 3, 4, 5, 6]
