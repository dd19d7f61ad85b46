"""Codes in plain words for what runs beside the cycle: disputes, Cafcass, the court, what the child asks for."""

from collections.abc import Mapping
from typing import get_args

from desk.forms.words.choices import roles
from rules.dispute_policy import STAGES as STAGES_THERE_ARE
from rules.facts.cafcass import CafcassOutcome
from rules.facts.challenge import PracticeTheme
from rules.facts.childs_road import ComplaintAbout, ReviewWish, WishMet
from rules.facts.dispute import DisputeMatter, SignificantFailure
from rules.facts.proceedings import (
    CourtDocument,
    GuardianTopic,
    HearingKind,
    IroNamedInProceedings,
    ProceedingsKind,
    ProceedingsOutcome,
)

# --- Disputes and Cafcass ---------------------------------------------------------------------------------------------

MATTERS: Mapping[str, str] = {
    DisputeMatter.CARE_PLAN: "The care plan",
    DisputeMatter.DECISION_NOT_CARRIED_OUT: "A decision that was not carried out",
    DisputeMatter.REVIEW: "How, or whether, the child's case is reviewed",
    DisputeMatter.DRIFT: "Drift: delay that the child pays for",
    DisputeMatter.PLACEMENT: "The placement",
    DisputeMatter.CONTACT: "Contact with family and friends",
    DisputeMatter.HEALTH: "Health",
    DisputeMatter.EDUCATION: "Education",
    DisputeMatter.SAFEGUARDING: "Safeguarding",
    DisputeMatter.RESOURCES: "Money or services",
    DisputeMatter.CHILD_NOT_HEARD: "The child is not heard",
    DisputeMatter.OTHER: "Something else",
}

STAGES: Mapping[str, str] = roles(*STAGES_THERE_ARE)

FAILURES: Mapping[str, str] = {
    SignificantFailure.PREPARE_PLAN: "To prepare the child's care plan",
    SignificantFailure.REVIEW_CASE: "To review the child's case",
    SignificantFailure.IMPLEMENT_DECISION: "To carry out a decision of a review",
    SignificantFailure.OTHER_BREACH: "In another of its duties to the child, materially",
}

CAFCASS_OUTCOMES: Mapping[str, str] = {
    CafcassOutcome.PROCEEDINGS: "It brings proceedings for the child",
    CafcassOutcome.RESOLVED_BETWEEN_THEM: "The authority put it right once Cafcass had taken it up",
    CafcassOutcome.ADVICE: "It advised the IRO, who goes on",
    CafcassOutcome.NOT_TAKEN_UP: "It does not take it up",
}

THEMES: Mapping[str, str] = {
    PracticeTheme.VISITS_MISSED: "Visits that were missed",
    PracticeTheme.PLANS_NOT_UPDATED: "Plans that are not kept up to date",
    PracticeTheme.REPORTS_LATE: "Reports that come late",
    PracticeTheme.CHILD_NOT_HEARD: "A child who is not heard",
    PracticeTheme.DRIFT: "Drift",
    PracticeTheme.CHANGES_NOT_TOLD: "Changes of which the IRO is not told",
    PracticeTheme.DECISIONS_NOT_CARRIED_OUT: "Decisions that are not carried out",
    PracticeTheme.RECORDS: "How records are kept",
    PracticeTheme.OTHER: "Something else",
}

# --- The court --------------------------------------------------------------------------------------------------------

PROCEEDINGS: Mapping[str, str] = {
    ProceedingsKind.CARE_OR_SUPERVISION: "A care or supervision order",
    ProceedingsKind.PLACEMENT: "A placement order",
    ProceedingsKind.DISCHARGE: "To discharge an order",
    ProceedingsKind.EMERGENCY_PROTECTION: "An emergency protection order",
    ProceedingsKind.SECURE_ACCOMMODATION: "Secure accommodation",
    ProceedingsKind.OTHER: "Something else",
}

IRO_NAMED_TO: Mapping[str, str] = roles(*get_args(IroNamedInProceedings.model_fields["to"].annotation))

HEARINGS: Mapping[str, str] = {
    HearingKind.CASE_MANAGEMENT: "Case management hearing",
    HearingKind.ISSUES_RESOLUTION: "Issues resolution hearing",
    HearingKind.FINAL: "Final hearing",
    HearingKind.OTHER: "Another hearing",
}

COURT_DOCUMENTS: Mapping[str, str] = {
    CourtDocument.ORDER: "An order",
    CourtDocument.DIRECTIONS: "Directions",
    CourtDocument.EXPERT_REPORT: "An expert's report",
    CourtDocument.GUARDIAN_REPORT: "A report of the children's guardian",
    CourtDocument.OTHER: "Another document",
}

TOPICS: Mapping[str, str] = {
    GuardianTopic.WISHES_AND_FEELINGS: "The child's wishes and feelings",
    GuardianTopic.CARE_PLAN: "The care plan",
    GuardianTopic.DISPUTES: "Whether the care plan is in dispute, and how that stands",
    GuardianTopic.COMPLAINTS: "Complaints",
    GuardianTopic.ISSUES_IN_COURT: "What was raised in court about how the plan is carried out",
}

PROCEEDINGS_OUTCOMES: Mapping[str, str] = {
    ProceedingsOutcome.CARE_ORDER: "A care order",
    ProceedingsOutcome.PLACEMENT_ORDER: "A placement order",
    ProceedingsOutcome.SUPERVISION_ORDER: "A supervision order",
    ProceedingsOutcome.SPECIAL_GUARDIANSHIP: "A special guardianship order",
    ProceedingsOutcome.CHILD_ARRANGEMENTS: "A child arrangements order",
    ProceedingsOutcome.ORDER_DISCHARGED: "An order was discharged",
    ProceedingsOutcome.NO_ORDER: "No order was made",
    ProceedingsOutcome.WITHDRAWN: "The application was withdrawn",
    ProceedingsOutcome.OTHER: "Otherwise",
}

# --- The child's own road ---------------------------------------------------------------------------------------------

COMPLAINTS: Mapping[str, str] = {
    ComplaintAbout.IRO: "The IRO",
    ComplaintAbout.AUTHORITY: "The authority, or anybody who works for it",
}

WISHES: Mapping[str, str] = {
    ReviewWish.PLACE: "Another place",
    ReviewWish.TIME: "Another day or time",
    ReviewWish.CHAIR: "To chair it, or a part of it, themselves",
    ReviewWish.NOT_THERE: "That somebody does not come",
}

WISHES_MET: Mapping[str, str] = {
    WishMet.MET: "It is as the child wishes",
    WishMet.IN_PART: "It is met in part",
    WishMet.NOT_MET: "It is not met",
}
