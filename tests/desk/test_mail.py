"""Mail: who was written to most, what reached nobody, what is stuck, and what to do about each."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.contacts import add_contact
from register.queries import owed_notices
from register.work_post import reached_nobody
from rules.network import NetworkContact
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger, contact
from tests.desk.managers import opened, published, seen
from tests.desk.town import Town
from tests.register.lists import case
from tests.register.mail import DOWN, came_to_nobody, stuck_message, written_to
from tests.register.samples import notice, step

MANAGER, ADMINISTRATOR = DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR
NOW = datetime.now(UTC)


def child(town: Town, name: str = "cleo") -> str:
    ledger = Ledger(town.code, f"{name}-{town.code}", since=40, social_worker=town.ref("social-worker"))
    contact(town.register, ledger, Role.CHILD, f"Example Child {name}")
    return published(town, ledger)


async def test_with_no_mail_each_list_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    page = await opened(window, town, MANAGER, "/mail", "mail-none", pictures)
    await expect(page.get_by_text("Nobody had more than 5.")).to_be_visible()
    await page.get_by_role("link", name="notices reached nobody").click()
    await expect(page.get_by_text("Every notice reached somebody, or was put right.")).to_be_visible()
    await page.get_by_role("link", name="messages are stuck").click()
    await expect(page.get_by_text("Nothing is stuck.")).to_be_visible()
    await seen(page, "mail-nothing-stuck", pictures)


@pytest.mark.parametrize("role", [MANAGER, ADMINISTRATOR])
async def test_whoever_had_too_much_mail_is_told_with_what_it_was_about_and_what_to_do(
    town: Town, window: BrowserContext, pictures: Path | None, role: DeskRole
) -> None:
    worker, many = town.ref("social-worker"), town.served.desk.policy.post.many_a_week
    written_to(town.register, worker, many, role=Role.SOCIAL_WORKER, at=NOW)
    written_to(town.register, worker, 1, role=Role.SOCIAL_WORKER, at=NOW, notice=NoticeName.DAILY_DIGEST)
    written_to(town.register, town.ref("iro"), many, at=NOW)
    page = await opened(window, town, role, "/mail", f"mail-{role}", pictures)
    await expect(page.get_by_role("link", name="person with more than 25 messages in 7 days")).to_contain_text("1")
    first, second = (page.locator(".desk-task").nth(place) for place in (0, 1))
    await expect(first).to_contain_text(f"{many + 1} messages, which is many")
    await expect(first).to_contain_text(f"{many} about a step that slipped; 1 about the day's reminders")
    await expect(first).to_contain_text("Most are about steps that slipped")
    await expect(second).to_contain_text(f"{many} messages")
    await expect(second).not_to_contain_text("which is many")
    await first.get_by_role("link", name="What social workers owe and is overdue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overdue: owed by the social worker")


def test_a_family_with_too_much_mail_is_to_be_asked(town: Town) -> None:
    episode = child(town)
    carer = NetworkContact(
        reference=town.ref("carer"),
        authority=town.code,
        child=f"cleo-{town.code}",
        role=Role.CARER,
        name="Example Carer",
    )
    add_contact(town.register, carer, "test", NOW)
    written_to(
        town.register, town.ref("carer"), 30, role=Role.CARER, episode=episode, at=NOW, notice=NoticeName.IRO_APPOINTED
    )
    page = town.visitor(MANAGER).get("/mail").text
    assert f"Carer of child cleo-{town.code}" in page
    assert "Ask whether they want all of it" in page


def test_whoever_had_few_messages_is_not_listed(town: Town) -> None:
    written_to(town.register, town.ref("iro"), 5, at=NOW)
    written_to(town.register, town.ref("social-worker"), 6, at=NOW)
    page = town.visitor(MANAGER).get("/mail").text
    assert town.ref("social-worker") in page and f"Example Iro {town.code}" not in page


def test_mail_of_more_than_a_week_ago_is_passed_over(town: Town) -> None:
    written_to(town.register, town.ref("iro"), 30, at=NOW - timedelta(days=8))
    assert "Nobody had more than 5." in town.visitor(MANAGER).get("/mail").text


async def test_a_notice_that_reached_nobody_is_told_with_why_and_the_act_that_puts_it_right(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = child(town)
    notices = [each.key for each in owed_notices(town.register, episode)]
    came_to_nobody(town.register, episode, notices[0], at=NOW)
    came_to_nobody(town.register, episode, notices[1], tried_to=town.ref("iro"), at=NOW)
    page = await opened(window, town, ADMINISTRATOR, "/mail?show=nobody", "mail-nobody", pictures)
    await expect(page.get_by_role("link", name="notices reached nobody")).to_contain_text("2")
    tried, unfound = (page.locator(".desk-task").nth(place) for place in (0, 1))
    await expect(tried).to_contain_text("Tried by email: The address was refused.")
    await expect(tried).to_contain_text("Have the address put right")
    await expect(unfound).to_contain_text("Nobody is known.")
    await expect(unfound).to_contain_text("Where somebody is known now, have them added and it is sent.")
    await expect(unfound).to_contain_text("Example Child cleo")


def test_where_a_delivery_is_owed_the_form_that_records_it_is_a_click_away(town: Town) -> None:
    name = f"dora-{town.code}"
    case(town.register, name, step(), authority=town.code, notices=(notice("told"),))
    came_to_nobody(town.register, f"episode-{name}", "told", at=NOW)
    manager = town.visitor(MANAGER)
    assert "/record/notice_delivered" not in manager.get("/mail", show="nobody").text
    key = f"undelivered-{reached_nobody(town.register, town.code).items[0].id}"
    case(town.register, name, step(f"deliver_notice.{key}"), authority=town.code, revision=2)
    path = f"/children/episode-{name}/record/notice_delivered?step=deliver_notice.{key}&amp;notice={key}"
    assert path in manager.get("/mail", show="nobody").text


async def test_a_message_that_is_stuck_is_told_with_when_it_is_tried_again(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = child(town)
    stuck_message(town.register, town.ref("iro"), at=NOW, episode=episode)
    page = await opened(window, town, MANAGER, "/mail?show=stuck", "mail-stuck", pictures)
    row = page.locator(".desk-task")
    for words in (DOWN, "Tried 3 times.", "It is tried again by itself, next on", "Example Child cleo"):
        await expect(row).to_contain_text(words)


async def test_many_recipients_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    for number in range(120):
        known = NetworkContact(
            reference=town.ref(f"c{number}"), authority=town.code, child=town.ref(f"k{number}"), role=Role.CARER,
            name=f"Example Carer {number}",
        )  # fmt: skip
        add_contact(town.register, known, "test", NOW)
        written_to(town.register, town.ref(f"c{number}"), 6 + number % 3, role=Role.CARER, at=NOW)
    page = await opened(window_without_script, town, MANAGER, "/mail", "mail-many-phone", pictures)
    found = set(await page.locator(".desk-task__title").all_text_contents())
    for _ in range(2):
        await page.get_by_role("link", name="Next page").click()
        found |= set(await page.locator(".desk-task__title").all_text_contents())
    assert len(found) == 120
    assert town.visitor(MANAGER).get("/mail", after="made-up").headers["location"] == "/mail?show=many"
    assert town.visitor(MANAGER).get("/mail", show="made-up").status_code == 404
