"""Who people and children are, by name, for what a page shows."""

from collections.abc import Iterable

from sqlalchemy import Engine, select

from register.engine import reading
from register.episode_tables import EpisodeRow
from register.work_parts import name_of_child, staff_names
from rules.vocabulary import Frozen


class ChildNamed(Frozen):
    """The child of an episode: by the authority's reference, and by name where the child's network has it."""

    reference: str
    name: str | None

    @property
    def said(self) -> str:
        """The name; else the reference."""
        return self.name or self.reference


def names_of_people(engine: Engine, references: Iterable[str | None]) -> dict[str, str]:
    """The names of people of the directory, by reference; whoever is not in it is not among them.

    Args:
        engine: the register.
        references: of whom; None is passed over.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return staff_names(connection, references)


def children_of_episodes(engine: Engine, authority: str, episodes: Iterable[str]) -> dict[str, ChildNamed]:
    """The children of some episodes, by the episode's id.

    Args:
        engine: the register.
        authority: only of this one's, by its three-digit code.
        episodes: by their ids; a page of them.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = sorted(set(episodes))
    if not wanted:
        return {}
    of_theirs = (EpisodeRow.authority == authority, EpisodeRow.id.in_(wanted))
    with reading(engine) as connection:
        rows = connection.execute(
            select(EpisodeRow.id, EpisodeRow.child, name_of_child().label("name")).where(*of_theirs)
        )
        return {row.id: ChildNamed(reference=row.child, name=row.name) for row in rows}
