"""After a review: decisions, the manager's answer, the record, exemptions; what cannot be."""

from datetime import date

from rules.acceptance.scene import Refused, Scene, says
from rules.case import Known
from rules.facts.base import FactBase
from rules.facts.care import ExemptionEnded, StepExempted
from rules.facts.reviews import (
    AfterReview,
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    DecisionsSent,
    ManagerReplied,
)
from rules.vocabulary import ReplyOutcome

NEVER_EXEMPTED = (
    "answer_challenge",
    "settle_challenge",
    "answer_dispute",
    "weigh_dispute_answer",
    "resolve_dispute",
    "consider_cafcass",
    "refer_to_cafcass",
    "cafcass_reply",
    "give_legal_advice",
    "seek_adult",
    "help_to_advice",
    "pass_on_complaint",
    "weigh_complaint",
    "find_another_iro",
    "answer_complaint",
    "provide_advocate",
    "answer_child_wish",
    "answer_change_request",
)
"""The steps of a challenge, a dispute, a referral, and of what the child asked for, by name: the phases that owe them
need the calendar, and are not read here."""


def follows_a_review(scene: Scene, fact: AfterReview) -> None:
    """What follows a review names one that was held, and comes after it."""
    followed = scene.case.review_followed(fact)
    if fact.review and followed is None:
        raise Refused(f"No review was held on {says(fact.review)}; name the day of the review this follows.")
    if followed is None:
        raise Refused(f"No review had been held by {says(fact.on)}; record the review first.")
    if fact.on < followed.on:
        raise Refused("What follows a review cannot come before it; check the days.")


def replied(scene: Scene, fact: ManagerReplied) -> None:
    """The manager answers decisions that were sent; a query or a rejection says why."""
    review = scene.case.review_followed(fact)
    sent = scene.case.following(DecisionsSent, review) if review else []
    if not any(known.on <= fact.on for known in sent):
        raise Refused("The decisions have not been sent to the manager yet; record that first (decisions_sent).")
    if fact.outcome is not ReplyOutcome.ACCEPTED and not fact.reason:
        raise Refused("Say why the decisions are queried or rejected (reason).")


def decision_made(scene: Scene, fact: DecisionMade) -> None:
    """A decision has a reference of its own, a day to come, and a review that was completed (reg 36(2))."""
    if any(known.fact.decision == fact.decision for known in scene.case.all(DecisionMade)):
        raise Refused(f"A decision of that reference is recorded already (decision={fact.decision}); choose another.")
    _due_later(fact.due, fact.on)
    completed = next((held for held in reversed(scene.case.reviews) if held.on <= fact.on), None)
    still_open = [
        known.on
        for known in scene.openings(fact.on)
        if known.on <= fact.on and (completed is None or known.on > completed.on)
    ]
    if still_open and fact.review is None:
        raise Refused(
            f"The review that opened on {says(min(still_open))} had not been completed by {says(fact.on)}; record its"
            " decisions then, or name the review this one is of (review)."
        )


def decision_changed(scene: Scene, fact: DecisionChanged) -> None:
    """A decision that is still open gets another day, not one that had passed."""
    open_decision(scene, fact)
    _due_later(fact.due, fact.on)


def open_decision(scene: Scene, fact: DecisionChanged | DecisionCarriedOut | DecisionDropped) -> None:
    """A decision is changed, carried out or dropped once it is made, while it stands."""
    made = next((known for known in scene.case.all(DecisionMade) if known.fact.decision == fact.decision), None)
    if made is None:
        raise Refused(f"There is no such open decision (decision={fact.decision}); check the reference.")
    if fact.on < made.on:
        raise Refused(f"The decision was made later, on {says(made.on)} (fact {made.id}); check the day.")
    closed: list[Known[FactBase]] = [
        *(known for known in scene.case.all(DecisionCarriedOut) if known.fact.decision == fact.decision),
        *(known for known in scene.case.all(DecisionDropped) if known.fact.decision == fact.decision),
    ]
    if closed and not scene.correcting:
        how = "dropped" if isinstance(closed[0].fact, DecisionDropped) else "carried out"
        raise Refused(
            f"The decision was {how} on {says(closed[0].on)} (decision={fact.decision}); withdraw that record first"
            f" (fact {closed[0].id})."
        )


def _due_later(due: date, on: date) -> None:
    if due < on:
        raise Refused("A decision cannot be due before it was made; check the days.")


def exempted(scene: Scene, fact: StepExempted) -> None:
    """Only a step that is owed can be exempted, until a day to come; a challenge is answered, never exempted."""
    if fact.step.partition(".")[0] in NEVER_EXEMPTED:
        # It would be off the page with nobody having answered.
        raise Refused(
            "A challenge, a dispute, a referral to Cafcass and what the child asked for cannot be exempted; they are"
            " answered."
        )
    again = any(known.fact.step == fact.step for known in scene.case.all(StepExempted))
    if scene.steps and fact.step not in scene.steps and not again:
        raise Refused(f"There is no such step among those owed (step={fact.step}); the agenda lists them.")
    if fact.until and fact.until < fact.on:
        raise Refused("The exemption ends before it begins; check the days.")


def exemption_ended(scene: Scene, fact: ExemptionEnded) -> None:
    """Only an exemption that was given can end."""
    if not any(known.fact.step == fact.step and known.on <= fact.on for known in scene.case.all(StepExempted)):
        raise Refused(f"That step is not exempt (step={fact.step}); the agenda lists what is.")
