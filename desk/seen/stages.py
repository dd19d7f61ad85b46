"""The stages of a formal dispute, made ready to be shown: those it has been at, and those it may yet come to."""

from collections.abc import Iterator
from typing import NamedTuple

from desk.seen.dispute import DisputeRead
from desk.seen.matters import Said, recorded_by, whom
from desk.settling import Link, record_path
from rules.case import Known
from rules.dispute import ANSWER, RESOLVE
from rules.dispute_policy import DisputePolicy, rank
from rules.disputes import AtStage
from rules.facts.dispute import DisputeMovedUp, DisputePaused, DisputeTakenUp
from rules.reading import key
from rules.steps import Step
from rules.wording import counted, in_full, with_capital


class StageSeen(NamedTuple):
    """A stage at which a dispute was or is, or to which it may come.

    Attributes:
        name: who answers.
        is_now: it stands there.
        since: since when it was there; empty for one to which it has not come.
        days: by when an answer is or was owed, or how many working days the stage has.
        answer: what was answered and when, and who recorded that; or that nobody answered.
        remarks: what gave it longer, and how the dispute went on from there.
        link: where its answer is recorded when the dispute has gone on; None where there is nothing to record, or
            whoever looks may not.
    """

    name: str
    is_now: bool
    since: str
    days: Said
    answer: str
    remarks: list[str]
    link: Link | None = None


def stages(dispute: DisputeRead, policy: DisputePolicy) -> list[StageSeen]:
    """Those it has been at, in order; and while it is open, those it may yet come to.

    Args:
        dispute: the dispute.
        policy: the authority's stages.
    """
    found = [_been_at(dispute, at, policy) for at in dispute.dispute.stages]
    return [*found, *_ahead(dispute, policy)] if dispute.is_open else found


def _been_at(dispute: DisputeRead, at: AtStage, policy: DisputePolicy) -> StageSeen:
    is_now = dispute.is_open and at is dispute.dispute.now_at
    return StageSeen(
        name=with_capital(at.stage.words),
        is_now=is_now,
        since=in_full(at.began.on),
        days=_days(dispute, dispute.steps.get(key(ANSWER, at.began.id)), policy.days_of(at.stage)),
        answer=_answer(dispute, at, is_now),
        remarks=[*_pauses(dispute, at), *_gone_on(dispute.dispute.left(at))],
        link=_link(dispute, at),
    )


def _days(dispute: DisputeRead, step: Step | None, days: int) -> Said:
    if step is None:
        return Said(counted(days, "working day"))
    if step.is_open:
        due = dispute.due(step)
        return Said(due.words, due.style)
    return Said(f"By {in_full(step.due)}")


def _answer(dispute: DisputeRead, at: AtStage, is_now: bool) -> str:
    if at.answered is None:
        return "No answer yet" if is_now else "No answer"
    late = "" if at.answered_in_place else ", when the dispute had gone on"
    by = recorded_by(at.answered, dispute.read.speaker.names)
    return f"{in_full(at.answered.on)}, {by}{late}: {at.answered.fact.answer}"


def _pauses(dispute: DisputeRead, at: AtStage) -> Iterator[str]:
    """What gave the stage longer; the 20 working days went on."""
    for known in dispute.read.case.all(DisputePaused):
        if known.fact.dispute == dispute.dispute.id and _came_at(known, at):
            until = f"{in_full(known.fact.until)}{_no_longer(dispute, known.fact)}"
            yield f"On {in_full(known.on)} given until {until}: {known.fact.reason}"


def _no_longer(dispute: DisputeRead, paused: DisputePaused) -> str:
    """That a pause is cut short by the 20 working days, where it would go beyond them."""
    in_all = dispute.steps.get(key(RESOLVE, dispute.dispute.id))
    if in_all is None or paused.until <= in_all.due:
        return ""
    return f", but the 20 working days end on {in_full(in_all.due)}, and they govern"


def _came_at(paused: Known[DisputePaused], at: AtStage) -> bool:
    return at.began.when <= paused.when and (at.left is None or paused.when <= at.left.when)


def _gone_on(left: Known[DisputeTakenUp | DisputeMovedUp] | None) -> Iterator[str]:
    if left is None:
        return
    fact, on = left.fact, in_full(left.on)
    if isinstance(fact, DisputeMovedUp):
        yield f"Went up to {whom(fact.to)} by itself on {on}: nobody had answered in time"
    else:
        yield f"Taken up to {whom(fact.to)} by the IRO on {on}: {fact.reason}"


def _link(dispute: DisputeRead, at: AtStage) -> Link | None:
    if not dispute.is_open or at.left is None or at.answered or not dispute.may_answer(at.stage):
        return None
    # The IRO may have passed the stage over while it still had time to answer.
    step = dispute.steps.get(key(ANSWER, at.began.id))
    late = step is not None and step.due < dispute.read.today
    act, says = "dispute_answered", "Record an answer that came late" if late else "Record the answer of this stage"
    return Link(act, says, record_path(dispute.read.line.id, act, dispute=dispute.dispute.id, stage=at.stage.value))


def _ahead(dispute: DisputeRead, policy: DisputePolicy) -> Iterator[StageSeen]:
    for each in policy.stages:
        if rank(each.stage) > rank(dispute.dispute.now_at.stage):
            days = Said(f"{counted(each.working_days, 'working day')}, within the 20")
            yield StageSeen(with_capital(each.stage.words), False, "", days, "None", [])
