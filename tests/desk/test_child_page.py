"""A child's page: what is owed, who is who, reviews, changes, what was sent, and all that happened."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from client.connection import ServerUnreachable
from desk.parts import Desk
from desk.serving import serving_desk
from desk.viewer import DeskRole
from register.audit import Outcome
from register.contacts import suppress
from register.directory import add_person
from rules.directory import IroTerms, Person
from rules.network import Suppression
from rules.vocabulary import Role
from tests.audit_log import audited
from tests.desk.ledgers import Ledger, contact, days_ago, posted
from tests.desk.lives import TABS, begun, lived, tab, words
from tests.desk.reading import Reader
from tests.desk.town import Served, Town, Visitor

# --- Who may look -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TABS)
def test_another_iros_child_looks_like_none_at_all_and_each_try_is_noted(town: Town, path: str) -> None:
    town.person(DeskRole.IRO, "other-iro")
    episode = begun(town).publish(town.register)
    theirs, stranger = town.visitor(DeskRole.IRO), town.visitor(DeskRole.IRO, "other-iro")
    assert theirs.get(f"/children/{episode}{path}").status_code == 200
    refused = stranger.get(f"/children/{episode}{path}")
    assert refused.status_code == 404
    assert refused.text == stranger.get(f"/children/no-such{path}").text
    assert [entry.outcome for entry in audited(town.register, episode=episode)] == [Outcome.DENIED, Outcome.SEEN]
    assert town.visitor(DeskRole.OPERATOR).get(f"/children/{episode}{path}").status_code == 403


# --- The overview -------------------------------------------------------------------------------------------------


async def test_an_iro_sees_on_one_screen_what_is_owed_and_who_is_who(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child("seen", since=20)
    reader = await Reader.signed_in(town.visitor(DeskRole.IRO), window, window_without_script, pictures)
    page = await reader.read(f"/children/{episode}", "child-overview")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(f"Example Child {town.ref('seen')}")
    owed = page.locator("ul.desk-tasks").first
    await expect(owed).to_contain_text("IRO speaks with the child in private")
    await expect(owed).not_to_contain_text("Social worker's report")
    await expect(page.get_by_text("What others owe")).to_be_visible()
    who = page.locator(".desk-who")
    await expect(who).to_contain_text(f"iro-{town.code}@example.org")
    await expect(who).to_contain_text("Team manager")
    await page.get_by_role("link", name="Record the talk with the child").click()
    assert f"/children/{episode}/record/child_consulted" in page.url


async def test_every_page_about_a_child_reads_well(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    ledger = lived(town)
    episode = ledger.publish(town.register, name="Example Child Amber")
    posted(town.register, ledger)
    contact(town.register, ledger, Role.CARER, "Example Carer", address=("1 Made-up Street", "Leeds", "LS1 1AA"))
    contact(town.register, ledger, Role.PARENTS, "Example Parent", email="parent@example.org", barred=True)
    reader = await Reader.signed_in(town.visitor(DeskRole.IRO), window, window_without_script, pictures)
    titles = set()
    for path in TABS:
        page = await reader.read(
            f"/children/{episode}{path}", f"child{path.replace('/', '-')}", long=path == "/timeline"
        )
        titles.add(await page.title())
        await expect(page.locator("h1")).to_have_count(1)
        await expect(page.locator(".desk-subnav [aria-current=page]")).to_have_count(1)
    assert len(titles) == len(TABS)


async def test_every_page_about_a_child_of_whom_little_is_known_reads_well(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = Ledger(town.code, town.ref("new"), since=1).publish(town.register)
    visitor = town.visitor(DeskRole.IRO_MANAGER)
    reader = await Reader.signed_in(visitor, window, window_without_script, pictures)
    for path in TABS:
        await reader.read(f"/children/{episode}{path}", f"child-new{path.replace('/', '-')}")
    said = " ".join(words(tab(visitor, episode, path)) for path in TABS)
    for sentence in (
        "Nobody is appointed",
        "Nobody is known in this child's network yet.",
        "No review has been held yet.",
        "No decision is recorded yet.",
        "The IRO has raised no challenge.",
        "The IRO was told of no significant change.",
        "Nothing has been sent about this child yet.",
    ):
        assert sentence in said


def test_the_top_says_how_old_since_when_and_when_the_next_review_is(town: Town) -> None:
    ledger = begun(town, since=14).add(
        "review_arranged", 1, planned_for=days_ago(-4), at="10:30", place="Example Primary School"
    )
    said = words(tab(town.visitor(DeskRole.IRO), ledger.publish(town.register)))
    assert re.search(r"Age 1\d, born 31 January \d{4}", said)
    assert "14 days" in said
    assert re.search(r"Planned for \w+day \d+ \w+; last day .* It begins at 10:30, Example Primary School", said)
    assert "Accommodated under section 20 (in Wales, section 76), a single period (V2)" in said


def test_what_others_owe_says_who_and_offers_only_what_one_may_do(town: Town) -> None:
    episode = begun(town, since=20).publish(town.register)
    worker = words(tab(town.visitor(DeskRole.SOCIAL_WORKER), episode))
    assert "Owed by the IRO, Example" in worker
    assert "Record the talk with the child" not in worker
    assert "Record that the report reached the IRO" in worker


def test_care_that_has_ended_is_told_and_a_death_with_it(town: Town) -> None:
    home = begun(town, "home").add("review_held", 104).add("care_ended", 1, reason="E4A").publish(town.register)
    died = begun(town, "died").add("care_ended", 1, reason="E2").publish(town.register)
    void = begun(town, "void", since=1).add("care_voided", 0, reason="An hour only").publish(town.register)
    visitor = town.visitor(DeskRole.IRO_MANAGER)
    assert re.search(r"Care ended on .*: returned home, planned\. What follows", words(tab(visitor, home)))
    assert re.search(r"The child died on .*\. Routine notices have stopped\.", words(tab(visitor, died)))
    assert "The child was never looked after" in words(tab(visitor, void))


def test_an_earlier_period_of_care_is_a_link_away_for_those_who_see_it(town: Town) -> None:
    now = begun(town, "again", since=10)
    before = begun(town, "again", since=400).add("care_ended", 300, reason="E4A")
    before.entries[2] = before.entries[2].model_copy(
        update={"fact": before.entries[2].fact.model_copy(update={"iro": town.ref("other-iro")})}
    )
    present, earlier = now.publish(town.register), before.publish(town.register, episode="episode-before")
    assert f"/children/{earlier}" in tab(town.visitor(DeskRole.IRO_MANAGER), present)
    assert f"/children/{earlier}" not in tab(town.visitor(DeskRole.IRO), present)


def test_the_links_lead_only_where_one_may_go(town: Town) -> None:
    episode = begun(town).publish(town.register)
    seen = {
        role: tab(town.visitor(role), episode) for role in (DeskRole.IRO, DeskRole.SOCIAL_WORKER, DeskRole.IRO_MANAGER)
    }
    assert [f"/children/{episode}/links" in text for text in seen.values()] == [True, False, True]
    assert [f"/children/{episode}/audit" in text for text in seen.values()] == [False, False, True]
    assert all(f"/children/{episode}/record" in text for text in seen.values())


# --- People -------------------------------------------------------------------------------------------------------


def test_whoever_may_not_know_where_the_child_lives_is_marked_and_what_is_kept_from_them(town: Town) -> None:
    ledger = begun(town)
    episode = ledger.publish(town.register)
    parent = contact(town.register, ledger, Role.PARENTS, "Example Parent", barred=True)
    contact(town.register, ledger, Role.SCHOOL, "Example Old School", until=days_ago(9))
    kept = Suppression(contact=parent, notice="review_arranged", reason="By order of the court")
    suppress(town.register, kept, "test", datetime.now(UTC))
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    people = words(tab(visitor, episode, "/people"))
    assert "Example Parent Parents Must not learn where the child lives or is to be met." in people
    assert "Not sent: the day of the review. By order of the court" in people
    assert people.index("No longer involved, or not yet (1)") < people.index("Example Old School")
    assert "Must not learn where the child lives or is to be met: Example Parent (parents)" in words(
        tab(visitor, episode)
    )


def test_cover_and_somebody_the_directory_does_not_know_are_told(town: Town) -> None:
    stand_in = Person(
        reference=town.ref("stand-in"), name="Example Cover", role=Role.IRO, authority=town.code, phone="01632 960002"
    )
    add_person(town.register, stand_in, IroTerms(iro=stand_in.reference), "test", datetime.now(UTC))
    ledger = Ledger(town.code, town.ref("covered"), since=9, social_worker="sw-unknown")
    ledger.add("iro_appointed", 8, iro=town.ref("iro")).add("iro_cover_arranged", 2, cover=town.ref("stand-in"))
    said = words(tab(town.visitor(DeskRole.IRO), ledger.publish(town.register), "/people"))
    assert "Covers for the IRO Example Cover Phone 01632 960002" in said
    assert "sw-unknown Not in the directory" in said
    assert "Team manager Not known" in said


# --- Where the links lead ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in DeskRole if role is not DeskRole.OPERATOR])
def test_every_link_of_a_childs_pages_leads_to_a_page_that_one_may_see(town: Town, role: DeskRole) -> None:
    episode = lived(town).publish(town.register)
    visitor = town.visitor(role)
    pages = ["/tasks", "/children", *(f"/children/{episode}{path}" for path in TABS)]
    seen = {
        unescape(href) for page in pages for href in re.findall(r'href="(/children/[^"]+)"', visitor.get(page).text)
    }
    steps = {href for href in seen if "/steps/" in href}
    seen |= {unescape(href) for step in steps for href in re.findall(r'href="(/[^"]+)"', visitor.get(step).text)}
    found = {href: visitor.get(href).status_code for href in sorted(seen) if not href.startswith("/assets")}
    assert len(found) > 40
    assert {href: status for href, status in found.items() if status not in (200, 303)} == {}


# --- Without the workflow server ----------------------------------------------------------------------------------


def test_every_page_reads_while_the_workflow_server_is_down(town: Town, served: Served) -> None:
    async def nobody() -> None:
        raise ServerUnreachable("The server does not answer.")

    episode = lived(town).publish(town.register)
    parts = served.desk
    alone = Desk(parts.register, parts.keys, parts.settings, parts.desk, dial=nobody)  # type: ignore[arg-type]
    with serving_desk(alone, 0) as url:
        visitor = Visitor(Served(alone, url), town.ref("iro"), "Example", town.code, DeskRole.IRO)
        paths = ["/tasks", "/children", *(f"/children/{episode}{path}" for path in TABS)]
        paths.append(f"/children/{episode}/steps/decision.D1")
        assert [visitor.get(path).status_code for path in paths] == [200] * len(paths)
