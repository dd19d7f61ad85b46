"""What an allocation looks at: the child with the family and the workers, and the IROs with their loads.

A child counts for the IRO they have, for the one proposed while they have none, and for one who has just been chosen
and is yet to be published.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import AwareDatetime
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from register.directory import directory_version
from register.episode_tables import LOOKED_AFTER, EpisodeRow
from register.kin import kin_of, sibling_group
from register.service_tables import AbsenceRow, AllocationRow, BarRow, CaseloadRow, IroTermsRow, PersonRow
from rules.choosing import Candidate, ChildToAllocate, Conflict, Sibling
from rules.directory import Absence, Bar, IroTerms, Person
from rules.vocabulary import ApartGround, Day, Frozen, KinRelation, Nation, Need, Reference, Role


class AllocationAsked(Frozen):
    """What is known when a child's IRO is to be chosen.

    Attributes:
        episode: the child's period of care.
        step: the key of the step that is owed; of no matter for a choice by hand.
        known_revision: the last publication that whoever asks knows of; of no matter for a choice by hand.
        child: the authority's reference.
        authority: its three-digit code.
        nation: whose law applies.
        social_worker, team_manager: who works on the case.
        needs: what the child needs of an IRO.
        former_iro: who was the child's IRO in an earlier period of care.
        apart: why the siblings are not to share an IRO, where that is recorded.
        conflicts: conflicts of interest declared for this child.
        not_again: IROs who gave the child up.
        day: the London date.
        at: the instant, UTC.
    """

    episode: str
    step: str
    known_revision: int = 0
    child: Reference
    authority: str
    nation: Nation
    social_worker: Reference | None = None
    team_manager: Reference | None = None
    needs: tuple[Need, ...] = ()
    former_iro: Reference | None = None
    apart: ApartGround | None = None
    conflicts: tuple[Conflict, ...] = ()
    not_again: tuple[Reference, ...] = ()
    day: Day
    at: AwareDatetime


_CHILD_HAS: ColumnElement[str | None] = func.coalesce(EpisodeRow.iro, EpisodeRow.proposed_iro)
_LATER = aliased(AllocationRow)
_IN_HAND = and_(
    AllocationRow.recorded == false(),
    AllocationRow.iro.is_not(None),
    # One that came to nothing, because someone was appointed by hand meanwhile, ends with the next.
    ~exists().where(_LATER.episode_id == AllocationRow.episode_id, _LATER.at > AllocationRow.at),
)
"""Allocations that are made and not yet published."""

_OF_THE_AUTHORITY = and_(EpisodeRow.authority == bindparam("authority"), LOOKED_AFTER)
_OTHERS = and_(_OF_THE_AUTHORITY, EpisodeRow.child != bindparam("but_for"))
# One statement, so that it sees each allocation once, in hand or published: a publication may come between two.
_LOADS: CompoundSelect[Any] = union_all(
    select(CaseloadRow.iro, CaseloadRow.children).where(CaseloadRow.authority == bindparam("authority")),
    select(_CHILD_HAS, literal(-1)).where(_OF_THE_AUTHORITY, EpisodeRow.child == bindparam("but_for")),
    select(AllocationRow.iro, func.count(AllocationRow.episode_id.distinct()))
    # Not a join: SQLite would begin with all the episodes.
    .where(_IN_HAND, exists().where(EpisodeRow.id == AllocationRow.episode_id, _OTHERS, _CHILD_HAS.is_(None)))
    .group_by(AllocationRow.iro),
)
_IN_HAND_FOR = (
    select(func.max(AllocationRow.iro))
    .where(AllocationRow.episode_id == EpisodeRow.id, _IN_HAND)
    .correlate(EpisodeRow)
    .scalar_subquery()
)
_IROS = select(EpisodeRow.child, func.coalesce(EpisodeRow.iro, EpisodeRow.proposed_iro, _IN_HAND_FOR)).where(
    _OF_THE_AUTHORITY, EpisodeRow.child.in_(bindparam("children", expanding=True))
)

_WORKER = select(PersonRow.reference, PersonRow.line_manager, PersonRow.team)
_FIRST = _WORKER.where(PersonRow.reference.in_(bindparam("workers", expanding=True))).cte("line", recursive=True)
_LINE = _FIRST.union(_WORKER.join(_FIRST, PersonRow.reference == _FIRST.c.line_manager))
_WORKERS = select(_LINE.c.reference, _LINE.c.team).order_by(_LINE.c.reference)

_IS_IRO = and_(PersonRow.authority == bindparam("authority"), PersonRow.role == Role.IRO)
_POSTS = (
    select(PersonRow, IroTermsRow)
    .join(IroTermsRow, IroTermsRow.iro == PersonRow.reference)
    .where(_IS_IRO)
    .order_by(PersonRow.reference)
)
_ABSENCES = (
    select(AbsenceRow)
    .join(PersonRow, PersonRow.reference == AbsenceRow.person)
    .where(_IS_IRO)
    .order_by(AbsenceRow.since)
)
_BARS = (
    select(BarRow)
    .join(PersonRow, PersonRow.reference == BarRow.iro)
    .where(_IS_IRO)
    .order_by(BarRow.against, BarRow.kind)
)


def child_to_allocate(connection: Connection, asked: AllocationAsked) -> ChildToAllocate:
    """The child, with the workers and their managers, and the IROs of the family.

    Args:
        connection: to the register.
        asked: what the ledger says of the child.
    """
    workers = [each for each in (asked.social_worker, asked.team_manager) if each]
    line = connection.execute(_WORKERS, {"workers": workers}).all() if workers else []
    kin = kin_of(connection, asked.authority, asked.child)
    group = sibling_group(connection, asked.authority, asked.child) if kin else ()
    siblings = [each for each in group if each != asked.child]
    family = [each.child for each in kin if each.relation is not KinRelation.SIBLING]
    iros = _iros(connection, asked.authority, {*siblings, *family})
    return ChildToAllocate(
        child=asked.child,
        authority=asked.authority,
        nation=asked.nation,
        workers=tuple(dict.fromkeys((*workers, *(row.reference for row in line)))),
        teams=tuple(sorted({row.team for row in line if row.team})),
        needs=asked.needs,
        former_iro=asked.former_iro,
        siblings=tuple(Sibling(child=each, iro=iros[each]) for each in siblings if each in iros),
        apart=asked.apart,
        kin_iros=tuple(sorted({iro for each in family if (iro := iros.get(each))})),
        conflicts=asked.conflicts,
        not_again=asked.not_again,
    )


def candidates(
    connection: Connection,
    authority: str,
    day: date,
    child: ChildToAllocate | None = None,
    also: str | None = None,
    version: str | None = None,
) -> list[Candidate]:
    """The authority's IROs with their loads, by reference.

    Of those who have left, only whoever still has children, or is of matter for the child.

    Args:
        connection: to the register.
        authority: by its three-digit code.
        day: the London date.
        child: for whom; does not count in any load.
        also: somebody who is of matter, by reference.
        version: the directory's, where it has been read in this transaction.
    """
    loads: dict[str | None, int] = {}
    asked = {"authority": authority, "but_for": child.child if child else ""}
    for iro, count in connection.execute(_LOADS, asked):
        loads[iro] = loads.get(iro, 0) + count
    of_matter = {also, child.former_iro if child else None}
    return [
        _as_of(day, each, loads.get(each.reference, 0))
        for each in _known_iros(connection, authority, version)
        if each.person.until is None
        or each.person.until >= day
        or loads.get(each.reference)
        or each.reference in of_matter
    ]


def _as_of(day: date, iro: Candidate, load: int) -> Candidate:
    """An IRO with the load, and the absences that are not over."""
    absences = tuple(each for each in iro.absences if each.until is None or each.until >= day)
    return Candidate(person=iro.person, terms=iro.terms, load=load, absences=absences, bars=iro.bars)


_READ: WeakKeyDictionary[Engine, dict[str, tuple[str, list[Candidate]]]] = WeakKeyDictionary()
"""The IROs of each authority as last read, with the directory's version: it changes seldom, and is asked for often."""


def _known_iros(connection: Connection, authority: str, version: str | None) -> list[Candidate]:
    """Every IRO of the authority, those who have left too, with no load yet."""
    read = _READ.setdefault(connection.engine, {})
    version = directory_version(connection) if version is None else version
    if authority not in read or read[authority][0] != version:
        read[authority] = version, _read_iros(connection, authority)
    return read[authority][1]


def _read_iros(connection: Connection, authority: str) -> list[Candidate]:
    asked = {"authority": authority}
    absences = [Absence.model_validate(row, from_attributes=True) for row in connection.execute(_ABSENCES, asked)]
    bars = [Bar.model_validate(row, from_attributes=True) for row in connection.execute(_BARS, asked)]
    return [
        Candidate(
            person=Person.model_validate(row, from_attributes=True),
            terms=IroTerms.model_validate(row, from_attributes=True),
            load=0,
            absences=tuple(each for each in absences if each.person == row.reference),
            bars=tuple(each for each in bars if each.iro == row.reference),
        )
        for row in connection.execute(_POSTS, asked)
    ]


def _iros(connection: Connection, authority: str, children: Collection[str]) -> dict[str, str | None]:
    """The IRO whom each of these children has, is proposed to have or is just being given; only of those in care."""
    if not children:
        return {}
    rows = connection.execute(_IROS, {"authority": authority, "children": sorted(children)})
    return {row[0]: row[1] for row in rows}
