"""What people have written in forms and not sent yet, so that nothing is lost when a session or a server ends."""

from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Engine, delete, or_, select

from register.desk_tables import DraftRow
from register.engine import reading, writing
from register.upserts import insert_or_replace
from rules.vocabulary import Frozen

Body = dict[str, list[str]]
"""The fields of a form as a browser sends them: each name with the values given."""


class Draft(Frozen):
    """An unfinished form.

    Attributes:
        person: who wrote it, by reference.
        episode: about which.
        form: which form.
        body: its fields.
        saved_at: when it was last kept, UTC.
    """

    person: str
    episode: str
    form: str
    body: Body
    saved_at: AwareDatetime


def keep(engine: Engine, draft: Draft) -> None:
    """Keep what somebody has written, in place of what they had before in the same form.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        insert_or_replace(connection, DraftRow, [draft.model_dump()])


def kept(engine: Engine, person: str, episode: str, form: str) -> Draft | None:
    """What somebody had written in a form; None when nothing is kept.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(DraftRow).where(DraftRow.person == person, DraftRow.episode == episode, DraftRow.form == form)
    with reading(engine) as connection:
        row = connection.execute(wanted).first()
    return _draft(row) if row else None


def others_at_it(engine: Engine, person: str, episode: str, form: str, since: datetime) -> list[Draft]:
    """The unfinished forms of others on the same, lately kept.

    Args:
        engine: the register.
        person: who asks.
        episode, form: on what; a form that was opened for a step has that step's key behind a colon, and is the same.
        since: an instant, UTC.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    alike = or_(DraftRow.form == form, DraftRow.form.startswith(f"{form}:", autoescape=True))
    wanted = select(DraftRow).where(
        DraftRow.episode == episode, alike, DraftRow.person != person, DraftRow.saved_at >= since
    )
    with reading(engine) as connection:
        return [_draft(row) for row in connection.execute(wanted.order_by(DraftRow.saved_at.desc()))]


def of_person(engine: Engine, person: str) -> list[Draft]:
    """Everything somebody has not finished, the latest first.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(DraftRow).where(DraftRow.person == person).order_by(DraftRow.saved_at.desc())
    with reading(engine) as connection:
        return [_draft(row) for row in connection.execute(wanted)]


def discard(engine: Engine, person: str, episode: str, form: str) -> None:
    """Let go of a draft: it was sent, or is not wanted.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    gone = delete(DraftRow).where(DraftRow.person == person, DraftRow.episode == episode, DraftRow.form == form)
    with writing(engine) as connection:
        connection.execute(gone)


def _draft(row: object) -> Draft:
    return Draft(**{name: getattr(row, name) for name in Draft.model_fields})
