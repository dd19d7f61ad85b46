"""Publishing: one change of one episode, written in one transaction, once."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, Engine, bindparam, func, or_, select

from register.engine import reading, writing
from register.episode_tables import EpisodeRow, EscalationRow, FactRow, PublicationRow, StepRow
from register.publication import Publication, PublishedOutOfOrder
from register.rows import escalation_of
from register.writer import VANISHED, Writer
from rules.facts import Entry
from rules.steps import Escalation
from rules.vocabulary import Frozen

_RESULT = select(PublicationRow.result).where(
    PublicationRow.episode_id == bindparam("episode"), PublicationRow.revision == bindparam("revision")
)
_RECORDED = select(FactRow.fact_id, FactRow.body, FactRow.recorded_at, FactRow.revision).where(
    FactRow.episode_id == bindparam("episode"),
    or_(FactRow.fact_id.in_(bindparam("ids", expanding=True)), FactRow.revision > bindparam("revision")),
)
_RAISED_SINCE = (
    select(EscalationRow)
    .where(EscalationRow.episode_id == bindparam("episode"), EscalationRow.revision > bindparam("revision"))
    .order_by(EscalationRow.raised_at, EscalationRow.step, EscalationRow.height)
)
_STEPS_KNOWN = select(StepRow.key).where(
    StepRow.episode_id == bindparam("episode"),
    StepRow.key.in_(bindparam("keys", expanding=True)),
    func.coalesce(StepRow.reason, "") != VANISHED,
)
_LATEST = select(EpisodeRow.revision).where(EpisodeRow.id == bindparam("episode"))


class Standing(Frozen):
    """What the register holds of an episode beyond what its workflow was told.

    A worker may die after a publication is committed and before its workflow knows. What such a publication wrote
    stands; the next one goes on from it.

    Attributes:
        revision: the latest revision published; 0 when there is none.
        unanswered: the facts of revisions later than the one asked about.
        raised: the escalations of those revisions.
        recorded: those of the facts asked about that the register holds at the revision asked about or before.
    """

    revision: int
    unanswered: tuple[Entry, ...]
    raised: tuple[Escalation, ...]
    recorded: tuple[Entry, ...]


def standing(engine: Engine, episode: str, revision: int, fact_ids: Collection[str]) -> Standing:
    """What the register holds beyond a revision, and which facts it has recorded already.

    Args:
        engine: the register.
        episode: the episode's id.
        revision: the last one its workflow knows.
        fact_ids: the facts about to be recorded.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    asked = {"episode": episode, "revision": revision, "ids": list(fact_ids)}
    with reading(engine) as connection:
        latest = connection.scalar(_LATEST, {"episode": episode}) or 0
        rows = connection.execute(_RECORDED, asked).all()
        raised = connection.execute(_RAISED_SINCE, asked).all() if latest > revision else []
    known = [(row.revision > revision, Entry(fact=row.body, at=row.recorded_at)) for row in rows]
    return Standing(
        revision=latest,
        unanswered=tuple(entry for later, entry in known if later),
        raised=tuple(escalation_of(row) for row in raised),
        recorded=tuple(entry for later, entry in known if not later),
    )


def steps_known(engine: Engine, episode: str, keys: Collection[str]) -> set[str]:
    """Which of these steps the register holds, open or closed; those a correction took away are not counted.

    Args:
        engine: the register.
        episode: the episode's id.
        keys: the steps' keys.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return set(connection.scalars(_STEPS_KNOWN, {"episode": episode, "keys": list(keys)}))


def publish(engine: Engine, publication: Publication, webhooks_owed: Callable[[], None] = lambda: None) -> bool:
    """Write one change of one episode: all of it or nothing, and nothing when it was written before.

    Args:
        engine: the register.
        publication: the change.
        webhooks_owed: called once it stands, where a webhook is to tell of it.

    Returns:
        Whether it was written; False when that revision stood already.

    Raises:
        RegisterUnavailable: the database cannot be used; trying again is safe.
        PublishedOutOfOrder: a later revision is there and this one is not; trying again is of no use.
        LookedAfterAlready: the first publication of a child who has another episode that is open.
    """
    with writing(engine) as connection:
        writer = Writer(connection, publication)
        written = writer.write()
        if not written:
            _check_it_stands(connection, publication)
    if writer.owes_webhooks:
        webhooks_owed()
    return written


def _check_it_stands(connection: Connection, publication: Publication) -> None:
    names = {"episode": publication.episode, "revision": publication.revision}
    if connection.scalar(_RESULT, names) is None:
        later = f"{publication.episode} stands at a later revision than {publication.revision}"
        raise PublishedOutOfOrder(f"{later}, which was never published.")
