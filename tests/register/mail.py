"""Messages in the post room's book as they would be after some days: sent, stuck, or come to nobody."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Engine, insert, select

from post.notice import Written
from post.ways import Message
from register import writing
from register.episode_tables import OutboxRow
from register.post_tables import DispatchRow
from register.undelivered import note_undelivered
from rules.network import DispatchState, Language, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Role

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)
DOWN = "The mail server does not answer."
REFUSED = "The address was refused."
_NUMBERS = count(1)


def written_to(
    engine: Engine,
    recipient: str,
    number: int = 1,
    *,
    notice: NoticeName = NoticeName.ESCALATION,
    role: Role = Role.IRO,
    episode: str | None = None,
    at: datetime = NOW,
    state: DispatchState = DispatchState.SENT,
    **more: Any,
) -> list[int]:
    """Have so many messages in the book, and give their numbers."""
    rows = [
        {
            "reference": f"message-{next(_NUMBERS)}",
            "state": state,
            "notice": notice,
            "recipient": recipient,
            "role": role,
            "episode_id": episode,
            "way": Way.EMAIL,
            "message": _message(),
            "owed_at": at,
            "not_before": at,
            "tries": 1,
            "sent_at": at if state is DispatchState.SENT else None,
            **more,
        }
        for _ in range(number)
    ]
    with writing(engine) as connection:
        return list(connection.scalars(insert(DispatchRow).returning(DispatchRow.id), rows))


def stuck_message(engine: Engine, recipient: str, **more: Any) -> int:
    """A message that was tried in vain, and its number."""
    given: dict[str, Any] = {"state": DispatchState.OWED, "reason": DOWN, "tries": 3, **more}
    (number,) = written_to(engine, recipient, **given)
    return number


def came_to_nobody(engine: Engine, episode: str, key: str, *, tried_to: str | None = None, at: datetime = NOW) -> int:
    """Note of a notice in an episode's outbox that it reached nobody, and give its place there.

    Args:
        engine: the register.
        episode: whose.
        key: the notice's.
        tried_to: to whom a message with it failed; nobody could be found when left out.
        at: when.
    """
    with writing(engine) as connection:
        place = connection.scalar(select(OutboxRow.id).where(OutboxRow.episode_id == episode, OutboxRow.key == key))
    assert place is not None
    message = None
    if tried_to:
        (message,) = written_to(engine, tried_to, episode=episode, at=at, state=DispatchState.FAILED)
    with writing(engine) as connection:
        note_undelivered(connection, place, message, REFUSED if message else "Nobody is known.", at)
    return place


def _message() -> Message:
    written = Written(subject="A test", body="Words.", text="Words.", language=Language.ENGLISH)
    return Message(
        reference="-", way=Way.EMAIL, to_name="Test Person", to="test@example.org", written=written, sender="Made-up",
        on=date(2026, 6, 3),
    )  # fmt: skip
