"""The service seen whole: slips by team, the week of an authority, and what was told of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, select

from register.allocations import caseloads
from register.digests import digest_setting
from register.directory import absences, people
from register.engine import reading, writing
from register.episode_tables import IS_OPEN, LOOKED_AFTER, EpisodeRow, EscalationRow, FactRow, OutboxRow, StepRow
from register.rows import Row
from register.service_tables import ConcernRow, DigestRow, PersonRow
from register.upserts import insert_new
from rules.calendar import WorkingCalendar
from rules.case import Case
from rules.clock import end_of, london_date, start_of
from rules.concerns import Breach, Concern, ConcernKind
from rules.digest import WEEK, Caseload, EscalationLine, OverdueLine, ProposalLine, ReviewDue, ServiceWeek, WeeklyDigest
from rules.digest import digest as digest_of
from rules.directory import Person
from rules.facts import Entry
from rules.facts.iro import IroProposed
from rules.facts.reviews import ReviewArranged
from rules.notice_names import NoticeName
from rules.policy import BREACH
from rules.vocabulary import Nation, Role

TEAM = func.coalesce(EpisodeRow.team_manager, PersonRow.line_manager, PersonRow.team)
"""Whose team has the case: the team manager named in it, else the social worker's."""

_TOLD: dict[ConcernKind, tuple[NoticeName, tuple[Role, ...]]] = {
    ConcernKind.SLIP: (NoticeName.COLLECTIVE_CONCERN, (Role.IRO_MANAGER,)),
    ConcernKind.POOR_PRACTICE: (
        NoticeName.POOR_PRACTICE_PATTERN,
        (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR),
    ),
}
"""Who is told of each kind of concern (local policy)."""


def authorities(engine: Engine) -> list[tuple[str, Nation]]:
    """The authorities with children in care, by code, each with its nation.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(EpisodeRow.authority, EpisodeRow.nation).where(LOOKED_AFTER).distinct()
    with reading(engine) as connection:
        return [(row.authority, row.nation) for row in connection.execute(wanted.order_by(EpisodeRow.authority))]


def breaches(engine: Engine, authority: str, since: date) -> list[Breach]:
    """The steps of an authority's children that slipped since a day, where a team has the case.

    Args:
        engine: the register.
        authority: its three-digit code.
        since: a London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = (
        select(
            EscalationRow.episode_id, EscalationRow.rung, EscalationRow.covers, EscalationRow.due, StepRow.name, TEAM
        )
        .join(StepRow, and_(StepRow.episode_id == EscalationRow.episode_id, StepRow.key == EscalationRow.step))
        .join(EpisodeRow, EpisodeRow.id == EscalationRow.episode_id)
        .outerjoin(PersonRow, PersonRow.reference == EpisodeRow.social_worker)
        .where(EpisodeRow.authority == authority, EscalationRow.due >= since - timedelta(days=1), TEAM.is_not(None))
        .order_by(EscalationRow.episode_id, EscalationRow.step, EscalationRow.due)
    )
    with reading(engine) as connection:
        return [
            Breach(episode=episode, team=team, step=name, day=due + timedelta(days=1))
            for episode, rung, covers, due, name, team in connection.execute(wanted)
            if rung == BREACH or BREACH in covers
        ]


def concerns(engine: Engine, authority: str, since: datetime | None = None) -> list[Concern]:
    """The concerns raised about an authority's teams, of either kind, in order; since an instant, where one is given.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(ConcernRow).where(ConcernRow.authority == authority).order_by(ConcernRow.raised_at, ConcernRow.key)
    if since is not None:
        wanted = wanted.where(ConcernRow.raised_at >= since)
    with reading(engine) as connection:
        return [_concern_of(row) for row in connection.execute(wanted)]


def raise_concern(engine: Engine, authority: str, concern: Concern, at: datetime) -> bool:
    """Keep a concern, and owe a notice of it; once, however often it is asked.

    A step that slips for many children is for the IRO manager; a pattern of poor practice is for senior managers, who
    are found by the team's own line.

    Args:
        engine: the register.
        authority: its three-digit code.
        concern: what is raised.
        at: the instant, UTC.

    Returns:
        Whether it is new.

    Raises:
        RegisterUnavailable: the database cannot be used; nothing was written.
    """
    key = f"{authority}:{concern.team}:{concern.step}:{concern.until}"
    if concern.kind is ConcernKind.POOR_PRACTICE:
        # By the day it is told: what is noted late may be of the same last day as a pattern told before.
        key = f"{authority}:{concern.team}:{concern.kind}:{concern.step}:{london_date(at)}"
    with writing(engine) as connection:
        if connection.scalar(select(ConcernRow.key).where(ConcernRow.key == key)):
            return False
        row: Row = {
            "key": key,
            "authority": authority,
            "team": concern.team,
            "step_name": concern.step,
            "since": concern.since,
            "until": concern.until,
            "episodes": concern.episodes,
            "raised_at": at,
            "kind": concern.kind,
        }
        insert_new(connection, ConcernRow, [row])
        name, told = _TOLD[concern.kind]
        for role in told:
            _owe(connection, authority, name, key, at, role)
    return True


def kept_concern(engine: Engine, key: str) -> Concern | None:
    """A concern that was raised, by the key its notice is about; None when there is none of it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(select(ConcernRow).where(ConcernRow.key == key)).first()
    return _concern_of(row) if row else None


def _concern_of(row: Any) -> Concern:
    return Concern(
        team=row.team, step=row.step_name, since=row.since, until=row.until, episodes=row.episodes, kind=row.kind
    )


def kept_digest(engine: Engine, authority: str, week: date) -> WeeklyDigest | None:
    """A digest that was made; None when there is none of that week.

    Args:
        engine: the register.
        authority: its three-digit code.
        week: its Monday.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(DigestRow.body).where(DigestRow.authority == authority, DigestRow.week == week)
    with reading(engine) as connection:
        body = connection.scalar(wanted)
    return WeeklyDigest.model_validate_json(body) if body else None


def keep_digest(engine: Engine, digest: WeeklyDigest, at: datetime) -> bool:
    """Keep an authority's digest, and owe a notice of it to whoever the authority has it sent to; once a week.

    Args:
        engine: the register.
        digest: the week.
        at: the instant, UTC.

    Returns:
        Whether it is new.

    Raises:
        RegisterUnavailable: the database cannot be used; nothing was written.
    """
    monday = digest.last_day + timedelta(days=1)
    monday -= timedelta(days=monday.weekday())
    with writing(engine) as connection:
        standing = select(DigestRow.week).where(DigestRow.authority == digest.authority, DigestRow.week == monday)
        if connection.scalar(standing):
            return False
        row: Row = {
            "authority": digest.authority,
            "week": monday,
            "body": digest.model_dump_json(),
            "made_at": at,
        }
        insert_new(connection, DigestRow, [row])
        for role in digest_setting(connection, digest.authority).recipients:
            _owe(connection, digest.authority, "weekly_digest", str(monday), at, role)
    return True


def compose_digest(engine: Engine, authority: str, calendar: WorkingCalendar, day: date) -> WeeklyDigest:
    """An authority's digest of the seven days before a day.

    Args:
        engine: the register.
        authority: its three-digit code.
        calendar: the nation's working days.
        day: the London date of the digest.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return digest_of(service_week(engine, authority, day), calendar)


def service_week(engine: Engine, authority: str, day: date) -> ServiceWeek:
    """What an authority's digest is made from.

    Args:
        engine: the register.
        authority: its three-digit code.
        day: the London date of the digest.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        without, proposals = _without_iro(connection, authority)
        overdue = _overdue(connection, authority, day)
        raised = _escalations(connection, authority, day)
        reviews = _reviews(connection, authority)
    everyone = people(engine, authority)
    return ServiceWeek(
        authority=authority,
        day=day,
        caseloads=tuple(
            Caseload(iro=each.reference, children=each.load, places=each.terms.places)
            for each in caseloads(engine, authority, day)
        ),
        without_iro=without,
        proposals=proposals,
        overdue=overdue,
        escalations=raised,
        reviews=reviews,
        concerns=tuple(concerns(engine, authority, start_of(day - WEEK))),
        people=tuple(person for person in everyone if _is_of_the_service(person)),
        absences=tuple(each for each in absences(engine) if each.person in {person.reference for person in everyone}),
    )


def _is_of_the_service(person: Person) -> bool:
    return person.role in (Role.IRO, Role.IRO_MANAGER, Role.IRO_ADMINISTRATOR)


def _without_iro(connection: Connection, authority: str) -> tuple[tuple[str, ...], tuple[ProposalLine, ...]]:
    """The children who have no IRO, and the proposals for them that wait."""
    wanted = select(EpisodeRow.id, EpisodeRow.proposed_iro).where(
        LOOKED_AFTER, EpisodeRow.authority == authority, EpisodeRow.iro.is_(None)
    )
    rows = connection.execute(wanted.order_by(EpisodeRow.id)).all()
    proposed = {row.id: row.proposed_iro for row in rows if row.proposed_iro}
    facts = select(FactRow.episode_id, FactRow.body).where(
        FactRow.kind == "iro_proposed", FactRow.episode_id.in_(list(proposed))
    )
    since = {
        row.episode_id: row.body.on
        for row in connection.execute(facts.order_by(FactRow.revision))
        if isinstance(row.body, IroProposed)
    }
    lines = tuple(
        ProposalLine(episode=episode, iro=iro, since=since[episode])
        for episode, iro in proposed.items()
        if episode in since
    )
    return tuple(row.id for row in rows if row.id not in proposed), lines


def _overdue(connection: Connection, authority: str, day: date) -> tuple[OverdueLine, ...]:
    wanted = (
        select(StepRow.episode_id, StepRow.name, TEAM)
        .join(EpisodeRow, EpisodeRow.id == StepRow.episode_id)
        .outerjoin(PersonRow, PersonRow.reference == EpisodeRow.social_worker)
        .where(EpisodeRow.authority == authority, IS_OPEN, StepRow.due < day)
        .order_by(StepRow.episode_id, StepRow.key)
    )
    return tuple(
        OverdueLine(episode=episode, step=name, team=team) for episode, name, team in connection.execute(wanted)
    )


def _escalations(connection: Connection, authority: str, day: date) -> tuple[EscalationLine, ...]:
    wanted = (
        select(EscalationRow.episode_id, StepRow.name, EscalationRow.rung, EscalationRow.raised_at)
        .join(StepRow, and_(StepRow.episode_id == EscalationRow.episode_id, StepRow.key == EscalationRow.step))
        .join(EpisodeRow, EpisodeRow.id == EscalationRow.episode_id)
        .where(
            EpisodeRow.authority == authority,
            EscalationRow.raised_at >= start_of(day - WEEK),
            EscalationRow.raised_at < end_of(day),
        )
        .order_by(EscalationRow.raised_at, EscalationRow.episode_id, EscalationRow.step)
    )
    return tuple(
        EscalationLine(episode=episode, step=name, rung=rung, on=london_date(at))
        for episode, name, rung, at in connection.execute(wanted)
    )


def _reviews(connection: Connection, authority: str) -> tuple[ReviewDue, ...]:
    """The reviews owed, each with the day last arranged for it."""
    wanted = (
        select(StepRow.episode_id, StepRow.due, EpisodeRow.iro)
        .join(EpisodeRow, EpisodeRow.id == StepRow.episode_id)
        .where(EpisodeRow.authority == authority, IS_OPEN, StepRow.name.in_(REVIEW_STEPS))
        .order_by(StepRow.due, StepRow.episode_id)
    )
    owed = connection.execute(wanted).all()
    arranged = _arranged(connection, [row.episode_id for row in owed])
    return tuple(
        ReviewDue(episode=row.episode_id, due=row.due, iro=row.iro, arranged=arranged.get(row.episode_id))
        for row in owed
    )


REVIEW_STEPS = ("first_review", "second_review", "subsequent_review")


_OF_ARRANGEMENTS = ("became_looked_after", "review_arranged", "review_held", "fact_corrected", "fact_withdrawn")


def _arranged(connection: Connection, episodes: Sequence[str]) -> dict[str, date]:
    """The day last arranged for each child's next review; one arranged for a review that was held is none for it."""
    wanted = select(FactRow.episode_id, FactRow.body, FactRow.recorded_at).where(
        FactRow.kind.in_(_OF_ARRANGEMENTS), FactRow.episode_id.in_(list(episodes))
    )
    ledgers: dict[str, list[Entry]] = {}
    for episode, body, at in connection.execute(wanted):
        ledgers.setdefault(episode, []).append(Entry(fact=body, at=at))
    found = {episode: _next_day(Case(ledger)) for episode, ledger in ledgers.items()}
    return {episode: day for episode, day in found.items() if day}


def _next_day(case: Case) -> date | None:
    arranged = case.last(ReviewArranged)
    held = case.reviews[-1].on if case.reviews else case.first_day
    return arranged.fact.planned_for if arranged and arranged.on >= held < arranged.fact.planned_for else None


def _owe(
    connection: Connection, authority: str, name: str, about: str, at: datetime, to: Role = Role.IRO_MANAGER
) -> None:
    owed: Row = {
        "episode_id": None,
        "service": authority,
        "revision": 0,
        "key": f"{name}:{about}:{to}",
        "name": name,
        "recipient": to,
        "about": about,
        "if_involved": False,
        "owed_at": at,
        "sent_at": None,
    }
    insert_new(connection, OutboxRow, [owed])
