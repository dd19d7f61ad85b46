"""A notice that reached nobody is told to its episode by the post room, and is chased there until it is delivered."""

from datetime import date
from typing import Any

import pytest

from activities.acts import tell
from register import queries
from rules.acceptance import Refused
from rules.facts import parse_fact
from rules.vocabulary import SYSTEM
from tests.workflows.journey import Journey

FIRST_DAY = date(2035, 6, 5)
STEP = "deliver_notice.undelivered-41"


def undelivered(**fields: str) -> dict[str, Any]:
    said = {"notice": "41", "name": "became_looked_after", "recipient": "health", "about": "opening"}
    return said | {"reason": "nobody of that role is known", "by": SYSTEM} | fields


async def test_the_post_room_tells_an_episode_what_reached_nobody_and_what_did_after_all(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    client, episode = journey.server.client, journey.episode
    found = parse_fact({"kind": "notice_undelivered", "id": "undelivered-41", "on": FIRST_DAY} | undelivered())
    assert await tell(client, episode, found) is None
    assert await tell(client, episode, found) is None
    assert STEP in await journey.owed()
    owed = [each.name for each in queries.owed_notices(journey.register, episode) if each.about == STEP]
    assert owed == ["notice_undelivered"]
    arrived = {"kind": "notice_delivered", "id": "delivered-41", "on": FIRST_DAY, "by": SYSTEM, "notice": "41"}
    assert await tell(client, episode, parse_fact(arrived | {"way": "letter"})) is None
    assert STEP not in await journey.owed()


async def test_nobody_but_the_system_says_that_a_notice_reached_nobody(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    with pytest.raises(Refused) as refused:
        await journey.record("notice_undelivered", FIRST_DAY, **undelivered(by="worker-1"))
    assert "Only the system itself records notice_undelivered" in str(refused.value)
    with pytest.raises(Refused) as refused:
        await journey.record("discussion_held", FIRST_DAY, by=SYSTEM)
    assert "Only the system itself records facts as `system`" in str(refused.value)
