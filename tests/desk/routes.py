"""Every route of the desk, with what guards it: found by walking the application, whoever wrote it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount, Route

from desk.access import Page
from desk.api.callers import let_in
from desk.doors import May, MayForChild, signed_in

PUBLIC = {
    ("GET", "/assets/{name}"): "styles and script",
    ("GET", "/calendars/{token}.ics"): "the address is the key",
    ("GET", "/my-review/{token}"): "the young person's link is the key",
    ("POST", "/my-review/{token}"): "the young person's link is the key",
    ("GET", "/sign-in"): "the way in",
    ("POST", "/sign-in"): "the way in, by the chooser of made-up people",
    ("GET", "/sign-in/callback"): "the way in, by the authority's provider",
    ("GET", "/signed-out"): "says that they are",
    ("GET", "/api/v1/openapi.json"): "the API's document, which holds nothing of anybody's",
}
"""The routes that anybody may ask for, and why."""

SIGNED_IN_ALONE = {("POST", "/sign-out")}
"""The routes that anybody may ask for who is signed in."""


@dataclass(frozen=True)
class Guarded:
    """A route.

    Attributes:
        method: GET or POST.
        path: with its parameters in braces.
        page: what its guard lets in to; None where no page is named.
        of_a_child: its guard asks whether the child is theirs.
        signed_in: its guard asks who is signed in.
        by_token: it is the API's, and asks for a token.
    """

    method: str
    path: str
    page: Page | None
    of_a_child: bool
    signed_in: bool
    by_token: bool

    def filled(self, **given: str) -> str:
        """An address of it."""
        path = self.path
        for name, value in given.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"tests/desk/test_access.py does not know how to fill in {path}"
        return path


def routes(app: FastAPI) -> list[Guarded]:
    """Every route, once for each method."""
    return list(_routes(app.routes, ""))


def _routes(found: Sequence[BaseRoute], before: str) -> Iterator[Guarded]:
    # With whatever a router or the application around a route has it depend on.
    for each in iter_route_contexts(found):
        if isinstance(each.original_route, Mount):
            yield from _routes(each.original_route.routes, before + each.original_route.path)
            continue
        assert isinstance(each.original_route, Route), (
            f"a route of a kind that nobody looks at: {each.original_route!r}"
        )
        calls = list(_calls(each.dependant)) if isinstance(each.original_route, APIRoute) else []
        guards = [call for call in calls if isinstance(call, May | MayForChild)]
        assert len(guards) < 2, f"{each.path} has two guards"
        for method in sorted((each.methods or {"GET"}) - {"HEAD", "OPTIONS"}):
            yield Guarded(
                method=method,
                path=f"{before}{each.path}",
                page=guards[0].page if guards else None,
                of_a_child=any(isinstance(call, MayForChild) for call in guards),
                signed_in=signed_in in calls,
                by_token=let_in in calls,
            )


def _calls(dependant: Dependant) -> Iterator[object]:
    """Everything that a route depends on, and what that depends on."""
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
