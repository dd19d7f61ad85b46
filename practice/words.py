"""Steps and facts in the few words that a line of the timeline has room for."""

from collections.abc import Callable
from datetime import date
from typing import Any

from rules.facts import Fact
from rules.facts.base import FactBase
from rules.facts.care import BecameLookedAfter
from rules.facts.reviews import (
    ChildConsulted,
    DecisionMade,
    EarlyReviewRequired,
    ReviewAdjourned,
    ReviewArranged,
    ReviewContinued,
)
from rules.vocabulary import ConsultationOutcome, age_on

STEPS = {
    "notify_iro_service": "news of the child to the IRO service",
    "propose_iro": "choice of an IRO",
    "appoint_iro": "appointment of an IRO",
    "fill_vacancy": "appointment of a new IRO",
    "answer_change_request": "answer to the wish for another IRO",
    "hand_over": "introduction of the new IRO",
    "tell_child": "telling the child who the IRO is",
    "tell_others": "telling parents and carer who it is",
    "give_reviewing_policy": "reviewing policy to child and parents",
    "discussion": "IRO's talk with the social worker",
    "invitations": "invitations",
    "report": "social worker's report",
    "consult_child": "IRO's talk with the child",
    "consult_parents": "parents' views",
    "first_review": "first review",
    "second_review": "second review",
    "subsequent_review": "next review",
    "complete_review": "completion of the review",
    "decisions": "decisions to the team manager",
    "manager_reply": "team manager's answer",
    "circulate_decisions": "decisions to all who took part",
    "record": "record of the review",
    "distribution": "record to everyone who should have it",
    "decision": "carrying out the decision",
    "mid_point_check": "IRO's check half-way",
    "tell_iro_of_change": "news of a change to the IRO",
    "consider_change": "IRO's look at a change",
    "answer_challenge": "answer to the IRO's challenge",
    "settle_challenge": "IRO's word on the challenge",
    "answer_dispute": "answer to the IRO's formal dispute",
    "weigh_dispute_answer": "IRO's word on that answer",
    "resolve_dispute": "end of the formal dispute",
    "consider_cafcass": "IRO's thought of Cafcass",
    "refer_to_cafcass": "referral to Cafcass",
    "cafcass_reply": "reply of Cafcass",
    "give_legal_advice": "legal advice to the IRO",
    "tell_legal_of_iro": "IRO's name to the legal service",
    "tell_court_of_iro": "IRO's name to the court",
    "tell_iro_of_guardian": "guardian's name to the IRO",
    "court_document_to_iro": "court document to the IRO",
    "invite_guardian": "invitation of the guardian",
    "file_record": "record to the court",
    "speak_with_guardian": "IRO's talk with the guardian",
    "tell_court_of_dispute": "news of the dispute to the court",
    "report_hearing": "news of the hearing to the IRO",
    "guardian_handover": "last talk with the guardian",
    "seek_adult": "search for an adult to help",
    "help_to_advice": "child's way to legal advice",
    "pass_on_complaint": "news of the complaint to the IRO",
    "weigh_complaint": "whether the IRO can stay",
    "find_another_iro": "another IRO after a complaint",
    "answer_complaint": "answer to the complaint",
    "provide_advocate": "advocate for the child",
    "answer_child_wish": "answer to the child's wish",
    "deliver_notice": "notice that reached nobody",
}
"""Each step by its name, in fewer words than its title has, which fit what is owed as well as what is done."""


def step_words(key: str, title: str) -> str:
    """A step in a few words.

    Args:
        key: the step's key.
        title: what to say of a step that has no shorter name.
    """
    return STEPS.get(key.partition(".")[0], title)


def capital(words: str) -> str:
    """The same with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def day_words(day: date) -> str:
    """A day within a year: Mon 23 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def day_and_year(day: date) -> str:
    """A day: Mon 23 Nov 2026."""
    return f"{day_words(day)} {day:%Y}"


def in_words(fact: Fact, arranged: date | None = None) -> str | None:
    """A fact in words; None when there is nothing to say of it.

    Args:
        fact: what was recorded.
        arranged: the day for which a review was arranged before this fact.
    """
    if isinstance(fact, ReviewArranged) and arranged and arranged >= fact.on:
        return f"The review is put off to {day_words(fact.planned_for)}"
    words = _WORDS.get(type(fact))
    return words(fact) if words else None


def _opening(fact: BecameLookedAfter) -> str:
    return f"A child of {age_on(fact.birth_date, fact.on)} became looked after on {day_words(fact.on)}"


def _arranged(fact: ReviewArranged) -> str:
    return f"The review is arranged for {day_words(fact.planned_for)}"


def _early(fact: EarlyReviewRequired) -> str:
    ground = fact.ground.value.replace("_", " ")
    return f"A review is owed by {day_words(fact.before)}, before its normal date ({ground})"


def _consulted(fact: ChildConsulted) -> str | None:
    if fact.outcome is not ConsultationOutcome.OFFERED_AND_MISSED:
        return None
    return f"The child misses the talk that the IRO offered ({fact.reason})"


def _adjourned(fact: ReviewAdjourned) -> str:
    return f"The review opens, and is adjourned to {day_words(fact.reconvene_on)} ({fact.reason})"


def _continued(fact: ReviewContinued) -> str:
    return "The review goes on, in a further meeting"


def _decided(fact: DecisionMade) -> str:
    return f"Decided: {fact.text} ({fact.owner.words}, by {day_words(fact.due)})"


_WORDS: dict[type[FactBase], Callable[[Any], str | None]] = {
    BecameLookedAfter: _opening,
    ReviewArranged: _arranged,
    EarlyReviewRequired: _early,
    ChildConsulted: _consulted,
    ReviewAdjourned: _adjourned,
    ReviewContinued: _continued,
    DecisionMade: _decided,
}
