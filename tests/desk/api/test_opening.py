"""Opening an episode over HTTP: idempotent by content and by key."""

import asyncio

import httpx
import pytest

from register.audit import Outcome
from register.queries import facts, list_episodes
from tests.desk.api.calls import OTHER, CaseSystem, problem
from tests.desk.town import days_ago, today

KEY = "Idempotency-Key"


async def send(cms: CaseSystem, body: object, key: str) -> httpx.Response:
    return await cms.post("/episodes", body, **{KEY: key})


async def test_a_notification_opens_an_episode_and_the_same_one_finds_it_again(cms: CaseSystem) -> None:
    sent = cms.notification()
    first, again = await cms.post("/episodes", sent), await cms.post("/episodes", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    opened, found = first.json(), again.json()
    assert (opened["existed"], found["existed"]) == (False, True)
    assert opened["episode"] == found["episode"]
    assert opened["standing"]["stage"] == "allocation"
    assert first.headers["location"] == f"/api/v1/episodes/{opened['episode']}"
    read = await cms.get(first.headers["location"].removeprefix("/api/v1"))
    assert read.json()["child"] == sent["child"]


async def test_who_recorded_it_is_the_case_system_unless_it_says_who_did(cms: CaseSystem) -> None:
    mine, theirs = await cms.child(), await cms.child(by="SW-7")
    assert {entry.fact.by for entry in facts(cms.desk.register, mine)} == {cms.reference}
    assert {entry.fact.by for entry in facts(cms.desk.register, theirs)} == {"SW-7"}
    told = problem(await cms.post("/episodes", cms.notification(by="system")), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == ["#/by"]


async def test_a_contradicting_notification_is_refused(cms: CaseSystem) -> None:
    sent = cms.notification()
    await cms.post("/episodes", sent)
    told = problem(await cms.post("/episodes", sent | {"birth_date": "2014-05-06"}), 409, "refused")
    assert "says otherwise (birth_date)" in told["detail"] and "2014" not in told["detail"]
    other_day = sent | {"became_looked_after": str(days_ago(4))}
    assert "looked after already" in problem(await cms.post("/episodes", other_day), 409, "refused")["detail"]


async def test_an_episode_of_another_authority_is_not_opened(cms: CaseSystem) -> None:
    problem(await cms.post("/episodes", cms.notification(authority=OTHER)), 403, "other-authority")
    assert cms.noted()[-1].outcome is Outcome.DENIED


# --- By key ---------------------------------------------------------------------------------------------------------


async def test_the_same_key_gets_the_same_answer_whatever_has_happened_since(cms: CaseSystem) -> None:
    sent = cms.notification()
    first = await send(cms, sent, "key-1")
    await cms.report(first.json()["episode"], "iro_appointed", iro="IRO-7")
    again = await send(cms, sent, "key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]


async def test_the_order_of_the_fields_is_no_other_content(cms: CaseSystem) -> None:
    sent = cms.notification()
    turned = dict(reversed(sent.items()))
    assert (await send(cms, sent, "key-1")).json() == (await send(cms, turned, "key-1")).json()


async def test_the_same_key_with_other_content_is_refused_and_opens_nothing(alone: CaseSystem) -> None:
    await send(alone, alone.notification(), "key-1")
    told = problem(await send(alone, alone.notification(), "key-1"), 422, "key-reused")
    assert "under a new key" in told["detail"]
    assert len(list_episodes(alone.desk.register, today=today(), authority=alone.authority)) == 1


async def test_a_key_is_one_systems_own(cms: CaseSystem) -> None:
    other = cms.of_another_authority()
    assert (await send(cms, cms.notification(), "key-1")).status_code == 201
    assert (await send(other, other.notification(), "key-1")).status_code == 201


async def test_of_many_calls_at_once_under_one_key_all_get_one_answer(alone: CaseSystem) -> None:
    sent = alone.notification()
    answers = await asyncio.gather(*(send(alone, sent, "key-1") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.text for answer in answers}) == 1
    assert len(list_episodes(alone.desk.register, today=today(), authority=alone.authority)) == 1


async def test_of_two_contents_at_once_under_one_key_one_is_opened(alone: CaseSystem) -> None:
    bodies = [alone.notification() for _ in range(6)]
    answers = await asyncio.gather(*(send(alone, body, "key-1") for body in bodies))
    refused = [answer for answer in answers if answer.status_code == 422]
    assert len(refused) == 5
    for answer in refused:
        problem(answer, 422, "key-reused")
    children = {body["child"] for body in bodies}
    opened = list_episodes(alone.desk.register, today=today(), authority=alone.authority)
    assert len([line for line in opened if line.child in children]) == 1


@pytest.mark.parametrize("key", ["", "two words", "k" * 129, "schlüssel"])
async def test_what_is_no_key_is_told(cms: CaseSystem, key: str) -> None:
    answer = await cms.call("POST", "/episodes", json=cms.notification(), headers={KEY: key.encode("latin-1")})
    told = problem(answer, 422, "invalid")
    assert [error["parameter"] for error in told["errors"]] == [KEY]


async def test_opening_is_in_the_audit_log_with_the_episode(cms: CaseSystem) -> None:
    episode = await cms.child()
    [entry] = cms.noted(episode)
    assert (entry.what, entry.outcome, entry.way) == ("open_episode", Outcome.DONE, "api")
