"""Phase 12: when the IRO is to consider Cafcass, and what follows a referral; independent legal advice."""

from datetime import timedelta
from typing import Any

import pytest

from rules.limits import LIMITS
from rules.policy import read_policy
from rules.vocabulary import Nation, Phase, Role, StepState
from tests.rules.build import WALES, Story, book, child, day, moment

CONSIDER, REFER = "consider_cafcass.d-1", "refer_to_cafcass.cafcass_considered-1"
REPLY, ADVICE = "cafcass_reply.cafcass_referred-1", "give_legal_advice.legal_advice_asked-1"

# Raised on Monday 13 July 2026 with the head of service, who has three working days: until Thursday 16 July. In all it
# is to be resolved by Monday 10 August.
BEFORE = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
FAILED: dict[str, Any] = {"id": "d-1", "stage": "head_of_service", "failure": "implement_decision"}
RAISED = BEFORE.dispute_raised("2026-07-13", **FAILED)
ANSWERED = RAISED.dispute_answered("2026-07-15", dispute="d-1")
REFERRED = BEFORE.cafcass_referred("2026-07-13")


def considered_on(story: Story, until: str = "2026-12-01") -> str | None:
    """The first day on which the IRO is to consider a referral; it is due two working days on."""
    days = ((day("2026-07-13") + timedelta(each)).isoformat() for each in range((day(until) - day("2026-07-13")).days))
    return next((on for on in days if CONSIDER in story.keys(on)), None)


# --- When it is considered --------------------------------------------------------------------------------------------


@pytest.mark.duty("consider_cafcass")
def test_a_significant_failure_that_senior_people_did_not_put_right_in_time_is_to_be_considered_for_cafcass() -> None:
    assert considered_on(RAISED) == "2026-07-17"
    step = RAISED.step(CONSIDER, "2026-07-17")
    assert (step.owner, step.due, step.phase, step.is_open) == (Role.IRO, day("2026-07-20"), Phase.REFERRAL, True)
    assert step.title == "Consider whether to refer the case to Cafcass"


@pytest.mark.duty("consider_cafcass")
@pytest.mark.parametrize(
    "story",
    [
        BEFORE.dispute_raised("2026-07-13", **FAILED | {"failure": None}),
        BEFORE.dispute_raised("2026-07-13", **FAILED | {"stage": "team_manager"}),
        ANSWERED.dispute_resolved("2026-07-16", dispute="d-1"),
        RAISED.care_ended("2026-07-14", reason="E2"),
    ],
    ids=["no significant failure", "nobody senior has heard of it", "resolved in time", "the child died"],
)
def test_it_is_not_asked_for_where_the_conditions_of_reg_45_are_not_met(story: Story) -> None:
    assert considered_on(story) is None


@pytest.mark.duty("consider_cafcass")
def test_what_the_team_manager_did_not_put_right_is_considered_once_it_is_with_the_head_of_service_for_their_days() -> (
    None
):
    story = BEFORE.dispute_raised("2026-07-13", **FAILED | {"stage": "team_manager"}).left_to_the_clocks("2026-08-01")
    # With the service manager from 20 July, with the head of service from 24 July, who was to answer by 29 July.
    assert considered_on(story) == "2026-07-30"


@pytest.mark.duty("consider_cafcass")
def test_who_is_senior_enough_is_the_authoritys_policy() -> None:
    lower = book(policy=read_policy("[dispute]\nsenior_from = 'team_manager'"))
    story = BEFORE.dispute_raised("2026-07-13", **FAILED | {"stage": "team_manager"}).under(lower)
    assert considered_on(story) == "2026-07-21"


@pytest.mark.duty("consider_cafcass")
def test_whoever_was_challenged_before_has_heard_of_it() -> None:
    story = BEFORE.challenge_raised("2026-07-06", id="c-1", addressee="assistant_director")
    said = FAILED | {"stage": "team_manager", "follows": "c-1", "needed_by": "2026-07-15"}
    assert considered_on(story.dispute_raised("2026-07-13", **said)) == "2026-07-16"
    junior = BEFORE.challenge_raised("2026-07-06", id="c-1", addressee="social_worker")
    assert considered_on(junior.dispute_raised("2026-07-13", **said)) is None


@pytest.mark.duty("consider_cafcass")
@pytest.mark.parametrize(
    ("needed_by", "from_day"),
    [("2026-07-14", "2026-07-15"), ("2026-07-13", "2026-07-14"), ("2026-09-01", "2026-07-17")],
)
def test_reasonable_time_is_the_childs_own_timetable(needed_by: str, from_day: str) -> None:
    assert considered_on(BEFORE.dispute_raised("2026-07-13", **FAILED | {"needed_by": needed_by})) == from_day


@pytest.mark.duty("consider_cafcass")
def test_a_child_who_cannot_wait_is_considered_the_day_after_senior_people_hear_of_it() -> None:
    said = FAILED | {"stage": "team_manager", "needed_by": "2026-07-14"}
    story = BEFORE.dispute_raised("2026-07-13", **said).dispute_taken_up("2026-07-16", dispute="d-1", to="director")
    assert considered_on(story) == "2026-07-17"


@pytest.mark.duty("consider_cafcass")
def test_an_answer_in_time_gives_it_until_the_twenty_working_days_are_over() -> None:
    assert considered_on(ANSWERED) == "2026-08-11"


@pytest.mark.duty("consider_cafcass")
def test_an_answer_that_does_not_satisfy_the_iro_brings_it_forward() -> None:
    story = ANSWERED.dispute_taken_up("2026-07-20", dispute="d-1", to="director")
    assert considered_on(story) == "2026-07-21"


@pytest.mark.duty("consider_cafcass")
def test_an_answer_that_comes_late_undoes_nothing() -> None:
    chief = BEFORE.dispute_raised("2026-07-13", **FAILED | {"stage": "chief_executive"})
    late = chief.dispute_answered("2026-07-20", dispute="d-1")
    assert considered_on(chief) == considered_on(late) == "2026-07-16"
    assert late.step(CONSIDER, "2026-07-21").is_open


def test_the_alarm_rings_when_it_comes_to_be_considered() -> None:
    story = ANSWERED.follow("2026-09-01")
    assert story.of(CONSIDER)[0].at >= moment("2026-08-11", 0)
    assert story.rungs(CONSIDER)[0] == "reminder"
    assert story.rungs(CONSIDER)[-1] == "director"


# --- What closes it ---------------------------------------------------------------------------------------------------


@pytest.mark.duty("consider_cafcass")
def test_it_is_done_when_the_iro_decided_or_referred_the_case() -> None:
    decided = RAISED.cafcass_considered("2026-07-17", dispute="d-1")
    assert decided.step(CONSIDER, "2026-07-17").state is StepState.DONE_IN_TIME
    referred = RAISED.cafcass_referred("2026-07-22", dispute="d-1")
    assert referred.step(CONSIDER, "2026-07-22").state is StepState.DONE_LATE


@pytest.mark.duty("consider_cafcass")
def test_a_referral_that_was_not_thought_needed_before_the_time_is_considered_again() -> None:
    early = RAISED.cafcass_considered("2026-07-14", dispute="d-1")
    assert early.step(CONSIDER, "2026-07-17").is_open
    early.accepts("cafcass_considered", "2026-07-17", dispute="d-1")
    done = RAISED.cafcass_considered("2026-07-14", dispute="d-1", refer=True)
    assert done.step(CONSIDER, "2026-07-17").state is StepState.DONE_IN_TIME


@pytest.mark.duty("consider_cafcass")
def test_a_dispute_that_is_closed_leaves_nothing_to_consider_and_says_what_was_late() -> None:
    closed = RAISED.dispute_resolved("2026-07-17", dispute="d-1").step(CONSIDER, "2026-07-17")
    assert (closed.state, closed.reason) == (StepState.NOT_REQUIRED, "the dispute was closed first")
    late = RAISED.dispute_resolved("2026-07-27", dispute="d-1").step(CONSIDER, "2026-07-27")
    assert late.state is StepState.MISSED


@pytest.mark.duty("refer_to_cafcass")
def test_whoever_decides_to_refer_does_so() -> None:
    story = RAISED.cafcass_considered("2026-07-17", dispute="d-1", refer=True)
    step = story.step(REFER, "2026-07-17")
    assert (step.owner, step.due, step.is_open) == (Role.IRO, day("2026-07-21"), True)
    done = story.cafcass_referred("2026-07-20", dispute="d-1")
    assert done.step(REFER, "2026-07-20").state is StepState.DONE_IN_TIME
    assert done.step(CONSIDER, "2026-07-20").done_on == day("2026-07-17")
    closed = story.dispute_resolved("2026-07-20", dispute="d-1").step(REFER, "2026-07-20")
    assert closed.reason == "the dispute was closed first"
    assert REFER not in RAISED.cafcass_considered("2026-07-17", dispute="d-1").keys("2026-07-17")


# --- A referral, and advice -------------------------------------------------------------------------------------------


@pytest.mark.duty("refer_at_any_moment")
def test_a_case_is_referred_by_itself_or_with_a_dispute_on_any_day() -> None:
    BEFORE.accepts("cafcass_referred", "2026-07-13")
    RAISED.accepts("cafcass_referred", "2026-07-13", dispute="d-1")
    resolved = RAISED.dispute_resolved("2026-07-14", dispute="d-1")
    resolved.accepts("cafcass_referred", "2026-07-15", dispute="d-1")
    BEFORE.care_ended("2026-07-14", reason="E4A").accepts("cafcass_referred", "2026-07-20")
    together = RAISED.cafcass_referred("2026-07-13", dispute="d-1")
    assert {"answer_dispute.d-1", "resolve_dispute.d-1", REPLY} <= together.open_keys("2026-07-13")
    assert together.agenda("2026-07-13").beside == RAISED.agenda("2026-07-13").beside


@pytest.mark.duty("cafcass_reply")
def test_what_cafcass_makes_of_it_is_waited_for_and_closes_it() -> None:
    step = REFERRED.step(REPLY, "2026-07-13")
    assert (step.owner, step.due) == (Role.IRO, day("2026-07-27"))
    assert REFERRED.step(REPLY, "2027-07-13").is_open
    replied = REFERRED.cafcass_replied("2026-07-20", referral="cafcass_referred-1", outcome="proceedings")
    assert (replied.step(REPLY, "2026-07-20").state, replied.step(REPLY, "2026-07-20").outcome) == (
        StepState.DONE_IN_TIME,
        "proceedings",
    )


@pytest.mark.duty("give_legal_advice")
def test_the_authority_gives_the_iro_access_to_independent_legal_advice() -> None:
    asked = BEFORE.legal_advice_asked("2026-07-13")
    step = asked.step(ADVICE, "2026-07-13")
    assert (step.owner, step.due, step.is_open) == (Role.IRO_MANAGER, day("2026-07-20"), True)
    given = asked.legal_advice_given("2026-07-16", request="legal_advice_asked-1")
    assert given.step(ADVICE, "2026-07-16").state is StepState.DONE_IN_TIME
    assert asked.follow("2026-09-01").rungs(ADVICE)[-1] == "director"


@pytest.mark.parametrize("step", [CONSIDER, REFER, REPLY, ADVICE])
@pytest.mark.duty("refer_at_any_moment")
def test_nothing_of_it_is_ever_exempted(step: str) -> None:
    assert "cannot be exempted" in RAISED.refuses("step_exempted", "2026-07-17", step=step, reason="too busy")


@pytest.mark.duty("consider_cafcass")
def test_in_wales_it_is_cafcass_cymru() -> None:
    story = child("2026-06-05", nation="wales").under(WALES).iro_appointed("2026-06-08")
    story = story.dispute_raised("2026-07-13", **FAILED)
    step = story.step(CONSIDER, "2026-07-17")
    assert step.title == "Consider whether to refer the case to Cafcass Cymru"
    assert "Wales" in step.basis.source
    titles = {limit.title for limit in LIMITS[Nation.WALES].values() if "Cafcass" in limit.title}
    assert len(titles) == 3 and all("Cafcass Cymru" in title for title in titles)
    assert not [limit.title for limit in LIMITS[Nation.ENGLAND].values() if "Cymru" in limit.title]


# --- What cannot be ---------------------------------------------------------------------------------------------------

CONSIDERED = RAISED.cafcass_considered("2026-07-17", dispute="d-1")
REPLIED = REFERRED.cafcass_replied("2026-07-15", referral="cafcass_referred-1")
ASKED = BEFORE.legal_advice_asked("2026-07-13")
GIVEN = ASKED.legal_advice_given("2026-07-15", request="legal_advice_asked-1")


@pytest.mark.parametrize(
    ("story", "kind", "said", "why"),
    [
        (
            RAISED,
            "cafcass_considered",
            {"dispute": "d-9"},
            "There is no such dispute in the open part of this episode (fact d-9)",
        ),
        (RAISED, "cafcass_considered", {"dispute": "d-1", "on": "2026-07-10"}, "was raised later, on 13 July 2026"),
        (
            CONSIDERED,
            "cafcass_considered",
            {"dispute": "d-1"},
            "was decided on 17 July 2026 (fact cafcass_considered-1)",
        ),
        (BEFORE, "cafcass_referred", {"dispute": "d-9"}, "leave it out if it goes with none"),
        (REFERRED, "cafcass_replied", {"referral": "c-9"}, "There is no such referral to Cafcass"),
        (REFERRED, "cafcass_replied", {"referral": "cafcass_referred-1", "on": "2026-07-10"}, "cannot be before"),
        (REPLIED, "cafcass_replied", {"referral": "cafcass_referred-1"}, "Cafcass replied on 15 July 2026"),
        (ASKED, "legal_advice_asked", {"dispute": "d-9"}, "There is no such dispute"),
        (ASKED, "legal_advice_given", {"request": "l-9"}, "There is no such request for legal advice"),
        (GIVEN, "legal_advice_given", {"request": "legal_advice_asked-1"}, "given on 15 July 2026; ask anew"),
    ],
)
def test_what_cannot_be_is_refused(story: Story, kind: str, said: dict[str, Any], why: str) -> None:
    told_of = {"on": "2026-07-21"} | said
    assert why in story.refuses(kind, told_of.pop("on"), "2026-07-24", **told_of)


@pytest.mark.duty("dispute_is_the_iros")
@pytest.mark.parametrize(
    ("kind", "said"),
    [("cafcass_considered", {"dispute": "d-1"}), ("cafcass_referred", {}), ("legal_advice_asked", {})],
)
def test_only_the_childs_iro_considers_refers_and_asks_for_advice(kind: str, said: dict[str, Any]) -> None:
    assert "that is iro-1, not manager-1" in RAISED.refuses(kind, "2026-07-17", **said, by="manager-1")
    RAISED.accepts(kind, "2026-07-17", **said)


@pytest.mark.duty("dispute_is_the_iros")
@pytest.mark.parametrize("story", [CONSIDERED, REFERRED, ASKED], ids=["considered", "referred", "advice asked"])
def test_nobody_else_takes_back_or_corrects_a_referral_or_what_led_to_it(story: Story) -> None:
    as_told = story.entries[-1].fact
    taken_back = {"withdraws": as_told.id, "reason": "in error"}
    assert "that is iro-1, not worker-1" in story.refuses("fact_withdrawn", "2026-07-20", **taken_back)
    story.accepts("fact_withdrawn", "2026-07-20", **taken_back, by="iro-1")
    put_right: dict[str, Any] = {"corrects": as_told.id, "reason": "a slip", "to": as_told.model_dump(mode="json")}
    assert "that is iro-1, not worker-1" in story.refuses("fact_corrected", "2026-07-20", **put_right)
    story.accepts("fact_corrected", "2026-07-20", **put_right, by="iro-1")


def test_what_was_decided_can_be_put_right() -> None:
    (as_told,) = (entry.fact for entry in CONSIDERED.entries if entry.fact.kind == "cafcass_considered")
    to = as_told.model_dump(mode="json") | {"refer": True}
    CONSIDERED.accepts("fact_corrected", "2026-07-20", corrects=as_told.id, reason="a slip", to=to, by="iro-1")
