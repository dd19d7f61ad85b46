"""The operators' pages: what is overdue, the post, the workers, the register; and nobody's name."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect
from sqlalchemy import select

from desk.seen.operations import workflow_href
from desk.serving import serving_desk
from desk.settings import DeskSettings
from desk.viewer import DeskRole
from register import migrate, open_register
from register.audit import Outcome
from register.contacts import add_contact
from register.engine import reading
from register.episode_tables import EpisodeRow
from register.post_tables import ContactRow
from register.queries import owed_notices
from register.service_tables import PersonRow
from register.webhooks import add_webhook
from register.work import overdue_counts
from rules.network import NetworkContact
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger
from tests.desk.managers import as_seen_there, audit_of, children, opened, published, seen, without_temporal
from tests.desk.town import Served, Town
from tests.register.mail import DOWN, came_to_nobody, stuck_message

OPERATOR = DeskRole.OPERATOR
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def with_web_page(served: Served) -> Iterator[Served]:
    """A desk that knows where Temporal's web page is."""
    settings = DeskSettings(operations_url="https://temporal.example.org/")
    with serving_desk(replace(served.desk, desk=settings), 0) as url:
        yield Served(served.desk, url)


# --- The overview ---------------------------------------------------------------------------------------------------


async def test_with_nothing_there_the_page_says_so(town: Town, window: BrowserContext, pictures: Path | None) -> None:
    page = await opened(window, town, OPERATOR, "/operations", "operations-none", pictures)
    await expect(page.get_by_text("Nothing is overdue.")).to_be_visible()
    await expect(page.get_by_text("No webhook is in use.")).to_be_visible()


async def test_the_workers_the_register_and_the_post_are_told(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    await town.child(since=60)
    page = await opened(window, town, OPERATOR, "/operations", "operations", pictures)
    main = page.locator("main")
    for words in (
        "Workers and the queue iro-review-cycle",
        "Workflow tasks",
        "Activity tasks",
        "Notices waiting to be addressed",
        "SQLite",
        "Migration",
        "Rows of episode",
        "Last published",
    ):
        await expect(main).to_contain_text(words)
    workers = main.locator(".govuk-summary-list__row").filter(has_text="Workers that asked for work lately").first
    await expect(workers.locator("dd")).to_have_text(re.compile(r"[1-9]\d*"))
    await expect(main.get_by_text(re.compile(r"asked \d+ seconds? ago|asked \d+ minutes? ago")).first).to_be_visible()


async def test_the_numbers_of_what_is_overdue_lead_to_lists_of_episodes(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child(since=60)
    counts = overdue_counts(town.register, town.code, today=town.served.desk.today)
    page = await opened(window, town, OPERATOR, "/operations", "operations-overdue", pictures)
    for kind, words, number in (
        ("stage", "Preparation", next(many for stage, many in counts.by_stage.items() if stage == "preparation")),
        ("rung", "Assistant director", counts.by_rung["assistant_director"]),
    ):
        await page.goto("/operations")
        box = page.get_by_role("navigation", name=f"Overdue by {kind}").get_by_role("link", name=words)
        await expect(box).to_contain_text(str(number))
        await box.click()
        assert await page.locator("tbody tr").count() == number
    await seen(page, "operations-steps", pictures)
    await page.get_by_role("link", name=re.compile(episode)).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(episode)


async def test_what_is_stuck_and_what_reached_nobody_is_told_by_its_number(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    number = stuck_message(town.register, town.ref("iro"), at=NOW, episode=episode)
    came_to_nobody(town.register, episode, owed_notices(town.register, episode)[0].key, at=NOW)
    _, secret = add_webhook(
        town.register, authority=town.code, url="https://receiver.example.org/very-secret", seal=str, by="test", at=NOW
    )
    page = await opened(window, town, OPERATOR, "/operations", "operations-troubles", pictures)
    stuck = page.get_by_role("table", name=f"Messages of authority {town.code} that are stuck")
    for words in (str(number), "escalation", "email", episode, DOWN, "Tried 3 times"):
        await expect(stuck).to_contain_text(words)
    lost = page.get_by_role("table", name=f"Notices of authority {town.code} that reached nobody")
    await expect(lost).to_contain_text("nobody found")
    await expect(page.get_by_role("table", name="Webhooks in use")).to_contain_text("all is well")
    assert "very-secret" not in await page.content() and secret not in await page.content()


async def test_while_temporal_does_not_answer_that_part_says_so_and_the_rest_stays(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child(since=60)
    with without_temporal(town.served) as there:
        await as_seen_there(town, there).visitor(OPERATOR).sign_in(window)
        page = await window.new_page()
        await page.goto(f"{there.url}/operations")
        await expect(page.get_by_text("Temporal does not answer, and it cannot be shown just now")).to_be_visible()
        await expect(page.get_by_text("steps are overdue.")).to_be_visible()
        await expect(page.get_by_text("Rows of episode")).to_be_visible()
        await seen(page, "operations-server-down", pictures)
        assert (await page.goto(f"{there.url}/operations/episodes/{episode}")).status == 200  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("role", "path", "without", "says", "stays"),
    [
        (OPERATOR, "/operations", "webhook", "The webhooks cannot be shown just now", "Rows of episode"),
        (OPERATOR, "/operations", "undelivered", "What reached nobody cannot be shown just now", "Rows of episode"),
        (DeskRole.IRO_MANAGER, "/overdue", "escalation", "Who was told cannot be shown just now", "First review"),
        (DeskRole.IRO_MANAGER, "/caseloads", "absence", "When IROs are away cannot be shown just now", "Steps overdue"),
        (
            DeskRole.IRO_MANAGER,
            "/mail",
            "undelivered",
            "How many did not arrive cannot be shown just now",
            "Nobody had",
        ),
        (DeskRole.IRO_MANAGER, "/digest", "digest_setting", "Who the digest is sent to cannot be shown", "No digest"),
    ],
)
def test_a_part_that_cannot_be_read_says_so_and_the_rest_stays(
    town: Town, tmp_path: Path, role: DeskRole, path: str, without: str, says: str, stays: str
) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    broken = replace(town.served.desk, register=open_register(url), _dialling=asyncio.Lock())
    with serving_desk(broken, 0) as there:
        elsewhere = Town.founded(Served(broken, there), town.temporal, town.code)
        published(elsewhere, Ledger(town.code, f"part-{town.code}", since=60))
        with broken.register.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {without} RENAME TO lost")
        page = elsewhere.visitor(role).get(path)
    assert page.status_code == 200
    assert says in page.text and stays in page.text


# --- Episodes -------------------------------------------------------------------------------------------------------


async def test_episodes_are_found_by_stage_and_by_what_is_overdue(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    late, new = await town.child(since=60), await town.child(since=0, iro=None)
    page = await opened(window, town, OPERATOR, "/operations/episodes", "operations-episodes", pictures)
    assert {late, new} == set(await page.locator("tbody th").all_inner_texts())
    await page.get_by_label("Stage").select_option("allocation")
    await page.get_by_role("button", name="Narrow the list").click()
    assert await page.locator("tbody th").all_inner_texts() == [new]
    await page.get_by_label("Stage").select_option("")
    await page.get_by_label("Overdue steps").check()
    await page.get_by_role("button", name="Narrow the list").click()
    total = overdue_counts(town.register, town.code, today=town.served.desk.today).total
    assert await page.locator("tbody tr").count() == total
    await page.get_by_label("Highest rung that a step has reached").select_option("reminder")
    await page.get_by_role("button", name="Narrow the list").click()
    await seen(page, "operations-episodes-narrowed", pictures)


async def test_500_episodes_are_shown_a_page_at_a_time_on_a_phone_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    made = children(town, 500)
    page = await opened(
        window_without_script, town, OPERATOR, "/operations/episodes", "operations-episodes-phone", pictures
    )
    found: set[str] = set()
    while True:
        found |= set(await page.locator("tbody th").all_inner_texts())
        if not await page.get_by_role("link", name="Next page").count():
            break
        await page.get_by_role("link", name="Next page").click()
    assert found == set(made)
    visitor = town.visitor(OPERATOR)
    assert visitor.get("/operations/episodes", after="made-up").headers["location"] == "/operations/episodes"
    assert visitor.get("/operations/episodes", overdue="true", after="made-up").status_code == 303


async def test_one_episode_is_told_by_the_keys_of_its_steps_with_a_link_to_its_workflow(
    town: Town, with_web_page: Served, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child(since=60)
    await as_seen_there(town, with_web_page).visitor(OPERATOR).sign_in(window)
    page = await window.new_page()
    await page.goto(f"{with_web_page.url}/operations/episodes/{episode}")
    row = page.get_by_role("row").filter(has_text="first_review")
    for words in ("Review, cycle 1", "IRO", "open", "reminder, breach, service manager, assistant director"):
        await expect(row).to_contain_text(words)
    for words in ("Revision", "Rules", "Policy", "Calendar", "notices have not gone out yet"):
        await expect(page.locator("main")).to_contain_text(words)
    link = page.get_by_role("link", name="The workflow in Temporal's web page")
    assert await link.get_attribute("href") == f"https://temporal.example.org/namespaces/default/workflows/{episode}"
    await page.get_by_text("Closed steps, the last 3").click()
    await seen(page, "operations-episode", pictures)
    assert [(each.what, each.outcome) for each in audit_of(town, episode) if each.who == "operator"] == [
        ("case_without_names", Outcome.SEEN)
    ]


def test_an_episode_of_another_authority_is_not_there(town: Town) -> None:
    other = published(town, Ledger("994", f"other-{town.code}"))
    operator = town.visitor(OPERATOR)
    for episode in (other, f"episode-nobody-{town.code}"):
        assert operator.get(f"/operations/episodes/{episode}").status_code == 404
        assert [each.outcome for each in audit_of(town, episode)] == [Outcome.DENIED]
    assert other not in operator.get("/operations/episodes").text


@pytest.mark.parametrize(
    ("page", "namespace", "href"),
    [
        (None, "default", None),
        ("http://127.0.0.1:8233", "default", "http://127.0.0.1:8233/namespaces/default/workflows/episode-1"),
        ("http://t/ui/", "a/b", "http://t/ui/namespaces/a%2Fb/workflows/episode-1"),
    ],
)
def test_the_address_of_a_workflow_is_that_of_temporals_web_page(
    page: str | None, namespace: str, href: str | None
) -> None:
    assert workflow_href(page, namespace, "episode-1") == href


# --- Nobody's name ----------------------------------------------------------------------------------------------------


async def crowded(town: Town) -> list[str]:
    """Children with people around them, with words of theirs in the case, and post that did not arrive."""
    for name in ("second", "third"):
        town.person(DeskRole.IRO, name)
    episodes = [await town.child(f"kid{number}", since=60 + number) for number in range(3)]
    episodes.append(await town.child("fresh", iro=None, since=0))
    for number, role in enumerate((Role.CARER, Role.PARENTS, Role.SCHOOL)):
        known = NetworkContact(
            reference=town.ref(f"around{number}"), authority=town.code, child=town.ref("kid0"), role=role,
            name=f"Surname{number} Of The Network", email=f"network{number}@example.org", phone="01632 960123",
        )  # fmt: skip
        add_contact(town.register, known, "test", NOW)
    await town.record(episodes[0], "iro_change_asked", reason="Words of the child, which are private.")
    await town.record(episodes[0], "step_exempted", step="discussion", reason="Words of somebody, likewise.")
    await town.record(episodes[1], "iro_post_vacated", reason="LEFTRL")
    stuck_message(town.register, town.ref("around0"), at=NOW, episode=episodes[0], role=Role.CARER)
    for notice in owed_notices(town.register, episodes[0])[:3]:
        came_to_nobody(town.register, episodes[0], notice.key, tried_to=town.ref("around1"), at=NOW)
    return episodes


def who_there_is(town: Town) -> set[str]:
    """Every name and every reference of the authority's directory, of its children and of those around them."""
    people = select(PersonRow.reference, PersonRow.name, PersonRow.email).where(PersonRow.authority == town.code)
    around = select(ContactRow.reference, ContactRow.name, ContactRow.email, ContactRow.child).where(
        ContactRow.authority == town.code
    )
    cases = select(EpisodeRow.child, EpisodeRow.iro, EpisodeRow.social_worker, EpisodeRow.team_manager).where(
        EpisodeRow.authority == town.code
    )
    with reading(town.register) as connection:
        rows = [row for wanted in (people, around, cases) for row in connection.execute(wanted)]
    return {str(value) for row in rows for value in row if value}


async def test_no_operators_page_has_anybodys_name_reference_or_words(town: Town) -> None:
    episodes = await crowded(town)
    operator = town.visitor(OPERATOR)
    paths = ["/operations", "/operations/episodes", "/operations/episodes?overdue=true"]
    paths += [f"/operations/episodes?stage={stage}" for stage in ("allocation", "informing", "preparation", "review")]
    paths += [f"/operations/episodes?rung={rung}" for rung in ("reminder", "breach", "assistant_director")]
    paths += [f"/operations/episodes/{episode}" for episode in episodes]
    pages = {path: operator.get(path) for path in paths}
    known = who_there_is(town)
    assert {"Surname0 Of The Network", town.ref("kid0"), town.ref("third"), f"Example Iro {town.code}"} <= known
    assert len(known) > 25
    for path, answer in pages.items():
        assert answer.status_code == 200
        words = re.sub(r"Signed in as [^<]*", "", answer.text)
        said = [each for each in known if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", words)]
        assert said == [], f"{path} tells {said}"
        for private in ("Words of the child", "Words of somebody", "01632 960123", "@example.org", "Surname"):
            assert private not in words, f"{path} tells {private!r}"
    assert any(episodes[0] in answer.text for answer in pages.values())


def test_a_search_for_names_would_find_one(town: Town) -> None:
    """The same search on a page that shows names."""
    published(town, Ledger(town.code, f"shown-{town.code}", since=60), iro=None)
    known = who_there_is(town)
    page = town.visitor(DeskRole.IRO_MANAGER).get("/overdue").text
    assert any(each in page for each in known)
