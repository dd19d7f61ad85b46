"""Allocation: who waits for an IRO, who might be it and why, and the IRO manager's word."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register import drafts
from register.audit import Outcome
from register.directory import add_bar
from register.queries import facts
from rules.directory import Bar, BarKind
from rules.facts.iro import IroAppointed
from tests.desk.ledgers import Ledger
from tests.desk.managers import (
    MANY,
    as_seen_there,
    audit_of,
    children,
    line,
    opened,
    published,
    seen,
    waiting_child,
    without_temporal,
)
from tests.desk.town import Served, Town, Visitor, today

MANAGER = DeskRole.IRO_MANAGER


def fields(manager: Visitor, episode: str, **given: str) -> dict[str, str]:
    """The form as the page has it."""
    page = manager.get(f"/allocation/{episode}").text
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("form_fact", "standing")}
    return {name: each[1] for name, each in found.items() if each} | given


def appointments(town: Town, episode: str) -> list[str]:
    return [entry.fact.id for entry in facts(town.register, episode) if entry.fact.kind == "iro_appointed"]


# --- Who waits ----------------------------------------------------------------------------------------------------


async def test_with_nobody_waiting_the_page_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    page = await opened(window, town, MANAGER, "/allocation", "allocation-none", pictures)
    await expect(page.get_by_text("Every child has an IRO.")).to_be_visible()


async def test_a_child_for_whom_an_iro_is_proposed_is_there_with_the_reason(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    await waiting_child(town, "ada")
    page = await opened(window, town, MANAGER, "/allocation", "allocation-one", pictures)
    row = page.locator(".desk-task")
    await expect(row).to_contain_text("Waits for your word")
    await expect(row).to_contain_text("is proposed")
    await expect(row).to_contain_text("only one who may review")
    await expect(row).to_contain_text("An IRO is owed: Due")
    await row.get_by_role("link", name=re.compile(f"Confirm, or appoint another ?: ada-{town.code}")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"The IRO of Example Child ada-{town.code}")


def test_whoever_has_waited_longest_comes_first_and_lists_can_be_narrowed(town: Town) -> None:
    for name, since in (("new", 2), ("old", 30), ("older", 60)):
        published(town, Ledger(town.code, f"{name}-{town.code}", since=since), iro=None)
    manager = town.visitor(MANAGER)
    page = manager.get("/allocation").text
    places = [page.index(f">{name}-{town.code}</a>") for name in ("older", "old", "new")]
    assert places == sorted(places)
    assert "desk-due--late" in page and "Not proposed yet" in page
    assert f"new-{town.code}" in manager.get("/allocation", which="unproposed").text
    assert "There is none just now." in manager.get("/allocation", which="proposed").text


async def test_500_children_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    children(town, MANY, iro=None)
    page = await opened(window_without_script, town, MANAGER, "/allocation", "allocation-many-phone", pictures)
    names = set()
    for _ in range(MANY // 50):
        rows = page.locator(".desk-task__title a")
        assert await rows.count() == 50
        names |= set(await rows.all_text_contents())
        if await page.get_by_role("link", name="Next page").count():
            await page.get_by_role("link", name="Next page").click()
    assert len(names) == MANY
    await seen(page, "allocation-last-phone", pictures)
    assert "further on" in await page.title()


def test_a_place_in_the_list_that_was_made_up_leads_to_the_first_page(town: Town) -> None:
    answer = town.visitor(MANAGER).get("/allocation", after="made-up")
    assert (answer.status_code, answer.headers["location"]) == (303, "/allocation")


# --- The IRO manager's word -----------------------------------------------------------------------------------------


async def test_a_proposal_is_confirmed_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await waiting_child(town)
    page = await opened(
        window_without_script, town, MANAGER, f"/allocation/{episode}", "allocation-child-phone", pictures
    )
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.get_by_role("alert")).to_contain_text("is the child's IRO. The notices go out by themselves.")
    await seen(page, "allocation-confirmed-phone", pictures)
    assert line(town, episode).iro == town.ref("iro")
    latest = next(each for each in audit_of(town, episode) if each.what == "iro_appointed")
    assert (latest.who, latest.outcome, latest.detail) == (
        town.ref("iro-manager"), Outcome.DONE, appointments(town, episode)[0],
    )  # fmt: skip
    await page.reload()
    await expect(page.get_by_text("is the child's IRO now. Another one needs a reason")).to_be_visible()


async def test_another_is_appointed_for_a_reason_and_not_without(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await waiting_child(town, "bo")
    town.person(DeskRole.IRO, "other")
    page = await opened(window, town, MANAGER, f"/allocation/{episode}", "allocation-child", pictures)
    await expect(page.get_by_role("row", name=re.compile(f"other-{town.code}"))).to_contain_text("0 of 70 children")
    await page.get_by_label("IRO", exact=True).select_option(town.ref("other"))
    await page.get_by_role("button", name="Appoint", exact=True).click()
    assert (await page.title()).startswith("Error: ")
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Say why it is to be Example")
    await expect(page.locator("#reason-error")).to_contain_text("is proposed")
    assert await page.get_by_label("IRO", exact=True).input_value() == town.ref("other")
    await seen(page, "allocation-reason-wanted", pictures)
    await page.get_by_label("Why this one").fill("Knows sign language.")
    await page.get_by_role("button", name="Appoint", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("is the child's IRO")
    assert line(town, episode).iro == town.ref("other")
    kinds = [(each.what, each.outcome) for each in audit_of(town, episode) if each.what == "iro_appointed"]
    assert kinds == [("iro_appointed", Outcome.DONE), ("iro_appointed", Outcome.REFUSED)]
    assert drafts.of_person(town.register, town.ref("iro-manager")) == []


async def test_an_iro_who_may_not_review_for_the_child_is_shown_apart_with_why_and_refused(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    town.person(DeskRole.IRO, "barred")
    bar = Bar(iro=town.ref("barred"), against=town.ref("social-worker"), kind=BarKind.PAST_CASEWORK)
    add_bar(town.register, bar, "test", datetime.now(UTC))
    episode = await waiting_child(town)
    page = await opened(window, town, MANAGER, f"/allocation/{episode}", "allocation-barred", pictures)
    await page.get_by_text("Who may not review for this child, and why (1)").click()
    await expect(page.get_by_text("has worked on the case")).to_be_visible()
    assert town.ref("barred") not in await page.get_by_label("IRO", exact=True).inner_html()
    await seen(page, "allocation-barred-open", pictures)
    manager = town.visitor(MANAGER)
    answer = manager.post(f"/allocation/{episode}", fields(manager, episode, iro=town.ref("barred"), reason="A reason"))
    assert answer.status_code == 422
    assert "may not review for this child (has worked on the case)" in answer.text
    assert line(town, episode).iro is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"iro": ""}, "Choose who is to be the child&#39;s IRO"),
        ({"iro": "nobody-there"}, "Nobody in the directory has that reference"),
        ({"iro": "a name with spaces"}, "Nobody in the directory has that reference"),
        ({"iro": "team-manager-{code}"}, "Example Team Manager {code} is team manager, not an IRO"),
        ({"iro": "iro-{code}", "reason": "x" * 2001}, "must be no longer than 2000 characters"),
    ],
)
async def test_what_cannot_be_is_told_beside_the_field(town: Town, given: dict[str, str], says: str) -> None:
    episode = published(town, Ledger(town.code, f"x-{town.code}"), iro=None)
    manager = town.visitor(MANAGER)
    wanted = {name: value.replace("{code}", town.code) for name, value in given.items()}
    answer = manager.post(f"/allocation/{episode}", fields(manager, episode, **wanted))
    assert answer.status_code == 422
    assert says.replace("{code}", town.code) in answer.text and 'class="govuk-error-message"' in answer.text
    assert "<title>Error: " in answer.text


async def test_what_the_workflow_refuses_is_told_in_names(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    episode, manager = await waiting_child(town), town.visitor(MANAGER)
    given = fields(manager, episode, iro=town.ref("iro"))
    fact = IroAppointed(id=given["form_fact"], on=today(), by=manager.person, iro=town.ref("iro"))
    await town.record(episode, "iro_appointed", iro=town.ref("iro"))
    # As if both had been sent at the same moment: the page looked before the other was recorded.
    monkeypatch.setattr("desk.pages.allocation.fact_of", lambda *_: fact)
    answer = manager.post(f"/allocation/{episode}", given)
    assert answer.status_code == 422
    assert f"Example Iro {town.code} is the child&#39;s IRO already" in answer.text
    assert f"{town.ref('iro')} is the child" not in answer.text


async def test_a_form_sent_twice_records_once(town: Town) -> None:
    episode = await waiting_child(town)
    manager = town.visitor(MANAGER)
    given = fields(manager, episode, iro=town.ref("iro"))
    first, again = (manager.post(f"/allocation/{episode}", given) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert len(appointments(town, episode)) == 1


async def test_whoever_decides_on_a_page_that_is_out_of_date_is_told_and_loses_nothing(town: Town) -> None:
    episode = await waiting_child(town)
    town.person(DeskRole.IRO, "other")
    manager = town.visitor(MANAGER)
    given = fields(manager, episode, iro=town.ref("other"), reason="Speaks Welsh.")
    await town.record(episode, "iro_appointed", iro=town.ref("iro"))
    answer = manager.post(f"/allocation/{episode}", given)
    assert answer.status_code == 422
    assert "This has changed since you opened the page" in answer.text and "Speaks Welsh." in answer.text
    assert line(town, episode).iro == town.ref("iro")
    once_more = manager.post(
        f"/allocation/{episode}", fields(manager, episode, iro=town.ref("other"), reason="Speaks Welsh.")
    )
    assert once_more.status_code == 303
    assert line(town, episode).iro == town.ref("other")


async def test_while_the_workflow_server_is_down_the_page_reads_and_keeps_what_was_written(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await waiting_child(town)
    town.person(DeskRole.IRO, "other")
    with without_temporal(town.served) as there:
        there_town = as_seen_there(town, there)
        manager = there_town.visitor(MANAGER)
        await manager.sign_in(window)
        page = await window.new_page()
        await page.goto(f"{there.url}/allocation/{episode}")
        await page.get_by_label("IRO", exact=True).select_option(town.ref("other"))
        await page.get_by_label("Why this one").fill("Knows the family's language.")
        async with page.expect_response(
            lambda answer: answer.request.method == "POST" and "/allocation/" in answer.url
        ) as sent:
            await page.get_by_role("button", name="Appoint", exact=True).click()
        assert (await sent.value).status == 503
        await expect(page.locator(".govuk-error-summary")).to_contain_text("The workflow server did not answer")
        await expect(page.get_by_label("Why this one")).to_have_value("Knows the family's language.")
        await seen(page, "allocation-server-down", pictures)
        kept = drafts.kept(town.register, town.ref("iro-manager"), episode, "iro_appointed")
        assert kept and kept.body["reason"] == ["Knows the family's language."]
        assert "Knows the family&#39;s language." in manager.get(f"/allocation/{episode}").text
        assert [each.outcome for each in audit_of(town, episode) if each.what == "iro_appointed"] == [Outcome.FAILED]
    again = town.visitor(MANAGER)
    assert "Knows the family&#39;s language." in again.get(f"/allocation/{episode}").text
    assert (
        again.post(
            f"/allocation/{episode}", fields(again, episode, iro=kept.body["iro"][0], reason="It is so.")
        ).status_code
        == 303
    )
    assert appointments(town, episode) == kept.body["form_fact"]


async def test_what_is_written_is_kept_while_it_is_written(town: Town, window: BrowserContext) -> None:
    episode = await waiting_child(town)
    await town.visitor(MANAGER).sign_in(window)
    page = await window.new_page()
    await page.goto(f"/allocation/{episode}")
    await page.get_by_label("Why this one").fill("Half a reas")
    await expect(page.locator("[data-draft-status]")).to_contain_text("Kept at")
    kept = drafts.kept(town.register, town.ref("iro-manager"), episode, "iro_appointed")
    assert kept and kept.body["reason"] == ["Half a reas"]


async def test_the_child_of_another_authority_is_not_there(town: Town, served: Served) -> None:
    other = published(town, Ledger("999", f"elsewhere-{town.code}"), iro=None)
    manager = town.visitor(MANAGER)
    assert manager.get(f"/allocation/{other}").status_code == 404
    assert manager.post(f"/allocation/{other}", {"iro": town.ref("iro")}).status_code == 404
    assert {each.outcome for each in audit_of(town, other)} == {Outcome.DENIED}


def test_a_child_whose_care_has_ended_gets_no_iro(town: Town) -> None:
    ledger = Ledger(town.code, f"gone-{town.code}", since=50).add("care_ended", 1, reason="E4A")
    episode = ledger.publish(town.register)
    page = town.visitor(MANAGER).get(f"/allocation/{episode}")
    assert page.status_code == 200
    assert "is not looked after any longer" in page.text and 'name="iro"' not in page.text


async def test_with_no_iro_in_the_directory_the_page_says_who_is_to_add_one(town: Town) -> None:
    episode = published(town, Ledger("997", f"lone-{town.code}"), iro=None)
    lone = Visitor(town.served, "lone-manager", "Example Manager", "997", MANAGER)
    page = lone.get(f"/allocation/{episode}").text
    assert "There is no IRO in the directory." in page and "ask the people who run this" in page


async def test_a_long_list_of_iros_is_shown_in_part_and_all_may_be_chosen(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    for number in range(20):
        town.person(DeskRole.IRO, f"iro-{number:02}")
    episode = published(town, Ledger(town.code, f"long-{town.code}"), iro=None)
    page = await opened(window, town, MANAGER, f"/allocation/{episode}", "allocation-long", pictures)
    assert await page.locator("select#iro option").count() == 22
    await page.get_by_text("The other 6 who may").click()
    assert await page.get_by_role("row").count() == 21 + 2
    await seen(page, "allocation-long-open", pictures)
