"""Phase 6: decisions to the manager, the manager's answer, the record, and who gets it."""

import pytest

from rules.facts.reviews import AfterReview, ReviewHeld
from rules.follow_up import RECORD_RECIPIENTS
from rules.vocabulary import Force, Role, StepState
from tests.rules.build import Story, child, day, moment

VECTORS = [
    ("2025-12-19", "2025-12-30", "2026-01-07", "2026-01-14", "2026-01-21"),
    ("2026-03-27", "2026-04-07", "2026-04-14", "2026-04-21", "2026-04-28"),
    ("2026-12-18", "2026-12-29", "2027-01-06", "2027-01-13", "2027-01-20"),
]


@pytest.mark.duty("decisions")
@pytest.mark.duty("circulate_decisions")
@pytest.mark.duty("record")
@pytest.mark.duty("distribution")
@pytest.mark.parametrize(("held", "decisions", "circulated", "record", "distribution"), VECTORS)
def test_what_follows_runs_from_the_completion_of_the_review(
    held: str, decisions: str, circulated: str, record: str, distribution: str
) -> None:
    story = child("2025-11-24" if held < "2026" else "2026-03-02").review_held(held)
    due = {step.name: step.due for step in story.agenda(held).open_steps if step.phase == "follow_up"}
    assert due == {
        "decisions": day(decisions),
        "circulate_decisions": day(circulated),
        "record": day(record),
        "distribution": day(distribution),
    }


# Reviewed on Friday 3 July 2026: decisions by 10 July, circulated by 17, recorded by 24, distributed by 31.
REVIEWED = child("2026-06-05").review_held("2026-07-03")
SENT = REVIEWED.decisions_sent("2026-07-08")


@pytest.mark.duty("decisions")
def test_the_iro_owes_the_decisions_and_sending_them_closes_that() -> None:
    assert REVIEWED.step("decisions.review-1", on="2026-07-03").owner is Role.IRO
    assert SENT.step("decisions.review-1", on="2026-07-08").state is StepState.DONE_IN_TIME


@pytest.mark.duty("manager_reply")
def test_the_manager_answers_within_five_working_days_of_receipt() -> None:
    step = SENT.step("manager_reply.review-1", on="2026-07-08")
    assert (step.due, step.owner, step.state) == (day("2026-07-15"), Role.TEAM_MANAGER, StepState.OPEN)
    assert "manager_reply.review-1" not in REVIEWED.keys("2026-07-08")


@pytest.mark.duty("manager_reply")
@pytest.mark.parametrize("outcome", ["accepted", "queried", "rejected"])
def test_an_answer_in_time_is_kept_as_it_was(outcome: str) -> None:
    step = SENT.manager_replied("2026-07-15", outcome=outcome, reason="why").step(
        "manager_reply.review-1", "2026-07-20"
    )
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, outcome)


@pytest.mark.duty("manager_reply")
def test_silence_for_five_working_days_is_agreement_and_logged_as_deemed() -> None:
    last_day, next_day = (SENT.step("manager_reply.review-1", on=day_) for day_ in ("2026-07-15", "2026-07-16"))
    assert last_day.state is StepState.OPEN
    assert (next_day.state, next_day.done_on) == (StepState.DEEMED, day("2026-07-15"))
    assert next_day.reason == "no answer in time: taken as agreed"


@pytest.mark.duty("manager_reply")
def test_silence_never_escalates_and_its_own_alarm_closes_it() -> None:
    followed = SENT.follow("2026-07-20")
    assert followed.rungs("manager_reply.review-1") == []
    assert followed.agenda.steps != SENT.agenda("2026-07-15").steps
    evening = SENT.agenda("2026-07-15", hour=18).alarm
    assert evening and evening.at == moment("2026-07-16", hour=0)


@pytest.mark.duty("manager_reply")
def test_an_answer_after_the_last_day_is_noted_and_the_agreement_stands() -> None:
    step = SENT.manager_replied("2026-07-17", outcome="rejected", reason="no").step(
        "manager_reply.review-1", "2026-07-17"
    )
    assert (step.state, step.outcome) == (StepState.DEEMED, "rejected")
    assert step.reason == "no answer in time: taken as agreed (an answer came on 17 July 2026)"


@pytest.mark.duty("circulate_decisions")
def test_agreed_decisions_are_circulated_within_ten_working_days() -> None:
    done = SENT.decisions_circulated("2026-07-17").step("circulate_decisions.review-1", on="2026-07-17")
    assert (done.state, done.basis.force) == (StepState.DONE_IN_TIME, Force.GUIDANCE)


@pytest.mark.duty("record")
def test_the_record_is_finished_within_fifteen_working_days() -> None:
    late = REVIEWED.record_completed("2026-07-27").step("record.review-1", on="2026-07-27")
    assert (late.due, late.state) == (day("2026-07-24"), StepState.DONE_LATE)


def _distributed(*roles: Role) -> Story:
    story = REVIEWED
    for role in roles:
        story = story.record_distributed("2026-07-28", recipient=role.value)
    return story


@pytest.mark.duty("distribution")
def test_the_record_goes_to_each_recipient_and_the_last_closes_it() -> None:
    some = _distributed(Role.CHILD, Role.CARER).step("distribution.review-1", on="2026-07-28")
    assert some.outstanding == (Role.PARENTS, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    assert _distributed(*RECORD_RECIPIENTS).step("distribution.review-1", "2026-07-28").state is StepState.DONE_IN_TIME


@pytest.mark.duty("distribution")
def test_a_recipient_may_be_left_out_with_a_reason() -> None:
    others = [role for role in RECORD_RECIPIENTS if role is not Role.PARENTS]
    story = _distributed(*others).record_withheld("2026-07-29", recipient="parents", reason="court order")
    step = story.step("distribution.review-1", on="2026-07-29")
    assert (step.state, step.done_on) == (StepState.DONE_IN_TIME, day("2026-07-29"))


def test_what_names_no_review_follows_the_latest_and_what_names_one_follows_that() -> None:
    story = REVIEWED.review_held("2026-09-25").record_completed("2026-09-28", review="2026-07-03")
    story = story.decisions_sent("2026-09-29")
    assert story.step("record.review-1", on="2026-09-29").state is StepState.DONE_LATE
    assert story.step("record.review-2", on="2026-09-29").state is StepState.OPEN
    assert story.step("decisions.review-2", on="2026-09-29").state is StepState.DONE_IN_TIME


def test_what_follows_a_review_still_does_when_the_reviews_day_is_corrected() -> None:
    story = REVIEWED.record_completed("2026-07-20", review="2026-07-03")
    story = story.corrected("review-1", "2026-07-21", on="2026-07-02")
    step = story.step("record.review-1", on="2026-07-21")
    assert (step.due, step.state) == (day("2026-07-23"), StepState.DONE_IN_TIME)


def test_every_fact_that_follows_a_review_can_name_it() -> None:
    assert all("review" in kind.model_fields for kind in AfterReview.__subclasses__())
    assert not issubclass(ReviewHeld, AfterReview)


def test_a_meeting_that_does_not_count_is_followed_by_nothing() -> None:
    story = child("2026-06-05").review_held("2026-06-20", counts=False, participation=None)
    assert not any(step.phase == "follow_up" for step in story.agenda("2026-06-20").steps)


# The manager is away on the last day, Wednesday 15 July 2026.
EXEMPT = SENT.step_exempted("2026-07-10", step="manager_reply.review-1", reason="away", until="2026-07-17")


@pytest.mark.duty("manager_reply")
def test_a_reply_exempted_across_its_last_day_is_deemed_given_when_the_exemption_ends() -> None:
    exempt, after = (EXEMPT.step("manager_reply.review-1", on=day_) for day_ in ("2026-07-17", "2026-07-18"))
    assert (exempt.state, after.state) == (StepState.EXEMPTED, StepState.DEEMED)
    evening = EXEMPT.agenda("2026-07-17", hour=18).alarm
    assert evening and evening.at == moment("2026-07-18", hour=0)
    ended = EXEMPT.exemption_ended("2026-07-16", step="manager_reply.review-1")
    assert ended.step("manager_reply.review-1", on="2026-07-16").state is StepState.DEEMED


@pytest.mark.duty("manager_reply")
def test_an_answer_to_decisions_exempted_on_their_last_day_closes_the_reply() -> None:
    for answered in ("2026-07-17", "2026-07-20"):
        step = EXEMPT.manager_replied(answered, outcome="accepted").step("manager_reply.review-1", answered)
        assert (step.state, step.done_on, step.outcome) == (StepState.DONE_LATE, day(answered), "accepted")


@pytest.mark.duty("manager_reply")
def test_an_exemption_after_the_last_day_does_not_undo_the_agreement() -> None:
    story = SENT.step_exempted("2026-07-20", step="manager_reply.review-1", reason="away", until="2026-07-24")
    assert story.step("manager_reply.review-1", on="2026-07-21").state is StepState.DEEMED
