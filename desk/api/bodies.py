"""What is sent in a call: one JSON object, checked as strictly as the command line checks a file."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from fastapi import Request
from pydantic import BaseModel, Field, create_model

from client.checked import checked
from client.json_objects import MOST_BYTES, NotAnObject, object_in
from desk.api.callers import Caller
from desk.api.problems import ApiProblem, Fault, Kinds, invalid
from rules.facts import FACT_TYPES
from rules.vocabulary import Reference, is_reserved

M = TypeVar("M", bound=BaseModel)

_REF = "#/components/schemas/{model}"


class Sent(Generic[M]):
    """Reads what is sent, once the caller was let in: `Annotated[Model, Depends(Sent(Model))]`."""

    def __init__(self, kind: type[M]) -> None:
        """Read this model."""
        self._kind = kind

    async def __call__(self, request: Request) -> M:
        """Read it.

        Raises:
            ApiProblem: it is no JSON object.
            Faulty: a field is missing, unknown or wrong.
        """
        return checked(self._kind, await object_sent(request))


class SentByCaller(Generic[M]):
    """Reads what is sent and says who recorded it: `by` is the case system's own reference where it gives no person's.

    Used as `Sent` is.
    """

    def __init__(self, kind: type[M]) -> None:
        """Read this model, which has a `by`."""
        self._kind = kind

    async def __call__(self, request: Request, caller: Caller) -> M:
        """Read it.

        Raises:
            ApiProblem: it is no JSON object, or claims to be recorded by the system itself or by a private link.
            Faulty: a field is missing, unknown or wrong.
        """
        data = await object_sent(request)
        by = data.get("by")
        if isinstance(by, str) and is_reserved(by):
            raise invalid((Fault(pointer="#/by", detail=_RESERVED),))
        return checked(self._kind, {"by": caller.reference, **data})


_RESERVED = "That stands for the system itself, or for a private link: give a person's reference, or leave by out."


class Taken(NamedTuple):
    """What an endpoint takes, as the OpenAPI document has it. Made when the document is: it takes seconds.

    Attributes:
        kind: the model.
        name: what it is called there.
        by_caller: it is read with `SentByCaller`, and so `by` may be left out.
        examples: what may be sent, each under a name.
    """

    kind: type[BaseModel]
    name: str
    by_caller: bool
    examples: Callable[[], Mapping[str, Any]]

    @property
    def model(self) -> type[BaseModel]:
        """The model as the document has it."""
        if not self.by_caller:
            return self.kind
        says = "Who recorded it: a person's opaque reference, never a name. The reference of your token when left out."
        by: Any = (Reference, Field(default_factory=str, description=says))
        return create_model(self.name, __base__=self.kind, __doc__=self.kind.__doc__, by=by)


TAKEN: dict[str, Taken] = {}
"""Whatever endpoints take, by its name in the document; `sends` adds to it."""


def sends(
    kind: type[BaseModel],
    examples: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    *,
    name: str = "",
    by_caller: bool = False,
) -> dict[str, Any]:
    """The `openapi_extra` of an endpoint that reads a model with `Sent` or `SentByCaller`.

    Args:
        kind: the model.
        examples: what may be sent, each under a name; or what makes them.
        name: what the model is called in the document; its own name when left out.
        by_caller: it is read with `SentByCaller`.
    """
    called = name or kind.__name__
    TAKEN[called] = Taken(kind, called, by_caller, examples if callable(examples) else lambda: examples)
    schema = {"$ref": _REF.format(model=called)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def reported(act: str) -> str:
    """What the model of an act is called in the document."""
    return f"{FACT_TYPES[act].__name__}Reported"


async def object_sent(request: Request) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        ApiProblem: what was sent is something else.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ApiProblem(Kinds.MEDIA_TYPE, "Send JSON, with the header `Content-Type: application/json`.")
    try:
        return object_in((await _body(request)).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ApiProblem(Kinds.NOT_JSON, "The body is not UTF-8 text; send it as UTF-8.") from None
    except NotAnObject as said:
        raise ApiProblem(Kinds.NOT_JSON, f"The body {said}") from None


async def _body(request: Request) -> bytes:
    """The body, and no more of it than is ever wanted."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BYTES:
            raise ApiProblem(Kinds.TOO_LARGE, f"The body is larger than {MOST_BYTES:,} bytes: send one thing a call.")
    return bytes(read)
