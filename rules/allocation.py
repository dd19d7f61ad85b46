"""Phase 2, allocation: every child has a named IRO, and a vacancy is filled.

Handbook: 5 working days from becoming looked after. Local: 3 working days from notification. The earlier governs:
a late notification must not move the handbook's limit (practice notes 3). The outer limit is statute's, the first
review (Children Act 1989 s.25A(2)).
"""

from collections.abc import Iterator

from rules.case import Known
from rules.cycles import cycle_on
from rules.facts import FactBase, IroAppointed, IroPostVacated, IroServiceNotified
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase


def steps(reading: Reading) -> Iterator[Step]:
    """Appoint an IRO, and fill each vacancy as soon as is practicable (Children Act 1989 s.25A)."""
    yield _appointment(reading)
    for vacated in reading.case.all(IroPostVacated):
        if not vacated.settled:
            yield _vacancy(reading, vacated)


def _appointment(reading: Reading) -> Step:
    case, book = reading.case, reading.book
    handbook = book.basis("appoint_iro", case.first_day)
    bases = [handbook]
    notified = case.first(IroServiceNotified)
    triggers: list[Known[FactBase]] = []
    if notified:
        days = book.policy.local.appoint_iro_from_notification
        day = max(notified.on, case.first_day)
        local = book.local_basis(
            "appoint_iro_from_notification", "appoint_iro", days, "the IRO service was notified", day
        )
        bases.append(local)
        if local.due < handbook.due:
            triggers.append(notified)
    first = reading.cycles[0]
    outer = book.basis("appoint_iro_by_first_review", first.basis.due)
    governing, *others = sorted([*bases, outer], key=lambda basis: basis.due)
    if governing is outer:
        triggers.extend(first.early)
    return owed(
        reading,
        Phase.ALLOCATION,
        governing,
        name="appoint_iro",
        others=tuple(others),
        cycle=1,
        known_at=case.known_at(*triggers),
        done=case.first(IroAppointed),
    )


def _vacancy(reading: Reading, vacated: Known[IroPostVacated]) -> Step:
    case, book = reading.case, reading.book
    filled = next((known for known in case.all(IroAppointed) if known.on >= vacated.on), None)
    return owed(
        reading,
        Phase.ALLOCATION,
        book.basis("fill_vacancy", vacated.on),
        cycle=cycle_on(reading.cycles, vacated.on),
        anchor=vacated.id,
        known_at=case.known_at(vacated),
        done=filled,
    )
