"""Phase 12, referral: when the IRO is to consider Cafcass (Cafcass Cymru in Wales), and what follows a referral.

An IRO may refer a case at any moment, alone or with a dispute running; the law says when it must be considered: the
authority failed in a significant respect, that was raised with people of appropriate seniority, and it was not put
right in reasonable time, on the child's timetable (CPPCR 2010 reg 45; Children Act 1989 s.25B(3); practice notes 4.7).
Nothing but an answer closes what was asked: A & S v Lancashire CC [2012] EWHC 1689 (Fam).
"""

from collections.abc import Iterator
from datetime import date, datetime

from rules.case import Known
from rules.challenges import Challenge
from rules.clock import end_of
from rules.cycles import cycle_on
from rules.dispute import answer_by, resolve_by
from rules.dispute_policy import STAGES, rank
from rules.disputes import AtStage, Dispute, disputes_of, history_of
from rules.exemptions import missed, not_required
from rules.facts.base import FactBase
from rules.facts.cafcass import (
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
)
from rules.facts.dispute import DisputeTakenUp
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase, Role

CONSIDER = "consider_cafcass"
REFER = "refer_to_cafcass"
REPLY = "cafcass_reply"
ADVICE = "give_legal_advice"


def steps(reading: Reading) -> Iterator[Step]:
    """What the IRO is to consider and to do, what Cafcass answers, and the legal advice that was asked for."""
    for dispute in disputes_of(reading.case):
        yield from _consideration(reading, dispute)
    for considered in reading.case.all(CafcassConsidered):
        if considered.fact.refer:
            yield _referral(reading, considered)
    replied = {known.fact.referral: known for known in reversed(reading.case.all(CafcassReplied))}
    for referred in reading.case.all(CafcassReferred):
        reply = replied.get(referred.id)
        yield _owed(reading, REPLY, referred, reply, outcome=reply.fact.outcome.value if reply else None)
    given = {known.fact.request: known for known in reversed(reading.case.all(LegalAdviceGiven))}
    for asked in reading.case.all(LegalAdviceAsked):
        yield _owed(reading, ADVICE, asked, given.get(asked.id))


def considered_from(reading: Reading) -> Iterator[datetime]:
    """The instants at which a referral comes to be considered, if nothing is put right before."""
    for dispute in disputes_of(reading.case):
        last_day = reasonable_time_ends(reading, dispute)
        if last_day and dispute.closed_by is None:
            yield end_of(last_day)


def reasonable_time_ends(reading: Reading, dispute: Dispute) -> date | None:
    """The last day on which a significant failure could be put right in reasonable time; None where reg 45 asks
    nothing.

    It is the first of these, once people of appropriate seniority had heard of it: the day by which the child needs
    it, the day by which the first senior stage was to answer and did not, the day on which the IRO was not satisfied
    with its answer, the 20 working days.

    Args:
        reading: the case.
        dispute: one of its disputes.
    """
    senior_since = _senior_since(reading, dispute)
    if dispute.raised.fact.failure is None or senior_since is None:
        return None
    days = [resolve_by(reading, dispute).due]
    if senior := _first_senior(reading, dispute):
        days += _not_satisfied(reading, dispute, senior)
    if needed := dispute.raised.fact.needed_by:
        days.append(needed)
    return max(senior_since, min(days))


def _senior_since(reading: Reading, dispute: Dispute) -> date | None:
    """The day on which people of appropriate seniority heard of it, as the authority's policy has them: by the
    dispute, or by a challenge that it takes further."""
    senior = _first_senior(reading, dispute)
    days = [senior.began.on] if senior else []
    for each in history_of(reading.case, dispute.id):
        if isinstance(each, Challenge) and _is_senior(reading, each.raised.fact.addressee):
            days.append(max(each.raised.on, dispute.raised.on))
    return min(days, default=None)


def _first_senior(reading: Reading, dispute: Dispute) -> AtStage | None:
    return next((at for at in dispute.stages if _is_senior(reading, at.stage)), None)


def _is_senior(reading: Reading, role: Role) -> bool:
    policy = reading.book.policy.dispute
    return any(role is stage and rank(stage) >= rank(policy.senior_from) for stage in STAGES)


def _not_satisfied(reading: Reading, dispute: Dispute, senior: AtStage) -> Iterator[date]:
    """That an answer came late after all does not undo that there was none in time."""
    answered, due = senior.answered_in_place, answer_by(reading, dispute, senior)[0].due
    if answered is None or answered.on > due:
        yield due
    if (left := dispute.left(senior)) and isinstance(left.fact, DisputeTakenUp):
        yield left.on


def _consideration(reading: Reading, dispute: Dispute) -> Iterator[Step]:
    last_day = reasonable_time_ends(reading, dispute)
    if last_day is None or reading.today <= last_day or _is_over_by(reading, dispute, last_day):
        return
    done = _considered(reading, dispute, last_day)
    step = owed(
        reading,
        Phase.REFERRAL,
        reading.book.basis(CONSIDER, last_day),
        cycle=cycle_on(reading.cycles, dispute.raised.on),
        anchor=dispute.id,
        known_at=max(_known_at(reading, dispute, last_day), end_of(last_day)),
        done=done,
        ladder="challenge",
    )
    yield _overtaken(reading, dispute, step)


def _is_over_by(reading: Reading, dispute: Dispute, last_day: date) -> bool:
    """Whether it was closed in time, or the child had died."""
    closed, ending = dispute.closed_by, reading.ending
    return bool(closed and closed.on <= last_day) or bool(ending and ending.death and ending.on <= last_day)


def _known_at(reading: Reading, dispute: Dispute, last_day: date) -> datetime:
    """When it was recorded what the day follows from."""
    senior = _first_senior(reading, dispute)
    left = dispute.left(senior) if senior else None
    return reading.case.known_at(
        dispute.raised, senior.began if senior else None, left if left and left.on <= last_day else None
    )


def _overtaken(reading: Reading, dispute: Dispute, step: Step) -> Step:
    """What was not done before the dispute was closed; that it was late by then is kept."""
    closed = dispute.closed_by
    if closed is None or not step.is_open:
        return step
    words = "the dispute was closed first"
    return missed(reading, step, closed.on, words) if step.due < closed.on else not_required(step, words)


def _considered(reading: Reading, dispute: Dispute, last_day: date) -> Known[FactBase] | None:
    """How the IRO considered it: the case was referred, or is to be, at whatever time; or is not, when it was time."""
    found: list[Known[FactBase]] = [
        *(
            known
            for known in reading.case.all(CafcassConsidered)
            if known.fact.dispute == dispute.id and (known.fact.refer or known.on >= last_day)
        ),
        *(known for known in reading.case.all(CafcassReferred) if known.fact.dispute == dispute.id),
    ]
    return min(found, key=lambda known: known.when, default=None)


def _referral(reading: Reading, considered: Known[CafcassConsidered]) -> Step:
    """The referral that the IRO decided on, unless the dispute was closed before it was made."""
    made = (
        known
        for known in reading.case.all(CafcassReferred)
        if known.fact.dispute == considered.fact.dispute and known.on >= considered.on
    )
    step = _owed(reading, REFER, considered, next(made, None))
    dispute = next((each for each in disputes_of(reading.case) if each.id == considered.fact.dispute), None)
    return _overtaken(reading, dispute, step) if dispute else step


def _owed(
    reading: Reading, rule: str, since: Known[FactBase], done: Known[FactBase] | None, *, outcome: str | None = None
) -> Step:
    return owed(
        reading,
        Phase.REFERRAL,
        reading.book.basis(rule, since.on),
        cycle=cycle_on(reading.cycles, since.on),
        anchor=since.id,
        known_at=reading.case.known_at(since),
        done=done,
        outcome=outcome,
        ladder="challenge",
    )
