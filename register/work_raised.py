"""Who was told that steps slipped: the rungs raised, for the steps of a page."""

from collections.abc import Iterable

from sqlalchemy import Engine, select

from register.engine import reading
from register.episode_tables import EscalationRow
from register.rows import escalation_of
from rules.steps import Escalation


def raised_for(engine: Engine, steps: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[Escalation, ...]]:
    """The rungs that steps have raised, in the order they were.

    Args:
        engine: the register.
        steps: each by its episode's id and its key; a page of them.

    Returns:
        By episode and key; steps that have raised none are left out.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    asked = set(steps)
    wanted = select(EscalationRow).where(
        EscalationRow.episode_id.in_(sorted({episode for episode, _ in asked})),
        EscalationRow.step.in_(sorted({key for _, key in asked})),
    )
    found: dict[tuple[str, str], tuple[Escalation, ...]] = {}
    with reading(engine) as connection:
        for row in connection.execute(wanted.order_by(EscalationRow.raised_at, EscalationRow.height)):
            place = (row.episode_id, row.step)
            if place in asked:
                found[place] = (*found.get(place, ()), escalation_of(row))
    return found
