"""What a young person writes on their own page reaches the case, once; and until it does, they keep it."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext

from desk.serving import serving_desk
from register import RegisterUnavailable
from register.audit import Door, Outcome
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible
from tests.desk.my_pages import (
    Mine,
    link_for,
    mine,
    revoke,
    unreachable,
    write_in_welsh,
)
from tests.desk.town import Served, Town, days_ago, today

__all__ = ["mine"]


def down(*_: object) -> None:
    raise RegisterUnavailable("The register cannot be used.")


SCRIPT = "<script>document.title = 'stolen'</script><img src=x onerror=\"document.title='stolen'\">{{ 7 * 7 }}"


async def test_what_a_child_writes_reaches_the_case_and_is_shown_back_with_its_day(
    town: Town, mine: Mine, window: BrowserContext, pictures: Path | None
) -> None:
    page = await window.new_page()
    await page.goto(mine.path)
    await page.get_by_label("Write it here").fill("I like my school.\n\nI miss my dog.")
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.get_by_role("alert").get_by_text("Thank you.").is_visible()
    assert await page.get_by_label("Write it here").input_value() == ""
    await require_accessible(page)
    await picture(page, pictures, "my-review-sent")
    day = today()
    shown = await page.get_by_role("main").inner_text()
    assert f"On {day:%A} {day.day} {day:%B %Y}" in shown and "I like my school.\n\nI miss my dog." in shown
    (fact,) = mine.wrote()
    assert (fact.text, fact.on, fact.by) == ("I like my school.\n\nI miss my dog.", day, mine.link.name)
    assert await window.cookies() == []


async def test_nothing_and_too_much_are_told_beside_the_field_and_kept(
    mine: Mine, window: BrowserContext, pictures: Path | None
) -> None:
    page = await window.new_page()
    await page.goto(mine.path)
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.title() == "Error: My review"
    assert await page.get_by_role("alert").get_by_text("Write something before you send it").is_visible()
    assert await page.locator("#words-error").is_visible()
    await require_accessible(page)
    await page.get_by_label("Write it here").fill("x" * 2001)
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.get_by_role("alert").get_by_text("too long").is_visible()
    assert len(await page.get_by_label("Write it here").input_value()) == 2001
    await require_accessible(page)
    await picture(page, pictures, "my-review-too-long")
    assert mine.wrote() == []


async def test_two_thousand_letters_are_taken_whatever_ends_their_lines(mine: Mine) -> None:
    words = "\r\n".join(["é" * 99] * 20)
    assert mine.write(words).status_code == 303
    assert mine.wrote()[0].text == words.replace("\r\n", "\n")


async def test_characters_that_nobody_types_do_no_harm(mine: Mine) -> None:
    assert mine.write("a\x00b\x07\tc \U0001f600 \u202e").status_code == 303
    assert mine.wrote()[0].text == "ab\tc \U0001f600 \u202e"


async def test_the_same_form_sent_twice_at_once_is_recorded_once(mine: Mine) -> None:
    once = mine.once()
    answers = await asyncio.gather(*(asyncio.to_thread(mine.write, "Hello", once) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(mine.wrote()) == 1


async def test_other_words_from_the_same_form_are_not_lost(mine: Mine) -> None:
    once = mine.once()
    for words in ("First", "Second, after going back", "First"):
        assert mine.write(words, once).status_code == 303
    assert sorted(fact.text for fact in mine.wrote()) == ["First", "Second, after going back"]


@pytest.mark.parametrize("once", ["", "opening", "wrote-1", "x" * 500, "../..", "'; --"])
async def test_what_the_form_hides_cannot_be_made_to_stand_for_something_else(mine: Mine, once: str) -> None:
    answer = httpx.post(mine.url, data={"words": "Hello", "once": once}, timeout=60)
    assert answer.status_code == 303
    assert re.fullmatch(r"wrote-[0-9a-f]{32}", mine.wrote()[0].id)


async def test_a_form_without_its_fields_or_with_a_file_is_told_kindly(mine: Mine) -> None:
    assert httpx.post(mine.url).status_code == 422
    assert httpx.post(mine.url, files={"words": ("a.txt", b"hello")}).status_code == 422


async def test_what_is_too_much_to_be_read_is_told_in_their_language_and_nobody_learns_the_address(
    mine: Mine, monkeypatch: pytest.MonkeyPatch
) -> None:
    much = b"words=" + b"x" * 300_000
    for body in (much, iter([b"words=without+saying+how+much"])):
        answer = httpx.post(mine.url, content=body)
        assert answer.status_code == 413 and "far too much to send in one go" in answer.text
        assert "Your words are still here" not in answer.text and "<textarea" not in answer.text
        assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    write_in_welsh(mine)
    assert "llawer rhy hir" in httpx.post(mine.url, content=much).text
    with monkeypatch.context() as broken:
        broken.setattr("desk.pages.young_person.find_link", down)
        assert "far too much" in httpx.post(mine.url, content=much).text
    revoke(mine)
    assert httpx.post(mine.url, content=much).status_code == 404
    assert mine.wrote() == []


async def test_script_in_what_people_write_is_only_words(town: Town, window: BrowserContext) -> None:
    episode = await town.child(since=30)
    await town.record(episode, "review_held", on=days_ago(12), participation="PN1", chaired_by=town.ref("iro"))
    fields = {"decision": "d-1", "text": SCRIPT, "owner": "carer", "due": today() + timedelta(days=9)}
    await town.record(episode, "decision_made", on=days_ago(12), **fields)
    await town.record(episode, "decisions_circulated", review=days_ago(12))
    await town.record(episode, "review_arranged", planned_for=today() + timedelta(days=9), place=SCRIPT)
    mine = link_for(town, episode)
    page = await window.new_page()
    await page.goto(mine.path)
    await page.get_by_label("Write it here").fill(f"</textarea>{SCRIPT}")
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.get_by_text("Thank you.").is_visible()
    assert await page.title() == "My review"
    assert await page.get_by_text(SCRIPT, exact=False).count() == 3
    assert await page.locator("script:not([src]), main img").count() == 0
    too_long = mine.write(f"</textarea>{SCRIPT}" + "x" * 2000)
    assert (
        too_long.status_code == 422 and "</textarea>&" not in too_long.text and "<script>document" not in too_long.text
    )


# --- When something is down ------------------------------------------------------------------------------------------


@pytest.fixture
def without_server(served: Served) -> Iterator[str]:
    """A desk that cannot reach the workflow server."""
    with serving_desk(replace(served.desk, dial=unreachable, _client=None), 0) as url:
        yield url


async def test_the_workflow_server_down_the_page_is_read_and_what_they_wrote_is_kept_and_sent_again(
    served: Served, mine: Mine, without_server: str, window: BrowserContext, pictures: Path | None
) -> None:
    page = await window.new_page()
    await page.goto(without_server + mine.path)
    await page.get_by_label("Write it here").fill("It took me long\nto write this.")
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Sorry, this is not sent yet"
    assert await page.get_by_label("Your words").input_value() == "It took me long\nto write this."
    await require_accessible(page)
    await picture(page, pictures, "my-review-not-sent")
    await page.get_by_role("button", name="Send it again").click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Sorry, this is not sent yet"
    once = await page.locator("[name=once]").input_value()
    assert mine.wrote() == []
    for _ in range(2):
        assert mine.write("It took me long\r\nto write this.", once).status_code == 303
    assert [fact.text for fact in mine.wrote()] == ["It took me long\nto write this."]
    log = [each for each in audited(mine.town.register, episode=mine.episode) if each.what == "child_wrote"]
    assert [each.outcome for each in log] == [Outcome.DONE, Outcome.DONE, Outcome.FAILED, Outcome.FAILED]
    assert {(each.way, each.who) for each in log} == {(Door.LINK, mine.link.name)}


async def test_the_register_down_what_they_wrote_is_shown_back(
    served: Served, mine: Mine, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = mine.once()
    with monkeypatch.context() as broken:
        broken.setattr("desk.pages.young_person.find_link", down)
        assert httpx.get(mine.url).status_code == 503
        answer = mine.write("Do not lose me", once)
    assert answer.status_code == 503 and "Do not lose me" in answer.text and once in answer.text
    assert "not your fault" in answer.text


async def test_a_link_that_is_revoked_while_somebody_writes_gives_them_their_words(mine: Mine) -> None:
    once = mine.once()
    revoke(mine)
    answer = mine.write("Do not lose me", once)
    assert answer.status_code == 404 and "Do not lose me" in answer.text and "This link does not work" in answer.text
    assert mine.wrote() == []


async def test_whoever_writes_very_much_is_asked_to_wait_and_keeps_their_words(served: Served, mine: Mine) -> None:
    with serving_desk(replace(served.desk, dial=unreachable, _client=None), 0) as url:
        once = mine.once()
        for _ in range(20):
            assert mine.write("Hello", once, url + mine.path).status_code == 503
        answer = mine.write("Do not lose me", once, url + mine.path)
        assert answer.status_code == 429 and "Do not lose me" in answer.text and answer.headers["retry-after"]
        assert httpx.get(url + mine.path).status_code == 200
