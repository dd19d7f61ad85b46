"""Keys under which case systems send something: the same key again gets the same answer, and never serves for other
content.

What is sent under a key must be such that doing it twice does no harm: two calls that come at once both do it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update

from register.api_tables import IdempotencyRow
from register.engine import reading, writing
from register.upserts import insert_new
from rules.vocabulary import Frozen

KEPT = timedelta(days=7)
"""How long a key is remembered."""


class KeyTaken(Exception):
    """The key was used for other content."""


class Sent(Frozen):
    """Something that a case system sent under a key of its own.

    Attributes:
        client: the case system, by reference.
        key: the key.
        content: what the content can be recognised by; not the content.
    """

    client: str
    key: str
    content: str


def answered_before(engine: Engine, sent: Sent, now: datetime) -> dict[str, Any] | None:
    """Take a key for a content, and give what was answered before; None where nothing was yet.

    Args:
        engine: the register.
        sent: what is sent, and under which key.
        now: the instant, UTC.

    Raises:
        KeyTaken: the key was used for other content.
        RegisterUnavailable: the database cannot be used.
    """
    forgotten = delete(IdempotencyRow).where(IdempotencyRow.first_at < now - KEPT)
    with writing(engine) as connection:
        connection.execute(forgotten)
        insert_new(connection, IdempotencyRow, [{**sent.model_dump(), "first_at": now}])
        row = connection.execute(_of(sent)).one()
    if row.content != sent.content:
        raise KeyTaken
    answer: dict[str, Any] | None = row.answer
    return answer


def keep_answer(engine: Engine, sent: Sent, answer: dict[str, Any]) -> dict[str, Any]:
    """Keep what is answered, and give what to answer: of two calls at once both get the answer kept first.

    Args:
        engine: the register.
        sent: what was sent, and under which key.
        answer: plain data: ids, dates and codes.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    mine = (IdempotencyRow.client == sent.client) & (IdempotencyRow.key == sent.key)
    with writing(engine) as connection:
        unanswered = IdempotencyRow.answer.is_(None)
        connection.execute(update(IdempotencyRow).where(mine, unanswered).values(answer=answer))
    with reading(engine) as connection:
        row = connection.execute(_of(sent)).first()
    return row.answer if row and row.answer else answer


def _of(sent: Sent) -> Any:
    return select(IdempotencyRow.content, IdempotencyRow.answer).where(
        IdempotencyRow.client == sent.client, IdempotencyRow.key == sent.key
    )
