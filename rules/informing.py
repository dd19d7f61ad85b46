"""Phase 3, informing: the child and others are told who the IRO is, and given the policy on reviews; a notice that
reached nobody is delivered in another way.

No number of days is set nationally; local policy sets them (practice notes 3, rows 5 and 6).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from rules import undelivered
from rules.case import Known
from rules.cycles import cycle_on
from rules.exemptions import missed, not_required
from rules.facts.base import ToSomeone
from rules.facts.iro import (
    IroAppointed,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    ReviewingPolicyGiven,
    ReviewingPolicyWithheld,
)
from rules.reading import Reading, owed_to_each
from rules.steps import Step
from rules.vocabulary import Phase, Role

ONE_DAY = timedelta(days=1)
OTHERS_TOLD = (Role.PARENTS, Role.CARER)
POLICY_RECIPIENTS = (Role.CHILD, Role.PARENTS)


def steps(reading: Reading) -> Iterator[Step]:
    """Tell the child, the parents and the carer of each appointment; give the reviewing policy once; deliver what
    reached nobody."""
    for number, appointed in enumerate(reading.case.all(IroAppointed)):
        if not appointed.settled:
            yield from _telling(
                reading, appointed, _gone_on(reading, appointed, number), "" if number == 0 else appointed.id
            )
    yield _policy(reading)
    yield from undelivered.steps(reading, Phase.INFORMING)


def _gone_on(reading: Reading, appointed: Known[IroAppointed], number: int) -> date | None:
    """The day from which this IRO was no longer the child's; None while they are."""
    successors = [known.on for known in reading.case.all(IroAppointed)[number + 1 :]]
    vacancies = [known.on + ONE_DAY for known in reading.case.all(IroPostVacated) if known.on > appointed.on]
    return min((*successors, *vacancies), default=None)


def _telling(reading: Reading, appointed: Known[IroAppointed], gone_on: date | None, anchor: str) -> Iterator[Step]:
    case = reading.case
    said: list[Known[ToSomeone]] = [*case.all(IroMadeKnown), *case.all(IroNotMadeKnown)]
    ours = [known for known in said if known.on >= appointed.on and (gone_on is None or known.on < gone_on)]
    # An IRO appointed before a planned admission is made known from the day the child is looked after.
    day = max(case.first_day, appointed.on)
    for name, recipients in (("tell_child", (Role.CHILD,)), ("tell_others", OTHERS_TOLD)):
        step = owed_to_each(
            reading,
            Phase.INFORMING,
            reading.book.basis(name, day),
            recipients,
            ours,
            cycle=cycle_on(reading.cycles, day),
            anchor=anchor,
            known_at=case.known_at(appointed),
        )
        yield _overtaken(reading, step, gone_on) if step.is_open and gone_on else step


def _overtaken(reading: Reading, step: Step, gone_on: date) -> Step:
    """Nobody is told of an IRO who has gone; whether that was owed before is kept."""
    if step.due < gone_on:
        return missed(reading, step, gone_on, "the IRO had changed before it was done")
    return not_required(step, "the IRO changed before it fell due")


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
