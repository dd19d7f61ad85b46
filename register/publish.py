"""Publishing: one change of one episode, written in one transaction, once."""

from collections.abc import Collection

from sqlalchemy import Engine, bindparam, select

from register.engine import reading, writing
from register.publication import Publication, PublishedOutOfOrder
from register.tables import FactRow, PublicationRow
from register.writer import Writer

_RESULT = select(PublicationRow.result).where(
    PublicationRow.episode_id == bindparam("episode"), PublicationRow.revision == bindparam("revision")
)
_RECORDED_BEFORE = select(FactRow.fact_id).where(
    FactRow.episode_id == bindparam("episode"),
    FactRow.fact_id.in_(bindparam("ids", expanding=True)),
    FactRow.revision < bindparam("revision"),
)


def publish(engine: Engine, publication: Publication) -> None:
    """Write one change of one episode: all of it or nothing, and nothing when it was written before.

    Args:
        engine: the register.
        publication: the change.

    Raises:
        RegisterUnavailable: the database cannot be used; trying again is safe.
        PublishedOutOfOrder: a later revision is there and this one is not; trying again is of no use.
    """
    with writing(engine) as connection:
        if Writer(connection, publication).write():
            return
        names = {"episode": publication.episode, "revision": publication.revision}
        if connection.scalar(_RESULT, names) is None:
            later = f"{publication.episode} stands at a later revision than {publication.revision}"
            raise PublishedOutOfOrder(f"{later}, which was never published.")


def published_result(engine: Engine, episode: str, revision: int) -> str | None:
    """What came of a revision; None when it was never published.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return connection.scalar(_RESULT, {"episode": episode, "revision": revision})


def recorded_before(engine: Engine, episode: str, fact_ids: Collection[str], revision: int) -> frozenset[str]:
    """Which of these facts were recorded under an earlier revision than this one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    asked = {"episode": episode, "ids": list(fact_ids), "revision": revision}
    with reading(engine) as connection:
        return frozenset(connection.scalars(_RECORDED_BEFORE, asked))
