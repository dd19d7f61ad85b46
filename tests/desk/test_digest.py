"""The weekly digest as it was made, and who is sent it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.audit import Outcome
from register.digests import digest_setting
from register.queries import owed_notices
from register.service import compose_digest, keep_digest
from rules.calendar import WorkingCalendar
from rules.concerns import Concern
from rules.digest import Away, Caseload, Count, Leaving, ProposalLine, ReviewDue, WeeklyDigest
from rules.vocabulary import Nation, Role
from tests.audit_log import audited
from tests.desk.ledgers import Ledger
from tests.desk.managers import children, opened, published, seen
from tests.desk.town import Town, days_ago, today

MANAGER = DeskRole.IRO_MANAGER
NOW = datetime.now(UTC)


def monday(weeks_ago: int = 0) -> date:
    return today() - timedelta(days=today().weekday() + 7 * weeks_ago)


def made(town: Town, weeks_ago: int = 0) -> None:
    """Have the digest of a week made of what is in the register now."""
    week = compose_digest(town.register, town.code, WorkingCalendar(Nation.ENGLAND), monday(weeks_ago))
    assert keep_digest(town.register, week, NOW)


def full_week(town: Town, *episodes: str) -> WeeklyDigest:
    """A week with something of everything."""
    iro, manager = town.ref("iro"), town.ref("iro-manager")
    return WeeklyDigest(
        authority=town.code,
        first_day=monday() - timedelta(days=7),
        last_day=monday() - timedelta(days=1),
        caseloads=(Caseload(iro=iro, children=71, places=70), Caseload(iro=manager, children=1, places=2)),
        without_iro=episodes,
        proposals=(ProposalLine(episode=episodes[0], iro=iro, since=days_ago(3)),),
        overdue_by_step=(Count(name="first_review", count=2), Count(name="appoint_iro", count=1)),
        overdue_by_team=(Count(name=town.ref("team-manager"), count=2), Count(name=None, count=1)),
        escalations_by_rung=(Count(name="service_manager", count=4),),
        unarranged=(ReviewDue(episode=episodes[1], due=days_ago(-3), iro=iro),),
        concerns=(
            Concern(
                team=town.ref("team-manager"), step="report", since=days_ago(9), until=days_ago(2), episodes=episodes
            ),
        ),
        leaving=(Leaving(person=iro, role=Role.IRO, last_day=days_ago(-9)),),
        away=(Away(person=iro, role=Role.IRO, since=days_ago(1), cover=manager),),
    )


async def test_before_the_first_monday_the_page_says_so(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    page = await opened(window, town, MANAGER, "/digest", "digest-none", pictures)
    await expect(page.get_by_text("No digest has been made yet: the first comes on Monday morning.")).to_be_visible()


async def test_a_week_is_told_with_names_and_links(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    episodes = [published(town, Ledger(town.code, f"e{n}-{town.code}"), iro=None) for n in range(2)]
    keep_digest(town.register, full_week(town, *episodes), NOW)
    page = await opened(window, town, MANAGER, "/digest", "digest", pictures)
    main = page.locator("main")
    for words in (
        "2 IROs have 72 children and 72 places.",
        "2 children have no IRO, and none is proposed.",
        "3 steps were overdue.",
        "Reviews due in the next 10 working days with no day arranged",
        f"A concern: 2 children of Example Team Manager {town.code} slipped at report between",
        "First review: 2",
        "Appoint IRO: 1",
        f"Example Team Manager {town.code}: 2",
        "No team named: 1",
        "Service manager: 4",
        f"Example Iro {town.code}: 71 of 70",
        f"Example Iro Manager {town.code}: 1 of 2",
        f"Example Iro {town.code}, IRO: last day",
        f"covered by Example Iro Manager {town.code}",
    ):
        await expect(main).to_contain_text(words)
    await main.get_by_role("link", name=f"e0-{town.code}").first.click()
    assert page.url.endswith(f"/children/{episodes[0]}")


async def test_earlier_weeks_are_a_click_away(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    for weeks in range(3):
        made(town, weeks)
    page = await opened(window, town, MANAGER, "/digest", "digest-weeks", pictures)
    others = page.get_by_role("navigation", name="Digests of other weeks").get_by_role("link")
    assert await others.count() == 2
    await others.last.click()
    assert page.url.endswith(f"/digest?week={monday(2)}")
    heading = page.get_by_role("heading", level=2).first
    await expect(heading).to_contain_text(str((monday(2) - timedelta(days=7)).day))
    assert "No digest was made for the week of" in town.visitor(MANAGER).get("/digest", week="2020-01-06").text


async def test_a_week_with_500_children_is_told_in_part_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    children(town, 500, iro=None)
    made(town)
    page = await opened(window_without_script, town, MANAGER, "/digest", "digest-many-phone", pictures)
    await expect(page.get_by_text("500 children have no IRO, and none is proposed.")).to_be_visible()
    await expect(page.get_by_text("and 450 more").first).to_be_visible()


async def test_the_manager_decides_who_is_sent_it_and_the_next_one_goes_there(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    published(town, Ledger(town.code, f"s-{town.code}"))
    page = await opened(window, town, MANAGER, "/digest", "digest-settings", pictures)
    assert await page.get_by_label("IRO manager").is_checked()
    await page.get_by_label("IRO manager").uncheck()
    await page.get_by_label("Service manager").check()
    await page.get_by_label("IRO administrator").check()
    await page.get_by_role("button", name="Save who is sent it").click()
    await expect(page.get_by_role("alert")).to_contain_text("From the next Monday on")
    await expect(page.get_by_text(f"Decided by Example Iro Manager {town.code} on")).to_be_visible()
    await seen(page, "digest-saved", pictures)
    made(town)
    told = [each.recipient for each in owed_notices(town.register) if each.service == town.code]
    assert told == [Role.IRO_ADMINISTRATOR, Role.SERVICE_MANAGER]
    (entry,) = audited(town.register, who=town.ref("iro-manager"))
    assert (entry.what, entry.outcome, entry.detail) == (
        "digest_settings", Outcome.DONE, "iro_administrator service_manager",
    )  # fmt: skip


def test_with_nobody_chosen_nobody_is_sent_it(town: Town) -> None:
    manager = town.visitor(MANAGER)
    assert manager.post("/digest/settings").headers["location"] == "/digest?saved=true"
    assert digest_setting(town.register, town.code).recipients == ()


@pytest.mark.parametrize("made_up", ["child", "parents", "nobody", "<b>"])
def test_the_digest_cannot_be_had_sent_to_anybody_else(town: Town, made_up: str) -> None:
    manager = town.visitor(MANAGER)
    answer = manager.post("/digest/settings", {"recipients": ["director", made_up]})
    assert answer.status_code == 422 and "<title>Error: " in answer.text and "<b>" not in answer.text
    assert digest_setting(town.register, town.code).changed_at is None
    assert audited(town.register, who=manager.person)[0].outcome is Outcome.REFUSED


def test_what_the_policy_sets_is_shown_and_that_it_cannot_be_changed_here(town: Town) -> None:
    page = town.visitor(MANAGER).get("/digest").text
    for words in (
        "when 3 children of one team slip at one step within 20 working days",
        "at 08:00 on working days",
        "from 26 in 7 days",
        "cannot be changed here: ask the people who run this",
    ):
        assert words in page
