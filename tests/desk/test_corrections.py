"""Correcting and withdrawing at the desk: by those who might have recorded it themselves."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.forms.correcting import CORRECT, WITHDRAW
from desk.viewer import DeskRole
from register.audit import Outcome
from register.drafts import kept
from register.queries import facts
from rules.case import Case
from rules.codes import ParticipationCode
from rules.facts import FactCorrected, FactWithdrawn
from rules.facts.challenge import ChallengeAnswered
from rules.facts.dispute import DisputeAnswered
from rules.facts.reviews import ReviewHeld
from rules.vocabulary import Role
from rules.wording import in_full
from tests.audit_log import audited
from tests.desk.disputed import disputed
from tests.desk.ledgers import Ledger
from tests.desk.lives import begun
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Town, days_ago, today


def standing(town: Town, episode: str, fact: str) -> object:
    return next((known.fact for known in Case(facts(town.register, episode)).standing if known.id == fact), None)


async def test_a_review_is_corrected_in_the_form_filled_in_as_it_stands(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    attended = ["child", "service_manager"]
    fact = await town.record(episode, "review_held", participation="PN2", attended=attended, on=days_ago(3))
    visitor = town.visitor(DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/facts/{fact}/correct")
    await expect(page.get_by_label("Came, and an advocate or the IRO spoke for them (PN2)")).to_be_checked()
    await expect(page.locator("#to-on-day")).to_have_value(str(days_ago(3).day))
    # Whoever is offered to nobody else is still there.
    await expect(page.get_by_label("The service manager")).to_be_checked()
    await require_accessible(page)
    await picture(page, pictures, "correct")
    await page.get_by_role("button", name="Save the correction").click()
    await expect(page.locator("#why-error")).to_contain_text("Enter why it was wrong")
    await require_accessible(page)
    await page.get_by_label("Why it was wrong").fill("The wrong code was chosen.")
    await page.get_by_role("button", name="Save the correction").click()
    await expect(page.get_by_text("Nothing has been changed")).to_be_visible()
    await page.get_by_label("Came and spoke for themselves (PN1)").check()
    await page.get_by_role("button", name="Save the correction").click()
    await page.wait_for_url("**?done=*")
    held = standing(town, episode, fact)
    assert isinstance(held, ReviewHeld)
    assert held.participation is ParticipationCode.PN1
    assert held.attended == (Role.CHILD, Role.SERVICE_MANAGER)
    assert held.on == days_ago(3)
    made = next(entry.fact for entry in facts(town.register, episode) if isinstance(entry.fact, FactCorrected))
    assert (made.reason, made.by) == ("The wrong code was chosen.", visitor.person)
    done = [entry for entry in audited(town.register, episode=episode) if entry.outcome is Outcome.DONE]
    assert [(entry.what, entry.detail) for entry in done] == [("fact_corrected", made.id)]


async def test_what_the_rules_refuse_of_a_correction_stands_beside_its_field(town: Town) -> None:
    episode = await town.child(age=10)
    fact = await town.record(episode, "review_held", participation="PN2")
    answer = town.visitor(DeskRole.IRO).post(
        f"/children/{episode}/facts/{fact}/correct",
        {
            "form_fact": "f-0123456789abcdef",
            "form_revision": "99",
            "to-on": days_ago(0).isoformat(),
            "to-counts": "yes",
            "to-participation": "PN0",
            "why": "The wrong code was chosen.",
        },
    )
    assert answer.status_code == 422
    assert 'id="to-participation-error"' in answer.text
    assert "PN0 is for a child under 4" in answer.text
    assert isinstance(held := standing(town, episode, fact), ReviewHeld) and held.participation == "PN2"


async def test_a_fact_is_withdrawn_with_a_reason_without_script(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    fact = await town.record(episode, "discussion_held")
    await town.visitor(DeskRole.SOCIAL_WORKER).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto(f"/children/{episode}/facts/{fact}/withdraw")
    # What it is about stands above the question.
    await expect(page.locator(".govuk-summary-list")).to_contain_text(in_full(today()))
    await require_whole(page)
    await picture(page, pictures, "withdraw-phone")
    await page.get_by_role("button", name="Withdraw it").click()
    await expect(page.locator("#why-error")).to_contain_text("Enter why it is withdrawn")
    await page.get_by_label("Why it is withdrawn").fill("It was another child's.")
    await page.get_by_role("button", name="Withdraw it").click()
    assert "?done=" in page.url
    assert standing(town, episode, fact) is None


async def test_the_page_to_withdraw_on_is_read_by_a_screen_reader_fresh_and_faulty(
    town: Town, window: BrowserContext
) -> None:
    episode = await town.child()
    fact = await town.record(episode, "discussion_held")
    await town.visitor(DeskRole.SOCIAL_WORKER).sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/facts/{fact}/withdraw")
    await require_accessible(page)
    await page.get_by_role("button", name="Withdraw it").click()
    assert (await page.title()).startswith("Error: ")
    await require_accessible(page)


async def test_what_the_rules_refuse_of_a_withdrawal_is_told(town: Town) -> None:
    episode = await town.child()
    held = await town.record(episode, "review_held", participation="PN2")
    await town.record(episode, "decisions_sent")
    visitor = town.visitor(DeskRole.IRO)
    fields = {"form_fact": "f-0123456789abcdef", "form_revision": "99", "why": "Another child's."}
    answer = visitor.post(f"/children/{episode}/facts/{held}/withdraw", fields)
    assert answer.status_code == 422
    assert "would then follow none" in answer.text
    assert kept(town.register, visitor.person, episode, f"withdraw:{held}")
    assert standing(town, episode, held)


@pytest.mark.parametrize("how", ["correct", "withdraw"])
async def test_only_who_might_have_recorded_it_may_change_it(town: Town, how: str) -> None:
    episode = await town.child()
    fact = await town.record(episode, "review_held", participation="PN2")
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    path = f"/children/{episode}/facts/{fact}/{how}"
    assert visitor.get(path).status_code == 403
    assert visitor.post(path, {"why": "x"}).status_code == 403
    denied = [entry for entry in audited(town.register, who=visitor.person) if entry.outcome is Outcome.DENIED]
    assert [(entry.what, entry.detail) for entry in denied] == [("review_held", fact)] * 2
    assert town.visitor(DeskRole.IRO_MANAGER).get(f"/children/{episode}/facts/opening/{how}").status_code == 403


def answered(town: Town) -> Ledger:
    """A case with answers of more than one post: the answer to `x` is `a-x`.

    The dispute `d` was answered by each of two stages, neither of which says so; `e` by the one that it had left.
    """
    ledger, by = begun(town), town.ref("iro")
    for addressee in ("team_manager", "social_worker"):
        raised = {"rung": "informal_resolution", "addressee": addressee, "about": "Made up."}
        ledger.add("challenge_raised", 30, id=addressee, by=by, **raised)
        ledger.add("challenge_answered", 25, id=f"a-{addressee}", by=by, challenge=addressee, answer="Made up.")
    for name, matter in (("d", "drift"), ("e", "health")):
        raised = {"matter": matter, "about": "Made up.", "stage": "team_manager"}
        ledger.add("dispute_raised", 20, id=name, by=by, **raised)
    ledger.add("dispute_answered", 18, id="a-d", by=by, dispute="d", answer="Made up.")
    for name in ("d", "e"):
        ledger.add("dispute_taken_up", 9, id=f"up-{name}", by=by, dispute=name, to="head_of_service", reason="Made up.")
    ledger.add("dispute_answered", 8, id="a-up-d", by=by, dispute="d", answer="Made up.")
    return ledger.add("dispute_answered", 7, id="a-e", by=by, dispute="e", stage="team_manager", answer="Made up.")


OF_THE_TEAM_MANAGER, OF_OTHERS = ("a-team_manager", "a-d", "a-e"), ("a-social_worker", "a-up-d")


@pytest.mark.parametrize("how", ["correct", "withdraw"])
def test_an_answer_is_changed_by_those_who_might_have_recorded_it(town: Town, how: str) -> None:
    episode = answered(town).publish(town.register)
    manager = town.visitor(DeskRole.TEAM_MANAGER)
    for fact in OF_OTHERS:
        path = f"/children/{episode}/facts/{fact}/{how}"
        assert (manager.get(path).status_code, manager.post(path, {"why": "x"}).status_code) == (403, 403), fact
    denied = [entry for entry in audited(town.register, who=manager.person) if entry.outcome is Outcome.DENIED]
    of_each = [("challenge_answered", "a-social_worker")] * 2 + [("dispute_answered", "a-up-d")] * 2
    assert sorted((entry.what, entry.detail) for entry in denied) == of_each
    for fact in OF_THE_TEAM_MANAGER:
        assert manager.get(f"/children/{episode}/facts/{fact}/{how}").status_code == 200, fact
    for fact in (*OF_THE_TEAM_MANAGER, *OF_OTHERS):
        visitor = town.visitor(DeskRole.IRO_MANAGER)
        assert visitor.get(f"/children/{episode}/facts/{fact}/{how}").status_code == 200, fact


def test_it_is_offered_to_correct_an_answer_where_that_is_possible(town: Town) -> None:
    episode = answered(town).publish(town.register)
    pages = (
        f"/children/{episode}/timeline?show=recorded",
        f"/children/{episode}/disputes/d",
        f"/children/{episode}/disputes/e",
    )
    for role in (DeskRole.TEAM_MANAGER, DeskRole.IRO_MANAGER):
        visitor = town.visitor(role)
        text = "".join(visitor.get(page).text for page in pages)
        found = set(re.findall(r"/facts/(a-[\w-]+)/(correct|withdraw)", text))
        theirs = (*OF_THE_TEAM_MANAGER, *(OF_OTHERS if role is DeskRole.IRO_MANAGER else ()))
        assert found == {(fact, how) for fact in theirs for how in (CORRECT, WITHDRAW)}


@pytest.mark.parametrize(
    ("fact", "changes", "field", "whose"),
    [
        ("a-team_manager", {"challenge": "social_worker"}, "challenge", "the social worker"),
        ("a-d", {"stage": "head_of_service"}, "stage", "the head of service"),
        ("a-d", {"on": days_ago(5).isoformat()}, "on", "the head of service"),
        ("a-e", {"stage": ""}, "stage", "the head of service"),
        ("a-e", {"stage": "", "dispute": "d"}, "stage", "the head of service"),
    ],
)
def test_an_answer_is_not_made_one_that_somebody_else_is_asked_for(
    town: Town, fact: str, changes: dict[str, str], field: str, whose: str
) -> None:
    episode = answered(town).publish(town.register)
    visitor = town.visitor(DeskRole.TEAM_MANAGER)
    stands = standing(town, episode, fact)
    assert isinstance(stands, ChallengeAnswered | DisputeAnswered)
    to = {**stands.model_dump(mode="json", exclude_none=True), **changes}
    fields = {"form_fact": "f-0123456789abcdef", "form_revision": "99", "why": "Mistyped."}
    fields |= {f"to-{name}": value for name, value in to.items()}
    answer = visitor.post(f"/children/{episode}/facts/{fact}/correct", fields)
    assert answer.status_code == 422
    [said] = re.findall(r'<p id="to-(\w+)-error".*?</p>', answer.text, re.DOTALL)
    assert said == field
    assert f"it would then be the answer of {whose}, which is not yours to record" in answer.text
    assert standing(town, episode, fact) == stands


async def test_a_post_corrects_the_words_of_its_own_answer(town: Town) -> None:
    episode = await town.child()
    raised = await town.record(
        episode, "challenge_raised", rung="informal_resolution", addressee="team_manager", about="x"
    )
    fact = await town.record(episode, "challenge_answered", challenge=raised, answer="Made up.")
    fields = {"form_fact": "f-0123456789abcdef", "form_revision": "99", "why": "Mistyped."}
    to = {"to-on": days_ago(0).isoformat(), "to-challenge": raised, "to-answer": "Made up anew."}
    visitor = town.visitor(DeskRole.TEAM_MANAGER)
    assert visitor.post(f"/children/{episode}/facts/{fact}/correct", {**fields, **to}).status_code == 303
    assert isinstance(held := standing(town, episode, fact), ChallengeAnswered) and held.answer == "Made up anew."


@pytest.mark.parametrize("how", ["correct", "withdraw"])
async def test_a_fact_of_another_child_is_not_found(town: Town, how: str) -> None:
    episode, other = await town.child(), await town.child(iro=None)
    fact = await town.record(other, "discussion_held")
    visitor = town.visitor(DeskRole.IRO)
    assert visitor.get(f"/children/{other}/facts/{fact}/{how}").status_code == 404
    assert visitor.get(f"/children/{episode}/facts/{fact}/{how}").status_code == 404
    denied = [entry for entry in audited(town.register, who=visitor.person) if entry.outcome is Outcome.DENIED]
    assert [entry.episode for entry in denied] == [other]


async def test_what_was_withdrawn_meanwhile_is_told_and_what_was_written_kept(town: Town) -> None:
    episode = await town.child()
    fact = await town.record(episode, "discussion_held")
    visitor = town.visitor(DeskRole.IRO)
    await town.record(episode, "fact_withdrawn", withdraws=fact, reason="Another child's.")
    fields = {"form_fact": "f-0123456789abcdef", "why": "The day was mistyped."}
    answer = visitor.post(f"/children/{episode}/facts/{fact}/correct", fields)
    assert answer.status_code == 409
    draft = kept(town.register, visitor.person, episode, f"correct:{fact}")
    assert draft and draft.body["why"] == ["The day was mistyped."]
    assert "What you wrote is kept among your unfinished forms." in answer.text


async def test_what_is_too_long_to_be_kept_when_the_fact_has_gone_is_not_said_to_be_kept(town: Town) -> None:
    episode = await town.child()
    fact = await town.record(episode, "discussion_held")
    await town.record(episode, "fact_withdrawn", withdraws=fact, reason="Another child's.")
    visitor = town.visitor(DeskRole.IRO)
    answer = visitor.post(f"/children/{episode}/facts/{fact}/correct", {"why": "x" * 200_000})
    assert answer.status_code == 409
    assert "What you wrote is not kept" in answer.text and "is kept among" not in answer.text
    assert kept(town.register, visitor.person, episode, f"correct:{fact}") is None


def test_what_is_settled_can_be_neither_chosen_nor_changed_and_the_page_says_why(town: Town) -> None:
    ledger = disputed(town).add("dispute_resolved", 2, id="done", by=town.ref("iro"), dispute="d1", outcome="agreed")
    episode = ledger.publish(town.register)
    visitor = town.visitor(DeskRole.IRO)
    timeline, form = f"/children/{episode}/timeline", f"/children/{episode}/record/dispute_raised"
    assert f"facts/d1/{CORRECT}" in visitor.get(timeline).text
    assert "Closed dispute: " in visitor.get(form).text
    ledger.publish(town.register, revision=2, settled=("c1", "c2", "d1", "done"))
    assert f"facts/d1/{CORRECT}" not in visitor.get(timeline).text
    assert "Closed dispute: " not in visitor.get(form).text
    for how in (CORRECT, WITHDRAW):
        asked = visitor.get(f"/children/{episode}/facts/d1/{how}")
        assert asked.status_code == 409
        assert "This can no longer be changed" in asked.text and "is kept" not in asked.text
        sent = visitor.post(f"/children/{episode}/facts/d1/{how}", {"form_fact": "f-0123456789abcdef", "why": "Typed."})
        assert sent.status_code == 409 and "is kept among your unfinished forms" in sent.text
        draft = kept(town.register, visitor.person, episode, f"{how}:d1")
        assert draft and draft.body["why"] == ["Typed."]


async def test_who_corrects_what_somebody_corrected_meanwhile_is_told(town: Town) -> None:
    episode = await town.child()
    fact = await town.record(episode, "discussion_held", on=days_ago(2))
    to = {"kind": "discussion_held", "id": fact, "on": days_ago(1), "by": "test"}
    await town.record(episode, "fact_corrected", corrects=fact, reason="The day was mistyped.", to=to)
    fields = {"form_fact": "f-0123456789abcdef", "form_revision": "1", "to-on": days_ago(0).isoformat(), "why": "No."}
    visitor = town.visitor(DeskRole.IRO)
    answer = visitor.post(f"/children/{episode}/facts/{fact}/correct", fields)
    assert answer.status_code == 409
    assert "Correction of: The IRO and the social worker talked" in answer.text
    assert not any(isinstance(entry.fact, FactWithdrawn) for entry in facts(town.register, episode))
