"""Private links that lead nowhere, and what goes with every answer to one."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext

from desk.serving import serving_desk
from desk.viewer import DeskRole
from register.audit import Door, Outcome
from register.private_links import LASTS, find_link
from register.queries import episode as find_episode
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.my_pages import Mine, circulated, link_for, mine, revoke, visible
from tests.desk.town import Served, Town, today

__all__ = ["mine"]


async def test_revoked_expired_tampered_and_unknown_links_are_told_in_the_very_same_words(
    town: Town, served: Served, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    revoked, good = link_for(town, episode), link_for(town, episode)
    revoke(revoked)
    expired = link_for(town, episode, datetime.now(UTC) - LASTS)
    with serving_desk(replace(served.desk), 0) as url:
        wrong = [
            revoked.token,
            expired.token,
            good.token[:-1],
            good.token + "x",
            good.token[::-1],
            "x",
            "%00",
            "x" * 3000,
        ]
        answers = [httpx.get(f"{url}/my-review/{token}") for token in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "Ask your IRO or your social worker for" in " ".join(visible(answers[0].text).split())
    log = audited(town.register, limit=len(wrong))
    assert {(each.what, each.way, each.outcome) for each in log} == {("my_review", Door.LINK, Outcome.DENIED)}
    assert {each.who for each in log} == {"nobody", revoked.link.name, expired.link.name}
    page = await window.new_page()
    await page.goto(revoked.path)
    await require_accessible(page)
    await page.set_viewport_size({"width": 360, "height": 740})
    await require_whole(page)
    await picture(page, pictures, "my-review-no-link")


async def test_guessing_is_slowed_down_and_reading_is_not(served: Served, mine: Mine) -> None:
    with serving_desk(replace(served.desk), 0) as url:
        for _ in range(30):
            assert httpx.get(url + mine.path).status_code == 200
        for number in range(20):
            assert httpx.get(f"{url}/my-review/guess-{number}").status_code == 404
        refused = httpx.get(f"{url}/my-review/guess-21")
        assert refused.status_code == 429 and refused.headers["retry-after"]
        assert httpx.get(url + mine.path).status_code == 429
        kept = mine.write("Do not lose me", "0" * 32, url + mine.path)
        assert kept.status_code == 429 and "Do not lose me" in kept.text
    assert mine.wrote() == []


@pytest.mark.parametrize("reason", ["E4A", "E2"])
async def test_when_care_has_ended_or_the_child_has_died_nothing_is_shown(town: Town, reason: str) -> None:
    episode = await circulated(town)
    mine = link_for(town, episode)
    assert "brother" in mine.read()
    await town.record(episode, "care_ended", reason=reason)
    answer = httpx.get(mine.url)
    assert answer.status_code == 404 and "brother" not in answer.text and "Example" not in answer.text


async def test_a_link_is_of_one_period_of_care_and_of_no_later_one(town: Town) -> None:
    episode = await town.child()
    line = find_episode(town.register, episode, today=today())
    assert line
    before = link_for(town, episode, line.opened_at - timedelta(seconds=1))
    assert httpx.get(before.url).status_code == 404
    assert httpx.get(link_for(town, episode).url).status_code == 200


# --- What goes with every answer -------------------------------------------------------------------------------------


async def test_the_address_is_told_to_nobody_and_nothing_is_kept(served: Served, mine: Mine) -> None:
    revoked = link_for(mine.town, mine.episode)
    revoke(revoked)
    sent = mine.write("Hello")
    for answer in (httpx.get(mine.url), mine.write(" "), sent, httpx.get(revoked.url)):
        headers = answer.headers
        assert headers["referrer-policy"] == "no-referrer", answer.url
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
        assert "script-src 'self'" in headers["content-security-policy"]
    assert sent.headers["location"] == f"{mine.path}?sent=yes"
    outside = re.findall(r'(?:href|src|action)="(https?://[^"]+)"', httpx.get(mine.url).text)
    assert outside == []


async def test_opening_and_writing_are_in_the_audit_log_without_words_or_address(mine: Mine) -> None:
    mine.write("Secret words of a child", mine.once())
    log = audited(mine.town.register, episode=mine.episode)
    done, seen = log[0], log[1]
    assert (done.what, done.outcome, done.way, done.who) == ("child_wrote", Outcome.DONE, Door.LINK, mine.link.name)
    assert (seen.what, seen.outcome, seen.way, seen.who) == ("my_review", Outcome.SEEN, Door.LINK, mine.link.name)
    assert done.detail == mine.wrote()[0].id
    assert all(mine.token not in str(each) and "Secret" not in str(each) for each in audited(mine.town.register))
    found = find_link(mine.town.register, mine.token)
    assert found and found.used_at


async def test_nobody_needs_to_be_signed_in_and_being_so_changes_nothing(town: Town, mine: Mine) -> None:
    answer = town.visitor(DeskRole.IRO_MANAGER).get(mine.path)
    assert answer.status_code == 200
    assert "Sign out" not in answer.text and "/tasks" not in answer.text
