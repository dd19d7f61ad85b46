"""Phase 3, informing: the child and others are told who the IRO is, and given the policy on reviews.

No number of days is set nationally; local policy sets them (practice notes 3, rows 5 and 6).
"""

from collections.abc import Iterator

from rules.case import Known
from rules.facts import (
    IroAppointed,
    IroMadeKnown,
    IroNotMadeKnown,
    ReviewingPolicyGiven,
    ReviewingPolicyWithheld,
    ToSomeone,
)
from rules.reading import Reading, owed_to_each
from rules.steps import Step
from rules.vocabulary import Phase, Role

OTHERS_TOLD = (Role.PARENTS, Role.CARER)
POLICY_RECIPIENTS = (Role.CHILD, Role.PARENTS)


def steps(reading: Reading) -> Iterator[Step]:
    """Tell the child, the parents and the carer of each appointment; give the reviewing policy once."""
    appointments = reading.case.all(IroAppointed)
    for number, appointed in enumerate(appointments):
        if not appointed.settled:
            successor = appointments[number + 1] if number + 1 < len(appointments) else None
            yield from _telling(reading, appointed, successor, "" if number == 0 else appointed.id)
    yield _policy(reading)


def _telling(
    reading: Reading, appointed: Known[IroAppointed], successor: Known[IroAppointed] | None, anchor: str
) -> Iterator[Step]:
    case = reading.case
    said: list[Known[ToSomeone]] = [*case.all(IroMadeKnown), *case.all(IroNotMadeKnown)]
    ours = [known for known in said if _is_about(known, appointed, successor)]
    for name, recipients in (("tell_child", (Role.CHILD,)), ("tell_others", OTHERS_TOLD)):
        # An IRO appointed before a planned admission is made known from the day the child is looked after.
        basis = reading.book.basis(name, max(case.first_day, appointed.on))
        yield owed_to_each(
            reading,
            Phase.INFORMING,
            basis,
            recipients,
            ours,
            cycle=1,
            anchor=anchor,
            known_at=case.known_at(appointed),
        )


def _is_about(
    told: Known[ToSomeone], appointed: Known[IroAppointed], successor: Known[IroAppointed] | None
) -> bool:
    return told.on >= appointed.on and (successor is None or told.on < successor.on)


def _policy(reading: Reading) -> Step:
    case = reading.case
    given: list[Known[ToSomeone]] = [*case.all(ReviewingPolicyGiven), *case.all(ReviewingPolicyWithheld)]
    return owed_to_each(
        reading,
        Phase.INFORMING,
        reading.book.basis("give_reviewing_policy", case.first_day),
        POLICY_RECIPIENTS,
        given,
        cycle=1,
        known_at=case.known_at(),
    )
