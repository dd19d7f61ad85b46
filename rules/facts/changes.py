"""Facts of what happens to the child between reviews: significant changes of which the IRO is told, and what the child
writes.
"""

from enum import StrEnum
from typing import Literal

from rules.facts.base import FactBase
from rules.vocabulary import Day, Reference, Words


class ChangeKind(StrEnum):
    """The changes of which a social worker must tell the IRO (IRO Handbook ch 3; practice notes 4.5)."""

    CARE_PLAN_CHANGE_PROPOSED = "care_plan_change_proposed"
    SECTION_20_DISCHARGE = "section_20_discharge"
    DECISION_NOT_CARRIED_OUT = "decision_not_carried_out"
    MAJOR_CHANGE_OF_CONTACT = "major_change_of_contact"
    SOCIAL_WORKER_CHANGED = "social_worker_changed"
    SAFEGUARDING = "safeguarding"
    COMPLAINT = "complaint"
    UNEXPECTED_PLACEMENT_CHANGE = "unexpected_placement_change"
    BIRTH_FAMILY_CHANGE = "birth_family_change"
    CHARGED_OR_SENTENCED = "charged_or_sentenced"
    SCHOOL_EXCLUSION = "school_exclusion"
    MISSING = "missing"
    HEALTH_EVENT = "health_event"
    PANEL_DECISION = "panel_decision"
    PLACEMENT_AT_A_DISTANCE = "placement_at_a_distance"

    @property
    def words(self) -> str:
        """What happened, to stand by itself or after "that": "the child was excluded from school"."""
        return _CHANGES[self]


_CHANGES = {
    ChangeKind.CARE_PLAN_CHANGE_PROPOSED: "a change of the care plan is proposed",
    ChangeKind.SECTION_20_DISCHARGE: "somebody with parental responsibility takes the child out of accommodation",
    ChangeKind.DECISION_NOT_CARRIED_OUT: "a decision of the review was not carried out in time",
    ChangeKind.MAJOR_CHANGE_OF_CONTACT: "contact arrangements changed in a major way",
    ChangeKind.SOCIAL_WORKER_CHANGED: "the child has another social worker",
    ChangeKind.SAFEGUARDING: "there is a safeguarding concern, a section 47 enquiry or the outcome of a conference",
    ChangeKind.COMPLAINT: "there is a complaint by or for the child, a parent or the carer",
    ChangeKind.UNEXPECTED_PLACEMENT_CHANGE: "the placement changed unexpectedly",
    ChangeKind.BIRTH_FAMILY_CHANGE: "there was a birth, a marriage or a death in the birth family",
    ChangeKind.CHARGED_OR_SENTENCED: "the child was charged with an offence, convicted or sentenced",
    ChangeKind.SCHOOL_EXCLUSION: "the child was excluded from school",
    ChangeKind.MISSING: "the child was missing or ran away",
    ChangeKind.HEALTH_EVENT: "there was a significant health event or diagnosis",
    ChangeKind.PANEL_DECISION: "a panel decided about permanence",
    ChangeKind.PLACEMENT_AT_A_DISTANCE: "the child was placed at a distance, or is to be",
}


class PlanChange(StrEnum):
    """What a proposed change of the care plan comes to, where the law asks for a review before it in its own words."""

    PLACEMENT_WITH_PARENT = "placement_with_parent"
    """Reg 17(d), for a child in care under an order."""
    LEAVING_CARE_NOT_TO_PARENT = "leaving_care_not_to_parent"
    """Reg 33(3)(e), for a child who is not in care under an order."""
    OTHER = "other"


class ChangeAnswer(StrEnum):
    """What the IRO did when told of a change."""

    NOTED = "noted"
    SPOKE_WITH_SOCIAL_WORKER = "spoke_with_social_worker"
    CONSULTED_CHILD = "consulted_child"
    """On a change of plan."""
    BROUGHT_REVIEW_FORWARD = "brought_review_forward"
    """The IRO asks for a review before the normal date: reg 33(3)(a)."""
    CHALLENGED = "challenged"


class SignificantChange(FactBase):
    """The IRO was told of a significant change in the child's life."""

    kind: Literal["significant_change"] = "significant_change"
    change: ChangeKind
    happened_on: Day
    """The day it happened, or was proposed; `on` is the day the IRO was told."""
    words: Words | None = None
    plan_change: PlanChange | None = None
    """Only of a proposed change of the care plan: what it comes to."""
    takes_effect: Day | None = None
    """Only of a proposed change of the care plan: the day it is to be made. Left out where it waits for the next
    review; where it does not, a review comes before it (reg 32(2))."""
    detained_until: Day | None = None
    """Only of a charge or sentence: the day on which the detention or remand ends. A review comes before it (reg
    33(3)(c) and (d))."""


class ChangeConsidered(FactBase):
    """The IRO considered a significant change, and what came of it."""

    kind: Literal["change_considered"] = "change_considered"
    change: Reference
    """The fact that told of the change (the reference behind `consider_change.` in the agenda)."""
    answer: ChangeAnswer
    reason: Words | None = None
    """Why it is only noted; otherwise as wished."""
    before: Day | None = None
    """Only where the review is brought forward: the last day for it."""
    challenge: Reference | None = None
    """Only where it is challenged: the challenge, which is raised first."""


class ChildWrote(FactBase):
    """The child wrote what they think, for the review."""

    kind: Literal["child_wrote"] = "child_wrote"
    text: Words
