"""Telling brothers and sisters that they share an IRO (practice notes 4.9), each once.

A child is told of the siblings with the appointment itself, and the siblings hear of the child, each in their own
episode. Nobody is told from whom the IRO is withheld.
"""

from collections.abc import Collection, Iterator
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, or_, select

from register.episode_tables import LOOKED_AFTER, EpisodeRow, FactRow
from register.publication import Publication
from register.rows import Row, notice_row
from rules.case import Case, Known
from rules.facts import Entry
from rules.facts.iro import IroAppointed, IroMadeKnown, IroNotMadeKnown
from rules.steps import Notice
from rules.vocabulary import Role

NAME = "iro_shared"

# A sibling for whom the IRO is only proposed is told when they are appointed; one just being given them, now.
_SIBLINGS = (
    select(EpisodeRow.id, EpisodeRow.revision)
    .where(
        EpisodeRow.authority == bindparam("authority"),
        EpisodeRow.child.in_(bindparam("children", expanding=True)),
        EpisodeRow.id != bindparam("episode"),
        LOOKED_AFTER,
        or_(
            EpisodeRow.iro == bindparam("iro"),
            and_(EpisodeRow.iro.is_(None), EpisodeRow.proposed_iro.is_(None)),
        ),
    )
    .order_by(EpisodeRow.id)
)
_SAID = (
    select(FactRow.episode_id, FactRow.body, FactRow.recorded_at)
    .where(
        FactRow.episode_id.in_(bindparam("episodes", expanding=True)),
        FactRow.kind.in_(
            ("became_looked_after", "iro_made_known", "iro_not_made_known", "fact_corrected", "fact_withdrawn")
        ),
    )
    .order_by(FactRow.episode_id)
)


def shared_notices(connection: Connection, publication: Publication) -> list[Row]:
    """The rows of the outbox that are owed because a child was given the siblings' IRO.

    Args:
        connection: one that `writing` gave.
        publication: what is being published.
    """
    owed: list[Row] = []
    for entry in publication.entries:
        fact = entry.fact
        if isinstance(fact, IroAppointed) and fact.shares_with:
            owed.extend(_of_the_child(publication, fact))
            owed.extend(_of_the_siblings(connection, publication, fact))
    return owed


def _of_the_child(publication: Publication, fact: IroAppointed) -> Iterator[Row]:
    """Owed only where the child is told of the appointment: not after a death, nor where it is withheld."""
    told = any(each.about == fact.id and each.recipient is Role.CHILD for each in publication.agenda.notices)
    if told:
        yield _notice(fact.id) | {"episode_id": publication.episode, "revision": publication.revision}


def _of_the_siblings(connection: Connection, publication: Publication, fact: IroAppointed) -> Iterator[Row]:
    asked = {
        "authority": publication.opening.authority,
        "children": list(fact.shares_with),
        "episode": publication.episode,
        "iro": fact.iro,
    }
    siblings = connection.execute(_SIBLINGS, asked).all()
    not_told = _withheld_from(connection, [each.id for each in siblings]) if siblings else set()
    for each in siblings:
        if each.id not in not_told:
            # With the episode: facts of two siblings may have the same id.
            yield _notice(f"{publication.episode}:{fact.id}") | {"episode_id": each.id, "revision": each.revision}


def _notice(about: str) -> Row:
    return notice_row(Notice(key=f"{NAME}:{about}:{Role.CHILD}", name=NAME, recipient=Role.CHILD, about=about))


def _withheld_from(connection: Connection, episodes: Collection[str]) -> set[str]:
    """The episodes of those children who are not to be told who their IRO is."""
    rows = connection.execute(_SAID, {"episodes": list(episodes)}).all()
    return {
        episode
        for episode, said in groupby(rows, key=lambda row: str(row.episode_id))
        if _is_withheld([Entry(fact=row.body, at=row.recorded_at) for row in said])
    }


def _is_withheld(entries: Collection[Entry]) -> bool:
    if not any(isinstance(entry.fact, IroNotMadeKnown) for entry in entries):
        return False
    case = Case(entries)
    said: list[Known[IroMadeKnown | IroNotMadeKnown]] = [*case.all(IroMadeKnown), *case.all(IroNotMadeKnown)]
    to_child = [known for known in said if known.fact.recipient is Role.CHILD]
    last = max(to_child, key=lambda known: known.when, default=None)
    return last is not None and isinstance(last.fact, IroNotMadeKnown)
