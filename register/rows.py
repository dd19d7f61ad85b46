"""How what the rules derive becomes rows, and rows become it again.

A row to be written is a mapping from a table's column names to values; one that was read has them as
attributes.
"""

from hashlib import blake2b
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Row as ReadRow

from register.children import FormerEpisode
from register.publication import Publication
from rules.facts import Entry
from rules.steps import Escalation, Notice, ReviewLine, Step
from rules.vocabulary import Phase

Row = dict[str, Any]


def episode_row(publication: Publication, highest_rung: str | None, former: FormerEpisode | None) -> Row:
    """The episode as this publication has it."""
    agenda, opening = publication.agenda, publication.opening
    workers = agenda.workers or opening
    return {
        "id": publication.episode,
        "authority": opening.authority,
        "nation": opening.nation,
        "child": opening.child,
        "child_digest": publication.child_digest,
        "birth_date": opening.birth_date,
        "became_looked_after": opening.on,
        "short_breaks": publication.short_breaks,
        "iro": agenda.iro,
        "cover": agenda.cover,
        "social_worker": workers.social_worker,
        "team_manager": workers.team_manager,
        "stage": agenda.stage,
        "next_due": min((step.due for step in agenda.steps if step.is_open), default=None),
        "overdue": sum(step.is_overdue(publication.today) for step in agenda.steps),
        "highest_rung": highest_rung,
        "revision": publication.revision,
        "rules_version": publication.rules_version,
        "policy_version": publication.policy_version,
        "calendar_version": publication.calendar_version,
        "opened_at": publication.at,
        "published_at": publication.at,
        "ended_on": agenda.ended_on,
        "end_reason": agenda.end_reason,
        "finished": agenda.finished,
        "void": agenda.stage is Phase.VOID,
        "former_episode": former.episode if former else None,
        "former_iro": former.iro if former else None,
        "proposed_iro": agenda.proposed,
    }


def fact_row(entry: Entry, place: int) -> Row:
    """A fact as it was recorded.

    Args:
        entry: the fact.
        place: its place among the facts of its publication.
    """
    return {
        "fact_id": entry.fact.id,
        "kind": entry.fact.kind,
        "happened_on": entry.fact.on,
        "recorded_at": entry.at,
        "recorded_by": entry.fact.by,
        "place": place,
        "body": entry.fact,
    }


def step_row(step: Step, authority: str, rungs: tuple[str, ...]) -> Row:
    """A step as it stands.

    Args:
        step: the step.
        authority: its episode's, by its three-digit code.
        rungs: those of its ladder that it has reached, lowest first.
    """
    return {
        "key": step.key,
        "authority": authority,
        "name": step.name,
        "title": step.title,
        "phase": step.phase,
        "cycle": step.cycle,
        "owner": step.owner,
        "due": step.due,
        "practical_due": step.basis.practical_due,
        "state": step.state,
        "done_on": step.done_on,
        "outcome": step.outcome,
        "reason": step.reason,
        "outstanding": step.outstanding,
        "basis": step.basis,
        "others": step.others,
        "ladder": step.ladder,
        "known_at": step.known_at,
        "rungs": rungs,
        "rung": rungs[-1] if rungs else None,
        "digest": _digest(step, rungs),
    }


def escalation_row(escalation: Escalation, rungs: tuple[str, ...]) -> Row:
    """A rung that was raised.

    Args:
        escalation: the escalation.
        rungs: those of its step's ladder that have been reached, this one too, lowest first.
    """
    return {
        "step": escalation.step,
        "rung": escalation.rung,
        "raised_at": escalation.at,
        "height": rungs.index(escalation.rung) + 1,
        "due": escalation.due,
        "tell": escalation.tell,
        "covers": escalation.covers,
    }


def review_row(review: ReviewLine) -> Row:
    """A review that was held."""
    return dict(review) | {"digest": _digest(review)}


def notice_row(notice: Notice) -> Row:
    """A notice owed."""
    return dict(notice)


def _digest(*values: object) -> str:
    """A short digest of all that the values say: it changes when anything in them does."""
    return blake2b(to_json(values), digest_size=16).hexdigest()


def step_of(row: ReadRow[Any]) -> Step:
    """The step in a row of `step`."""
    return Step.model_validate(row, from_attributes=True)


def escalation_of(row: ReadRow[Any]) -> Escalation:
    """The escalation in a row of `escalation`."""
    return Escalation(step=row.step, rung=row.rung, due=row.due, at=row.raised_at, tell=row.tell, covers=row.covers)


def review_of(row: ReadRow[Any]) -> ReviewLine:
    """The review in a row of `review`."""
    return ReviewLine.model_validate(row, from_attributes=True)
