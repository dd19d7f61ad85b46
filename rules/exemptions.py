"""Exemptions: a step that is not owed for now, for a reason; and steps that can no longer be done.

What a step is exempt from on the day it would have been missed, it is not missed for.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from rules.case import Known
from rules.clock import end_of
from rules.facts.care import ExemptionEnded, StepExempted
from rules.reading import Reading
from rules.steps import Step
from rules.vocabulary import StepState

E = TypeVar("E", StepExempted, ExemptionEnded)


@dataclass(frozen=True)
class Exemption:
    """Whether a step is exempt on a day, until when, and since when it is owed again."""

    reason: str | None = None
    ends_at: datetime | None = None
    owed_again_at: datetime | None = None


def exemption(reading: Reading, key: str, day: date) -> Exemption:
    """Whether a step is exempt on a day. The latest exemption stands, until its end or until it was ended.

    Args:
        reading: the case.
        key: the step's key.
        day: a London date.
    """
    exempted = _latest(reading, StepExempted, key, day)
    if exempted is None:
        return Exemption()
    ended = _latest(reading, ExemptionEnded, key, day)
    if ended and ended.when > exempted.when:
        return Exemption(owed_again_at=ended.at)
    until = exempted.fact.until
    if until and day > until:
        return Exemption(owed_again_at=end_of(until))
    return Exemption(exempted.fact.reason, end_of(until) if until else None)


def _latest(reading: Reading, kind: type[E], key: str, day: date) -> Known[E] | None:
    found = [known for known in reading.case.all(kind) if known.fact.step == key and known.on <= day]
    return max(found, key=lambda known: known.when, default=None)


def missed(reading: Reading, step: Step, on: date, reason: str) -> Step:
    """A step that can no longer be done: missed, unless it was exempt on the day that became so.

    Args:
        reading: the case.
        step: the step, open until then.
        on: the day from which it can no longer be done.
        reason: why, in words.
    """
    exempt = exemption(reading, step.key, on)
    if exempt.reason:
        return step.model_copy(update={"state": StepState.EXEMPTED, "reason": exempt.reason})
    return step.model_copy(update={"state": StepState.MISSED, "reason": reason})


def not_required(step: Step, reason: str) -> Step:
    """A step that is not owed, for a reason."""
    return step.model_copy(update={"state": StepState.NOT_REQUIRED, "reason": reason})
