"""Phase 8: the IRO challenges, somebody answers, the IRO says what came of it; nothing leaves the page unanswered."""

from typing import Any

import pytest

from rules.agenda import derive
from rules.case import Case
from rules.challenges import challenges_of, history_of
from rules.facts.challenge import ChallengeOutcome, ChallengeRung
from rules.policy import read_policy
from rules.steps import Notice
from rules.vocabulary import Phase, Role, StepState
from tests.rules.build import Story, book, child, day, fact, moment

ANSWER, SETTLE = "answer_challenge.challenge_raised-1", "settle_challenge.challenge_raised-1"
FURTHER = "answer_challenge.challenge_raised-2"

# Reviewed on Friday 3 July 2026, challenged on Monday 13 July: an answer is owed by Monday 20 July.
REVIEWED = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
RAISED = REVIEWED.challenge_raised("2026-07-13")
ANSWERED = RAISED.challenge_answered("2026-07-16", challenge="challenge_raised-1")


def notices(story: Story, *new: str, on: str) -> list[Notice]:
    """What is owed because of new facts."""
    return list(derive(story.entries, story.book, moment(on, 13), new=new).notices)


def put_right(story: Story, **said: str) -> dict[str, Any]:
    """A correction of the first challenge."""
    (as_told,) = (entry.fact for entry in story.entries if entry.fact.id == "challenge_raised-1")
    to = as_told.model_dump(mode="json") | said
    return {"corrects": as_told.id, "reason": "typing error", "to": to}


# --- The answer -------------------------------------------------------------------------------------------------------


@pytest.mark.duty("informal_resolution")
@pytest.mark.duty("problem_resolution")
@pytest.mark.duty("management_alert")
@pytest.mark.parametrize("rung", ChallengeRung)
def test_the_addressee_owes_an_answer_within_the_days_of_the_rung(rung: ChallengeRung) -> None:
    story = REVIEWED.challenge_raised("2026-07-13", rung=rung.value, addressee="service_manager")
    step = story.step(ANSWER, "2026-07-13")
    assert (step.owner, step.due, step.phase) == (Role.SERVICE_MANAGER, day("2026-07-20"), Phase.CHALLENGE)
    assert step.basis.rule == rung.value
    assert step.title == f"Answer the IRO's {rung.words}"


@pytest.mark.duty("informal_resolution")
@pytest.mark.duty("settle_challenge")
def test_local_policy_sets_the_days() -> None:
    strict = read_policy("[local]\ninformal_resolution = 2\nsettle_challenge = 1")
    story = ANSWERED.under(book(policy=strict))
    assert story.step(ANSWER, "2026-07-16").due == day("2026-07-15")
    assert story.step(SETTLE, "2026-07-16").due == day("2026-07-17")


@pytest.mark.duty("answer_challenge")
@pytest.mark.parametrize(("asked", "due"), [("2026-07-15", "2026-07-15"), ("2026-09-01", "2026-07-20")])
def test_the_iro_may_ask_for_an_answer_sooner_but_gives_no_more_days_than_policy(asked: str, due: str) -> None:
    step = REVIEWED.challenge_raised("2026-07-13", answer_by=asked).step(ANSWER, "2026-07-13")
    assert (step.due, {basis.rule for basis in (step.basis, *step.others)}) == (
        day(due),
        {"answer_challenge", "informal_resolution"},
    )


@pytest.mark.duty("challenge_stays")
def test_an_unanswered_challenge_climbs_to_the_director_and_stays() -> None:
    followed = RAISED.follow("2027-03-01")
    assert followed.rungs(ANSWER) == ["reminder", "breach", "service_manager", "assistant_director", "director"]
    told = {each.rung: set(each.tell) for each in followed.of(ANSWER)}
    assert told["breach"] == {Role.TEAM_MANAGER, Role.IRO, Role.IRO_MANAGER}
    assert told["director"] == {Role.DIRECTOR}
    assert ANSWER in {step.key for step in followed.agenda.open_steps}


@pytest.mark.duty("escalation_ladder")
def test_an_authority_has_a_ladder_of_its_own_for_challenges() -> None:
    rungs = "[[ladders.challenge]]\nname = 'breach'\nworking_days = 0\ntell = ['chief_executive']"
    followed = RAISED.under(book(policy=read_policy(rungs))).follow("2026-09-01")
    assert [(each.rung, each.tell) for each in followed.of(ANSWER)] == [("breach", (Role.CHIEF_EXECUTIVE,))]


def test_an_answer_in_time_stops_the_ladder() -> None:
    assert ANSWERED.step(ANSWER, "2026-07-16").state is StepState.DONE_IN_TIME
    assert ANSWERED.follow("2026-07-17").rungs(ANSWER) == ["reminder"]


def test_an_answer_that_comes_late_is_on_record_as_late() -> None:
    late = RAISED.challenge_answered("2026-07-23", challenge="challenge_raised-1")
    assert late.step(ANSWER, "2026-07-23").state is StepState.DONE_LATE


# --- What comes of it -------------------------------------------------------------------------------------------------


@pytest.mark.duty("settle_challenge")
def test_once_answered_the_iro_says_whether_it_is_resolved() -> None:
    assert SETTLE not in RAISED.keys("2026-07-16")
    step = ANSWERED.step(SETTLE, "2026-07-16")
    assert (step.owner, step.due, step.is_open) == (Role.IRO, day("2026-07-23"), True)


@pytest.mark.duty("settle_challenge")
@pytest.mark.parametrize("outcome", ChallengeOutcome)
def test_each_outcome_resolves_it(outcome: ChallengeOutcome) -> None:
    story = ANSWERED.challenge_resolved("2026-07-20", challenge="challenge_raised-1", outcome=outcome.value)
    step = story.step(SETTLE, "2026-07-20")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, outcome.value)


@pytest.mark.duty("challenge_stays")
def test_an_answer_the_iro_says_nothing_to_stays_open_and_climbs() -> None:
    followed = ANSWERED.follow("2026-12-01")
    assert followed.rungs(SETTLE) == ["reminder", "breach", "service_manager", "assistant_director"]
    assert followed.agenda.highest_rung == "assistant_director"


def test_a_challenge_resolved_in_a_talk_needs_no_answer_on_record() -> None:
    story = RAISED.challenge_resolved("2026-07-15", challenge="challenge_raised-1")
    step = story.step(ANSWER, "2026-07-15")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "resolved without an answer")
    assert SETTLE not in story.keys("2026-07-15")


def test_a_challenge_withdrawn_says_why() -> None:
    story = RAISED.challenge_withdrawn("2026-07-15", challenge="challenge_raised-1", reason="it was another child's")
    assert story.step(ANSWER, "2026-07-15").reason == "withdrawn: it was another child's"
    settled = ANSWERED.challenge_withdrawn("2026-07-17", challenge="challenge_raised-1")
    assert settled.step(SETTLE, "2026-07-17").outcome == "withdrawn"


def test_that_an_answer_was_overdue_is_kept_when_the_challenge_is_closed_without_one() -> None:
    story = RAISED.challenge_resolved("2026-07-27", challenge="challenge_raised-1")
    assert story.step(ANSWER, "2026-07-27").state is StepState.MISSED
    assert story.follow("2026-08-20").rungs(ANSWER) == ["reminder", "breach", "service_manager"]


# --- Taken further ----------------------------------------------------------------------------------------------------

TAKEN_FURTHER = RAISED.challenge_raised(
    "2026-07-22", rung="management_alert", addressee="service_manager", follows="challenge_raised-1"
)


@pytest.mark.duty("challenge_stays")
def test_a_challenge_taken_further_goes_on_in_the_one_that_follows_it() -> None:
    assert TAKEN_FURTHER.step(ANSWER, "2026-07-22").reason == "taken further without an answer"
    step = TAKEN_FURTHER.step(FURTHER, "2026-07-22")
    assert (step.owner, step.due, step.is_open) == (Role.SERVICE_MANAGER, day("2026-07-29"), True)


def test_an_answer_is_settled_by_taking_the_challenge_further() -> None:
    story = ANSWERED.challenge_raised("2026-07-20", rung="problem_resolution", follows="challenge_raised-1")
    step = story.step(SETTLE, "2026-07-20")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, "taken_further")


def test_an_answer_that_comes_after_it_was_taken_further_is_on_record_and_leaves_nothing_to_settle() -> None:
    TAKEN_FURTHER.accepts("challenge_answered", "2026-07-24", challenge="challenge_raised-1")
    story = TAKEN_FURTHER.challenge_answered("2026-07-24", challenge="challenge_raised-1")
    assert story.step(ANSWER, "2026-07-24").state is StepState.DONE_LATE
    assert SETTLE not in story.keys("2026-07-24")
    assert story.step(FURTHER, "2026-07-24").is_open


def test_the_history_of_a_challenge_is_all_that_it_took_further() -> None:
    story = TAKEN_FURTHER.challenge_raised("2026-07-23", about="Another matter.")
    story = story.challenge_raised("2026-07-31", addressee="assistant_director", follows="challenge_raised-2")
    challenges = challenges_of(Case(story.entries))
    assert [each.id for each in history_of(challenges, "challenge_raised-4")] == [
        "challenge_raised-1",
        "challenge_raised-2",
        "challenge_raised-4",
    ]
    assert [each.id for each in history_of(challenges, "challenge_raised-3")] == ["challenge_raised-3"]
    assert [each.outcome for each in challenges] == ["taken_further", "taken_further", None, None]


def test_a_further_challenge_taken_back_leaves_the_first_one_open_again() -> None:
    story = TAKEN_FURTHER.withdrawn("challenge_raised-2", "2026-07-23")
    assert story.step(ANSWER, "2026-07-23").is_open


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_the_addressee_is_told_of_a_challenge_and_the_iro_of_the_answer() -> None:
    raised = [each for each in notices(RAISED, "challenge_raised-1", on="2026-07-13") if each.step is None]
    assert [(each.name, each.recipient) for each in raised] == [("challenge_raised", Role.TEAM_MANAGER)]
    answered = [each for each in notices(ANSWERED, "challenge_answered-1", on="2026-07-16") if each.step is None]
    assert [(each.name, each.recipient) for each in answered] == [("challenge_answered", Role.IRO)]


def test_a_challenge_corrected_to_go_to_another_is_told_them() -> None:
    story = RAISED.corrected("challenge_raised-1", "2026-07-14", addressee="service_manager")
    told = [each for each in notices(story, "fact_corrected-1", on="2026-07-14") if each.name == "challenge_raised"]
    assert [each.recipient for each in told] == [Role.SERVICE_MANAGER]
    same = RAISED.corrected("challenge_raised-1", "2026-07-14", about="Put better.")
    assert not [each for each in notices(same, "fact_corrected-1", on="2026-07-14") if each.step is None]


@pytest.mark.parametrize(
    "said",
    [{"answer_by": "2026-07-16"}, {"rung": "management_alert"}, {"on": "2026-07-10"}],
    ids=["the day asked for", "the rung", "the day it was raised"],
)
def test_a_correction_that_may_move_the_answers_day_is_told_to_whoever_owes_it(said: dict[str, str]) -> None:
    story = RAISED.corrected("challenge_raised-1", "2026-07-14", **said)
    told = [each for each in notices(story, "fact_corrected-1", on="2026-07-14") if each.step is None]
    assert [(each.name, each.recipient) for each in told] == [("challenge_raised", Role.TEAM_MANAGER)]


@pytest.mark.parametrize("story", [ANSWERED, TAKEN_FURTHER], ids=["answered", "taken further"])
def test_nobody_is_asked_anew_for_an_answer_that_is_owed_no_more(story: Story) -> None:
    put_right = story.corrected("challenge_raised-1", "2026-07-24", on="2026-07-10", addressee="director")
    told = [each for each in notices(put_right, "fact_corrected-1", on="2026-07-24") if each.step is None]
    assert told == []


def test_good_practice_is_noted_and_asks_for_nothing() -> None:
    story = REVIEWED.good_practice_noted("2026-07-13")
    assert story.open_keys("2026-07-13") == REVIEWED.open_keys("2026-07-13")
    assert notices(story, "good_practice_noted-1", on="2026-07-13") == notices(REVIEWED, on="2026-07-13")


# --- It outlives the review, the IRO and care -------------------------------------------------------------------------


@pytest.mark.duty("challenge_stays")
def test_a_challenge_outlives_the_next_review_a_change_of_iro_and_the_end_of_care() -> None:
    story = RAISED.review_held("2026-09-01").iro_appointed("2026-09-02", iro="iro-2")
    story = story.care_ended("2026-09-08", reason="E4A")
    assert story.step(ANSWER, "2027-06-01").is_open
    assert not story.agenda("2027-06-01").finished
    story = story.challenge_answered("2026-09-10", challenge="challenge_raised-1")
    assert story.step(SETTLE, "2026-09-10").is_open
    closed = story.challenge_resolved("2026-09-14", challenge="challenge_raised-1")
    assert not {ANSWER, SETTLE} & closed.open_keys("2026-09-14")


def test_the_end_of_care_itself_can_be_challenged() -> None:
    ended = REVIEWED.care_ended("2026-07-20", reason="E5")
    ended.accepts("challenge_raised", "2026-07-22")
    assert ended.challenge_raised("2026-07-22").step(ANSWER, "2026-07-22").is_open


def test_the_18th_birthday_leaves_it_open() -> None:
    story = child("2026-06-05", birth_date="2008-07-20").challenge_raised("2026-07-13")
    assert story.step("answer_challenge.challenge_raised-1", "2026-08-01").is_open


def test_a_death_silences_what_was_challenged_before_and_leaves_it_to_be_settled() -> None:
    story = RAISED.care_ended("2026-07-14", reason="E2")
    followed = story.follow("2026-12-01")
    assert [each for each in followed.of(ANSWER) if each.at > moment("2026-07-14")] == []
    assert story.step(ANSWER, "2026-12-01").is_open
    story.accepts("challenge_answered", "2026-07-16", challenge="challenge_raised-1")
    story.accepts("challenge_withdrawn", "2026-07-16", challenge="challenge_raised-1")


@pytest.mark.duty("death_silences")
@pytest.mark.parametrize("on", ["2026-07-13", "2026-07-14", "2026-07-15"], ids=["before", "that day", "after"])
@pytest.mark.parametrize("follows", [None, "challenge_raised-1"], ids=["a new one", "one taken further"])
def test_no_challenge_is_raised_here_once_the_child_has_died(on: str, follows: str | None) -> None:
    story = RAISED.care_ended("2026-07-14", reason="E2")
    said = story.refuses("challenge_raised", on, "2026-07-15", id="c-2", follows=follows)
    assert said == (
        "The child died on 14 July 2026, and no notice is sent from here after that, so that nobody would hear of this;"
        " take it to the IRO manager directly."
    )
    story.accepts("good_practice_noted", on, "2026-07-15")


def test_a_challenge_raised_before_a_death_can_still_be_put_right() -> None:
    story = RAISED.care_ended("2026-07-14", reason="E2")
    story.accepts("fact_corrected", "2026-07-15", **put_right(story, about="The plan had not moved since May."))


def test_a_period_that_never_was_owes_no_answer() -> None:
    story = child("2026-06-05").challenge_raised("2026-06-05").care_voided("2026-06-05", reason="less than 24 hours")
    assert story.step("answer_challenge.challenge_raised-1", "2026-06-08").state is StepState.NOT_REQUIRED


def test_it_runs_beside_the_cycle_and_is_the_stage_only_where_nothing_else_is_open() -> None:
    assert RAISED.agenda("2026-07-13").stage is REVIEWED.agenda("2026-07-13").stage
    ended = child("2026-06-05", legal_status="C2").challenge_raised("2026-06-08").care_ended("2026-06-10", reason="E41")
    assert ended.agenda("2026-06-11").stage is Phase.CHALLENGE


@pytest.mark.duty("challenge_stays")
@pytest.mark.parametrize("step", [ANSWER, SETTLE])
def test_it_cannot_be_exempted(step: str) -> None:
    said = ANSWERED.refuses("step_exempted", "2026-07-17", step=step, reason="the team is too busy")
    assert said == (
        "A challenge, a dispute, a referral to Cafcass and what the child asked for cannot be exempted; they are"
        " answered."
    )


# --- What the ledger carries on ---------------------------------------------------------------------------------------


def carried(story: Story) -> set[str]:
    """What the ledger goes on with once a second review has closed the first cycle."""
    for kind in ("decisions_sent", "decisions_circulated", "record_completed", "manager_replied"):
        story = getattr(story, kind)("2026-07-08", review="2026-07-03")
    for role in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2026-07-09", recipient=role, review="2026-07-03")
    going_on = story.review_held("2026-09-01").agenda("2026-09-01").carried
    assert going_on is not None
    return {entry.fact.id for entry in going_on if entry.fact.kind.startswith("challenge_")}


@pytest.mark.duty("challenge_stays")
def test_the_ledger_keeps_an_open_challenge_with_its_history_and_sheds_a_closed_one() -> None:
    story = TAKEN_FURTHER.challenge_answered("2026-07-24", challenge="challenge_raised-1")
    assert carried(story) == {"challenge_raised-1", "challenge_raised-2", "challenge_answered-1"}
    assert carried(story.challenge_resolved("2026-07-31", challenge="challenge_raised-2")) == set()


# --- What cannot be ---------------------------------------------------------------------------------------------------

RESOLVED = RAISED.challenge_resolved("2026-07-15", challenge="challenge_raised-1")
OF_THE_FIRST = {"challenge": "challenge_raised-1"}


@pytest.mark.parametrize(
    ("story", "kind", "said", "why"),
    [
        (RAISED, "challenge_raised", {"answer_by": "2026-07-19"}, "An answer cannot be owed before the challenge"),
        (RAISED, "challenge_raised", {"follows": "c-9"}, "There is no such open challenge (fact c-9)"),
        (RAISED, "challenge_raised", {"id": "c-9", "follows": "c-9"}, "cannot take itself further"),
        (RESOLVED, "challenge_raised", {"follows": "challenge_raised-1"}, "was resolved on 15 July 2026"),
        (TAKEN_FURTHER, "challenge_raised", {"follows": "challenge_raised-1", "on": "2026-07-23"}, "was taken further"),
        (RAISED, "challenge_answered", {"challenge": "c-9"}, "There is no such open challenge (fact c-9)"),
        (ANSWERED, "challenge_answered", OF_THE_FIRST, "was answered on 16 July 2026"),
        (RESOLVED, "challenge_answered", OF_THE_FIRST, "nothing is left to answer"),
        (RESOLVED, "challenge_resolved", OF_THE_FIRST, "withdraw that record first (fact challenge_resolved-1)"),
        (RESOLVED, "challenge_withdrawn", OF_THE_FIRST, "was resolved on 15 July 2026"),
        (TAKEN_FURTHER, "challenge_resolved", OF_THE_FIRST, "say what comes of that one"),
        (RAISED, "challenge_resolved", OF_THE_FIRST | {"on": "2026-07-10"}, "raised later, on 13 July 2026"),
    ],
)
def test_what_cannot_be_is_refused(story: Story, kind: str, said: dict[str, str], why: str) -> None:
    on = {"on": "2026-07-20"} | said
    assert why in story.refuses(kind, on.pop("on"), "2026-07-24", **on)


def test_an_answer_of_a_day_before_it_was_resolved_is_still_recorded() -> None:
    RESOLVED.accepts("challenge_answered", "2026-07-15", "2026-07-24", challenge="challenge_raised-1")


def test_the_day_of_a_challenge_cannot_be_corrected_past_what_followed() -> None:
    to = fact("challenge_raised", "2026-07-17", id="another-id").model_dump(mode="json")
    said = {"corrects": "challenge_raised-1", "reason": "typing error"}
    why = ANSWERED.refuses("fact_corrected", "2026-07-20", **said, to=to)
    assert why == "What was recorded on 16 July 2026 of this challenge would then come before it."


@pytest.mark.duty("challenge_stays")
def test_challenges_cannot_be_corrected_into_a_circle_in_which_all_are_closed() -> None:
    second = RAISED.challenge_raised("2026-07-13", follows="challenge_raised-1")
    why = second.refuses("fact_corrected", "2026-07-14", **put_right(second, follows="challenge_raised-2"))
    assert why == (
        "The challenge of 13 July 2026 to the team manager (fact challenge_raised-2) took this one further, so that"
        " this one cannot take it, or what came of it, further in turn; name an earlier one (follows)."
    )
    third = second.challenge_raised("2026-07-13", follows="challenge_raised-2")
    why = third.refuses("fact_corrected", "2026-07-14", **put_right(third, follows="challenge_raised-3"))
    assert "(fact challenge_raised-2) took this one further" in why


def test_a_challenge_can_be_corrected_to_take_another_further_that_did_not_come_of_it() -> None:
    story = RAISED.challenge_raised("2026-07-13")
    story.accepts("fact_corrected", "2026-07-14", **put_right(story, follows="challenge_raised-2"))


@pytest.mark.parametrize("role", ["child", "parents", "iro", "system"])
def test_an_iro_challenges_those_who_act_for_the_child_and_nobody_else(role: str) -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError, match="addressee"):
        fact("challenge_raised", "2026-07-13", addressee=role)
