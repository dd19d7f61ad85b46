"""A young person's own page, behind a private link: what it shows, in which words, and what it never shows."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext, Route

from desk.helplines import ADVOCACY, CHILDLINE
from desk.serving import serving_desk
from desk.templating import environment
from desk.viewer import DeskRole
from register.contacts import suppress
from register.directory import change_person
from register.publish import publish
from register.queries import episode as find_episode
from rules.directory import PersonChanges
from rules.facts import Entry
from rules.network import Suppression
from rules.policy import Policy
from rules.post_policy import PostPolicy, Service
from rules.vocabulary import Nation
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.my_pages import (
    DECISIONS,
    STAFF_WORDS,
    Mine,
    circulated,
    link_for,
    mine,
    reviewed,
    visible,
    write_in_welsh,
)
from tests.desk.town import Served, Town, days_ago, today
from tests.register.samples import MORNING, agenda, opening, publication, step

__all__ = ["mine"]

PICTURE = "https://pictures.example.org/iro.png"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763688f7a0e0002bd0190de4c32ff"
    "0000000049454e44ae426082"
)


async def test_a_child_reads_who_their_iro_is_and_how_to_reach_them(
    town: Town, mine: Mine, window: BrowserContext, pictures: Path | None
) -> None:
    change_person(
        town.register,
        town.ref("iro"),
        PersonChanges(phone="0113 496 0000", picture=PICTURE),
        "test",
        datetime.now(UTC),
    )
    seen: list[dict[str, str]] = []

    async def give(route: Route) -> None:
        seen.append(route.request.headers)
        await route.fulfill(body=PIXEL, content_type="image/png")

    await window.route(PICTURE, give)
    page = await window.new_page()
    await page.goto(mine.path)
    said = await page.get_by_role("main").inner_text()
    assert f"Example IRO {town.code} is your IRO" in said.replace("Iro", "IRO")
    assert "0113 496 0000" in said and f"{town.ref('iro')}@example.org" in said
    shown = page.get_by_role("img", name=re.compile("A picture of Example"))
    assert await shown.evaluate("image => image.naturalWidth") == 1, "the policy let no picture through"
    assert "referer" not in seen[0]
    await require_accessible(page)
    await picture(page, pictures, "my-review-iro")


@pytest.mark.parametrize(
    "address",
    [
        "https://pictures.example.org;script-src/x.png",
        "https://pictures.example.org,https://evil.example.org/x.png",
        "https://*/x.png",
        "https://user@pictures.example.org/x.png",
    ],
)
async def test_the_address_of_a_picture_cannot_change_the_content_security_policy(
    town: Town, mine: Mine, address: str
) -> None:
    change_person(town.register, town.ref("iro"), PersonChanges(picture=address), "test", datetime.now(UTC))
    answer = httpx.get(mine.url)
    assert answer.status_code == 200 and "<img" not in answer.text
    assert "example.org" not in answer.headers["content-security-policy"]


async def test_a_child_without_an_iro_and_one_whose_iro_is_covered_are_told_so(town: Town) -> None:
    alone = link_for(town, await town.child(iro=None))
    assert "You do not have an IRO just now" in alone.read()
    town.person(DeskRole.IRO, "cover")
    covered = link_for(town, await town.child())
    await town.record(covered.episode, "iro_cover_arranged", cover=town.ref("cover"), until=today() + timedelta(days=9))
    assert "Just now Example" in covered.read()


def test_an_iro_whom_the_directory_does_not_know_is_asked_for_elsewhere(town: Town) -> None:
    entry = Entry(fact=opening(town.code, child="taken-on"), at=MORNING)
    publish(
        town.register,
        publication(
            agenda(step(), iro="from-elsewhere"),
            episode=f"episode-{town.code}",
            entries=(entry,),
            opened_by=opening(town.code, child="taken-on"),
        ),
    )
    said = link_for(town, f"episode-{town.code}").read()
    assert "Ask your social worker who it is" in said and "from-elsewhere" not in said


async def test_the_day_time_and_place_of_the_review_are_told_when_they_are_known(town: Town, mine: Mine) -> None:
    day = today() + timedelta(days=3)
    assert "We do not know the day yet" in mine.read()
    await town.record(mine.episode, "review_arranged", planned_for=day, at="15:30", place="Made-up House")
    said = mine.read()
    assert f"{day:%A} {day.day} {day:%B %Y} at 3:30pm" in said and "It is here: Made-up House" in said


async def test_before_a_day_is_arranged_the_last_day_is_told_and_when_that_is_past_nothing_of_it(town: Town) -> None:
    new = link_for(town, await town.child(since=2)).read()
    assert re.search(r"It will be on <strong>\w+day \d+ \w+ \d{4}</strong> or before", new)
    long_ago = link_for(town, await town.child(since=80)).read()
    assert "We do not know the day yet. You can ask" in long_ago
    assert not STAFF_WORDS.search(visible(long_ago))


async def test_a_review_that_was_adjourned_says_when_it_goes_on(town: Town, mine: Mine) -> None:
    await town.record(mine.episode, "review_opened", on=today())
    again = today() + timedelta(days=7)
    await town.record(
        mine.episode, "review_adjourned", reason="For this test", reconvene_on=again, child_wishes_sought=True
    )
    assert f"It goes on on <strong>{again:%A} {again.day} {again:%B}" in mine.read()


async def test_what_was_decided_and_whether_it_was_done(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    page = await window.new_page()
    await page.goto(link_for(town, await circulated(town)).path)
    said = [await each.inner_text() for each in await page.locator(".desk-decided > li").all()]
    assert len(said) == 3
    assert "brother" in said[0] and "Who: your social worker" in said[0] and "Done" in said[0]
    due = today() + timedelta(days=14)
    assert f"Who: your school, by {due:%A} {due.day} {due:%B %Y}" in said[1] and "Not done yet" in said[1]
    assert "Not going to happen now" in said[2] and "secret of the staff" not in await page.content()
    await require_accessible(page)
    await picture(page, pictures, "my-review-decided")
    assert not STAFF_WORDS.search(await page.get_by_role("main").inner_text())


async def test_a_decision_that_is_not_done_in_time_is_said_without_its_day(town: Town) -> None:
    episode = await town.child(since=60)
    await town.record(episode, "review_held", on=days_ago(40), participation="PN1", chaired_by=town.ref("iro"))
    fields = {"decision": "d-1", "text": "A made-up thing", "owner": "carer", "due": days_ago(10)}
    await town.record(episode, "decision_made", on=days_ago(40), **fields)
    await town.record(episode, "decisions_circulated", review=days_ago(40))
    said = link_for(town, episode).read()
    assert "A made-up thing" in said and "Not done yet" in said
    assert "Who: your carer\n" in said
    assert not STAFF_WORDS.search(visible(said))


async def test_what_was_decided_is_told_once_it_was_sent_round_or_given_to_the_child(town: Town) -> None:
    episode = await reviewed(town)
    page = link_for(town, episode)
    assert "brother" not in page.read() and "It is not here yet" in page.read()
    await town.record(episode, "record_completed", review=days_ago(12))
    await town.record(episode, "record_distributed", review=days_ago(12), recipient="child")
    assert "brother" in page.read()


async def test_what_an_earlier_review_decided_is_told_only_once_it_was_sent_round_too(town: Town) -> None:
    episode = await reviewed(town)
    late = {"participation": "PN1", "chaired_by": town.ref("iro")}
    await town.record(episode, "review_held", on=days_ago(2), **late)
    page = link_for(town, episode)
    assert "brother" not in page.read() and "review before that" not in page.read()
    await town.record(episode, "decisions_circulated", review=days_ago(12))
    said = page.read()
    assert "brother" in said.partition("review before that")[2] and "It is not here yet" in said


async def test_what_is_kept_from_the_child_is_not_on_their_page_either(town: Town) -> None:
    episode = await circulated(town)
    page = link_for(town, episode)
    line = find_episode(town.register, episode, today=today())
    assert line
    day = today() + timedelta(days=20)
    await town.record(episode, "review_arranged", planned_for=day, place="Made-up House")
    assert "Made-up House" in page.read() and "brother" in page.read()
    kept = Suppression(contact=f"{line.child}-self", notice="review_arranged", reason="For this test")
    suppress(town.register, kept, "test", datetime.now(UTC))
    assert "Made-up House" not in page.read() and f"{day:%B %Y}" not in visible(page.read()).partition("decided?")[0]
    suppress(town.register, kept.model_copy(update={"notice": None}), "test", datetime.now(UTC))
    assert "brother" not in page.read()


async def test_a_record_that_is_withheld_from_the_child_keeps_its_decisions(town: Town) -> None:
    episode = await circulated(town)
    await town.record(episode, "record_withheld", review=days_ago(12), recipient="child", reason="For this test")
    assert "brother" not in link_for(town, episode).read()


async def test_nothing_of_other_people_is_on_the_page(town: Town) -> None:
    episode = await circulated(town)
    await town.record(episode, "views_gathered", source="parents", given=False, reason="Words of somebody else")
    line = find_episode(town.register, episode, today=today())
    assert line
    said = link_for(town, episode).read()
    for never in ("Words of somebody else", line.child, episode, "social-worker", "team-manager", "iro_unavailable"):
        assert never not in said


async def test_the_authoritys_own_services_are_named_where_its_policy_names_them(served: Served, mine: Mine) -> None:
    post = PostPolicy(
        advocate=Service(name="Made-up Advocates", phone="0113 496 0001", website="https://advocates.example.org"),
        complaints=Service(name="Made-up Complaints", email="complaints@example.org"),
    )
    with serving_desk(replace(served.desk, policy=Policy(post=post)), 0) as url:
        said = httpx.get(url + mine.path).text
    assert all(each in said for each in ("Made-up Advocates", "0113 496 0001", "advocates.example.org"))
    assert "Made-up Complaints" in said and "complaints@example.org" in said
    assert ADVOCACY[Nation.ENGLAND].phone in said and CHILDLINE.phone in said
    assert ADVOCACY[Nation.WALES].phone not in said


# --- How it is told --------------------------------------------------------------------------------------------------


async def test_the_page_is_whole_on_a_telephone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    mine = link_for(town, await circulated(town))
    await town.record(mine.episode, "review_arranged", planned_for=today() + timedelta(days=9), place="x" * 180)
    page = await window_without_script.new_page()
    await page.goto(mine.path)
    await require_whole(page)
    await page.get_by_label("Write it here").fill("I would like\nto see my sister. " + "w" * 150)
    await page.get_by_role("button", name=re.compile("Send it to")).click()
    assert await page.get_by_text("Thank you.").is_visible()
    assert "to see my sister" in await page.get_by_role("main").inner_text()
    await require_whole(page)
    await picture(page, pictures, "my-review-phone")


async def test_a_child_who_is_written_to_in_welsh_reads_welsh(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await circulated(town)
    mine = link_for(town, episode)
    write_in_welsh(mine)
    page = await window.new_page()
    await page.goto(mine.path)
    assert await page.locator("html").get_attribute("lang") == "cy"
    assert await page.title() == "Fy adolygiad"
    said = await page.get_by_role("main").inner_text()
    assert "Wedi'i wneud" in said and " ddydd " in said
    for text in DECISIONS:
        said = said.replace(text, "")
    assert not re.search(r"\b(your|you|the|review|Monday|Sunday|write)\b", said, re.IGNORECASE), said
    await require_accessible(page)
    await picture(page, pictures, "my-review-welsh")
    await page.get_by_role("button", name=re.compile("Anfon at")).click()
    assert (await page.title()).startswith("Gwall: ")
    assert await page.get_by_role("alert").get_by_text("Ysgrifenna rywbeth").is_visible()
    await page.get_by_label("Ysgrifenna yma").fill("Helo")
    await page.get_by_role("button", name=re.compile("Anfon at")).click()
    assert await page.get_by_text("Diolch.").is_visible()


def test_both_languages_say_everything() -> None:
    words = {name: environment().get_template(f"young_person/words_{name}.html") for name in ("en", "cy")}
    said = {
        name: {each for each in dir(template.module) if not each.startswith("_")} for name, template in words.items()
    }
    assert said["en"] == said["cy"]


async def test_it_is_in_words_that_a_child_of_nine_can_read(town: Town) -> None:
    said = visible(link_for(town, await circulated(town)).read()).partition("My review")[2]
    sentences = [each.split() for each in re.split(r"[.?!:]\s", said) if len(each.split()) > 2]
    words = [word for sentence in sentences for word in sentence]
    assert len(words) / len(sentences) < 12
    assert max(map(len, sentences)) <= 30
    long = [word for word in words if len(word.strip(".,")) > 11]
    assert set(long) <= {"independent", "something"} or len(long) / len(words) < 0.02, long
