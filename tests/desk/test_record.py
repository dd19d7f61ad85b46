"""Recording at the desk: the journey in a browser, and what may go wrong on the way."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from desk.forms.catalogue import FORMS
from desk.viewer import DeskRole
from register.audit import Outcome
from register.drafts import kept
from register.queries import facts
from rules.codes import ParticipationCode
from rules.facts.challenge import ChallengeRaised
from rules.facts.changes import ChangeKind, SignificantChange
from rules.facts.reviews import ChildConsulted, DecisionMade, DecisionsSent, ManagerReplied, ReviewHeld
from rules.vocabulary import ConsultationOutcome, ReplyOutcome, Role
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Town, Visitor, days_ago, today


def recorded(town: Town, episode: str) -> list[object]:
    return [entry.fact for entry in facts(town.register, episode)]


async def fill_day(page: Page, name: str, day_from_now: int) -> None:
    day = today() + timedelta(days=day_from_now)
    for part in ("day", "month", "year"):
        await page.fill(f"#{name}-{part}", str(getattr(day, part)))


async def test_what_may_be_recorded_is_listed_what_is_owed_first(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    page = await window.new_page()
    await town.visitor(DeskRole.IRO).sign_in(window)
    await page.goto(f"/children/{episode}/record")
    await expect(page.get_by_role("heading", name="What is owed")).to_be_visible()
    await expect(page.get_by_role("link", name="Hold the review")).to_be_visible()
    await expect(page.get_by_role("link", name="Reply to the decisions")).to_have_count(0)
    await require_accessible(page)
    await picture(page, pictures, "record-choose")
    await town.visitor(DeskRole.SOCIAL_WORKER).sign_in(window_without_script)
    phone = await window_without_script.new_page()
    await phone.goto(f"/children/{episode}/record")
    await require_whole(phone)
    await expect(phone.get_by_role("link", name="Report a significant change")).to_be_visible()
    await picture(phone, pictures, "record-choose-phone")


async def test_an_iro_records_the_talk_with_the_child(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/record/child_consulted")
    await require_accessible(page)
    await picture(page, pictures, "record-talk")
    await page.get_by_role("button", name="Record", exact=True).click()
    assert (await page.title()).startswith("Error: ")
    await require_accessible(page)
    await picture(page, pictures, "record-talk-faulty")
    await page.get_by_role("link", name="Select what came of it").click()
    assert await page.evaluate("document.activeElement.name") == "outcome"
    await page.get_by_label("Today").check()
    await page.get_by_label("The child spoke with the IRO").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    # What the rules refuse stands beside the field it is about.
    await expect(page.locator("#ways-error")).to_contain_text("Say in which way the child was heard")
    await picture(page, pictures, "record-talk-refused")
    await page.get_by_label("Face to face").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url(f"**/children/{episode}?done=f-*")
    await expect(page.get_by_role("alert")).to_contain_text("The talk with the child is recorded.")
    await require_accessible(page)
    await picture(page, pictures, "record-told")
    found = [fact for fact in recorded(town, episode) if isinstance(fact, ChildConsulted)]
    assert [(fact.outcome, fact.on, fact.by) for fact in found] == [
        (ConsultationOutcome.SPOKE, today(), visitor.person)
    ]
    assert kept(town.register, visitor.person, episode, "child_consulted") is None
    outcomes = [entry.outcome for entry in audited(town.register, episode=episode) if entry.what == "child_consulted"]
    assert outcomes == [Outcome.DONE, Outcome.REFUSED]


async def test_a_review_is_held_without_script_on_a_phone(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child(since=40)
    await town.visitor(DeskRole.IRO).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto(f"/children/{episode}/record/review_held")
    await require_whole(page)
    await picture(page, pictures, "record-review-phone")
    await page.get_by_label("Yesterday").check()
    await page.get_by_label("Came and spoke for themselves (PN1)").check()
    await page.get_by_label("The child", exact=True).check()
    await page.get_by_label("The carer").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    # It is late: why is asked for.
    await expect(page.locator("#late_reason-error")).to_contain_text("say why it was late")
    await expect(page.get_by_label("Came and spoke for themselves (PN1)")).to_be_checked()
    await require_whole(page)
    await picture(page, pictures, "record-review-phone-late")
    await page.get_by_label("Why it was late").select_option("papers_not_ready")
    await page.get_by_role("button", name="Record", exact=True).click()
    (held,) = [fact for fact in recorded(town, episode) if isinstance(fact, ReviewHeld)]
    assert held.participation is ParticipationCode.PN1
    assert held.attended == (Role.CHILD, Role.CARER)
    assert held.on == days_ago(1)


async def test_decisions_are_recorded_row_by_row_and_sent(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.record(episode, "review_held", participation="PN1")
    await town.visitor(DeskRole.IRO).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto(f"/children/{episode}/record/decision_made")
    await page.get_by_label("Today").first.check()
    await page.get_by_label("What was decided").fill("A place at the school nearby is sought.")
    await page.get_by_label("Who is to do it").select_option("social_worker")
    await page.get_by_label("Day", exact=True).nth(1).fill("28")
    await page.get_by_label("Month", exact=True).nth(1).fill("2")
    await page.get_by_label("Year", exact=True).nth(1).fill(str(today().year + 1))
    await page.get_by_role("button", name="Add another decision").click()
    assert "#row-" in page.url
    await picture(page, pictures, "record-decisions-phone-added")
    await expect(page.get_by_label("What was decided").first).to_have_value("A place at the school nearby is sought.")
    await page.get_by_label("What was decided").nth(1).fill("The dentist is seen.")
    await page.get_by_label("They have reached the team manager").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await require_whole(page)
    await picture(page, pictures, "record-decisions-phone-faulty")
    await page.get_by_label("Who is to do it").nth(1).select_option("carer")
    await page.get_by_label("Day", exact=True).nth(2).fill("1")
    await page.get_by_label("Month", exact=True).nth(2).fill("March")
    await page.get_by_label("Year", exact=True).nth(2).fill(str(today().year + 1))
    await page.get_by_label("Today").nth(1).check()
    await picture(page, pictures, "record-decisions-phone")
    await page.get_by_role("button", name="Record", exact=True).click()
    found = recorded(town, episode)
    assert [fact.text for fact in found if isinstance(fact, DecisionMade)] == [
        "A place at the school nearby is sought.",
        "The dentist is seen.",
    ]
    assert any(isinstance(fact, DecisionsSent) for fact in found)
    await expect(page.get_by_role("alert")).to_contain_text("2 decisions are recorded.")
    # The address tells nobody else anything, and nothing later.
    elsewhere = town.visitor(DeskRole.IRO_MANAGER).get(page.url.replace(town.served.url, ""))
    assert "2 decisions are recorded" not in elsewhere.text


@pytest.mark.parametrize("act", ["manager_replied", "became_looked_after", "child_wrote", "decision_made"])
async def test_an_act_that_a_role_may_not_is_refused_and_noted(town: Town, act: str) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    for answer in (visitor.get(f"/children/{episode}/record/{act}"), visitor.post(f"/children/{episode}/record/{act}")):
        final = visitor.get(answer.headers["location"]) if answer.status_code == 303 else answer
        assert final.status_code in (403, 404)
    denied = [entry for entry in audited(town.register, who=visitor.person) if entry.outcome is Outcome.DENIED]
    assert denied


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_every_form_is_accessible_with_faults_and_whole_on_a_phone(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.record(episode, "review_held", participation="PN1")
    await town.record(episode, "decision_made", decision="d-1", text="x" * 300, owner="carer", due=days_ago(-90))
    everyone = [role for role in DeskRole if role is not DeskRole.OPERATOR]
    await Visitor(town.served, town.ref("iro"), "Example IRO", town.code, *everyone).sign_in(window)
    page = await window.new_page()
    await page.set_viewport_size({"width": 360, "height": 740})
    in_vain: set[str] = set()
    for name, form in FORMS.items():
        await page.goto(f"/children/{episode}/record/{name}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(form.title)
        await require_whole(page)
        if await page.get_by_text("This cannot be recorded just now").is_visible():
            in_vain.add(name)
        else:
            await page.get_by_role("button", name="Record", exact=True).click()
            await expect(page.get_by_text("There is a problem")).to_be_visible()
            assert (await page.title()).startswith("Error: ")
        await require_accessible(page)
        await require_whole(page)
        await picture(page, pictures, f"form-{name}")
    # Of this child there are a review and a decision: whatever needs something else first says so.
    assert {"decision_carried_out", "review_held", "dispute_raised", "complaint_made"}.isdisjoint(in_vain)
    assert {"dispute_answered", "hearing_moved", "child_wish_answered"} <= in_vain


async def test_a_manager_replies_to_the_decisions_with_them_before_their_eyes(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.record(episode, "review_held", participation="PN1")
    await town.record(
        episode, "decision_made", decision="d-1", text="The dentist is seen.", owner="carer", due=days_ago(-30)
    )
    await town.record(episode, "decisions_sent")
    visitor = town.visitor(DeskRole.TEAM_MANAGER)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/record/manager_replied")
    await expect(page.get_by_text("The dentist is seen.")).to_be_visible()
    await page.get_by_label("Today").check()
    await page.get_by_label("Not agreed").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await expect(page.locator("#reason-error")).to_contain_text("Say why the decisions are queried or rejected")
    await require_accessible(page)
    await picture(page, pictures, "record-reply")
    await page.get_by_label("Why").fill("The dentist has been seen already.")
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    (replied,) = [fact for fact in recorded(town, episode) if isinstance(fact, ManagerReplied)]
    assert (replied.outcome, replied.by) == (ReplyOutcome.REJECTED, visitor.person)


async def test_a_significant_change_asks_what_belongs_to_it(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.visitor(DeskRole.SOCIAL_WORKER).sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/record/significant_change")
    until = page.get_by_role("group", name="On which day detention or remand ends")
    await expect(until).to_be_hidden()
    await page.get_by_label("The child was charged with an offence").check()
    await expect(until).to_be_visible()
    await require_accessible(page)
    await picture(page, pictures, "record-change")
    await fill_day(page, "detained_until", 30)
    # What was chosen last counts: the child is missing, and nothing of a detention is recorded.
    await page.get_by_label("The child was missing or ran away").check()
    await page.locator("#on").check()
    await page.locator("#happened_on-2").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    (change,) = [fact for fact in recorded(town, episode) if isinstance(fact, SignificantChange)]
    assert (change.change, change.happened_on, change.detained_until) == (ChangeKind.MISSING, days_ago(1), None)


async def test_a_challenge_is_raised_answered_and_resolved(town: Town) -> None:
    episode = await town.child()
    iro, manager = town.visitor(DeskRole.IRO), town.visitor(DeskRole.TEAM_MANAGER)
    fields = {"form_revision": "99", "on": today().isoformat()}
    raised = {"rung": "management_alert", "addressee": "team_manager", "about": "The plan is late."}
    iro.post(f"/children/{episode}/record/challenge_raised", {"form_fact": "f-1".ljust(18, "0"), **fields, **raised})
    (challenge,) = [fact.id for fact in recorded(town, episode) if isinstance(fact, ChallengeRaised)]
    assert "The plan is late." in manager.get(f"/children/{episode}/record/challenge_answered").text
    answer = {"challenge": challenge, "answer": "It is on its way."}
    manager.post(f"/children/{episode}/record/challenge_answered", {**fields, **answer})
    resolved = {"challenge": challenge, "outcome": "put_right"}
    assert iro.post(f"/children/{episode}/record/challenge_resolved", {**fields, **resolved}).status_code == 303
    assert "No challenge is open." in iro.get(f"/children/{episode}/record/challenge_resolved").text
