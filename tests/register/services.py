"""A service in the register: IROs with their limits, and children in care who have them."""

from datetime import date
from typing import Any

from sqlalchemy import Engine

from register.allocations import caseloads
from register.directory import add_people
from register.publish import publish
from rules.directory import IroTerms
from tests.register.samples import MORNING, TODAY, agenda, iro, opening, publication

NOTED: dict[str, Any] = {"by": "mgr-1", "at": MORNING}


def iros(engine: Engine, **limits: int) -> None:
    """Have full-time IROs in the directory, each with a limit of children."""
    add_people(
        engine,
        [
            (iro(each.replace("_", "-")), IroTerms(iro=each.replace("_", "-"), full_time_limit=limits[each]))
            for each in limits
        ],
        **NOTED,
    )


def has(engine: Engine, number: int, iro: str | None, revision: int = 1, child: str | None = None, **more: Any) -> None:
    """Publish that a child is in care with an IRO."""
    opened = opening(child=child or f"child-{number}")
    publish(
        engine,
        publication(agenda(iro=iro, **more), episode=f"episode-{number}", revision=revision, opened_by=opened),
    )


def loads(engine: Engine, day: date = TODAY) -> dict[str, int]:
    return {each.reference: each.load for each in caseloads(engine, "822", day)}
