"""A child's IRO changes: the vacancy is filled as soon as is practicable, the child's own wish is answered, and the
outgoing IRO introduces the incoming one in person. No deadline resets: steps and decisions go with the child.
"""

from collections.abc import Iterator

from rules.case import Case, Known
from rules.cycles import cycle_on
from rules.exemptions import not_required
from rules.facts.iro import IroAppointed, IroChangeAsked, IroChangeDeclined, IroHandedOver, IroPostVacated
from rules.named_iro import Vacancy
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase, VacancyReason

ANSWER = "answer_change_request"
"""The step by which a child's wish for another IRO is answered."""


def vacancy(reading: Reading, vacant: Vacancy) -> Step:
    """Fill a vacancy as soon as is practicable (Children Act 1989 s.25A(3))."""
    case, since = reading.case, vacant.since
    return owed(
        reading,
        Phase.ALLOCATION,
        reading.book.basis("fill_vacancy", since.on),
        cycle=cycle_on(reading.cycles, since.on),
        anchor=since.id,
        known_at=case.known_at(since),
        done=next((known for known in case.all(IroAppointed) if vacant.is_filled_by(known)), None),
    )


def steps(reading: Reading) -> Iterator[Step]:
    """Answer each request of the child for another IRO, and hand over at each change."""
    for asked in reading.case.all(IroChangeAsked):
        yield _answer(reading, asked)
    for incoming in reading.case.all(IroAppointed)[1:]:
        if not incoming.settled:
            yield _handover(reading, incoming)


def answer_to(case: Case, asked: Known[IroChangeAsked]) -> Known[IroAppointed] | Known[IroChangeDeclined] | None:
    """What came first of the child's wish for another IRO: that another was appointed, or that theirs stays.

    Args:
        case: the facts.
        asked: the wish.
    """
    appointed = sorted(case.all(IroAppointed), key=lambda known: known.when)
    had = [known.fact.iro for known in appointed if known.when <= asked.when][-1:]
    answers: list[Known[IroAppointed] | Known[IroChangeDeclined]] = [
        *(known for known in appointed if known.fact.iro not in had),
        *case.all(IroChangeDeclined),
    ]
    return min((known for known in answers if known.when > asked.when), key=lambda known: known.when, default=None)


def _answer(reading: Reading, asked: Known[IroChangeAsked]) -> Step:
    """The IRO manager answers the child: another IRO, or why not."""
    first = answer_to(reading.case, asked)
    return owed(
        reading,
        Phase.ALLOCATION,
        reading.book.basis(ANSWER, asked.on),
        cycle=cycle_on(reading.cycles, asked.on),
        anchor=asked.id,
        known_at=reading.case.known_at(asked),
        done=first,
        outcome=None if first is None else "declined" if isinstance(first.fact, IroChangeDeclined) else "changed",
    )


def _handover(reading: Reading, incoming: Known[IroAppointed]) -> Step:
    """The outgoing IRO introduces the incoming one, unless the outgoing one has died."""
    case = reading.case
    step = owed(
        reading,
        Phase.ALLOCATION,
        reading.book.basis("hand_over", incoming.on),
        cycle=cycle_on(reading.cycles, incoming.on),
        anchor=incoming.id,
        known_at=case.known_at(incoming),
        done=next((known for known in case.all(IroHandedOver) if known.on >= incoming.on), None),
    )
    if not step.is_open:
        return step
    if any(known.on > incoming.on for known in case.all(IroAppointed)):
        return not_required(step, "the IRO changed again")
    left = [known.fact for known in case.all(IroPostVacated) if known.on <= incoming.on]
    died = bool(left) and left[-1].reason is VacancyReason.SWDIED
    return not_required(step, "the outgoing IRO has died") if died else step
