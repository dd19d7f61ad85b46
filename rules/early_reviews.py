"""When a review is owed before its normal date: asked for by a fact of its own, by the IRO in answer to a change, or by
the law itself because of a change that is reported.

What the law asks is derived, never chosen. A proposed change of the care plan is considered at a review first (CPPCR
2010 reg 32(2)); placing a child in care with a parent, too (reg 17(d)); so is letting a child who is not in care leave
otherwise than to a parent (reg 33(3)(e)). A review comes before a detention or a remand ends (reg 33(3)(c) and (d)).
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from rules.case import Case, Known
from rules.facts.base import FactBase
from rules.facts.changes import ChangeConsidered, PlanChange, SignificantChange
from rules.facts.reviews import EarlyReviewRequired
from rules.vocabulary import EarlyReviewGround, LegalStatus

REG_33_3 = "early_review"


class EarlyDuty(NamedTuple):
    """A duty to hold a review before its normal date.

    Attributes:
        fact: what it comes from.
        rule: the limit's name.
        before: the last day for the review.
        ground: which part of reg 33(3), where it is that one.
    """

    fact: Known[FactBase]
    rule: str
    before: date
    ground: EarlyReviewGround | None = None


def early_duties(case: Case) -> Iterator[EarlyDuty]:
    """Every duty to hold a review before its normal date, whichever review that is.

    Args:
        case: the facts.
    """
    for required in case.all(EarlyReviewRequired):
        yield EarlyDuty(required, REG_33_3, required.fact.before, required.fact.ground)
    for considered in case.all(ChangeConsidered):
        if considered.fact.before:
            yield EarlyDuty(considered, REG_33_3, considered.fact.before, EarlyReviewGround.IRO_ASKED)
    for changed in case.all(SignificantChange):
        duty = _of_a_change(changed, case.legal_status_on(changed.on))
        if duty:
            yield duty


def _of_a_change(changed: Known[SignificantChange], status: LegalStatus) -> EarlyDuty | None:
    """What the law asks because of a change, by the legal status on the day it was reported."""
    fact = changed.fact
    if fact.takes_effect:
        if fact.plan_change is PlanChange.PLACEMENT_WITH_PARENT and status.is_in_care:
            return EarlyDuty(changed, "review_before_placing_with_parent", fact.takes_effect)
        if fact.plan_change is PlanChange.LEAVING_CARE_NOT_TO_PARENT and not status.is_in_care:
            return EarlyDuty(changed, REG_33_3, fact.takes_effect, EarlyReviewGround.CEASING_NOT_TO_PARENT)
        return EarlyDuty(changed, "review_before_plan_change", fact.takes_effect)
    if fact.detained_until and status.is_in_care:
        return EarlyDuty(changed, REG_33_3, fact.detained_until, EarlyReviewGround.DETENTION_ENDING)
    if fact.detained_until and status.is_remand_or_police:
        return EarlyDuty(changed, REG_33_3, fact.detained_until, EarlyReviewGround.REMAND_OR_POLICE_ENDING)
    return None
