"""A child's network: who is in it, how each is reached, and what is not to be sent to whom."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, insert, select, update

from register.engine import reading, writing
from register.post_tables import ContactRow, SuppressionRow
from rules.network import NetworkContact, Suppression
from rules.vocabulary import Frozen, Role


class ContactRefused(ValueError):
    """A change of a child's network that cannot be; says why in one sentence."""


class StandingSuppression(Suppression):
    """A suppression, with its number, when and by whom it was recorded, and when it was lifted."""

    id: int
    recorded_at: datetime
    recorded_by: str
    lifted_at: datetime | None = None


class Network(Frozen):
    """A child's network: everyone who was ever in it, and what stands against sending to them."""

    contacts: tuple[NetworkContact, ...] = ()
    suppressions: tuple[StandingSuppression, ...] = ()


def network(register: Engine | Connection, authority: str, child: str) -> Network:
    """A child's network, by role and reference, those no longer involved too.

    Args:
        register: the register, or a connection to it.
        authority: whose child it is, by its three-digit code.
        child: by the authority's reference.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        rows = connection.execute(
            select(ContactRow)
            .where(ContactRow.authority == authority, ContactRow.child == child)
            .order_by(ContactRow.role, ContactRow.reference)
        ).all()
        against = connection.execute(
            select(SuppressionRow)
            .where(SuppressionRow.contact.in_([row.reference for row in rows]), SuppressionRow.lifted_at.is_(None))
            .order_by(SuppressionRow.id)
        )
        return Network(
            contacts=tuple(_contact(row) for row in rows),
            suppressions=tuple(
                StandingSuppression(**{name: getattr(row, name) for name in StandingSuppression.model_fields})
                for row in against
            ),
        )


def contact(register: Engine | Connection, reference: str) -> NetworkContact | None:
    """Somebody of a network, by reference; None when there is nobody.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        row = connection.execute(select(ContactRow).where(ContactRow.reference == reference)).first()
    return _contact(row) if row else None


def add_contact(engine: Engine, added: NetworkContact, by: str, at: datetime) -> bool:
    """Add somebody to a child's network.

    Args:
        engine: the register.
        added: who.
        by: who records it, by reference.
        at: the instant, UTC.

    Returns:
        Whether they are new; False when the very same was there.

    Raises:
        ContactRefused: somebody else has that reference, or the child is in the network already.
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        there = contact(connection, added.reference)
        if there == added:
            return False
        if there is not None:
            raise ContactRefused(
                f"{added.reference} is in a child's network already: change them with `contact change`,"
                " or choose another reference."
            )
        theirs = network(connection, added.authority, added.child).contacts if added.role is Role.CHILD else ()
        child = next((each.reference for each in theirs if each.role is Role.CHILD), None)
        if child is not None:
            raise ContactRefused(f"The child is in the network already, as {child}: change that entry instead.")
        connection.execute(insert(ContactRow), _row(added, by, at))
    return True


def change_contact(engine: Engine, reference: str, changes: Mapping[str, Any], by: str, at: datetime) -> NetworkContact:
    """Change what is said of somebody: only what is given. The child and the role stay.

    Args:
        engine: the register.
        reference: who.
        changes: by field of `NetworkContact`.
        by: who records it, by reference.
        at: the instant, UTC.

    Returns:
        The contact as it is then.

    Raises:
        ContactRefused: nobody has that reference, or what is said cannot be.
        RegisterUnavailable: the database cannot be used.
    """
    fixed = {"reference", "authority", "child", "role"} & set(changes)
    if fixed:
        raise ContactRefused(f"The {min(fixed)} of {reference} stays as it is: add another contact instead.")
    with writing(engine) as connection:
        there = contact(connection, reference)
        if there is None:
            raise ContactRefused(f"Nobody in a child's network has the reference {reference}: look with `contact`.")
        try:
            changed = NetworkContact.model_validate({**there.model_dump(), **changes})
        except ValidationError as error:
            raise ContactRefused(_first(error)) from None
        connection.execute(update(ContactRow).where(ContactRow.reference == reference).values(_row(changed, by, at)))
    return changed


def end_involvement(engine: Engine, reference: str, last_day: date | None, by: str, at: datetime) -> NetworkContact:
    """Say when somebody ceases to be involved, or that they do not; nothing is sent to them after.

    Args:
        engine: the register.
        reference: who.
        last_day: a London date; None when they stay after all.
        by: who records it, by reference.
        at: the instant, UTC.

    Raises:
        ContactRefused: nobody has that reference, or the day comes before their first.
        RegisterUnavailable: the database cannot be used.
    """
    return change_contact(engine, reference, {"until": last_day}, by, at)


def suppress(engine: Engine, wanted: Suppression, by: str, at: datetime) -> bool:
    """Keep something from somebody, with a reason; it stays visible.

    Returns:
        Whether it is new; False when the same stood already.

    Raises:
        ContactRefused: nobody has that reference.
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        there = contact(connection, wanted.contact)
        if there is None:
            raise ContactRefused(f"Nobody in a child's network has the reference {wanted.contact}.")
        standing = network(connection, there.authority, there.child).suppressions
        if any((each.contact, each.notice) == (wanted.contact, wanted.notice) for each in standing):
            return False
        connection.execute(insert(SuppressionRow), {**wanted.model_dump(), "recorded_at": at, "recorded_by": by})
    return True


def lift(engine: Engine, reference: str, notice: str | None, by: str, at: datetime) -> bool:
    """Send again what was suppressed; what was owed meanwhile stays unsent.

    Returns:
        Whether there was anything to lift.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with writing(engine) as connection:
        lifted = connection.execute(
            update(SuppressionRow)
            .where(
                SuppressionRow.contact == reference,
                SuppressionRow.lifted_at.is_(None),
                SuppressionRow.notice.is_(None) if notice is None else SuppressionRow.notice == notice,
            )
            .values(lifted_at=at, lifted_by=by)
            .returning(SuppressionRow.id)
        )
        return bool(lifted.all())


def _contact(row: Any) -> NetworkContact:
    return NetworkContact(**{name: getattr(row, name) for name in NetworkContact.model_fields})


def _row(of: NetworkContact, by: str, at: datetime) -> dict[str, Any]:
    return {**of.model_dump(), "recorded_at": at, "recorded_by": by}


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, without the value: that may be an address."""
    first = error.errors(include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where + ': ' if where else ''}{str(first['msg']).removeprefix('Value error, ')}."
