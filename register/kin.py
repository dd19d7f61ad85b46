"""Brothers and sisters, parents and children who are looked after by the same authority, as the episodes' facts say."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import CTE, Connection, Engine, String, and_, bindparam, delete, func, select

from register.engine import reading
from register.episode_tables import IS_OPEN, LOOKED_AFTER, EpisodeRow, StepRow
from register.service_tables import KinRow
from register.upserts import insert_new
from rules import directory_checks
from rules.directory_checks import DirectoryRefused, KinLink
from rules.facts.iro import KinKnown
from rules.vocabulary import Frozen, KinRelation

REVIEWS = ("first_review", "second_review", "subsequent_review")
"""The steps that are a review to be held, whatever limit governs them."""

_AUTHORITY = KinRow.authority == bindparam("authority")


def _family(name: str, *relations: KinRelation) -> CTE:
    """A child, those kin to the child, theirs, and so on."""
    family = select(bindparam("child", type_=String).label("child")).cte(name, recursive=True)
    kin = select(KinRow.kin).join(family, KinRow.child == family.c.child)
    return family.union(kin.where(_AUTHORITY, KinRow.relation.in_(relations)))


_SIBLINGS = _family("siblings", KinRelation.SIBLING)
_ALL_KIN = _family("all_kin", *KinRelation)
_KIN = (
    select(KinRow.kin, KinRow.relation)
    .where(_AUTHORITY, KinRow.child == bindparam("child"))
    .distinct()
    .order_by(KinRow.relation, KinRow.kin)
)
_GROUP = select(_SIBLINGS.c.child).order_by(_SIBLINGS.c.child)
_LINKS = (
    select(KinRow.child, KinRow.relation, KinRow.kin)
    .where(_AUTHORITY, KinRow.child.in_(select(_ALL_KIN.c.child)))
    .distinct()
)
_WHOSE = select(EpisodeRow.authority, EpisodeRow.child).where(EpisodeRow.id == bindparam("episode"))
_DUES = (
    select(EpisodeRow.child, EpisodeRow.id, EpisodeRow.iro, func.min(StepRow.due))
    .outerjoin(StepRow, and_(StepRow.episode_id == EpisodeRow.id, IS_OPEN, StepRow.name.in_(REVIEWS)))
    .where(
        EpisodeRow.authority == bindparam("authority"),
        EpisodeRow.child.in_(bindparam("children", expanding=True)),
        LOOKED_AFTER,
    )
    .group_by(EpisodeRow.child, EpisodeRow.id, EpisodeRow.iro)
    .order_by(EpisodeRow.child, EpisodeRow.id)
)
_OF_EPISODE = select(KinRow.authority, KinRow.child, KinRow.relation, KinRow.kin).where(
    KinRow.episode_id == bindparam("episode")
)
_DROP = delete(KinRow).where(KinRow.episode_id == bindparam("episode"))


class Kin(Frozen):
    """A child's kin who is, or was, looked after too.

    Attributes:
        child: the kin, by the authority's reference.
        relation: what the kin is to the child.
    """

    child: str
    relation: KinRelation


class GroupDue(Frozen):
    """When a child of a sibling group is to be reviewed.

    Attributes:
        child: by the authority's reference.
        episode: the period of care, which goes on.
        iro: the child's IRO, None when vacant.
        due: the last day for the review that is owed, a London date; None when none is, or it has opened.
    """

    child: str
    episode: str
    iro: str | None
    due: date | None


class GroupDues(Frozen):
    """When the children of a sibling group are to be reviewed.

    Attributes:
        children: those who are looked after, by reference.
        earliest: the earliest of their days, which governs a day that they share (practice notes 9); None when no
            review is owed.
    """

    children: tuple[GroupDue, ...] = ()
    earliest: date | None = None


def kin_of(register: Engine | Connection, authority: str, child: str) -> tuple[Kin, ...]:
    """A child's own kin: children, parents and siblings, in this order.

    Args:
        register: the register, or a connection to it.
        authority: whose reference it is, by its three-digit code.
        child: by the authority's reference.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        rows = connection.execute(_KIN, {"authority": authority, "child": child})
        return tuple(Kin(child=row.kin, relation=row.relation) for row in rows)


def sibling_group(register: Engine | Connection, authority: str, child: str) -> tuple[str, ...]:
    """A child with the brothers and sisters, theirs, and so on, by reference.

    Args:
        register: the register, or a connection to it.
        authority: whose reference it is, by its three-digit code.
        child: by the authority's reference.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        return tuple(connection.scalars(_GROUP, {"authority": authority, "child": child}))


def group_dues(register: Engine | Connection, episode_id: str) -> GroupDues:
    """When the children of an episode's sibling group are to be reviewed; empty for an episode that is not known.

    Args:
        register: the register, or a connection to it.
        episode_id: the episode of one of them.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        whose = connection.execute(_WHOSE, {"episode": episode_id}).first()
        if whose is None:
            return GroupDues()
        group = sibling_group(connection, whose.authority, whose.child)
        rows = connection.execute(_DUES, {"authority": whose.authority, "children": group})
        children = tuple(GroupDue(child=row[0], episode=row[1], iro=row[2], due=row[3]) for row in rows)
    return GroupDues(
        children=children, earliest=min((each.due for each in children if each.due is not None), default=None)
    )


def check_kin(register: Engine | Connection, authority: str, child: str, fact: KinKnown) -> None:
    """Check that what a fact says of a child's family can be, with what is known of it already.

    Args:
        register: the register, or a connection to it.
        authority: whose references they are, by its three-digit code.
        child: of whom it is said, by the authority's reference.
        fact: what is said.

    Raises:
        DirectoryRefused: it cannot be; says why in one sentence.
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        known = {
            KinLink(child=row.child, relation=row.relation, kin=row.kin)
            for each in (child, fact.kin)
            for row in connection.execute(_LINKS, {"authority": authority, "child": each})
        }
    directory_checks.check_kin(KinLink(child=child, relation=fact.relation, kin=fact.kin), known)


def why_not_kin(register: Engine | Connection, authority: str, child: str, fact: KinKnown) -> str | None:
    """Why what a fact says of a child's family cannot be, in one sentence; None when it can.

    Args:
        register: the register, or a connection to it.
        authority: whose references they are, by its three-digit code.
        child: of whom it is said, by the authority's reference.
        fact: what is said.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    try:
        check_kin(register, authority, child, fact)
    except DirectoryRefused as refused:
        return str(refused)
    return None


def write_kin(connection: Connection, episode_id: str, authority: str, child: str, known: Iterable[KinKnown]) -> None:
    """Make an episode's rows of kin those of the facts that stand, told from both sides; no more and no fewer.

    Args:
        connection: one that `writing` gave.
        episode_id: the episode of the facts.
        authority: the episode's, by its three-digit code.
        child: the episode's, by the authority's reference.
        known: the facts.
    """
    told = [KinLink(child=child, relation=fact.relation, kin=fact.kin) for fact in known]
    wanted = {(authority, *_values(each)) for link in told for each in (link, link.inverse)}
    standing = {tuple(row) for row in connection.execute(_OF_EPISODE, {"episode": episode_id})}
    if standing == wanted:
        return
    connection.execute(_DROP, {"episode": episode_id})
    columns = ("authority", "child", "relation", "kin")
    rows = [dict(zip(columns, row, strict=True)) | {"episode_id": episode_id} for row in sorted(wanted)]
    insert_new(connection, KinRow, rows)


def _values(link: KinLink) -> tuple[str, KinRelation, str]:
    return link.child, link.relation, link.kin
