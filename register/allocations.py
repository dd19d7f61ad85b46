"""Choosing a child's IRO in one transaction: two children who arrive together never both get the last place.

The allocations of an authority wait for each other. What was chosen counts from then on, before the fact it leads to
is published. Where a worker is killed in between, whoever asks again has it chosen anew in its place; where the fact
stands already, and only the answer was lost, the choice stands too.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, exists, false, or_, select, true, update

from register.directory import directory_version
from register.engine import reading, take_turn, writing
from register.episode_tables import IS_OPEN, LOOKED_AFTER, EpisodeRow, FactRow, StepRow
from register.gathering import AllocationAsked, candidates, child_to_allocate
from register.rows import Row
from register.service_tables import AllocationRow, PersonRow
from register.upserts import insert_or_replace
from rules.choosing import Candidate, Choice, bar_to, choose
from rules.dispute import RESOLVE
from rules.vocabulary import Frozen, Reference, Role

__all__ = [
    "Allocated",
    "Allocation",
    "AllocationAsked",
    "ByHand",
    "ChildOf",
    "ChildrenOf",
    "allocate",
    "allocations",
    "bar_to_choice",
    "by_hand",
    "caseloads",
    "children_of",
    "mark_recorded",
]


class Allocated(Frozen):
    """What came of an allocation.

    Attributes:
        fact_id: the id of the fact that is to record it.
        number: 1 for the first allocation for the step.
        at: the instant it was made, UTC.
        directory: the version of the directory that was looked in.
        choice: who was chosen, and why.
    """

    fact_id: Reference
    number: int
    at: datetime
    directory: str
    choice: Choice


class Allocation(Allocated):
    """An allocation as the register keeps it.

    Attributes:
        step: the step it was for.
        recorded: the fact it led to has been published.
    """

    step: str
    recorded: bool


class ByHand(Frozen):
    """What there is to say of an IRO whom somebody would appoint, or have cover, for a child.

    Attributes:
        iro: who, by reference.
        bar: why not, in one sentence; None when they may.
        over_capacity: they have no room for one more.
        shares_with: the siblings who have the same IRO.
    """

    iro: str
    bar: str | None
    over_capacity: bool = False
    shares_with: tuple[str, ...] = ()


class ChildOf(Frozen):
    """A child in care, or about whom a dispute is still open, with an IRO or to have one.

    Attributes:
        episode: the period of care.
        child: the authority's reference.
    """

    episode: str
    child: str


class ChildrenOf(Frozen):
    """The children in care who have, or are to have, one IRO.

    Attributes:
        named: the IRO is theirs.
        proposed: the IRO is proposed for them, and they have none.
        covered: the IRO covers for theirs.
    """

    named: tuple[ChildOf, ...] = ()
    proposed: tuple[ChildOf, ...] = ()
    covered: tuple[ChildOf, ...] = ()


_PERSON = select(PersonRow.role).where(PersonRow.reference == bindparam("iro"))

_PUBLISHED_IN = (
    select(FactRow.revision)
    .where(FactRow.episode_id == AllocationRow.episode_id, FactRow.fact_id == AllocationRow.fact_id)
    .scalar_subquery()
)
_LAST = (
    select(AllocationRow, _PUBLISHED_IN.label("published_in"))
    .where(AllocationRow.episode_id == bindparam("episode"), AllocationRow.step == bindparam("step"))
    .order_by(AllocationRow.number.desc())
    .limit(1)
)
_ALL = (
    select(AllocationRow)
    .where(AllocationRow.episode_id == bindparam("episode"))
    .order_by(AllocationRow.at, AllocationRow.step, AllocationRow.number)
)
_RECORDED = (
    update(AllocationRow)
    .where(
        AllocationRow.episode_id == bindparam("episode"),
        AllocationRow.fact_id.in_(bindparam("facts", expanding=True)),
    )
    .values(recorded=true())
)
_OF_AN_IRO = select(EpisodeRow.id, EpisodeRow.child, EpisodeRow.iro, EpisodeRow.cover, EpisodeRow.proposed_iro).where(
    or_(
        EpisodeRow.iro == bindparam("who"),
        EpisodeRow.proposed_iro == bindparam("who"),
        EpisodeRow.cover == bindparam("who"),
    )
)
_CHILDREN_OF = _OF_AN_IRO.where(LOOKED_AFTER)
_STILL_DISPUTED_OF = _OF_AN_IRO.where(
    EpisodeRow.ended_on.is_not(None),
    EpisodeRow.void == false(),
    exists().where(StepRow.episode_id == EpisodeRow.id, StepRow.name == RESOLVE, IS_OPEN),
)
"""Asked apart, so that the index of those in care serves the first."""


def allocate(engine: Engine, asked: AllocationAsked) -> Allocated:
    """Choose a child's IRO and keep the choice, in one transaction.

    Where the fact of the last choice for the step was published, and whoever asks has not heard of it, that choice is
    given again, unchanged. One whose fact was never published is made anew in its place, as of now: they were lost
    before recording it, or somebody was appointed by hand meanwhile.

    Args:
        engine: the register.
        asked: the child, and for which step. The episode has been published.

    Returns:
        The choice, and the id under which it is to be recorded; it may be that nobody was found.

    Raises:
        RegisterUnavailable: the database cannot be used; asking again is safe.
    """
    with writing(engine) as connection:
        take_turn(connection, f"allocate:{asked.authority}")
        last = connection.execute(_LAST, {"episode": asked.episode, "step": asked.step}).first()
        if last and last.published_in and last.published_in > asked.known_revision:
            return Allocated.model_validate(last, from_attributes=True)
        number = last.number if last else 1
        if last and last.published_in:
            number += 1
        # Before the people: a version later than what was looked at would hide a change.
        directory = directory_version(connection)
        child = child_to_allocate(connection, asked)
        choice = choose(child, candidates(connection, asked.authority, asked.day, child, version=directory), asked.day)
        allocated = Allocated(
            fact_id=_fact_id(asked.step, number), number=number, at=asked.at, directory=directory, choice=choice
        )
        insert_or_replace(connection, AllocationRow, [_row(asked, allocated)])
    return allocated


def bar_to_choice(engine: Engine, asked: AllocationAsked, iro: str) -> str | None:
    """Why somebody may not be appointed, or cover, for a child; None when they may.

    Args:
        engine: the register.
        asked: the child, as for `allocate`.
        iro: who would be.

    Returns:
        One sentence.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return by_hand(engine, asked, iro).bar


def by_hand(engine: Engine, asked: AllocationAsked, iro: str) -> ByHand:
    """What there is to say of an IRO whom somebody would appoint, or have cover, for a child.

    Args:
        engine: the register.
        asked: the child, as for `allocate`.
        iro: who would be.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        if bar := _no_iro(connection, iro):
            return ByHand(iro=iro, bar=bar)
        child = child_to_allocate(connection, asked)
        iros = candidates(connection, asked.authority, asked.day, child, iro)
    found = next((candidate for candidate in iros if candidate.reference == iro), None)
    why_not = bar_to(child, found, asked.day) if found else "is an IRO of another authority"
    return ByHand(
        iro=iro,
        bar=f"{iro} may not review for this child ({why_not}): choose another IRO." if why_not else None,
        over_capacity=found is not None and not found.has_room,
        shares_with=tuple(each.child for each in child.siblings if each.iro == iro),
    )


def allocations(engine: Engine, episode_id: str) -> list[Allocation]:
    """Every allocation made for an episode, in order, with its reasons.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        rows = connection.execute(_ALL, {"episode": episode_id})
        return [Allocation.model_validate(row, from_attributes=True) for row in rows]


def caseloads(engine: Engine, authority: str, day: date) -> list[Candidate]:
    """An authority's IROs with the children each has, by reference; those who left without leaving any, not.

    Args:
        engine: the register.
        authority: its three-digit code.
        day: the London date.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return candidates(connection, authority, day)


def children_of(engine: Engine, iro: str) -> ChildrenOf:
    """The children in care who have, or are to have, an IRO, and those for whom they cover; by child. Those who have
    left care are among them while a dispute about them is open: it is the IRO who goes on with it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        found = [row for asked in (_CHILDREN_OF, _STILL_DISPUTED_OF) for row in connection.execute(asked, {"who": iro})]
    rows = sorted(found, key=lambda row: (row.child, row.id))
    return ChildrenOf(
        named=_children(row for row in rows if row.iro == iro),
        proposed=_children(row for row in rows if row.iro is None and row.proposed_iro == iro),
        covered=_children(row for row in rows if row.cover == iro),
    )


def mark_recorded(connection: Connection, episode_id: str, fact_ids: Collection[str]) -> None:
    """Note that the facts that allocations led to are published.

    Args:
        connection: one that `writing` gave.
        episode_id: the episode.
        fact_ids: the facts; those that no allocation led to are passed over.
    """
    connection.execute(_RECORDED, {"episode": episode_id, "facts": list(fact_ids)})


def _no_iro(connection: Connection, reference: str) -> str | None:
    """Why somebody is no IRO at all; None when they are."""
    role: Role | None = connection.scalar(_PERSON, {"iro": reference})
    if role is None:
        return f"{reference} is not in the directory: add them first, or choose another IRO."
    if role is not Role.IRO:
        return f"{reference} is {role.words}, not an IRO: choose an IRO."
    return None


def _fact_id(step: str, number: int) -> str:
    return f"iro-{sha256(f'{step}:{number}'.encode()).hexdigest()[:12]}-{number}"


def _row(asked: AllocationAsked, allocated: Allocated) -> Row:
    return {
        "episode_id": asked.episode,
        "step": asked.step,
        "number": allocated.number,
        "fact_id": allocated.fact_id,
        "at": allocated.at,
        "iro": allocated.choice.iro,
        "over_capacity": allocated.choice.over_capacity,
        "recorded": False,
        "directory": allocated.directory,
        "choice": allocated.choice,
    }


def _children(rows: Iterable[Any]) -> tuple[ChildOf, ...]:
    return tuple(ChildOf(episode=row.id, child=row.child) for row in rows)
