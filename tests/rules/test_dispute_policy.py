"""The stages of a formal dispute are the authority's own, within the Handbook's 20 working days."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.agenda import derive
from rules.book import RuleBook
from rules.case import Case
from rules.clock import end_of
from rules.dispute_policy import STAGES, DisputePolicy, StageDays, rank
from rules.disputes import disputes_of
from rules.facts.dispute import DisputeStage
from rules.policy import Policy, PolicyRefused, read_policy
from rules.vocabulary import Nation, Role
from tests.rules.build import ENGLAND, book, child, day
from tests.rules.test_properties import whatever_happens

FIRST_DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 1))


def stages(*days: tuple[str, int]) -> str:
    return "\n".join(f"[[dispute.stages]]\nstage = '{stage}'\nworking_days = {count}" for stage, count in days)


def refused(text: str) -> str:
    with pytest.raises(PolicyRefused) as why:
        read_policy(text)
    return str(why.value)


# --- What an authority may set ----------------------------------------------------------------------------------------


@pytest.mark.duty("dispute_within_twenty_days")
def test_the_stages_that_come_with_the_rules_take_exactly_twenty_working_days() -> None:
    policy = DisputePolicy()
    assert [each.stage for each in policy.stages] == list(STAGES)
    assert sum(each.working_days for each in policy.stages) == 20


def test_an_authority_has_stages_of_its_own() -> None:
    policy = read_policy("[dispute]\nsenior_from = 'director'\n" + stages(("service_manager", 10), ("director", 10)))
    assert [(each.stage, each.working_days) for each in policy.dispute.stages] == [
        (Role.SERVICE_MANAGER, 10),
        (Role.DIRECTOR, 10),
    ]
    assert policy.dispute.last is Role.DIRECTOR


@pytest.mark.duty("dispute_within_twenty_days")
def test_stages_of_more_than_twenty_working_days_in_all_are_refused() -> None:
    said = refused(stages(("team_manager", 10), ("service_manager", 10), ("assistant_director", 1)))
    assert said == (
        "The policy file cannot be taken: dispute: the stages of a dispute add up to 21 working days, and the IRO"
        " Handbook (ch 6) allows 20 in all: give some of them fewer."
    )


@pytest.mark.duty("straight_to_any_stage")
def test_a_policy_that_forbids_going_straight_to_any_stage_is_refused() -> None:
    said = refused("[dispute]\nstraight_to_any_stage = false")
    assert said == (
        "The policy file cannot be taken: dispute: an IRO may go straight to any stage of a dispute (IRO Handbook ch"
        " 6): leave straight_to_any_stage out."
    )
    assert read_policy("[dispute]\nstraight_to_any_stage = true").dispute == DisputePolicy()


@pytest.mark.parametrize(
    "days",
    [(("director", 2), ("team_manager", 2)), (("director", 2), ("director", 2))],
    ids=["down the line", "one twice"],
)
def test_stages_that_do_not_go_up_the_line_are_refused(days: tuple[tuple[str, int], ...]) -> None:
    assert refused(stages(*days)) == (
        "The policy file cannot be taken: dispute: the stages of a dispute go up the line, each once: team_manager,"
        " service_manager, head_of_service, assistant_director, director, chief_executive."
    )


@pytest.mark.duty("consider_cafcass")
def test_a_policy_by_which_nobody_senior_would_ever_hear_of_it_is_refused() -> None:
    said = refused(stages(("team_manager", 5), ("service_manager", 5)))
    assert said == (
        "The policy file cannot be taken: dispute: senior_from is head_of_service, beyond the last stage"
        " (service_manager): a referral to Cafcass would never come to be considered (CPPCR 2010 reg 45), so name one"
        " of the stages."
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (stages(("team_manager", 0), ("director", 5)), "dispute.stages.0.working_days"),
        (stages(("team_manager", 21)), "dispute.stages.0.working_days"),
        (stages(("mayor", 5)), "dispute.stages.0.stage"),
        ("[dispute]\nstages = []", "dispute.stages"),
        ("[dispute]\nsenior_from = 'mayor'", "dispute.senior_from"),
        ("[dispute]\nstraight_to_any_stage = 'no'", "dispute.straight_to_any_stage"),
        ("[limits]\nresolve_dispute = 21", "'resolve_dispute' may not be 21 working days"),
        ("[poor_practice]\nchildren = 1", "poor_practice.children"),
    ],
)
def test_what_a_policy_cannot_say_of_disputes_is_refused_with_one_sentence(text: str, says: str) -> None:
    said = refused(text)
    assert says in said
    assert "\n" not in said and said.endswith(".")


# --- Whatever it sets -------------------------------------------------------------------------------------------------


@st.composite
def any_stages(draw: st.DrawFn) -> tuple[StageDays, ...]:
    """Some stages with some days each, in some order: not all of them can be taken."""
    named = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=6))
    return tuple(StageDays(stage=stage, working_days=draw(st.integers(1, 8))) for stage in named)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies that the loader accepts, some with fewer than 20 working days in all."""
    named = sorted(draw(st.sets(st.sampled_from(STAGES), min_size=1)), key=rank)
    left, found = 20, []
    for number, stage in enumerate(named):
        days = draw(st.integers(1, min(10, left - (len(named) - number - 1))))
        found.append(StageDays(stage=stage, working_days=days))
        left -= days
    dispute = DisputePolicy(stages=tuple(found), senior_from=draw(st.sampled_from(named)))
    in_all = draw(st.sampled_from((20, 20, 15, 7)))
    return Policy(dispute=dispute, limits={} if in_all == 20 else {"resolve_dispute": in_all})


@pytest.mark.duty("dispute_within_twenty_days")
@whatever_happens
@given(any_stages(), st.booleans())
def test_every_policy_that_is_taken_has_at_most_twenty_working_days_and_goes_up(
    wanted: Sequence[StageDays], straight: bool
) -> None:
    text = f"[dispute]\nsenior_from = '{wanted[0].stage.value}'\nstraight_to_any_stage = {str(straight).lower()}\n"
    try:
        taken = read_policy(text + stages(*((each.stage.value, each.working_days) for each in wanted))).dispute
    except PolicyRefused:
        return
    assert sum(each.working_days for each in taken.stages) <= 20
    assert [rank(each.stage) for each in taken.stages] == sorted({rank(each.stage) for each in taken.stages})
    assert taken.straight_to_any_stage


@pytest.mark.duty("dispute_within_twenty_days")
@pytest.mark.duty("dispute_goes_up")
@pytest.mark.duty("answer_dispute")
@whatever_happens
@given(policies(), FIRST_DAYS, st.sampled_from(STAGES), st.none() | st.integers(0, 60), st.sampled_from(Nation))
def test_a_dispute_that_is_ignored_is_with_the_last_stage_by_the_twentieth_working_day(
    policy: Policy, raised: date, stage: DisputeStage, paused: int | None, nation: Nation
) -> None:
    rules = RuleBook(type(ENGLAND.calendar)(nation), policy)
    on = raised.isoformat()
    story = child(on, nation=nation.value).under(rules).iro_appointed(on).dispute_raised(on, stage=stage.value)
    if paused is not None:
        story = story.dispute_paused(on, dispute="dispute_raised-1", until=(raised + timedelta(paused)).isoformat())
    twentieth = rules.calendar.working_days_after(raised, 20)
    after = (twentieth + timedelta(1)).isoformat()
    ignored = story.left_to_the_clocks(after, hour=1)
    (dispute,) = disputes_of(Case(ignored.entries))
    last = policy.dispute.last
    assert rank(dispute.now_at.stage) >= rank(last)
    assert all(entry.at <= end_of(twentieth) for entry in ignored.entries)
    assert (dispute.now_at.stage is last) or dispute.stages[0] is dispute.now_at
    resolve = ignored.step("resolve_dispute.dispute_raised-1", after)
    assert resolve.is_open and resolve.due <= twentieth
    # No stage has longer than the whole, but for the day on which it comes to the last when the whole is over.
    answers = [
        step for step in derive(ignored.entries, rules, end_of(twentieth)).steps if step.name == "answer_dispute"
    ]
    assert len(answers) == len(dispute.stages)
    assert all(step.due <= resolve.due for step in answers[:-1])
    assert answers[-1].due <= max(resolve.due, dispute.now_at.began.on)


@pytest.mark.duty("straight_to_any_stage")
@whatever_happens
@given(policies(), st.sampled_from(STAGES), st.sampled_from(STAGES))
def test_under_any_policy_an_iro_takes_a_dispute_to_any_higher_stage(
    policy: Policy, stage: DisputeStage, to: DisputeStage
) -> None:
    assume(rank(to) > rank(stage))
    story = child("2026-01-05").under(book(policy=policy)).iro_appointed("2026-01-06")
    story = story.dispute_raised("2026-01-06", stage=stage.value)
    story.accepts("dispute_taken_up", "2026-01-06", dispute="dispute_raised-1", to=to.value)
    story = story.dispute_taken_up("2026-01-06", dispute="dispute_raised-1", to=to.value)
    step = story.step("answer_dispute.dispute_taken_up-1", "2026-01-06")
    assert (step.owner, step.is_open) == (to, True)


def test_a_stage_that_is_not_in_the_policy_has_as_long_as_the_shortest() -> None:
    policy = read_policy(stages(("team_manager", 9), ("director", 3)))
    story = child("2026-01-05").under(book(policy=policy)).iro_appointed("2026-01-06")
    story = story.dispute_raised("2026-01-06", stage="head_of_service")
    assert story.step("answer_dispute.dispute_raised-1", "2026-01-06").due == day("2026-01-09")
