"""Poor practice that IROs noted with the children of an authority, by the team that has the case."""

from sqlalchemy import Engine, select

from register.engine import reading
from register.episode_tables import EpisodeRow, FactRow
from register.service import TEAM
from register.service_tables import PersonRow
from rules.case import Case
from rules.concerns import Breach, ConcernKind
from rules.facts import Entry
from rules.facts.challenge import PoorPracticeNoted

_KINDS = ("became_looked_after", "poor_practice_noted", "fact_corrected", "fact_withdrawn")
"""What says which notes stand."""


def poor_practice(engine: Engine, authority: str) -> list[Breach]:
    """The poor practice noted with an authority's children, as it stands, where a team has the case.

    Args:
        engine: the register.
        authority: its three-digit code.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    noted = select(FactRow.episode_id).where(FactRow.kind == "poor_practice_noted")
    wanted = (
        select(FactRow.episode_id, TEAM.label("team"), FactRow.body, FactRow.recorded_at)
        .join(EpisodeRow, EpisodeRow.id == FactRow.episode_id)
        .outerjoin(PersonRow, PersonRow.reference == EpisodeRow.social_worker)
        .where(
            EpisodeRow.authority == authority,
            TEAM.is_not(None),
            FactRow.episode_id.in_(noted),
            FactRow.kind.in_(_KINDS),
        )
        .order_by(FactRow.episode_id, FactRow.recorded_at)
    )
    ledgers: dict[tuple[str, str], list[Entry]] = {}
    with reading(engine) as connection:
        for episode, team, body, at in connection.execute(wanted):
            ledgers.setdefault((episode, team), []).append(Entry(fact=body, at=at))
    return [
        Breach(episode=episode, team=team, step=known.fact.theme, day=known.on, kind=ConcernKind.POOR_PRACTICE)
        for (episode, team), ledger in ledgers.items()
        for known in Case(ledger).all(PoorPracticeNoted)
    ]
