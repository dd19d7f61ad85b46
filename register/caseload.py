"""How many children each IRO has, kept as they come and go, so that an allocation need not count thousands."""

from typing import NamedTuple

from sqlalchemy import Connection

from register.service_tables import CaseloadRow
from register.upserts import insert_or_add


class Charge(NamedTuple):
    """Whose child a child in care is: of which authority's IRO, named or, while none is, proposed."""

    authority: str
    iro: str


def charge(authority: str, iro: str | None, proposed: str | None, *, looked_after: bool) -> Charge | None:
    """Whose child a child is; None where care has ended, or nobody is named or proposed.

    Args:
        authority: its three-digit code.
        iro: the named IRO.
        proposed: who is proposed.
        looked_after: care goes on, and the period of care is not void.
    """
    whose = iro or proposed
    return Charge(authority, whose) if looked_after and whose else None


def moved(connection: Connection, before: Charge | None, after: Charge | None) -> None:
    """Count a child with whoever has them now, and no longer with whoever had them.

    Args:
        connection: one that `writing` gave; the one in which the episode is written.
        before: whose child it was.
        after: whose child it is.
    """
    if before == after:
        return
    changes = [(each, number) for each, number in ((before, -1), (after, 1)) if each]
    # In one order everywhere, so that two who exchange children do not wait for each other.
    for whose, number in sorted(changes):
        insert_or_add(connection, CaseloadRow, whose._asdict() | {"children": number}, to="children")
