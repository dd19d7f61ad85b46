"""The notices in the outbox: which wait to be addressed or are held, who did not get one, which are looked at again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    Select,
    and_,
    exists,
    func,
    select,
    update,
)

from register.engine import reading, writing
from register.episode_tables import EpisodeRow, OutboxRow
from register.post_tables import DispatchNoticeRow, DispatchRow, UndeliveredRow
from register.service_tables import PersonRow
from rules.addressing import NotSent
from rules.network import DispatchState
from rules.notice_names import NoticeName
from rules.posts import is_post
from rules.steps import Notice
from rules.vocabulary import Frozen, Nation, Role


class Waiting(Frozen):
    """A notice of the outbox that nobody has been found for yet. Instants are UTC.

    Attributes:
        id: its place in the outbox.
        episode: whose case; None for a notice about an authority's service.
        service: the authority whose service it is about.
        key: unique in the episode or the service.
        name: which notice.
        recipient: the role it is owed to.
        about: the fact, the step or whatever else it is about.
        if_involved: only where somebody of that role is known to be involved.
        owed_at: when it came to be owed.
    """

    id: int
    episode: str | None
    service: str | None
    key: str
    name: NoticeName
    recipient: Role
    about: str
    if_involved: bool
    owed_at: AwareDatetime

    @property
    def notice(self) -> Notice:
        """The notice as the rules know it."""
        return Notice(**{field: getattr(self, field) for field in Notice.model_fields})


_NOTICES = select(
    OutboxRow.id,
    OutboxRow.episode_id.label("episode"),
    OutboxRow.service,
    OutboxRow.key,
    OutboxRow.name,
    OutboxRow.recipient,
    OutboxRow.about,
    OutboxRow.if_involved,
    OutboxRow.owed_at,
)


_AUTHORITY = select(EpisodeRow.authority).where(EpisodeRow.id == OutboxRow.episode_id).correlate(OutboxRow)


_WHOSE = func.coalesce(OutboxRow.service, _AUTHORITY.scalar_subquery())


_POSTS = [role for role in Role if is_post(role)]


HELD = and_(
    OutboxRow.recipient.in_(_POSTS),
    ~exists().where(PersonRow.authority == _WHOSE).correlate(OutboxRow),
)
"""What is owed to a post of an authority of which the directory holds nobody: it waits until somebody is added.

To tell every case that the IRO manager could not be found would be to tell of one thing a thousand times.
"""


_WAITING = _NOTICES.where(OutboxRow.addressed_at.is_(None), ~HELD)


def waiting(engine: Engine, routine: Collection[str], limit: int) -> list[Waiting]:
    """The first notices that go at once and are not addressed yet, in the order they came to be owed.

    Args:
        engine: the register.
        routine: the names of the notices that wait for the morning.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return _waiting(engine, _WAITING.where(OutboxRow.name.not_in(routine)).order_by(OutboxRow.id).limit(limit))


def waiting_for_the_morning(
    engine: Engine, routine: Collection[str], nation: Nation, before: datetime
) -> list[Waiting]:
    """The routine notices about a nation's children that are not addressed yet.

    Args:
        engine: the register.
        routine: the names of the notices that wait for the morning.
        nation: whose working mornings they wait for.
        before: the instant of the last working morning, UTC; what came to be owed later waits for the next.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    of_nation = _WAITING.join(EpisodeRow, EpisodeRow.id == OutboxRow.episode_id).where(EpisodeRow.nation == nation)
    due = of_nation.where(OutboxRow.name.in_(routine), OutboxRow.owed_at < before)
    return _waiting(engine, due.order_by(OutboxRow.id))


def told_already(engine: Engine, notices: Collection[int]) -> set[tuple[int, str]]:
    """Who has which of some notices already, in a message that was sent, failed or is to be sent.

    A notice that is addressed anew for one person is not to reach another twice.

    Args:
        engine: the register.
        notices: by their places in the outbox.

    Returns:
        The notice's place, and the person or contact by reference.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = (
        select(DispatchNoticeRow.outbox_id, DispatchRow.recipient)
        .join(DispatchRow, DispatchRow.id == DispatchNoticeRow.dispatch_id)
        .where(DispatchNoticeRow.outbox_id.in_(notices), DispatchRow.state != DispatchState.DROPPED)
    )
    with reading(engine) as connection:
        return {(row.outbox_id, row.recipient) for row in connection.execute(wanted)}


def address_again(engine: Engine, authority: str, child: str, role: Role) -> int:
    """Have another look for whom to send what nobody of a role could be found for, now that somebody is known.

    Args:
        engine: the register.
        authority: whose child it is, by its three-digit code.
        child: by the authority's reference.
        role: what the one who is known now is to the child.

    Returns:
        How many notices are looked at again.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    theirs = select(EpisodeRow.id).where(EpisodeRow.authority == authority, EpisodeRow.child == child)
    # A child's letters go to the carer where the child has no way of their own.
    roles = {role, Role.CHILD} if role is Role.CARER else {role}
    return _look_again(engine, OutboxRow.episode_id.in_(theirs), OutboxRow.recipient.in_(roles))


def address_posts_again(engine: Engine) -> int:
    """Have another look for what nobody in the directory could be found or reached for, now that it has changed.

    Args:
        engine: the register.

    Returns:
        How many notices are looked at again.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return _look_again(engine, OutboxRow.recipient.in_(_POSTS))


def _look_again(engine: Engine, *which: ColumnElement[bool]) -> int:
    """Have those notices addressed anew for which nobody was found."""
    nobody = select(UndeliveredRow.outbox_id).where(
        UndeliveredRow.dispatch_id.is_(None), UndeliveredRow.mended_at.is_(None)
    )
    again = (
        update(OutboxRow)
        .where(*which, OutboxRow.id.in_(nobody))
        .values(addressed_at=None, not_sent=None, sent_at=None)
        .returning(OutboxRow.id)
    )
    with writing(engine) as connection:
        return len(connection.execute(again).all())


def not_sent(engine: Engine, episode: str | None = None) -> list[tuple[Waiting, tuple[NotSent, ...]]]:
    """The notices that somebody did not get, and why; the latest first.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _NOTICES.add_columns(OutboxRow.not_sent).where(OutboxRow.addressed_at.is_not(None))
    if episode is not None:
        wanted = wanted.where(OutboxRow.episode_id == episode)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(OutboxRow.id.desc())).all()
    return [(_of_row(row), row.not_sent) for row in rows if row.not_sent]


def notices_carried(engine: Engine, dispatch: int) -> list[Waiting]:
    """The notices of the outbox that a message delivers, in the order they came to be owed.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    carried = select(DispatchNoticeRow.outbox_id).where(DispatchNoticeRow.dispatch_id == dispatch)
    return _waiting(engine, _NOTICES.where(OutboxRow.id.in_(carried)).order_by(OutboxRow.id))


def notices_ever_owed(engine: Engine, episode: str, name: NoticeName) -> list[Waiting]:
    """The notices of one name that a case ever owed, sent or not, the latest first.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _NOTICES.where(OutboxRow.episode_id == episode, OutboxRow.name == name)
    return _waiting(engine, wanted.order_by(OutboxRow.id.desc()))


def _waiting(engine: Engine, wanted: Executable) -> list[Waiting]:
    with reading(engine) as connection:
        return [_of_row(row) for row in connection.execute(wanted)]


def _of_row(row: Any) -> Waiting:
    return Waiting.model_validate({name: getattr(row, name) for name in Waiting.model_fields})


def carried_by(number: int) -> Select[Any]:
    """The notices that a message carries."""
    return select(DispatchNoticeRow.outbox_id).where(DispatchNoticeRow.dispatch_id == number)
