"""A child's other periods of care, found by the digest that tells nobody who the child is."""

from datetime import date

from sqlalchemy import Connection, Engine, bindparam, false, select

from register.engine import reading, take_turn
from register.episode_tables import EpisodeRow
from rules.vocabulary import Frozen

_OF_THE_CHILD = (EpisodeRow.child_digest == bindparam("child"), EpisodeRow.void == false())
_OPEN = (
    select(EpisodeRow.id, EpisodeRow.became_looked_after)
    .where(*_OF_THE_CHILD, EpisodeRow.ended_on.is_(None), EpisodeRow.id != bindparam("present"))
    .order_by(EpisodeRow.became_looked_after.desc(), EpisodeRow.id)
    .limit(1)
)
_LATEST_ENDED = (
    select(EpisodeRow.id, EpisodeRow.iro, EpisodeRow.ended_on)
    .where(*_OF_THE_CHILD, EpisodeRow.ended_on <= bindparam("before"), EpisodeRow.id != bindparam("present"))
    .order_by(EpisodeRow.ended_on.desc(), EpisodeRow.id)
    .limit(1)
)


class FormerEpisode(Frozen):
    """An earlier period of care of the same child that has ended.

    Attributes:
        episode: its id.
        iro: the IRO it had at its end, if any.
        ended_on: the day care ended.
    """

    episode: str
    iro: str | None
    ended_on: date


class OpenEpisode(Frozen):
    """A period of care that has not ended.

    Attributes:
        episode: its id.
        became_looked_after: its first day.
    """

    episode: str
    became_looked_after: date


class LookedAfterAlready(Exception):
    """The child has another period of care that has not ended. Nothing was written."""

    def __init__(self, other: OpenEpisode) -> None:
        """Say which one it is."""
        super().__init__(f"The child is looked after already, in {other.episode}.")
        self.other = other


def former_episode(engine: Engine, child_digest: str, before: date, not_episode: str) -> FormerEpisode | None:
    """The child's latest period of care that had ended by a day; void ones are passed over.

    Args:
        child_digest: the child.
        before: the first day of the present period; care that ended on that same day counts.
        not_episode: the present period's own id.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return latest_ended(connection, child_digest, before, not_episode)


def other_open_episode(engine: Engine, child_digest: str, not_episode: str) -> OpenEpisode | None:
    """The child's other period of care that has not ended (the latest, should there be several) and is not void.

    Args:
        child_digest: the child.
        not_episode: the present period's own id.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return _other_open(connection, child_digest, not_episode)


def hold_open(connection: Connection, child_digest: str, episode: str) -> None:
    """Take the child's place for a first publication, within its transaction: nobody else opens one until it ends.

    Raises:
        LookedAfterAlready: the child has another period of care that has not ended.
    """
    take_turn(connection, child_digest)
    if other := _other_open(connection, child_digest, episode):
        raise LookedAfterAlready(other)


def _other_open(connection: Connection, child_digest: str, not_episode: str) -> OpenEpisode | None:
    row = connection.execute(_OPEN, {"child": child_digest, "present": not_episode}).first()
    return OpenEpisode(episode=row[0], became_looked_after=row[1]) if row else None


def latest_ended(connection: Connection, child_digest: str, before: date, not_episode: str) -> FormerEpisode | None:
    """`former_episode`, within a transaction."""
    asked = {"child": child_digest, "before": before, "present": not_episode}
    row = connection.execute(_LATEST_ENDED, asked).first()
    return FormerEpisode(episode=row[0], iro=row[1], ended_on=row[2]) if row else None
