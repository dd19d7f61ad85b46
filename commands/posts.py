"""Who is behind a role in one child's case today: by reference, and why it is not the holder of the post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from register import directory
from register.queries import EpisodeLine
from rules.directory import Absence, Person
from rules.posts import Addressee, CasePeople, addressee, is_post
from rules.vocabulary import Role


@dataclass(frozen=True)
class Line:
    """The people of the service, as one child's case sees them on a day."""

    case: CasePeople
    people: tuple[Person, ...]
    absences: tuple[Absence, ...]
    day: date

    def behind(self, roles: Iterable[Role]) -> tuple[Addressee, ...]:
        """Who receives what is addressed to each role that is a post; nothing of those for whom nobody is known."""
        if not self.people:
            return ()
        found = (addressee(role, self.case, self.people, self.absences, self.day) for role in roles if is_post(role))
        return tuple(each for each in found if each.person)


def line_of(register: Engine, episode: EpisodeLine, day: date) -> Line:
    """The line of a child's case.

    Args:
        register: the database.
        episode: the child's.
        day: a London date.
    """
    people = directory.people(register, authority=episode.authority)
    return Line(episode.people, tuple(people), tuple(directory.absences(register) if people else ()), day)


def behind_words(role: Role, found: Iterable[Addressee]) -> tuple[str, str]:
    """A role with who is behind it, and the sentence why it is somebody else than the holder; empty where it is not."""
    each = next((each for each in found if each.role is role), None)
    if each is None:
        return role.words, ""
    return f"{role.words}: {each.person}", each.instead_because or ""
