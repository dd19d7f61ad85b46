"""Facts of court proceedings about the child: who is named to whom, hearings, documents, the children's guardian.

A set of proceedings is named by the id of the fact that says it was issued (IRO Handbook ch 8; practice notes 4.8).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from rules.facts.base import FactBase
from rules.facts.reviews import AfterReview
from rules.vocabulary import Day, Reference, Role, Words


class ProceedingsKind(StrEnum):
    """What the court is asked for."""

    CARE_OR_SUPERVISION = "care_or_supervision"
    PLACEMENT = "placement"
    DISCHARGE = "discharge"
    EMERGENCY_PROTECTION = "emergency_protection"
    SECURE_ACCOMMODATION = "secure_accommodation"
    OTHER = "other"


class HearingKind(StrEnum):
    """Which hearing of the proceedings."""

    CASE_MANAGEMENT = "case_management"
    ISSUES_RESOLUTION = "issues_resolution"
    FINAL = "final"
    OTHER = "other"


class CourtDocument(StrEnum):
    """The court documents that an IRO is to have."""

    ORDER = "order"
    DIRECTIONS = "directions"
    EXPERT_REPORT = "expert_report"
    GUARDIAN_REPORT = "guardian_report"
    OTHER = "other"


class GuardianTopic(StrEnum):
    """What an IRO and a children's guardian talk over at intervals (IRO Handbook ch 8)."""

    WISHES_AND_FEELINGS = "wishes_and_feelings"
    CARE_PLAN = "care_plan"
    DISPUTES = "disputes"
    """Whether the care plan is in dispute, and how that stands."""
    COMPLAINTS = "complaints"
    ISSUES_IN_COURT = "issues_in_court"
    """What was raised in court about how the plan is carried out."""


class ProceedingsOutcome(StrEnum):
    """How proceedings ended."""

    CARE_ORDER = "care_order"
    PLACEMENT_ORDER = "placement_order"
    SUPERVISION_ORDER = "supervision_order"
    SPECIAL_GUARDIANSHIP = "special_guardianship"
    CHILD_ARRANGEMENTS = "child_arrangements"
    ORDER_DISCHARGED = "order_discharged"
    NO_ORDER = "no_order"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class ProceedingsIssued(FactBase):
    """Court proceedings about the child were issued."""

    kind: Literal["proceedings_issued"] = "proceedings_issued"
    about: ProceedingsKind
    with_children: tuple[Reference, ...] = ()
    """The other children they are about, by their references; each has an episode, and the same facts there."""


class OfProceedings(FactBase):
    """A fact about one set of proceedings."""

    proceedings: Reference


class IroNamedInProceedings(OfProceedings):
    """The IRO's name and contacts were given: by the IRO service to the legal service, or by that to the court."""

    kind: Literal["iro_named_in_proceedings"] = "iro_named_in_proceedings"
    to: Literal[Role.LEGAL, Role.COURT]


class GuardianAppointed(OfProceedings):
    """The court appointed a children's guardian, or another one."""

    kind: Literal["guardian_appointed"] = "guardian_appointed"


class GuardianNamedToIro(OfProceedings):
    """The legal service told the IRO who the guardian is, and how to reach them."""

    kind: Literal["guardian_named_to_iro"] = "guardian_named_to_iro"


class CourtDocumentReceived(OfProceedings):
    """The legal service received a court document that the IRO is to have."""

    kind: Literal["court_document_received"] = "court_document_received"
    document: CourtDocument


class CourtDocumentGiven(FactBase):
    """The IRO had a court document."""

    kind: Literal["court_document_given"] = "court_document_given"
    document: Reference
    """The fact that tells of its receipt."""


class HearingListed(OfProceedings):
    """A hearing was listed, or is known to have been held."""

    kind: Literal["hearing_listed"] = "hearing_listed"
    hearing: HearingKind
    held_on: Day


class HearingMoved(FactBase):
    """A hearing was brought forward or put off, or will not be held."""

    kind: Literal["hearing_moved"] = "hearing_moved"
    hearing: Reference
    """The fact that listed it."""
    held_on: Day | None = None
    """Its new day; none where it will not be held."""
    reason: Words


class HearingReached(FactBase):
    """The day of a hearing came."""

    kind: Literal["hearing_reached"] = "hearing_reached"
    hearing: Reference


class HearingReported(FactBase):
    """The legal service told the IRO what came of a hearing."""

    kind: Literal["hearing_reported"] = "hearing_reported"
    hearing: Reference
    words: Words


class GuardianInvited(OfProceedings):
    """The guardian was told of the coming review, and invited."""

    kind: Literal["guardian_invited"] = "guardian_invited"


class RecordFiled(AfterReview):
    """The legal service gave the record of a review to the court."""

    kind: Literal["record_filed"] = "record_filed"


class SpokeWithGuardian(OfProceedings):
    """The IRO and the guardian spoke, and about what."""

    kind: Literal["spoke_with_guardian"] = "spoke_with_guardian"
    topics: Annotated[tuple[GuardianTopic, ...], Field(min_length=1)]
    words: Words | None = None


class CourtToldOfDispute(OfProceedings):
    """The legal service told the court of a dispute between the IRO and the authority."""

    kind: Literal["court_told_of_dispute"] = "court_told_of_dispute"
    dispute: Reference


class ProceedingsEnded(OfProceedings):
    """The proceedings ended."""

    kind: Literal["proceedings_ended"] = "proceedings_ended"
    outcome: ProceedingsOutcome


class GuardianHandedOver(OfProceedings):
    """The guardian and the IRO had their last talk: what is to be kept under review."""

    kind: Literal["guardian_handed_over"] = "guardian_handed_over"
    words: Words | None = None
