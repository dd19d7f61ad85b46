"""A made-up service with everyone in post, a case in it, and whom a message about the case reaches."""

from typing import Any

from rules.directory import Absence, Person
from rules.posts import CasePeople, addressee
from rules.vocabulary import Role
from tests.rules.build import day

DAY = day("2026-03-02")

R = Role


def person(reference: str, role: Role, **fields: Any) -> Person:
    return Person(**{"reference": reference, "name": "A Name", "role": role, "authority": "383"} | fields)


def away(who: str, until: str | None = "2026-03-03", cover: str | None = None, since: str = "2026-03-01") -> Absence:
    return Absence(person=who, since=day(since), until=day(until) if until else None, cover=cover)


SERVICE = (
    person("worker-1", R.SOCIAL_WORKER, team="team-1", line_manager="manager-1"),
    person("worker-2", R.SOCIAL_WORKER, team="team-2", line_manager="manager-2"),
    person("manager-1", R.TEAM_MANAGER, team="team-1", line_manager="service-2"),
    person("manager-2", R.TEAM_MANAGER, team="team-2", line_manager="service-1"),
    person("service-1", R.SERVICE_MANAGER, line_manager="assistant-1"),
    person("service-2", R.SERVICE_MANAGER, line_manager="assistant-1"),
    person("assistant-1", R.ASSISTANT_DIRECTOR, line_manager="director-1"),
    person("director-1", R.DIRECTOR, line_manager="chief-1"),
    person("chief-1", R.CHIEF_EXECUTIVE),
    person("iro-1", R.IRO, line_manager="iro-manager-1"),
    person("iro-2", R.IRO, line_manager="iro-manager-1"),
    person("iro-manager-1", R.IRO_MANAGER, line_manager="assistant-2"),
    person("assistant-2", R.ASSISTANT_DIRECTOR, line_manager="director-1"),
    person("office-1", R.IRO_ADMINISTRATOR),
)
CASE = CasePeople(authority="383", iro="iro-1", social_worker="worker-1", team_manager="manager-1")


def without(*references: str) -> list[Person]:
    return [each for each in SERVICE if each.reference not in references]


def changed(reference: str, **fields: Any) -> list[Person]:
    return [
        Person(**each.model_dump(mode="json") | fields) if each.reference == reference else each for each in SERVICE
    ]


def sent(
    role: Role, people: Any = SERVICE, *absences: Absence, case: CasePeople = CASE
) -> tuple[str | None, Role, str | None]:
    """Who receives it, acting as what, and why not the holder."""
    found = addressee(role, case, people, absences, DAY)
    assert found.role is role
    return found.person, found.acting_as, found.instead_because
