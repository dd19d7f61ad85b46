"""The challenge board: what is open, with whom, since when, and how many of the 20 working days are left."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register import RegisterUnavailable
from rules.calendar import WorkingCalendar
from rules.vocabulary import Nation, Role
from tests.desk.disputed import disputed, gone_up, referred
from tests.desk.ledgers import Ledger, contact, many
from tests.desk.lives import begun, words
from tests.desk.managers import opened
from tests.desk.town import Town, days_ago, today

MANAGER, ADMINISTRATOR = DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR
CALENDAR = WorkingCalendar(Nation.ENGLAND)


def challenged(town: Town, number: int) -> None:
    """So many children, each with one challenge; those who came first have theirs longest."""
    for ledger in many(number, town.code, "challenged"):
        ledger.add(
            "challenge_raised", min(ledger.since, 30), id="c", rung="management_alert", addressee="service_manager",
            about="Made up.",
        ).publish(town.register)  # fmt: skip


def said_of(town: Town, role: DeskRole = MANAGER) -> str:
    answer = town.visitor(role).get("/challenges")
    assert answer.status_code == 200
    return words(answer.text)


async def test_with_nothing_open_the_page_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    page = await opened(window, town, MANAGER, "/challenges", "board-none", pictures)
    await expect(page.get_by_text("No challenge and no formal dispute is open.")).to_be_visible()
    assert await page.get_by_role("table").count() == 0


@pytest.mark.parametrize("role", [MANAGER, ADMINISTRATOR])
async def test_the_board_is_in_the_bar_and_tells_where_each_stands(
    town: Town, window: BrowserContext, pictures: Path | None, role: DeskRole
) -> None:
    episode = referred(town, disputed(town)).publish(town.register, name="Example Child Amber")
    other = begun(town, "other")
    raised = {"rung": "problem_resolution", "addressee": "health", "about": "No dentist"}
    other.add("challenge_raised", 1, id="c1", by=town.ref("iro"), **raised).publish(town.register)
    page = await opened(window, town, role, "/challenges", f"board-{role}", pictures)
    await expect(page.get_by_role("navigation").get_by_role("link", name="Challenges")).to_be_visible()
    await expect(page.get_by_text("1 formal dispute and 1 other challenge open. 1 overdue.")).to_be_visible()
    first, second = (page.locator("tbody tr").nth(n) for n in (0, 1))
    for said in (
        "Example Child Amber",
        f"IRO: Example Iro {town.code}",
        "Formal dispute: education",
        "With the head of service since",
        "no answer yet",
        "overdue by",
        "Referred to Cafcass on",
    ):
        await expect(first).to_contain_text(said)
    await expect(second).to_contain_text("Problem resolution")
    await expect(second).to_contain_text("With health since")
    await expect(second).to_contain_text("Not a formal dispute")
    await first.get_by_role("link", name=re.compile("^Formal dispute")).click()
    await expect(page).to_have_url(re.compile(rf"/children/{episode}/disputes/d1$"))


def test_the_days_left_of_20_are_working_days_and_neither_a_pause_nor_a_stage_stops_them(town: Town) -> None:
    disputed(town).publish(town.register)
    last = CALENDAR.working_days_after(days_ago(20), 20)
    left = CALENDAR.working_days_between(today(), last)
    assert f"{left} of 20 left" in said_of(town)


def test_a_dispute_beyond_its_20_working_days_says_by_how_many_and_comes_first(town: Town) -> None:
    challenged(town, 1)
    ledger = begun(town, "ignored")
    stage = {"matter": "drift", "about": "Made up.", "stage": "chief_executive"}
    ledger.add("dispute_raised", 90, id="d1", by=town.ref("iro"), **stage).publish(town.register)
    over = CALENDAR.working_days_between(CALENDAR.working_days_after(days_ago(90), 20), today())
    said = said_of(town)
    assert f"Over by {over} working days" in said
    assert "With the chief executive since" in said
    assert said.index("Formal dispute: drift") < said.index("Management alert")


def test_one_that_is_answered_waits_for_the_iro(town: Town) -> None:
    ledger = disputed(town)
    ledger.add("dispute_answered", 1, by=town.ref("team-manager"), dispute="d1", answer="It is agreed")
    ledger.publish(town.register)
    said = said_of(town)
    by = f"recorded by Example Team Manager {town.code}"
    assert re.search(rf"With the head of service since [^;]+; answered on \w+day [^,]+, {by}", said)
    assert "Say whether the answer resolves the dispute, or take it up" in said


def test_the_answer_of_a_challenge_says_who_recorded_it(town: Town) -> None:
    ledger = begun(town)
    raised = {"rung": "management_alert", "addressee": "service_manager", "about": "Made up."}
    ledger.add("challenge_raised", 3, id="c", by=town.ref("iro"), **raised)
    ledger.add("challenge_answered", 1, by=town.ref("social-worker"), challenge="c", answer="Made up.")
    ledger.publish(town.register)
    by = f"recorded by Example Social Worker {town.code}"
    assert re.search(rf"With the service manager since [^;]+; answered on \w+day [^,]+, {by}", said_of(town))


def test_one_that_was_answered_in_time_and_gone_up_is_there_once_and_in_full(town: Town) -> None:
    """What comes of the answer is owed, and the answer of the stage above."""
    ledger = gone_up(town)
    episode = ledger.publish(town.register)
    owed = {step.key for step in ledger.agenda(datetime.now(UTC)).open_steps}
    assert {"weigh_dispute_answer.d1", "answer_dispute.up1"} <= owed
    text = town.visitor(MANAGER).get("/challenges").text
    said = words(text)
    assert "1 formal dispute and 0 other challenges open." in said
    assert text.count(f"/children/{episode}/disputes/d1") == 1 and said.count("of 20 left") == 1
    assert "Not known just now" not in said
    assert "Say whether the answer resolves the dispute, or take it up" in said, "it is due first"


def test_no_source_is_named_that_may_be_another_nations(town: Town) -> None:
    assert "Handbook" not in said_of(town)


def test_what_was_closed_leaves_the_board_and_what_outlives_care_stays(town: Town) -> None:
    ledger = disputed(town).add("care_ended", 4, reason="E4A").publishing(town.register)
    assert "Formal dispute: education" in said_of(town)
    ledger.add("dispute_resolved", 0, by=town.ref("iro"), dispute="d1", outcome="agreed")
    ledger.publish(town.register, revision=2)
    assert "No challenge and no formal dispute is open." in said_of(town)


def test_a_referral_that_is_to_be_considered_says_so(town: Town) -> None:
    disputed(town).publish(town.register)
    assert re.search(r"To be considered\. (Was due|Due) ", said_of(town))


async def test_500_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    challenged(town, 500)
    page = await opened(window_without_script, town, MANAGER, "/challenges", "board-many-phone", pictures)
    await expect(page.get_by_text("0 formal disputes and 500 other challenges open.")).to_be_visible()
    children: list[str] = []
    for number in range(20):
        assert await page.locator("tbody tr").count() == 25
        children += await page.locator("tbody tr th a").all_text_contents()
        if number < 19:
            await page.get_by_role("link", name="Next page").click()
    assert await page.get_by_role("link", name="Next page").count() == 0
    assert "further on" in await page.title()
    assert len(set(children)) == len(children) == 500
    await page.get_by_role("link", name="Back to the first page").click()
    assert children[:25] == await page.locator("tbody tr th a").all_text_contents()


def test_only_what_is_open_in_ones_own_authority_is_there(town: Town) -> None:
    raised = {"rung": "management_alert", "addressee": "service_manager", "about": "Made up."}
    Ledger("995", f"elsewhere-{town.code}", since=60).add("challenge_raised", 9, id="c", **raised).publish(
        town.register
    )
    said = said_of(town)
    assert "No challenge and no formal dispute is open." in said and "elsewhere" not in said


def test_nobodys_words_are_on_the_board(town: Town) -> None:
    disputed(town).publish(town.register)
    said = said_of(town)
    for written in ("No school place since spring", "No day was given", "The manager is away", "A school is asked"):
        assert written not in said


def test_a_place_that_was_made_up_leads_to_the_first_page(town: Town) -> None:
    answer = town.visitor(MANAGER).get("/challenges", after="x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/challenges")


def test_where_the_facts_cannot_be_read_the_board_says_what_it_can(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    ledger = disputed(town)
    ledger.publish(town.register)
    contact(town.register, ledger, Role.CHILD, "Example Child Amber")
    monkeypatch.setattr("desk.pages.challenges.what_lies_behind", unavailable)
    said = said_of(town)
    assert "the days left of 20 cannot be shown just now" in said
    assert "Example Child Amber" in said and "With the head of service" in said
    assert "Not known just now" in said and "Not a formal dispute" not in said
