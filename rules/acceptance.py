"""What cannot be: an act is refused before it is recorded when the facts that stand contradict it.

Each refusal is one sentence a social worker can act on. Nothing here needs the working calendar, because the
workflow asks these questions itself. What is merely late or unwise is never refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.case import Case, Known
from rules.ending import Ending, ending_of
from rules.facts import (
    AfterReview,
    BecameLookedAfter,
    CareEnded,
    CareVoided,
    CaseTakenOn,
    ChildConsulted,
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    DecisionsSent,
    EarlyReviewRequired,
    Entry,
    Fact,
    FactBase,
    FactCorrected,
    FactWithdrawn,
    IroAppointed,
    IroCoverArranged,
    IroCoverEnded,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    IroServiceNotified,
    ManagerReplied,
    PlainFact,
    ReviewAdjourned,
    ReviewArranged,
    ReviewContinued,
    ReviewHeld,
    ReviewingPolicyGiven,
    ReviewOpened,
    ShortBreakLimitExceeded,
    StepExempted,
    ViewsGathered,
)
from rules.named_iro import named_iro
from rules.vocabulary import ConsultationOutcome, EarlyReviewGround, ParticipationCode, age_on, birthday


class Refused(ValueError):
    """An act that cannot be recorded, with one sentence that says why and what to do."""


@dataclass(frozen=True)
class Scene:
    """What an act is held against.

    Attributes:
        case: the facts that stand.
        today: a London date.
        review_due: the last day in law for the review now owed, as last derived; None when none is owed.
        steps: the keys of the steps last derived.
        ending: how care ended, if it has.
    """

    case: Case
    today: date
    review_due: date | None
    steps: frozenset[str]
    ending: Ending | None


BEFORE_CARE = (IroServiceNotified, IroAppointed, ReviewingPolicyGiven)
"""A planned admission is told, and its IRO named, before the child becomes looked after."""

AFTER_CARE = (AfterReview, DecisionCarriedOut, DecisionDropped, StepExempted)
"""What may still be done when care has ended: the record of the last review is finished."""


def says(day: date) -> str:
    """A day as people write it: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def check_opening(fact: BecameLookedAfter, today: date) -> None:
    """Refuse a notification that cannot be.

    Args:
        fact: the notification.
        today: a London date.

    Raises:
        Refused: the child was not yet born, was 18, or the day has not come.
    """
    if fact.birth_date > fact.on:
        raise Refused(
            f"The birth date is after the day the child became looked after ({says(fact.on)}); correct one of them."
        )
    if fact.on > today:
        raise Refused(f"{says(fact.on)} has not come yet; notify when the child has become looked after.")
    if fact.on >= birthday(fact.birth_date, 18):
        raise Refused(
            f"By that birth date the person was 18 or over on {says(fact.on)}, and cannot be looked after."
        )


def check(
    entries: Iterable[Entry],
    fact: Fact,
    today: date,
    review_due: date | None = None,
    steps: Iterable[str] = (),
) -> None:
    """Refuse an act that the facts contradict.

    Args:
        entries: the ledger.
        fact: what is to be recorded.
        today: a London date.
        review_due: the last day in law for the review now owed, as last derived.
        steps: the keys of the steps last derived.

    Raises:
        Refused: with the reason, in words.
    """
    case = Case(entries)
    scene = Scene(case, today, review_due, frozenset(steps), ending_of(case, today))
    if isinstance(fact, FactCorrected):
        _check_correction(scene, fact)
        return
    _check_day(scene, fact)
    for kind, checks in _CHECKS.items():
        if isinstance(fact, kind):
            checks(scene, fact)


def _check_day(scene: Scene, fact: FactBase) -> None:
    if fact.on > scene.today:
        raise Refused(f"{says(fact.on)} has not come yet; record it when it has happened.")
    if fact.on < scene.case.first_day and not isinstance(fact, BEFORE_CARE):
        raise Refused(
            f"{says(fact.on)} is before the child became looked after ({says(scene.case.first_day)});"
            " check the day, or correct the day the child became looked after."
        )
    ending = scene.ending
    allowed = isinstance(fact, (*AFTER_CARE, FactWithdrawn))
    if ending and fact.on > ending.on and not allowed:
        raise Refused(
            f"Care ended on {says(ending.on)} ({ending.words}); only what follows the last review can be recorded"
            " after that day."
        )


# --- One check a kind ---------------------------------------------------------------------------------------------


def _second_opening(scene: Scene, fact: BecameLookedAfter) -> None:
    raise Refused(
        "The child is already looked after in this episode; to change that day or the birth date, correct the fact"
        f" {scene.case.opening.id}."
    )


def _taken_on(scene: Scene, fact: CaseTakenOn) -> None:
    raise Refused("A case is taken on from another system when its episode is opened, not later.")


def _unvoided(scene: Scene, fact: CareVoided) -> None:
    if (fact.on - scene.case.first_day).days > 1:
        raise Refused(
            "Less than 24 hours cannot reach from"
            f" {says(scene.case.first_day)} to {says(fact.on)}; record that care ended instead."
        )
    if scene.case.all(ReviewHeld):
        raise Refused("A review has been held, so the child was looked after; withdraw the review first.")


def _ending_once(scene: Scene, fact: CareEnded) -> None:
    if scene.case.all(CareEnded) or scene.case.all(CareVoided):
        raise Refused("The end of care is recorded already; correct that fact, or withdraw it.")
    later = [known.on for known in scene.case.all(ReviewHeld) if known.on > fact.on]
    if later:
        raise Refused(
            f"A review was held on {says(max(later))}, after care is said to have ended; correct one of them."
        )
    if fact.on > scene.case.eighteenth_birthday:
        raise Refused(
            f"Care ended at the latest on the 18th birthday, {says(scene.case.eighteenth_birthday)}."
        )


def _post_held(scene: Scene, fact: IroPostVacated | IroCoverArranged | IroCoverEnded) -> None:
    named = named_iro(scene.case, scene.today)
    if named.iro is None:
        raise Refused("The child has no IRO now; appoint one first.")
    if isinstance(fact, IroCoverArranged) and fact.cover == named.iro:
        raise Refused("An IRO cannot cover for themselves; name another.")
    if isinstance(fact, IroCoverArranged) and fact.until and fact.until < fact.on:
        raise Refused("Cover ends before it begins; check the days.")
    if isinstance(fact, IroCoverEnded) and named.cover is None:
        raise Refused("Nobody covers for the child's IRO now.")


def _same_iro(scene: Scene, fact: IroAppointed) -> None:
    if named_iro(scene.case, scene.today).iro == fact.iro:
        raise Refused(f"{fact.iro} is the child's IRO already.")


def _iro_to_tell_of(scene: Scene, fact: IroMadeKnown | IroNotMadeKnown) -> None:
    if not any(known.on <= fact.on for known in scene.case.all(IroAppointed)):
        raise Refused(f"No IRO had been appointed by {says(fact.on)}, so nobody could be told who it is.")


def _arranged(scene: Scene, fact: ReviewArranged) -> None:
    if fact.planned_for < fact.on:
        raise Refused("A review cannot be arranged for a day that had passed; record it as held.")
    if fact.planned_for >= scene.case.eighteenth_birthday:
        raise Refused(
            f"By {says(fact.planned_for)} the child is 18 and no longer looked after; arrange it for an earlier day."
        )


def _early(scene: Scene, fact: EarlyReviewRequired) -> None:
    if fact.before < fact.on:
        raise Refused("The day by which the early review is required had passed already; check the days.")
    status = scene.case.opening.fact.legal_status
    if fact.ground is EarlyReviewGround.CEASING_NOT_TO_PARENT and status.value in ("C1", "C2"):
        raise Refused("Reg 33(3)(e) is for a child who is not in care under an order; choose another ground.")


def _consulted(scene: Scene, fact: ChildConsulted) -> None:
    needs_reason = (ConsultationOutcome.TOO_YOUNG, ConsultationOutcome.NOT_APPROPRIATE)
    if fact.outcome in needs_reason and not fact.reason:
        raise Refused(f"Say why: the outcome {fact.outcome} needs a reason.")
    if fact.outcome is ConsultationOutcome.SPOKE and not fact.ways:
        raise Refused("Say in which way the child was heard (ways), for example in_person.")


def _views(scene: Scene, fact: ViewsGathered) -> None:
    if not fact.given and not fact.reason:
        raise Refused("Say why the views were not given (reason).")


def _last_review(scene: Scene) -> date | None:
    held = [known.on for known in scene.case.all(ReviewHeld) if known.fact.counts]
    return max(held, default=None)


def _since(scene: Scene, kinds: tuple[type[FactBase], ...]) -> list[Known[FactBase]]:
    last = _last_review(scene)
    return [known for kind in kinds for known in scene.case.all(kind) if last is None or known.on > last]


def _opened_once(scene: Scene, fact: ReviewOpened) -> None:
    _after_last_review(scene, fact)
    if _since(scene, (ReviewOpened, ReviewAdjourned)):
        raise Refused(
            "A review is open already; record a further meeting (review_continued), or complete it."
        )


def _continued(scene: Scene, fact: ReviewContinued) -> None:
    opened = _since(scene, (ReviewOpened, ReviewAdjourned))
    if not opened:
        raise Refused("No review is open; record its first meeting (review_opened) first.")
    if fact.on < min(known.on for known in opened):
        raise Refused("A further meeting cannot come before the first; check the day.")


def _adjourned_once(scene: Scene, fact: ReviewAdjourned) -> None:
    _after_last_review(scene, fact)
    if _since(scene, (ReviewAdjourned,)):
        raise Refused("The review has been adjourned once, and may not be adjourned again; complete it.")
    opened = [known.on for known in _since(scene, (ReviewOpened,))]
    if opened and fact.on < min(opened):
        raise Refused("A review cannot be adjourned before it opened; check the day.")
    if fact.reconvene_on <= fact.on:
        raise Refused("An adjourned review reconvenes on a later day; check reconvene_on.")


def _after_last_review(scene: Scene, fact: FactBase) -> None:
    last = _last_review(scene)
    if last and fact.on <= last:
        raise Refused(f"A review was completed on {says(last)}; this must come after it. Check the day.")


def _held(scene: Scene, fact: ReviewHeld) -> None:
    if fact.counts and any(known.on == fact.on for known in scene.case.all(ReviewHeld) if known.fact.counts):
        raise Refused(
            f"A review held on {says(fact.on)} is recorded already; correct that fact if it is wrong."
        )
    opened_on = _opened_on(scene, fact)
    if opened_on > fact.on:
        raise Refused("A review cannot be completed before it opened; check the days.")
    if opened_on < scene.case.first_day:
        raise Refused(
            f"The review opened before the child became looked after ({says(scene.case.first_day)})."
        )
    check_participation(scene.case.opening.fact.birth_date, fact)
    last = _last_review(scene)
    owed_now = last is None or fact.on > last
    if (
        fact.counts
        and owed_now
        and scene.review_due
        and opened_on > scene.review_due
        and not fact.late_reason
    ):
        raise Refused(
            f"The review was due by {says(scene.review_due)} and opened on {says(opened_on)}; say why it was late"
            " (late_reason)."
        )


def _opened_on(scene: Scene, fact: ReviewHeld) -> date:
    if fact.opened_on:
        return fact.opened_on
    opened = [known.on for known in _since(scene, (ReviewOpened, ReviewAdjourned)) if known.on <= fact.on]
    return min(opened, default=fact.on) if fact.counts else fact.on


def check_participation(birth: date, fact: ReviewHeld) -> None:
    """Refuse a participation code that does not fit the child's age on the day of the review.

    On the 4th birthday itself either is taken (SSDA903 rules 440 and 441).

    Args:
        birth: the child's birth date.
        fact: the review.

    Raises:
        Refused: PN0 for a child past the 4th birthday, PN1 to PN7 before it, or no code.
    """
    code = fact.participation
    if code is None:
        if fact.counts:
            raise Refused("Say how the child took part (participation, PN0 to PN7).")
        return
    age, fourth = age_on(birth, fact.on), birthday(birth, 4)
    if code is ParticipationCode.PN0 and fact.on > fourth:
        raise Refused(
            f"PN0 is for a child under 4, and the child was {age} on {says(fact.on)}; choose PN1 to PN7."
        )
    if code is not ParticipationCode.PN0 and fact.on < fourth:
        raise Refused(
            f"{code} is for a child of 4 or more, and the child was {age} on {says(fact.on)}; use PN0."
        )


def _follows_a_review(scene: Scene, fact: AfterReview) -> None:
    days = [known.on for known in scene.case.all(ReviewHeld) if known.fact.counts]
    if fact.review and fact.review not in days:
        raise Refused(f"No review was held on {says(fact.review)}; name the day of the review this follows.")
    if not any(day <= fact.on for day in days):
        raise Refused(f"No review had been held by {says(fact.on)}; record the review first.")
    if fact.review and fact.on < fact.review:
        raise Refused("What follows a review cannot come before it; check the days.")


def _reply(scene: Scene, fact: ManagerReplied) -> None:
    if not any(known.on <= fact.on for known in scene.case.all(DecisionsSent)):
        raise Refused(
            "The decisions have not been sent to the manager yet; record that first (decisions_sent)."
        )
    if fact.outcome != "accepted" and not fact.reason:
        raise Refused("Say why the decisions are queried or rejected (reason).")


def _decision(scene: Scene, fact: DecisionMade) -> None:
    if any(known.fact.decision == fact.decision for known in scene.case.all(DecisionMade)):
        raise Refused(f"A decision {fact.decision} is recorded already; choose another reference.")
    if fact.due < fact.on:
        raise Refused("A decision cannot be due before it was made; check the days.")


def _known_decision(scene: Scene, fact: DecisionChanged | DecisionCarriedOut | DecisionDropped) -> None:
    made = [known for known in scene.case.all(DecisionMade) if known.fact.decision == fact.decision]
    if not made:
        raise Refused(f"There is no open decision {fact.decision}; check the reference.")
    if fact.on < made[0].on:
        raise Refused(f"The decision {fact.decision} was made later, on {says(made[0].on)}; check the day.")


def _short_breaks(scene: Scene, fact: ShortBreakLimitExceeded) -> None:
    if not scene.case.opening.fact.legal_status.is_short_break:
        raise Refused("The child is not in a series of short breaks.")


def _known_step(scene: Scene, fact: StepExempted) -> None:
    if scene.steps and fact.step not in scene.steps:
        raise Refused(f"There is no step {fact.step}; the agenda lists them.")
    if fact.until and fact.until < fact.on:
        raise Refused("The exemption ends before it begins; check the days.")


def _withdrawable(scene: Scene, fact: FactWithdrawn) -> None:
    if fact.withdraws == scene.case.opening.id:
        raise Refused(
            "The opening fact cannot be withdrawn; correct it, or record that the child was never looked after"
            " (care_voided)."
        )
    _find(scene, fact.withdraws)


def _find(scene: Scene, reference: str) -> Known[PlainFact]:
    found = next((known for known in scene.case.standing if known.id == reference), None)
    if found is None:
        raise Refused(
            f"There is no fact {reference} in the open part of this episode; the timeline lists what can be changed."
        )
    return found


def _check_correction(scene: Scene, fact: FactCorrected) -> None:
    wrong, right = _find(scene, fact.corrects).fact, fact.to
    if wrong.kind != right.kind:
        raise Refused(
            f"{fact.corrects} is {wrong.kind}, and cannot become {right.kind}; withdraw it instead."
        )
    if fact.on > scene.today:
        raise Refused(f"{says(fact.on)} has not come yet.")
    if isinstance(wrong, BecameLookedAfter) and isinstance(right, BecameLookedAfter):
        _check_corrected_opening(scene, wrong, right)
        return
    others = [entry for entry in _entries_without(scene.case, fact.corrects)]
    check(others, right, scene.today)


def _check_corrected_opening(scene: Scene, wrong: BecameLookedAfter, right: BecameLookedAfter) -> None:
    if (wrong.child, wrong.authority, wrong.nation) != (right.child, right.authority, right.nation):
        raise Refused(
            "A correction cannot make it another child or authority; void this episode and open another."
        )
    check_opening(right, scene.today)
    reviews = [known.on for known in scene.case.all(ReviewHeld)]
    if reviews and min(reviews) < right.on:
        raise Refused(
            f"A review was held on {says(min(reviews))}, before {says(right.on)}; correct or withdraw it first."
        )


def _entries_without(case: Case, reference: str) -> list[Entry]:
    return [
        Entry(fact=known.fact, at=known.at, settled=known.settled)
        for known in case.standing
        if known.id != reference
    ]


_CHECKS: dict[type[FactBase], Callable[[Scene, Any], None]] = {
    BecameLookedAfter: _second_opening,
    CaseTakenOn: _taken_on,
    CareVoided: _unvoided,
    CareEnded: _ending_once,
    IroAppointed: _same_iro,
    IroPostVacated: _post_held,
    IroCoverArranged: _post_held,
    IroCoverEnded: _post_held,
    IroMadeKnown: _iro_to_tell_of,
    IroNotMadeKnown: _iro_to_tell_of,
    ReviewArranged: _arranged,
    EarlyReviewRequired: _early,
    ChildConsulted: _consulted,
    ViewsGathered: _views,
    ReviewOpened: _opened_once,
    ReviewContinued: _continued,
    ReviewAdjourned: _adjourned_once,
    ReviewHeld: _held,
    AfterReview: _follows_a_review,
    ManagerReplied: _reply,
    DecisionMade: _decision,
    DecisionChanged: _known_decision,
    DecisionCarriedOut: _known_decision,
    DecisionDropped: _known_decision,
    ShortBreakLimitExceeded: _short_breaks,
    StepExempted: _known_step,
    FactWithdrawn: _withdrawable,
}
"""The check of each kind of fact; a fact that is of several kinds passes each of them."""
