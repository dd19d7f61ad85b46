"""The OpenAPI document: complete, true, and nothing that it lets anybody send brings the service down."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from client.checked import checked
from client.episodes import Notification
from desk.access import API, API_ACTS, Scope
from desk.api import examples
from desk.api.acts import Correction
from desk.api.callers import CALLS_A_MINUTE
from desk.api.problems import Kinds
from desk.parts import Desk
from desk.security import TRIES_A_MINUTE
from rules.facts import FACT_TYPES
from tests.desk.api.calls import CaseSystem
from tests.desk.api.conftest import api_of, calling

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 4
"""For each endpoint, of what may be sent and of what may not."""


@pytest.fixture(scope="session")
def document(app: FastAPI) -> dict[str, Any]:
    return api_of(app).openapi()


@pytest.fixture(scope="session")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}


# --- What it says ---------------------------------------------------------------------------------------------------


async def test_anybody_may_read_the_document(cms: CaseSystem) -> None:
    answer = await cms.http.get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1.")
    assert answer.json()["servers"] == [{"url": "/api/v1"}]
    assert answer.json()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.parametrize("name", sorted(API))
def test_every_endpoint_tells_its_problems_and_its_scope(
    document: dict[str, Any], operations: dict[str, dict[str, Any]], name: str
) -> None:
    operation, shared = operations[name], document["components"]["responses"]
    assert operation["summary"] and f"Scope: `{API[name]}`" in operation["description"]
    told = {
        kind
        for status, each in operation["responses"].items()
        if int(status) >= 400
        for kind in shared[each["$ref"].rpartition("/")[2]]["content"]["application/problem+json"]["examples"]
    }
    assert {"token-needed", "token-refused", "scope-needed", "too-many-calls", "unavailable", "unforeseen"} <= told
    if "requestBody" in operation:
        assert {"not-json", "invalid", "too-large", "media-type"} <= told


def test_every_problem_is_told_somewhere_but_what_the_router_finds(document: dict[str, Any]) -> None:
    told = {
        name
        for each in document["components"]["responses"].values()
        for name in each["content"]["application/problem+json"]["examples"]
    }
    assert told == {kind.value.name for kind in Kinds} - {"method-not-allowed"}


@pytest.mark.parametrize("act", API_ACTS)
def test_every_act_is_shown_with_its_fields_and_an_example_that_holds(
    document: dict[str, Any], operations: dict[str, dict[str, Any]], act: str
) -> None:
    content = operations[f"report_{act}"]["requestBody"]["content"]["application/json"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    assert set(schema["properties"]) == set(FACT_TYPES[act].model_fields)
    assert "by" not in schema["required"]
    assert all("description" in each for name, each in schema["properties"].items() if name != "kind")
    fact = checked(FACT_TYPES[act], {"by": "cms-1", **content["examples"][act]["value"]})
    assert fact.id


def test_the_other_examples_hold_too() -> None:
    for example in examples.OPENING.values():
        assert checked(Notification, {"by": "cms-1", **example})
    for example in examples.CORRECTION.values():
        assert checked(Correction, {"by": "cms-1", **example})


def test_the_document_names_every_scope(document: dict[str, Any]) -> None:
    says = document["components"]["securitySchemes"]["token"]["description"]
    assert all(f"`{scope}`" in says for scope in Scope)


def test_the_page_on_the_api_tells_every_problem_scope_and_limit() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    assert set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| [0-9].*?\|.*?\|", page, re.MULTILINE)))) == {
        kind.value.name for kind in Kinds
    }
    assert set(re.findall(r"^\| `([a-z]+:[a-z]+)`", page, re.MULTILINE)) == set(Scope)
    assert f"{CALLS_A_MINUTE} calls a minute" in page and f"after {TRIES_A_MINUTE} in a minute" in page


# --- What it leads to -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def address(app: FastAPI) -> Iterator[str]:
    """The application on a real port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def schema(document: dict[str, Any]) -> OpenApiSchema:
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="session")
async def standing(desk: Desk, app: FastAPI) -> tuple[str, str]:
    """A token, and a child's episode that it may have to do with."""
    async with calling(app) as http:
        cms = CaseSystem.of(desk, http)
        return cms.token, await cms.child()


@pytest.mark.parametrize("name", sorted(API))
def test_nothing_that_can_be_sent_brings_it_down(
    schema: OpenApiSchema, address: str, standing: tuple[str, str], name: str
) -> None:
    token, episode = standing
    operation = schema.find_operation_by_id(name)
    place = {"episode": episode} if "{episode}" in operation.path else None
    for mode, checks in (
        (GenerationMode.POSITIVE, CHECKS),
        (GenerationMode.NEGATIVE, [*CHECKS, negative_data_rejection]),
    ):
        _each(operation.as_strategy(mode, path_parameters=place), checks, address, token)


def _each(cases: SearchStrategy[Case[Any]], checks: list[Any], address: str, token: str) -> None:
    """Send some cases, and hold every answer against the document."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def holds(case: Case[Any]) -> None:
        answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        case.validate_response(answer, checks=checks)

    try:
        holds()
    except (Unsatisfiable, SkipTest):
        pass  # Nothing wrong can be sent to an endpoint that takes nothing but its address.
