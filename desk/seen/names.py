"""Who somebody is: the name behind a reference, from the directory and the child's network."""

import re
from collections.abc import Mapping

from register.work import ChildOfEpisode
from rules.posts import CasePeople
from rules.vocabulary import SYSTEM, Role

Names = Mapping[str, str]
"""Names by reference."""

_PRIVATE_LINK = re.compile(r"link-[0-9]+")
_OTHERS = {SYSTEM: "the system", "case-system": "the case system"}


def names_of(child: ChildOfEpisode) -> dict[str, str]:
    """The names of everybody around a child whom the register knows.

    Args:
        child: what the register has of the child.
    """
    staff = {reference: person.name for reference, person in child.staff.items()}
    return {**{each.reference: each.name for each in child.network.contacts}, **staff}


def called(reference: str, names: Names) -> str:
    """Somebody's name; where it is not known, their reference."""
    if _PRIVATE_LINK.fullmatch(reference):
        return "the child, by their private link"
    return names.get(reference) or _OTHERS.get(reference, reference)


def holder(role: Role, people: CasePeople) -> str | None:
    """Who has a post of the case, by reference: of the IRO's, whoever covers for them.

    Args:
        role: any role.
        people: who is known to work on the case.
    """
    return {
        Role.IRO: people.cover or people.iro,
        Role.SOCIAL_WORKER: people.social_worker,
        Role.TEAM_MANAGER: people.team_manager,
    }.get(role)
