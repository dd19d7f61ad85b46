"""My children, for managers the children of the authority: what is due next for each, and finding one by reference."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register import RegisterUnavailable
from register.audit import Outcome
from tests.audit_log import audited
from tests.desk.ledgers import Ledger, days_ago, many
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.reading import Reader
from tests.desk.town import Town, Visitor

ROW = "tbody tr"


def listed(answer: httpx.Response) -> list[str]:
    """The episodes that a page lists, in order."""
    return re.findall(
        r'<th class="govuk-table__header" scope="row" role="rowheader"><a [^>]*href="/children/([^"]+)"', answer.text
    )


def all_listed(visitor: Visitor, path: str) -> list[str]:
    """The episodes on every page of a list."""
    found: list[str] = []
    while path:
        answer = visitor.get(path)
        found += listed(answer)
        following = re.search(r'href="(/children\?[^"]*after=[^"]+)" rel="next"', answer.text)
        path = following[1].replace("&amp;", "&") if following else ""
    return found


def with_iro(town: Town, name: str, iro: str = "iro", since: int = 30) -> Ledger:
    ledger = Ledger(
        town.code, town.ref(name), since=since, social_worker=town.ref("social-worker"),
        team_manager=town.ref("team-manager"),
    )  # fmt: skip
    return ledger.add("iro_appointed", since - 1, iro=town.ref(iro))


# --- The list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [DeskRole.IRO, DeskRole.SOCIAL_WORKER, DeskRole.TEAM_MANAGER])
def test_somebody_in_a_post_of_the_case_sees_their_own_children_only(town: Town, role: DeskRole) -> None:
    own = with_iro(town, "own").publish(town.register)
    town.person(DeskRole.IRO, "other-iro")
    other = Ledger(town.code, town.ref("other"), since=30, social_worker="sw-x", team_manager="tm-x")
    other.add("iro_appointed", 29, iro=town.ref("other-iro")).publish(town.register)
    answer = town.visitor(role).get("/children")
    assert listed(answer) == [own]
    assert "My children" in answer.text


@pytest.mark.parametrize("role", [DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR])
def test_those_who_see_the_service_see_every_child_of_their_authority(town: Town, role: DeskRole) -> None:
    own = [with_iro(town, name, since=since).publish(town.register) for name, since in (("b", 40), ("a", 20))]
    answer = town.visitor(role).get("/children")
    assert listed(answer) == own
    assert "Children of the authority" in answer.text


def test_somebody_with_children_in_two_posts_looks_as_one_of_them_at_a_time(town: Town) -> None:
    as_iro = with_iro(town, "as-iro").publish(town.register)
    managed = Ledger(town.code, town.ref("managed"), since=30, team_manager=town.ref("iro")).publish(town.register)
    both = Visitor(town.served, town.ref("iro"), "Example", town.code, DeskRole.IRO, DeskRole.TEAM_MANAGER)
    assert listed(both.get("/children")) == [as_iro]
    assert "As team manager" in both.get("/children").text
    assert listed(both.get("/children", post="team_manager")) == [managed]
    assert "As team manager" not in town.visitor(DeskRole.IRO).get("/children").text


def test_a_row_says_the_stage_the_review_what_is_due_and_who_the_iro_is(town: Town) -> None:
    ledger = with_iro(town, "row", since=14)
    ledger.add("review_arranged", 1, planned_for=days_ago(-4)).publish(town.register, name="Example Child Row")
    text = town.visitor(DeskRole.IRO).get("/children").text
    assert "Example Child Row" in text
    assert town.ref("row") in text
    assert re.search(r"Planned for \w+day \d+ \w+; last day \w+day \d+ \w+", text)
    assert "Was due" in text
    assert f"Example Iro {town.code}" in text.replace("IRO", "Iro")


def test_a_review_planned_after_its_last_day_says_so(town: Town) -> None:
    with_iro(town, "late", since=14).add("review_arranged", 1, planned_for=days_ago(-60)).publish(town.register)
    assert "; after its last day, " in town.visitor(DeskRole.IRO).get("/children").text


def test_a_review_that_has_opened_says_by_when_it_is_to_be_completed(town: Town) -> None:
    with_iro(town, "opened", since=14).add("review_opened", 2).publish(town.register)
    assert "Has opened; complete it by" in town.visitor(DeskRole.IRO).get("/children").text


def test_an_iro_proposed_is_told_as_such(town: Town) -> None:
    ledger = Ledger(town.code, town.ref("proposed"), since=3)
    ledger.add("iro_proposed", 2, by="system", iro=town.ref("iro")).publish(town.register)
    text = town.visitor(DeskRole.IRO_MANAGER).get("/children").text
    assert re.search(r"None; Example .* is proposed", text)


def test_closed_cases_are_shown_when_asked_for_and_ending_care_closes_none_at_once(town: Town) -> None:
    closed = with_iro(town, "closed", since=90).add("care_ended", 60, reason="E4A")
    closed.add("iro_made_known", 88, recipient="child", way="letter").publish(town.register)
    ended = with_iro(town, "ended", since=90).add("review_held", 30, participation="PN1")
    ended.add("care_ended", 2, reason="E4A").publish(town.register)
    visitor = town.visitor(DeskRole.IRO_MANAGER)
    answer = visitor.get("/children")
    assert listed(answer) == [ended.episode]
    assert "; care ended" in answer.text
    assert set(listed(visitor.get("/children?ended=true"))) == {closed.episode, ended.episode}


def test_a_manager_narrows_the_list(town: Town) -> None:
    town.person(DeskRole.IRO, "second-iro")
    one = with_iro(town, "one").publish(town.register)
    two = with_iro(town, "two", iro="second-iro", since=2).publish(town.register)
    none = Ledger(town.code, town.ref("none"), since=1).publish(town.register)
    visitor = town.visitor(DeskRole.IRO_MANAGER)
    assert set(listed(visitor.get("/children"))) == {one, two, none}
    assert listed(visitor.get("/children", iro=town.ref("second-iro"))) == [two]
    assert listed(visitor.get("/children", overdue="true")) == [one]
    assert listed(visitor.get("/children", stage="allocation")) == [none]
    assert "No child is like that" in visitor.get("/children", stage="challenge").text
    assert set(listed(visitor.get("/children", stage="", iro=""))) == {one, two, none}


def test_an_iro_cannot_ask_for_the_children_of_another(town: Town) -> None:
    town.person(DeskRole.IRO, "second-iro")
    with_iro(town, "theirs", iro="second-iro").publish(town.register)
    assert listed(town.visitor(DeskRole.IRO).get("/children", iro=town.ref("second-iro"))) == []


# --- Finding a child ----------------------------------------------------------------------------------------------


def test_a_child_is_found_by_reference_which_stands_in_no_address(town: Town) -> None:
    episode = with_iro(town, "found").publish(town.register)
    for role in (DeskRole.IRO, DeskRole.IRO_MANAGER):
        answer = town.visitor(role).post("/children", {"reference": f" {town.ref('found')} "})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/children/{episode}")


@pytest.mark.parametrize(
    ("given", "fault"),
    [("", "Enter the child&#39;s reference"), ("NOBODY-9", "No child that you see"), ("a\0b", "No child that you see")],
)
def test_a_reference_that_leads_nowhere_is_told_beside_the_field(town: Town, given: str, fault: str) -> None:
    answer = town.visitor(DeskRole.IRO).post("/children", {"reference": given})
    assert answer.status_code == 422
    assert answer.text.count(fault) == 2
    assert "<title>Error: " in answer.text


def test_a_child_of_somebody_else_is_not_found_and_the_try_is_noted(town: Town) -> None:
    town.person(DeskRole.IRO, "other-iro")
    episode = with_iro(town, "hidden", iro="other-iro").publish(town.register)
    visitor = town.visitor(DeskRole.IRO)
    answer = visitor.post("/children", {"reference": town.ref("hidden")})
    assert answer.status_code == 422
    [entry] = audited(town.register, episode=episode)
    assert (entry.who, entry.outcome) == (visitor.person, Outcome.DENIED)


def test_an_operator_sees_no_children(town: Town) -> None:
    visitor = town.visitor(DeskRole.OPERATOR)
    assert visitor.get("/children").status_code == 403
    assert visitor.post("/children", {"reference": "x"}).status_code == 403


# --- None, and many -----------------------------------------------------------------------------------------------


async def test_the_page_is_whole_with_none_one_and_many(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    reader = await Reader.signed_in(town.visitor(DeskRole.IRO_MANAGER), window, window_without_script, pictures)
    await reader.read("/children", "children-none")
    with_iro(town, "one").publish(town.register, name="Example Child One-With-A-Very-Long-Name-That-Goes-On-And-On")
    await reader.read("/children?overdue=true", "children-one")
    for ledger in many(60, town.code, "crowd"):
        ledger.add("iro_appointed", 1, iro=town.ref("iro")).publish(town.register)
    page = await reader.read("/children", "children-many", long=True)
    await expect(page.locator(ROW)).to_have_count(50)
    await reader.phone.get_by_role("link", name="Next page").click()
    await require_whole(reader.phone)


async def test_a_manager_finds_a_child_in_the_browser(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child("wanted")
    await town.visitor(DeskRole.IRO_MANAGER).sign_in(window)
    page = await window.new_page()
    await page.goto("/children")
    await page.get_by_label("The child's reference").fill("nobody")
    await page.get_by_role("button", name="Find the child").click()
    await expect(page.get_by_role("alert")).to_contain_text("No child that you see has that reference")
    await require_accessible(page)
    await picture(page, pictures, "children-fault")
    await page.get_by_label("The child's reference").fill(town.ref("wanted"))
    await page.get_by_role("button", name="Find the child").click()
    assert page.url.endswith(f"/children/{episode}")
    await page.goto("/children")
    await page.get_by_text("Narrow the list").first.click()
    await page.get_by_label("Stage").select_option("Challenge")
    await page.get_by_role("button", name="Narrow the list").click()
    await expect(page.get_by_text("No child is like that")).to_be_visible()


def test_five_hundred_children_are_all_there_once(town: Town) -> None:
    episodes = [
        ledger.publish(town.register)
        for ledger in many(230, town.code, "many", social_worker=town.ref("social-worker"))
    ]
    found = all_listed(town.visitor(DeskRole.SOCIAL_WORKER), "/children")
    assert len(found) == 230
    assert sorted(found) == sorted(episodes)


def test_a_place_in_the_list_that_was_never_given_leads_to_its_beginning(town: Town) -> None:
    answer = town.visitor(DeskRole.IRO_MANAGER).get("/children?stage=review&after=made-up")
    assert (answer.status_code, answer.headers["location"]) == (303, "/children?stage=review")


def test_a_part_that_cannot_be_read_says_so_and_the_rest_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    episode = with_iro(town, "there").publish(town.register)
    monkeypatch.setattr("desk.pages.children.more_of_episodes", unavailable)
    monkeypatch.setattr("desk.pages.children.people", unavailable)
    answer = town.visitor(DeskRole.IRO_MANAGER).get("/children")
    assert listed(answer) == [episode]
    assert "cannot be shown just now" in answer.text
