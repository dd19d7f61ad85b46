"""Why a step is due when it is: the working, who is told when it slips, the choice of an IRO, and what settles it."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register import RegisterUnavailable
from register.audit import Outcome
from tests.audit_log import audited
from tests.desk.ledgers import Ledger, days_ago
from tests.desk.lives import begun, lived, words
from tests.desk.reading import Reader
from tests.desk.town import Town, Visitor


def explained(visitor: Visitor, episode: str, step: str) -> str:
    answer = visitor.get(f"/children/{episode}/steps/{step}")
    assert answer.status_code == 200, answer.text
    return words(answer.text)


async def test_a_date_explains_itself_and_says_who_is_told_and_what_to_do(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child("why", since=32)
    reader = await Reader.signed_in(town.visitor(DeskRole.IRO), window, window_without_script, pictures)
    page = await reader.read(f"/children/{episode}/steps/first_review", "step")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("First review")
    main = page.get_by_role("main")
    for said in ("Regulation: CPPCR 2010 reg 33(1)", "20 working days after", "Not counted: ", "Was due "):
        await expect(main).to_contain_text(said)
    await expect(main).to_contain_text(re.compile(r"IRO manager: Example .* Manager"))
    await page.get_by_role("link", name="Record the review").click()
    assert f"/children/{episode}/record/review_held?step=first_review" in page.url
    await page.go_back()
    await page.get_by_role("link", name="Back to").click()
    assert page.url.endswith(f"/children/{episode}")


def test_the_ladder_says_what_was_raised_and_what_was_not(town: Town) -> None:
    episode = begun(town, since=60).publish(town.register)
    said = explained(town.visitor(DeskRole.IRO), episode, "first_review")
    assert re.search(r"Reminder When \w+day .*, 2 working days before", said)
    assert re.search(r"Breach When .*, when the last day has ended", said)
    assert "Told Not yet" not in said
    fresh = begun(town, "fresh", since=3).publish(town.register)
    assert explained(town.visitor(DeskRole.IRO), fresh, "first_review").count("Told Not yet") == 4


def test_a_stage_of_a_dispute_that_does_not_answer_is_answered_by_the_move(town: Town) -> None:
    ledger = begun(town)
    ledger.add("dispute_raised", 1, id="d1", by=town.ref("iro"), matter="health", about="x", stage="team_manager")
    said = explained(town.visitor(DeskRole.IRO), ledger.publish(town.register), "answer_dispute.d1")
    assert "the dispute goes up to the next stage by itself at the end of that day" in said
    assert "Nobody is told when it slips" not in said


def test_other_limits_on_the_same_step_are_told(town: Town) -> None:
    episode = begun(town, since=30).publish(town.register)
    assert explained(town.visitor(DeskRole.IRO), episode, "appoint_iro").count("Also limited to") == 2


def test_a_decision_says_what_was_decided_and_an_old_step_how_it_closed(town: Town) -> None:
    episode = lived(town).publish(town.register)
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    assert "Find a dentist" in explained(visitor, episode, "decision.D1")
    late = explained(visitor, episode, "decision.D2")
    assert "Done late on" in late
    assert "It was owed by the carer." in late
    assert "What you can do" not in late


def test_a_step_that_closed_long_ago_is_still_explained(town: Town) -> None:
    ledger = begun(town, since=900)
    for day in range(850, 20, -10):
        ledger.add("significant_change", day, id=f"ch{day}", change="missing", happened_on=days_ago(day))
        ledger.add("change_considered", day, change=f"ch{day}", answer="spoke_with_social_worker")
    episode = ledger.publish(town.register)
    assert "Consider the change: the child was missing" in explained(
        town.visitor(DeskRole.IRO), episode, "consider_change.ch850"
    )


def test_an_exemption_is_offered_and_its_end_only_to_those_who_may(town: Town) -> None:
    ledger = begun(town, since=20)
    ledger.add("step_exempted", 1, step="report", reason="No report is written", until=days_ago(-30))
    episode = ledger.publish(town.register)
    iro, worker = town.visitor(DeskRole.IRO), town.visitor(DeskRole.SOCIAL_WORKER)
    assert "Record that it is not owed for now" in explained(iro, episode, "consult_child")
    assert "Record that it is not owed for now" not in explained(worker, episode, "consult_child")
    exempt = explained(iro, episode, "report")
    assert "Exempted: No report is written" in exempt
    assert "Record that it is owed again" in exempt
    answer = iro.get(f"/children/{episode}/steps/report").text
    assert f"/children/{episode}/record/exemption_ended?step=report" in answer


# --- The choice of an IRO -----------------------------------------------------------------------------------------


async def test_the_choice_of_an_iro_is_told_and_its_candidates_to_those_who_allocate(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    town.person(DeskRole.IRO, "second-iro")
    episode = await town.child("chosen", iro=None)
    manager = town.visitor(DeskRole.IRO_MANAGER)
    reader = await Reader.signed_in(manager, window, window_without_script, pictures)
    page = await reader.read(f"/children/{episode}/steps/appoint_iro", "step-choice")
    choice = page.get_by_role("table", name="Who was looked at")
    await expect(choice).to_contain_text(f"Example Iro {town.code}", ignore_case=True)
    await expect(choice).to_contain_text("chosen")
    worker = explained(town.visitor(DeskRole.SOCIAL_WORKER), episode, "appoint_iro")
    assert "The choice of an IRO" in worker
    assert "was chosen on" in worker
    assert "Who was looked at" not in worker


# --- What is not there --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["no_such_step", "decision.D9", "first_review.x", "Bad Key", "a" * 60, "decision"])
def test_a_step_that_is_not_there_is_not_found(town: Town, step: str) -> None:
    episode = lived(town).publish(town.register)
    assert town.visitor(DeskRole.IRO).get(f"/children/{episode}/steps/{quote(step)}").status_code == 404


def test_a_step_of_somebody_elses_child_is_not_found_and_noted(town: Town) -> None:
    town.person(DeskRole.IRO, "other-iro")
    episode = begun(town).publish(town.register)
    stranger = town.visitor(DeskRole.IRO, "other-iro")
    assert stranger.get(f"/children/{episode}/steps/second_review").status_code == 404
    [entry] = audited(town.register, episode=episode)
    assert (entry.who, entry.outcome) == (stranger.person, Outcome.DENIED)
    assert town.visitor(DeskRole.OPERATOR).get(f"/children/{episode}/steps/first_review").status_code == 403


def test_who_is_told_may_be_missing_and_the_reason_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    episode = Ledger(town.code, town.ref("part"), since=30).publish(town.register)
    monkeypatch.setattr("desk.pages.steps.explained", unavailable)
    said = explained(town.visitor(DeskRole.IRO_MANAGER), episode, "first_review")
    assert "Who is told cannot be shown just now" in said
    assert "20 working days after" in said
