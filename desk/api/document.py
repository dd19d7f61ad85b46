"""The OpenAPI document: every endpoint with its scope, what it takes and answers, and each problem it may tell."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from client.acts import Shape, act_said, meaning
from desk.access import API, API_ACTS, Scope
from desk.api.bodies import TAKEN, reported
from desk.api.problems import PROBLEM_JSON, TYPE_PREFIX, Kinds, Problem

PREFIX = "/api/v1"
_REF = "#/components/schemas/{model}"
_SCHEME = "token"

DESCRIPTION = """\
The reviews of looked-after children: facts in, agenda out. A case system opens an episode for each period of care,
reports what happened as facts, and reads what is owed, by whom, by when and on what authority.

- **Days** are London dates, yyyy-mm-dd; instants are UTC.
- **References**, never names: of letters, digits, dot, dash and underline, at most 48.
- **Sent twice, recorded once**: a fact by its `id`, an episode by what it says, or by your `Idempotency-Key`.
- **Problems** are `application/problem+json` (RFC 9457): go by `type`, show `detail`, and `errors` beside the fields.
- **Tokens** are of one authority, and see its episodes alone. Every call about a child is in the audit log.
"""

SCOPES = {
    Scope.EPISODES_READ: "read episodes, their agendas, timelines and reviews",
    Scope.EPISODES_OPEN: "open episodes",
    Scope.ACTS_WRITE: "report acts, and correct them",
    Scope.WEBHOOKS_MANAGE: "say where to tell of steps that open, slip or close",
}

EVERYWHERE = (
    Kinds.TOKEN_NEEDED,
    Kinds.TOKEN_REFUSED,
    Kinds.SCOPE_NEEDED,
    Kinds.TOO_MANY_CALLS,
    Kinds.UNFORESEEN,
    Kinds.UNAVAILABLE,
)
OF_A_BODY = (Kinds.NOT_JSON, Kinds.TOO_LARGE, Kinds.MEDIA_TYPE, Kinds.INVALID)
OF_A_CASE = (Kinds.REFUSED, Kinds.CLOSED)
OF_OPENING = (Kinds.OTHER_AUTHORITY, Kinds.KEY_REUSED)

_HEADERS = {
    401: {"WWW-Authenticate": "How to call."},
    403: {"WWW-Authenticate": "The scope that is needed."},
    429: {"Retry-After": "After how many seconds to go on."},
    503: {"Retry-After": "After how many seconds to try again."},
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once.

    Args:
        app: the API.
    """
    if not app.openapi_schema:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            servers=[{"url": PREFIX}],
            tags=app.openapi_tags,
            separate_input_output_schemas=False,
        )
        _add_what_is_sent(made)
        shared = made["components"].setdefault("responses", {})
        for path, operations in made["paths"].items():
            for operation in operations.values():
                _complete(path, operation, shared)
        app.openapi_schema = made
    return app.openapi_schema


def methods_at(app: FastAPI, path: str) -> tuple[str, ...]:
    """What can be done at an address.

    Args:
        app: the API.
        path: the address, without what the API is mounted at.
    """
    for pattern, operations in document(app)["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return tuple(sorted(method.upper() for method in operations))
    return ("GET",)


def _add_what_is_sent(made: dict[str, Any]) -> None:
    _, sent = models_json_schema([(taken.model, "validation") for taken in TAKEN.values()], ref_template=_REF)
    _, problem = models_json_schema([(Problem, "validation")], ref_template=_REF)
    components = made.setdefault("components", {})
    schemas = {**components.get("schemas", {}), **sent["$defs"], **problem["$defs"]}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for act in API_ACTS:
        _describe(schemas[reported(act)], act)
    components["schemas"] = dict(sorted(schemas.items()))
    components["securitySchemes"] = {
        _SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of one authority, made with `starter.py api-client add`. Its scopes say what it"
            " allows:\n\n" + "\n".join(f"- `{scope}`: {says}" for scope, says in SCOPES.items()),
        }
    }


def _describe(schema: dict[str, Any], act: str) -> None:
    """Say of each field of an act how it is written."""
    for field in act_said(act).fields:
        meanings = [f"{choice}: {words}" for choice in field.choices if (words := meaning(choice))]
        shape = _SHAPES.get(field.shape, field.shape.value)
        said = f"{shape}: {'; '.join(meanings)}" if meanings else shape
        schema["properties"][field.name].setdefault("description", f"{said[0].upper()}{said[1:]}.")


_SHAPES = {Shape.YES_NO: "true or false", Shape.CHOICES: "a list of these", Shape.SEVERAL: "a list"}
"""How a field is written in JSON, where that is otherwise than typed."""


def _complete(path: str, operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Add an endpoint's scope, and the problems it may tell, as answers that all endpoints share."""
    scope = API[operation["operationId"]]
    operation["security"] = [{_SCHEME: [scope.value]}]
    operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`.".strip()
    operation["responses"].pop("422", None)
    if body := operation.get("requestBody", {}).get("content", {}).get("application/json"):
        taken = TAKEN[body["schema"]["$ref"].rpartition("/")[2]]
        body["examples"] = {name: {"value": value} for name, value in taken.examples().items()}
    told: dict[int, list[Kinds]] = {}
    for kind in _problems_of(path, operation, scope):
        told.setdefault(kind.value.status, []).append(kind)
    for status in sorted(told):
        name = ".".join(kind.value.name for kind in told[status])
        shared.setdefault(name, _response(status, told[status]))
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}


def _problems_of(path: str, operation: dict[str, Any], scope: Scope) -> Iterator[Kinds]:
    yield from EVERYWHERE
    if "{" in path:
        yield Kinds.NOT_FOUND
    if "requestBody" in operation:
        yield from OF_A_BODY
    elif any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        yield Kinds.INVALID
    if scope in (Scope.EPISODES_OPEN, Scope.ACTS_WRITE):
        yield from OF_A_CASE
    if scope is Scope.EPISODES_OPEN:
        yield from OF_OPENING


def _response(status: int, kinds: list[Kinds]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": f"{' or '.join(dict.fromkeys(kind.value.title for kind in kinds))}.",
        "content": {
            PROBLEM_JSON: {
                "schema": {"$ref": _REF.format(model=Problem.__name__)},
                "examples": {kind.value.name: {"value": _example(kind)} for kind in kinds},
            }
        },
    }
    if status in _HEADERS:
        made["headers"] = {
            name: {"description": says, "schema": {"type": "string"}} for name, says in _HEADERS[status].items()
        }
    return made


def _example(kind: Kinds) -> dict[str, Any]:
    told = {
        "type": TYPE_PREFIX + kind.value.name,
        "title": kind.value.title,
        "status": kind.value.status,
        "detail": _DETAILS.get(kind, "What happened, and what to do."),
    }
    if kind is Kinds.INVALID:
        told["errors"] = [{"pointer": "#/on", "detail": _DETAILS[kind]}]
    return told


_DETAILS = {
    Kinds.TOKEN_NEEDED: "Send a token with each call, as `Authorization: Bearer TOKEN`.",
    Kinds.SCOPE_NEEDED: "This needs a token with the scope acts:write.",
    Kinds.REFUSED: "A review cannot be held before the child was looked after.",
    Kinds.INVALID: "on must be a day that exists, written yyyy-mm-dd.",
    Kinds.TOO_MANY_CALLS: "Wait 12 seconds, then go on more slowly.",
    Kinds.UNAVAILABLE: "The workflow server does not answer, and nothing was saved. Send it again in a while.",
}
