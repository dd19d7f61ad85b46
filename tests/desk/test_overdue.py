"""Overdue: what is late in the authority and why, who owes it, and who was told."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.work import overdue_counts
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger, contact
from tests.desk.managers import children, opened, published, seen
from tests.desk.town import Town

MANAGER, ADMINISTRATOR = DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR


def late_child(town: Town, name: str = "late", since: int = 60) -> str:
    """A child of whose first review nothing was done."""
    ledger = Ledger(
        town.code, f"{name}-{town.code}", since=since,
        social_worker=town.ref("social-worker"), team_manager=town.ref("team-manager"),
    )  # fmt: skip
    contact(town.register, ledger, Role.CHILD, f"Example Child {name}")
    return published(town, ledger)


async def test_with_nothing_overdue_the_page_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    page = await opened(window, town, MANAGER, "/overdue", "overdue-none", pictures)
    await expect(page.get_by_text("Nothing is overdue.")).to_be_visible()


@pytest.mark.parametrize("role", [MANAGER, ADMINISTRATOR])
async def test_what_is_late_is_told_with_why_who_owes_it_and_who_was_told(
    town: Town, window: BrowserContext, pictures: Path | None, role: DeskRole
) -> None:
    late_child(town)
    page = await opened(window, town, role, "/overdue", f"overdue-{role}", pictures)
    row = page.locator(".desk-task").filter(has_text="First review")
    for words in (
        "Example Child late",
        f"late-{town.code}",
        "Why that day: 20 working days after",
        "when the child became looked after",
        "reg 33(1)",
        f"IRO: Example Iro {town.code}",
        "Told: assistant director, ",
        "IRO, team manager, IRO manager and social worker (breach), ",
    ):
        await expect(row).to_contain_text(words)
    await expect(row.locator(".desk-due--late")).to_contain_text(
        re.compile(r"Was due \w+day .*, overdue by \d+ working days")
    )
    await row.get_by_role("link", name=re.compile(r"Why this date ?: First review, late-")).click()
    await expect(page).to_have_url(re.compile(r"/steps/first_review"))


async def test_the_numbers_lead_to_their_lists_and_back(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    late_child(town)
    counts = overdue_counts(town.register, town.code, today=town.served.desk.today)
    page = await opened(window, town, MANAGER, "/overdue", "overdue", pictures)
    for field, words, number in (
        ("by who owes it", "Social worker", counts.by_owner[Role.SOCIAL_WORKER]),
        ("by stage", "Preparation", next(n for each, n in counts.by_stage.items() if each == "preparation")),
        ("by how far it has gone", "Assistant director", counts.by_rung["assistant_director"]),
    ):
        await page.goto("/overdue")
        box = page.get_by_role("navigation", name=f"Overdue {field}").get_by_role("link", name=words)
        await expect(box).to_contain_text(str(number))
        await box.click()
        assert await page.locator(".desk-task").count() == number
        assert words.lower() in (await page.get_by_role("heading", level=1).inner_text()).lower()
    await seen(page, "overdue-narrowed", pictures)
    await page.get_by_role("navigation", name="Overdue by stage").get_by_role("link", name="Preparation").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Overdue: preparation stage, as far as assistant director"
    )
    await page.get_by_role("navigation", name="Overdue by stage").get_by_role("link", name="Preparation").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overdue: as far as assistant director")
    await page.get_by_role("link", name="Show all", exact=True).click()
    assert await page.locator(".desk-task").count() == counts.total


async def test_500_children_late_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    children(town, 500)
    total = overdue_counts(town.register, town.code, today=town.served.desk.today).total
    assert total > 500
    page = await opened(window_without_script, town, MANAGER, "/overdue", "overdue-many-phone", pictures)
    await expect(page.get_by_text(f"{total} steps are overdue.")).to_be_visible()
    first = await page.locator(".desk-task__title a").all_text_contents()
    await page.get_by_role("link", name="Next page").click()
    assert "further on" in await page.title()
    assert await page.locator(".desk-task").count() == 25
    assert first != await page.locator(".desk-task__title a").all_text_contents()
    await page.get_by_role("link", name="Back to the first page").click()
    assert first == await page.locator(".desk-task__title a").all_text_contents()


def test_only_what_is_overdue_in_ones_own_authority_is_there(town: Town) -> None:
    published(town, Ledger("995", f"elsewhere-{town.code}", since=60))
    page = town.visitor(MANAGER).get("/overdue").text
    assert "Nothing is overdue." in page and "elsewhere" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"stage": "nonsense"}, 404),
        ({"owner": "nobody"}, 404),
        ({"rung": "<b>"}, 404),
        ({"rung": "no_such"}, 200),
        ({"after": "x"}, 303),
    ],
)
def test_an_address_that_was_made_up_leads_nowhere_bad(town: Town, query: dict[str, str], status: int) -> None:
    assert town.visitor(MANAGER).get("/overdue", **query).status_code == status


def test_an_act_is_a_click_away_for_whoever_may_record_it(town: Town) -> None:
    late_child(town)
    manager, administrator = (town.visitor(role).get("/overdue").text for role in (MANAGER, ADMINISTRATOR))
    assert "/record/review_arranged" in administrator and "/record/review_arranged" in manager
    assert "/record/invitations_sent" in administrator and "/record/invitations_sent" not in manager
