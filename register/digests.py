"""The weekly digests that were made, and who is sent them."""

from datetime import date, datetime

from pydantic import AwareDatetime
from sqlalchemy import Connection, Engine, select

from register.digest_tables import DigestSettingRow
from register.engine import reading, writing
from register.service_tables import DigestRow
from register.upserts import insert_or_replace
from rules.digest import RECIPIENTS, USUAL_RECIPIENTS
from rules.vocabulary import Frozen, Role


class DigestSetting(Frozen):
    """Who is sent an authority's weekly digest.

    Attributes:
        recipients: the posts, each once; none where it is kept for the desk and nobody is written to.
        changed_at: when that was decided, an instant, UTC; None where it never was, and the usual holds.
        changed_by: who decided it, by reference.
    """

    recipients: tuple[Role, ...] = USUAL_RECIPIENTS
    changed_at: AwareDatetime | None = None
    changed_by: str | None = None


class KeptWeek(Frozen):
    """A digest that was made: of which week, by its Monday, and when, an instant, UTC."""

    week: date
    made_at: AwareDatetime


def digest_setting(register: Engine | Connection, authority: str) -> DigestSetting:
    """Who is sent an authority's weekly digest.

    Args:
        register: the register, or a connection to it.
        authority: by its three-digit code.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(DigestSettingRow).where(DigestSettingRow.authority == authority)
    with reading(register) as connection:
        row = connection.execute(wanted).first()
    return DigestSetting.model_validate(_fields(row)) if row else DigestSetting()


def change_digest_setting(
    engine: Engine, authority: str, recipients: tuple[Role, ...], by: str, at: datetime
) -> DigestSetting:
    """Decide who is sent an authority's weekly digest from now on.

    Args:
        engine: the register.
        authority: by its three-digit code.
        recipients: the posts, of `rules.digest.RECIPIENTS`; none has nobody written to.
        by: who decides, by reference.
        at: the instant, UTC.

    Raises:
        ValueError: one of them is no post that the digest is for.
        RegisterUnavailable: the database cannot be used; nothing was changed.
    """
    if not set(recipients) <= set(RECIPIENTS):
        raise ValueError("The digest goes to posts of the service alone: choose among those there are.")
    decided = DigestSetting(
        recipients=tuple(role for role in RECIPIENTS if role in recipients), changed_at=at, changed_by=by
    )
    with writing(engine) as connection:
        insert_or_replace(connection, DigestSettingRow, [{"authority": authority, **decided.model_dump()}])
    return decided


def kept_weeks(engine: Engine, authority: str, limit: int = 53) -> list[KeptWeek]:
    """The weeks of which an authority's digest was made, the latest first.

    Args:
        engine: the register.
        authority: by its three-digit code.
        limit: how many at most.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(DigestRow.week, DigestRow.made_at).where(DigestRow.authority == authority)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(DigestRow.week.desc()).limit(limit))
        return [KeptWeek.model_validate(row, from_attributes=True) for row in rows]


def _fields(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in DigestSetting.model_fields}
