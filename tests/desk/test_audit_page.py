"""Who looked at a child's page and who did what, as the IRO manager reads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.audit import AuditEntry, Door, Outcome, audit
from rules.vocabulary import NOBODY
from tests.desk.ledgers import Ledger
from tests.desk.managers import opened, published, seen
from tests.desk.town import Town

MANAGER = DeskRole.IRO_MANAGER


def noted(town: Town, episode: str, who: str, number: int = 0, **more: object) -> None:
    given = {"way": Door.PAGE, "what": "child", "outcome": Outcome.SEEN, "episode": episode, **more}
    at = datetime.now(UTC) - timedelta(days=1) + timedelta(seconds=number)
    audit(town.register, AuditEntry.model_validate({"at": at, "who": who, **given}))


async def test_whoever_looked_and_did_something_is_there_the_latest_first(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = published(town, Ledger(town.code, f"eve-{town.code}"))
    noted(town, episode, NOBODY, 1, what="links", outcome=Outcome.DENIED, way=Door.LINK)
    noted(town, episode, "token-7", 2, what="child_consulted", outcome=Outcome.DONE, way=Door.API, detail="f-12")
    noted(town, episode, town.ref("iro"), 3, roles=("iro",), what="review_held", outcome=Outcome.REFUSED)
    assert town.visitor(DeskRole.IRO).get(f"/children/{episode}").status_code == 200
    page = await opened(window, town, MANAGER, f"/children/{episode}/audit", "audit", pictures)
    rows = page.get_by_role("row")
    for place, words in enumerate(
        (
            ("Example Iro Manager", "iro-manager-", "IRO manager, at the desk", "This list", "looked at"),
            ("Example Iro", "IRO, at the desk", "The child's page", "looked at"),
            ("Example Iro", "Review held", "refused by the rules"),
            ("token-7", "through the API", "Child consulted", "done", "f-12"),
            ("Nobody signed in", "through a private link", "The child's private links", "not allowed"),
        ),
        start=1,
    ):
        for each in words:
            await expect(rows.nth(place)).to_contain_text(each)
    await page.get_by_role("link", name="The child's page").click()
    assert page.url.endswith(f"/children/{episode}")


async def test_500_lines_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = published(town, Ledger(town.code, f"flo-{town.code}"))
    for number in range(500):
        noted(town, episode, f"visitor-{number}", number)
    page = await opened(window_without_script, town, MANAGER, f"/children/{episode}/audit", "audit-phone", pictures)
    found = set()
    while True:
        found |= {each.split()[0] for each in await page.locator("tbody tr td:nth-child(2)").all_inner_texts()}
        if not await page.get_by_role("link", name="Next page").count():
            break
        await page.get_by_role("link", name="Next page").click()
    await seen(page, "audit-last-phone", pictures)
    assert {f"visitor-{number}" for number in range(500)} <= found
    answer = town.visitor(MANAGER).get(f"/children/{episode}/audit", after="made-up")
    assert answer.headers["location"] == f"/children/{episode}/audit"


def test_the_lines_about_another_child_are_not_there(town: Town) -> None:
    mine, other = (published(town, Ledger(town.code, f"{name}-{town.code}")) for name in ("gus", "hal"))
    noted(town, other, "somebody-else")
    assert "somebody-else" not in town.visitor(MANAGER).get(f"/children/{mine}/audit").text


def test_the_childs_page_leads_there_for_whoever_may_see_it(town: Town) -> None:
    episode = published(town, Ledger(town.code, f"ida-{town.code}"))
    assert f"/children/{episode}/audit" in town.visitor(MANAGER).get(f"/children/{episode}").text
    assert f"/children/{episode}/audit" not in town.visitor(DeskRole.IRO).get(f"/children/{episode}").text
