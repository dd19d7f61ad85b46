"""Between reviews: the IRO is told of what changes, considers it, and the law brings the review forward by itself."""

from typing import Any

import pytest

from rules.agenda import derive
from rules.facts.changes import ChangeAnswer, ChangeKind
from rules.policy import read_policy
from rules.vocabulary import EarlyReviewGround, Force, Phase, Role, StepState
from tests.rules.build import WALES, Story, book, child, day, fact, moment

TELL, CONSIDER = "tell_iro_of_change.significant_change-1", "consider_change.significant_change-1"

# Looked after from Friday 5 June 2026, reviewed on 3 July: the next review is due by 3 October.
REVIEWED = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
REVIEW = "second_review.review-1"


def told(on: str, happened_on: str, **more: str) -> Story:
    """A change of which the IRO was told on a day."""
    return REVIEWED.significant_change(on, happened_on=happened_on, **more)


# --- Told in time, or late --------------------------------------------------------------------------------------------


@pytest.mark.duty("tell_iro_of_change")
def test_the_social_worker_tells_the_iro_within_two_working_days() -> None:
    step = told("2026-07-10", "2026-07-08").step(TELL, "2026-07-10")
    assert (step.owner, step.due, step.state) == (Role.SOCIAL_WORKER, day("2026-07-10"), StepState.DONE_IN_TIME)
    assert (step.basis.counted_from, step.basis.force, step.reason) == (day("2026-07-08"), Force.LOCAL, None)


@pytest.mark.duty("tell_iro_of_change")
@pytest.mark.parametrize(
    ("on", "late"),
    [
        ("2026-07-13", "told 1 working day late"),
        ("2026-07-17", "told 5 working days late"),
        ("2026-07-11", "told late, by less than a working day"),
    ],
)
def test_a_change_told_late_says_by_how_long(on: str, late: str) -> None:
    step = told(on, "2026-07-08").step(TELL, on)
    assert (step.state, step.due, step.done_on, step.reason) == (
        StepState.DONE_LATE,
        day("2026-07-10"),
        day(on),
        late,
    )


@pytest.mark.duty("tell_iro_of_change")
def test_telling_late_is_on_record_and_chases_nobody_since_it_is_done() -> None:
    followed = told("2026-08-10", "2026-07-08").follow("2026-10-01")
    assert followed.rungs(TELL) == []


@pytest.mark.duty("tell_iro_of_change")
@pytest.mark.duty("consider_change")
def test_local_policy_sets_both_numbers_of_days() -> None:
    strict = read_policy("[local]\ntell_iro_of_change = 1\nconsider_change = 1")
    story = told("2026-07-10", "2026-07-08").under(book(policy=strict))
    assert story.step(TELL, "2026-07-10").state is StepState.DONE_LATE
    assert story.step(CONSIDER, "2026-07-10").due == day("2026-07-13")


@pytest.mark.duty("tell_iro_of_change")
@pytest.mark.parametrize("change", ChangeKind)
def test_each_of_the_fifteen_kinds_of_change_is_told_and_considered(change: ChangeKind) -> None:
    assert len(ChangeKind) == 15
    story = told("2026-07-10", "2026-07-08", change=change.value)
    assert story.step(TELL, "2026-07-10").title == f"Tell the IRO that {change.words}"
    assert story.step(CONSIDER, "2026-07-10").title == f"Consider the change: {change.words}"


# --- Considered -------------------------------------------------------------------------------------------------------

EXCLUDED = told("2026-07-10", "2026-07-09")


@pytest.mark.duty("consider_change")
def test_the_iro_considers_a_change_within_three_working_days_of_being_told() -> None:
    step = EXCLUDED.step(CONSIDER, "2026-07-10")
    assert (step.owner, step.due, step.phase) == (Role.IRO, day("2026-07-15"), Phase.MONITORING)
    assert EXCLUDED.follow("2026-08-20").rungs(CONSIDER) == [
        "reminder",
        "breach",
        "service_manager",
        "assistant_director",
    ]


ANSWERS: dict[ChangeAnswer, dict[str, str]] = {
    ChangeAnswer.NOTED: {"reason": "the school took him back the same day"},
    ChangeAnswer.SPOKE_WITH_SOCIAL_WORKER: {},
    ChangeAnswer.CONSULTED_CHILD: {},
    ChangeAnswer.BROUGHT_REVIEW_FORWARD: {"before": "2026-08-14"},
    ChangeAnswer.CHALLENGED: {"challenge": "challenge_raised-1"},
}


@pytest.mark.duty("consider_change")
@pytest.mark.parametrize("answer", ChangeAnswer)
def test_each_answer_of_the_iro_settles_it(answer: ChangeAnswer) -> None:
    story = EXCLUDED.challenge_raised("2026-07-13")
    said = {"change": "significant_change-1", "answer": answer.value} | ANSWERS[answer]
    story.accepts("change_considered", "2026-07-14", **said)
    step = story.change_considered("2026-07-14", **said).step(CONSIDER, "2026-07-14")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, answer.value)


@pytest.mark.duty("consider_change")
def test_a_change_considered_late_is_done_late() -> None:
    story = EXCLUDED.change_considered("2026-07-20", change="significant_change-1")
    assert story.step(CONSIDER, "2026-07-20").state is StepState.DONE_LATE


@pytest.mark.duty("consider_change")
def test_one_of_two_changes_considered_leaves_the_other() -> None:
    story = EXCLUDED.significant_change("2026-07-10", happened_on="2026-07-10", change="missing")
    story = story.change_considered("2026-07-13", change="significant_change-2")
    assert story.step(CONSIDER, "2026-07-13").is_open
    assert not story.step("consider_change.significant_change-2", "2026-07-13").is_open


def test_an_answer_taken_back_leaves_the_change_to_be_considered_again() -> None:
    story = EXCLUDED.change_considered("2026-07-13", change="significant_change-1")
    assert story.withdrawn("change_considered-1", "2026-07-14").step(CONSIDER, "2026-07-14").is_open


def test_a_change_may_be_exempted_like_any_step() -> None:
    story = EXCLUDED.step_exempted("2026-07-13", step=CONSIDER, reason="told to another IRO by mistake")
    assert story.step(CONSIDER, "2026-07-13").state is StepState.EXEMPTED


@pytest.mark.parametrize(("said", "anew"), [({"change": "missing"}, True), ({"words": "put better"}, False)])
def test_another_kind_of_change_put_right_is_told_anew(said: dict[str, str], anew: bool) -> None:
    story = EXCLUDED.corrected("significant_change-1", "2026-07-13", **said)
    owed = derive(story.entries, story.book, moment("2026-07-13", 13), new=["fact_corrected-1"]).notices
    assert (Role.IRO in {each.recipient for each in owed if each.name == "significant_event"}) == anew


# --- What brings the review forward -----------------------------------------------------------------------------------


@pytest.mark.duty("early_review")
def test_the_iro_brings_the_review_forward() -> None:
    story = EXCLUDED.change_considered(
        "2026-07-13", change="significant_change-1", answer="brought_review_forward", before="2026-08-14"
    )
    step = story.step(REVIEW, "2026-07-13")
    assert (step.due, step.basis.rule, step.basis.source) == (
        day("2026-08-14"),
        "early_review",
        "CPPCR 2010 reg 33(3)",
    )
    assert story.agenda("2026-07-13").review_due == day("2026-08-14")
    held = story.review_held("2026-08-13")
    assert held.step("subsequent_review.review-2", "2026-08-13").due == day("2027-02-13")


@pytest.mark.duty("review_before_plan_change")
@pytest.mark.parametrize("plan", [None, "other", "placement_with_parent"])
def test_a_change_of_plan_is_considered_at_a_review_before_it_is_made(plan: str | None) -> None:
    story = told(
        "2026-07-10",
        "2026-07-09",
        change="care_plan_change_proposed",
        takes_effect="2026-08-03",
        **({"plan_change": plan} if plan else {}),
    )
    step = story.step(REVIEW, "2026-07-10")
    assert (step.due, step.basis.rule, step.basis.source, step.basis.force) == (
        day("2026-08-03"),
        "review_before_plan_change",
        "CPPCR 2010 reg 32(2)",
        Force.REGULATION,
    )


@pytest.mark.duty("review_before_plan_change")
def test_that_is_the_law_whatever_the_iro_makes_of_it() -> None:
    story = told("2026-07-10", "2026-07-09", change="care_plan_change_proposed", takes_effect="2026-08-03")
    story = story.change_considered("2026-07-13", change="significant_change-1", answer="noted", reason="agreed with")
    assert story.step(REVIEW, "2026-07-13").due == day("2026-08-03")


@pytest.mark.duty("review_before_plan_change")
def test_a_change_of_plan_that_waits_for_the_next_review_brings_nothing_forward() -> None:
    story = told("2026-07-10", "2026-07-09", change="care_plan_change_proposed")
    assert story.step(REVIEW, "2026-07-10").due == day("2026-10-03")


@pytest.mark.duty("review_before_plan_change")
def test_a_change_of_plan_that_was_made_without_a_review_leaves_the_review_overdue() -> None:
    story = told("2026-07-20", "2026-07-09", change="care_plan_change_proposed", takes_effect="2026-07-13")
    step = story.step(REVIEW, "2026-07-20")
    assert (step.due, step.is_overdue(day("2026-07-20"))) == (day("2026-07-13"), True)
    raised = story.follow("2026-07-20", hour=15).of(REVIEW)
    assert [(each.rung, each.covers) for each in raised] == [("service_manager", ("reminder", "breach"))]


@pytest.mark.duty("review_before_plan_change")
def test_a_proposal_that_was_dropped_is_corrected_and_the_normal_date_is_back() -> None:
    story = told("2026-07-10", "2026-07-09", change="care_plan_change_proposed", takes_effect="2026-08-03")
    story = story.corrected("significant_change-1", "2026-07-14", takes_effect=None)
    assert story.step(REVIEW, "2026-07-14").due == day("2026-10-03")


@pytest.mark.duty("review_before_placing_with_parent")
def test_a_child_in_care_is_placed_with_a_parent_only_after_a_review() -> None:
    in_care = child("2026-06-05", legal_status="C2").review_held("2026-07-03")
    said = {"change": "care_plan_change_proposed", "plan_change": "placement_with_parent"}
    story = in_care.significant_change("2026-07-10", happened_on="2026-07-10", takes_effect="2026-08-03", **said)
    step = story.step(REVIEW, "2026-07-10")
    assert (step.due, step.basis.rule, step.basis.source) == (
        day("2026-08-03"),
        "review_before_placing_with_parent",
        "CPPCR 2010 reg 17(d)",
    )


@pytest.mark.duty("early_review")
@pytest.mark.parametrize(
    ("status", "rule"), [("V2", "early_review"), ("C2", "review_before_plan_change")], ids=["accommodated", "in care"]
)
def test_leaving_otherwise_than_to_a_parent_comes_after_a_review(status: str, rule: str) -> None:
    story = child("2026-06-05", legal_status=status).review_held("2026-07-03")
    said = {"change": "care_plan_change_proposed", "plan_change": "leaving_care_not_to_parent"}
    story = story.significant_change("2026-07-10", happened_on="2026-07-10", takes_effect="2026-08-03", **said)
    assert story.step(REVIEW, "2026-07-10").basis.rule == rule
    left = story.care_ended("2026-08-03", reason="E5").step(REVIEW, "2026-08-03")
    assert (left.state is StepState.MISSED) == (status == "V2")


@pytest.mark.duty("early_review")
@pytest.mark.parametrize(
    ("status", "ground"),
    [
        ("C2", EarlyReviewGround.DETENTION_ENDING),
        ("J1", EarlyReviewGround.REMAND_OR_POLICE_ENDING),
        ("V2", None),
    ],
)
def test_a_review_comes_before_a_detention_or_a_remand_ends(status: str, ground: EarlyReviewGround | None) -> None:
    from rules.case import Case
    from rules.early_reviews import early_duties

    story = child("2026-06-05", legal_status=status).significant_change(
        "2026-06-10", happened_on="2026-06-10", change="charged_or_sentenced", detained_until="2026-06-22"
    )
    assert [duty.ground for duty in early_duties(Case(story.entries))] == ([ground] if ground else [])
    due = "2026-06-22" if ground else "2026-07-03"
    assert story.step("first_review", "2026-06-10").due == day(due)


@pytest.mark.duty("early_review")
@pytest.mark.parametrize(
    ("told_on", "remanded_on", "owed"),
    [
        ("2026-06-11", "2026-06-09", True),
        ("2026-06-11", "2026-06-10", True),
        ("2026-06-10", "2026-06-11", True),
        ("2026-06-12", "2026-06-11", True),
        ("2026-06-10", "2026-06-21", True),
        ("2026-06-10", "2026-06-22", False),
    ],
    ids=["before", "the same day", "told first", "told last", "its last day", "when it has ended"],
)
def test_a_remand_that_begins_after_the_charge_owes_its_review_all_the_same(
    told_on: str, remanded_on: str, owed: bool
) -> None:
    charged = {"happened_on": "2026-06-10", "change": "charged_or_sentenced", "detained_until": "2026-06-22"}
    both = child("2026-06-05").significant_change(told_on, **charged)
    both = both.legal_status_changed(remanded_on, legal_status="J1")
    turned = child("2026-06-05").legal_status_changed(remanded_on, legal_status="J1")
    turned = turned.significant_change(told_on, **charged)
    due = day("2026-06-22") if owed else day("2026-07-03")
    assert [story.step("first_review", "2026-06-22").due for story in (both, turned)] == [due, due]


@pytest.mark.duty("early_review")
def test_a_review_held_before_a_remand_began_is_not_the_one_owed_before_it_ends() -> None:
    story = REVIEWED.significant_change(
        "2026-07-02", happened_on="2026-07-02", change="charged_or_sentenced", detained_until="2026-07-24"
    )
    assert story.step(REVIEW, "2026-07-06").due == day("2026-10-03")
    story = story.legal_status_changed("2026-07-06", legal_status="J1")
    step = story.step(REVIEW, "2026-07-06")
    assert (step.due, step.basis.rule) == (day("2026-07-24"), "early_review")


@pytest.mark.duty("early_review")
def test_the_review_before_a_remand_ends_was_owed_by_nobody_before_the_remand_was_recorded() -> None:
    story = child("2026-06-05").significant_change(
        "2026-06-10", happened_on="2026-06-10", change="charged_or_sentenced", detained_until="2026-06-22"
    )
    story = story.legal_status_changed("2026-06-11", at="2026-06-19", legal_status="J1")
    assert story.step("first_review", "2026-06-19").known_at.date() == day("2026-06-19")


@pytest.mark.duty("review_before_plan_change")
@pytest.mark.duty("review_before_placing_with_parent")
def test_in_wales_the_same_is_asked_by_its_own_regulations() -> None:
    story = child("2026-06-05", nation="wales", legal_status="C2").under(WALES)
    said = {"change": "care_plan_change_proposed", "takes_effect": "2026-06-22"}
    other = story.significant_change("2026-06-10", happened_on="2026-06-10", **said)
    parent = story.significant_change(
        "2026-06-10", happened_on="2026-06-10", plan_change="placement_with_parent", **said
    )
    sources = [each.step("first_review", "2026-06-10").basis.source for each in (other, parent)]
    assert sources == ["CPPCR(W) 2015 reg 38", "CPPCR(W) 2015 reg 18"]
    assert all(each.step("first_review", "2026-06-10").basis.unverified for each in (other, parent))


# --- The end of care --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ended", "state"), [("2026-07-13", StepState.NOT_REQUIRED), ("2026-07-20", StepState.MISSED)])
def test_a_change_is_considered_no_more_when_care_has_ended(ended: str, state: StepState) -> None:
    assert EXCLUDED.care_ended(ended, reason="E4A").step(CONSIDER, "2026-07-21").state is state


def test_after_a_death_nothing_of_a_change_is_told_or_chased() -> None:
    followed = EXCLUDED.care_ended("2026-07-13", reason="E2").follow("2026-09-01")
    assert followed.rungs(CONSIDER) == ["reminder"]  # It had gone out that very morning, before the death was known.
    assert followed.agenda.notices == ()


# --- What cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"happened_on": "2026-07-11"}, "after the IRO was told of it on 10 July 2026"),
        ({"happened_on": "2026-06-04"}, "before the child became looked after (5 June 2026)"),
        ({"happened_on": "2026-07-09", "takes_effect": "2026-08-03"}, "Only of a proposed change of the care plan"),
        ({"happened_on": "2026-07-09", "plan_change": "other"}, "Only of a proposed change of the care plan"),
        ({"happened_on": "2026-07-09", "detained_until": "2026-08-03"}, "Only of a charge or sentence"),
        (
            {"change": "care_plan_change_proposed", "happened_on": "2026-07-09", "takes_effect": "2026-07-08"},
            "cannot take effect before it was proposed",
        ),
        (
            {"change": "charged_or_sentenced", "happened_on": "2026-07-09", "detained_until": "2026-07-08"},
            "cannot end before the charge or sentence",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(said: dict[str, str], why: str) -> None:
    assert why in REVIEWED.refuses("significant_change", "2026-07-10", **said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"change": "c-9"}, "There is no such change in the open part of this episode (fact c-9)"),
        ({"answer": "noted"}, "Say why the change is only noted (reason)."),
        ({"answer": "brought_review_forward"}, "Say by which day the review is to be held (before)."),
        ({"answer": "brought_review_forward", "before": "2026-07-12"}, "had passed already"),
        ({"answer": "brought_review_forward", "before": "2032-06-15"}, "the child is 18"),
        ({"before": "2026-08-14"}, "Only where the review is brought forward"),
        ({"answer": "challenged"}, "Name the challenge (challenge)"),
        ({"answer": "challenged", "challenge": "c-9"}, "There is no such challenge here (fact c-9)"),
        ({"challenge": "challenge_raised-1"}, "Only where the change is challenged"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(said: dict[str, str], why: str) -> None:
    story = EXCLUDED.challenge_raised("2026-07-13")
    assert why in story.refuses("change_considered", "2026-07-13", **{"change": "significant_change-1"} | said)


def test_a_change_is_considered_once_and_not_before_the_iro_was_told() -> None:
    story = EXCLUDED.change_considered("2026-07-13", change="significant_change-1")
    again = story.refuses("change_considered", "2026-07-14", change="significant_change-1")
    assert again == "This change was considered on 13 July 2026; withdraw that record first (fact change_considered-1)."
    early = EXCLUDED.refuses("change_considered", "2026-07-09", "2026-07-14", change="significant_change-1")
    assert "told of this change later, on 10 July 2026" in early


def test_the_day_of_a_change_cannot_be_corrected_past_the_iros_answer() -> None:
    story = EXCLUDED.change_considered("2026-07-13", change="significant_change-1")
    moved = fact("significant_change", "2026-07-14", happened_on="2026-07-09").model_dump(mode="json")
    said = {"corrects": "significant_change-1", "reason": "typing error"}
    why = story.refuses("fact_corrected", "2026-07-15", **said, to=moved)
    assert "The IRO considered this change on 13 July 2026" in why


def test_a_change_cannot_be_reported_or_considered_after_care_has_ended() -> None:
    ended = EXCLUDED.care_ended("2026-07-13", reason="E4A")
    assert "Care ended on 13 July 2026" in ended.refuses("significant_change", "2026-07-14", happened_on="2026-07-14")
    assert "Care ended" in ended.refuses("change_considered", "2026-07-14", change="significant_change-1")


# --- What the ledger carries on ---------------------------------------------------------------------------------------


def carried(story: Story, held: str) -> Story:
    """The ledger the case goes on with once a further review has closed the first cycle."""
    for kind in ("decisions_sent", "decisions_circulated", "record_completed", "manager_replied"):
        story = getattr(story, kind)("2026-07-08", review="2026-07-03")
    for role in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2026-07-09", recipient=role, review="2026-07-03")
    going_on = story.review_held(held).agenda(held).carried
    assert going_on is not None
    return Story(going_on)


def ids(story: Story) -> set[str]:
    return {entry.fact.id for entry in story.entries}


def test_the_ledger_keeps_a_change_until_it_is_considered() -> None:
    assert "significant_change-1" in ids(carried(EXCLUDED, "2026-09-01"))
    done = carried(EXCLUDED.change_considered("2026-07-13", change="significant_change-1"), "2026-09-01")
    assert not ids(done) & {"significant_change-1", "change_considered-1"}


def test_the_day_the_iro_brought_a_review_forward_to_can_be_put_right_when_the_cycle_has_closed() -> None:
    said = {"change": "significant_change-1", "answer": "brought_review_forward"}
    going_on = carried(EXCLUDED.change_considered("2026-07-13", before="2026-07-31", **said), "2026-07-30")
    assert not {TELL, CONSIDER} & going_on.keys("2026-07-30")
    to = fact("change_considered", "2026-07-13", before="2026-07-29", **said).model_dump(mode="json")
    correction: dict[str, Any] = {"corrects": "change_considered-1", "reason": "typing error", "to": to}
    going_on.accepts("fact_corrected", "2026-07-31", **correction)
    lines = going_on.fact_corrected("2026-07-31", **correction).reviews("2026-07-31")
    assert [line.due for line in lines if line.name == "second_review"] == [day("2026-07-29")]


def test_the_ledger_keeps_what_a_review_was_brought_forward_by() -> None:
    story = told("2026-07-10", "2026-07-09", change="care_plan_change_proposed", takes_effect="2026-08-03")
    story = story.change_considered(
        "2026-07-13", change="significant_change-1", answer="brought_review_forward", before="2026-07-31"
    )
    going_on = carried(story, "2026-07-30")
    assert ids(going_on) >= {"significant_change-1", "change_considered-1"}
    line = next(line for line in going_on.reviews("2026-07-30") if line.name == "second_review")
    assert line.due == day("2026-07-31")
    assert not {TELL, CONSIDER} & going_on.keys("2026-07-30")
    again = going_on.refuses("change_considered", "2026-07-30", change="significant_change-1")
    assert "There is no such change in the open part of this episode (fact significant_change-1)" in again
