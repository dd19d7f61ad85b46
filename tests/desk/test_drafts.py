"""Drafts: what is written in a form is kept while it is written, found again, and dropped when it is recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import update

from client.episodes import record
from desk.viewer import DeskRole
from register.audit import Outcome
from register.desk_sessions import IDLE
from register.desk_tables import SessionRow
from register.drafts import Draft, keep, kept, of_person
from register.engine import writing
from register.queries import facts
from rules.facts import parse_fact
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Town, Visitor, today

NOW = datetime.now(UTC)
FORM = "f-0123456789abcdef"
WORDS = "The child would like the review at school.\n\nAnd a friend to come."


async def talk(page: Page, episode: str) -> None:
    """Open the form of the talk with the child, and write a little."""
    await page.goto(f"/children/{episode}/record/child_consulted")
    await page.get_by_label("It would not be appropriate").check()
    await page.get_by_label("Why, or what else should be known").fill(WORDS)


def let_lapse(town: Town, visitor: Visitor) -> None:
    """Have somebody have done nothing for too long."""
    long_ago = town.served.desk.clock() - IDLE - timedelta(minutes=1)
    with writing(town.register) as connection:
        connection.execute(update(SessionRow).where(SessionRow.person == visitor.person).values(seen_at=long_ago))


def draft_fields(visitor: Visitor, **more: str) -> dict[str, str]:
    return {"form_fact": FORM, "form_revision": "1", "reason": WORDS, **more}


async def test_what_is_written_is_kept_by_itself_and_found_again(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await talk(page, episode)
    await expect(page.locator("[data-draft-status]")).to_contain_text("Kept at")
    await require_accessible(page)
    again = await window.new_page()
    await again.goto(f"/children/{episode}/record/child_consulted")
    await expect(again.get_by_label("Why, or what else should be known")).to_have_value(WORDS)
    await expect(again.get_by_label("It would not be appropriate")).to_be_checked()
    await expect(again.get_by_text("It is not recorded yet")).to_be_visible()
    await require_accessible(again)
    await picture(again, pictures, "draft-found")
    await again.goto(f"/children/{episode}/record")
    await expect(again.get_by_role("heading", name="Go on with what you began")).to_be_visible()
    # Sent, it is a draft no more.
    await page.get_by_label("Today").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    assert of_person(town.register, visitor.person) == []
    assert next(entry.fact for entry in facts(town.register, episode) if entry.fact.kind == "child_consulted")


async def test_it_is_left_for_later_without_script_listed_and_discarded(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.visitor(DeskRole.IRO).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto("/drafts")
    await expect(page.get_by_text("You have no unfinished form")).to_be_visible()
    await require_whole(page)
    await talk(page, episode)
    await page.get_by_role("button", name="Save and finish later").click()
    await expect(page.get_by_text("What you wrote is kept. It is not recorded yet.")).to_be_visible()
    await require_whole(page)
    await picture(page, pictures, "drafts-phone")
    await page.get_by_role("link", name="Record the talk with the child").click()
    await expect(page.get_by_label("Why, or what else should be known")).to_have_value(WORDS)
    await page.get_by_role("button", name="Discard it and start afresh").click()
    await expect(page.get_by_label("Why, or what else should be known")).to_have_value("")
    await page.goto("/drafts")
    await expect(page.get_by_text("You have no unfinished form")).to_be_visible()


async def test_a_session_that_ended_meanwhile_loses_nothing(town: Town, window_without_script: BrowserContext) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    await visitor.sign_in(window_without_script)
    page = await window_without_script.new_page()
    await talk(page, episode)
    let_lapse(town, visitor)
    await page.get_by_label("Today").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    assert "/sign-in?next=/children/" in page.url
    await town.visitor(DeskRole.IRO).sign_in(window_without_script)
    await page.goto(f"/children/{episode}/record/child_consulted")
    await expect(page.get_by_label("Why, or what else should be known")).to_have_value(WORDS)
    await expect(page.get_by_label("Today")).to_be_checked()


async def test_a_session_that_ended_keeps_a_form_and_nothing_else(town: Town) -> None:
    episode, theirs, visitor = await town.child(), await town.child(iro=None), town.visitor(DeskRole.IRO)
    let_lapse(town, visitor)

    def sent(about: str, form: str, **more: str) -> None:
        wanted = {"draft_episode": about, "draft_form": form, **draft_fields(visitor, **more)}
        answer = visitor.post(f"/children/{episode}/record/child_consulted", wanted)
        assert answer.headers["location"].startswith("/sign-in")

    sent(episode, "nothing_known")
    sent(episode, "child_consulted", other="x" * 200_000)
    sent(episode, "child_consulted", **{f"field-{number}": "x" for number in range(500)})
    for about in (theirs, "episode-guessed", "no\x00episode"):
        sent(about, "child_consulted")
    assert of_person(town.register, visitor.person) == []
    sent(episode, "child_consulted", finish="yes")
    assert [draft.body for draft in of_person(town.register, visitor.person)] == [
        {name: [value] for name, value in draft_fields(visitor).items()}
    ]


async def test_two_steps_have_two_drafts(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    for step in ("tell_child", "tell_others"):
        visitor.post(f"/drafts/{episode}/iro_told:{step}", draft_fields(visitor, form_step=step, given=step[5:]))
    assert {draft.form for draft in of_person(town.register, visitor.person)} == {
        "iro_told:tell_child",
        "iro_told:tell_others",
    }
    page = visitor.get(f"/children/{episode}/record/iro_told", step="tell_child")
    assert "It is not recorded yet" in page.text
    assert "It is not recorded yet" not in visitor.get(f"/children/{episode}/record/iro_told").text


async def test_what_was_recorded_after_all_is_no_draft_any_more(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    visitor.post(f"/drafts/{episode}/child_consulted", draft_fields(visitor))
    fact = parse_fact(
        {"kind": "child_consulted", "id": FORM, "on": today(), "by": visitor.person, "outcome": "refused"}
    )
    await record(town.temporal, episode, fact, town.register)
    assert WORDS not in visitor.get(f"/children/{episode}/record/child_consulted").text
    assert of_person(town.register, visitor.person) == []
    assert visitor.post(f"/drafts/{episode}/child_consulted", draft_fields(visitor)).text == "Recorded."
    assert of_person(town.register, visitor.person) == []


async def test_a_link_about_something_else_than_the_draft_says_so(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    visitor.post(f"/drafts/{episode}/views_gathered", draft_fields(visitor, source="carer"))
    path = f"/children/{episode}/record/views_gathered"
    assert "about something else than the link" in visitor.get(path, source="parents").text
    assert "about something else than the link" not in visitor.get(path, source="carer").text


async def test_a_draft_about_a_child_who_is_not_theirs_is_not_kept(town: Town) -> None:
    episode = await town.child(iro=None)
    visitor = town.visitor(DeskRole.IRO)
    for about in (episode, "episode-guessed"):
        assert visitor.post(f"/drafts/{about}/child_consulted", draft_fields(visitor)).status_code == 404
    assert of_person(town.register, visitor.person) == []
    assert [entry.outcome for entry in audited(town.register, who=visitor.person)] == [Outcome.DENIED] * 2


async def test_a_draft_of_a_child_who_is_no_longer_theirs_is_listed_without_the_child(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    visitor.post(f"/drafts/{episode}/child_consulted", draft_fields(visitor))
    await town.record(episode, "iro_appointed", iro=town.person(DeskRole.IRO, "iro-2"), reason="For this test")
    listed = visitor.get("/drafts").text
    assert "A child you do not work with any more" in listed
    assert "Example Child" not in listed


async def test_a_draft_is_a_form_and_not_a_store(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    assert visitor.post(f"/drafts/{episode}/nothing_known", draft_fields(visitor)).status_code == 404
    assert visitor.post(f"/drafts/{episode}/child_consulted", {"reason": "x" * 200_000}).status_code == 413
    assert visitor.post(f"/drafts/{episode}/child_consulted", {"reason": "x"}, csrf="another").status_code == 403
    assert kept(town.register, visitor.person, episode, "child_consulted") is None


async def test_an_operator_has_no_drafts(town: Town) -> None:
    visitor = town.visitor(DeskRole.OPERATOR)
    assert visitor.get("/drafts").status_code == 403


async def test_nobody_sees_anybody_elses_draft(town: Town) -> None:
    episode = await town.child()
    town.visitor(DeskRole.IRO).post(f"/drafts/{episode}/child_consulted", draft_fields(town.visitor(DeskRole.IRO)))
    other = town.visitor(DeskRole.IRO_MANAGER)
    assert "would like the review" not in other.get("/drafts").text
    assert of_person(town.register, other.person) == []


async def test_a_list_of_many_drafts_is_whole_and_accessible(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    visitor = town.visitor(DeskRole.IRO)
    episode = await town.child()
    for number in range(500):
        form = f"decision_carried_out:decision.d-{number}"
        draft = Draft(person=visitor.person, episode=episode, form=form, body={"reason": [WORDS]}, saved_at=NOW)
        keep(town.register, draft)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto("/drafts")
    assert await page.get_by_role("button", name="Discard").count() == 500
    await require_accessible(page)
    await page.set_viewport_size({"width": 360, "height": 740})
    await require_whole(page)
