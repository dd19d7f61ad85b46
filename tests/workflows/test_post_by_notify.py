"""The post room by GOV.UK Notify: once, also where its answer was lost; busy, broken, and what became of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from client.happenings import Kind
from client.settings import Settings
from client.timeline import timeline
from post.settings import NotifySettings, Out, PostSettings
from register import post_queries
from rules.network import DispatchState, Way
from tests.post.mail_server import MailServer
from tests.post.notify_stand_in import NotifyStandIn
from tests.workflows.journey import Journey, instant
from tests.workflows.test_post import FIRST_DAY, PostRoom


@pytest.fixture
def notify() -> Iterator[NotifyStandIn]:
    with NotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def settings(tmp_path: Path, notify: NotifyStandIn) -> Settings:
    account = NotifySettings(
        key=SecretStr(notify.key),
        url=notify.url,
        email_template=notify.email_template,
        text_template=notify.text_template,
    )
    sent = PostSettings(outs=dict.fromkeys(Way, Out.NOTIFY), folder=tmp_path / "post", notify=account, patience=2)
    return Settings.from_environment(tmp_path, {}).model_copy(update={"post": sent})


@pytest.fixture
async def room(journey: Journey, settings: Settings) -> PostRoom:
    room = PostRoom(journey, MailServer(), settings.post.folder)
    await room.begin()
    await journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    return room


def references(notify: NotifyStandIn) -> list[str]:
    """What it was asked to send."""
    return [str(each["reference"]) for each in notify.notifications]


async def test_letters_emails_and_texts_go_once_and_what_became_of_them_is_taken_in(
    room: PostRoom, notify: NotifyStandIn
) -> None:
    await room.round(instant(FIRST_DAY, 10))
    assert {each["type"] for each in notify.notifications} == {"letter", "email", "sms"}
    everything = post_queries.dispatches(room.register)
    assert sorted(references(notify)) == sorted(each.reference for each in everything)
    assert {each.state for each in everything} == {DispatchState.SENT}
    for each in notify.notifications:
        notify.move(each["id"], "permanent-failure" if each["type"] == "sms" else "delivered")
    await room.round(instant(FIRST_DAY, 12))
    states = {
        (each.way, each.state)
        for each in post_queries.dispatches(room.register)
        if each.reference in references(notify)
    }
    assert (Way.LETTER, DispatchState.DELIVERED) in states
    assert (Way.TEXT, DispatchState.FAILED) in states
    owed = [room.journey.step(key) for key in await room.journey.owed() if key.startswith("deliver_notice")]
    assert sum("carer" in step.title for step in owed) == 2
    told = await timeline(room.journey.server.client, room.register, room.journey.episode)
    assert {Kind.DELIVERED, Kind.FAILED} <= {each.kind for each in told.happenings}
    assert "07700" not in told.model_dump_json()


async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(
    room: PostRoom, notify: NotifyStandIn
) -> None:
    notify.take_next_unheard()
    lost = await room.round(instant(FIRST_DAY, 10))
    assert lost.blocked
    await room.round(instant(FIRST_DAY, 12))
    assert len(references(notify)) == len(set(references(notify)))
    assert room.states() == {DispatchState.SENT}
    assert sorted(references(notify)) == sorted(each.reference for each in post_queries.dispatches(room.register))


async def test_busy_and_broken_it_is_asked_again_later_and_nothing_is_lost(
    room: PostRoom, notify: NotifyStandIn
) -> None:
    notify.refuse_next(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
    notify.refuse_next(500, "Exception", "Internal server error")
    notify.hang_next()
    for hour in (10, 11, 12, 13, 14, 15):
        await room.round(instant(FIRST_DAY, hour))
    assert room.states() == {DispatchState.SENT}
    assert len(references(notify)) == len(set(references(notify))) == len(post_queries.dispatches(room.register))
