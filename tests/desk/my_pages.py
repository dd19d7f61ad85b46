"""Young people's private pages, for the tests: made for a child of a town, read and written to as they are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from client.connection import ServerUnreachable
from register.contacts import change_contact
from register.private_links import PrivateLink, make_link, revoke_link
from register.queries import episode as find_episode
from register.queries import facts
from rules.facts.changes import ChildWrote
from rules.network import Language
from tests.desk.town import Town, days_ago, today

DECISIONS = {
    "You will see your brother every Saturday": "social_worker",
    "You will get help with maths": "school",
    "You will join the football club": "carer",
}
STAFF_WORDS = re.compile(r"overdue|late\b|breach|escalat|statutory|working day|\bstep\b|reg \d|guidance", re.IGNORECASE)


@dataclass(frozen=True)
class Mine:
    """A child's page."""

    town: Town
    episode: str
    link: PrivateLink
    token: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/my-review/{self.token}"

    @property
    def url(self) -> str:
        """Its whole address."""
        return self.town.served.url + self.path

    def read(self) -> str:
        """The page as it stands."""
        answer = httpx.get(self.url)
        assert answer.status_code == 200, answer.text
        return answer.text

    def write(self, words: str, once: str | None = None, url: str | None = None) -> httpx.Response:
        """Send words as its form does."""
        return httpx.post(url or self.url, data={"words": words, "once": once or self.once()}, timeout=60)

    def once(self) -> str:
        """What the form hides."""
        found = re.search(r'name="once" value="([0-9a-f]{32})"', self.read())
        assert found
        return found[1]

    def wrote(self) -> list[ChildWrote]:
        """What arrived."""
        entries = [entry.fact for entry in facts(self.town.register, self.episode)]
        return [fact for fact in entries if isinstance(fact, ChildWrote)]


def link_for(town: Town, episode: str, at: datetime | None = None) -> Mine:
    """A private link of an episode's child."""
    line = find_episode(town.register, episode, today=today())
    assert line
    made = at or datetime.now(UTC)
    return Mine(town, episode, *make_link(town.register, authority=line.authority, child=line.child, by="iro", at=made))


@pytest.fixture
async def mine(town: Town) -> Mine:
    """The page of a child who has just come into care and has an IRO."""
    return link_for(town, await town.child(since=40))


async def reviewed(town: Town) -> str:
    """A child who had a review twelve days ago; what it decided was agreed and went round."""
    episode = await town.child(since=60)
    held = days_ago(12)
    await town.record(
        episode, "review_held", on=held, participation="PN1", chaired_by=town.ref("iro"), late_reason="iro_unavailable"
    )
    for number, (text, owner) in enumerate(DECISIONS.items(), start=1):
        fields = {"decision": f"d-{number}", "text": text, "owner": owner, "due": today() + timedelta(days=14)}
        await town.record(episode, "decision_made", on=held, **fields)
    await town.record(episode, "decision_carried_out", decision="d-1")
    await town.record(episode, "decision_dropped", decision="d-3", reason="The club has closed; secret of the staff")
    return episode


async def circulated(town: Town) -> str:
    episode = await reviewed(town)
    await town.record(episode, "decisions_circulated", review=days_ago(12))
    return episode


def revoke(mine: Mine) -> None:
    """Make a link lead nowhere."""
    whose = {"authority": mine.link.authority, "child": mine.link.child}
    assert revoke_link(mine.town.register, mine.link.id, **whose, by="iro", at=datetime.now(UTC))


def write_in_welsh(mine: Mine) -> None:
    """Have the child written to in Welsh."""
    line = find_episode(mine.town.register, mine.episode, today=today())
    assert line
    change_contact(mine.town.register, f"{line.child}-self", {"language": Language.WELSH}, "test", datetime.now(UTC))


async def unreachable() -> Any:
    raise ServerUnreachable("No Temporal server answers.")


def visible(page: str) -> str:
    """The words of a page, without what is not shown."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
