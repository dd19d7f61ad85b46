"""What cannot be: an act is refused before it is recorded when the facts that stand contradict it.

Each refusal is one sentence a social worker can act on. Nothing here needs the working calendar, because the
workflow asks these questions itself. What is merely late or unwise is never refused.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from rules.acceptance import (
    care,
    challenge,
    changes,
    childs_road,
    dispute,
    follow_up,
    iro,
    notices,
    preparation,
    proceedings,
    referral,
    reviews,
    revisions,
)
from rules.acceptance.care import check_opening
from rules.acceptance.reviews import check_participation
from rules.acceptance.scene import Refused, Scene, says
from rules.case import Case
from rules.court import in_proceedings
from rules.disputes import is_disputed
from rules.ending import Ending, ending_of
from rules.facts import Entry, Fact, FactCorrected, FactWithdrawn
from rules.facts.base import FactBase
from rules.facts.cafcass import CafcassConsidered, CafcassReferred, CafcassReplied, LegalAdviceAsked, LegalAdviceGiven
from rules.facts.care import (
    BecameLookedAfter,
    CareEnded,
    CareVoided,
    CaseTakenOn,
    ExemptionEnded,
    IroServiceNotified,
    ShortBreakLimitExceeded,
    StepExempted,
)
from rules.facts.challenge import (
    ChallengeAnswered,
    ChallengeRaised,
    ChallengeResolved,
    ChallengeWithdrawn,
    GoodPracticeNoted,
    PoorPracticeNoted,
)
from rules.facts.changes import ChangeConsidered, SignificantChange
from rules.facts.childs_road import (
    AdultSought,
    AdvocateAsked,
    AdvocateProvided,
    ChildHelpedToAdvice,
    ChildWantsNoMore,
    ChildWantsProceedings,
    ChildWishAnswered,
    ChildWished,
    ComplaintAnswered,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintWeighed,
)
from rules.facts.dispute import (
    DisputeAnswered,
    DisputeMovedUp,
    DisputePaused,
    DisputeRaised,
    DisputeResolved,
    DisputeTakenUp,
    DisputeWithdrawn,
)
from rules.facts.iro import (
    IroAppointed,
    IroChangeDeclined,
    IroConflictDeclared,
    IroCoverArranged,
    IroCoverEnded,
    IroHandedOver,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    IroProposed,
    KinKnown,
    NeedsKnown,
    NoIroFound,
    ReviewingPolicyGiven,
    ReviewingPolicyWithheld,
    SiblingsKeptApart,
)
from rules.facts.notices import NoticeDelivered, NoticeUndelivered
from rules.facts.proceedings import (
    CourtDocumentGiven,
    CourtDocumentReceived,
    CourtToldOfDispute,
    GuardianAppointed,
    HearingListed,
    HearingMoved,
    HearingReached,
    HearingReported,
    OfProceedings,
    ProceedingsEnded,
    ProceedingsIssued,
)
from rules.facts.reviews import (
    AfterReview,
    ChildConsulted,
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    EarlyReviewRequired,
    ManagerReplied,
    ReviewAdjourned,
    ReviewArranged,
    ReviewContinued,
    ReviewHeld,
    ReviewOpened,
    ViewsGathered,
)

__all__ = ["AFTER_CARE", "BEFORE_CARE", "Refused", "Scene", "check", "check_opening", "check_participation", "says"]

BEFORE_CARE = (
    IroServiceNotified,
    KinKnown,
    NeedsKnown,
    SiblingsKeptApart,
    IroAppointed,
    IroMadeKnown,
    IroNotMadeKnown,
    ReviewingPolicyGiven,
    ReviewingPolicyWithheld,
    ProceedingsIssued,
    GuardianAppointed,
    HearingListed,
    CourtDocumentReceived,
)
"""A planned admission is told, and its IRO named and made known, before the child becomes looked after; and a child
comes into care by an order made in proceedings that go on already."""

AFTER_CARE = (
    AfterReview,
    DecisionCarriedOut,
    DecisionDropped,
    NoticeUndelivered,
    NoticeDelivered,
    StepExempted,
    ExemptionEnded,
    ChallengeRaised,
    ChallengeAnswered,
    ChallengeResolved,
    ChallengeWithdrawn,
    GoodPracticeNoted,
    PoorPracticeNoted,
    DisputeRaised,
    DisputeAnswered,
    DisputeTakenUp,
    DisputeMovedUp,
    DisputePaused,
    DisputeResolved,
    DisputeWithdrawn,
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
    AdultSought,
    ChildHelpedToAdvice,
    ChildWantsNoMore,
    ChildWantsProceedings,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintWeighed,
    ComplaintAnswered,
    AdvocateAsked,
    AdvocateProvided,
    ChildWishAnswered,
)
"""What may still be done when care has ended: the record of the last review is finished, and reaches people; the IRO
challenges how it ended, unless by death (`rules.acceptance.challenge`), and what was challenged before is settled."""

WHILE_DISPUTED = (
    IroProposed,
    NoIroFound,
    IroAppointed,
    IroPostVacated,
    IroConflictDeclared,
    IroCoverArranged,
    IroCoverEnded,
)
"""What may be done then while a dispute is open: its IRO leaves, or is away, and another goes on with it."""

WHILE_IN_COURT = (
    HearingListed,
    HearingMoved,
    HearingReached,
    HearingReported,
    CourtToldOfDispute,
    ProceedingsEnded,
)
"""What may be recorded then while court proceedings go on, unless the child has died: a child may go home before they
end."""


def check(
    entries: Iterable[Entry],
    fact: Fact,
    today: date,
    review_due: date | None = None,
    steps: Iterable[str] = (),
    complete_by: date | None = None,
    held_due: date | None = None,
) -> None:
    """Refuse an act that the facts contradict.

    Args:
        entries: the ledger.
        fact: what is to be recorded.
        today: a London date.
        review_due: the last day in law for the review now owed, as last derived.
        steps: the keys of the steps last derived.
        complete_by: the last day to complete the review that has opened, as last derived.
        held_due: the last day in law for the last review that was held, as last derived.

    Raises:
        Refused: with the reason, in words.
    """
    case = Case(entries)
    scene = Scene(case, today, review_due, frozenset(steps), ending_of(case, today), complete_by, held_due)
    if isinstance(fact, FactCorrected):
        revisions.corrected(scene, fact, _check_plain)
    else:
        _check_plain(scene, fact)


def _check_plain(scene: Scene, fact: FactBase) -> None:
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
    if ending is None or isinstance(fact, FactWithdrawn | CareEnded | CareVoided):
        return
    if ending.void:
        raise Refused("The child was never looked after (care_voided); withdraw that first if it is wrong.")
    if fact.on > ending.on and not (isinstance(fact, AFTER_CARE) or _goes_on_after(scene, fact, ending)):
        raise Refused(
            f"Care ended on {says(ending.on)} ({ending.words}); only what follows the last review, and a challenge,"
            " can be recorded after that day."
        )


def _goes_on_after(scene: Scene, fact: FactBase, ending: Ending) -> bool:
    """Whether it is of a dispute, or of proceedings, that the end of care has not ended."""
    if isinstance(fact, WHILE_DISPUTED) and is_disputed(scene.case):
        return True
    return isinstance(fact, WHILE_IN_COURT) and not ending.death and in_proceedings(scene.case, fact.on)


_CHECKS: dict[type[FactBase], Callable[[Scene, Any], None]] = {
    BecameLookedAfter: care.second_opening,
    CaseTakenOn: care.taken_on,
    CareVoided: care.voided,
    CareEnded: care.ended,
    ShortBreakLimitExceeded: care.short_break_limit,
    KinKnown: iro.kin,
    IroAppointed: iro.appointed,
    IroChangeDeclined: iro.change_declined,
    IroHandedOver: iro.handed_over,
    IroPostVacated: iro.post_held,
    IroCoverArranged: iro.post_held,
    IroCoverEnded: iro.post_held,
    IroMadeKnown: iro.iro_to_tell_of,
    IroNotMadeKnown: iro.iro_to_tell_of,
    ReviewArranged: preparation.arranged,
    EarlyReviewRequired: preparation.early_required,
    ChildConsulted: preparation.consulted,
    ViewsGathered: preparation.views,
    ReviewOpened: reviews.opened,
    ReviewContinued: reviews.continued,
    ReviewAdjourned: reviews.adjourned,
    ReviewHeld: reviews.held,
    AfterReview: follow_up.follows_a_review,
    ManagerReplied: follow_up.replied,
    DecisionMade: follow_up.decision_made,
    DecisionChanged: follow_up.decision_changed,
    DecisionCarriedOut: follow_up.open_decision,
    DecisionDropped: follow_up.open_decision,
    SignificantChange: changes.reported,
    ChangeConsidered: changes.considered,
    ChallengeRaised: challenge.raised,
    ChallengeAnswered: challenge.answered,
    ChallengeResolved: challenge.closed,
    ChallengeWithdrawn: challenge.closed,
    DisputeRaised: dispute.raised,
    DisputeAnswered: dispute.answered,
    DisputeTakenUp: dispute.taken_up,
    DisputeMovedUp: dispute.moved_up,
    DisputePaused: dispute.paused,
    DisputeResolved: dispute.closed,
    DisputeWithdrawn: dispute.closed,
    CafcassConsidered: referral.considered,
    CafcassReferred: referral.referred,
    CafcassReplied: referral.replied,
    LegalAdviceAsked: referral.advice_asked,
    LegalAdviceGiven: referral.advice_given,
    ProceedingsIssued: proceedings.issued,
    OfProceedings: proceedings.about,
    ProceedingsEnded: proceedings.ended,
    HearingListed: proceedings.listed,
    HearingMoved: proceedings.moved,
    HearingReached: proceedings.reached,
    HearingReported: proceedings.reported,
    CourtDocumentReceived: proceedings.received,
    CourtDocumentGiven: proceedings.document_given,
    CourtToldOfDispute: proceedings.told_of_dispute,
    ChildWantsProceedings: childs_road.asked,
    ComplaintMade: childs_road.asked,
    AdvocateAsked: childs_road.asked,
    ChildWantsNoMore: childs_road.wants_no_more,
    ChildWished: childs_road.wished,
    ChildWishAnswered: childs_road.wish_answered,
    AdultSought: childs_road.adult_sought,
    ChildHelpedToAdvice: childs_road.helped,
    ComplaintPassedOn: childs_road.complaint_passed_on,
    ComplaintWeighed: childs_road.complaint_weighed,
    ComplaintAnswered: childs_road.complaint_answered,
    AdvocateProvided: childs_road.advocate_provided,
    NoticeUndelivered: notices.undelivered,
    NoticeDelivered: notices.delivered,
    StepExempted: follow_up.exempted,
    ExemptionEnded: follow_up.exemption_ended,
    FactWithdrawn: revisions.withdrawn,
}
"""The check of each kind of fact; a fact that is of several kinds passes each of them."""
