"""Facts: what happened, on which day, recorded when and by whom. Never edited, only corrected by a later fact.

Each kind of fact is one act a person or a case system may record. The docstring of each says, in the words shown
by `starter.py acts`, what happened. Free words (a reason, a decision) say no names.

The kinds stand in the modules of this package; here stand all of them together, and what corrects a fact of any kind.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter

from rules.facts import cafcass, care, challenge, changes, childs_road, dispute, iro, notices, proceedings, reviews
from rules.facts.base import FactBase
from rules.vocabulary import Frozen, Reference, Words

type_of_plain_fact = (
    care.BecameLookedAfter
    | care.IroServiceNotified
    | care.CaseTakenOn
    | care.SocialWorkerChanged
    | care.LegalStatusChanged
    | care.ShortBreakLimitExceeded
    | iro.KinKnown
    | iro.SiblingsKeptApart
    | iro.NeedsKnown
    | iro.IroProposed
    | iro.NoIroFound
    | iro.IroAppointed
    | iro.IroConflictDeclared
    | iro.IroChangeAsked
    | iro.IroChangeDeclined
    | iro.IroHandedOver
    | iro.IroPostVacated
    | iro.IroCoverArranged
    | iro.IroCoverEnded
    | iro.IroMadeKnown
    | iro.IroNotMadeKnown
    | iro.ReviewingPolicyGiven
    | iro.ReviewingPolicyWithheld
    | reviews.ReviewArranged
    | reviews.EarlyReviewRequired
    | reviews.DiscussionHeld
    | reviews.InvitationsSent
    | reviews.ReportReceived
    | reviews.ChildConsulted
    | reviews.ViewsGathered
    | reviews.ReviewOpened
    | reviews.ReviewContinued
    | reviews.ReviewAdjourned
    | reviews.ReviewHeld
    | reviews.DecisionMade
    | reviews.DecisionChanged
    | reviews.DecisionCarriedOut
    | reviews.DecisionDropped
    | reviews.DecisionsSent
    | reviews.ManagerReplied
    | reviews.DecisionsCirculated
    | reviews.RecordCompleted
    | reviews.RecordDistributed
    | reviews.RecordWithheld
    | reviews.MidPointChecked
    | changes.SignificantChange
    | changes.ChangeConsidered
    | changes.ChildWrote
    | challenge.ChallengeRaised
    | challenge.ChallengeAnswered
    | challenge.ChallengeResolved
    | challenge.ChallengeWithdrawn
    | challenge.GoodPracticeNoted
    | challenge.PoorPracticeNoted
    | dispute.DisputeRaised
    | dispute.DisputeAnswered
    | dispute.DisputeTakenUp
    | dispute.DisputeMovedUp
    | dispute.DisputePaused
    | dispute.DisputeResolved
    | dispute.DisputeWithdrawn
    | cafcass.CafcassConsidered
    | cafcass.CafcassReferred
    | cafcass.CafcassReplied
    | cafcass.LegalAdviceAsked
    | cafcass.LegalAdviceGiven
    | proceedings.ProceedingsIssued
    | proceedings.IroNamedInProceedings
    | proceedings.GuardianAppointed
    | proceedings.GuardianNamedToIro
    | proceedings.CourtDocumentReceived
    | proceedings.CourtDocumentGiven
    | proceedings.HearingListed
    | proceedings.HearingMoved
    | proceedings.HearingReached
    | proceedings.HearingReported
    | proceedings.GuardianInvited
    | proceedings.RecordFiled
    | proceedings.SpokeWithGuardian
    | proceedings.CourtToldOfDispute
    | proceedings.ProceedingsEnded
    | proceedings.GuardianHandedOver
    | childs_road.ChildWantsProceedings
    | childs_road.ChildWantsNoMore
    | childs_road.AdultSought
    | childs_road.ChildHelpedToAdvice
    | childs_road.ComplaintMade
    | childs_road.ComplaintPassedOn
    | childs_road.ComplaintWeighed
    | childs_road.ComplaintAnswered
    | childs_road.AdvocateAsked
    | childs_road.AdvocateProvided
    | childs_road.ChildWished
    | childs_road.ChildWishAnswered
    | notices.NoticeUndelivered
    | notices.NoticeDelivered
    | care.StepExempted
    | care.ExemptionEnded
    | care.CareEnded
    | care.CareVoided
)

PlainFact = Annotated[type_of_plain_fact, Field(discriminator="kind")]
"""Anything that happened to the child or the case."""


class FactWithdrawn(FactBase):
    """A fact was recorded in error and is taken back, for a reason."""

    kind: Literal["fact_withdrawn"] = "fact_withdrawn"
    withdraws: Reference
    reason: Words


class FactCorrected(FactBase):
    """A fact was recorded wrongly; here is what is right, and why it was wrong."""

    kind: Literal["fact_corrected"] = "fact_corrected"
    corrects: Reference
    reason: Words
    to: PlainFact
    """What is right. It keeps the corrected fact's id and kind."""


Fact = Annotated[type_of_plain_fact | FactCorrected | FactWithdrawn, Field(discriminator="kind")]
"""Every fact there is, told apart by `kind`."""


class Entry(Frozen):
    """A fact as it stands in an episode's ledger.

    Attributes:
        fact: what happened.
        at: the instant it was recorded, UTC.
        settled: the steps this fact set off all stand closed in the register; none is derived again.
    """

    fact: Fact
    at: datetime
    settled: bool = False


FACT_TYPES: dict[str, type[FactBase]] = {
    member.model_fields["kind"].default: member
    for member in (*get_args(type_of_plain_fact), FactCorrected, FactWithdrawn)
}
"""Every act by its name."""

OF_THE_CLOCKS = frozenset({"dispute_moved_up", "hearing_reached"})
"""Facts that come by themselves when nobody acted in time: the clocks beside an episode have them recorded."""

OF_THE_SYSTEM = frozenset({"iro_proposed", "no_iro_found", "notice_undelivered"}) | OF_THE_CLOCKS
"""Facts that the system alone records, of what it did itself."""

OF_THE_POST_ROOM = frozenset({"notice_undelivered", "notice_delivered"})
"""Facts that the post room, which is part of the system, sends to an episode. Everything else the system records of
itself comes about within the episode."""

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


def parse_fact(data: dict[str, Any]) -> Fact:
    """Read a fact from plain data, as JSON gives it.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or wrong.
    """
    return _FACT.validate_python(data)
