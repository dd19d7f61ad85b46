"""What the desk's lists say beside the rows of a page, read for those rows alone."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, Engine, select, tuple_

from register.engine import reading
from register.episode_tables import IS_OPEN, FactRow, ReviewRow, StepRow
from register.queries import EpisodeLine
from register.work_parts import TaskLine, staff_names
from rules.facts import FactCorrected, FactWithdrawn
from rules.facts.reviews import DecisionMade
from rules.vocabulary import Frozen, Phase

COMPLETION = "complete_review"
_TALK = "consult_child"
_OF_DECISIONS = ("decision_made", "fact_corrected", "fact_withdrawn")

InEpisode = tuple[str, str]
"""An episode, and what is named within it."""


class NextReview(Frozen):
    """The review that is owed next, or has opened and is to be completed.

    Attributes:
        step: the key of its step.
        due: the last day in law for it.
        planned: the day it is planned for, where that is not simply its last working day.
        opened: it has opened, and `due` is the last day to complete it.
    """

    step: str
    due: date
    planned: date | None
    opened: bool


class MoreOfEpisodes(Frozen):
    """What a list of episodes says beside its rows.

    Attributes:
        reviews: the next review of each, by episode; those that owe none are left out.
        names: the names of the IROs and workers, by reference, as the directory has them.
    """

    reviews: dict[str, NextReview] = {}
    names: dict[str, str] = {}


class MoreOfTasks(Frozen):
    """What a list of steps says beside its rows.

    Attributes:
        decisions: what was decided, by episode and the decision's reference.
        review_days: the days on which reviews were completed, by episode and the review's fact.
    """

    decisions: dict[InEpisode, str] = {}
    review_days: dict[InEpisode, date] = {}


def more_of_episodes(engine: Engine, lines: Sequence[EpisodeLine]) -> MoreOfEpisodes:
    """What a page of episodes says beside its rows.

    Args:
        engine: the register.
        lines: the page's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    people = {each for line in lines for each in (line.iro, line.cover, line.proposed_iro)}
    with reading(engine) as connection:
        return MoreOfEpisodes(
            reviews=_next_reviews(connection, [line.id for line in lines]), names=staff_names(connection, people)
        )


def more_of_tasks(engine: Engine, lines: Iterable[TaskLine], reviews: Iterable[InEpisode]) -> MoreOfTasks:
    """What a page of steps says beside its rows.

    Args:
        engine: the register.
        lines: the page's.
        reviews: those whose days are asked for, by episode and the review's fact.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with_decisions = {line.episode for line in lines if line.step.name == "decision"}
    with reading(engine) as connection:
        return MoreOfTasks(
            decisions=_decisions(connection, with_decisions), review_days=_review_days(connection, set(reviews))
        )


def _next_reviews(connection: Connection, episodes: Sequence[str]) -> dict[str, NextReview]:
    if not episodes:
        return {}
    columns = (StepRow.episode_id, StepRow.key, StepRow.name, StepRow.due, StepRow.practical_due)
    owed = connection.execute(
        select(*columns)
        .where(StepRow.episode_id.in_(episodes), IS_OPEN, StepRow.phase == Phase.REVIEW)
        .order_by(StepRow.due.desc(), StepRow.key)
    ).all()
    # What is owed before a review counts back from the day it is planned for; the talk with the child on that day.
    talks = {(row.episode_id, row.key): (row.episode_id, _TALK + row.key.removeprefix(row.name)) for row in owed}
    days = _days_of(connection, list(talks.values()))
    found: dict[str, NextReview] = {}
    for row in owed:
        opened = row.name == COMPLETION
        planned = None if opened else days.get(talks[row.episode_id, row.key])
        found[row.episode_id] = NextReview(
            step=row.key,
            due=row.due,
            planned=None if planned == row.practical_due else planned,
            opened=opened,
        )
    return found


def _days_of(connection: Connection, steps: Sequence[InEpisode]) -> dict[InEpisode, date]:
    """The day each step's limit is counted from."""
    if not steps:
        return {}
    wanted = select(StepRow.episode_id, StepRow.key, StepRow.basis)
    rows = connection.execute(wanted.where(tuple_(StepRow.episode_id, StepRow.key).in_(steps)))
    return {(row.episode_id, row.key): row.basis.counted_from for row in rows}


def _decisions(connection: Connection, episodes: Iterable[str]) -> dict[InEpisode, str]:
    """What was decided, as last corrected."""
    if not (episodes := sorted(episodes)):
        return {}
    wanted = select(FactRow.episode_id, FactRow.body).where(
        FactRow.episode_id.in_(episodes), FactRow.kind.in_(_OF_DECISIONS)
    )
    rows = connection.execute(wanted.order_by(FactRow.episode_id, FactRow.revision, FactRow.place)).all()
    taken_back = {(row.episode_id, row.body.withdraws) for row in rows if isinstance(row.body, FactWithdrawn)}
    found: dict[InEpisode, str] = {}
    for row in rows:
        fact = row.body
        if isinstance(fact, FactCorrected) and (row.episode_id, fact.id) not in taken_back:
            fact = fact.to
        if isinstance(fact, DecisionMade):
            found[row.episode_id, fact.decision] = fact.text
    return found


def _review_days(connection: Connection, reviews: set[InEpisode]) -> dict[InEpisode, date]:
    if not reviews:
        return {}
    wanted = select(ReviewRow.episode_id, ReviewRow.key, ReviewRow.completed_on)
    rows = connection.execute(wanted.where(tuple_(ReviewRow.episode_id, ReviewRow.key).in_(sorted(reviews))))
    return {(row.episode_id, row.key): row.completed_on for row in rows}
