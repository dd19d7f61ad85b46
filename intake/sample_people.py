"""The people of the sample: the posts of its service, and who is around each child. All plainly made up."""

from collections.abc import Iterator
from datetime import date

from intake.sample import SampleChild, sample_children
from rules.directory import IroTerms, Person
from rules.directory_checks import terms_for
from rules.network import Language, NetworkContact
from rules.vocabulary import Role, age_on

SOCIAL_WORKER, TEAM_MANAGER = "sample-social-worker", "sample-team-manager"
"""Who works on the sample's cases, by reference."""

WAITING = frozenset({5, 8, 12})
"""The children of the sample who have no IRO yet, by number."""

_IROS = {"sample-iro-one": "Sample Officer-One", "sample-iro-two": "Sample Officer-Two"}
_POSTS = {
    Role.SOCIAL_WORKER: "Sample Worker",
    Role.TEAM_MANAGER: "Sample Team-Manager",
    Role.IRO_ADMINISTRATOR: "Sample Administrator",
    Role.IRO_MANAGER: "Sample Manager",
    Role.SERVICE_MANAGER: "Sample Service-Manager",
    Role.ASSISTANT_DIRECTOR: "Sample Director",
    Role.VIRTUAL_SCHOOL_HEAD: "Sample Head",
    Role.HEALTH: "Sample Nurse",
}
OWN_POST_FROM = 7
"""The age from which a child of the sample has post of their own; the carer gets it for a younger one."""


def sample_staff(authority: str) -> tuple[tuple[Person, IroTerms | None], ...]:
    """Who holds the posts of the sample's service, with the terms of its IROs.

    Args:
        authority: by its three-digit code.
    """

    def person(reference: str, name: str, role: Role) -> Person:
        email = f"{reference.removeprefix('sample-').replace('-', '.')}@example.org"
        return Person(reference=reference, name=name, role=role, authority=authority, email=email)

    posts = [person(f"sample-{role.replace('_', '-')}", name, role) for role, name in _POSTS.items()]
    iros = [person(reference, name, Role.IRO) for reference, name in _IROS.items()]
    return (*((post, None) for post in posts), *((iro, terms_for(iro, {})) for iro in iros))


def sample_iro(child: str) -> str | None:
    """Who the IRO of a child of the sample is; brothers and sisters share one, and some children wait for theirs.

    Args:
        child: by reference.
    """
    number = int(child.rpartition("-")[2])
    return None if number in WAITING else tuple(_IROS)[(number + 1) // 2 % len(_IROS)]


def sample_networks(authority: str, today: date) -> Iterator[NetworkContact]:
    """Who is around each child of the sample.

    Args:
        authority: by its three-digit code.
        today: the day the sample is made for.
    """
    for number, child in enumerate(sample_children(today), start=1):
        yield from _network(authority, child, number, today)


def _network(authority: str, child: SampleChild, number: int, today: date) -> Iterator[NetworkContact]:
    home = (f"{number} Example Row", "Sampletown", "ZZ99 9ZZ")
    name = child.reference.lower()

    def contact(role: Role, **reached: object) -> NetworkContact:
        said = {"authority": authority, "child": child.reference, "role": role, "reference": f"{name}-{role}"}
        return NetworkContact.model_validate({**said, **reached})

    if age_on(child.birth, today) >= OWN_POST_FROM:
        yield contact(Role.CHILD, name=f"Sample Child {number}", address=home)
    yield contact(Role.CARER, name=f"Sample Carer {number}", address=home, phone=f"07700 900{number:03}")
    language = Language.WELSH if number == 2 else Language.ENGLISH
    yield contact(Role.PARENTS, name=f"Sample Parent {number}", email=f"parent.{number}@example.org", language=language)
