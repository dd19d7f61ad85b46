"""Phase 9, the child's own road: what a child asks for is answered, and never taken off the page by anything else."""

from typing import Any

import pytest

from rules.policy import read_policy
from rules.vocabulary import Force, Phase, Role, StepState
from tests.rules.build import WALES, Story, book, child, day

# Looked after from Friday 5 June 2026, reviewed on 3 July: the next review is due by 3 October, a Saturday.
REVIEWED = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
WANTS = REVIEWED.child_wants_proceedings("2026-07-13", words="I want the court to hear me.")
WANTED = {"request": "child_wants_proceedings-1"}
COMPLAINT = {"about": "authority", "by_child": True, "words": "Nobody came."}
ABOUT_THE_IRO = COMPLAINT | {"about": "iro"}
MADE = {"complaint": "complaint_made-1"}
ASKED = REVIEWED.advocate_asked("2026-07-13", by_child=True)
EVERY_REQUEST: list[tuple[str, dict[str, Any]]] = [
    ("child_wants_proceedings", {"words": "I want the court to hear me."}),
    ("complaint_made", COMPLAINT),
    ("advocate_asked", {"by_child": True, "words": "Please."}),
    ("child_wished", {"wish": "chair", "words": "I can do it."}),
    ("iro_change_asked", {"reason": "Somebody else, please."}),
]


def wishes(on: str, wish: str = "place", story: Story = REVIEWED, who: str | None = None) -> Story:
    """What a child wishes of the review; of somebody who is not to be there, who."""
    return story.child_wished(on, wish=wish, words="Not at the office.", who=who)


# --- Proceedings of their own -----------------------------------------------------------------------------------------


@pytest.mark.duty("seek_adult")
def test_the_iro_establishes_whether_an_adult_can_help_a_child_who_wants_to_go_to_court() -> None:
    step = WANTS.step("seek_adult.child_wants_proceedings-1", "2026-07-13")
    assert (step.owner, step.due, step.phase, step.is_open) == (
        Role.IRO,
        day("2026-07-20"),
        Phase.CHILDS_ROAD,
        True,
    )
    assert (step.basis.force, step.basis.source.startswith("CPPCR 2010 reg 45(2)")) == (Force.LOCAL, True)


@pytest.mark.duty("seek_adult")
def test_where_an_adult_is_found_the_iro_has_done_their_part() -> None:
    story = WANTS.adult_sought("2026-07-16", found=True, reason="Her aunt will help.", **WANTED)
    step = story.step("seek_adult.child_wants_proceedings-1", "2026-07-16")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, "found")
    assert "help_to_advice.child_wants_proceedings-1" not in story.keys("2026-07-16")


NONE_FOUND = WANTS.adult_sought("2026-07-16", found=False, reason="Nobody is left.", **WANTED)


@pytest.mark.duty("help_to_advice")
def test_where_no_adult_is_found_the_iro_helps_the_child_to_legal_advice() -> None:
    step = NONE_FOUND.step("help_to_advice.child_wants_proceedings-1", "2026-07-16")
    assert (step.owner, step.due) == (Role.IRO, day("2026-07-23"))
    story = NONE_FOUND.child_helped_to_advice("2026-07-24", **WANTED)
    assert story.step("help_to_advice.child_wants_proceedings-1", "2026-07-24").state is StepState.DONE_LATE


@pytest.mark.duty("help_to_advice")
def test_an_adult_who_cannot_help_after_all_leaves_the_help_to_the_iro() -> None:
    story = WANTS.adult_sought("2026-07-16", found=True, reason="Her aunt will help.", **WANTED)
    story = story.adult_sought("2026-08-03", found=False, reason="The aunt has moved away.", **WANTED)
    assert story.step("help_to_advice.child_wants_proceedings-1", "2026-08-03").due == day("2026-08-10")
    again = NONE_FOUND.adult_sought("2026-07-20", found=True, reason="A teacher will help.", **WANTED)
    again = again.adult_sought("2026-08-03", found=False, reason="The teacher has left.", **WANTED)
    step = again.step("help_to_advice.child_wants_proceedings-1", "2026-08-03")
    assert (step.due, step.is_open) == (day("2026-08-10"), True)


@pytest.mark.duty("help_to_advice")
def test_a_help_of_before_an_adult_was_found_does_not_do_for_the_need_that_came_after() -> None:
    story = NONE_FOUND.child_helped_to_advice("2026-07-17", **WANTED)
    again = story.adult_sought("2026-07-20", found=True, reason="A teacher will help.", **WANTED)
    key = "help_to_advice.child_wants_proceedings-1"
    assert again.step(key, "2026-07-20").state is StepState.DONE_IN_TIME
    again = again.adult_sought("2026-08-03", found=False, reason="The teacher has left.", **WANTED)
    assert again.step(key, "2026-08-03").is_open
    assert again.child_helped_to_advice("2026-08-05", **WANTED).step(key, "2026-08-05").done_on == day("2026-08-05")


@pytest.mark.duty("help_to_advice")
@pytest.mark.parametrize(("found", "state"), [("2026-07-20", StepState.NOT_REQUIRED), ("2026-07-27", StepState.MISSED)])
def test_an_adult_found_later_takes_the_help_over(found: str, state: StepState) -> None:
    story = NONE_FOUND.adult_sought(found, found=True, reason="A teacher will help.", **WANTED)
    step = story.step("help_to_advice.child_wants_proceedings-1", found)
    assert (step.state, step.reason) == (state, "an adult was found to help")


@pytest.mark.duty("seek_adult")
@pytest.mark.duty("help_to_advice")
def test_each_wish_for_proceedings_is_followed_for_itself() -> None:
    story = NONE_FOUND.child_wants_proceedings("2026-07-20", words="And about school.")
    assert {"help_to_advice.child_wants_proceedings-1", "seek_adult.child_wants_proceedings-2"} <= story.open_keys(
        "2026-07-20"
    )
    assert "seek_adult.child_wants_proceedings-1" not in story.open_keys("2026-07-20")


# --- Complaints -------------------------------------------------------------------------------------------------------


@pytest.mark.duty("pass_on_complaint")
@pytest.mark.duty("answer_complaint")
def test_a_complaint_is_told_to_the_iro_and_answered() -> None:
    story = REVIEWED.complaint_made("2026-07-13", **COMPLAINT)
    told, answered = (
        story.step(f"{name}.complaint_made-1", "2026-07-13") for name in ("pass_on_complaint", "answer_complaint")
    )
    assert (told.owner, told.due) == (Role.COMPLAINTS_MANAGER, day("2026-07-15"))
    assert (answered.owner, answered.due) == (Role.COMPLAINTS_MANAGER, day("2026-07-27"))
    story = story.complaint_passed_on("2026-07-14", **MADE).complaint_answered(
        "2026-07-28", answer="We are sorry.", **MADE
    )
    assert story.step("pass_on_complaint.complaint_made-1", "2026-07-28").state is StepState.DONE_IN_TIME
    assert story.step("answer_complaint.complaint_made-1", "2026-07-28").state is StepState.DONE_LATE


@pytest.mark.duty("pass_on_complaint")
@pytest.mark.parametrize(("by", "owed"), [("iro-1", False), ("iro-2", True)])
def test_a_complaint_that_the_childs_iro_recorded_they_know_of(by: str, owed: bool) -> None:
    story = REVIEWED.iro_appointed("2026-07-10", iro="iro-1").complaint_made("2026-07-13", **COMPLAINT | {"by": by})
    assert ("pass_on_complaint.complaint_made-1" in story.open_keys("2026-07-13")) is owed
    assert "answer_complaint.complaint_made-1" in story.open_keys("2026-07-13")


@pytest.mark.duty("weigh_complaint")
def test_of_a_complaint_about_the_iro_the_iro_manager_weighs_whether_they_can_stay() -> None:
    story = REVIEWED.complaint_made("2026-07-13", **ABOUT_THE_IRO)
    step = story.step("weigh_complaint.complaint_made-1", "2026-07-13")
    assert (step.owner, step.due) == (Role.IRO_MANAGER, day("2026-07-20"))
    stays = story.complaint_weighed("2026-07-17", stays=True, reason="They have talked.", **MADE)
    step = stays.step("weigh_complaint.complaint_made-1", "2026-07-17")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, "stays")
    assert "find_another_iro.complaint_made-1" not in stays.keys("2026-07-17")


@pytest.mark.duty("weigh_complaint")
def test_of_a_complaint_about_the_authority_nobody_weighs_that() -> None:
    assert "weigh_complaint.complaint_made-1" not in REVIEWED.complaint_made("2026-07-13", **COMPLAINT).keys(
        "2026-07-13"
    )


GOES = REVIEWED.complaint_made("2026-07-13", **ABOUT_THE_IRO).complaint_weighed(
    "2026-07-17", stays=False, reason="The trust is gone.", **MADE
)
REPLACE = "find_another_iro.complaint_made-1"


@pytest.mark.duty("find_another_iro")
def test_an_iro_who_cannot_stay_remains_until_another_is_found_and_that_climbs_the_ladder() -> None:
    step = GOES.step(REPLACE, "2026-07-17")
    assert (step.owner, step.due, step.is_open) == (Role.IRO_MANAGER, day("2026-07-21"), True)
    followed = GOES.follow("2026-09-01")
    assert followed.agenda.iro == "iro-1"
    assert followed.rungs(REPLACE) == ["reminder", "breach", "service_manager", "assistant_director"]


@pytest.mark.duty("find_another_iro")
def test_once_the_post_falls_vacant_the_vacancy_is_owed_instead() -> None:
    story = GOES.iro_post_vacated("2026-07-20", reason="CHCHAN")
    assert story.step(REPLACE, "2026-07-20").state is StepState.DONE_IN_TIME
    assert "fill_vacancy.iro_post_vacated-1" in story.open_keys("2026-07-20")


@pytest.mark.duty("find_another_iro")
@pytest.mark.parametrize(("iro", "open_still"), [("iro-2", False), ("iro-1", True)])
def test_only_the_appointment_of_another_iro_does_it(iro: str, open_still: bool) -> None:
    assert GOES.iro_appointed("2026-07-20", iro=iro).step(REPLACE, "2026-07-20").is_open == open_still


@pytest.mark.duty("weigh_complaint")
@pytest.mark.parametrize(("left", "state"), [("2026-07-16", StepState.NOT_REQUIRED), ("2026-07-22", StepState.MISSED)])
def test_an_iro_who_has_left_meanwhile_is_not_weighed_any_more_but_the_complaint_is_answered(
    left: str, state: StepState
) -> None:
    story = REVIEWED.complaint_made("2026-07-13", **ABOUT_THE_IRO).iro_appointed(left, iro="iro-2")
    step = story.step("weigh_complaint.complaint_made-1", left)
    assert (step.state, step.reason) == (state, "the IRO had left the child")
    assert "answer_complaint.complaint_made-1" in story.open_keys(left)


# --- An advocate ------------------------------------------------------------------------------------------------------


@pytest.mark.duty("provide_advocate")
def test_an_advocate_who_is_asked_for_is_provided() -> None:
    step = ASKED.step("provide_advocate.advocate_asked-1", "2026-07-13")
    assert (step.owner, step.due) == (Role.SOCIAL_WORKER, day("2026-07-20"))
    story = ASKED.advocate_provided("2026-07-17", request="advocate_asked-1")
    assert story.step("provide_advocate.advocate_asked-1", "2026-07-17").state is StepState.DONE_IN_TIME


@pytest.mark.duty("provide_advocate")
def test_a_request_for_an_advocate_that_nobody_meets_climbs_the_ladder_and_stays() -> None:
    followed = ASKED.follow("2026-12-01")
    assert followed.rungs("provide_advocate.advocate_asked-1") == [
        "reminder",
        "breach",
        "service_manager",
        "assistant_director",
    ]
    assert "provide_advocate.advocate_asked-1" in {step.key for step in followed.agenda.open_steps}


# --- Wishes for the review --------------------------------------------------------------------------------------------

WISH = "answer_child_wish.child_wished-1"


@pytest.mark.duty("answer_child_wish")
@pytest.mark.parametrize(
    ("wish", "who", "words"),
    [
        ("place", None, "for another place"),
        ("time", None, "for another time"),
        ("chair", None, "to chair it"),
        ("not_there", "school", "that somebody does not come"),
    ],
)
def test_what_a_child_wishes_of_the_review_is_answered(wish: str, who: str | None, words: str) -> None:
    step = wishes("2026-07-13", wish, who=who).step(WISH, "2026-07-13")
    assert (step.owner, step.due) == (Role.IRO, day("2026-07-20"))
    assert step.title == f"Answer what the child wishes of the review: {words}"


@pytest.mark.duty("answer_child_wish")
@pytest.mark.parametrize("met", ["met", "in_part", "not_met"])
def test_a_wish_to_chair_the_review_is_answered_with_what_comes_of_it(met: str) -> None:
    story = wishes("2026-07-13", "chair").child_wish_answered(
        "2026-07-16", wish="child_wished-1", met=met, reason="The first half."
    )
    step = story.step(WISH, "2026-07-16")
    assert (step.state, step.outcome) == (StepState.DONE_IN_TIME, met)


@pytest.mark.duty("wish_before_review")
def test_a_wish_is_answered_before_the_review_it_is_about() -> None:
    story = wishes("2026-09-10", story=REVIEWED.review_arranged("2026-07-13", planned_for="2026-09-14"))
    step = story.step(WISH, "2026-09-10")
    assert (step.due, step.basis.rule, [other.rule for other in step.others]) == (
        day("2026-09-11"),
        "wish_before_review",
        ["answer_child_wish"],
    )


@pytest.mark.duty("wish_before_review")
def test_while_no_day_is_arranged_the_last_working_day_for_the_review_is_looked_to() -> None:
    assert wishes("2026-09-29").step(WISH, "2026-09-29").due == day("2026-10-01")


@pytest.mark.duty("wish_before_review")
def test_a_review_arranged_earlier_later_on_brings_the_answer_forward_and_was_nobodys_neglect() -> None:
    story = wishes("2026-07-13", story=REVIEWED.review_arranged("2026-07-06", planned_for="2026-09-14"))
    assert story.step(WISH, "2026-07-13").due == day("2026-07-20")
    story = story.review_arranged("2026-07-15", planned_for="2026-07-16")
    step = story.step(WISH, "2026-07-15")
    assert (step.due, step.known_at.date()) == (day("2026-07-15"), day("2026-07-15"))
    assert [(each.rung, each.covers) for each in story.follow("2026-07-15", hour=13).of(WISH)] == [
        ("reminder", ()),
    ]


@pytest.mark.duty("wish_before_review")
@pytest.mark.parametrize(
    ("wished", "due"),
    [("2026-09-11", "2026-09-11"), ("2026-09-12", "2026-09-12"), ("2026-09-14", "2026-09-14")],
    ids=["the working day before", "the weekend before", "the day itself"],
)
def test_a_wish_told_on_the_eve_is_answered_at_once(wished: str, due: str) -> None:
    story = wishes(wished, story=REVIEWED.review_arranged("2026-07-13", planned_for="2026-09-14"))
    assert story.step(WISH, wished).due == day(due)


@pytest.mark.duty("answer_child_wish")
@pytest.mark.duty("wish_before_review")
def test_a_review_held_without_an_answer_leaves_the_wish_overdue_and_open() -> None:
    story = wishes("2026-07-13").review_held("2026-07-15")
    step = story.step(WISH, "2026-07-20")
    assert (step.is_open, step.due, step.cycle, step.known_at.date()) == (
        True,
        day("2026-07-14"),
        2,
        day("2026-07-15"),
    )
    assert story.child_wish_answered("2026-07-20", wish="child_wished-1", met="met").step(WISH, "2026-07-20").state is (
        StepState.DONE_LATE
    )


@pytest.mark.duty("wish_before_review")
def test_a_wish_told_on_the_day_of_a_review_that_was_held_is_about_the_next() -> None:
    story = wishes("2026-07-03")
    step = story.step(WISH, "2026-07-03")
    assert (step.cycle, step.due) == (2, day("2026-07-10"))


@pytest.mark.duty("wish_before_review")
def test_a_wish_told_while_a_review_is_adjourned_is_about_what_is_left_of_it() -> None:
    story = REVIEWED.review_adjourned("2026-07-13", reconvene_on="2026-07-20")
    story = wishes("2026-07-14", story=story)
    assert story.step(WISH, "2026-07-14").due == day("2026-07-21")
    assert story.review_held("2026-07-20").step(WISH, "2026-07-20").due == day("2026-07-17")


# --- Local policy, and Wales ------------------------------------------------------------------------------------------


@pytest.mark.duty("answer_complaint")
@pytest.mark.duty("pass_on_complaint")
@pytest.mark.duty("answer_child_wish")
def test_an_authority_may_set_fewer_days() -> None:
    strict = book(
        policy=read_policy("[limits]\nanswer_complaint = 5\n[local]\npass_on_complaint = 1\nanswer_child_wish = 2")
    )
    story = wishes("2026-07-13", story=REVIEWED.complaint_made("2026-07-13", **COMPLAINT)).under(strict)
    dues = [
        story.step(f"{name}.complaint_made-1", "2026-07-13").due for name in ("answer_complaint", "pass_on_complaint")
    ]
    assert [*dues, story.step(WISH, "2026-07-13").due] == [day("2026-07-20"), day("2026-07-14"), day("2026-07-15")]


@pytest.mark.duty("provide_advocate")
@pytest.mark.duty("seek_adult")
def test_in_wales_the_same_is_asked_by_its_own_law() -> None:
    story = child("2026-06-05", nation="wales").iro_appointed("2026-06-08").under(WALES)
    story = story.advocate_asked("2026-07-13", by_child=True).child_wants_proceedings("2026-07-13", words="Hear me.")
    sources = [
        story.step(key, "2026-07-13").basis.source
        for key in ("provide_advocate.advocate_asked-1", "seek_adult.child_wants_proceedings-1")
    ]
    assert "Social Services and Well-being (Wales) Act 2014 s.178" in sources[0]
    assert "CPPCR(W) 2015 reg 53" in sources[1]


# --- The end of care --------------------------------------------------------------------------------------------------


def everything_asked() -> Story:
    """A child who asked for everything there is."""
    story = NONE_FOUND.complaint_made("2026-07-16", **ABOUT_THE_IRO).advocate_asked("2026-07-16", by_child=True)
    return wishes("2026-07-16", story=story)


def open_on_the_road(story: Story, on: str) -> set[str]:
    """What is still owed to the child of what they asked for, by name."""
    return {step.name for step in story.agenda(on).open_steps if step.phase is Phase.CHILDS_ROAD}


def test_what_a_child_asked_for_is_owed_when_care_has_ended_but_for_what_has_lost_its_object() -> None:
    story = everything_asked()
    of_care = {"weigh_complaint", "answer_child_wish"}
    owed = {"help_to_advice", "pass_on_complaint", "answer_complaint", "provide_advocate"}
    assert open_on_the_road(story, "2026-07-16") == owed | of_care
    ended = story.care_ended("2026-07-17")
    assert open_on_the_road(ended, "2026-07-17") == owed
    assert not ended.agenda("2027-07-17").finished
    assert ended.step(WISH, "2026-07-17").state is StepState.NOT_REQUIRED
    ended.accepts("child_wish_answered", "2026-07-20", wish="child_wished-1", met="not_met", reason="Care has ended.")
    ended.accepts("advocate_provided", "2026-07-20", request="advocate_asked-1")


def test_what_had_slipped_when_care_ended_stays_on_record_as_missed() -> None:
    ended = everything_asked().care_ended("2026-08-03")
    states = {ended.step(key, "2026-08-03").state for key in (WISH, "weigh_complaint.complaint_made-1")}
    assert states == {StepState.MISSED}


def test_after_a_childs_death_only_a_complaint_is_left_to_answer() -> None:
    died = everything_asked().care_ended("2026-07-17", reason="E2")
    assert open_on_the_road(died, "2026-07-17") == {"pass_on_complaint", "answer_complaint"}
    assert died.agenda("2026-07-17").notices == ()


# --- It cannot be taken back, only answered ---------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "said"), EVERY_REQUEST, ids=[kind for kind, _ in EVERY_REQUEST])
def test_what_a_child_asked_for_is_not_taken_back_by_anybody(kind: str, said: dict[str, Any]) -> None:
    story = getattr(REVIEWED, kind)("2026-07-13", **said)
    why = story.refuses("fact_withdrawn", "2026-07-14", withdraws=f"{kind}-1", reason="recorded in error")
    assert why.startswith(
        f"What the child asked for ({kind}, fact {kind}-1) is not taken back by anybody else: answer it."
    )


@pytest.mark.parametrize(("kind", "said"), EVERY_REQUEST, ids=[kind for kind, _ in EVERY_REQUEST])
def test_a_correction_puts_the_day_of_it_right_and_nothing_of_what_was_said(kind: str, said: dict[str, Any]) -> None:
    story = getattr(REVIEWED, kind)("2026-07-13", **said)
    (as_told,) = (entry.fact.model_dump(mode="json") for entry in story.entries if entry.fact.kind == kind)
    correction = {"corrects": f"{kind}-1", "reason": "typing error"}
    story.accepts("fact_corrected", "2026-07-14", **correction, to=as_told | {"on": "2026-07-10"})
    story.accepts("fact_corrected", "2026-07-14", **correction, to=as_told | {"on": "2026-07-10", "id": "another"})
    words = "reason" if kind == "iro_change_asked" else "words"
    why = story.refuses("fact_corrected", "2026-07-14", **correction, to=as_told | {words: "It is all fine."})
    assert why.startswith("Only the day of what a child asked for can be corrected; what they said stands.")


@pytest.mark.parametrize(
    "key",
    [
        "seek_adult.child_wants_proceedings-1",
        "pass_on_complaint.complaint_made-1",
        "weigh_complaint.complaint_made-1",
        "answer_complaint.complaint_made-1",
        "provide_advocate.advocate_asked-1",
        WISH,
        "answer_change_request.iro_change_asked-1",
    ],
)
def test_no_step_towards_an_answer_is_exempted(key: str) -> None:
    story = WANTS.complaint_made("2026-07-13", **ABOUT_THE_IRO).advocate_asked("2026-07-13", by_child=True)
    story = wishes("2026-07-13", story=story).iro_change_asked("2026-07-13")
    assert key in story.open_keys("2026-07-13")
    assert "cannot be exempted" in story.refuses("step_exempted", "2026-07-14", step=key, reason="not now")


def test_the_day_of_a_request_cannot_be_corrected_past_its_answer() -> None:
    story = ASKED.advocate_provided("2026-07-16", request="advocate_asked-1")
    (as_told,) = (entry.fact for entry in story.entries if entry.fact.kind == "advocate_asked")
    to = as_told.model_dump(mode="json") | {"on": "2026-07-17"}
    why = story.refuses("fact_corrected", "2026-07-20", corrects="advocate_asked-1", reason="typing error", to=to)
    assert why == "What came of it was recorded on 16 July 2026 (fact advocate_provided-1); it was asked for by then."


# --- The child wants it no more ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "request_", "key"),
    [
        (WANTS, "child_wants_proceedings-1", "seek_adult.child_wants_proceedings-1"),
        (NONE_FOUND, "child_wants_proceedings-1", "help_to_advice.child_wants_proceedings-1"),
        (ASKED, "advocate_asked-1", "provide_advocate.advocate_asked-1"),
        (wishes("2026-07-13"), "child_wished-1", WISH),
        (REVIEWED.complaint_made("2026-07-13", **COMPLAINT), "complaint_made-1", "answer_complaint.complaint_made-1"),
    ],
    ids=["proceedings", "advice", "advocate", "wish", "complaint"],
)
def test_a_child_who_wants_it_no_more_says_so_themselves_and_that_is_the_answer(
    story: Story, request_: str, key: str
) -> None:
    assert key in story.open_keys("2026-07-17")
    done = story.child_wants_no_more("2026-07-17", request=request_, words="I have changed my mind.")
    step = done.step(key, "2026-07-17")
    assert (step.state, step.done_on, step.outcome) == (StepState.DONE_IN_TIME, day("2026-07-17"), "wanted_no_more")


@pytest.mark.duty("pass_on_complaint")
def test_a_complaint_the_child_makes_no_more_is_told_to_the_iro_all_the_same() -> None:
    story = REVIEWED.complaint_made("2026-07-13", **COMPLAINT)
    story = story.child_wants_no_more("2026-07-14", request="complaint_made-1", words="Never mind.")
    assert "pass_on_complaint.complaint_made-1" in story.open_keys("2026-07-14")


def test_that_the_child_wants_no_more_never_closes_a_complaint_about_the_iro_who_would_say_so() -> None:
    story = REVIEWED.complaint_made("2026-07-13", **ABOUT_THE_IRO)
    no_more = {"request": "complaint_made-1", "words": "Never mind."}
    assert "weighed and answered by the IRO manager" in story.refuses("child_wants_no_more", "2026-07-14", **no_more)
    story = story.child_wants_no_more("2026-07-14", **no_more)
    still = {"weigh_complaint.complaint_made-1", "answer_complaint.complaint_made-1"}
    assert still <= story.open_keys("2026-07-14")


def test_only_the_childs_iro_or_whoever_covers_says_that_the_child_wants_no_more() -> None:
    story = REVIEWED.advocate_asked("2026-07-13", by_child=True)
    no_more = {"request": "advocate_asked-1", "words": "Not any more."}
    assert "that is iro-1, not worker-1" in story.refuses("child_wants_no_more", "2026-07-14", by="worker-1", **no_more)
    story.accepts("child_wants_no_more", "2026-07-14", **no_more)
    covered = story.iro_cover_arranged("2026-07-14", cover="iro-2")
    covered.accepts("child_wants_no_more", "2026-07-14", by="iro-2", **no_more)


# --- What cannot be ---------------------------------------------------------------------------------------------------

ROAD = everything_asked()


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        (
            "adult_sought",
            {"request": "x", "found": True, "reason": "r"},
            "There is no such wish for proceedings in the open part of this episode (fact x)",
        ),
        (
            "adult_sought",
            {**WANTED, "found": False, "reason": "r"},
            "That was recorded on 16 July 2026; correct it if it was wrong (fact",
        ),
        (
            "child_helped_to_advice",
            {"request": "advocate_asked-1"},
            "There is no such wish for proceedings",
        ),
        ("complaint_passed_on", {"complaint": "x"}, "There is no such complaint in the open part"),
        ("complaint_answered", {"complaint": "x", "answer": "a"}, "There is no such complaint in the open part"),
        ("advocate_provided", {"request": "x"}, "There is no such request for an advocate"),
        ("child_wish_answered", {"wish": "x", "met": "met"}, "There is no such wish in the open part"),
        ("child_wish_answered", {"wish": "child_wished-1", "met": "not_met"}, "Say why the wish is not wholly met"),
        ("child_wish_answered", {"wish": "child_wished-1", "met": "in_part"}, "Say why the wish is not wholly met"),
        ("child_wished", {"wish": "not_there", "words": "w"}, "Say who is not to be there (who), for that wish"),
        ("child_wished", {"wish": "place", "words": "w", "who": "school"}, "for that wish and for no other"),
        ("child_wants_no_more", {"request": "x", "words": "w"}, "There is no such request of the child"),
        ("child_wants_no_more", {"request": "review-1", "words": "w"}, "There is no such request of the child"),
    ],
)
def test_an_answer_to_nothing_or_without_its_reason_is_refused(kind: str, said: dict[str, Any], why: str) -> None:
    assert why in ROAD.refuses(kind, "2026-07-17", **said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("complaint_passed_on", MADE),
        ("complaint_weighed", {**MADE, "stays": True, "reason": "They have talked."}),
        ("complaint_answered", {**MADE, "answer": "We are sorry."}),
        ("advocate_provided", {"request": "advocate_asked-1"}),
        ("child_wish_answered", {"wish": "child_wished-1", "met": "met"}),
        ("child_wants_no_more", {"request": "advocate_asked-1", "words": "No more."}),
    ],
)
def test_each_answer_is_recorded_once_and_not_before_it_was_asked_for(kind: str, said: dict[str, Any]) -> None:
    once = getattr(ROAD, kind)("2026-07-17", **said)
    assert once.refuses(kind, "2026-07-20", **said) == (
        f"That was recorded on 17 July 2026; correct it if it was wrong (fact {kind}-1)."
    )
    assert "16 July 2026" in ROAD.refuses(kind, "2026-07-14", "2026-07-17", **said)


def test_only_of_a_complaint_about_the_iro_is_it_weighed_whether_they_can_stay() -> None:
    story = REVIEWED.complaint_made("2026-07-13", **COMPLAINT)
    why = story.refuses("complaint_weighed", "2026-07-14", **MADE, stays=True, reason="r")
    assert why == "That complaint is not about the IRO (fact complaint_made-1), so that there is nothing to weigh."
