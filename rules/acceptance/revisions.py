"""Corrections and withdrawals: a fact that stands is put right or taken back, and the others must still hold."""

from collections.abc import Callable
from datetime import date

from rules.acceptance.care import check_opening
from rules.acceptance.childs_road import is_not_taken_back, keeps_what_was_asked
from rules.acceptance.dispute import is_put_right_by_the_iro, leaves_one_on_a_matter
from rules.acceptance.scene import Refused, Scene, says
from rules.case import Case, Known
from rules.ending import ending_of
from rules.facts import OF_THE_CLOCKS, Entry, FactCorrected, FactWithdrawn, PlainFact
from rules.facts.care import BecameLookedAfter, CareEnded, CareVoided
from rules.facts.reviews import AfterReview, ReviewHeld

CheckPlain = Callable[[Scene, PlainFact], None]


def withdrawn(scene: Scene, fact: FactWithdrawn) -> None:
    """A fact is withdrawn while nothing that stands depends on it."""
    if fact.withdraws == scene.case.opening.id:
        raise Refused(
            "The opening fact cannot be withdrawn; correct it, or record that the child was never looked after"
            " (care_voided)."
        )
    wrong = _find(scene, fact.withdraws)
    is_not_taken_back(wrong.fact)
    _did_not_come_by_itself(wrong.fact)
    is_put_right_by_the_iro(scene, wrong.fact, fact)
    leaves_one_on_a_matter(scene, wrong.fact)
    if isinstance(wrong.fact, ReviewHeld):
        _is_not_settled(wrong)
        _leaves_nothing_behind(scene, wrong.fact, None)


def corrected(scene: Scene, fact: FactCorrected, check_plain: CheckPlain) -> None:
    """A correction says of the same kind of fact, by the same recorder, what could have been recorded in its place.

    Args:
        scene: what it is held against.
        fact: the correction.
        check_plain: the check of a fact recorded for the first time.
    """
    known = _find(scene, fact.corrects)
    wrong, right = known.fact, fact.to
    if wrong.kind != right.kind:
        raise Refused(
            f"What was recorded as {wrong.kind} cannot become {right.kind}; withdraw it instead (fact {fact.corrects})."
        )
    if wrong.by != right.by:
        raise Refused(
            f"It was recorded by {wrong.by}, and that stays as it is (fact {fact.corrects}); who corrects it stands in"
            " the correction."
        )
    keeps_what_was_asked(wrong, right)
    _did_not_come_by_itself(wrong)
    is_put_right_by_the_iro(scene, wrong, fact)
    if getattr(wrong, "dispute", None) != getattr(right, "dispute", None):
        leaves_one_on_a_matter(scene, wrong)
    if fact.on > scene.today:
        raise Refused(f"{says(fact.on)} has not come yet.")
    if isinstance(wrong, BecameLookedAfter) and isinstance(right, BecameLookedAfter):
        _opening(scene, wrong, right)
        return
    last = False
    if isinstance(wrong, ReviewHeld) and isinstance(right, ReviewHeld):
        if (right.on, right.opened_on or wrong.opened_on, right.counts) != (wrong.on, wrong.opened_on, wrong.counts):
            _is_not_settled(known)
        _leaves_nothing_behind(scene, wrong, right.on if right.counts else None)
        last = known is scene.case.reviews[-1] if scene.case.reviews else False
    others = Case(_without(scene.case, fact.corrects))
    ending = ending_of(others, scene.today)
    due = scene.held_due if last else None
    scene = Scene(others, scene.today, due, frozenset(), ending, correcting=True)
    check_plain(scene, right.model_copy(update={"id": fact.corrects}))


def _did_not_come_by_itself(wrong: PlainFact) -> None:
    """A clock records what it did once. Taken back, it would never come again, and a dispute would stand still."""
    if wrong.kind in OF_THE_CLOCKS:
        raise Refused(
            f"What is recorded of {says(wrong.on)} ({wrong.kind}, fact {wrong.id}) came by itself on that day, and"
            " stands. Record what has happened since, or what had happened by then."
        )


def _find(scene: Scene, reference: str) -> Known[PlainFact]:
    found = next((known for known in scene.case.standing if known.id == reference), None)
    if found is None:
        raise Refused(
            f"There is no such record in the open part of this episode (fact {reference}); the timeline lists what can"
            " be changed."
        )
    return found


def _without(case: Case, reference: str) -> list[Entry]:
    return [
        Entry(fact=known.fact, at=known.at, settled=known.settled) for known in case.standing if known.id != reference
    ]


def _opening(scene: Scene, wrong: BecameLookedAfter, right: BecameLookedAfter) -> None:
    if (wrong.child, wrong.authority, wrong.nation) != (right.child, right.authority, right.nation):
        raise Refused("A correction cannot make it another child or authority; void this episode and open another.")
    check_opening(right, scene.today)
    reviews = [known.on for known in scene.case.all(ReviewHeld) if known.on < right.on]
    if reviews:
        raise Refused(
            f"A review was held on {says(min(reviews))}, before {says(right.on)}; correct or withdraw it first."
        )
    ends = [known.on for known in (*scene.case.all(CareEnded), *scene.case.all(CareVoided)) if known.on < right.on]
    if ends:
        raise Refused(f"Care ended on {says(min(ends))}, before {says(right.on)}; correct or withdraw that first.")


def _is_not_settled(review: Known[PlainFact]) -> None:
    """What followed a settled review is closed with it, and would not be judged again by another day."""
    if review.settled:
        raise Refused(
            f"The review of {says(review.on)} is settled: the next one was held and all that followed it is done. Its"
            " days stand; how the child took part and why it was late can still be corrected."
        )


def _leaves_nothing_behind(scene: Scene, wrong: ReviewHeld, day: date | None) -> None:
    """What follows a review stands on it: it must not come before the review's new day, or outlast the review.

    Args:
        scene: the facts that stand.
        wrong: the review as it is recorded.
        day: the day it is to have; None when it is to be no review that counts.
    """
    for known in scene.case.standing:
        if not isinstance(known.fact, AfterReview):
            continue
        followed = scene.case.review_followed(known.fact)
        if followed and followed.id == wrong.id and (day is None or known.on < day):
            raise Refused(
                f"What was recorded on {says(known.on)} as following that review ({known.fact.kind}, fact {known.id})"
                " would then follow none; withdraw or correct that first."
            )
