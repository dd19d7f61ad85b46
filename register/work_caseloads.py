"""The IROs of an authority with what each has to do, a page at a time."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select

from register.engine import reading
from register.episode_tables import IS_OPEN, EpisodeRow, StepRow
from register.paging import NamePlace, Page, checked_limit, page_of, place_of
from register.service_tables import CaseloadRow, IroTermsRow, PersonRow
from rules.directory import IroTerms
from rules.vocabulary import Frozen, Role

_CASELOADS = "caseloads"


class Caseload(Frozen):
    """An IRO with what they have to do.

    Attributes:
        iro: by reference.
        name: as the directory has it.
        hours: of full time.
        places: how many children they may have for their hours.
        children: how many they have, those for whom they are proposed among them.
        overdue: how many steps of their children are overdue, whoever owes them.
        tasks: how many open steps they owe themselves, for their own children.
        overdue_tasks: how many of those are overdue.
        until: their last day in the post; None while no end is known.
    """

    iro: str
    name: str
    hours: float
    places: int
    children: int
    overdue: int
    tasks: int
    overdue_tasks: int
    until: date | None


def caseloads_page(
    engine: Engine, authority: str, *, today: date, after: str | None = None, limit: int = 50
) -> Page[Caseload]:
    """An authority's IROs by reference, without those who have left and left no child behind.

    Args:
        engine: the register.
        authority: by its three-digit code.
        today: the London date by which a step is overdue or not.
        after: where the page before ended: its `next`.
        limit: how many at most, 1 to 500.

    Raises:
        BadCursor: `after` is no place in this list.
        RegisterUnavailable: the database cannot be used.
        ValueError: `limit` is out of bounds.
    """
    place, most = place_of(after, _CASELOADS, NamePlace), checked_limit(limit)
    children: ColumnElement[int] = func.coalesce(CaseloadRow.children, 0)
    wanted = (
        select(PersonRow.reference, PersonRow.name, PersonRow.until, IroTermsRow.hours, IroTermsRow.full_time_limit)
        .add_columns(children.label("children"))
        .join(IroTermsRow, IroTermsRow.iro == PersonRow.reference)
        .outerjoin(CaseloadRow, and_(CaseloadRow.iro == PersonRow.reference, CaseloadRow.authority == authority))
        .where(
            PersonRow.authority == authority, (PersonRow.until.is_(None)) | (PersonRow.until >= today) | (children > 0)
        )
        .order_by(PersonRow.reference)
        .limit(most + 1)
    )
    if place is not None:
        wanted = wanted.where(PersonRow.reference > place.reference)
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
        work = _work(connection, [row.reference for row in rows], today)
    lines = [
        Caseload(
            iro=row.reference,
            name=row.name,
            hours=row.hours,
            places=IroTerms(iro=row.reference, hours=row.hours, full_time_limit=row.full_time_limit).places,
            children=row.children,
            until=row.until,
            **work.get(row.reference, {"overdue": 0, "tasks": 0, "overdue_tasks": 0}),
        )
        for row in rows
    ]
    return page_of(_CASELOADS, lines, most, lambda each: NamePlace(reference=each.iro))


def _work(connection: Connection, iros: list[str], today: date) -> dict[str, dict[str, int]]:
    """What there is to do for the children of some IROs."""
    late, own = StepRow.due < today, StepRow.owner == Role.IRO
    counted = {"overdue": late, "tasks": own, "overdue_tasks": and_(late, own)}
    numbers = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in counted.items()]
    rows = connection.execute(
        select(EpisodeRow.iro, *numbers)
        .join(StepRow, and_(StepRow.episode_id == EpisodeRow.id, IS_OPEN))
        .where(EpisodeRow.iro.in_(iros))
        .group_by(EpisodeRow.iro)
    )
    return {row.iro: {name: getattr(row, name) for name in counted} for row in rows}
