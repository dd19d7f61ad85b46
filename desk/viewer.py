"""Who is at the desk."""

from enum import StrEnum

from rules.vocabulary import Frozen, Reference


class DeskRole(StrEnum):
    """What somebody is signed in as. But for the operator, who runs the service and sees no names, these are posts."""

    IRO = "iro"
    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    IRO_MANAGER = "iro_manager"
    IRO_ADMINISTRATOR = "iro_administrator"
    OPERATOR = "operator"

    @property
    def words(self) -> str:
        """The role as people say it: "IRO manager"."""
        return self.value.replace("_", " ").replace("iro", "IRO")


class Viewer(Frozen):
    """Somebody who is signed in.

    Attributes:
        person: who, by the reference that the directory and the cases have.
        name: to greet them by.
        authority: whose people and children they may have to do with, by its three-digit code.
        roles: what they are signed in as.
        csrf: what every form they send carries.
    """

    person: Reference
    name: str
    authority: str
    roles: frozenset[DeskRole]
    csrf: str

    def is_one_of(self, roles: frozenset[DeskRole]) -> bool:
        """Whether any of their roles is among these."""
        return bool(self.roles & roles)
