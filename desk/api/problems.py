"""What goes wrong, told as RFC 9457 has it: `application/problem+json`, with a type that programs go by and a sentence
for people. No value that was sent is ever repeated.
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple
from urllib.parse import quote

from fastapi.responses import Response
from pydantic import Field

from client.checked import FieldFault
from register.audit import Outcome
from rules.vocabulary import Frozen

PROBLEM_JSON = "application/problem+json"
TYPE_PREFIX = "urn:iro-review-cycle:problem:"
RETRY_SECONDS = 30
"""After how long to try again when a part of the service does not answer."""


class Kind(NamedTuple):
    """A sort of problem.

    Attributes:
        name: the end of its type.
        status: the HTTP status it comes with.
        title: what it is, the same each time.
        outcome: what the audit log calls it; None where it is not noted: nobody was looked for, or there would be no
            end of it.
    """

    name: str
    status: int
    title: str
    outcome: Outcome | None


class Kinds(Enum):
    """Every sort of problem there is."""

    NOT_JSON = Kind("not-json", 400, "What was sent cannot be read", Outcome.REFUSED)
    TOKEN_NEEDED = Kind("token-needed", 401, "A token is needed", Outcome.DENIED)
    TOKEN_REFUSED = Kind("token-refused", 401, "The token is not accepted", Outcome.DENIED)
    SCOPE_NEEDED = Kind("scope-needed", 403, "The token does not allow this", Outcome.DENIED)
    OTHER_AUTHORITY = Kind("other-authority", 403, "The token is of another authority", Outcome.DENIED)
    NOT_FOUND = Kind("not-found", 404, "There is nothing here", Outcome.DENIED)
    METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This cannot be done here", None)
    REFUSED = Kind("refused", 409, "The act cannot be", Outcome.REFUSED)
    CLOSED = Kind("closed", 409, "The episode is closed", Outcome.REFUSED)
    TOO_LARGE = Kind("too-large", 413, "Too much was sent", Outcome.REFUSED)
    MEDIA_TYPE = Kind("media-type", 415, "JSON is wanted", Outcome.REFUSED)
    INVALID = Kind("invalid", 422, "Something is missing or wrong", Outcome.REFUSED)
    KEY_REUSED = Kind("key-reused", 422, "The key was used for other content", Outcome.REFUSED)
    TOO_MANY_CALLS = Kind("too-many-calls", 429, "Too many calls", None)
    UNFORESEEN = Kind("unforeseen", 500, "Something went wrong", Outcome.FAILED)
    UNAVAILABLE = Kind("unavailable", 503, "A part of the service does not answer", Outcome.FAILED)


class Fault(Frozen):
    """One field that is missing or wrong."""

    detail: str = Field(description="What is wrong with it, in one sentence.", examples=["on is missing."])
    pointer: str | None = Field(
        default=None, description="Where in the body it is, as a JSON pointer in a fragment.", examples=["#/on"]
    )
    parameter: str | None = Field(default=None, description="The query parameter or header it is.")


class Problem(Frozen):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="What sort of problem: programs go by this.")
    title: str = Field(description="The sort of problem in a few words.")
    status: int = Field(description="The HTTP status, once more.")
    detail: str = Field(description="What happened and what to do, in a sentence or two.")
    errors: tuple[Fault, ...] = Field(default=(), description="Each field that is missing or wrong.")


class ApiProblem(Exception):
    """Something that is told to the caller."""

    def __init__(
        self, kind: Kinds, detail: str, *, errors: tuple[Fault, ...] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        """Tell it.

        Args:
            kind: what sort.
            detail: what happened and what to do.
            errors: each field that is missing or wrong.
            headers: more headers of the answer.
        """
        super().__init__(detail)
        self.kind = kind
        self.problem = Problem(
            type=TYPE_PREFIX + kind.value.name,
            title=kind.value.title,
            status=kind.value.status,
            detail=detail,
            errors=errors,
        )
        self.headers = dict(headers or {})


def answer_to(told: ApiProblem) -> Response:
    """The answer that tells a problem."""
    body = told.problem.model_dump_json(exclude_defaults=True, by_alias=True)
    return Response(body, status_code=told.kind.value.status, media_type=PROBLEM_JSON, headers=told.headers)


def unavailable(detail: str) -> ApiProblem:
    """A part of the service does not answer; the caller is told when to try again."""
    return ApiProblem(Kinds.UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def invalid(faults: tuple[Fault, ...]) -> ApiProblem:
    """Fields are missing or wrong."""
    more = f" There are {len(faults)} faults in all." if len(faults) > 1 else ""
    return ApiProblem(Kinds.INVALID, f"{faults[0].detail}{more}", errors=faults)


def fault_in_body(fault: FieldFault) -> Fault:
    """A fault in what was sent, with the way to it."""
    return Fault(pointer="#" + "".join(f"/{_escaped(part)}" for part in fault.at), detail=fault.sentence)


def _escaped(part: str | int) -> str:
    """One part of a JSON pointer (RFC 6901), as a fragment has it."""
    return quote(str(part).replace("~", "~0").replace("/", "~1"), safe="~")
