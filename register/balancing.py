"""The moves that would even the IROs' load in an authority: what `rules.balance` looks at, read from the register."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import Connection, Engine, func, select

from register.allocations import caseloads
from register.asking import asked_for
from register.engine import reading
from register.episode_tables import LOOKED_AFTER, EpisodeRow, FactRow, ReviewRow
from register.gathering import child_to_allocate
from rules.balance import EVEN_ENOUGH, Movable, Move, moves
from rules.case import Case
from rules.choosing import Candidate
from rules.facts import Entry
from rules.facts.iro import IroAppointed
from rules.facts.reviews import ReviewHeld


def proposed_moves(
    engine: Engine, authority: str, day: date, *, most_givers: int | None = None, most_children: int | None = None
) -> tuple[Move, ...]:
    """Propose the few moves that would even the IROs' load. Nothing is changed.

    Args:
        engine: the register.
        authority: by its three-digit code.
        day: the London date.
        most_givers: of how many IROs the children are looked at, those with the heaviest loads; all when left out.
        most_children: how many children are looked at, the newest with their IRO first; all when left out.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    iros = caseloads(engine, authority, day)
    givers = _givers(iros, day)[:most_givers]
    if not givers:
        return ()
    with reading(engine) as connection:
        newest = _not_reviewed(connection, authority, givers)[:most_children]
        children = [each for line in newest if (each := _movable(connection, line, day))]
    return moves(iros, children, day)


def _givers(iros: Sequence[Candidate], day: date) -> list[str]:
    """The IROs who have more than enough beyond the one with the lightest load, the heaviest loads first."""
    shares = {each.reference: each.load / Fraction(str(each.terms.hours)) for each in iros if each.person.holds_on(day)}
    least = min(shares.values(), default=Fraction(0))
    return sorted((iro for iro in shares if shares[iro] - least > EVEN_ENOUGH), key=lambda iro: (-shares[iro], iro))


def _not_reviewed(connection: Connection, authority: str, iros: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """The children who may have had no review with their IRO, the newest with them first."""
    appointed = select(func.max(FactRow.happened_on)).where(
        FactRow.episode_id == EpisodeRow.id, FactRow.kind == IroAppointed.model_fields["kind"].default
    )
    reviewed = select(func.max(ReviewRow.completed_on)).where(ReviewRow.episode_id == EpisodeRow.id)
    wanted = select(
        EpisodeRow.id,
        EpisodeRow.iro,
        EpisodeRow.former_iro,
        appointed.scalar_subquery().label("appointed"),
        reviewed.scalar_subquery().label("reviewed"),
    ).where(LOOKED_AFTER, EpisodeRow.authority == authority, EpisodeRow.iro.in_(iros))
    rows = [
        row
        for row in connection.execute(wanted)
        if row.appointed and (row.reviewed is None or row.reviewed < row.appointed)
    ]
    rows.sort(key=lambda row: (row.appointed, row.id), reverse=True)
    return [(row.id, row.iro, row.former_iro) for row in rows]


def _movable(connection: Connection, line: tuple[str, str, str | None], day: date) -> Movable | None:
    episode, iro, former_iro = line
    wanted = select(FactRow.body, FactRow.recorded_at).where(FactRow.episode_id == episode)
    rows = connection.execute(wanted.order_by(FactRow.revision, FactRow.place))
    entries = [Entry(fact=row.body, at=row.recorded_at) for row in rows]
    case = Case(entries)
    appointed = [known for known in case.all(IroAppointed) if known.on <= day and known.fact.iro == iro]
    if not appointed:
        return None
    asked = asked_for(episode, entries, datetime.now(UTC), former_iro=former_iro)
    return Movable(
        episode=episode,
        iro=iro,
        appointed_on=appointed[-1].on,
        reviewed=any(held.on >= appointed[-1].on for held in case.all(ReviewHeld)),
        child=child_to_allocate(connection, asked),
    )
