"""Facts of the child's reviews: before one, the review itself, and what follows it."""

from typing import Literal

from rules.codes import ParticipationCode
from rules.facts.base import FactBase, ToSomeone
from rules.vocabulary import (
    ConsultationOutcome,
    Day,
    EarlyReviewGround,
    FewWords,
    LateReason,
    Reference,
    ReplyOutcome,
    Role,
    TimeOfDay,
    WayHeard,
    Words,
)

# --- Before a review -------------------------------------------------------------------------------------------------


class ReviewArranged(FactBase):
    """The day of the next review was arranged, or rearranged."""

    kind: Literal["review_arranged"] = "review_arranged"
    planned_for: Day
    at: TimeOfDay | None = None
    place: FewWords | None = None
    """Where it is held. Nobody is told who may not know where the child is to be met."""


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


# --- The review ------------------------------------------------------------------------------------------------------


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


# --- After a review --------------------------------------------------------------------------------------------------


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
