"""Phase 11, formal dispute: each stage answers in its days, or it moves up; in 20 working days it is resolved.

The stages and their days are the authority's own; the 20 working days in all are the Handbook's, and neither a pause
nor a move stops them (IRO Handbook ch 6; practice notes 4.6). A dispute outlives the review, the IRO and the period of
care. It has a clock of its own, a workflow beside the episode, which says when nobody answered in time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from rules.case import Known
from rules.clock import end_of, london_date
from rules.cycles import cycle_on
from rules.dispute_policy import rank
from rules.disputes import AtStage, Dispute, disputes_of
from rules.exemptions import missed, not_required
from rules.facts.base import FactBase
from rules.facts.dispute import DisputeMovedUp, DisputeStage, DisputeTakenUp
from rules.reading import Reading, owed
from rules.steps import Alarm, Basis, RunsBeside, Step
from rules.vocabulary import SYSTEM, Phase

ANSWER = "answer_dispute"
PAUSED = "paused_stage"
WEIGH = "weigh_dispute_answer"
RESOLVE = "resolve_dispute"


def steps(reading: Reading) -> Iterator[Step]:
    """The answer of each stage, what the IRO makes of it, and that the dispute is resolved in all."""
    for dispute in disputes_of(reading.case):
        for at in dispute.stages:
            yield _answer(reading, dispute, at)
            if at.answered_in_place and not _closed_before(dispute, at):
                yield _weighing(reading, dispute, at)
        yield _resolution(reading, dispute)


def beside(reading: Reading, spread: timedelta) -> Iterator[RunsBeside]:
    """Each dispute as its own clock has it: what it does by itself next, and when.

    Args:
        reading: the case.
        spread: the child's fixed offset for alarms.
    """
    for dispute in disputes_of(reading.case):
        yield _standing(reading, dispute, spread)


def resolve_by(reading: Reading, dispute: Dispute) -> Basis:
    """The working of the day by which a dispute is to be resolved in all."""
    return reading.book.basis(RESOLVE, dispute.raised.on)


def answer_by(reading: Reading, dispute: Dispute, at: AtStage) -> tuple[Basis, Basis]:
    """The workings of the day by which a stage is to answer: the one that governs, then the other.

    A pause gives the stage longer, in place of its own days, but never longer than the 20 working days of the whole.
    Where those were over when the dispute came to the stage, it is to answer at once. None is late before the day on
    which it could learn of the dispute: one recorded long after it was raised, or moved on by a clock that came late,
    leaves each that day.
    """
    days = reading.book.policy.dispute.days_of(at.stage)
    own = reading.book.with_days(ANSWER, days, at.counted_from)
    longer = (reading.book.basis(PAUSED, at.paused.fact.until),) if at.paused else ()
    of_the_stage = max((own, *longer), key=lambda basis: basis.due)
    first, second = sorted((resolve_by(reading, dispute), of_the_stage), key=lambda basis: basis.due)
    return (reading.book.not_before(first, max(at.began.on, london_date(at.began.at))), second)


def _answer(reading: Reading, dispute: Dispute, at: AtStage) -> Step:
    """The answer of a stage. The dispute's own clock takes it up from one that is silent; the last one's silence climbs
    the ladder of challenges."""
    governs, other = answer_by(reading, dispute, at)
    step = owed(
        reading,
        Phase.DISPUTE,
        governs,
        name=ANSWER,
        cycle=cycle_on(reading.cycles, dispute.raised.on),
        anchor=at.began.id,
        others=(other,),
        known_at=reading.case.known_at(at.began, at.paused),
        done=at.answered_in_place,
        owner=at.stage,
        ladder=None if _next_stage(reading, dispute, at) else "challenge",
    )
    step = step.model_copy(update={"title": f"Answer the IRO's formal dispute, as {at.stage.words}"})
    return _unanswered(reading, dispute, at, step) if step.is_open and (at.left or dispute.closed_by) else step


def _unanswered(reading: Reading, dispute: Dispute, at: AtStage, step: Step) -> Step:
    """A stage that did not answer while the dispute was there; that it was late by then is kept."""
    left, closed = dispute.left(at), dispute.closed_by
    on = left.on if left else closed.on if closed else reading.today
    by_itself = left is not None and isinstance(left.fact, DisputeMovedUp)
    if left:
        words = f"taken up to the {left.fact.to.words} {'unanswered' if by_itself else 'by the IRO'}"
    else:
        words = "resolved without an answer" if dispute.resolved else "withdrawn"
    if at.answered:
        words += f" (an answer came on {at.answered.on:%-d %B %Y})"
    return missed(reading, step, on, words) if by_itself or step.due < on else not_required(step, words)


def _closed_before(dispute: Dispute, at: AtStage) -> bool:
    """Whether the answer came when there was nothing left to weigh."""
    return bool(at.answered and dispute.closed_by and dispute.closed_by.on < at.answered.on)


def _weighing(reading: Reading, dispute: Dispute, at: AtStage) -> Step:
    """What the IRO makes of an answer. That the dispute went up by itself, before the answer was recorded, says nothing
    of that."""
    answered, taken_up = at.answered_in_place, _taken_up_since(dispute, at)
    bases = sorted(
        (reading.book.basis(WEIGH, answered.on if answered else at.began.on), resolve_by(reading, dispute)),
        key=lambda basis: basis.due,
    )
    return owed(
        reading,
        Phase.DISPUTE,
        reading.book.not_before(bases[0], answered.on if answered else at.began.on),
        name=WEIGH,
        cycle=cycle_on(reading.cycles, dispute.raised.on),
        anchor=at.began.id,
        others=(bases[1],),
        known_at=reading.case.known_at(at.began, answered),
        done=taken_up or dispute.closed_by,
        outcome="taken_up" if taken_up else dispute.outcome,
        ladder="challenge",
    )


def _taken_up_since(dispute: Dispute, at: AtStage) -> Known[FactBase] | None:
    """How the IRO took the dispute further, from that stage or a later one, if they did."""
    from_there = (dispute.left(each) for each in dispute.stages[dispute.stages.index(at) :])
    return next((left for left in from_there if left and isinstance(left.fact, DisputeTakenUp)), None)


def _resolution(reading: Reading, dispute: Dispute) -> Step:
    return owed(
        reading,
        Phase.DISPUTE,
        resolve_by(reading, dispute),
        cycle=cycle_on(reading.cycles, dispute.raised.on),
        anchor=dispute.id,
        known_at=reading.case.known_at(dispute.raised),
        done=dispute.closed_by,
        outcome=dispute.outcome,
        ladder="challenge",
    )


def _standing(reading: Reading, dispute: Dispute, spread: timedelta) -> RunsBeside:
    at = dispute.now_at
    over = dispute.closed_by is not None or (
        reading.ending is not None and (reading.ending.death or reading.ending.void)
    )
    due = answer_by(reading, dispute, at)[0].due
    to = None if over or at.answered_in_place else _next_stage(reading, dispute, at)
    return RunsBeside(
        kind="dispute",
        name=dispute.id,
        stage=at.stage.value,
        words=_words(reading, dispute, at),
        over=over,
        next=Alarm(at=end_of(due) + spread, what=f"No answer from the {at.stage.words}") if to else None,
        then=_moved_up(dispute, at, to, due) if to else None,
    )


def _next_stage(reading: Reading, dispute: Dispute, at: AtStage) -> DisputeStage | None:
    """Where it goes when nobody answers: the stage above, or once the 20 working days are over, the last."""
    policy = reading.book.policy.dispute
    if answer_by(reading, dispute, at)[0].due >= resolve_by(reading, dispute).due:
        return policy.last if rank(policy.last) > rank(at.stage) else None
    return policy.after(at.stage)


def _moved_up(dispute: Dispute, at: AtStage, to: DisputeStage, last_day: date) -> DisputeMovedUp:
    of = f"{dispute.id}|{at.began.id}|{to.value}"
    return DisputeMovedUp(
        id=f"moved-{sha256(of.encode()).hexdigest()[:20]}",
        on=last_day + timedelta(days=1),
        by=SYSTEM,
        dispute=dispute.id,
        unanswered=at.stage,
        to=to,
        last_day=last_day,
    )


def _words(reading: Reading, dispute: Dispute, at: AtStage) -> str:
    """Where it stands, for Temporal's own web page: no names, and no words of people."""
    if dispute.closed_by:
        return f"The dispute is closed: {(dispute.outcome or '').replace('_', ' ')}."
    answered = at.answered_in_place
    by = f"answered on {answered.on:%-d %B %Y}" if answered else "no answer yet"
    return (
        f"With the {at.stage.words} since {at.began.on:%-d %B %Y}, {by};"
        f" to be resolved by {resolve_by(reading, dispute).due:%-d %B %Y}."
    )
