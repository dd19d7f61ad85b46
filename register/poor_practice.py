"""Poor practice that IROs noted with the children of an authority, by the team that had the case."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, Engine, func, select

from register.engine import reading
from register.episode_tables import EpisodeRow, FactRow
from register.service import TEAM
from register.service_tables import PersonRow
from rules.case import Case
from rules.concerns import Breach, ConcernKind
from rules.facts import Entry
from rules.facts.challenge import PoorPracticeNoted

_KINDS = ("became_looked_after", "social_worker_changed", "poor_practice_noted", "fact_corrected", "fact_withdrawn")
"""What says which notes stand, and whose team had the case when each was made."""


def poor_practice(engine: Engine, authority: str) -> list[Breach]:
    """The poor practice noted with an authority's children, as it stands, by the team that had the case on the day of
    the note; by the one that has it now where the case names nobody for that day. A note without a team is left out.

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
        .where(EpisodeRow.authority == authority, FactRow.episode_id.in_(noted), FactRow.kind.in_(_KINDS))
        .order_by(FactRow.episode_id, FactRow.recorded_at)
    )
    ledgers: dict[tuple[str, str | None], list[Entry]] = {}
    with reading(engine) as connection:
        for episode, team_now, body, at in connection.execute(wanted):
            ledgers.setdefault((episode, team_now), []).append(Entry(fact=body, at=at))
        cases = [(episode, team_now, Case(ledger)) for (episode, team_now), ledger in ledgers.items()]
        teams = _teams(connection, (case for _, _, case in cases))
    return [
        Breach(episode=episode, team=team, step=known.fact.theme, day=known.on, kind=ConcernKind.POOR_PRACTICE)
        for episode, team_now, case in cases
        for known in case.all(PoorPracticeNoted)
        if (team := _team_when_noted(case, known.on, teams) or team_now)
    ]


def _team_when_noted(case: Case, day: date, teams: Mapping[str, str]) -> str | None:
    """The team manager named for the day, else the team of the social worker named for it."""
    workers = case.workers_on(day)
    return workers.team_manager or teams.get(workers.social_worker or "")


def _teams(connection: Connection, cases: Iterable[Case]) -> dict[str, str]:
    """The teams of the social workers who had the cases when something was noted, as the directory has them now."""
    had = {case.workers_on(known.on).social_worker for case in cases for known in case.all(PoorPracticeNoted)}
    team = func.coalesce(PersonRow.line_manager, PersonRow.team)
    wanted = select(PersonRow.reference, team).where(PersonRow.reference.in_(had - {None}), team.is_not(None))
    return dict(connection.execute(wanted).all())
