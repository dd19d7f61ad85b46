"""My tasks: what somebody owes, overdue first, each date in words, its reason and its act a click away."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from desk.seen.dues import day_words, due_seen, in_short
from desk.viewer import DeskRole
from register import RegisterUnavailable
from register.drafts import Draft, keep
from rules.calendar import WorkingCalendar
from rules.limits import LIMITS
from rules.steps import Basis, Step
from rules.vocabulary import Force, Nation, Phase, Role, Unit
from tests.desk.ledgers import Ledger, days_ago, many
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.reading import Reader
from tests.desk.town import Town, Visitor
from tests.register.samples import MORNING

ENGLAND = WorkingCalendar(Nation.ENGLAND)
MONDAY = date(2026, 11, 30)
TASK = ".desk-task"


def step_due(day: date, source: str = "CPPCR 2010 reg 33(2)", force: Force = Force.REGULATION) -> Step:
    basis = Basis(
        rule="second_review", source=source, force=force, unverified=False, counted_from=date(2026, 9, 1),
        event="the first review was completed", amount=3, unit=Unit.MONTHS, before=False, due=day,
        practical_due=ENGLAND.last_working_day(day),
    )  # fmt: skip
    return Step(
        key="second_review.r", name="second_review", title="Second review", phase=Phase.REVIEW, cycle=2,
        owner=Role.IRO, basis=basis, known_at=MORNING,
    )  # fmt: skip


def tasks_of(visitor: Visitor, path: str = "/tasks") -> list[str]:
    """The tasks on every page of a list, in order, by where their reasons are."""
    found: list[str] = []
    while path:
        answer = visitor.get(path)
        assert answer.status_code == 200
        page = re.findall(r'href="(/children/[^"]+/steps/[^"]+)"', answer.text)
        assert len(page) <= 50
        found += page
        following = re.search(r'href="(/tasks[^"]*after=[^"]+)" rel="next"', answer.text)
        path = following[1].replace("&amp;", "&") if following else ""
    return found


# --- Days in words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "words", "style"),
    [
        (date(2026, 12, 3), "Due Thursday 3 December, in 3 working days", ""),
        (date(2026, 12, 2), "Due Wednesday 2 December, in 2 working days", "desk-due--soon"),
        (MONDAY, "Due today, Monday 30 November", "desk-due--soon"),
        (date(2026, 11, 27), "Was due Friday 27 November, overdue by 1 working day", "desk-due--late"),
        (date(2026, 11, 29), "Was due Sunday 29 November, overdue by 1 working day", "desk-due--late"),
        (date(2027, 1, 4), "Due Monday 4 January 2027, in 22 working days", ""),
    ],
)
def test_a_last_day_is_told_in_words_first(due: date, words: str, style: str) -> None:
    assert day_words(due, MONDAY, ENGLAND) == (words, style)


def test_a_last_day_that_passed_on_a_weekend_is_overdue_at_once() -> None:
    assert day_words(date(2026, 11, 28), date(2026, 11, 29), ENGLAND)[0] == "Was due Saturday 28 November, overdue"


def test_a_date_carries_its_source_as_people_say_it_and_the_last_working_day() -> None:
    seen = due_seen(step_due(date(2026, 12, 5)), MONDAY, ENGLAND)
    assert seen.words == "Due Saturday 5 December, in 4 working days"
    assert (seen.source, seen.practical) == ("reg 33(2)", "Last working day Friday 4 December")


def test_every_source_of_law_has_a_short_name() -> None:
    for limit in (limit for table in LIMITS.values() for limit in table.values()):
        basis = step_due(MONDAY, limit.source, limit.force).basis
        assert 1 < len(in_short(basis)) < 65
        assert not in_short(basis).startswith("CPPCR")
    assert in_short(step_due(MONDAY, "anything", Force.LOCAL).basis) == "local policy"


# --- Somebody's tasks ---------------------------------------------------------------------------------------------


async def test_an_iro_finds_what_is_overdue_its_reason_and_the_act_that_settles_it(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child("late", since=34)
    visitor = town.visitor(DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto("/tasks")
    await require_accessible(page)
    await picture(page, pictures, "tasks")
    review = page.locator(TASK).filter(has=page.get_by_text("First review", exact=True))
    await expect(review).to_contain_text(f"Example Child {town.ref('late')}")
    await expect(review).to_contain_text(
        re.compile(r"Was due \w+day \d+ \w+, overdue by \d+ working days?; reg 33\(1\)")
    )
    assert urlsplit(await _href(review, "Record the review")).path == f"/children/{episode}/record/review_held"
    await review.get_by_role("link", name="Why this date").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("First review")
    await page.go_back()
    await review.get_by_role("link", name=f"Example Child {town.ref('late')}").click()
    assert page.url.endswith(f"/children/{episode}")


async def _href(within: Locator, name: str) -> str:
    found = await within.get_by_role("link", name=name).get_attribute("href")
    assert isinstance(found, str)
    return found


def test_what_is_longest_overdue_comes_first(town: Town) -> None:
    for since in (40, 90, 60):
        Ledger(town.code, town.ref(f"since{since}"), since=since).add(
            "iro_appointed", since - 1, iro=town.ref("iro")
        ).publish(town.register)
    text = town.visitor(DeskRole.IRO).get("/tasks").text
    reviews = re.findall(r"/children/episode-of-(since\d+)[^\"]*/steps/first_review", text)
    assert reviews == ["since90", "since60", "since40"]


def test_each_post_owes_its_own(town: Town) -> None:
    child = Ledger(
        town.code, town.ref("every"), since=60, social_worker=town.ref("social-worker"),
        team_manager=town.ref("team-manager"),
    )  # fmt: skip
    child.add("iro_appointed", 59, iro=town.ref("iro"))
    child.add("review_held", 2, id="r1", participation="PN1").add("decisions_sent", 1)
    child.add("decision_made", 2, decision="D1", text="Find a dentist", owner="social_worker", due=days_ago(-9))
    child.publish(town.register)
    worker, manager, administrator = (
        town.visitor(role).get("/tasks").text
        for role in (DeskRole.SOCIAL_WORKER, DeskRole.TEAM_MANAGER, DeskRole.IRO_ADMINISTRATOR)
    )
    assert "Carry out a decision of the review</strong>: Find a dentist" in worker
    assert "decision=D1" in worker
    assert "Reply to the decisions" in manager
    assert f"review={days_ago(2)}" in manager
    assert "Record giving them the record" in administrator
    assert "Reply to the decisions" not in worker + administrator


def test_somebody_sees_nothing_of_what_others_owe_for_other_children(town: Town) -> None:
    town.person(DeskRole.IRO, "other-iro")
    Ledger(town.code, town.ref("theirs"), since=40).add("iro_appointed", 39, iro=town.ref("other-iro")).publish(
        town.register
    )
    assert "Nothing is owed by you just now" in town.visitor(DeskRole.IRO).get("/tasks").text


def test_whoever_covers_is_told_that_they_do(town: Town) -> None:
    town.person(DeskRole.IRO, "away")
    Ledger(town.code, town.ref("covered"), since=40).add("iro_appointed", 39, iro=town.ref("away")).add(
        "iro_cover_arranged", 9, cover=town.ref("iro")
    ).publish(town.register)
    assert "You cover for the IRO" in town.visitor(DeskRole.IRO).get("/tasks").text


def test_unfinished_forms_are_told_of(town: Town) -> None:
    visitor = town.visitor(DeskRole.IRO)
    assert 'href="/drafts"' not in visitor.get("/tasks").text
    for form in ("review_held", "decision_made"):
        keep(town.register, Draft(person=visitor.person, episode="e", form=form, body={}, saved_at=datetime.now(UTC)))
    assert "2 forms that you have not finished" in visitor.get("/tasks").text


def test_an_operator_has_no_tasks(town: Town) -> None:
    assert town.visitor(DeskRole.OPERATOR).get("/tasks").status_code == 403


# --- None, and many -----------------------------------------------------------------------------------------------


async def test_the_page_is_whole_with_none_one_and_many(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    reader = await Reader.signed_in(town.visitor(DeskRole.IRO), window, window_without_script, pictures)
    await reader.read("/tasks", "tasks-none")
    Ledger(town.code, town.ref("one"), since=2).add("iro_appointed", 1, iro=town.ref("iro")).publish(
        town.register, name="Example Child One-With-A-Very-Long-Name-That-Goes-On-And-On"
    )
    await reader.read("/tasks", "tasks-one")
    for ledger in many(20, town.code, "crowd"):
        ledger.add("iro_appointed", 1, iro=town.ref("iro")).publish(town.register)
    page = await reader.read("/tasks", "tasks-many", long=True)
    await expect(page.locator(TASK)).to_have_count(50)
    await reader.phone.get_by_role("link", name="Next page").click()
    await require_whole(reader.phone)
    await expect(reader.phone.get_by_role("link", name="Back to the first page")).to_be_visible()
    await reader.phone.goto("/tasks?due=overdue")
    await require_whole(reader.phone)


def test_five_hundred_tasks_are_all_there_once_a_page_at_a_time(town: Town) -> None:
    for ledger in many(80, town.code, "many"):
        ledger.add("iro_appointed", 1, iro=town.ref("iro")).publish(town.register)
    visitor = town.visitor(DeskRole.IRO)
    found = tasks_of(visitor)
    assert len(found) == len(set(found)) > 300
    numbers = [int(each) for each in re.findall(r'count__number">(\d+)<', visitor.get("/tasks").text)]
    parts = [tasks_of(visitor, f"/tasks?due={due}") for due in ("overdue", "soon", "later")]
    assert [len(each) for each in parts] == numbers
    assert [each for part in parts for each in part] == found


def test_a_place_in_the_list_that_was_never_given_leads_to_its_beginning(town: Town) -> None:
    answer = town.visitor(DeskRole.IRO).get("/tasks?after=made-up")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("count_tasks", "How many tasks there are cannot be shown just now"),
        ("of_person", "Your unfinished forms cannot be shown just now"),
        ("more_of_tasks", "First review"),
    ],
)
def test_a_part_that_cannot_be_read_says_so_and_the_rest_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch, part: str, says: str
) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    Ledger(town.code, town.ref("there"), since=40).add("iro_appointed", 39, iro=town.ref("iro")).publish(town.register)
    monkeypatch.setattr(f"desk.pages.tasks.{part}", unavailable)
    answer = town.visitor(DeskRole.IRO).get("/tasks")
    assert answer.status_code == 200
    assert says in answer.text
    assert "First review" in answer.text
