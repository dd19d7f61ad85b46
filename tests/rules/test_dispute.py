"""Phase 11: the IRO raises a formal dispute, each stage answers in its days or it goes up, and in 20 working days it is
resolved; it never leaves the page by itself.
"""

import re
from typing import Any

import pytest
from hypothesis import assume, given

from rules.case import Case
from rules.clock import start_of
from rules.disputes import disputes_of, history_of
from rules.facts import Entry
from rules.facts.challenge import ChallengeOutcome
from rules.policy import read_policy
from rules.steps import RunsBeside
from rules.vocabulary import REFERENCE, STEP_KEY, Phase, Role, StepState
from tests.rules.build import MANAGED, Story, book, child, day, moment
from tests.rules.moves import OF_A_DISPUTE, Move, openings, stories, told
from tests.rules.test_properties import _end, whatever_happens

ANSWER, WEIGH, RESOLVE = (f"{name}.d-1" for name in ("answer_dispute", "weigh_dispute_answer", "resolve_dispute"))
STAGES = ("team_manager", "service_manager", "head_of_service", "assistant_director", "director", "chief_executive")

# Five working days, then 4, 3, 3, 3 and 2: twenty in all, counted by hand. Bank holidays: 25 and 26 December 2025 and
# 1 January 2026; 3 and 6 April 2026.
OVER_CHRISTMAS = ("2025-12-08", ("2025-12-15", "2025-12-19", "2025-12-24", "2025-12-31", "2026-01-06", "2026-01-08"))
OVER_EASTER = ("2026-03-23", ("2026-03-30", "2026-04-07", "2026-04-10", "2026-04-15", "2026-04-20", "2026-04-22"))

# Raised on Monday 13 July 2026: with the team manager until Monday 20 July, in all until Monday 10 August.
BEFORE = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
RAISED = BEFORE.dispute_raised("2026-07-13", id="d-1")
ANSWERED = RAISED.dispute_answered("2026-07-16", dispute="d-1")
TAKEN_UP = RAISED.dispute_taken_up("2026-07-15", id="m-1", dispute="d-1", to="director")
RESOLVED = RAISED.dispute_resolved("2026-07-16", id="r-1", dispute="d-1")
MOVED = RAISED.left_to_the_clocks("2026-07-21")
OF_IT = {"dispute": "d-1"}


def beside(story: Story, on: str) -> RunsBeside:
    """How the clock of the first dispute has it."""
    return next(each for each in story.agenda(on).beside if each.name == "d-1")


def dispute(story: Story) -> Any:
    return disputes_of(Case(story.entries))[0]


def moves(story: Story) -> list[tuple[str, str, str]]:
    """Where a dispute went by itself: from which stage, to which, and the last day of the one that was silent."""
    facts = [entry.fact for entry in story.entries]
    return [(f.unanswered, f.to, f.last_day.isoformat()) for f in facts if f.kind == "dispute_moved_up"]


# --- The stages -------------------------------------------------------------------------------------------------------


@pytest.mark.duty("answer_dispute")
@pytest.mark.duty("resolve_dispute")
@pytest.mark.duty("dispute_goes_up")
@pytest.mark.parametrize(("raised", "last_days"), [OVER_CHRISTMAS, OVER_EASTER], ids=["christmas", "easter"])
def test_a_dispute_that_is_ignored_goes_from_stage_to_stage_and_is_at_the_top_within_twenty_working_days(
    raised: str, last_days: tuple[str, ...]
) -> None:
    story = child("2025-11-03").iro_appointed("2025-11-04").dispute_raised(raised, id="d-1")
    story = story.left_to_the_clocks(last_days[-1], hour=23)
    assert moves(story) == list(zip(STAGES, STAGES[1:], last_days, strict=False))
    at_the_top = story.step(f"answer_dispute.{story.entries[-1].fact.id}", last_days[-1])
    assert (at_the_top.owner, at_the_top.due) == (Role.CHIEF_EXECUTIVE, day(last_days[-1]))
    assert story.step(RESOLVE, last_days[-1]).due == day(last_days[-1])
    assert at_the_top.is_open


def test_a_stage_owes_its_answer_in_the_days_of_local_policy() -> None:
    step = RAISED.step(ANSWER, "2026-07-13")
    assert (step.owner, step.due, step.phase) == (Role.TEAM_MANAGER, day("2026-07-20"), Phase.DISPUTE)
    assert step.title == "Answer the IRO's formal dispute, as team manager"
    strict = read_policy(
        "[dispute]\nsenior_from = 'team_manager'\n[[dispute.stages]]\nstage = 'team_manager'\nworking_days = 2"
    )
    assert RAISED.under(book(policy=strict)).step(ANSWER, "2026-07-13").due == day("2026-07-15")


@pytest.mark.duty("dispute_goes_up")
def test_a_stage_that_is_silent_is_left_the_moment_its_last_day_ends() -> None:
    clock = beside(RAISED, "2026-07-20")
    assert clock.next and clock.next.at == start_of(day("2026-07-21"))
    assert clock.then and (clock.then.kind, clock.then.on) == ("dispute_moved_up", day("2026-07-21"))
    step = MOVED.step(ANSWER, "2026-07-21")
    assert (step.state, step.reason) == (StepState.MISSED, "taken up to the service manager unanswered")
    assert beside(MOVED, "2026-07-21").stage == "service_manager"


def test_a_stage_that_was_left_unanswered_stays_so_when_the_policy_gives_more_days_later() -> None:
    longer = read_policy(
        "[dispute]\nsenior_from = 'team_manager'\n[[dispute.stages]]\nstage = 'team_manager'\nworking_days = 9"
    )
    assert MOVED.under(book(policy=longer)).step(ANSWER, "2026-07-21").state is StepState.MISSED


def test_a_clock_that_comes_days_late_gives_the_next_stage_not_a_day_more() -> None:
    moved = dispute(RAISED.left_to_the_clocks("2026-07-23")).now_at
    late = RAISED.dispute_moved_up(
        "2026-07-21", at="2026-07-23", dispute="d-1", unanswered="team_manager", to="service_manager",
        last_day="2026-07-20", id=moved.began.id, by="system",
    )  # fmt: skip
    assert late.step(f"answer_dispute.{moved.began.id}", "2026-07-23").due == day("2026-07-24")


@pytest.mark.duty("dispute_goes_up")
def test_a_dispute_recorded_after_all_its_days_leaves_each_stage_the_day_on_which_it_learns_of_it() -> None:
    # Raised on 13 July, in all until 10 August, and recorded on Wednesday 2 September.
    story = BEFORE.dispute_raised("2026-07-13", at="2026-09-02", id="d-1")
    assert moves(story.left_to_the_clocks("2026-09-02", hour=23)) == []
    step = story.step(ANSWER, "2026-09-02")
    assert (step.due, step.is_open, story.step(RESOLVE, "2026-09-02").due) == (
        day("2026-09-02"),
        True,
        day("2026-08-10"),
    )
    gone_up = story.left_to_the_clocks("2026-12-01")
    assert moves(gone_up) == [("team_manager", "chief_executive", "2026-09-02")]
    assert gone_up.step(f"answer_dispute.{gone_up.entries[-1].fact.id}", "2026-09-03").due == day("2026-09-03")


@pytest.mark.duty("dispute_goes_up")
def test_a_clock_that_stood_still_over_several_stages_does_not_run_through_them_in_one_go() -> None:
    # The team manager's last day was Monday 20 July, the service manager's Friday 24; both clocks stood until the 29th.
    first = RAISED.left_to_the_clocks("2026-07-21").entries[-1].fact
    late = RAISED.dispute_moved_up(**(first.model_dump(mode="json", exclude={"kind"}) | {"at": "2026-07-29"}))
    assert late.left_to_the_clocks("2026-07-29", hour=23) == late
    assert moves(late.left_to_the_clocks("2026-07-30"))[-1] == ("service_manager", "head_of_service", "2026-07-29")


@pytest.mark.duty("answer_dispute")
def test_an_answer_stops_the_clock_and_stays_to_be_weighed() -> None:
    assert beside(ANSWERED, "2026-07-16").next is None
    assert ANSWERED.left_to_the_clocks("2026-12-01") == ANSWERED
    assert ANSWERED.step(ANSWER, "2026-07-16").state is StepState.DONE_IN_TIME


def test_an_answer_that_is_late_still_stops_the_clock_where_it_has_not_rung() -> None:
    late = RAISED.dispute_answered("2026-07-21", dispute="d-1")
    assert late.step(ANSWER, "2026-07-21").state is StepState.DONE_LATE
    assert beside(late, "2026-07-21").next is None


@pytest.mark.duty("answer_dispute")
def test_an_answer_after_the_dispute_went_on_is_on_record_and_moves_nothing() -> None:
    late = MOVED.dispute_answered("2026-07-22", dispute="d-1", stage="team_manager")
    assert late.step(ANSWER, "2026-07-22").reason == (
        "taken up to the service manager unanswered (an answer came on 22 July 2026)"
    )
    assert WEIGH not in late.keys("2026-07-22")
    assert beside(late, "2026-07-22").stage == "service_manager"
    assert beside(late, "2026-07-22").next == beside(MOVED, "2026-07-22").next


@pytest.mark.duty("dispute_goes_up")
def test_an_answer_given_in_time_and_recorded_when_it_had_gone_up_is_in_time_and_still_to_be_weighed() -> None:
    story = MOVED.dispute_answered("2026-07-20", at="2026-07-22", dispute="d-1")
    assert story.step(ANSWER, "2026-07-22").state is StepState.DONE_IN_TIME
    # What went up stays up, and its clock runs on; that it went up by itself is not the IRO's word on the answer.
    assert beside(story, "2026-07-22").stage == "service_manager"
    assert beside(story, "2026-07-22").next is not None
    assert story.step(WEIGH, "2026-07-22").is_open
    taken_up = story.dispute_taken_up("2026-07-23", dispute="d-1", to="director")
    assert (taken_up.step(WEIGH, "2026-07-23").outcome, taken_up.step(WEIGH, "2026-07-23").done_on) == (
        "taken_up",
        day("2026-07-23"),
    )
    resolved = story.dispute_resolved("2026-07-22", dispute="d-1", outcome="agreed")
    assert resolved.step(WEIGH, "2026-07-22").outcome == "agreed"


# --- What the IRO does ------------------------------------------------------------------------------------------------


@pytest.mark.duty("weigh_dispute_answer")
def test_once_answered_the_iro_says_whether_it_is_resolved_or_takes_it_up() -> None:
    step = ANSWERED.step(WEIGH, "2026-07-16")
    assert (step.owner, step.due, step.is_open) == (Role.IRO, day("2026-07-20"), True)
    slow = read_policy("[local]\nweigh_dispute_answer = 60")
    assert ANSWERED.under(book(policy=slow)).step(WEIGH, "2026-07-16").due == day("2026-08-10")
    assert ANSWERED.follow("2026-12-01").rungs(WEIGH)[-1] == "director"
    up = ANSWERED.dispute_taken_up("2026-07-17", dispute="d-1", to="director")
    assert (up.step(WEIGH, "2026-07-17").state, up.step(WEIGH, "2026-07-17").outcome) == (
        StepState.DONE_IN_TIME,
        "taken_up",
    )


@pytest.mark.duty("straight_to_any_stage")
@pytest.mark.parametrize("stage", STAGES)
def test_an_iro_begins_at_any_stage_and_skips_any(stage: str) -> None:
    story = BEFORE.dispute_raised("2026-07-13", id="d-1", stage=stage)
    assert story.step(ANSWER, "2026-07-13").owner == stage
    for to in STAGES[STAGES.index(stage) + 1 :]:
        story.accepts("dispute_taken_up", "2026-07-13", dispute="d-1", to=to)


@pytest.mark.duty("straight_to_any_stage")
def test_a_dispute_taken_up_is_with_the_higher_stage_from_that_day() -> None:
    step = TAKEN_UP.step("answer_dispute.m-1", "2026-07-15")
    assert (step.owner, step.due, step.is_open) == (Role.DIRECTOR, day("2026-07-20"), True)
    left = TAKEN_UP.step(ANSWER, "2026-07-15")
    assert (left.state, left.reason) == (StepState.NOT_REQUIRED, "taken up to the director by the IRO")


@pytest.mark.duty("paused_stage")
@pytest.mark.duty("dispute_within_twenty_days")
def test_a_pause_gives_a_stage_longer_and_stops_none_of_the_twenty_days() -> None:
    story = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-07-31")
    step = story.step(ANSWER, "2026-07-14")
    assert (step.due, step.basis.rule) == (day("2026-07-31"), "paused_stage")
    assert [basis.due for basis in step.others] == [day("2026-08-10")]
    assert story.step(RESOLVE, "2026-07-14") == RAISED.step(RESOLVE, "2026-07-14")
    beyond = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-12-31")
    assert beyond.step(ANSWER, "2026-07-14").due == day("2026-08-10")


@pytest.mark.duty("paused_stage")
def test_a_pause_is_ended_by_one_until_today_and_shortens_nothing() -> None:
    paused = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-07-31")
    ended = paused.dispute_paused("2026-07-22", dispute="d-1", until="2026-07-22")
    assert ended.step(ANSWER, "2026-07-22").due == day("2026-07-22")
    too_short = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-07-15")
    assert too_short.step(ANSWER, "2026-07-14").due == day("2026-07-20")


@pytest.mark.duty("dispute_goes_up")
def test_where_the_twenty_days_are_over_it_goes_straight_to_the_last_stage_which_answers_at_once() -> None:
    story = RAISED.dispute_paused("2026-07-14", dispute="d-1", until="2026-12-31").left_to_the_clocks("2026-08-12")
    assert moves(story) == [("team_manager", "chief_executive", "2026-08-10")]
    step = story.step(f"answer_dispute.{story.entries[-1].fact.id}", "2026-08-12")
    assert (step.owner, step.due, step.is_open) == (Role.CHIEF_EXECUTIVE, day("2026-08-11"), True)
    assert beside(story, "2026-08-12").next is None


@pytest.mark.duty("resolve_dispute")
@pytest.mark.parametrize("outcome", ChallengeOutcome)
def test_each_outcome_resolves_it(outcome: ChallengeOutcome) -> None:
    story = ANSWERED.dispute_resolved("2026-07-17", dispute="d-1", outcome=outcome.value)
    step = story.step(RESOLVE, "2026-07-17")
    assert (step.state, step.outcome, step.owner) == (StepState.DONE_IN_TIME, outcome.value, Role.IRO)
    assert beside(story, "2026-07-17").over
    assert not [key for key in story.open_keys("2026-07-17") if "dispute" in key]


def test_a_dispute_withdrawn_or_resolved_without_an_answer_says_so() -> None:
    withdrawn = RAISED.dispute_withdrawn("2026-07-15", dispute="d-1")
    assert withdrawn.step(ANSWER, "2026-07-15").reason == "withdrawn"
    assert withdrawn.step(RESOLVE, "2026-07-15").outcome == "withdrawn"
    resolved = RAISED.dispute_resolved("2026-07-15", dispute="d-1")
    assert resolved.step(ANSWER, "2026-07-15").reason == "resolved without an answer"


def test_a_dispute_resolved_before_it_went_up_and_recorded_after_was_not_unanswered_in_time() -> None:
    story = MOVED.dispute_resolved("2026-07-20", at="2026-07-22", dispute="d-1")
    assert story.step(ANSWER, "2026-07-22").state is StepState.NOT_REQUIRED
    assert beside(story, "2026-07-22").stage == "team_manager"
    further = f"answer_dispute.{MOVED.entries[-1].fact.id}"
    assert story.step(further, "2026-07-22").reason == "resolved without an answer"


# --- It stays ---------------------------------------------------------------------------------------------------------


@pytest.mark.duty("fill_vacancy")
@pytest.mark.parametrize("reason", ["E4A", "E2"], ids=["home", "death"])
def test_an_iro_who_leaves_after_the_end_of_care_is_replaced_while_a_dispute_is_open(reason: str) -> None:
    left = RAISED.under(MANAGED).care_ended("2026-07-14", reason=reason)
    left.accepts("iro_conflict_declared", "2026-07-16", iro="iro-1", reason="A cousin of the family.")
    left = left.iro_post_vacated("2026-07-16")
    owed = {key for key in left.open_keys("2026-07-16") if key.startswith(("fill_vacancy", "propose_iro"))}
    vacant = {"fill_vacancy.iro_post_vacated-1"}
    assert owed == (vacant if reason == "E2" else vacant | {"propose_iro.iro_post_vacated-1"})
    left.accepts("iro_proposed", "2026-07-16", by="system", iro="iro-2")
    left.accepts("no_iro_found", "2026-07-16", by="system", directory="1")
    assert left.iro_proposed("2026-07-16", iro="iro-2").agenda("2026-07-16").proposed == "iro-2"
    gone_on = left.iro_appointed("2026-07-17", iro="iro-2")
    assert not {"fill_vacancy.iro_post_vacated-1"} & gone_on.open_keys("2026-07-17")
    over = left.dispute_withdrawn("2026-07-17", **OF_IT)
    assert not {key for key in over.open_keys("2026-07-17") if key.startswith(("fill_vacancy", "propose_iro"))}


@pytest.mark.duty("dispute_stays")
@pytest.mark.duty("resolve_dispute")
def test_a_dispute_that_nobody_resolves_is_told_up_to_the_director_and_stays() -> None:
    top = RAISED.left_to_the_clocks("2026-12-01")
    followed = top.follow("2026-12-01")
    assert followed.rungs(RESOLVE) == ["reminder", "breach", "service_manager", "assistant_director", "director"]
    last = f"answer_dispute.{top.entries[-1].fact.id}"
    assert followed.rungs(last)[-1] == "director"
    assert {RESOLVE, last} <= {step.key for step in followed.agenda.open_steps}
    # The stages before it are told of by the move itself.
    assert followed.rungs(ANSWER) == []


@pytest.mark.duty("dispute_stays")
def test_a_dispute_outlives_the_next_review_a_change_of_iro_and_the_end_of_care() -> None:
    story = RAISED.review_held("2026-07-14").iro_post_vacated("2026-07-15").iro_appointed("2026-07-15", iro="iro-2")
    story = story.care_ended("2026-07-16", reason="E4A").left_to_the_clocks("2026-07-22")
    assert moves(story) == [("team_manager", "service_manager", "2026-07-20")]
    assert RESOLVE in story.open_keys("2027-06-01")
    assert not story.agenda("2027-06-01").finished
    assert "that is iro-2, not iro-1" in story.refuses("dispute_taken_up", "2026-07-22", dispute="d-1", to="director")
    story.accepts("dispute_taken_up", "2026-07-22", dispute="d-1", to="director", by="iro-2")
    resolved = story.dispute_resolved("2026-07-22", dispute="d-1", by="iro-2")
    assert not [key for key in resolved.open_keys("2026-07-22") if "dispute" in key]


@pytest.mark.duty("dispute_stays")
@pytest.mark.parametrize("step", [ANSWER, WEIGH, RESOLVE])
def test_no_step_of_it_is_ever_exempted(step: str) -> None:
    said = ANSWERED.refuses("step_exempted", "2026-07-17", step=step, reason="the team is too busy")
    assert said.startswith("A challenge, a dispute, a referral to Cafcass")


@pytest.mark.duty("death_silences")
def test_a_death_stops_its_clock_and_its_ladder_and_leaves_it_to_be_settled() -> None:
    story = RAISED.care_ended("2026-07-14", reason="E2")
    assert beside(story, "2026-07-15").over
    assert story.left_to_the_clocks("2026-12-01") == story
    assert [each for each in story.follow("2026-12-01").of(RESOLVE) if each.at > moment("2026-07-14")] == []
    assert story.step(RESOLVE, "2026-12-01").is_open
    story.accepts("dispute_withdrawn", "2026-07-16", dispute="d-1")


def test_a_period_that_never_was_owes_no_answer() -> None:
    story = child("2026-06-05").iro_appointed("2026-06-05").dispute_raised("2026-06-05", id="d-1")
    story = story.care_voided("2026-06-05", reason="less than 24 hours")
    assert story.step(RESOLVE, "2026-06-08").state is StepState.NOT_REQUIRED
    assert beside(story, "2026-06-08").over


@pytest.mark.duty("dispute_stays")
@whatever_happens
@given(openings(), stories(*OF_A_DISPUTE, most=18))
def test_a_dispute_is_owed_until_it_is_resolved_or_withdrawn(opening: Entry, plan: list[Move]) -> None:
    from rules.agenda import derive

    entries = told(opening, plan)
    agenda = derive(entries, MANAGED, _end(entries))
    assume(agenda.end_reason != "void")
    of_all = disputes_of(Case(entries))
    owed = {step.key.partition(".")[2] for step in agenda.open_steps if step.name == "resolve_dispute"}
    assert owed == {each.id for each in of_all if each.closed_by is None}
    assert {each.name for each in agenda.beside if each.kind == "dispute" and not each.over} <= owed
    assert not (owed and agenda.finished)
    for each in agenda.beside:
        assert not each.over or each.then is None


# --- Its history ------------------------------------------------------------------------------------------------------

CHALLENGED = BEFORE.challenge_raised("2026-07-06", id="c-1").challenge_raised(
    "2026-07-09", id="c-2", rung="management_alert", follows="c-1"
)


@pytest.mark.duty("challenge_stays")
def test_a_challenge_becomes_a_dispute_and_goes_on_in_it() -> None:
    story = CHALLENGED.dispute_raised("2026-07-13", id="d-1", follows="c-2")
    assert story.step("answer_challenge.c-2", "2026-07-13").reason == "taken further without an answer"
    assert story.refuses("challenge_resolved", "2026-07-14", challenge="c-2") == (
        "The challenge of 9 July 2026 to the team manager (fact c-2) was taken further on 13 July 2026, by the dispute"
        " of 13 July 2026 about the care plan (fact d-1); say what comes of that one."
    )
    answered = CHALLENGED.challenge_answered("2026-07-10", challenge="c-2").dispute_raised("2026-07-13", follows="c-2")
    assert answered.step("settle_challenge.c-2", "2026-07-13").outcome == "taken_further"
    back = story.fact_withdrawn("2026-07-14", withdraws="d-1", reason="raised in error", by="iro-1")
    assert back.step("answer_challenge.c-2", "2026-07-14").is_open


def test_the_history_of_a_dispute_is_all_that_it_took_further() -> None:
    story = CHALLENGED.dispute_raised("2026-07-13", id="d-1", follows="c-2")
    story = story.dispute_withdrawn("2026-07-14", dispute="d-1").dispute_raised("2026-07-20", id="d-2", follows="d-1")
    case = Case(story.entries)
    assert [each.id for each in history_of(case, "d-2")] == ["c-1", "c-2", "d-1", "d-2"]
    assert [each.id for each in history_of(case, "c-2")] == ["c-1", "c-2"]
    assert [each.id for each in history_of(Case(RAISED.entries), "d-1")] == ["d-1"]


# --- Beside the cycle -------------------------------------------------------------------------------------------------


def test_it_runs_beside_the_cycle_and_is_the_stage_only_where_nothing_else_is_open() -> None:
    assert RAISED.agenda("2026-07-13").stage is BEFORE.agenda("2026-07-13").stage
    ended = child("2026-06-05", legal_status="C2").iro_appointed("2026-06-05").dispute_raised("2026-06-08")
    assert ended.care_ended("2026-06-10", reason="E41").agenda("2026-06-11").stage is Phase.DISPUTE


def test_the_longest_reference_names_its_steps_its_clock_and_what_that_records() -> None:
    longest = "d" * 48
    story = BEFORE.dispute_raised("2026-07-13", id=longest, failure="review_case").left_to_the_clocks("2026-12-01")
    assert len(moves(story)) == 5
    keys = {step.key for step in story.agenda("2026-12-01").steps}
    assert {f"resolve_dispute.{longest}", f"consider_cafcass.{longest}"} <= keys
    assert all(re.fullmatch(STEP_KEY, key) for key in keys)
    recorded = [entry.fact.id for entry in story.entries if entry.fact.kind == "dispute_moved_up"]
    assert len(set(recorded)) == 5 and all(re.fullmatch(REFERENCE, each) for each in recorded)


def test_the_clocks_words_name_nobody() -> None:
    assert beside(RAISED, "2026-07-13").words == (
        "With the team manager since 13 July 2026, no answer yet; to be resolved by 10 August 2026."
    )
    assert beside(RESOLVED, "2026-07-16").words == "The dispute is closed: put right."
