"""How steps close other than by being done: exempted, taken on too late to follow, or overtaken by the end of care;
and which are owed again after that.

Closing silences, never erases: what had slipped stays on record as missed (design decision 12).
"""

from datetime import date, datetime

from rules.case import Known
from rules.codes import EndReason
from rules.disputes import is_disputed
from rules.ending import TURNED_EIGHTEEN, Ending
from rules.exemptions import exemption, missed, not_required
from rules.facts.care import CaseTakenOn, StepExempted
from rules.proceedings import OWED_AFTER_CARE
from rules.reading import Reading
from rules.steps import Step
from rules.vocabulary import EarlyReviewGround, Phase, StepState

BEFORE_TAKEN_ON = frozenset(
    {
        Phase.NOTIFICATION,
        Phase.INFORMING,
        Phase.PREPARATION,
        Phase.FOLLOW_UP,
        Phase.MONITORING,
        Phase.PROCEEDINGS,
    }
)
"""Phases whose steps the former system followed until the case was taken on. A missing IRO and an overdue review
are owed all the same."""

_A_SUCCESSOR = ("fill_vacancy", "propose_iro")

TO_A_PARENT = (EndReason.E4A, EndReason.E4B)


def close(reading: Reading, step: Step) -> Step:
    """A step as it stands once the taking on, exemptions and the end of care are taken into account."""
    if reading.taken_on:
        step = _taken_on(reading, step, reading.taken_on)
    if step.state is StepState.OPEN:
        step = _beyond_eighteen(reading, _exempted(reading, step))
    return _ended(reading, step, reading.ending) if reading.ending else step


def _taken_on(reading: Reading, step: Step, taken_on: Known[CaseTakenOn]) -> Step:
    before = step.due <= taken_on.on and _was_followed_before(reading, step, taken_on)
    if step.done_on and (before or step.done_on <= taken_on.on):
        return step.model_copy(update={"ladder": None})
    return not_required(step, "it fell due before the case was taken on here") if before else step


def _was_followed_before(reading: Reading, step: Step, taken_on: Known[CaseTakenOn]) -> bool:
    """Whether it was the former system's to follow a step that fell due by then. What leads to a review that was
    brought forward since, nobody has followed: it is owed here, late as it is."""
    if step.phase not in BEFORE_TAKEN_ON or _hears_before_a_review(reading, step):
        return False
    asked = reading.cycles[step.cycle - 1].asked_early_by if step.phase is Phase.PREPARATION else ()
    return all(known.at <= taken_on.at for known in asked)


def _hears_before_a_review(reading: Reading, step: Step) -> bool:
    """Whether it is the duty to hear the child or the parents (reg 36(1)(b) and (c)) before a review not yet held.

    An overdue review that is taken on is owed with it: no child is to be reviewed unheard.
    """
    if step.name not in ("consult_child", "consult_parents"):
        return False
    held = reading.cycles[step.cycle - 1].held
    return held is None or (reading.taken_on is not None and held.on > reading.taken_on.on)


def _exempted(reading: Reading, step: Step) -> Step:
    if not reading.case.all(StepExempted):
        return step
    found = exemption(reading, step.key, _last_day_owed(reading, step))
    if found.reason:
        return step.model_copy(update={"state": StepState.EXEMPTED, "reason": found.reason})
    if found.owed_again_at:
        return step.model_copy(update={"known_at": max(step.known_at, found.owed_again_at)})
    return step


def _last_day_owed(reading: Reading, step: Step) -> date:
    """Today, or the day care ended, after which only what outlives it is owed."""
    if reading.ending and not _outlives_care(reading, step, reading.ending):
        return min(reading.today, reading.ending.on)
    return reading.today


def _beyond_eighteen(reading: Reading, step: Step) -> Step:
    """Nothing of a review is scheduled on or beyond the 18th birthday (practice notes 9)."""
    if step.name == "complete_review" or not step.is_open:
        return step
    eighteenth = reading.case.eighteenth_birthday
    if step.phase is Phase.REVIEW or (step.phase is Phase.PREPARATION and not _is_coming(reading, step)):
        beyond = reading.cycles[step.cycle - 1].basis.due >= eighteenth
    else:
        beyond = step.name == "mid_point_check" and step.due >= eighteenth
    return not_required(step, "the 18th birthday comes first") if beyond else step


def _is_coming(reading: Reading, step: Step) -> bool:
    """Whether the review was arranged all the same, or has opened."""
    cycle = reading.cycles[step.cycle - 1]
    return cycle.arranged is not None or cycle.opened_on is not None


def _ended(reading: Reading, step: Step, ending: Ending) -> Step:
    if ending.death or ending.void:
        step = step.model_copy(update={"ladder": None})
    if not step.is_open or (_outlives_care(reading, step, ending) and not ending.void):
        return step
    if ending.void:
        return not_required(step, ending.words)
    if _was_owed_before_leaving(reading, step, ending):
        reason = f"care ended without the review that was owed before it did: {ending.words}"
        return missed(reading, step, ending.on, reason)
    if step.due < ending.on:
        return missed(reading, step, ending.on, f"care ended first: {ending.words}")
    return not_required(step, f"care ended: {ending.words}")


def _outlives_care(reading: Reading, step: Step, ending: Ending) -> bool:
    """Whether it is owed after the end of care: as its phase is; because proceedings go on and their court is to have
    it; or because it is the child's IRO who goes on with a dispute, so that there must be one. After a death a
    successor is only appointed by hand, to settle it."""
    if step.phase.outlives_care or (step.name in OWED_AFTER_CARE and not ending.death):
        return True
    return step.name in (("fill_vacancy",) if ending.death else _A_SUCCESSOR) and is_disputed(reading.case)


def is_unfinished(reading: Reading, step: Step) -> bool:
    """Whether a step is owed, or will be again when its exemption ends."""
    return step.is_open or owed_again_at(reading, step) is not None


def owed_again_at(reading: Reading, step: Step) -> datetime | None:
    """When an exempted step is owed again; never once care has ended, unless it outlives that."""
    if step.state is not StepState.EXEMPTED:
        return None
    if reading.ending and (reading.ending.void or not _outlives_care(reading, step, reading.ending)):
        return None
    return exemption(reading, step.key, reading.today).ends_at


def _was_owed_before_leaving(reading: Reading, step: Step, ending: Ending) -> bool:
    """Whether reg 33(3)(c) to (e) asked for this review before the child left.

    Asked for by a fact, unless the child went to a parent after all; and, without being asked for, when a remand or
    police protection ends before any review. Not when another authority took the care over.
    """
    if step.phase is not Phase.REVIEW or step.name == "complete_review":
        return False
    if ending.death or ending.reason in (TURNED_EIGHTEEN, EndReason.E3):
        return False
    cycle = reading.cycles[step.cycle - 1]
    grounds = {duty.ground for duty in cycle.early}
    if ending.reason in TO_A_PARENT:
        grounds.discard(EarlyReviewGround.CEASING_NOT_TO_PARENT)
    on_remand = reading.case.legal_status.is_remand_or_police
    return bool(grounds & EarlyReviewGround.before_leaving()) or (cycle.number == 1 and on_remand)
