"""Phase 6, follow-up: decisions to the manager, the manager's answer, the record, and who gets it.

All limits but the manager's run from the completion of the review, the manager's from receipt; silence is
agreement (IRO Handbook ch 3, practice notes 4.4).
"""

from collections.abc import Iterator
from typing import TypeVar

from rules import undelivered
from rules.case import Known
from rules.court import Proceedings, all_proceedings
from rules.exemptions import exemption
from rules.facts.base import ToSomeone
from rules.facts.proceedings import GuardianAppointed
from rules.facts.reviews import (
    AfterReview,
    DecisionsCirculated,
    DecisionsSent,
    ManagerReplied,
    RecordCompleted,
    RecordDistributed,
    RecordWithheld,
    ReviewHeld,
)
from rules.reading import Reading, key, owed, owed_to_each
from rules.steps import Step
from rules.vocabulary import Phase, Role, StepState

RECORD_RECIPIENTS = (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
"""Who gets the full record unless withheld with a reason (practice notes 8). Others get extracts, as appropriate; while
proceedings are under way the legal service and the guardian get it too (`record_recipients`)."""

A = TypeVar("A", bound=AfterReview)


def steps(reading: Reading) -> Iterator[Step]:
    """What each completed review that counts is followed by, and whatever of it reached nobody."""
    for cycle in reading.live:
        if cycle.held:
            yield from _after(reading, cycle.held, cycle.number)
    yield from undelivered.steps(reading, Phase.FOLLOW_UP)


def record_recipients(reading: Reading, review: Known[ReviewHeld]) -> tuple[Role, ...]:
    """Who is to have the record of a review (IRO Handbook chs 3 and 8; practice notes 4.8 and 8).

    Of a review held while court proceedings were under way, the authority's legal service has it too, and the guardian:
    also one who is appointed while the record is still being given out.

    Args:
        reading: the case.
        review: the review.
    """
    died = reading.ending is not None and reading.ending.death
    around = tuple(role for role in RECORD_RECIPIENTS if not (died and role is Role.CHILD))
    sets = _under_way(reading, review)
    guarded = tuple(Role.GUARDIAN for _ in _guardians(reading, review)[:1])
    return (*around, *guarded, Role.LEGAL) if sets else around


def _under_way(reading: Reading, review: Known[ReviewHeld]) -> list[Proceedings]:
    return [each for each in all_proceedings(reading.case) if each.go_on_on(review.on)]


def _guardians(reading: Reading, review: Known[ReviewHeld]) -> list[Known[GuardianAppointed]]:
    """The first appointment of a guardian in each of the proceedings under way, by the last day to give the record."""
    last_day = reading.book.basis("distribution", review.on).due
    first = [each.guardians[0] for each in _under_way(reading, review) if each.guardians]
    return sorted((known for known in first if known.on <= last_day), key=lambda known: known.on)


def _after(reading: Reading, review: Known[ReviewHeld], cycle: int) -> Iterator[Step]:
    sent = _first(reading, DecisionsSent, review)
    yield _step(reading, review, cycle, "decisions", sent)
    if sent:
        yield _reply(reading, review, cycle, sent)
    yield _step(reading, review, cycle, "circulate_decisions", _first(reading, DecisionsCirculated, review))
    yield _step(reading, review, cycle, "record", _first(reading, RecordCompleted, review))
    yield _distribution(reading, review, cycle)


def _first(reading: Reading, kind: type[A], review: Known[ReviewHeld]) -> Known[A] | None:
    found = reading.case.following(kind, review)
    return found[0] if found else None


def _step(reading: Reading, review: Known[ReviewHeld], cycle: int, rule: str, done: Known[A] | None) -> Step:
    return owed(
        reading,
        Phase.FOLLOW_UP,
        reading.book.basis(rule, review.on),
        cycle=cycle,
        anchor=review.id,
        known_at=reading.case.known_at(review),
        done=done,
    )


def _distribution(reading: Reading, review: Known[ReviewHeld], cycle: int) -> Step:
    case = reading.case
    given: list[Known[ToSomeone]] = [
        *case.following(RecordDistributed, review),
        *case.following(RecordWithheld, review),
    ]
    in_court = [each.issued for each in _under_way(reading, review)[:1]]
    return owed_to_each(
        reading,
        Phase.FOLLOW_UP,
        reading.book.basis("distribution", review.on),
        record_recipients(reading, review),
        given,
        cycle=cycle,
        anchor=review.id,
        known_at=case.known_at(review, *in_court, *_guardians(reading, review)[:1]),
    )


def _reply(reading: Reading, review: Known[ReviewHeld], cycle: int, sent: Known[DecisionsSent]) -> Step:
    basis = reading.book.basis("manager_reply", sent.on)
    replied = _first(reading, ManagerReplied, review)
    exempt_then = exemption(reading, key(basis.rule, review.id), basis.due).reason is not None
    answer = replied if replied and (exempt_then or replied.on <= basis.due) else None
    step = owed(
        reading,
        Phase.FOLLOW_UP,
        basis,
        cycle=cycle,
        anchor=review.id,
        known_at=reading.case.known_at(review, sent),
        done=answer,
        outcome=replied.fact.outcome.value if replied else None,
        ladder=None,
    )
    still_exempt = exempt_then and exemption(reading, step.key, reading.today).reason
    if answer or reading.today <= basis.due or still_exempt:
        return step
    late = f" (an answer came on {replied.on:%-d %B %Y})" if replied else ""
    update = {
        "state": StepState.DEEMED,
        "done_on": basis.due,
        "reason": f"no answer in time: taken as agreed{late}",
    }
    return step.model_copy(update=update)
