"""Before a review: what cannot be."""

from rules.acceptance.scene import Refused, Scene, says
from rules.facts.reviews import ChildConsulted, EarlyReviewRequired, ReviewArranged, ViewsGathered
from rules.vocabulary import ConsultationOutcome, EarlyReviewGround

_NEEDS_REASON = (ConsultationOutcome.TOO_YOUNG, ConsultationOutcome.NOT_APPROPRIATE)


def arranged(scene: Scene, fact: ReviewArranged) -> None:
    """A review is arranged for a day to come, before the child is 18."""
    if fact.planned_for < fact.on:
        raise Refused("A review cannot be arranged for a day that had passed; record it as held.")
    if fact.planned_for >= scene.case.eighteenth_birthday:
        raise Refused(
            f"By {says(fact.planned_for)} the child is 18 and no longer looked after; arrange it for an earlier day."
        )


def early_required(scene: Scene, fact: EarlyReviewRequired) -> None:
    """A review is required by a day to come; ground (e) is for a child who is not in care."""
    if fact.before < fact.on:
        raise Refused("The day by which the early review is required had passed already; check the days.")
    if fact.ground is EarlyReviewGround.CEASING_NOT_TO_PARENT and scene.case.legal_status.is_in_care:
        raise Refused("Reg 33(3)(e) is for a child who is not in care under an order; choose another ground.")


def consulted(scene: Scene, fact: ChildConsulted) -> None:
    """A child not spoken with for age or understanding: say why. A child spoken with: say how."""
    if fact.outcome in _NEEDS_REASON and not fact.reason:
        raise Refused(f"Say why: the outcome {fact.outcome} needs a reason.")
    if fact.outcome is ConsultationOutcome.SPOKE and not fact.ways:
        raise Refused("Say in which way the child was heard (ways), for example in_person.")


def views(scene: Scene, fact: ViewsGathered) -> None:
    """Views sought and not given: say why."""
    if not fact.given and not fact.reason:
        raise Refused("Say why the views were not given (reason).")
