"""The beginning and the end of care: what cannot be."""

from datetime import date

from rules.acceptance.scene import Refused, Scene, says
from rules.case import Case
from rules.facts.base import FactBase
from rules.facts.care import BecameLookedAfter, CareEnded, CareVoided, CaseTakenOn, ShortBreakLimitExceeded
from rules.facts.reviews import ReviewHeld
from rules.vocabulary import birthday


def check_opening(fact: BecameLookedAfter, today: date) -> None:
    """Refuse a notification that cannot be.

    Args:
        fact: the notification.
        today: a London date.

    Raises:
        Refused: the child was not yet born, was 18, or the day has not come.
    """
    if fact.birth_date > fact.on:
        raise Refused(
            f"The birth date is after the day the child became looked after ({says(fact.on)}); correct one of them."
        )
    if fact.on > today:
        raise Refused(f"{says(fact.on)} has not come yet; notify when the child has become looked after.")
    if fact.on >= birthday(fact.birth_date, 18):
        raise Refused(f"By that birth date the person was 18 or over on {says(fact.on)}, and cannot be looked after.")


def second_opening(scene: Scene, fact: BecameLookedAfter) -> None:
    """An episode opens once."""
    raise Refused(
        "The child is already looked after in this episode; to change that day or the birth date, correct what was"
        f" recorded of it (fact {scene.case.opening.id})."
    )


def taken_on(scene: Scene, fact: CaseTakenOn) -> None:
    """A case is taken on at its opening; how that reads can be corrected."""
    if not scene.correcting:
        raise Refused("A case is taken on from another system when its episode is opened, not later.")


def voided(scene: Scene, fact: CareVoided) -> None:
    """Accommodation of 24 hours or less is no care (CA89 s.22(2)); care under an order is, from its first hour."""
    case = scene.case
    _ends_once(case)
    if case.legal_status.is_in_care:
        raise Refused("A child in care under an order is looked after from the first hour; record that care ended.")
    if (fact.on - case.first_day).days > 1:
        raise Refused(
            f"Less than 24 hours cannot reach from {says(case.first_day)} to {says(fact.on)}; record that care ended"
            " instead."
        )
    if case.all(ReviewHeld):
        raise Refused("A review has been held, so the child was looked after; withdraw the review first.")


def ended(scene: Scene, fact: CareEnded) -> None:
    """Care ends once, not before the last review, and at the latest on the 18th birthday."""
    case = scene.case
    _ends_once(case)
    later = [known.on for known in case.all(ReviewHeld) if known.on > fact.on]
    if later:
        raise Refused(
            f"A review was held on {says(max(later))}, after care is said to have ended; correct one of them."
        )
    if fact.on > case.eighteenth_birthday:
        raise Refused(f"Care ended at the latest on the 18th birthday, {says(case.eighteenth_birthday)}.")
    if fact.on == case.first_day and not (case.legal_status.is_in_care or fact.reason.is_death):
        raise Refused(
            f"Care that began and ended on {says(fact.on)} lasted less than 24 hours; record care_voided instead."
        )


def _ends_once(case: Case) -> None:
    ends: tuple[type[FactBase], ...] = (CareEnded, CareVoided)
    if any(case.all(kind) for kind in ends):
        raise Refused("The end of care is recorded already; correct that fact, or withdraw it.")


def short_break_limit(scene: Scene, fact: ShortBreakLimitExceeded) -> None:
    """Only a series of short breaks has a limit to pass, and passes it once."""
    if not scene.case.legal_status.is_short_break:
        raise Refused("The child is not in a series of short breaks.")
    if scene.case.all(ShortBreakLimitExceeded):
        raise Refused("That the short breaks passed their limits is recorded already; correct that fact.")
