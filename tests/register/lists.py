"""Cases for the lists of the desk, and how a list is read whole."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine

from register.publish import publish
from register.work import Page, TaskLine, TaskOwner
from rules.steps import Step
from rules.vocabulary import Phase, Role
from tests.register.samples import agenda, opening, publication, step

T = TypeVar("T")
DAY = timedelta(1)


def owed(key: str, due: date, owner: Role = Role.IRO, phase: Phase = Phase.REVIEW) -> Step:
    return step(key, due=due, phase=phase).model_copy(update={"owner": owner})


def case(engine: Engine, name: str, *steps: Step, authority: str = "822", revision: int = 1, **people: Any) -> None:
    """Publish a child's case: `episode-NAME`, of `child-NAME`."""
    workers: dict[str, Any] = {role: people.pop(role) for role in ("social_worker", "team_manager") if role in people}
    opened = opening(authority=authority, child=f"child-{name}").model_copy(update=workers)
    derived = agenda(*steps, **people)
    publish(engine, publication(derived, episode=f"episode-{name}", revision=revision, opened_by=opened))


def who(person: str = "iro-1", *roles: Role, authority: str = "822") -> TaskOwner:
    return TaskOwner(person=person, authority=authority, roles=frozenset(roles or {Role.IRO}))


def whole(read: Callable[[str | None], Page[T]], between: Callable[[], None] = lambda: None) -> list[T]:
    """Every row of a list, read a page at a time, with something done between one page and the next."""
    found, after = list[T](), None
    while True:
        page = read(after)
        assert page.items or after is None
        found += page.items
        if page.next is None:
            return found
        after = page.next
        between()


def keys(page: Page[TaskLine]) -> list[str]:
    return [line.step.key for line in page.items]
