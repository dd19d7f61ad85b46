"""How steps close other than by being done: exempted, taken on too late to follow, or overtaken by the end of care.

Closing silences, never erases: what had slipped stays on record as missed (design decision 12).
"""

from dataclasses import dataclass
from datetime import datetime

from rules.clock import end_of
from rules.facts import CaseTakenOn, ExemptionEnded, StepExempted
from rules.reading import Reading
from rules.steps import Step
from rules.vocabulary import Phase, StepState

BEFORE_TAKEN_ON = frozenset(
    {Phase.NOTIFICATION, Phase.INFORMING, Phase.PREPARATION, Phase.FOLLOW_UP, Phase.MONITORING}
)
"""Phases whose steps the former system followed until the case was taken on. A missing IRO and an overdue review
are owed all the same."""


@dataclass(frozen=True)
class Exemption:
    """Whether a step is exempt, why, and since when it is owed again."""

    reason: str | None
    owed_again_at: datetime | None


def close(reading: Reading, step: Step) -> Step:
    """A step as it stands once exemptions, the taking on and the end of care are taken into account."""
    for change in (_taken_on, _exempted, _beyond_eighteen, _ended):
        step = change(reading, step)
    return step


def _taken_on(reading: Reading, step: Step) -> Step:
    taken = reading.case.first(CaseTakenOn)
    if taken is None:
        return step
    if step.done_on and step.done_on <= taken.on:
        return step.model_copy(update={"ladder": None})
    if step.phase in BEFORE_TAKEN_ON and step.due <= taken.on:
        return _closed(step, StepState.NOT_REQUIRED, "it fell due before the case was taken on here")
    return step


def exemption(reading: Reading, key: str) -> Exemption:
    """Whether a step is exempt today."""
    exempted = [known for known in reading.case.all(StepExempted) if known.fact.step == key]
    if not exempted:
        return Exemption(None, None)
    latest = max(exempted, key=lambda known: (known.at, known.on))
    ended = [
        known.at
        for known in reading.case.all(ExemptionEnded)
        if known.fact.step == key and known.at >= latest.at
    ]
    if ended:
        return Exemption(None, min(ended))
    until = latest.fact.until
    if until and reading.today > until:
        return Exemption(None, end_of(until))
    return Exemption(latest.fact.reason, None)


def exempt_until(reading: Reading, key: str) -> datetime | None:
    """The instant at which a running exemption ends by itself."""
    running = [known for known in reading.case.all(StepExempted) if known.fact.step == key]
    untils = [known.fact.until for known in running if known.fact.until]
    return end_of(max(untils)) if untils else None


def _exempted(reading: Reading, step: Step) -> Step:
    if not step.is_open:
        return step
    found = exemption(reading, step.key)
    if found.reason:
        return _closed(step, StepState.EXEMPTED, found.reason)
    if found.owed_again_at:
        return step.model_copy(update={"known_at": max(step.known_at, found.owed_again_at)})
    return step


def _beyond_eighteen(reading: Reading, step: Step) -> Step:
    """Nothing of a review is scheduled on or beyond the 18th birthday (practice notes 9)."""
    if (
        not step.is_open
        or step.phase not in (Phase.PREPARATION, Phase.REVIEW)
        or step.name == "complete_review"
    ):
        return step
    cycle = reading.cycles[step.cycle - 1]
    if cycle.basis.due >= reading.case.eighteenth_birthday:
        return _closed(step, StepState.NOT_REQUIRED, "the 18th birthday comes first")
    return step


def _ended(reading: Reading, step: Step) -> Step:
    ending = reading.ending
    if ending is None:
        return step
    if ending.death or ending.void:
        step = step.model_copy(update={"ladder": None})
    if not step.is_open:
        return step
    if ending.void:
        return _closed(step, StepState.NOT_REQUIRED, ending.words)
    if step.phase is Phase.FOLLOW_UP:
        return step
    if step.due < ending.on:
        return _closed(step, StepState.MISSED, f"care ended first: {ending.words}")
    return _closed(step, StepState.NOT_REQUIRED, f"care ended: {ending.words}")


def _closed(step: Step, state: StepState, reason: str) -> Step:
    return step.model_copy(update={"state": state, "reason": reason})
