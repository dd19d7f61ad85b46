"""Made-up IROs, and a child to choose one for."""

from typing import Any

from rules.choosing import Candidate, ChildToAllocate, Choice
from rules.directory import Absence, IroTerms, Person
from rules.vocabulary import Nation, Role
from tests.rules.build import day

DAY = day("2026-03-02")


def iro(reference: str = "iro-1", load: int = 10, *, hours: float = 1.0, limit: int = 70, **fields: Any) -> Candidate:
    """An IRO of the authority: `person` and `terms` take what is not given by name."""
    person = {"reference": reference, "name": "A Name", "role": Role.IRO, "authority": "383"} | fields.pop("person", {})
    terms = {"iro": reference, "hours": hours, "full_time_limit": limit} | fields.pop("terms", {})
    return Candidate(person=Person(**person), terms=IroTerms(**terms), load=load, **fields)


def full(reference: str, **fields: Any) -> Candidate:
    return iro(reference, 70, **fields)


def child(**fields: Any) -> ChildToAllocate:
    return ChildToAllocate(**{"child": "child-1", "authority": "383", "nation": Nation.ENGLAND} | fields)


def away(since: str, until: str | None = None, cover: str | None = None, who: str = "iro-1") -> Absence:
    return Absence(person=who, since=day(since), until=day(until) if until else None, cover=cover)


def considered(choice: Choice, reference: str) -> Any:
    return next(each for each in choice.considered if each.iro == reference)
