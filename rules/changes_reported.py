"""Significant changes between reviews: the social worker tells the IRO promptly, and the IRO considers each of them.

The IRO Handbook (ch 3) lists them and sets no number of days; local policy does. What the law asks because of one, a
review before the normal date, is derived in `rules.early_reviews`, whatever the IRO makes of it.
"""

from collections.abc import Iterator
from datetime import date

from rules.calendar import WorkingCalendar
from rules.case import Known
from rules.cycles import cycle_on
from rules.facts.changes import ChangeConsidered, SignificantChange
from rules.reading import Reading, key, owed
from rules.steps import Step
from rules.vocabulary import Phase, StepState

TELL = "tell_iro_of_change"
CONSIDER = "consider_change"


def steps(reading: Reading) -> Iterator[Step]:
    """That the IRO was told of each change, in time or late, and that it is considered."""
    considered = {known.fact.change: known for known in reversed(reading.case.all(ChangeConsidered))}
    for changed in reading.case.all(SignificantChange):
        if not changed.settled:
            yield _told(reading, changed)
            yield _consideration(reading, changed, considered.get(changed.id))


def consideration_key(change: str) -> str:
    """The key of the step that a change sets off.

    Args:
        change: the id of the fact that told of it.
    """
    return key(CONSIDER, change)


def late_words(calendar: WorkingCalendar, due: date, told_on: date) -> str | None:
    """By how long the IRO was told too late, in words; None when it was in time.

    Args:
        calendar: whose working days are counted.
        due: the last day to tell, a London date.
        told_on: the day the IRO was told.
    """
    if told_on <= due:
        return None
    days = calendar.working_days_between(due, told_on)
    return (
        f"told {days} working day{'' if days == 1 else 's'} late" if days else "told late, by less than a working day"
    )


def _told(reading: Reading, changed: Known[SignificantChange]) -> Step:
    """Told when it was reported. It is known of no earlier, so that nobody could have been chased for it: no ladder."""
    step = owed(
        reading,
        Phase.MONITORING,
        reading.book.basis(TELL, changed.fact.happened_on),
        cycle=cycle_on(reading.cycles, changed.on),
        anchor=changed.id,
        known_at=reading.case.known_at(changed),
        done=changed,
        outcome=changed.fact.change.value,
        ladder=None,
    )
    late = late_words(reading.book.calendar, step.due, changed.on) if step.state is StepState.DONE_LATE else None
    return step.model_copy(update={"title": f"Tell the IRO that {changed.fact.change.words}", "reason": late})


def _consideration(
    reading: Reading, changed: Known[SignificantChange], considered: Known[ChangeConsidered] | None
) -> Step:
    step = owed(
        reading,
        Phase.MONITORING,
        reading.book.basis(CONSIDER, changed.on),
        cycle=cycle_on(reading.cycles, changed.on),
        anchor=changed.id,
        known_at=reading.case.known_at(changed),
        done=considered,
        outcome=considered.fact.answer.value if considered else None,
    )
    return step.model_copy(update={"title": f"Consider the change: {changed.fact.change.words}"})
