"""Phase 1, notification: the IRO service is told that a child is looked after.

Late notification moves no clock: every limit runs from the day the child became looked after (practice notes 9).
"""

from collections.abc import Iterator

from rules.facts.care import IroServiceNotified
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase


def steps(reading: Reading) -> Iterator[Step]:
    """Tell the IRO service within 2 working days of becoming looked after (IRO Handbook ch 7)."""
    case = reading.case
    yield owed(
        reading,
        Phase.NOTIFICATION,
        reading.book.basis("notify_iro_service", case.first_day),
        cycle=1,
        known_at=case.known_at(),
        done=case.first(IroServiceNotified),
    )
