"""Recording what runs beside the cycle: a dispute, Cafcass, the court, what the child asks for; in a browser, too."""

import re
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from register.queries import facts
from rules.facts.base import FactBase
from rules.facts.cafcass import CafcassReferred
from rules.facts.childs_road import ChildWishAnswered, ChildWished, WishMet
from rules.facts.dispute import DisputeAnswered, DisputeRaised, DisputeResolved, DisputeTakenUp
from rules.facts.proceedings import CourtDocumentGiven, HearingMoved, IroNamedInProceedings, SpokeWithGuardian
from rules.vocabulary import Role
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Town, Visitor, days_ago, today

F = TypeVar("F", bound=FactBase)


def recorded(town: Town, episode: str, kind: type[F]) -> list[F]:
    return [entry.fact for entry in facts(town.register, episode) if isinstance(entry.fact, kind)]


def send(visitor: Visitor, episode: str, act: str, **fields: Any) -> None:
    """Send a form as it is filled in, today."""
    answer = visitor.post(
        f"/children/{episode}/record/{act}", {"form_revision": "99", "on": today().isoformat(), **fields}
    )
    assert answer.status_code == 303, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def refused(visitor: Visitor, episode: str, act: str, **fields: Any) -> str:
    """What is said of a form that is refused."""
    answer = visitor.post(
        f"/children/{episode}/record/{act}", {"form_revision": "99", "on": today().isoformat(), **fields}
    )
    assert answer.status_code == 422
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("&#39;", "'").split())


def form(visitor: Visitor, episode: str, act: str, **link: str) -> str:
    answer = visitor.get(f"/children/{episode}/record/{act}", **link)
    assert answer.status_code == 200
    return answer.text


def chosen(page: str, name: str) -> list[str]:
    """What stands chosen in a list."""
    lists = re.findall(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)" selected', "".join(lists))


RAISED = {"matter": "drift", "about": "No school place since spring.", "stage": "team_manager", "tell_child": "no"}


# --- A dispute --------------------------------------------------------------------------------------------------------


async def test_a_dispute_is_raised_answered_and_resolved(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    challenge = await town.record(
        episode, "challenge_raised", rung="management_alert", addressee="team_manager", about="No school place."
    )
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/record/dispute_raised")
    await require_accessible(page)
    await picture(page, pictures, "record-dispute")
    await page.get_by_role("button", name="Record", exact=True).click()
    await expect(page.get_by_role("link", name="Select what it is about")).to_be_visible()
    await page.get_by_label("Today").check()
    await page.get_by_label("What it is about").select_option("drift")
    await page.get_by_label("What is disputed, and what is asked for").fill("No school place since spring.")
    await page.get_by_label("The service manager").check()
    await page.get_by_label("Which challenge or earlier dispute").select_option(challenge)
    await page.get_by_label("No", exact=True).check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url(f"**/children/{episode}?done=f-*")
    await expect(page.get_by_role("alert")).to_contain_text("It is to be resolved within 20 working days in all.")
    (raised,) = recorded(town, episode, DisputeRaised)
    assert (raised.stage, raised.follows, raised.by) == (Role.SERVICE_MANAGER, challenge, visitor.person)

    await town.visitor(DeskRole.IRO_MANAGER).sign_in(window_without_script)
    phone = await window_without_script.new_page()
    await phone.goto(f"/children/{episode}/record/dispute_answered?step=answer_dispute.{raised.id}")
    # The step tells the dispute and the stage.
    await expect(phone.get_by_label("Which dispute")).to_have_value(raised.id)
    await expect(phone.get_by_label("Whose answer it is")).to_have_value("service_manager")
    await require_whole(phone)
    await picture(phone, pictures, "record-dispute-answer-phone")
    await phone.get_by_label("Today").check()
    await phone.get_by_label("What the answer is").fill("A place is found.")
    await phone.get_by_role("button", name="Record", exact=True).click()
    (answered,) = recorded(town, episode, DisputeAnswered)
    assert (answered.dispute, answered.stage) == (raised.id, Role.SERVICE_MANAGER)

    await page.goto(f"/children/{episode}/steps/weigh_dispute_answer.{raised.id}")
    await page.get_by_role("link", name="Record that it is resolved").click()
    await expect(page.get_by_label("Which dispute")).to_have_value(raised.id)
    await page.get_by_label("Today").check()
    await page.get_by_label("What the IRO asked for was done").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    assert [fact.dispute for fact in recorded(town, episode, DisputeResolved)] == [raised.id]
    await page.goto(f"/children/{episode}/record/dispute_resolved")
    await expect(page.get_by_text("No formal dispute is open.")).to_be_visible()


async def test_a_second_dispute_about_the_same_kind_of_thing_asks_whether_it_is_another_matter(town: Town) -> None:
    episode, iro = await town.child(), town.visitor(DeskRole.IRO)
    assert "apart from" not in form(iro, episode, "dispute_raised")
    send(iro, episode, "dispute_raised", **RAISED)
    (first,) = recorded(town, episode, DisputeRaised)
    said = refused(iro, episode, "dispute_raised", **{**RAISED, "about": "No dentist either."})
    assert "if it is another, say so." in said and "apart_from" not in said
    assert "Which open dispute this one is apart from" in said
    more = {"form_more": "apart_from", "apart_from": first.id}
    send(iro, episode, "dispute_raised", **{**RAISED, "about": "No dentist either."}, **more)
    assert [fact.apart_from for fact in recorded(town, episode, DisputeRaised)] == [None, first.id]


async def test_a_dispute_that_is_taken_up_is_answered_where_it_then_is(town: Town) -> None:
    episode, iro = await town.child(), town.visitor(DeskRole.IRO)
    send(iro, episode, "dispute_raised", **RAISED)
    (raised,) = recorded(town, episode, DisputeRaised)
    said = refused(iro, episode, "dispute_taken_up", dispute=raised.id, to="team_manager", reason="Made up.")
    assert "it can only be taken up from there" in said
    send(iro, episode, "dispute_taken_up", dispute=raised.id, to="director", reason="Made up.")
    (up,) = recorded(town, episode, DisputeTakenUp)
    page = form(town.visitor(DeskRole.IRO_MANAGER), episode, "dispute_answered", step=f"answer_dispute.{up.id}")
    assert (chosen(page, "dispute"), chosen(page, "stage")) == ([raised.id], ["director"])
    assert "Drift: delay that the child pays for, raised" in page and "with the director" in page
    manager = town.visitor(DeskRole.TEAM_MANAGER)
    page = form(manager, episode, "dispute_answered", step=f"answer_dispute.{up.id}")
    assert raised.id in page and 'value="director"' not in page, "their own answer may still come, late"
    said = refused(manager, episode, "dispute_answered", dispute=raised.id, answer="For the director.")
    assert "with the director" in said and recorded(town, episode, DisputeAnswered) == []
    send(iro, episode, "dispute_answered", dispute=raised.id, stage="team_manager", answer="Too late.")
    page = form(manager, episode, "dispute_answered")
    assert "No formal dispute is open that you may answer." in page and raised.id not in page


async def test_a_form_with_nothing_to_be_about_says_what_comes_first_and_has_no_button(town: Town) -> None:
    episode, worker = await town.child(), town.visitor(DeskRole.SOCIAL_WORKER)
    page = form(worker, episode, "guardian_invited")
    assert "record the appointment first" in page and "novalidate" not in page and "On which day" not in page
    assert f'href="/children/{episode}/record/guardian_appointed"' in page
    page = form(town.visitor(DeskRole.IRO), episode, "guardian_appointed")
    assert "record their issue first" in page
    assert f'href="/children/{episode}/record/proceedings_issued"' not in page, "their role may not record it"
    page = form(town.visitor(DeskRole.TEAM_MANAGER), episode, "proceedings_ended")
    assert "No proceedings are under way: record their issue first." in page and "novalidate" not in page
    assert f'href="/children/{episode}/record/proceedings_issued"' in page
    await town.record(episode, "proceedings_issued", about="placement")
    assert "novalidate" in form(worker, episode, "proceedings_ended")


async def test_a_closed_dispute_may_be_taken_further_by_another_and_is_offered_for_nothing_else(town: Town) -> None:
    episode, iro = await town.child(), town.visitor(DeskRole.IRO)
    send(iro, episode, "dispute_raised", **RAISED)
    (raised,) = recorded(town, episode, DisputeRaised)
    assert raised.id not in form(iro, episode, "dispute_raised")
    send(iro, episode, "dispute_withdrawn", dispute=raised.id, reason="Made up.")
    assert raised.id in form(iro, episode, "dispute_raised")
    for act in ("dispute_answered", "dispute_taken_up", "dispute_paused", "cafcass_considered", "cafcass_referred"):
        assert raised.id not in form(iro, episode, act), act


async def test_whoever_is_not_the_childs_iro_is_told_who_is_and_offered_nothing_they_cannot_do(town: Town) -> None:
    episode = await town.child()
    roles = (DeskRole.IRO, DeskRole.IRO_MANAGER)
    other = Visitor(town.served, town.ref("iro-manager"), "Example", town.code, *roles)
    said = refused(other, episode, "dispute_raised", **RAISED)
    assert f"that is Example Iro {town.code}, not Example" in said and "Ask them." in said
    assert "record under their reference" not in said and "(by)" not in said
    assert recorded(town, episode, DisputeRaised) == []


async def test_a_case_is_referred_to_cafcass_at_any_moment(town: Town) -> None:
    episode, iro = await town.child(), town.visitor(DeskRole.IRO)
    told = {
        "failure": "implement_decision", "about": "Made up.", "done_so_far": "Made up.", "childs_view": "Made up.",
        "asks": "Made up.", "tell_child": "yes", "tell_parents": "no",
    }  # fmt: skip
    assert "Select with whom it was raised" in refused(iro, episode, "cafcass_referred", **told)
    send(iro, episode, "cafcass_referred", raised_with=["team_manager", "director"], **told)
    (referred,) = recorded(town, episode, CafcassReferred)
    assert referred.raised_with == (Role.TEAM_MANAGER, Role.DIRECTOR)
    assert (referred.tell_child, referred.tell_parents, referred.dispute) == (True, False, None)
    assert chosen(form(iro, episode, "cafcass_replied"), "referral") == [referred.id]


# --- The court --------------------------------------------------------------------------------------------------------


async def test_proceedings_are_recorded_from_their_issue_to_the_talk_with_the_guardian(town: Town) -> None:
    episode, iro = await town.child(), town.visitor(DeskRole.IRO)
    office = town.visitor(DeskRole.IRO_ADMINISTRATOR)
    assert "No proceedings are under way" in form(office, episode, "guardian_appointed")
    issued = await town.record(episode, "proceedings_issued", about="care_or_supervision")
    page = form(office, episode, "iro_named_in_proceedings", step=f"tell_legal_of_iro.{issued}", to="legal")
    assert chosen(page, "proceedings") == [issued]
    send(office, episode, "iro_named_in_proceedings", proceedings=issued, to="legal")
    assert [fact.to for fact in recorded(town, episode, IroNamedInProceedings)] == [Role.LEGAL]
    assert "No guardian is appointed" in form(iro, episode, "spoke_with_guardian")
    send(office, episode, "guardian_appointed", proceedings=issued)
    send(iro, episode, "spoke_with_guardian", proceedings=issued, topics=["care_plan", "disputes"])
    assert [len(fact.topics) for fact in recorded(town, episode, SpokeWithGuardian)] == [2]
    send(office, episode, "court_document_received", proceedings=issued, document="order")
    [document] = chosen(form(iro, episode, "court_document_given"), "document")
    send(iro, episode, "court_document_given", document=document)
    assert [fact.document for fact in recorded(town, episode, CourtDocumentGiven)] == [document]
    assert "No document waits" in form(iro, episode, "court_document_given")


async def test_a_hearing_is_moved_or_taken_off_the_list(town: Town) -> None:
    episode, worker = await town.child(), town.visitor(DeskRole.SOCIAL_WORKER)
    issued = await town.record(episode, "proceedings_issued", about="placement")
    said: dict[str, Any] = {"proceedings": issued, "hearing": "issues_resolution", "held_on": days_ago(-30)}
    hearing = await town.record(episode, "hearing_listed", **said)
    assert chosen(form(worker, episode, "hearing_moved"), "hearing") == [hearing]
    past = days_ago(1)
    boxes = {f"held_on-{part}": str(getattr(past, part)) for part in ("day", "month", "year")}
    assert "is past" in refused(worker, episode, "hearing_moved", hearing=hearing, reason="Made up.", **boxes)
    send(worker, episode, "hearing_moved", hearing=hearing, reason="Made up.")
    assert [fact.held_on for fact in recorded(town, episode, HearingMoved)] == [None]
    assert "taken off the list" in form(worker, episode, "hearing_moved")
    assert "There is no hearing of which the IRO is still to be told." in form(worker, episode, "hearing_reported")


# --- What the child asks for ------------------------------------------------------------------------------------------


async def test_a_wish_of_the_child_is_recorded_and_answered(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode, worker, iro = await town.child(), town.visitor(DeskRole.SOCIAL_WORKER), town.visitor(DeskRole.IRO)
    await worker.sign_in(window_without_script)
    phone = await window_without_script.new_page()
    await phone.goto(f"/children/{episode}/record/child_wished")
    await require_whole(phone)
    await picture(phone, pictures, "record-wish-phone")
    await phone.get_by_label("Today").check()
    await phone.get_by_label("That somebody does not come").check()
    await phone.get_by_label("What the child said").fill("I do not want the school there.")
    await phone.get_by_role("button", name="Record", exact=True).click()
    await expect(phone.locator("#who-error")).to_contain_text("Select who is not to be there")
    await phone.get_by_label("Who is not to be there").select_option("school")
    await phone.get_by_role("button", name="Record", exact=True).click()
    (wish,) = recorded(town, episode, ChildWished)
    assert (wish.who, wish.by) == (Role.SCHOOL, worker.person)

    await iro.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/steps/answer_child_wish.{wish.id}")
    await page.get_by_role("link", name="Answer the child").click()
    await expect(page.get_by_label("Which wish")).to_have_value(wish.id)
    await page.get_by_label("Today").check()
    await page.get_by_label("It is met in part").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await expect(page.locator("#reason-error")).to_contain_text("Say why the wish is not wholly met")
    await require_accessible(page)
    await picture(page, pictures, "record-wish-answer")
    await page.get_by_label("Why, as the child was told").fill("The school comes for its own part alone.")
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    (answer,) = recorded(town, episode, ChildWishAnswered)
    assert (answer.wish, answer.met, answer.by) == (wish.id, WishMet.IN_PART, iro.person)


async def test_nobody_takes_back_what_the_child_asked_for(town: Town) -> None:
    episode, worker = await town.child(), town.visitor(DeskRole.SOCIAL_WORKER)
    send(worker, episode, "child_wished", wish="place", words="At my carer's, not at the office.")
    (wish,) = recorded(town, episode, ChildWished)
    timeline = worker.get(f"/children/{episode}/timeline", show="recorded").text
    assert f"/facts/{wish.id}/correct" in timeline and f"/facts/{wish.id}/withdraw" not in timeline
    answer = worker.post(f"/children/{episode}/facts/{wish.id}/withdraw", {"why": "Not wanted here."})
    assert answer.status_code == 422
    assert "answer it. If the child wants it no more, that is the answer." in answer.text
    assert len(recorded(town, episode, ChildWished)) == 1


MADE = {"by_child": True, "words": "Never came."}
ASKED: list[tuple[str, dict[str, Any], str]] = [
    ("complaint_made", {"about": "iro", **MADE}, "complaint_passed_on complaint_weighed complaint_answered"),
    ("complaint_made", {"about": "authority", **MADE}, "complaint_passed_on complaint_answered"),
    ("advocate_asked", {"by_child": True}, "advocate_provided"),
    ("child_wants_proceedings", {"words": "To see my brother."}, "adult_sought child_helped_to_advice"),
    ("child_wished", {"wish": "chair", "words": "I want to begin it."}, "child_wish_answered"),
]
NO_MORE = "child_wants_no_more"


@pytest.mark.parametrize(("kind", "fields", "answers"), ASKED)
async def test_what_the_child_asked_for_is_offered_where_it_can_be_answered(
    town: Town, kind: str, fields: dict[str, Any], answers: str
) -> None:
    episode = await town.child()
    asked = await town.record(episode, kind, **fields)
    roles = (DeskRole.IRO, DeskRole.IRO_MANAGER)
    visitor = Visitor(town.served, town.ref("iro"), "Example", town.code, *roles)
    every = {act for _, _, acts in ASKED for act in acts.split()} | {NO_MORE}
    offered = {act for act in every if asked in form(visitor, episode, act)}
    if fields.get("about") == "iro":  # It is not for the IRO to say that the child does not want it answered.
        assert offered == set(answers.split())
        return
    assert offered == {*answers.split(), NO_MORE}
    send(visitor, episode, NO_MORE, request=asked, words="It is fine now.")
    # Of a complaint the IRO is told all the same; whether an adult can help may be said again.
    still = {act for act in every if asked in form(visitor, episode, act)}
    assert still == ({"complaint_passed_on"} if kind == "complaint_made" else set())
