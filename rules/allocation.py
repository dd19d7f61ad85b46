"""Phase 2, allocation: every child has a named IRO.

Handbook: 5 working days from becoming looked after. Local: 3 working days from notification. The earlier governs:
a late notification must not move the handbook's limit (practice notes 3). The outer limit is statute's, the first
review (Children Act 1989 s.25A(2)). Where the directory holds IROs the system proposes one, which is a step too.
"""

from collections.abc import Iterator

from rules import changes_of_iro
from rules.case import Known
from rules.cycles import cycle_on
from rules.facts.base import FactBase
from rules.facts.care import IroServiceNotified
from rules.facts.iro import IroAppointed, IroProposed, NoIroFound
from rules.named_iro import Vacancy, vacancies
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase

NONE_FOUND = "none_found"
"""The outcome of a proposal that found nobody: it is tried again when the directory has changed."""


def steps(reading: Reading) -> Iterator[Step]:
    """Propose and appoint an IRO, fill each vacancy, and hand the child over from one to the next."""
    if reading.book.directory and not reading.taken_on:
        yield _proposal(reading, None)
    yield _appointment(reading)
    for vacancy in vacancies(reading.case):
        if not vacancy.since.settled:
            if reading.book.directory:
                yield _proposal(reading, vacancy)
            yield changes_of_iro.vacancy(reading, vacancy)
    yield from changes_of_iro.steps(reading)


def _proposal(reading: Reading, vacancy: Vacancy | None) -> Step:
    """What the system owes: an IRO chosen, as soon as one is needed (design decision 9)."""
    case = reading.case
    notified = case.first(IroServiceNotified)
    trigger: Known[FactBase] | None = vacancy.since if vacancy else notified
    day = max(trigger.on, case.first_day) if trigger else case.first_day
    found: list[Known[FactBase]] = [
        known
        for known in (*case.all(IroProposed), *case.all(IroAppointed))
        if vacancy is None or vacancy.is_filled_by(known)
    ]
    tried = case.last(NoIroFound)
    in_vain = tried and tried.fact.directory == reading.book.directory and (vacancy is None or tried.on >= day)
    return owed(
        reading,
        Phase.ALLOCATION,
        reading.book.basis("propose_iro", day),
        cycle=cycle_on(reading.cycles, day),
        anchor=vacancy.since.id if vacancy else "",
        known_at=case.known_at(trigger),
        done=min(found, key=lambda known: known.when, default=None),
        outcome=NONE_FOUND if in_vain and not found else None,
        ladder="system",
    )


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
        triggers.extend(first.asked_early_by)
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
