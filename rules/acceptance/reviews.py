"""The review itself: what cannot be."""

from datetime import date, timedelta

from rules.acceptance.scene import Refused, Scene, says
from rules.codes import ParticipationCode
from rules.facts.base import FactBase
from rules.facts.reviews import ReviewAdjourned, ReviewContinued, ReviewHeld, ReviewOpened
from rules.vocabulary import age_on, birthday

LONGEST_ADJOURNMENT = timedelta(days=36)
"""20 working days never reach further, even over Easter with two more days proclaimed (practice notes 2.4: at most
34). Once the review has opened, the step `complete_review` gives the exact last day."""


def opened(scene: Scene, fact: ReviewOpened) -> None:
    """A review opens once, after the one before was completed."""
    _after_last_review(scene, fact)
    if scene.openings(fact.on):
        raise Refused("A review is open already; record a further meeting (review_continued), or complete it.")


def continued(scene: Scene, fact: ReviewContinued) -> None:
    """Only a review that has opened goes on."""
    openings = scene.openings(fact.on)
    if not openings:
        raise Refused("No review is open; record its first meeting (review_opened) first.")
    if fact.on < min(known.on for known in openings):
        raise Refused("A further meeting cannot come before the first; check the day.")


def adjourned(scene: Scene, fact: ReviewAdjourned) -> None:
    """A review is adjourned once, to a later day, for at most 20 working days (reg 36(2), IRO Handbook ch 3)."""
    _after_last_review(scene, fact)
    openings = scene.openings(fact.on)
    if any(isinstance(known.fact, ReviewAdjourned) for known in openings):
        raise Refused("The review has been adjourned once, and may not be adjourned again; complete it.")
    first = min((known.on for known in openings), default=fact.on)
    if fact.on < first:
        raise Refused("A review cannot be adjourned before it opened; check the day.")
    if fact.reconvene_on <= fact.on:
        raise Refused("An adjourned review reconvenes on a later day; check reconvene_on.")
    latest = scene.complete_by if openings and scene.complete_by else first + LONGEST_ADJOURNMENT
    if fact.reconvene_on > latest:
        raise Refused(
            f"A review may be adjourned for at most 20 working days from {says(first)}, and {says(fact.reconvene_on)}"
            " is later; reconvene sooner."
        )


def _after_last_review(scene: Scene, fact: FactBase) -> None:
    completed = scene.review_from(fact.on)
    if completed and not scene.correcting:
        raise Refused(
            f"A review was completed on {says(completed.on)}; this must come after it. Check the day, or give that"
            " review the day it opened (correct its opened_on)."
        )


def held(scene: Scene, fact: ReviewHeld) -> None:
    """A review is completed once a day, after it opened, with the child's part in it, and late only with a reason."""
    if fact.counts:
        _fits_its_neighbours(scene, fact)
    opened_on = _opened_on(scene, fact)
    if opened_on > fact.on:
        raise Refused("A review cannot be completed before it opened; check the days.")
    if opened_on < scene.case.first_day:
        raise Refused(f"The review opened before the child became looked after ({says(scene.case.first_day)}).")
    check_participation(scene.case.opening.fact.birth_date, fact)
    if fact.counts and not fact.late_reason and scene.review_from(fact.on) is None:
        _on_time(scene, fact, opened_on)


def _fits_its_neighbours(scene: Scene, fact: ReviewHeld) -> None:
    following, before = scene.review_from(fact.on), scene.review_before(fact.on)
    if following and following.on == fact.on:
        raise Refused(f"A review held on {says(fact.on)} is recorded already; correct that fact if it is wrong.")
    if before and fact.opened_on and fact.opened_on <= before.on:
        raise Refused(
            f"The review opened on {says(fact.opened_on)}, but the one before it was completed on"
            f" {says(before.on)}; check the days."
        )
    openings = [known.on for known in scene.openings(fact.on)]
    if openings and following is None and min(openings) > fact.on:
        raise Refused(
            f"The review opened on {says(min(openings))}, after the day it is said to have been completed; check the"
            " day, or withdraw that opening."
        )


def _on_time(scene: Scene, fact: ReviewHeld, opened_on: date) -> None:
    """The review now owed opens, and is completed, by its last day, or says why not."""
    if scene.review_due and opened_on > scene.review_due:
        raise Refused(
            f"The review was due by {says(scene.review_due)} and opened on {says(opened_on)}; say why it was late"
            " (late_reason)."
        )
    if scene.complete_by and fact.on > scene.complete_by:
        raise Refused(
            f"The review that opened on {says(opened_on)} was to be completed by {says(scene.complete_by)}; say why it"
            " was late (late_reason)."
        )


def _opened_on(scene: Scene, fact: ReviewHeld) -> date:
    if fact.opened_on or not fact.counts:
        return fact.opened_on or fact.on
    return min((known.on for known in scene.openings(fact.on) if known.on <= fact.on), default=fact.on)


def check_participation(birth: date, fact: ReviewHeld) -> None:
    """Refuse a participation code that does not fit the child's age on the day of the review.

    On the 4th birthday itself either is taken (SSDA903 rules 440 and 441).

    Args:
        birth: the child's birth date.
        fact: the review.

    Raises:
        Refused: PN0 for a child past the 4th birthday, PN1 to PN7 before it, or no code.
    """
    code = fact.participation
    if code is None:
        if fact.counts:
            raise Refused("Say how the child took part (participation, PN0 to PN7).")
        return
    age, fourth = age_on(birth, fact.on), birthday(birth, 4)
    if code is ParticipationCode.PN0 and fact.on > fourth:
        raise Refused(f"PN0 is for a child under 4, and the child was {age} on {says(fact.on)}; choose PN1 to PN7.")
    if code is not ParticipationCode.PN0 and fact.on < fourth:
        raise Refused(f"{code} is for a child of 4 or more, and the child was {age} on {says(fact.on)}; use PN0.")
