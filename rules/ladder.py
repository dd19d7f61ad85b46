"""Escalation: a step that slips climbs a ladder until it is done, each rung raised once and never lost.

Rungs that had passed before anyone could have known (an import, a late notification, a corrected date) are raised
as one, at the highest of them. Design suggestion of practice notes 4.9; the rungs are local policy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.clock import end_of, start_of
from rules.policy import Rung
from rules.reading import Reading
from rules.steps import Alarm, Escalation, Step
from rules.vocabulary import StepState


@dataclass(frozen=True)
class TimedRung:
    """A rung of one step's ladder, with the instant it is reached."""

    rung: Rung
    at: datetime


def rungs(reading: Reading, step: Step, spread: timedelta) -> list[TimedRung]:
    """When each rung of a step's ladder is reached.

    Args:
        reading: the case.
        step: the step.
        spread: the child's fixed offset, so that a thousand alarms do not fire in one second.
    """
    if step.ladder is None:
        return []
    return [
        TimedRung(rung, _reached_at(reading, step, rung) + spread)
        for rung in reading.book.policy.ladder(step.ladder)
    ]


def _reached_at(reading: Reading, step: Step, rung: Rung) -> datetime:
    calendar = reading.book.calendar
    if rung.working_days < 0:
        return start_of(calendar.working_days_before(step.basis.practical_due, -rung.working_days))
    return end_of(calendar.working_days_after(step.due, rung.working_days))


def raise_rungs(
    reading: Reading, step: Step, raised: Iterable[Escalation], spread: timedelta
) -> Iterator[Escalation]:
    """The escalations of one step that fall to be raised now.

    Args:
        reading: the case.
        step: the step.
        raised: the escalations of this step raised before.
        spread: the child's fixed offset.
    """
    before = tuple(raised)
    new = [timed for timed in _reached(reading, step, spread) if not _stands(step, timed, before)]
    too_early_to_know = [timed for timed in new if timed.at <= step.known_at]
    if too_early_to_know:
        yield _escalation(reading, step, too_early_to_know)
    for timed in new:
        if timed.at > step.known_at:
            yield _escalation(reading, step, [timed])


def _reached(reading: Reading, step: Step, spread: timedelta) -> list[TimedRung]:
    timed = rungs(reading, step, spread)
    if step.is_open:
        return [each for each in timed if each.at <= reading.now]
    if step.state is StepState.DONE_LATE and step.done_on:
        done = min(reading.now, start_of(step.done_on) + spread)
        return [each for each in timed if each.at <= done]
    if step.state is StepState.MISSED:
        return [each for each in timed if each.rung.name == "breach"]
    return []


def _stands(step: Step, timed: TimedRung, raised: tuple[Escalation, ...]) -> bool:
    """Whether a rung was raised before. One raised for a date that facts have since put off is raised anew."""
    return any(
        timed.rung.name in escalation.rungs and not escalation.at < step.known_at < timed.at
        for escalation in raised
    )


def _escalation(reading: Reading, step: Step, timed: list[TimedRung]) -> Escalation:
    told = [who for each in timed for who in each.rung.recipients(step.owner)]
    return Escalation(
        step=step.key,
        rung=timed[-1].rung.name,
        due=step.due,
        at=reading.now,
        tell=tuple(dict.fromkeys(told)),
        covers=tuple(each.rung.name for each in timed[:-1]),
    )


def next_rung(reading: Reading, step: Step, raised: Iterable[Escalation], spread: timedelta) -> Alarm | None:
    """The next alarm of one step: its next rung not yet raised, None at the top of the ladder.

    Args:
        reading: the case.
        step: the step.
        raised: the escalations of this step raised so far.
        spread: the child's fixed offset.
    """
    if not step.is_open:
        return None
    before = tuple(raised)
    for timed in rungs(reading, step, spread):
        if timed.at > reading.now and not _stands(step, timed, before):
            return Alarm(at=timed.at, what=f"{step.title}: {timed.rung.name.replace('_', ' ')}")
    return None
