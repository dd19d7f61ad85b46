"""Recording in trouble: the server down, no answer in time, a form recorded in part; and who may not at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect
from temporalio.client import Client

import desk.forms.sending as sending
from client.connection import ServerUnreachable
from client.episodes import record
from client.errors import NotAnswered
from desk.parts import Desk
from desk.serving import serving_desk
from desk.settings import DeskSettings
from desk.viewer import DeskRole
from register.audit import Outcome
from register.drafts import kept
from register.queries import facts
from rules.facts import Fact
from rules.facts.base import ToSomeone
from rules.facts.reviews import DecisionMade, DecisionsSent
from rules.vocabulary import Role
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible
from tests.desk.town import Served, Town, Visitor, today

FORM = "f-0123456789abcdef"
TALK = {"form_fact": FORM, "form_revision": "99", "on": today().isoformat(), "outcome": "refused"}


def recorded(town: Town, episode: str) -> list[Fact]:
    return [entry.fact for entry in facts(town.register, episode)]


def of_kind(town: Town, episode: str, kind: str) -> list[Fact]:
    return [fact for fact in recorded(town, episode) if fact.kind == kind]


# --- The server down ------------------------------------------------------------------------------------------------


async def _nobody_there() -> Client:
    raise ServerUnreachable("No Temporal server can be used.")


@pytest.fixture
def down(served: Served) -> Iterator[Served]:
    """The same desk without a workflow server."""
    parts = served.desk
    desk = Desk(parts.register, parts.keys, parts.settings, DeskSettings(), dial=_nobody_there)
    with serving_desk(desk, 0) as url:
        yield Served(desk, url)


async def test_with_the_server_down_forms_are_read_and_what_is_sent_is_kept(
    town: Town, down: Served, window: BrowserContext, pictures: Any
) -> None:
    episode = await town.child()
    visitor = Visitor(down, town.ref("iro"), "Example IRO", town.code, DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"{down.url}/children/{episode}/record/child_consulted")
    await page.get_by_label("Today").check()
    await page.get_by_label("The child did not want to talk").check()
    await page.get_by_role("button", name="Record", exact=True).click()
    await expect(page.get_by_text("Nothing has been recorded yet")).to_be_visible()
    await expect(page.get_by_label("The child did not want to talk")).to_be_checked()
    await require_accessible(page)
    await picture(page, pictures, "record-server-down")
    assert kept(town.register, visitor.person, episode, "child_consulted")
    failed = next(entry for entry in audited(town.register, episode=episode) if entry.what == "child_consulted")
    assert failed.outcome is Outcome.FAILED
    # Once it is back, the same form is sent again: to the desk that has a server.
    body = kept(town.register, visitor.person, episode, "child_consulted").body  # type: ignore[union-attr]
    again = town.visitor(DeskRole.IRO).post(
        f"/children/{episode}/record/child_consulted", {name: values[0] for name, values in body.items()}
    )
    assert again.status_code == 303
    assert [fact.id for fact in of_kind(town, episode, "child_consulted")] == [body["form_fact"][0]]
    assert kept(town.register, visitor.person, episode, "child_consulted") is None


async def test_what_was_not_answered_may_be_recorded_and_sent_again_is_so_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)

    async def answered_too_late(*given: Any) -> None:
        await record(*given)
        raise NotAnswered("No answer came in time.")

    with monkeypatch.context() as patched:
        patched.setattr(sending, "record", answered_too_late)
        answer = visitor.post(f"/children/{episode}/record/child_consulted", TALK)
    assert answer.status_code == 503
    assert "it may have been recorded" in answer.text
    assert kept(town.register, visitor.person, episode, "child_consulted")
    assert visitor.post(f"/children/{episode}/record/child_consulted", TALK).status_code == 303
    assert len(of_kind(town, episode, "child_consulted")) == 1


# --- In part --------------------------------------------------------------------------------------------------------


def rows(*decisions: tuple[str, str, int], **more: str) -> dict[str, Any]:
    """The form of several decisions: text, owner, and the year by which."""
    body: dict[str, Any] = {"form_fact": FORM, "form_revision": "99", "on": today().isoformat(), "row": []}
    body["review"] = today().isoformat()
    for number, (text, owner, year) in enumerate(decisions):
        key = f"00000{number}"
        body["row"].append(key)
        due = {"due-day": "1", "due-month": "3", "due-year": str(year)}
        body |= {f"row-{key}-{name}": value for name, value in {"text": text, "owner": owner, **due}.items()}
    return {**body, **more}


async def test_of_several_decisions_those_that_can_be_stand_and_the_others_are_told(
    town: Town, window: BrowserContext, pictures: Any
) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    await town.record(episode, "review_held", participation="PN1")
    path, later, past = f"/children/{episode}/record/decisions", today().year + 1, today().year - 1
    sent = {"sent": "yes", "sent_on": today().isoformat()}
    body = rows(("The dentist is seen.", "carer", later), ("A school is found.", "social_worker", past), **sent)
    answer = visitor.post(path, body)
    assert answer.status_code == 422
    assert "<strong>Recorded:</strong> Decision 1." in answer.text
    assert "<strong>Not recorded yet:</strong> Decision 2; Sent to the team manager." in answer.text
    assert 'id="row-000001-due-error"' in answer.text
    assert [fact.text for fact in recorded(town, episode) if isinstance(fact, DecisionMade)] == ["The dentist is seen."]
    assert not any(isinstance(fact, DecisionsSent) for fact in recorded(town, episode))

    # The form is found again, with what stands told and not asked again.
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(path)
    await expect(page.get_by_text("Recorded: The dentist is seen.")).to_be_visible()
    await expect(page.get_by_label("What was decided")).to_have_value("A school is found.")
    await require_accessible(page)
    await page.fill("#row-000001-due-year", str(later))
    await picture(page, pictures, "record-decisions-in-part")
    await page.get_by_role("button", name="Record", exact=True).click()
    await page.wait_for_url("**?done=*")
    made = [fact for fact in recorded(town, episode) if isinstance(fact, DecisionMade)]
    assert [fact.text for fact in made] == ["The dentist is seen.", "A school is found."]
    assert len({fact.decision for fact in made}) == 2
    assert any(isinstance(fact, DecisionsSent) for fact in recorded(town, episode))


async def test_the_record_is_circulated_to_several_and_withheld_from_one(
    town: Town, window_without_script: BrowserContext, pictures: Any
) -> None:
    episode = await town.child()
    await town.record(episode, "review_held", participation="PN1")
    await town.visitor(DeskRole.IRO_ADMINISTRATOR).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto(f"/children/{episode}/record/record_distributed?recipient=carer&step=distribution")
    assert "/record/circulate_record?given=carer" in page.url
    await expect(page.locator("input[name=given][value=carer]")).to_be_checked()
    await page.locator("input[name=given][value=child]").check()
    await page.locator("input[name=withheld][value=parents]").check()
    await page.locator("#reason-parents").fill("The court said so.")
    await page.get_by_label("Today").check()
    await picture(page, pictures, "record-circulate-phone")
    await page.get_by_role("button", name="Record", exact=True).click()
    found = [fact for fact in recorded(town, episode) if isinstance(fact, ToSomeone)]
    assert {(fact.kind, fact.recipient) for fact in found} == {
        ("record_distributed", Role.CHILD),
        ("record_distributed", Role.CARER),
        ("record_withheld", Role.PARENTS),
    }


# --- Who may not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["record", "record/child_consulted", "record/nothing_known"])
async def test_a_child_who_is_not_theirs_is_not_found_and_that_is_noted(town: Town, path: str) -> None:
    theirs, other = await town.child(iro=None), "episode-guessed"
    visitor = town.visitor(DeskRole.IRO)
    for episode in (theirs, other):
        assert visitor.get(f"/children/{episode}/{path}").status_code == 404
        if path != "record":
            assert visitor.post(f"/children/{episode}/{path}", TALK).status_code == 404
    noted = audited(town.register, who=visitor.person)
    assert {entry.outcome for entry in noted} == {Outcome.DENIED}
    assert {entry.episode for entry in noted} == {theirs, other}
    assert of_kind(town, theirs, "child_consulted") == []


async def test_an_operator_records_nothing(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.OPERATOR)
    assert visitor.get(f"/children/{episode}/record").status_code == 403
    assert visitor.post(f"/children/{episode}/record/child_consulted", TALK).status_code == 403


async def test_a_part_of_a_form_that_a_role_may_not_is_refused(town: Town) -> None:
    """A social worker says who was told who the IRO is; who is not to be told is for the IRO service to say."""
    episode, visitor = await town.child(), town.visitor(DeskRole.SOCIAL_WORKER)
    fields = {"form_fact": FORM, "form_revision": "99", "on": today().isoformat()}
    answer = visitor.post(
        f"/children/{episode}/record/iro_told", {**fields, "withheld": "parents", "reason-parents": "The court."}
    )
    assert answer.status_code == 403
    assert of_kind(town, episode, "iro_not_made_known") == []
    (denied,) = [entry for entry in audited(town.register, who=visitor.person) if entry.outcome is Outcome.DENIED]
    assert denied.what == "iro_not_made_known"


async def test_a_form_of_another_session_is_not_taken(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    answer = visitor.http.post(f"/children/{episode}/record/child_consulted", data=TALK)
    assert answer.status_code == 403
    assert of_kind(town, episode, "child_consulted") == []


async def test_nothing_of_what_was_written_stands_in_the_audit_log(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    secret = "Jane Doe of Nowhere"
    visitor.post(f"/children/{episode}/record/child_consulted", {**TALK, "outcome": "spoke", "reason": secret})
    visitor.post(f"/children/{episode}/record/child_consulted", {**TALK, "reason": secret})
    assert secret not in str(audited(town.register, episode=episode))


async def test_words_are_shown_as_words_whatever_is_in_them(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    words = "\"><script>alert(1)</script></textarea>'&amp;"
    answer = visitor.post(f"/children/{episode}/record/kin_known", {**TALK, "kin": words, "relation": words})
    assert answer.status_code == 403
    answer = visitor.post(f"/children/{episode}/record/needs_known", {**TALK, "needs": words})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    answer = visitor.post(f"/children/{episode}/record/child_consulted", {"form_fact": FORM, "reason": words})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/textarea&gt;" in answer.text
