"""Caseloads: what each IRO has to do, when they are away, and who could hand on to whom."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.directory import add_people, add_person, record_absence, set_last_day
from rules.directory import Absence, IroTerms, Person
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger
from tests.desk.managers import MANY, children, opened, published, seen
from tests.desk.town import Town, Visitor, days_ago, today

MANAGER = DeskRole.IRO_MANAGER


def iro(town: Town, name: str, **terms: float) -> str:
    """An IRO with hours and a limit of their own."""
    reference = town.ref(name)
    person = Person(reference=reference, name=f"Example {name.title()}", role=Role.IRO, authority=town.code)
    given = IroTerms.model_validate({"iro": reference, **terms})
    add_person(town.register, person, given, "test", datetime.now(UTC))
    return reference


async def test_each_iro_is_there_with_children_places_and_what_is_overdue(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    iro(town, "anna", hours=0.5, full_time_limit=4)
    for number in range(3):
        published(town, Ledger(town.code, f"a{number}-{town.code}", since=50), "anna")
    record_absence(
        town.register,
        Absence(person=town.ref("anna"), since=days_ago(2), until=today() + timedelta(days=9), cover=town.ref("iro")),
        "test",
        datetime.now(UTC),
    )
    set_last_day(town.register, town.ref("iro"), today() + timedelta(days=30), "test", datetime.now(UTC))
    page = await opened(window, town, MANAGER, "/caseloads", "caseloads", pictures)
    await expect(page.get_by_text("2 IROs have 3 children, and 72 places for their hours.")).to_be_visible()
    await expect(page.get_by_text("1 has more children than places.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Example Anna")
    for words in ("0.5 of full time", "3 of 2", "1 child too many", "6", "under guidance", "their own"):
        await expect(row).to_contain_text(words)
    await expect(row).to_contain_text(re.compile(r"Away until .*, covered by Example"))
    await expect(page.get_by_role("row").filter(has_text=town.ref("iro")).last).to_contain_text("Leaves")
    await row.get_by_role("link", name=re.compile("overdue, of the children of Example Anna")).click()
    await expect(page).to_have_url(re.compile(f"/children\\?iro={town.ref('anna')}&overdue=true"))


def test_a_load_is_weighed_against_guidance_for_full_time_hours(town: Town) -> None:
    iro(town, "full")
    iro(town, "half", hours=0.5)
    iro(town, "over", hours=0.5)
    for name, number in (("full", 50), ("half", 20), ("over", 36)):
        children(town, number, iro=name, name=name)
    page = town.visitor(MANAGER).get("/caseloads").text
    for name, words in (
        ("Full", '50<br><span class="desk-quiet">within guidance'),
        ("Half", '40<br><span class="desk-quiet">under guidance'),
        ("Over", '72<br><span class="desk-quiet">over guidance'),
    ):
        assert words in page[page.index(f"Example {name}") :]
    assert "full time" in page and "1 child too many" in page


async def test_with_no_iro_the_page_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    lone = Visitor(town.served, "lone", "Example Manager", "996", MANAGER)
    await lone.sign_in(window)
    page = await window.new_page()
    await page.goto("/caseloads")
    await expect(page.get_by_text("There is no IRO in the directory.")).to_be_visible()
    await seen(page, "caseloads-none", pictures)


async def test_500_iros_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    references = [town.ref(f"n{number:03}") for number in range(MANY)]
    newcomers = [
        (Person(reference=each, name=f"Example {each}", role=Role.IRO, authority=town.code), IroTerms(iro=each))
        for each in references
    ]
    add_people(town.register, newcomers, "test", datetime.now(UTC))
    page = await opened(window_without_script, town, MANAGER, "/caseloads", "caseloads-many-phone", pictures)
    found = set()
    while True:
        found |= set(await page.locator("tbody th .desk-quiet").all_text_contents())
        if not await page.get_by_role("link", name="Next page").count():
            break
        await page.get_by_role("link", name="Next page").click()
    assert len(found) == MANY + 1
    assert town.visitor(MANAGER).get("/caseloads", after="made-up").headers["location"] == "/caseloads"


async def test_who_could_hand_on_to_whom_is_told_with_where_to_do_it(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    iro(town, "free")
    for number in range(6):
        published(town, Ledger(town.code, f"b{number}-{town.code}", since=3 + number))
    page = await opened(window, town, MANAGER, "/caseloads/balance", "balance", pictures)
    await expect(page.get_by_text("2 children could have another IRO")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=f"b0-{town.code}")
    await expect(row).to_contain_text("Example Free")
    await expect(row).to_contain_text("No review was held with this IRO")
    await row.get_by_role("link", name=re.compile(f"Appoint another ?: b0-{town.code}")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"The IRO of b0-{town.code}")


async def test_where_the_load_is_even_nothing_is_proposed(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    page = await opened(window, town, MANAGER, "/caseloads/balance", "balance-none", pictures)
    await expect(page.get_by_text("Nothing to propose.")).to_be_visible()
