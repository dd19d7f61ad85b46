"""Takes children into care and gives each an IRO: run by tests, in threads and as a process.

Every tenth child up to the 200th begins a group of three siblings with the two that follow: 60 in all.
"""

import sys
import time
from typing import Any

from sqlalchemy import Engine

from register import open_register
from register.allocations import Allocated, AllocationAsked, allocate
from register.publish import publish
from rules.facts import Entry
from rules.facts.iro import IroAppointed, KinKnown
from rules.vocabulary import Nation
from tests.register.samples import MORNING, TODAY, agenda, kin, opening, publication

CHILDREN = 200
FIRST = "iro-759eba3cff05-1"
"""The id of the fact that the first allocation of `asked` leads to."""


def siblings_of(number: int) -> list[int]:
    """The children of a child's sibling group, the child too; nobody for an only child."""
    first = number - number % 10
    return list(range(first, first + 3)) if number % 10 < 3 else []


def take_in(engine: Engine, number: int) -> None:
    """Publish that a child is in care, and who the brothers and sisters are."""
    others: tuple[KinKnown, ...] = tuple(kin(f"child-{each}") for each in siblings_of(number) if each != number)
    opened = opening(child=f"child-{number}")
    publish(engine, publication(agenda(iro=None), episode=f"episode-{number}", opened_by=opened, kin=others or None))


def asked(number: int) -> AllocationAsked:
    """What is asked for a child."""
    return AllocationAsked(
        episode=f"episode-{number}",
        step="appoint_iro",
        child=f"child-{number}",
        authority="822",
        nation=Nation.ENGLAND,
        social_worker="sw-7",
        team_manager="tm-2",
        day=TODAY,
        at=MORNING,
    )


def again(given: AllocationAsked, **changes: Any) -> AllocationAsked:
    """What is asked, changed."""
    return given.model_copy(update=changes)


def record(engine: Engine, number: int, allocated: Allocated) -> None:
    """Publish the appointment that an allocation led to."""
    choice = allocated.choice
    assert choice.iro
    fact = IroAppointed(id=allocated.fact_id, on=TODAY, by="system", iro=choice.iro, shares_with=choice.shares_with)
    publish(
        engine,
        publication(
            agenda(iro=choice.iro),
            episode=f"episode-{number}",
            revision=2,
            opened_by=opening(child=f"child-{number}"),
            entries=(Entry(fact=fact, at=MORNING),),
        ),
    )


def give_an_iro(engine: Engine, number: int) -> None:
    """All of it, for one child."""
    take_in(engine, number)
    record(engine, number, allocate(engine, asked(number)))


def be_lost(url: str, number: int) -> None:
    """Allocate, say so, and never publish it."""
    print(allocate(open_register(url), asked(number)).fact_id, flush=True)  # noqa: T201 - the test reads it
    time.sleep(60)


def give_all(url: str, first: int, apart: int) -> None:
    """Give an IRO to every so-manieth child."""
    engine = open_register(url)
    for number in range(first, CHILDREN, apart):
        give_an_iro(engine, number)


if __name__ == "__main__":
    if sys.argv[2] == "lost":
        be_lost(sys.argv[1], int(sys.argv[3]))
    else:
        give_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
