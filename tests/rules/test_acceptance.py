"""What cannot be is refused before it is recorded, in one sentence that says why."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from rules.acceptance import Refused, check_opening
from rules.facts import FACT_TYPES, parse_fact
from rules.facts.care import BecameLookedAfter
from tests.rules.build import Story, child, day, fact

STORY = child("2026-06-05").iro_appointed("2026-06-08")
REVIEWED = STORY.review_held("2026-07-03")
OPENED = STORY.review_opened("2026-07-01")
ADJOURNED = STORY.review_adjourned("2026-07-01", reconvene_on="2026-07-20")
SENT = REVIEWED.decisions_sent("2026-07-06")
DECIDED = REVIEWED.decision_made("2026-07-03", due="2026-08-03")
ENDED = REVIEWED.care_ended("2026-07-08")
VOID = child("2026-06-05").care_voided("2026-06-06", reason="home next morning")

REFUSED: list[tuple[str, Story, str, str, dict[str, Any]]] = [
    ("has not come yet", STORY, "discussion_held", "2026-06-20", {"today": "2026-06-19"}),
    ("before the child became looked after", STORY, "discussion_held", "2026-06-04", {"today": "2026-06-19"}),
    ("already looked after in this episode", STORY, "became_looked_after", "2026-06-10", {}),
    ("when its episode is opened, not later", STORY, "case_taken_on", "2026-06-10", {}),
    # The IRO
    ("is the child's IRO already", STORY, "iro_appointed", "2026-06-10", {}),
    ("has no IRO now", child("2026-06-05"), "iro_post_vacated", "2026-06-10", {}),
    ("has no IRO now", child("2026-06-05"), "iro_cover_arranged", "2026-06-10", {"cover": "iro-2"}),
    ("cannot cover for themselves", STORY, "iro_cover_arranged", "2026-06-10", {"cover": "iro-1"}),
    (
        "ends before it begins",
        STORY,
        "iro_cover_arranged",
        "2026-06-10",
        {"cover": "iro-2", "until": "2026-06-09"},
    ),
    ("Nobody covers", STORY, "iro_cover_ended", "2026-06-10", {}),
    ("No IRO had been appointed", STORY, "iro_made_known", "2026-06-05", {"today": "2026-06-10"}),
    # Before a review
    ("for a day that had passed", STORY, "review_arranged", "2026-06-10", {"planned_for": "2026-06-09"}),
    ("the child is 18", STORY, "review_arranged", "2026-06-10", {"planned_for": "2032-06-15"}),
    ("had passed already", STORY, "early_review_required", "2026-06-10", {"before": "2026-06-09"}),
    (
        "not in care under an order",
        STORY.legal_status_changed("2026-06-09", legal_status="C1"),
        "early_review_required",
        "2026-06-10",
        {"before": "2026-06-30", "ground": "ceasing_not_to_parent"},
    ),
    ("needs a reason", STORY, "child_consulted", "2026-06-10", {"outcome": "too_young"}),
    ("needs a reason", STORY, "child_consulted", "2026-06-10", {"outcome": "not_appropriate"}),
    ("in which way", STORY, "child_consulted", "2026-06-10", {"outcome": "spoke", "ways": []}),
    ("why the views were not given", STORY, "views_gathered", "2026-06-10", {"given": False}),
    # The review
    ("is open already", OPENED, "review_opened", "2026-07-02", {}),
    ("No review is open", STORY, "review_continued", "2026-07-02", {}),
    ("cannot come before the first", OPENED, "review_continued", "2026-06-30", {"today": "2026-07-02"}),
    ("adjourned once", ADJOURNED, "review_adjourned", "2026-07-20", {"reconvene_on": "2026-07-24"}),
    (
        "before it opened",
        OPENED,
        "review_adjourned",
        "2026-06-30",
        {"reconvene_on": "2026-07-20", "today": "2026-07-02"},
    ),
    ("reconvenes on a later day", STORY, "review_adjourned", "2026-07-01", {"reconvene_on": "2026-07-01"}),
    ("at most 20 working days", STORY, "review_adjourned", "2026-07-01", {"reconvene_on": "2026-08-10"}),
    ("must come after it", REVIEWED, "review_opened", "2026-07-01", {"today": "2026-07-06"}),
    (
        "must come after it",
        REVIEWED,
        "review_adjourned",
        "2026-07-01",
        {"today": "2026-07-06", "reconvene_on": "2026-07-09"},
    ),
    ("is recorded already", REVIEWED, "review_held", "2026-07-03", {}),
    ("before it opened", STORY, "review_held", "2026-07-01", {"opened_on": "2026-07-02"}),
    ("after the day it is said to have been completed", OPENED, "review_held", "2026-06-30", {"today": "2026-07-02"}),
    ("before the child became looked after", STORY, "review_held", "2026-07-01", {"opened_on": "2026-06-01"}),
    (
        "the one before it was completed on 3 July 2026",
        REVIEWED,
        "review_held",
        "2026-09-01",
        {"opened_on": "2026-07-02"},
    ),
    ("how the child took part", STORY, "review_held", "2026-07-01", {"participation": None}),
    ("late_reason", STORY, "review_held", "2026-07-06", {}),
    # After a review
    ("No review had been held by 10 June 2026", STORY, "record_completed", "2026-06-10", {}),
    ("No review was held on 1 July 2026", REVIEWED, "record_completed", "2026-07-10", {"review": "2026-07-01"}),
    (
        "cannot come before it",
        REVIEWED,
        "record_completed",
        "2026-07-01",
        {"review": "2026-07-03", "today": "2026-07-10"},
    ),
    ("have not been sent", REVIEWED, "manager_replied", "2026-07-10", {}),
    ("have not been sent", SENT.review_held("2026-09-30"), "manager_replied", "2026-10-01", {}),
    ("queried or rejected", SENT, "manager_replied", "2026-07-10", {"outcome": "queried"}),
    ("recorded already", DECIDED, "decision_made", "2026-07-06", {"due": "2026-08-03"}),
    ("cannot be due before", REVIEWED, "decision_made", "2026-07-06", {"due": "2026-07-05"}),
    (
        "cannot be due before",
        DECIDED,
        "decision_changed",
        "2026-07-06",
        {"decision": "d-1", "due": "2026-07-05", "reason": "x"},
    ),
    ("no such open decision (decision=d-9)", DECIDED, "decision_carried_out", "2026-07-06", {"decision": "d-9"}),
    (
        "was made later",
        DECIDED,
        "decision_carried_out",
        "2026-07-02",
        {"decision": "d-1", "today": "2026-07-06"},
    ),
    (
        "was carried out on 6 July 2026",
        DECIDED.decision_carried_out("2026-07-06", decision="d-1"),
        "decision_dropped",
        "2026-07-07",
        {"decision": "d-1", "reason": "x"},
    ),
    # Exemptions
    ("(step=second_review)", STORY, "step_exempted", "2026-06-10", {"step": "second_review", "reason": "x"}),
    (
        "ends before it begins",
        STORY,
        "step_exempted",
        "2026-06-10",
        {"step": "first_review", "reason": "x", "until": "2026-06-09"},
    ),
    ("is not exempt", STORY, "exemption_ended", "2026-06-10", {"step": "first_review"}),
    # The end
    ("Care ended on 8 July 2026", ENDED, "discussion_held", "2026-07-09", {}),
    ("recorded already", ENDED, "care_ended", "2026-07-09", {}),
    ("recorded already", ENDED, "care_voided", "2026-07-09", {"reason": "x"}),
    ("after care is said to have ended", REVIEWED, "care_ended", "2026-07-01", {"today": "2026-07-10"}),
    (
        "18th birthday, 20 June 2026",
        child("2026-06-05", birth_date="2008-06-20"),
        "care_ended",
        "2026-06-21",
        {"reason": "E17"},
    ),
    ("less than 24 hours; record care_voided", child("2026-06-05"), "care_ended", "2026-06-05", {}),
    ("cannot reach", child("2026-06-05"), "care_voided", "2026-06-08", {"reason": "x"}),
    (
        "in care under an order",
        child("2026-06-05", legal_status="C2"),
        "care_voided",
        "2026-06-05",
        {"reason": "x"},
    ),
    ("never looked after", VOID, "discussion_held", "2026-06-06", {}),
    ("recorded already", VOID, "care_voided", "2026-06-06", {"reason": "x"}),
    ("not in a series of short breaks", STORY, "short_break_limit_exceeded", "2026-06-10", {}),
    (
        "recorded already",
        child("2026-06-05", legal_status="V4").short_break_limit_exceeded("2026-08-01"),
        "short_break_limit_exceeded",
        "2026-08-02",
        {},
    ),
]


@pytest.mark.parametrize(
    ("says", "story", "kind", "on", "fields"), REFUSED, ids=[f"{case[2]}: {case[0]}" for case in REFUSED]
)
def test_what_cannot_be_is_refused_in_one_sentence(
    says: str, story: Story, kind: str, on: str, fields: dict[str, Any]
) -> None:
    message = story.refuses(kind, on, **fields)
    assert says in message
    assert message.endswith(".") and "\n" not in message


@pytest.mark.duty("one_adjournment")
def test_a_second_adjournment_is_refused_even_after_a_further_meeting() -> None:
    story = ADJOURNED.review_continued("2026-07-13")
    assert "may not be adjourned again" in story.refuses("review_adjourned", "2026-07-20", reconvene_on="2026-07-24")


@pytest.mark.duty("one_adjournment")
def test_each_review_may_be_adjourned_once() -> None:
    second = ADJOURNED.review_held("2026-07-20")
    second.accepts("review_adjourned", "2026-10-19", reconvene_on="2026-11-02")


@pytest.mark.duty("one_adjournment")
def test_a_review_that_opened_is_adjourned_without_opening_again() -> None:
    OPENED.accepts("review_adjourned", "2026-07-02", reconvene_on="2026-07-20")


@pytest.mark.duty("nothing_decided_while_adjourned")
def test_nothing_is_decided_by_a_review_that_is_not_completed() -> None:
    second = REVIEWED.review_adjourned("2026-10-01", reconvene_on="2026-10-15")
    message = second.refuses("decision_made", "2026-10-05", due="2026-11-02")
    assert "The review that opened on 1 October 2026 had not been completed" in message
    second.accepts("decision_made", "2026-10-05", due="2026-11-02", review="2026-07-03")
    second.review_held("2026-10-15").accepts("decision_made", "2026-10-15", due="2026-11-02")


@pytest.mark.duty("participation_fits_age")
@pytest.mark.parametrize(
    ("held", "code", "fits"),
    [
        ("2026-06-14", "PN0", True),
        ("2026-06-14", "PN1", False),
        ("2026-06-15", "PN0", True),  # On the 4th birthday either is taken.
        ("2026-06-15", "PN7", True),
        ("2026-06-16", "PN0", False),
        ("2026-06-16", "PN1", True),
    ],
)
def test_participation_is_checked_against_the_age_on_the_day_of_the_review(held: str, code: str, fits: bool) -> None:
    story = child("2026-06-05", birth_date="2022-06-15").child_consulted("2026-06-12", outcome="observed")
    if fits:
        story.accepts("review_held", held, participation=code)
    else:
        assert code in story.refuses("review_held", held, participation=code)


@pytest.mark.duty("participation_fits_age")
@pytest.mark.parametrize("code", [f"PN{number}" for number in range(1, 8)])
def test_every_code_fits_a_child_of_four_or_more(code: str) -> None:
    STORY.accepts("review_held", "2026-07-01", participation=code)


@pytest.mark.duty("participation_fits_age")
def test_a_meeting_that_does_not_count_needs_no_code() -> None:
    STORY.accepts("review_held", "2026-07-01", counts=False, participation=None)


@pytest.mark.duty("late_review_has_a_reason")
def test_a_late_review_is_taken_with_its_reason() -> None:
    STORY.accepts("review_held", "2026-07-06", late_reason="child_missing")


@pytest.mark.duty("late_review_has_a_reason")
def test_a_review_that_opened_in_time_needs_a_reason_only_when_it_is_completed_late() -> None:
    OPENED.accepts("review_held", "2026-07-29")
    assert "was to be completed by 29 July 2026" in OPENED.refuses("review_held", "2026-07-30")
    OPENED.accepts("review_held", "2026-07-30", late_reason="papers_not_ready")


@pytest.mark.duty("one_adjournment")
def test_an_open_review_is_adjourned_to_its_twentieth_working_day_at_the_latest() -> None:
    OPENED.accepts("review_adjourned", "2026-07-02", reconvene_on="2026-07-29")
    assert "at most 20 working days" in OPENED.refuses("review_adjourned", "2026-07-02", reconvene_on="2026-07-30")


@pytest.mark.duty("void_under_24_hours")
def test_a_stay_of_one_night_may_be_void() -> None:
    child("2026-06-05").accepts("care_voided", "2026-06-06", reason="home next morning")


@pytest.mark.parametrize(("status", "reason"), [("C2", "E4A"), ("V2", "E2")], ids=["under an order", "the child died"])
def test_care_that_ended_on_its_first_day_all_the_same(status: str, reason: str) -> None:
    child("2026-06-05", legal_status=status).accepts("care_ended", "2026-06-05", reason=reason)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("iro_service_notified", {}),
        ("iro_appointed", {"iro": "iro-7"}),
        ("reviewing_policy_given", {}),
        ("reviewing_policy_withheld", {"recipient": "child", "reason": "a baby"}),
    ],
)
def test_a_planned_admission_is_prepared_before_the_day(kind: str, fields: dict[str, Any]) -> None:
    child("2026-06-05").accepts(kind, "2026-06-01", today="2026-06-05", **fields)


def test_the_child_may_be_told_of_the_iro_before_a_planned_admission() -> None:
    story = child("2026-06-05").iro_appointed("2026-06-01", at="2026-06-05")
    story.accepts("iro_made_known", "2026-06-02", today="2026-06-05")


@pytest.mark.parametrize("kind", ["record_completed", "decisions_sent", "record_distributed", "decisions_circulated"])
def test_what_follows_the_last_review_is_taken_after_care_has_ended(kind: str) -> None:
    ENDED.accepts(kind, "2026-07-20")


def test_what_happened_before_the_end_may_be_recorded_after_it() -> None:
    ENDED.accepts("child_consulted", "2026-07-02", today="2026-07-20")


@pytest.mark.parametrize(
    ("birth", "on", "today", "says"),
    [
        ("2026-06-06", "2026-06-05", "2026-06-05", "The birth date is after the day"),
        ("2014-06-15", "2026-06-06", "2026-06-05", "has not come yet"),
        ("2008-06-05", "2026-06-05", "2026-06-05", "18 or over"),
        ("2008-02-29", "2026-03-01", "2026-03-02", "18 or over"),
    ],
)
def test_a_notification_that_cannot_be_is_refused(birth: str, on: str, today: str, says: str) -> None:
    opening = fact("became_looked_after", on, birth_date=birth)
    assert isinstance(opening, BecameLookedAfter)
    with pytest.raises(Refused, match=says):
        check_opening(opening, day(today))


@pytest.mark.parametrize("born", ["2026-06-05", "2008-06-06"])
def test_a_newborn_and_someone_of_17_can_be_looked_after(born: str) -> None:
    opening = fact("became_looked_after", "2026-06-05", birth_date=born)
    assert isinstance(opening, BecameLookedAfter)
    check_opening(opening, day("2026-06-05"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "review_hold"},
        {"kind": "review_held", "mood": "good"},
        {"kind": "review_held", "participation": "PN9"},
        {"kind": "review_held", "on": "31/06/2026"},
        {"kind": "decision_made", "decision": "d-1", "text": "x", "due": "2026-08-01"},
        {"kind": "iro_made_known", "recipient": "child"},
        {"kind": "discussion_held", "id": "a name with spaces"},
        {"kind": "care_ended", "reason": "X1"},
        {
            "kind": "became_looked_after",
            "authority": "383",
            "nation": "scotland",
            "child": "c",
            "birth_date": "2014-01-01",
        },
    ],
    ids=[
        "unknown act",
        "unknown field",
        "unknown code",
        "not a day",
        "a decision nobody owns",
        "a telling without its way",
        "an id that is no reference",
        "X1 ends no care",
        "another nation",
    ],
)
def test_what_no_fact_can_say_is_not_read_as_one(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parse_fact({"id": "f-1", "on": "2026-07-03", "by": "worker-1"} | wrong)


def test_every_kind_of_fact_says_what_happened() -> None:
    assert all((kind.__doc__ or "").endswith(".") for kind in FACT_TYPES.values())


def test_the_workflow_can_ask_without_the_working_calendar() -> None:
    # `holidays` cannot be loaded in a workflow.
    program = "import sys, rules.acceptance, rules.opening; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# iro-1 is covered for and leaves, iro-2 follows and leaves, and iro-1 comes back and leaves again.
TWICE = STORY.iro_post_vacated("2026-06-15").iro_appointed("2026-06-17", iro="iro-2").iro_post_vacated("2026-06-22")


@pytest.mark.duty("cover_leaves_the_iro")
def test_cover_told_of_late_is_held_against_the_iro_of_its_day() -> None:
    TWICE.accepts("iro_cover_arranged", "2026-06-11", today="2026-06-24", cover="iro-9")
    TWICE.accepts("iro_cover_arranged", "2026-06-11", today="2026-06-24", cover="iro-2")
    refusal = TWICE.refuses("iro_cover_arranged", "2026-06-16", today="2026-06-24", cover="iro-9")
    assert "had no IRO on 16 June 2026" in refusal


@pytest.mark.duty("fill_vacancy")
def test_the_first_of_two_vacancies_can_be_put_right() -> None:
    to = {"kind": "iro_post_vacated", "id": "any", "by": "worker-1", "on": "2026-06-16", "reason": "ABSENC"}
    TWICE.accepts("fact_corrected", "2026-06-24", corrects="iro_post_vacated-1", reason="typing error", to=to)


@pytest.mark.duty("appoint_iro")
def test_the_first_appointments_day_can_be_put_right_when_the_same_iro_came_back() -> None:
    back = TWICE.iro_appointed("2026-06-24")
    to = {"kind": "iro_appointed", "id": "any", "by": "worker-1", "on": "2026-06-09", "iro": "iro-1"}
    back.accepts("fact_corrected", "2026-06-25", corrects="appointment-1", reason="typing error", to=to)
    assert "is the child's IRO already" in back.refuses("iro_appointed", "2026-06-25")
