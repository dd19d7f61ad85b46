"""Facts: what happened, on which day, recorded when and by whom. Never edited, only corrected by a later fact.

Each kind of fact is one act a person or a case system may record. The docstring of each says, in the words shown
by `starter.py acts`, what happened. Free words (a reason, a decision) say no names.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter

from rules.vocabulary import (
    ApartGround,
    ConsultationOutcome,
    Day,
    EarlyReviewGround,
    EndReason,
    Frozen,
    KinRelation,
    LateReason,
    LegalStatus,
    Nation,
    Need,
    ParticipationCode,
    Reference,
    ReplyOutcome,
    Role,
    StepKey,
    VacancyReason,
    WayHeard,
    WayTold,
    Words,
)


class FactBase(Frozen):
    """What every fact says.

    Attributes:
        id: chosen by the sender; the same id is never recorded twice.
        on: the day it happened, a London date.
        by: who recorded it: an opaque reference, never a name.
    """

    id: Reference
    on: Day
    by: Reference


class ToSomeone(FactBase):
    """A fact about one recipient: told, given to, or not, for a reason."""

    recipient: Role


# --- The beginning -----------------------------------------------------------------------------------------------


class BecameLookedAfter(FactBase):
    """The child became looked after on this day (D0)."""

    kind: Literal["became_looked_after"] = "became_looked_after"
    authority: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    nation: Nation
    child: Reference
    birth_date: Day
    legal_status: LegalStatus = LegalStatus.V2
    social_worker: Reference | None = None
    team_manager: Reference | None = None


class IroServiceNotified(FactBase):
    """The IRO service was told that the child is looked after."""

    kind: Literal["iro_service_notified"] = "iro_service_notified"


class CaseTakenOn(FactBase):
    """The case was taken on from another system; what fell due before this day was that system's to follow."""

    kind: Literal["case_taken_on"] = "case_taken_on"
    first_day_known: bool = True
    """False when the return began after the child became looked after, so that D0 is only the first day seen."""


class LegalStatusChanged(FactBase):
    """The legal status changed; the period of care, and its dates, go on."""

    kind: Literal["legal_status_changed"] = "legal_status_changed"
    legal_status: LegalStatus


class ShortBreakLimitExceeded(FactBase):
    """The series of short breaks passed its limits: from this day the child is fully looked after."""

    kind: Literal["short_break_limit_exceeded"] = "short_break_limit_exceeded"


# --- The IRO -----------------------------------------------------------------------------------------------------


class KinKnown(FactBase):
    """A brother or sister, a parent or a child of this child is looked after by the authority too."""

    kind: Literal["kin_known"] = "kin_known"
    kin: Reference
    relation: KinRelation


class SiblingsKeptApart(FactBase):
    """This child is not to share an IRO with the siblings, for a reason."""

    kind: Literal["siblings_kept_apart"] = "siblings_kept_apart"
    ground: ApartGround
    reason: Words


class NeedsKnown(FactBase):
    """What the child needs of an IRO, such as a language; all that is needed, each time."""

    kind: Literal["needs_known"] = "needs_known"
    needs: tuple[Need, ...]


class IroProposed(FactBase):
    """An IRO was chosen for the child, and waits for the IRO manager's word."""

    kind: Literal["iro_proposed"] = "iro_proposed"
    iro: Reference
    over_capacity: bool = False


class NoIroFound(FactBase):
    """No IRO in the directory may review for the child: each is barred, away or gone."""

    kind: Literal["no_iro_found"] = "no_iro_found"
    directory: str
    """The version of the directory that was looked in."""


class IroAppointed(FactBase):
    """An IRO was appointed for the child, the first or a new one."""

    kind: Literal["iro_appointed"] = "iro_appointed"
    iro: Reference
    reason: Words | None = None
    """Why this one, where the IRO manager chose otherwise than was proposed."""
    over_capacity: bool = False
    """The IRO has more children than the limit allows, because everyone else was full."""
    shares_with: tuple[Reference, ...] = ()
    """The siblings who have the same IRO."""


class IroConflictDeclared(FactBase):
    """An IRO has a conflict of interest with this child; if it is the child's own, there is a vacancy."""

    kind: Literal["iro_conflict_declared"] = "iro_conflict_declared"
    iro: Reference
    reason: Words


class IroChangeAsked(FactBase):
    """The child asked for another IRO, or complained of the one there is."""

    kind: Literal["iro_change_asked"] = "iro_change_asked"
    reason: Words | None = None


class IroChangeDeclined(FactBase):
    """The IRO manager decided that the child's IRO stays, and told the child why."""

    kind: Literal["iro_change_declined"] = "iro_change_declined"
    reason: Words


class IroHandedOver(FactBase):
    """The outgoing IRO introduced the incoming one to the child in person."""

    kind: Literal["iro_handed_over"] = "iro_handed_over"


class IroPostVacated(FactBase):
    """The child's IRO gave the child up; there is a vacancy."""

    kind: Literal["iro_post_vacated"] = "iro_post_vacated"
    reason: VacancyReason


class IroCoverArranged(FactBase):
    """Another IRO covers for the named one, who remains the child's IRO."""

    kind: Literal["iro_cover_arranged"] = "iro_cover_arranged"
    cover: Reference
    until: Day | None = None


class IroCoverEnded(FactBase):
    """The named IRO is back; cover has ended."""

    kind: Literal["iro_cover_ended"] = "iro_cover_ended"


class IroMadeKnown(ToSomeone):
    """Someone was told who the IRO is and how to reach them; a verbal telling carries its day too."""

    kind: Literal["iro_made_known"] = "iro_made_known"
    way: WayTold


class IroNotMadeKnown(ToSomeone):
    """Someone is not to be told who the IRO is, for a reason."""

    kind: Literal["iro_not_made_known"] = "iro_not_made_known"
    reason: Words


class ReviewingPolicyGiven(ToSomeone):
    """The authority's written policy on reviews was given to someone."""

    kind: Literal["reviewing_policy_given"] = "reviewing_policy_given"


class ReviewingPolicyWithheld(ToSomeone):
    """The written policy is not to be given to someone, for a reason (reg 34(2): age, understanding)."""

    kind: Literal["reviewing_policy_withheld"] = "reviewing_policy_withheld"
    reason: Words


# --- Before a review ---------------------------------------------------------------------------------------------


class ReviewArranged(FactBase):
    """The day of the next review was arranged, or rearranged."""

    kind: Literal["review_arranged"] = "review_arranged"
    planned_for: Day


class EarlyReviewRequired(FactBase):
    """A review is owed before its normal date (reg 33(3)), by the day given."""

    kind: Literal["early_review_required"] = "early_review_required"
    ground: EarlyReviewGround
    before: Day
    """The last day for it; for an ending remand, detention or accommodation, the day that ends."""


class DiscussionHeld(FactBase):
    """The IRO and the social worker talked over the coming review."""

    kind: Literal["discussion_held"] = "discussion_held"


class InvitationsSent(FactBase):
    """The invitation list was agreed, and invitations and consultation papers went out."""

    kind: Literal["invitations_sent"] = "invitations_sent"


class ReportReceived(FactBase):
    """The social worker's report and the plans reached the IRO."""

    kind: Literal["report_received"] = "report_received"


class ChildConsulted(FactBase):
    """The IRO spoke with the child before the review, or sought to: what came of it, and how the child was heard."""

    kind: Literal["child_consulted"] = "child_consulted"
    outcome: ConsultationOutcome
    ways: tuple[WayHeard, ...] = ()
    reason: Words | None = None


class ViewsGathered(FactBase):
    """Views for the review were given by the parents or others, or were sought and not given."""

    kind: Literal["views_gathered"] = "views_gathered"
    source: Role
    given: bool = True
    reason: Words | None = None


# --- The review --------------------------------------------------------------------------------------------------


class ReviewOpened(FactBase):
    """The review opened: its first meeting was held, and more is to follow."""

    kind: Literal["review_opened"] = "review_opened"


class ReviewContinued(FactBase):
    """A further meeting of a review that has opened was held."""

    kind: Literal["review_continued"] = "review_continued"


class ReviewAdjourned(FactBase):
    """The IRO adjourned the review, once, for at most 20 working days."""

    kind: Literal["review_adjourned"] = "review_adjourned"
    reason: Words
    reconvene_on: Day
    child_wishes_sought: bool


class ReviewHeld(FactBase):
    """The review was completed on this day."""

    kind: Literal["review_held"] = "review_held"
    opened_on: Day | None = None
    """The first meeting, where it was an earlier day and not recorded by itself."""
    participation: ParticipationCode | None = None
    chaired_by: Reference | None = None
    attended: tuple[Role, ...] = ()
    counts: bool = True
    """False for an informal meeting that is no statutory review and moves no date."""
    late_reason: LateReason | None = None


# --- After a review ----------------------------------------------------------------------------------------------


class AfterReview(FactBase):
    """What follows a review; `review` is that review's day, the latest one before `on` when left out."""

    review: Day | None = None


class DecisionMade(AfterReview):
    """The review decided something: what, who is to do it, and by when."""

    kind: Literal["decision_made"] = "decision_made"
    decision: Reference
    text: Words
    owner: Role
    owner_reference: Reference | None = None
    due: Day


class DecisionChanged(FactBase):
    """A decision got a new day or another owner, for a reason."""

    kind: Literal["decision_changed"] = "decision_changed"
    decision: Reference
    due: Day
    owner: Role | None = None
    reason: Words


class DecisionCarriedOut(FactBase):
    """A decision was carried out."""

    kind: Literal["decision_carried_out"] = "decision_carried_out"
    decision: Reference


class DecisionDropped(FactBase):
    """A decision no longer stands, for a reason."""

    kind: Literal["decision_dropped"] = "decision_dropped"
    decision: Reference
    reason: Words


class DecisionsSent(AfterReview):
    """The written decisions reached the team manager."""

    kind: Literal["decisions_sent"] = "decisions_sent"


class ManagerReplied(AfterReview):
    """The team manager answered the decisions."""

    kind: Literal["manager_replied"] = "manager_replied"
    outcome: ReplyOutcome
    reason: Words | None = None


class DecisionsCirculated(AfterReview):
    """The agreed decisions were circulated."""

    kind: Literal["decisions_circulated"] = "decisions_circulated"


class RecordCompleted(AfterReview):
    """The full written record of the review was finished."""

    kind: Literal["record_completed"] = "record_completed"


class RecordDistributed(AfterReview, ToSomeone):
    """The record was given to someone who should have it."""

    kind: Literal["record_distributed"] = "record_distributed"


class RecordWithheld(AfterReview, ToSomeone):
    """The record is not to go to someone, for a reason."""

    kind: Literal["record_withheld"] = "record_withheld"
    reason: Words


class MidPointChecked(FactBase):
    """The IRO checked, between reviews, how the plan is going."""

    kind: Literal["mid_point_checked"] = "mid_point_checked"


# --- Exemptions, corrections, the end ----------------------------------------------------------------------------


class StepExempted(FactBase):
    """A step is not owed for now, for a reason, until a day or for good."""

    kind: Literal["step_exempted"] = "step_exempted"
    step: StepKey
    reason: Words
    until: Day | None = None


class ExemptionEnded(FactBase):
    """An exempted step is owed again."""

    kind: Literal["exemption_ended"] = "exemption_ended"
    step: StepKey


class CareEnded(FactBase):
    """The child ceased to be looked after."""

    kind: Literal["care_ended"] = "care_ended"
    reason: EndReason


class CareVoided(FactBase):
    """The child was never looked after: it lasted less than 24 hours."""

    kind: Literal["care_voided"] = "care_voided"
    reason: Words


class FactWithdrawn(FactBase):
    """A fact was recorded in error and is taken back, for a reason."""

    kind: Literal["fact_withdrawn"] = "fact_withdrawn"
    withdraws: Reference
    reason: Words


type_of_plain_fact = (
    BecameLookedAfter
    | IroServiceNotified
    | CaseTakenOn
    | LegalStatusChanged
    | ShortBreakLimitExceeded
    | KinKnown
    | SiblingsKeptApart
    | NeedsKnown
    | IroProposed
    | NoIroFound
    | IroAppointed
    | IroConflictDeclared
    | IroChangeAsked
    | IroChangeDeclined
    | IroHandedOver
    | IroPostVacated
    | IroCoverArranged
    | IroCoverEnded
    | IroMadeKnown
    | IroNotMadeKnown
    | ReviewingPolicyGiven
    | ReviewingPolicyWithheld
    | ReviewArranged
    | EarlyReviewRequired
    | DiscussionHeld
    | InvitationsSent
    | ReportReceived
    | ChildConsulted
    | ViewsGathered
    | ReviewOpened
    | ReviewContinued
    | ReviewAdjourned
    | ReviewHeld
    | DecisionMade
    | DecisionChanged
    | DecisionCarriedOut
    | DecisionDropped
    | DecisionsSent
    | ManagerReplied
    | DecisionsCirculated
    | RecordCompleted
    | RecordDistributed
    | RecordWithheld
    | MidPointChecked
    | StepExempted
    | ExemptionEnded
    | CareEnded
    | CareVoided
)

PlainFact = Annotated[type_of_plain_fact, Field(discriminator="kind")]
"""Anything that happened to the child or the case."""


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

OF_THE_SYSTEM = frozenset({"iro_proposed", "no_iro_found"})
"""Facts that the system alone records, of what it did itself; nobody sends them."""

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


def parse_fact(data: dict[str, Any]) -> Fact:
    """Read a fact from plain data, as JSON gives it.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or wrong.
    """
    return _FACT.validate_python(data)
