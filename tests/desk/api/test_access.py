"""Who may call what: every endpoint of the table, with every token that there can be."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from desk.access import API, Scope
from desk.api.callers import CALLS_A_MINUTE, Limits
from desk.parts import Desk
from register.api_clients import find_api_client, make_api_client
from register.audit import AuditEntry, Outcome
from rules.vocabulary import NOBODY
from tests.audit_log import audited
from tests.desk.api.calls import ALL, CaseSystem, problem
from tests.desk.api.conftest import api_of, app_with, calling

UNKNOWN = "episode-made-up"


def endpoints(app: FastAPI) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Each endpoint of the document by its name: method, path, and what the document says of it."""
    paths = app.openapi()["paths"]
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


@pytest.fixture(scope="session")
def known(app: FastAPI) -> dict[str, tuple[str, str, dict[str, Any]]]:
    return endpoints(api_of(app))


def test_every_endpoint_is_in_the_table_and_none_besides(known: dict[str, Any]) -> None:
    assert set(known) == set(API)
    for name, (_, _, operation) in known.items():
        assert operation["security"] == [{"token": [API[name].value]}]


async def called(cms: CaseSystem, endpoint: tuple[str, str, dict[str, Any]], episode: str) -> httpx.Response:
    """Call an endpoint with the first example of what it takes."""
    method, path, operation = endpoint
    place = path.replace("{episode}", episode).replace("{fact}", "opening").replace("{webhook}", "999999")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
    example = next((each["value"] for each in body.values()), None)
    if operation["operationId"] == "open_episode":
        example = cms.notification()
    return await cms.call(method, place, **({"json": example} if example is not None else {}))


def last_of(desk: Desk, who: str) -> AuditEntry:
    return audited(desk.register, who=who, limit=1)[0]


@pytest.mark.parametrize("name", sorted(API))
async def test_a_token_without_the_scope_is_told_which_is_needed(
    cms: CaseSystem, known: dict[str, Any], name: str
) -> None:
    for scope in (each for each in Scope if each is not API[name]):
        without = cms.with_token(scope)
        answer = await called(without, known[name], UNKNOWN)
        assert API[name] in problem(answer, 403, "scope-needed")["detail"]
        assert f'scope="{API[name]}"' in answer.headers["www-authenticate"]
        noted = last_of(cms.desk, without.reference)
        assert (noted.what, noted.outcome, noted.roles) == (name, Outcome.DENIED, (scope,))


@pytest.mark.parametrize("name", sorted(API))
async def test_the_scope_alone_is_enough(cms: CaseSystem, known: dict[str, Any], name: str) -> None:
    answer = await called(cms.with_token(API[name]), known[name], UNKNOWN)
    assert answer.status_code not in (401, 403), answer.text
    if "{episode}" in known[name][1]:
        problem(answer, 404, "not-found")


@pytest.mark.parametrize("name", sorted(API))
async def test_nobody_calls_without_a_token_that_is_accepted(cms: CaseSystem, known: dict[str, Any], name: str) -> None:
    expired, revoked = cms.with_token(lasts=timedelta(seconds=-1)), cms.with_token()
    revoked.revoke()
    for token in (expired, revoked):
        answer = await called(token, known[name], UNKNOWN)
        assert "expired or was revoked" in problem(answer, 401, "token-refused")["detail"]
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        noted = last_of(cms.desk, token.reference)
        assert (noted.what, noted.outcome) == (name, Outcome.DENIED)
    method, path, _ = known[name]
    for header in ("", "Bearer", "Bearer  ", f"Basic {cms.token}", cms.token):
        sent = {"Authorization": header} if header else {}
        answer = await cms.http.request(method, f"/api/v1{path.replace('{episode}', UNKNOWN)}", headers=sent, json={})
        problem(answer, 401, "token-needed")
        assert answer.headers["www-authenticate"] == 'Bearer realm="api"'
    for token_of_nobody in (cms.token[:-1], cms.token + "x", "x" * 5000):
        sent = {"Authorization": f"Bearer {token_of_nobody}"}
        answer = await cms.http.request(method, f"/api/v1{path.replace('{episode}', UNKNOWN)}", headers=sent, json={})
        problem(answer, 401, "token-refused")
        assert last_of(cms.desk, NOBODY).what == name


async def test_an_episode_of_another_authority_is_as_if_there_were_none(cms: CaseSystem, known: dict[str, Any]) -> None:
    other = cms.of_another_authority()
    theirs = await other.child()
    for name, endpoint in known.items():
        if "{episode}" not in endpoint[1]:
            continue
        hidden, nowhere = await called(cms, endpoint, theirs), await called(cms, endpoint, UNKNOWN)
        assert hidden.json() == nowhere.json()
        problem(hidden, 404, "not-found")
        noted = last_of(cms.desk, cms.reference)
        assert (noted.what, noted.outcome) == (name, Outcome.DENIED)
    assert len(cms.noted(theirs)) == sum("{episode}" in path for _, path, _ in known.values())
    assert [entry.outcome for entry in other.noted(theirs)] == [Outcome.DONE]


IDS = ["..", "%2e%2e", "%00", "a%00b", "a b", "a" * 500, "x'--", "%F0%9F%91%B6", "_"]


@pytest.mark.parametrize("given", IDS)
async def test_what_can_be_no_episode_leads_nowhere(cms: CaseSystem, given: str) -> None:
    for part in ("/agenda", "/timeline"):
        problem(await cms.get(f"/episodes/{given}{part}"), 404, "not-found")


@pytest.mark.parametrize("path", ["/api/v2/episodes", "/api/v1/episodes/a%0Ab/agenda", "/api/v1/nothing", "/api/v1/"])
async def test_an_address_that_is_none_is_told_as_a_problem_and_not_as_a_page(cms: CaseSystem, path: str) -> None:
    problem(await cms.http.get(path), 404, "not-found")


async def test_what_cannot_be_done_at_an_address_is_told_with_what_can(cms: CaseSystem) -> None:
    answer = await cms.call("DELETE", "/episodes")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


async def test_who_may_not_call_is_not_told_what_is_wrong_with_the_call(cms: CaseSystem) -> None:
    reader = cms.with_token(Scope.EPISODES_READ)
    for body in (b"{", b"[]", b'{"on": 1}'):
        answer = await reader.call("POST", f"/episodes/{UNKNOWN}/acts/discussion_held", content=body)
        problem(answer, 403, "scope-needed")


async def test_that_a_token_is_used_is_noted(cms: CaseSystem) -> None:
    await cms.get("/episodes")
    found = find_api_client(cms.desk.register, cms.token)
    assert found and found.used_at


# --- Not too often --------------------------------------------------------------------------------------------------


@pytest.fixture
def few(desk: Desk) -> Iterator[FastAPI]:
    yield app_with(desk, Limits(calls_a_minute=5, refusals_a_minute=3))


async def test_whoever_calls_too_often_is_told_when_to_go_on(desk: Desk, few: FastAPI) -> None:
    async with calling(few) as http:
        cms = CaseSystem.of(desk, http)
        answers = await asyncio.gather(*(cms.get("/episodes") for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 3
        answer = await cms.get("/episodes")
        problem(answer, 429, "too-many-calls")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert (await CaseSystem.of(desk, http).get("/episodes")).status_code == 200
        assert len(cms.noted()) == 5


async def test_another_token_of_the_same_system_is_no_way_round_it(desk: Desk, few: FastAPI) -> None:
    async with calling(few) as http:
        cms = CaseSystem.of(desk, http)
        for _ in range(5):
            await cms.get("/episodes")
        now = desk.clock()
        _, token = make_api_client(
            desk.register, cms.reference, cms.authority, ALL, by="test", at=now, expires=now + timedelta(days=1)
        )
        answer = await http.get("/api/v1/episodes", headers={"Authorization": f"Bearer {token}"})
        problem(answer, 429, "too-many-calls")


async def test_whoever_guesses_tokens_is_held_up_alone_and_the_log_is_not_flooded(desk: Desk, few: FastAPI) -> None:
    before = len(audited(desk.register, who=NOBODY, limit=10_000))
    async with calling(few) as http:
        guesses = [
            await http.get("/api/v1/episodes", headers={"Authorization": f"Bearer guess-{number}"})
            for number in range(6)
        ]
        assert (await CaseSystem.of(desk, http).get("/episodes")).status_code == 200
    assert [answer.status_code for answer in guesses] == [401] * 3 + [429] * 3
    assert guesses[-1].headers["retry-after"] == "60"
    assert len(audited(desk.register, who=NOBODY, limit=10_000)) == before + 3


def test_the_limit_lets_a_case_system_do_its_work() -> None:
    assert CALLS_A_MINUTE >= 300
