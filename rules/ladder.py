"""Escalation: a step that slips climbs a ladder until it is done, each rung raised once and never lost.

Rungs that had passed before anyone could have known (an import, a late notification, a corrected date) are raised
as one, at the highest of them. Design suggestion of practice notes 4.9; the rungs are local policy.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules.book import TimedRung
from rules.clock import start_of
from rules.policy import BREACH
from rules.reading import Reading
from rules.steps import Escalation, Step
from rules.vocabulary import Force, Role, StepState

CLIMBING = (StepState.OPEN, StepState.DONE_LATE, StepState.MISSED)
"""The states in which a step has rungs to raise: it is owed, or had slipped when it closed."""

OF_LAW = (Force.STATUTE, Force.REGULATION)
MISSED_IN_LAW = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO, Role.IRO_MANAGER)
"""Who is told that a limit of law was missed, beside those whom the ladder names (practice notes 8, last row; whoever
is senior comes with the further rungs)."""


def raise_rungs(reading: Reading, step: Step, raised: Iterable[Escalation], spread: timedelta) -> Iterator[Escalation]:
    """The escalations of one step that fall to be raised now.

    Args:
        reading: the case.
        step: the step.
        raised: the escalations of this step raised before.
        spread: the child's fixed offset, so that a thousand alarms do not fire in one second.
    """
    before = tuple(raised)
    new = [timed for timed in _reached(reading, step, spread) if not _stands(step, timed, before, spread)]
    too_early_to_know = [timed for timed in new if timed.at + spread <= step.known_at]
    if too_early_to_know:
        yield _escalation(reading, step, too_early_to_know)
    for timed in new:
        if timed.at + spread > step.known_at:
            yield _escalation(reading, step, [timed])


def _rungs(reading: Reading, step: Step) -> tuple[TimedRung, ...]:
    """When each rung of a step's ladder is reached, the child's offset aside."""
    if step.ladder is None:
        return ()
    return reading.book.rungs(step.ladder, step.basis.due, step.basis.practical_due)


def _reached(reading: Reading, step: Step, spread: timedelta) -> list[TimedRung]:
    if step.state is StepState.OPEN:
        reached_by = reading.now - spread
    elif step.state is StepState.DONE_LATE and step.done_on:
        reached_by = min(reading.now, start_of(step.done_on))  # The offset is for alarms: what slipped, slipped.
    elif step.state is StepState.MISSED:
        return [timed for timed in _rungs(reading, step) if timed.rung.name == BREACH]
    else:
        return []
    return [timed for timed in _rungs(reading, step) if timed.at <= reached_by]


def _stands(step: Step, timed: TimedRung, raised: tuple[Escalation, ...], spread: timedelta) -> bool:
    """Whether a rung was raised before. One raised for a date that a fact has since put off is raised anew."""
    return any(
        timed.rung.name in escalation.rungs
        and not (escalation.due < step.due and escalation.at < step.known_at < timed.at + spread)
        for escalation in raised
    )


def _escalation(reading: Reading, step: Step, timed: list[TimedRung]) -> Escalation:
    told = [who for each in timed for who in each.rung.recipients(step.owner)]
    if step.basis.force in OF_LAW and any(each.rung.name == BREACH for each in timed):
        told += MISSED_IN_LAW
    return Escalation(
        step=step.key,
        rung=timed[-1].rung.name,
        due=step.due,
        at=reading.now,
        tell=tuple(dict.fromkeys(told)),
        covers=tuple(each.rung.name for each in timed[:-1]),
    )


def next_rung(
    reading: Reading, step: Step, raised: Iterable[Escalation], spread: timedelta
) -> tuple[datetime, str] | None:
    """When an open step reaches its next rung not yet raised, and which, in words; None at the top of the ladder.

    Args:
        reading: the case.
        step: the step.
        raised: the escalations of this step raised so far.
        spread: the child's fixed offset.
    """
    before, reached_by = tuple(raised), reading.now - spread
    for timed in _rungs(reading, step):
        if timed.at > reached_by and not _stands(step, timed, before, spread):
            return timed.at + spread, f"{step.title}: {timed.rung.name.replace('_', ' ')}"
    return None


def highest_rung(reading: Reading, steps: Iterable[Step], raised: Iterable[Escalation]) -> str | None:
    """The rung furthest up its ladder that an open step has reached; none from the breach up where it is not overdue.

    Args:
        reading: the case.
        steps: the steps as they stand.
        raised: the escalations raised so far.
    """
    reached = {(escalation.step, rung) for escalation in raised for rung in escalation.rungs}
    rungs = [
        rung
        for step in steps
        if step.is_open and step.ladder
        for rung in reading.book.policy.ladder(step.ladder)
        if (step.key, rung.name) in reached and (rung.working_days < 0 or step.is_overdue(reading.today))
    ]
    highest = max(rungs, key=lambda rung: rung.working_days, default=None)
    return highest.name if highest else None
