"""Formal disputes: who may act in one, what cannot be, and how what was recorded of one is put right."""

from typing import Any

import pytest

from rules.acceptance import says
from tests.rules.build import Story, child
from tests.rules.test_dispute import (
    ANSWERED,
    BEFORE,
    CHALLENGED,
    MOVED,
    OF_IT,
    RAISED,
    RESOLVED,
    TAKEN_UP,
    beside,
    dispute,
)


def corrected(story: Story, wrong: str, **said: Any) -> dict[str, Any]:
    (as_told,) = (entry.fact for entry in story.entries if entry.fact.id == wrong)
    to = as_told.model_dump(mode="json") | said
    return {"corrects": wrong, "reason": "typing error", "to": to, "by": "iro-1"}


# --- Who may ----------------------------------------------------------------------------------------------------------

THE_IROS = (
    ("dispute_raised", {"matter": "contact"}),
    ("dispute_taken_up", OF_IT),
    ("dispute_paused", OF_IT | {"until": "2026-07-30"}),
    ("dispute_resolved", OF_IT),
    ("dispute_withdrawn", OF_IT),
)


@pytest.mark.duty("dispute_is_the_iros")
@pytest.mark.parametrize(("kind", "said"), THE_IROS)
def test_only_the_childs_iro_acts_in_a_dispute(kind: str, said: dict[str, Any]) -> None:
    why = RAISED.refuses(kind, "2026-07-14", **said, by="manager-1")
    assert why == (
        "Only the child's IRO acts in a formal dispute, refers to Cafcass or asks for legal advice: that is iro-1, not"
        " manager-1. Ask them, or record under their reference what they did (by)."
    )
    RAISED.accepts(kind, "2026-07-14", **said)


@pytest.mark.duty("dispute_is_the_iros")
@pytest.mark.parametrize(("kind", "said"), THE_IROS)
def test_whoever_covers_for_the_iro_acts_for_them_while_they_do(kind: str, said: dict[str, Any]) -> None:
    covered = RAISED.iro_cover_arranged("2026-07-13", cover="iro-9", until="2026-07-17")
    covered.accepts(kind, "2026-07-14", **said, by="iro-9")
    covered.accepts(kind, "2026-07-14", **said)
    assert "that is iro-1, not iro-9" in covered.refuses(kind, "2026-07-20", **said, by="iro-9")
    assert "iro-1, covered by iro-9, not iro-3" in covered.refuses(kind, "2026-07-14", **said, by="iro-3")


@pytest.mark.duty("dispute_is_the_iros")
def test_without_an_iro_nobody_raises_one() -> None:
    said = child("2026-06-05").refuses("dispute_raised", "2026-06-08")
    assert said == (
        "No IRO is appointed on 8 June 2026, and only the child's IRO acts in a formal dispute, refers to Cafcass or"
        " asks for legal advice: have one appointed first."
    )


@pytest.mark.duty("dispute_is_the_iros")
def test_nobody_else_takes_back_or_corrects_what_the_iro_did() -> None:
    taken_back = {"withdraws": "d-1", "reason": "in error"}
    assert "not worker-1" in RAISED.refuses("fact_withdrawn", "2026-07-14", **taken_back)
    RAISED.accepts("fact_withdrawn", "2026-07-14", **taken_back, by="iro-1")
    put_right = corrected(RAISED, "d-1", failure=None, matter="drift")
    assert "not worker-1" in RAISED.refuses("fact_corrected", "2026-07-14", **put_right | {"by": "worker-1"})
    RAISED.accepts("fact_corrected", "2026-07-14", **put_right)


def test_anybody_records_an_answer() -> None:
    RAISED.accepts("dispute_answered", "2026-07-14", dispute="d-1", by="manager-1")


@pytest.mark.duty("dispute_goes_up")
def test_what_came_by_itself_is_neither_taken_back_nor_corrected() -> None:
    moved = MOVED.entries[-1].fact.id
    why = MOVED.refuses("fact_withdrawn", "2026-07-21", withdraws=moved, reason="in error", by="iro-1")
    assert why == (
        f"What is recorded of {says(MOVED.entries[-1].fact.on)} (dispute_moved_up, fact {moved}) came by itself on that"
        " day, and stands. Record what has happened since, or what had happened by then."
    )
    MOVED.refuses("fact_corrected", "2026-07-21", **corrected(MOVED, moved, to="director") | {"by": "system"})


# --- What cannot be ---------------------------------------------------------------------------------------------------

CLOSED_LATER = RAISED.dispute_resolved("2026-07-23", id="r-1", dispute="d-1")


@pytest.mark.parametrize(
    ("story", "kind", "said", "why"),
    [
        (BEFORE, "dispute_raised", {"needed_by": "2026-07-19"}, "The child cannot need it resolved before"),
        (BEFORE, "dispute_raised", {"follows": "c-9"}, "There is no such challenge or dispute in the open part"),
        (BEFORE, "dispute_raised", {"id": "d-9", "follows": "d-9"}, "A dispute cannot follow itself"),
        (RAISED, "dispute_raised", {"follows": "d-1"}, "take that one up (dispute_taken_up) instead"),
        (CLOSED_LATER, "dispute_raised", {"follows": "d-1"}, "was closed later, on 23 July 2026"),
        (CHALLENGED, "dispute_raised", {"follows": "c-1"}, "was taken further on 9 July 2026, by the challenge of"),
        (CHALLENGED, "dispute_raised", {"follows": "c-2", "on": "2026-07-08"}, "raised later, on 9 July 2026"),
        (RAISED, "dispute_answered", {"dispute": "d-9"}, "There is no such open dispute (fact d-9)"),
        (RAISED, "dispute_answered", OF_IT | {"on": "2026-07-10"}, "raised later, on 13 July 2026"),
        (RAISED, "dispute_answered", OF_IT | {"stage": "director"}, "had not come to the director by 20 July 2026"),
        (TAKEN_UP, "dispute_answered", OF_IT | {"stage": "director", "on": "2026-07-14"}, "had not come to"),
        (ANSWERED, "dispute_answered", OF_IT, "The team manager answered on 16 July 2026"),
        (RESOLVED, "dispute_answered", OF_IT, "was closed on 16 July 2026, so that nothing is left to answer"),
        (RAISED, "dispute_taken_up", OF_IT | {"to": "team_manager"}, "it can only be taken up from there"),
        (TAKEN_UP, "dispute_taken_up", OF_IT | {"to": "service_manager"}, "is with the director; it can only"),
        (TAKEN_UP, "dispute_taken_up", OF_IT | {"to": "chief_executive", "on": "2026-07-14"}, "came to the director"),
        (RESOLVED, "dispute_taken_up", OF_IT, "was resolved on 16 July 2026; withdraw that record first (fact r-1)"),
        (RAISED, "dispute_paused", OF_IT | {"until": "2026-07-19"}, "A pause lasts until a day to come"),
        (ANSWERED, "dispute_paused", OF_IT | {"until": "2026-07-30"}, "The team manager answered"),
        (RESOLVED, "dispute_paused", OF_IT | {"until": "2026-07-30"}, "was resolved on 16 July 2026"),
        (RESOLVED, "dispute_resolved", OF_IT, "withdraw that record first (fact r-1)"),
        (RESOLVED, "dispute_withdrawn", OF_IT, "withdraw that record first (fact r-1)"),
        (RAISED, "dispute_resolved", OF_IT | {"on": "2026-07-10"}, "raised later, on 13 July 2026"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(story: Story, kind: str, said: dict[str, Any], why: str) -> None:
    told_of = {"on": "2026-07-20"} | said
    assert why in story.refuses(kind, told_of.pop("on"), "2026-07-24", **told_of)


@pytest.mark.duty("one_dispute_a_matter")
def test_a_second_dispute_on_the_same_matter_is_refused_unless_it_is_said_to_be_another() -> None:
    said = RAISED.refuses("dispute_raised", "2026-07-14")
    assert said == (
        "The dispute of 13 July 2026 about the care plan (fact d-1) is open, with the team manager. If it is the same"
        " matter, take that one up; if it is another, say so (apart_from=d-1)."
    )
    RAISED.accepts("dispute_raised", "2026-07-14", apart_from="d-1")
    RAISED.accepts("dispute_raised", "2026-07-14", matter="health")
    RESOLVED.accepts("dispute_raised", "2026-07-20", follows="d-1")
    two = RAISED.dispute_raised("2026-07-14", id="d-2", apart_from="d-1")
    two.accepts("dispute_raised", "2026-07-15", apart_from="d-2")
    assert "d-2" in two.refuses("dispute_raised", "2026-07-15")
    health = RAISED.dispute_raised("2026-07-14", id="d-2", matter="health")
    why = health.refuses("fact_corrected", "2026-07-15", **corrected(health, "d-2", matter="care_plan"))
    assert "about the care plan (fact d-1) is open" in why


@pytest.mark.duty("death_silences")
@pytest.mark.parametrize("on", ["2026-07-14", "2026-07-15"])
def test_no_dispute_is_raised_or_taken_up_here_once_the_child_has_died(on: str) -> None:
    story = RAISED.care_ended("2026-07-14", reason="E2")
    assert "nobody would hear of this" in story.refuses("dispute_raised", on, "2026-07-15", matter="health")
    assert "nobody would hear of this" in story.refuses("dispute_taken_up", on, "2026-07-15", dispute="d-1")


# --- Put right --------------------------------------------------------------------------------------------------------

TWICE = RAISED.dispute_taken_up("2026-07-14", id="m-1", dispute="d-1", to="service_manager").dispute_taken_up(
    "2026-07-16", id="m-2", dispute="d-1", to="director"
)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("m-1", {"reason": "Put better."}),
        ("m-1", {"to": "head_of_service"}),
        ("m-1", {"on": "2026-07-16"}),
        ("m-2", {"reason": "Put better."}),
        ("m-2", {"to": "chief_executive"}),
        ("d-1", {"about": "Put better."}),
    ],
)
def test_what_the_iro_did_can_be_put_right_also_when_the_dispute_has_gone_on(wrong: str, said: dict[str, Any]) -> None:
    TWICE.accepts("fact_corrected", "2026-07-17", **corrected(TWICE, wrong, **said))
    closed = TWICE.dispute_resolved("2026-07-17", dispute="d-1")
    closed.accepts("fact_corrected", "2026-07-17", **corrected(closed, wrong, **said))


@pytest.mark.parametrize(
    ("wrong", "said", "why"),
    [
        ("m-1", {"to": "director"}, "it can only be taken up from there"),
        ("m-1", {"to": "team_manager"}, "it can only be taken up from there"),
        ("m-1", {"on": "2026-07-17"}, "went on to the director on 16 July 2026"),
        ("m-1", {"to": "chief_executive"}, "came to the director on 16 July 2026"),
        ("m-2", {"on": "2026-07-13"}, "came to the service manager on 14 July 2026"),
        ("d-1", {"stage": "service_manager"}, "It went up to the service manager on 14 July 2026, and so began below"),
        ("d-1", {"on": "2026-07-15"}, "What was recorded on 14 July 2026 of this dispute would then come before it."),
    ],
)
def test_a_correction_leaves_the_stages_in_order(wrong: str, said: dict[str, Any], why: str) -> None:
    assert why in TWICE.refuses("fact_corrected", "2026-07-17", **corrected(TWICE, wrong, **said))


def test_both_moves_put_right_leave_the_stages_in_order() -> None:
    story = TWICE.corrected("m-2", "2026-07-17", to="chief_executive", by="iro-1")
    story = story.corrected("m-1", "2026-07-17", to="director", by="iro-1")
    assert [at.stage for at in dispute(story).stages] == ["team_manager", "director", "chief_executive"]
    assert beside(story, "2026-07-17").stage == "chief_executive"


def test_an_answer_of_the_day_on_which_it_was_taken_up_can_be_put_right() -> None:
    story = RAISED.dispute_answered("2026-07-15", id="a-1", dispute="d-1").dispute_taken_up(
        "2026-07-15", hour=13, dispute="d-1", to="director"
    )
    story = story.dispute_answered("2026-07-16", id="a-2", dispute="d-1")
    for wrong in ("a-1", "a-2"):
        story.accepts("fact_corrected", "2026-07-17", **corrected(story, wrong, answer="Put better."))


def test_disputes_cannot_be_corrected_into_a_circle() -> None:
    story = RAISED.dispute_withdrawn("2026-07-13", dispute="d-1").dispute_raised("2026-07-13", id="d-2", follows="d-1")
    story = story.dispute_withdrawn("2026-07-13", dispute="d-2", id="w-2")
    why = story.refuses("fact_corrected", "2026-07-14", **corrected(story, "d-1", follows="d-2"))
    assert why == (
        "The dispute of 13 July 2026 about the care plan (fact d-2) came of this one, so that this one cannot follow it"
        " in turn (follows)."
    )


def test_a_challenge_cannot_be_corrected_past_the_dispute_that_took_it_further() -> None:
    story = CHALLENGED.dispute_raised("2026-07-13", id="d-1", follows="c-2")
    why = story.refuses("fact_corrected", "2026-07-14", **corrected(story, "c-2", on="2026-07-14"))
    assert why == "What was recorded on 13 July 2026 of this challenge would then come before it."


@pytest.mark.parametrize("how", ["dispute_resolved", "dispute_withdrawn"])
@pytest.mark.parametrize(
    ("second", "stays_closed"),
    [
        ({"matter": "care_plan", "follows": "d-1"}, True),
        ({"matter": "placement", "follows": "d-1"}, True),
        ({"matter": "care_plan"}, True),
        ({"matter": "placement"}, False),
    ],
    ids=["followed", "followed on another matter", "same matter", "another matter"],
)
def test_a_dispute_is_not_opened_again_beside_one_that_goes_on_with_it(
    how: str, second: dict[str, str], stays_closed: bool
) -> None:
    raised = child("2026-06-05").iro_appointed("2026-06-08").dispute_raised("2026-07-13", id="d-1")
    closed = getattr(raised, how)("2026-07-16", id="r-1", dispute="d-1")
    story = closed.dispute_raised("2026-07-17", id="d-2", **second)
    taken_back = {"by": "iro-1", "withdraws": "r-1", "reason": "in error"}
    if not stays_closed:
        story.accepts("fact_withdrawn", "2026-07-20", **taken_back)
        return
    assert "(fact d-2) has gone on with the matter" in story.refuses("fact_withdrawn", "2026-07-20", **taken_back)
    of_the_other = closed.entries[-1].fact.model_dump(mode="json") | {"dispute": "d-2"}
    other = {"by": "iro-1", "corrects": "r-1", "reason": "another", "to": of_the_other}
    assert "(fact d-2) has gone on with the matter" in story.refuses("fact_corrected", "2026-07-20", **other)
    over = story.dispute_resolved("2026-07-17", dispute="d-2")
    over.accepts("fact_withdrawn", "2026-07-20", **taken_back)
