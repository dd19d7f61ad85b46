"""Reporting acts over HTTP: recorded once by their id, put right, and refused with a sentence."""

import asyncio
from typing import Any

import pytest

from desk.access import API_ACTS
from register.audit import Outcome
from register.queries import facts
from rules.facts import FACT_TYPES, OF_THE_SYSTEM
from tests.desk.api.calls import CaseSystem, problem
from tests.desk.town import days_ago, today


def fact_of(cms: CaseSystem, episode: str, fact_id: str) -> dict[str, Any]:
    [found] = [entry.fact for entry in facts(cms.desk.register, episode) if entry.fact.id == fact_id]
    return found.model_dump(mode="json")


def test_every_act_that_somebody_may_report_has_an_endpoint() -> None:
    """Becoming looked after opens an episode; what a young person writes comes by their private link."""
    assert set(FACT_TYPES) - set(API_ACTS) == OF_THE_SYSTEM | {"became_looked_after", "child_wrote"}


async def test_an_act_is_recorded_and_can_be_read_at_once(cms: CaseSystem) -> None:
    episode = await cms.child()
    answer = await cms.report(episode, "iro_appointed", id="act-1", iro="IRO-7")
    assert answer.status_code == 200
    assert answer.json() | {"standing": None} == {
        "episode": episode,
        "act": "iro_appointed",
        "id": "act-1",
        "standing": None,
    }
    assert (await cms.get(f"/episodes/{episode}")).json()["iro"] == "IRO-7"
    assert fact_of(cms, episode, "act-1")["by"] == cms.reference


async def test_a_person_may_be_named_as_who_recorded_it_but_never_the_system(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "discussion_held", id="talk", by="SW-7")
    assert fact_of(cms, episode, "talk")["by"] == "SW-7"
    told = problem(await cms.report(episode, "discussion_held", by="system"), 422, "invalid")
    assert told["errors"][0]["pointer"] == "#/by"
    told = problem(await cms.report(episode, "discussion_held", by="Jane Doe"), 422, "invalid")
    assert "Jane" not in str(told)


async def test_a_dispute_is_the_childs_iros_own_and_anybodys_system_reports_its_answer(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    said = {"id": "dispute-1", "matter": "drift", "about": "No school place", "stage": "director"}
    told = problem(await cms.report(episode, "dispute_raised", **said), 409, "refused")
    assert "that is IRO-7, not" in told["detail"] and "(by)" in told["detail"]
    assert (await cms.report(episode, "dispute_raised", by="IRO-7", **said)).status_code == 200
    answer = await cms.report(
        episode, "dispute_answered", id="answer-1", dispute="dispute-1", answer="A place is found"
    )
    assert answer.status_code == 200
    assert fact_of(cms, episode, "answer-1")["by"] == cms.reference


async def test_what_a_child_asked_for_is_not_taken_back(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "child_wished", id="wish", wish="chair", words="I want to begin it")
    answer = await cms.report(episode, "fact_withdrawn", withdraws="wish", reason="Not wanted here")
    assert "answer it" in problem(answer, 409, "refused")["detail"]


async def test_what_the_clocks_record_nobody_reports(cms: CaseSystem) -> None:
    episode = await cms.child()
    for act in ("dispute_moved_up", "hearing_reached"):
        problem(await cms.report(episode, act), 404, "not-found")


async def test_the_same_act_sent_again_is_recorded_once(cms: CaseSystem) -> None:
    episode = await cms.child()
    first, again = [await cms.report(episode, "iro_appointed", id="act-1", iro="IRO-7") for _ in range(2)]
    assert first.json() == again.json()
    told = problem(await cms.report(episode, "iro_appointed", id="act-1", iro="IRO-8"), 409, "refused")
    assert "stands for another fact already" in told["detail"]


async def test_of_many_sent_at_once_under_one_id_one_is_recorded(cms: CaseSystem) -> None:
    episode = await cms.child()
    answers = await asyncio.gather(*(cms.report(episode, "discussion_held", id="talk") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    fact_of(cms, episode, "talk")


async def test_what_cannot_be_is_refused_with_the_workflows_own_sentence(cms: CaseSystem) -> None:
    episode = await cms.child()
    early = await cms.report(episode, "discussion_held", id="early", on=str(days_ago(50)))
    assert "before the child became looked after" in problem(early, 409, "refused")["detail"]
    assert [entry.outcome for entry in cms.noted(episode)] == [Outcome.DONE, Outcome.REFUSED]
    assert cms.noted(episode)[-1].detail == "early"


async def test_each_wrong_field_is_told_with_the_way_to_it_and_without_its_value(cms: CaseSystem) -> None:
    episode = await cms.child()
    answer = await cms.report(
        episode, "decision_made", decision="Jane Doe", text="secret " * 400, owner="nobody", du=str(today())
    )
    told = problem(answer, 422, "invalid")
    assert {error["pointer"] for error in told["errors"]} == {"#/decision", "#/text", "#/owner", "#/due", "#/du"}
    assert "Jane" not in answer.text and "secret" not in answer.text
    assert "did you mean due?" in answer.text


async def test_an_ended_episode_takes_only_what_follows_its_last_review(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "care_ended", on=str(days_ago(2)), reason="E4A")
    told = problem(await cms.report(episode, "discussion_held"), 409, "refused")
    assert "Care ended on" in told["detail"]


async def test_a_fact_is_withdrawn_for_a_reason(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    answer = await cms.report(episode, "fact_withdrawn", withdraws="iro", reason="It was another child.")
    assert answer.status_code == 200
    assert (await cms.get(f"/episodes/{episode}")).json()["iro"] is None


# --- Putting right --------------------------------------------------------------------------------------------------


async def corrected(cms: CaseSystem, episode: str, fact: str, **body: Any) -> Any:
    sent = {"id": "right-1", "on": str(today()), "reason": "It was mistyped.", **body}
    return await cms.post(f"/episodes/{episode}/facts/{fact}/correction", sent)


async def test_a_correction_changes_what_is_named_and_keeps_the_rest(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "review_held", id="review-1", participation="PN2", attended=["child", "carer"])
    answer = await corrected(cms, episode, "review-1", changes={"on": str(days_ago(2)), "attended": None})
    assert answer.status_code == 200
    assert answer.json()["act"] == "fact_corrected"
    right = fact_of(cms, episode, "right-1")["to"]
    assert (right["on"], right["participation"], right["attended"]) == (str(days_ago(2)), "PN2", [])


async def test_a_correction_sent_again_is_recorded_once_even_when_the_fact_has_changed_since(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    first = await corrected(cms, episode, "iro", changes={"iro": "IRO-8"})
    await corrected(cms, episode, "iro", id="right-2", changes={"on": str(days_ago(2))})
    again = await corrected(cms, episode, "iro", changes={"iro": "IRO-8"})
    assert (first.status_code, again.status_code) == (200, 200)
    other = await corrected(cms, episode, "iro", changes={"iro": "IRO-9"})
    assert "stands for another fact already" in problem(other, 409, "refused")["detail"]


async def test_what_is_wrong_in_a_correction_stands_in_its_changes(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    told = problem(await corrected(cms, episode, "iro", changes={"on": "soon", "ir": "IRO-8"}), 422, "invalid")
    assert {error["pointer"] for error in told["errors"]} == {"#/changes/on", "#/changes/ir"}
    problem(await corrected(cms, episode, "iro", changes={}), 422, "invalid")
    told = problem(await corrected(cms, episode, "iro", changes={"id": "iro-2", "kind": "x"}), 422, "invalid")
    assert {error["pointer"] for error in told["errors"]} == {"#/changes/id", "#/changes/kind"}
    problem(await corrected(cms, episode, "none", changes={"on": str(today())}), 404, "not-found")
    problem(await corrected(cms, episode, "no fact", changes={"on": str(today())}), 404, "not-found")


# --- What is no fact at all -----------------------------------------------------------------------------------------

RAW: list[tuple[bytes, str, int, str]] = [
    (b"", "application/json", 400, "not-json"),
    (b"{", "application/json", 400, "not-json"),
    (b"[]", "application/json", 400, "not-json"),
    (b'{"id": "a", "id": "b"}', "application/json", 400, "not-json"),
    (b'{"id": NaN}', "application/json", 400, "not-json"),
    (b'{"id": ' + b"9" * 5000 + b"}", "application/json", 400, "not-json"),
    (b'{"id": "\xff"}', "application/json", 400, "not-json"),
    (b"[" * 100_000, "application/json", 400, "not-json"),
    (b'{"id": ' + b"[" * 300 + b"]" * 300 + b"}", "application/json", 422, "invalid"),
    (b'{"id": "\\ud800"}', "application/json", 422, "invalid"),
    (b'{"id": "\\u0000"}', "application/json", 422, "invalid"),
    (b'{"id": "' + b"x" * 1_000_000 + b'"}', "application/json", 413, "too-large"),
    (b"id=a", "application/x-www-form-urlencoded", 415, "media-type"),
    (b"{}", "", 415, "media-type"),
]


@pytest.mark.parametrize(("body", "media_type", "status", "kind"), RAW, ids=[f"{each[0][:12]!r}" for each in RAW])
async def test_what_cannot_be_read_is_told(
    cms: CaseSystem, body: bytes, media_type: str, status: int, kind: str
) -> None:
    episode = await cms.child()
    answer = await cms.call(
        "POST", f"/episodes/{episode}/acts/discussion_held", content=body, headers={"Content-Type": media_type}
    )
    problem(answer, status, kind)


async def test_free_words_that_no_database_keeps_are_not_taken(cms: CaseSystem) -> None:
    episode = await cms.child()
    told = problem(await cms.report(episode, "care_voided", reason="home\0the same day"), 422, "invalid")
    assert told["errors"][0]["pointer"] == "#/reason"
