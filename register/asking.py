"""From a ledger to what an allocation asks: what the facts of a case say to the choice of its IRO."""

from collections.abc import Sequence
from datetime import datetime

from register.gathering import AllocationAsked
from rules.case import Case
from rules.choosing import Conflict
from rules.clock import london_date
from rules.facts import Entry
from rules.facts.iro import IroConflictDeclared, NeedsKnown, SiblingsKeptApart
from rules.named_iro import vacancies


def asked_for(
    episode: str,
    entries: Sequence[Entry],
    at: datetime,
    *,
    step: str = "",
    known_revision: int = 0,
    former_iro: str | None = None,
) -> AllocationAsked:
    """What is known when a child's IRO is to be chosen.

    Args:
        episode: the episode's id.
        entries: its ledger, or all its facts.
        at: the instant, UTC.
        step: the key of the step that is owed; of no matter for a choice by hand.
        known_revision: the last publication that whoever asks knows of; of no matter for a choice by hand.
        former_iro: who was the child's IRO in an earlier period of care.
    """
    case = Case(entries)
    opening, needs, apart = case.opening.fact, case.last(NeedsKnown), case.last(SiblingsKeptApart)
    left = [vacancy.left for vacancy in vacancies(case) if vacancy.left]
    return AllocationAsked(
        episode=episode,
        step=step,
        known_revision=known_revision,
        child=opening.child,
        authority=opening.authority,
        nation=opening.nation,
        social_worker=case.workers.social_worker,
        team_manager=case.workers.team_manager,
        needs=needs.fact.needs if needs else (),
        former_iro=former_iro,
        apart=apart.fact.ground if apart else None,
        conflicts=tuple(
            Conflict(iro=known.fact.iro, reason=known.fact.reason) for known in case.all(IroConflictDeclared)
        ),
        not_again=tuple(dict.fromkeys(left)),
        day=london_date(at),
        at=at,
    )
