"""What was recorded in an episode, for whoever writes more of it: some kinds of facts, some ids, what came lately."""

from collections.abc import Collection
from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Engine, Select, or_, select

from register.engine import reading
from register.episode_tables import FactRow, SettledFactRow, StepRow
from rules.facts import Entry, Fact
from rules.vocabulary import Frozen


class RecordedFact(Frozen):
    """A fact as it was recorded.

    Attributes:
        fact: what was recorded; a correction of it is a fact of its own.
        at: the instant, UTC.
        revision: the publication that it came with.
    """

    fact: Fact
    at: AwareDatetime
    revision: int


def facts_of(engine: Engine, episode: str, kinds: Collection[str]) -> list[Entry]:
    """The facts of some kinds, in the order they were recorded.

    Args:
        engine: the register.
        episode: whose.
        kinds: by name; those of corrections and withdrawals too, where what stands is to be told.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _facts(episode).where(FactRow.kind.in_(sorted(kinds)))
    return [Entry(fact=each.fact, at=each.at) for each in _read(engine, wanted)]


def facts_begun(engine: Engine, episode: str, fact_id: str) -> dict[str, RecordedFact]:
    """The facts that a form has recorded so far, by id: one of that id, and those whose id begins with it and a dot.

    Args:
        engine: the register.
        episode: whose.
        fact_id: the form's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    begun = or_(FactRow.fact_id == fact_id, FactRow.fact_id.startswith(f"{fact_id}.", autoescape=True))
    return {each.fact.id: each for each in _read(engine, _facts(episode).where(begun))}


def settled_facts(engine: Engine, episode: str) -> frozenset[str]:
    """The ids of the facts that the episode's workflow does not hold any more.

    Args:
        engine: the register.
        episode: whose.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return frozenset(connection.scalars(select(SettledFactRow.fact_id).where(SettledFactRow.episode_id == episode)))


def recorded_since(engine: Engine, episode: str, revision: int) -> list[RecordedFact]:
    """What was recorded after a revision, in order.

    Args:
        engine: the register.
        episode: whose.
        revision: exclusive.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    return _read(engine, _facts(episode).where(FactRow.revision > revision))


def step_changed_by(engine: Engine, episode: str, step: str) -> int | None:
    """The revision that last changed a step; None where there is no such step.

    Args:
        engine: the register.
        episode: whose.
        step: its key.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = select(StepRow.revision).where(StepRow.episode_id == episode, StepRow.key == step)
    with reading(engine) as connection:
        return connection.scalar(wanted)


def _facts(episode: str) -> Select[Fact, datetime, int]:
    wanted = select(FactRow.body, FactRow.recorded_at, FactRow.revision).where(FactRow.episode_id == episode)
    return wanted.order_by(FactRow.revision, FactRow.place)


def _read(engine: Engine, wanted: Select[Fact, datetime, int]) -> list[RecordedFact]:
    with reading(engine) as connection:
        return [
            RecordedFact(fact=body, at=recorded_at, revision=revision)
            for body, recorded_at, revision in connection.execute(wanted)
        ]
