"""Phase 6, follow-up: decisions to the manager, the manager's answer, the record, and who gets it.

All limits but the manager's run from the completion of the review, the manager's from receipt; silence is
agreement (IRO Handbook ch 3, practice notes 4.4).
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rules.case import Case, Known
from rules.facts import (
    AfterReview,
    DecisionsCirculated,
    DecisionsSent,
    ManagerReplied,
    RecordCompleted,
    RecordDistributed,
    RecordWithheld,
    ReviewHeld,
    ToSomeone,
)
from rules.reading import Reading, owed, owed_to_each
from rules.steps import Step
from rules.vocabulary import Phase, Role, StepState

RECORD_RECIPIENTS = (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
"""Who gets the full record unless withheld with a reason (practice notes 8). Others get extracts, as appropriate."""

A = TypeVar("A", bound=AfterReview)


def steps(reading: Reading) -> Iterator[Step]:
    """What each completed review that counts is followed by."""
    for cycle in reading.cycles:
        if cycle.held and not cycle.settled:
            yield from _after(reading, cycle.held, cycle.number)


def following(case: Case, kind: type[A], review: Known[ReviewHeld]) -> list[Known[A]]:
    """The facts of a kind that follow one review: those that name its day, or name none and come after it and
    before the next.

    Args:
        case: the facts.
        kind: the kind of fact.
        review: the review they follow.
    """
    return [known for known in case.all(kind) if review_followed(case, known.fact) == review]


def review_followed(case: Case, fact: AfterReview) -> Known[ReviewHeld] | None:
    """The review that a fact follows, None when there was none."""
    reviews = [held for held in case.all(ReviewHeld) if held.fact.counts]
    if fact.review:
        return next((held for held in reviews if held.on == fact.review), None)
    return next((held for held in reversed(reviews) if held.on <= fact.on), None)


def _first(found: Sequence[Known[A]]) -> Known[A] | None:
    return found[0] if found else None


def _after(reading: Reading, review: Known[ReviewHeld], cycle: int) -> Iterator[Step]:
    case = reading.case
    sent = _first(following(case, DecisionsSent, review))
    yield _step(reading, review, cycle, "decisions", sent)
    if sent:
        yield _reply(reading, review, cycle, sent)
    yield _step(
        reading, review, cycle, "circulate_decisions", _first(following(case, DecisionsCirculated, review))
    )
    yield _step(reading, review, cycle, "record", _first(following(case, RecordCompleted, review)))
    given: list[Known[ToSomeone]] = [
        *following(case, RecordDistributed, review),
        *following(case, RecordWithheld, review),
    ]
    yield owed_to_each(
        reading,
        Phase.FOLLOW_UP,
        reading.book.basis("distribution", review.on),
        RECORD_RECIPIENTS,
        given,
        cycle=cycle,
        anchor=review.id,
        known_at=case.known_at(review),
    )


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


def _reply(reading: Reading, review: Known[ReviewHeld], cycle: int, sent: Known[DecisionsSent]) -> Step:
    basis = reading.book.basis("manager_reply", sent.on)
    replied = _first(following(reading.case, ManagerReplied, review))
    in_time = replied if replied and replied.on <= basis.due else None
    step = owed(
        reading,
        Phase.FOLLOW_UP,
        basis,
        cycle=cycle,
        anchor=review.id,
        known_at=reading.case.known_at(review, sent),
        done=in_time,
        outcome=replied.fact.outcome.value if replied else None,
        ladder=None,
    )
    if in_time or reading.today <= basis.due:
        return step
    late = f" (an answer came on {replied.on:%-d %B %Y})" if replied else ""
    return step.model_copy(
        update={
            "state": StepState.DEEMED,
            "done_on": basis.due,
            "reason": f"no answer in time: taken as agreed{late}",
        }
    )
