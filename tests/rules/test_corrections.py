"""A fact is never edited: it is corrected or withdrawn by another, with a reason, and the agenda follows."""

from typing import Any

import pytest

from rules.vocabulary import StepState
from tests.rules.build import Story, child, day

STORY = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")


def _put_right(story: Story, wrong: str, recorded: str = "2026-07-20", **fields: Any) -> None:
    as_told = next(entry.fact for entry in story.entries if entry.fact.id == wrong)
    to = as_told.model_dump(mode="json") | fields
    story.accepts("fact_corrected", recorded, corrects=wrong, reason="typing error", to=to)


def _not_put_right(story: Story, wrong: str, recorded: str = "2026-07-20", **fields: Any) -> str:
    as_told = next(entry.fact for entry in story.entries if entry.fact.id == wrong)
    to = as_told.model_dump(mode="json") | fields
    return story.refuses("fact_corrected", recorded, corrects=wrong, reason="typing error", to=to)


def test_a_corrected_first_day_moves_every_open_date_and_keeps_what_was_told() -> None:
    story = child("2026-06-05").corrected("opening", "2026-06-09", on="2026-06-01")
    assert story.step("first_review", on="2026-06-09").due == day("2026-06-29")
    assert len(story.entries) == 2


def test_a_date_that_had_passed_by_the_correction_is_told_once_at_its_highest_rung() -> None:
    story = child("2026-06-05").corrected("opening", "2026-06-09", on="2026-05-26")
    followed = story.follow("2026-06-10")
    raised = followed.of("notify_iro_service")
    assert [each.rung for each in raised] == ["reminder", "assistant_director"]
    assert raised[1].covers == ("breach", "service_manager")


def test_a_corrected_date_that_is_later_leaves_the_breach_told_and_breaches_anew() -> None:
    story = child("2026-06-05").corrected("opening", "2026-06-11", on="2026-06-10")
    assert story.follow("2026-06-13").rungs("notify_iro_service") == ["reminder", "breach", "breach"]


def test_the_latest_correction_of_a_fact_stands() -> None:
    story = child("2026-06-05").corrected("opening", "2026-06-09", on="2026-06-01")
    story = story.corrected("opening", "2026-06-10", on="2026-06-03")
    assert story.step("first_review", on="2026-06-10").basis.counted_from == day("2026-06-03")


def test_a_correction_withdrawn_leaves_the_fact_as_it_was() -> None:
    story = child("2026-06-05").corrected("opening", "2026-06-09", on="2026-06-01")
    story = story.withdrawn("fact_corrected-1", "2026-06-10")
    assert story.step("first_review", on="2026-06-10").basis.counted_from == day("2026-06-05")


def test_a_review_recorded_in_error_is_withdrawn_and_owed_again() -> None:
    story = STORY.withdrawn("review-1", "2026-07-06")
    assert story.step("first_review", on="2026-07-06").state is StepState.OPEN
    assert story.reviews("2026-07-06") == ()
    assert "second_review.review-1" not in story.keys("2026-07-06")


def test_a_review_moved_to_another_day_moves_what_runs_from_it() -> None:
    story = STORY.corrected("review-1", "2026-07-06", on="2026-07-02")
    assert story.step("second_review.review-1", on="2026-07-06").due == day("2026-10-02")
    assert story.step("decisions.review-1", on="2026-07-06").due == day("2026-07-09")


def test_a_meeting_that_should_not_have_counted_is_corrected_and_the_chain_with_it() -> None:
    story = STORY.review_held("2026-08-10").corrected("review-2", "2026-08-11", counts=False)
    assert story.step("second_review.review-1", on="2026-08-11").state is StepState.OPEN


def test_an_iro_appointed_in_error_is_withdrawn_and_there_is_none() -> None:
    assert STORY.withdrawn("appointment-1", "2026-07-06").agenda("2026-07-06").iro is None


def test_a_correction_accepted_says_what_could_have_been_recorded() -> None:
    _put_right(STORY, "opening", on="2026-06-04")
    _put_right(STORY, "review-1", on="2026-07-02")
    _put_right(STORY.care_ended("2026-07-10"), "care_ended-1", on="2026-07-09", reason="E13")
    second = STORY.review_opened("2026-09-01").review_held("2026-09-10")
    _put_right(second, "review_opened-1", recorded="2026-09-14", on="2026-09-02")
    _put_right(STORY.iro_post_vacated("2026-07-10").iro_appointed("2026-07-13", iro="iro-2"), "iro_post_vacated-1")
    imported = STORY.case_taken_on("2026-07-10").told_at_once("2026-07-10")
    _put_right(imported, "case_taken_on-1", first_day_known=False)


@pytest.mark.parametrize(
    ("says", "wrong", "fields"),
    [
        ("cannot become", "review-1", {"kind": "record_completed", "participation": None}),
        ("another child or authority", "opening", {"child": "child-2"}),
        ("another child or authority", "opening", {"nation": "wales"}),
        ("birth date is after", "opening", {"birth_date": "2026-07-01"}),
        ("has not come yet", "review-1", {"on": "2026-07-21"}),
        ("It was recorded by worker-1, and that stays as it is (fact review-1)", "review-1", {"by": "system"}),
        ("It was recorded by worker-1, and that stays as it is (fact opening)", "opening", {"by": "system"}),
        ("A review was held on 3 July 2026", "opening", {"on": "2026-07-04"}),
        ("PN0 is for a child under 4", "review-1", {"participation": "PN0"}),
    ],
)
def test_a_correction_that_cannot_be_is_refused(says: str, wrong: str, fields: dict[str, Any]) -> None:
    if "kind" in fields:
        to = {"kind": fields["kind"], "id": wrong, "on": "2026-07-03", "by": "worker-1"}
        message = STORY.refuses("fact_corrected", "2026-07-20", corrects=wrong, reason="x", to=to)
    else:
        message = _not_put_right(STORY, wrong, **fields)
    assert says in message


def test_a_first_day_after_the_end_of_care_is_refused() -> None:
    story = child("2026-06-05").care_ended("2026-06-15")
    assert "Care ended on 15 June 2026" in _not_put_right(story, "opening", on="2026-06-20")


def test_a_review_is_not_moved_past_what_follows_it_nor_withdrawn_from_under_it() -> None:
    story = STORY.decisions_sent("2026-07-06")
    assert "decisions_sent" in _not_put_right(story, "review-1", on="2026-07-07")
    assert "decisions_sent" in _not_put_right(story, "review-1", counts=False)
    refusal = story.refuses("fact_withdrawn", "2026-07-20", withdraws="review-1", reason="x")
    assert "would then follow none" in refusal
    undone = story.withdrawn("decisions_sent-1", "2026-07-20")
    undone.accepts("fact_withdrawn", "2026-07-20", withdraws="review-1", reason="x")


def test_the_opening_is_corrected_or_voided_never_withdrawn() -> None:
    refusal = STORY.refuses("fact_withdrawn", "2026-07-20", withdraws="opening", reason="x")
    assert "care_voided" in refusal


def test_what_is_not_there_cannot_be_withdrawn_nor_twice() -> None:
    for story in (STORY, STORY.withdrawn("appointment-1", "2026-07-06")):
        wrong = "nothing" if story is STORY else "appointment-1"
        assert "There is no such record" in story.refuses("fact_withdrawn", "2026-07-20", withdraws=wrong, reason="x")


def test_a_wrong_end_of_care_is_withdrawn_after_it() -> None:
    ended = STORY.care_ended("2026-07-10")
    ended.accepts("fact_withdrawn", "2026-07-20", withdraws="care_ended-1", reason="wrong child")
    voided = child("2026-06-05").care_voided("2026-06-06", reason="x")
    voided.accepts("fact_withdrawn", "2026-06-20", withdraws="care_voided-1", reason="stayed on")


def test_the_last_review_corrected_to_a_late_day_says_why_it_was_late() -> None:
    sentence = _not_put_right(STORY, "review-1", on="2026-07-06")
    assert "The review was due by 3 July 2026 and opened on 6 July 2026; say why it was late" in sentence
    _put_right(STORY, "review-1", on="2026-07-06", late_reason="social_worker_unavailable")
    _put_right(STORY, "review-1", on="2026-07-02")


def test_a_corrected_review_is_held_against_its_own_last_day_not_the_next_ones() -> None:
    story = STORY.review_held("2026-09-28")
    assert "due by 3 October 2026" in _not_put_right(story, "review-2", "2026-10-06", on="2026-10-05")
    _put_right(story, "review-2", "2026-10-06", on="2026-10-02")
