"""When a review is owed before its normal date: asked for by a fact of its own, by the IRO in answer to a change, or by
the law itself because of a change that is reported.

What the law asks is derived, never chosen. A proposed change of the care plan is considered at a review first (CPPCR
2010 reg 32(2)); placing a child in care with a parent, too (reg 17(d)); so is letting a child who is not in care leave
otherwise than to a parent (reg 33(3)(e)). A review comes before a detention or a remand ends (reg 33(3)(c) and (d)).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from rules.case import Case, Known
from rules.codes import LegalStatus
from rules.facts.base import FactBase
from rules.facts.care import BecameLookedAfter, LegalStatusChanged
from rules.facts.changes import ChangeConsidered, PlanChange, SignificantChange
from rules.facts.reviews import EarlyReviewRequired
from rules.vocabulary import EarlyReviewGround

REG_33_3 = "early_review"


class EarlyDuty(NamedTuple):
    """A duty to hold a review before its normal date.

    Attributes:
        fact: what it comes from.
        rule: the limit's name.
        before: the last day for the review.
        ground: which part of reg 33(3), where it is that one.
        status: what told the legal status that makes it a duty, where it hangs on one that may come later.
    """

    fact: Known[FactBase]
    rule: str
    before: date
    ground: EarlyReviewGround | None = None
    status: Known[BecameLookedAfter | LegalStatusChanged] | None = None

    @property
    def on(self) -> date:
        """The day since which it is owed."""
        return max(known.on for known in self.sources)

    @property
    def sources(self) -> tuple[Known[FactBase], ...]:
        """The facts that make it a duty."""
        return (self.fact, self.status) if self.status else (self.fact,)


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
        duty = _of_a_plan(changed, case.legal_status_on(changed.on)) or _of_a_detention(changed, case)
        if duty:
            yield duty


def _of_a_plan(changed: Known[SignificantChange], status: LegalStatus) -> EarlyDuty | None:
    """What the law asks because of a proposed change of plan, by the legal status on the day it was reported."""
    fact = changed.fact
    if fact.takes_effect:
        if fact.plan_change is PlanChange.PLACEMENT_WITH_PARENT and status.is_in_care:
            return EarlyDuty(changed, "review_before_placing_with_parent", fact.takes_effect)
        if fact.plan_change is PlanChange.LEAVING_CARE_NOT_TO_PARENT and not status.is_in_care:
            return EarlyDuty(changed, REG_33_3, fact.takes_effect, EarlyReviewGround.CEASING_NOT_TO_PARENT)
        return EarlyDuty(changed, "review_before_plan_change", fact.takes_effect)
    return None


def _of_a_detention(changed: Known[SignificantChange], case: Case) -> EarlyDuty | None:
    """What the law asks because a detention or a remand will end, by the first legal status in it that asks for it.

    A remand may begin after the charge that led to it.
    """
    until = changed.fact.detained_until
    if until is None:
        return None
    for status in _statuses(case, changed.fact.happened_on, until - timedelta(days=1)):
        ground = _ground_of_detention(status.fact.legal_status)
        if ground:
            return EarlyDuty(changed, REG_33_3, until, ground, status)
    return None


def _statuses(case: Case, first: date, last: date) -> list[Known[BecameLookedAfter | LegalStatusChanged]]:
    """What told the legal status on the first day, and each change of it up to the last."""
    changes = case.within(LegalStatusChanged, None, max(first, last))
    since = [known for known in changes if known.on > first]
    before = changes[: len(changes) - len(since)]
    return [before[-1] if before else case.opening, *since]


def _ground_of_detention(status: LegalStatus) -> EarlyReviewGround | None:
    if status.is_in_care:
        return EarlyReviewGround.DETENTION_ENDING
    return EarlyReviewGround.REMAND_OR_POLICE_ENDING if status.is_remand_or_police else None
