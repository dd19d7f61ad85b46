"""A notice that reached nobody is delivered in another way, and that is owed like any other step: never to nobody, and
never unseen (practice notes 10.3(5); the days are local policy).

What brings the outcome of a review belongs to what follows it, and is finished after care has ended; anything else is
part of informing, and nothing chases it then. A reminder or an escalation of such a step that reaches nobody in its
turn sets off no further one: the first stands open, and climbs.
"""

from collections.abc import Iterator

from rules.case import Case, Known
from rules.cycles import cycle_on
from rules.exemptions import not_required
from rules.facts.notices import NoticeDelivered, NoticeUndelivered
from rules.reading import Reading, key, owed
from rules.steps import Step
from rules.vocabulary import Phase

NAME = "deliver_notice"


def steps(reading: Reading, phase: Phase) -> Iterator[Step]:
    """The deliveries owed, of the notices that belong to a phase.

    Args:
        reading: the case.
        phase: informing, or follow-up for what brings the outcome of a review.
    """
    for found in reading.case.all(NoticeUndelivered):
        if not is_about_a_delivery(found.fact) and _phase_of(found.fact) is phase:
            yield _delivery(reading, found, phase)


def step_key(fact: NoticeUndelivered) -> str:
    """The key of the step that a notice sets off when it reached nobody."""
    return key(NAME, fact.id)


def is_about_a_delivery(fact: NoticeUndelivered) -> bool:
    """Whether the notice only spoke of such a step itself, so that another one would go round in a circle."""
    return fact.about.startswith(f"{NAME}.")


def delivery_of(case: Case, fact: NoticeUndelivered) -> Known[NoticeDelivered] | None:
    """The first delivery after all, by the day; None while there is none.

    Args:
        case: the facts that stand.
        fact: the notice that reached nobody.
    """
    named = (fact.id, fact.notice)
    return next((known for known in case.all(NoticeDelivered) if known.fact.notice in named), None)


def _phase_of(fact: NoticeUndelivered) -> Phase:
    return Phase.FOLLOW_UP if fact.name.follows_a_review else Phase.INFORMING


def _delivery(reading: Reading, found: Known[NoticeUndelivered], phase: Phase) -> Step:
    fact, delivered = found.fact, delivery_of(reading.case, found.fact)
    cycle = cycle_on(reading.cycles, found.on)
    step = owed(
        reading,
        phase,
        reading.book.basis(NAME, found.on),
        # What follows a review stands with the cycle which that review closed.
        cycle=max(1, cycle - 1) if phase is Phase.FOLLOW_UP else cycle,
        anchor=found.id,
        known_at=reading.case.known_at(found),
        done=delivered,
        outcome=delivered.fact.way.value if delivered else None,
    )
    title = f"Deliver the notice of {fact.name.words} to the {fact.recipient.words}"
    step = step.model_copy(update={"title": title})
    if step.is_open and reading.ending and reading.ending.death:
        return not_required(step, "the child has died")
    return step
