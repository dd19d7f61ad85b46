"""Phase 10, court proceedings: who is named to whom, what the IRO has from the court, and what the court has."""

import re

import pytest

from rules.policy import read_policy
from rules.vocabulary import STEP_KEY, Force, Phase, Role, StepState
from tests.rules.build import WALES, Story, book, child, day, moment
from tests.rules.in_court import (
    DISPUTE,
    GUARDED,
    ISSUED,
    OTHER,
    RAISED,
    REVIEWED,
    SET,
    TELL_DISPUTE,
    hearing,
    moved,
    named,
)

# --- The IRO is named -------------------------------------------------------------------------------------------------


@pytest.mark.duty("tell_legal_of_iro")
@pytest.mark.duty("tell_court_of_iro")
def test_the_iro_is_named_to_the_legal_service_and_by_that_to_the_court() -> None:
    legal, court = (ISSUED.step(f"{name}.{SET}", "2026-07-13") for name in ("tell_legal_of_iro", "tell_court_of_iro"))
    assert (legal.owner, legal.due, legal.phase) == (Role.IRO_ADMINISTRATOR, day("2026-07-15"), Phase.PROCEEDINGS)
    assert (court.owner, court.due, court.basis.force) == (Role.LEGAL, day("2026-07-17"), Force.LOCAL)


@pytest.mark.duty("tell_legal_of_iro")
@pytest.mark.duty("tell_court_of_iro")
def test_each_naming_does_its_own_step_in_time_or_late() -> None:
    story = named(named(ISSUED, "2026-07-14", "legal"), "2026-07-21", "court")
    assert story.step(f"tell_legal_of_iro.{SET}", "2026-07-21").state is StepState.DONE_IN_TIME
    assert story.step(f"tell_court_of_iro.{SET}", "2026-07-21").state is StepState.DONE_LATE


@pytest.mark.duty("tell_court_of_iro")
def test_the_court_is_told_before_a_hearing_that_comes_first() -> None:
    story = hearing(ISSUED, "2026-07-14", "2026-07-16", "case_management")
    step = story.step(f"tell_court_of_iro.{SET}", "2026-07-14")
    assert (step.due, step.basis.rule, [other.rule for other in step.others]) == (
        day("2026-07-15"),
        "before_hearing",
        ["tell_court_of_iro"],
    )


@pytest.mark.duty("before_hearing")
def test_what_became_due_sooner_because_of_a_hearing_was_nobodys_neglect_before_it_was_listed() -> None:
    story = hearing(ISSUED, "2026-07-15", "2026-07-16", "case_management")
    step = story.step(f"tell_court_of_iro.{SET}", "2026-07-15")
    assert (step.due, step.known_at.date()) == (day("2026-07-15"), day("2026-07-15"))
    raised = [(each.rung, each.covers) for each in story.follow("2026-07-16").of(step.key)]
    assert raised == [("reminder", ()), ("breach", ())]


@pytest.mark.duty("tell_legal_of_iro")
def test_where_the_child_has_no_iro_yet_the_first_is_named_when_appointed() -> None:
    story = child("2026-06-05").proceedings_issued("2026-06-08", about="emergency_protection")
    assert not [key for key in story.keys("2026-06-08") if key.startswith("tell_")]
    story = story.iro_appointed("2026-06-10")
    assert story.step("tell_legal_of_iro.appointment-1", "2026-06-10").due == day("2026-06-12")


@pytest.mark.duty("tell_legal_of_iro")
@pytest.mark.duty("tell_court_of_iro")
def test_an_iro_who_changes_while_proceedings_go_on_is_named_anew() -> None:
    story = named(named(ISSUED, "2026-07-14", "legal"), "2026-07-15", "court").iro_appointed("2026-08-03", iro="iro-2")
    assert {"tell_legal_of_iro.appointment-2", "tell_court_of_iro.appointment-2"} <= story.open_keys("2026-08-03")
    story = named(named(story, "2026-08-04", "legal"), "2026-08-05", "court")
    assert not [key for key in story.open_keys("2026-08-05") if key.startswith(("tell_legal", "tell_court"))]


@pytest.mark.duty("tell_court_of_iro")
@pytest.mark.parametrize(("left", "state"), [("2026-07-16", StepState.NOT_REQUIRED), ("2026-07-20", StepState.MISSED)])
def test_nobody_is_told_of_an_iro_who_has_left_the_child(left: str, state: StepState) -> None:
    vacant, followed = ISSUED.iro_post_vacated(left), ISSUED.iro_appointed(left, iro="iro-2")
    for story in (vacant, followed):
        step = story.step(f"tell_court_of_iro.{SET}", left)
        assert (step.state, step.reason) == (state, "the child had another IRO, or none, by then")


@pytest.mark.duty("tell_court_of_iro")
def test_that_the_next_iro_is_named_does_not_do_it_for_the_one_before() -> None:
    story = named(ISSUED.iro_appointed("2026-07-20", iro="iro-2"), "2026-07-21", "court")
    assert story.step(f"tell_court_of_iro.{SET}", "2026-07-21").state is StepState.MISSED
    assert story.step("tell_court_of_iro.appointment-2", "2026-07-21").state is StepState.DONE_IN_TIME


@pytest.mark.duty("tell_legal_of_iro")
def test_an_iro_who_had_left_before_the_proceedings_is_not_named_in_them() -> None:
    story = REVIEWED.iro_post_vacated("2026-07-10").proceedings_issued("2026-07-13", about="placement")
    assert not [key for key in story.keys("2026-07-13") if key.startswith(("tell_legal", "tell_court"))]


@pytest.mark.duty("tell_legal_of_iro")
def test_an_iro_appointed_before_or_after_the_proceedings_is_not_named_in_them() -> None:
    ended = ISSUED.proceedings_ended("2026-07-20", proceedings=SET, outcome="no_order")
    story = ended.iro_appointed("2026-07-21", iro="iro-2")
    assert "tell_legal_of_iro.appointment-1" not in story.keys("2026-07-21")
    assert "tell_legal_of_iro.appointment-2" not in story.keys("2026-07-21")


# --- Several sets of proceedings --------------------------------------------------------------------------------------

TWO = ISSUED.proceedings_issued("2026-07-20", about="secure_accommodation")


@pytest.mark.duty("tell_court_of_iro")
def test_in_each_set_of_proceedings_the_iro_is_named() -> None:
    story = named(TWO, "2026-07-20", "court")
    assert f"tell_court_of_iro.{SET}" not in story.open_keys("2026-07-20")
    assert f"tell_court_of_iro.{OTHER}" in story.open_keys("2026-07-20")


@pytest.mark.duty("tell_court_of_iro")
def test_of_a_change_of_iro_a_court_is_told_once_and_before_the_next_hearing_in_any_of_them() -> None:
    story = hearing(TWO, "2026-07-21", "2026-08-05", of=OTHER).iro_appointed("2026-08-03", iro="iro-2")
    assert [key for key in story.keys("2026-08-03") if key.endswith(".appointment-2")].count(
        "tell_court_of_iro.appointment-2"
    ) == 1
    assert story.step("tell_court_of_iro.appointment-2", "2026-08-03").due == day("2026-08-04")


@pytest.mark.duty("tell_court_of_iro")
@pytest.mark.duty("file_record")
def test_what_is_owed_in_two_sets_is_owed_until_both_have_ended() -> None:
    story = TWO.review_held("2026-09-28").iro_appointed("2026-09-29", iro="iro-2")
    owed = {"tell_court_of_iro.appointment-2", "file_record.review-2"}
    one = story.proceedings_ended("2026-09-30", proceedings=SET, outcome="care_order")
    assert owed <= one.open_keys("2026-09-30")
    both = one.proceedings_ended("2026-09-30", proceedings=OTHER, outcome="no_order")
    assert not owed & both.open_keys("2026-09-30")
    assert {both.step(key, "2026-09-30").reason for key in owed} == {"the proceedings ended first"}


def test_with_several_sets_hearings_guardians_and_disputes_no_two_steps_share_a_key() -> None:
    story = TWO.guardian_appointed("2026-07-21", proceedings=SET).guardian_appointed("2026-07-22", proceedings=OTHER)
    for of in (SET, OTHER):
        story = hearing(hearing(story, "2026-07-22", "2026-08-03", of=of), "2026-07-22", "2026-09-01", "final", of)
        story = story.court_document_received("2026-07-23", proceedings=of, document="order")
    story = (
        story.dispute_raised("2026-07-23", **DISPUTE).review_held("2026-09-28").iro_appointed("2026-09-29", iro="iro-2")
    )
    keys = [step.key for step in story.agenda("2026-09-30").steps]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(STEP_KEY, key) for key in keys)


def test_proceedings_about_siblings_are_told_in_each_childs_own_episode() -> None:
    together = {"about": "care_or_supervision", "with_children": ["child-2", "child-3"]}
    story = REVIEWED.proceedings_issued("2026-07-13", **together)
    assert story.agenda("2026-07-13").steps == ISSUED.agenda("2026-07-13").steps
    why = REVIEWED.refuses("proceedings_issued", "2026-07-13", about="placement", with_children=["child-1"])
    assert why == "Name the other children only (with_children): this child is meant already."


# --- Documents --------------------------------------------------------------------------------------------------------


@pytest.mark.duty("court_document_to_iro")
@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-07-20", "2026-07-27"), ("2026-08-27", "2026-09-04")],
    ids=["five working days", "over the August bank holiday"],
)
def test_a_court_document_is_with_the_iro_five_working_days_after_the_legal_service_had_it(
    received: str, due: str
) -> None:
    story = ISSUED.court_document_received(received, proceedings=SET, document="expert_report")
    step = story.step("court_document_to_iro.court_document_received-1", received)
    assert (step.owner, step.due, step.basis.force) == (Role.LEGAL, day(due), Force.GUIDANCE)
    assert step.title == "Give the IRO a court document: expert report"


@pytest.mark.duty("court_document_to_iro")
def test_each_document_is_given_for_itself_and_also_when_the_proceedings_are_over() -> None:
    story = ISSUED.court_document_received("2026-07-20", proceedings=SET, document="directions")
    story = story.proceedings_ended("2026-07-24", proceedings=SET, outcome="care_order")
    story = story.court_document_received("2026-07-27", proceedings=SET, document="order")
    story = story.court_document_given("2026-07-30", document="court_document_received-1")
    first, second = (story.step(f"court_document_to_iro.court_document_received-{n}", "2026-07-30") for n in (1, 2))
    assert (first.state, second.is_open) == (StepState.DONE_LATE, True)


# --- Hearings and disputes --------------------------------------------------------------------------------------------


@pytest.mark.duty("tell_court_of_dispute")
def test_every_open_dispute_is_told_to_the_court_before_the_issues_resolution_hearing() -> None:
    story = hearing(RAISED.dispute_raised("2026-07-21", **DISPUTE | {"matter": "contact"}), "2026-07-22", "2026-08-17")
    for number in (1, 2):
        step = story.step(f"tell_court_of_dispute.dispute_raised-{number}", "2026-07-22")
        assert (step.owner, step.due, step.is_open) == (Role.LEGAL, day("2026-08-14"), True)
        said = f"the dispute of {19 + number} July 2026"
        assert step.title == f"Tell the court of {said} before the issues resolution hearing"
    story = story.court_told_of_dispute("2026-08-14", proceedings=SET, dispute="dispute_raised-1")
    assert story.step(TELL_DISPUTE, "2026-08-14").state is StepState.DONE_IN_TIME
    assert "tell_court_of_dispute.dispute_raised-2" in story.open_keys("2026-08-14")


@pytest.mark.duty("tell_court_of_dispute")
@pytest.mark.parametrize("kind", ["case_management", "final", "other"])
def test_no_other_hearing_asks_for_the_disputes(kind: str) -> None:
    assert TELL_DISPUTE not in hearing(RAISED, "2026-07-22", "2026-08-17", kind).keys("2026-07-22")


@pytest.mark.duty("tell_court_of_dispute")
@pytest.mark.parametrize(("to", "due"), [("2026-08-05", "2026-08-04"), ("2026-09-02", "2026-09-01")])
def test_a_hearing_that_is_moved_moves_the_step_with_it(to: str, due: str) -> None:
    story = moved(hearing(RAISED, "2026-07-22", "2026-08-17"), "2026-07-27", to)
    step = story.step(TELL_DISPUTE, "2026-07-27")
    assert (step.due, step.known_at.date()) == (day(due), day("2026-07-27"))


@pytest.mark.duty("tell_court_of_dispute")
def test_a_hearing_that_will_not_be_held_takes_the_step_away_and_one_listed_again_brings_it_back() -> None:
    story = moved(hearing(RAISED, "2026-07-22", "2026-08-17"), "2026-07-27", None)
    assert TELL_DISPUTE not in story.keys("2026-07-27")
    assert moved(story, "2026-07-28", "2026-08-24").step(TELL_DISPUTE, "2026-07-28").due == day("2026-08-21")


@pytest.mark.duty("tell_court_of_dispute")
@pytest.mark.parametrize(
    ("raised", "due"),
    [("2026-08-14", "2026-08-14"), ("2026-08-15", "2026-08-15"), ("2026-08-16", "2026-08-16"), ("2026-08-17", None)],
)
def test_a_dispute_raised_on_the_eve_of_the_hearing_is_told_at_once(raised: str, due: str | None) -> None:
    story = hearing(ISSUED, "2026-07-22", "2026-08-17").dispute_raised(raised, **DISPUTE)
    found = [step.due for step in story.agenda(raised).steps if step.key == TELL_DISPUTE]
    assert found == ([day(due)] if due else [])


@pytest.mark.duty("tell_court_of_dispute")
def test_a_hearing_brought_forward_to_the_next_day_leaves_until_its_eve_and_raises_no_old_rungs() -> None:
    story = moved(hearing(RAISED, "2026-07-22", "2026-08-17"), "2026-07-27", "2026-07-28")
    step = story.step(TELL_DISPUTE, "2026-07-27")
    assert step.due == day("2026-07-27")
    assert [(each.rung, each.covers) for each in story.follow("2026-07-27", hour=13).of(TELL_DISPUTE)] == [
        ("reminder", ())
    ]


@pytest.mark.duty("tell_court_of_dispute")
@pytest.mark.duty("before_hearing")
def test_what_is_owed_to_a_hearing_listed_on_its_own_day_was_owed_on_its_eve() -> None:
    story = hearing(RAISED.review_held("2026-07-31"), "2026-08-17", "2026-08-17")
    assert story.step(TELL_DISPUTE, "2026-08-17").due == day("2026-08-16")
    assert story.step("file_record.review-2", "2026-08-17").due == day("2026-08-16")


@pytest.mark.duty("tell_court_of_dispute")
def test_a_dispute_closed_before_the_hearing_needs_not_be_told() -> None:
    story = hearing(RAISED, "2026-07-22", "2026-08-17")
    story = story.dispute_withdrawn("2026-08-03", by="iro-1", dispute="dispute_raised-1", reason="a mistake")
    step = story.step(TELL_DISPUTE, "2026-08-17")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "the dispute was closed before the hearing")


@pytest.mark.duty("tell_court_of_dispute")
def test_a_court_that_was_not_told_before_the_hearing_is_told_before_the_next() -> None:
    story = hearing(RAISED, "2026-07-22", "2026-08-17")
    late = story.step(TELL_DISPUTE, "2026-08-17")
    assert (late.state, late.reason) == (StepState.MISSED, "the hearing came first")
    again = hearing(story, "2026-08-18", "2026-09-14")
    assert (again.step(TELL_DISPUTE, "2026-08-18").due, again.step(TELL_DISPUTE, "2026-08-18").is_open) == (
        day("2026-09-11"),
        True,
    )
    assert again.follow("2026-10-01").rungs(TELL_DISPUTE) == ["reminder", "breach", "reminder", "breach"]


@pytest.mark.duty("tell_court_of_dispute")
def test_where_both_hearings_were_listed_at_once_the_second_is_chased_for_itself() -> None:
    story = hearing(hearing(RAISED, "2026-07-22", "2026-08-17"), "2026-07-22", "2026-09-14")
    story = story.hearing_reached("2026-08-17", hour=0, by="system", hearing="hearing_listed-1")
    due = [each.due for each in story.follow("2026-10-01").of(TELL_DISPUTE)]
    assert due == [day("2026-08-14")] * 2 + [day("2026-09-11")] * 2


@pytest.mark.duty("tell_court_of_dispute")
def test_a_court_that_was_told_before_one_hearing_is_not_told_again_before_the_next() -> None:
    story = hearing(RAISED, "2026-07-22", "2026-08-17")
    story = story.court_told_of_dispute("2026-08-10", proceedings=SET, dispute="dispute_raised-1")
    assert TELL_DISPUTE not in hearing(story, "2026-08-18", "2026-09-14").open_keys("2026-08-18")


@pytest.mark.duty("tell_court_of_dispute")
def test_the_court_of_each_set_of_proceedings_is_told() -> None:
    story = TWO.dispute_raised("2026-07-21", **DISPUTE)
    story = hearing(hearing(story, "2026-07-22", "2026-08-17"), "2026-07-22", "2026-08-24", of=OTHER)
    story = story.court_told_of_dispute("2026-08-10", proceedings=SET, dispute="dispute_raised-1")
    assert (story.step(TELL_DISPUTE, "2026-08-10").due, story.step(TELL_DISPUTE, "2026-08-10").is_open) == (
        day("2026-08-21"),
        True,
    )
    story = story.court_told_of_dispute("2026-08-11", proceedings=OTHER, dispute="dispute_raised-1")
    assert TELL_DISPUTE not in story.open_keys("2026-08-11")


@pytest.mark.duty("tell_court_of_dispute")
def test_a_hearing_that_was_to_come_after_the_end_of_the_proceedings_asks_for_nothing() -> None:
    story = hearing(RAISED, "2026-07-22", "2026-08-17")
    story = story.proceedings_ended("2026-08-03", proceedings=SET, outcome="withdrawn")
    assert TELL_DISPUTE not in story.keys("2026-08-20")


@pytest.mark.duty("report_hearing")
def test_the_iro_hears_what_came_of_a_hearing_once_its_day_has_come() -> None:
    story = hearing(ISSUED, "2026-07-20", "2026-08-03")
    assert "report_hearing.hearing_listed-1" not in story.keys("2026-08-02")
    story = story.hearing_reached("2026-08-03", by="system", hearing="hearing_listed-1")
    step = story.step("report_hearing.hearing_listed-1", "2026-08-03")
    assert (step.owner, step.due) == (Role.LEGAL, day("2026-08-05"))
    story = story.hearing_reported("2026-08-04", hearing="hearing_listed-1", words="Listed for final hearing.")
    assert story.step("report_hearing.hearing_listed-1", "2026-08-04").state is StepState.DONE_IN_TIME


@pytest.mark.duty("report_hearing")
def test_of_a_hearing_at_which_the_proceedings_ended_the_iro_hears_too() -> None:
    story = hearing(ISSUED, "2026-07-20", "2026-08-03", "final")
    story = story.proceedings_ended("2026-08-03", proceedings=SET, outcome="care_order")
    assert "report_hearing.hearing_listed-1" in story.open_keys("2026-08-03")


@pytest.mark.duty("report_hearing")
def test_of_a_hearing_that_was_put_off_on_its_day_nothing_is_reported_until_it_comes_again() -> None:
    story = hearing(ISSUED, "2026-07-20", "2026-08-03")
    story = story.hearing_reached("2026-08-03", by="system", hearing="hearing_listed-1")
    story = moved(story, "2026-08-03", "2026-08-17")
    assert "report_hearing.hearing_listed-1" not in story.keys("2026-08-03")
    assert story.agenda("2026-08-03").beside[0].words == "The next hearing is on 17 August 2026 (issues resolution)."


# --- The clock of the proceedings -------------------------------------------------------------------------------------


def test_the_clock_of_the_proceedings_rings_on_the_day_of_the_next_hearing() -> None:
    story = hearing(hearing(ISSUED, "2026-07-20", "2026-09-14", "final"), "2026-07-20", "2026-08-03")
    (clock,) = story.agenda("2026-07-20").beside
    assert (clock.kind, clock.name, clock.stage) == ("proceedings", SET, "issues_resolution")
    assert clock.next and clock.then and clock.then.kind == "hearing_reached"
    assert (clock.next.at, clock.then.on, clock.then.hearing) == (
        moment("2026-08-03", 0),
        day("2026-08-03"),
        "hearing_listed-2",
    )


@pytest.mark.parametrize(
    ("story", "over", "stage"),
    [
        (ISSUED, False, "no_hearing_listed"),
        (ISSUED.proceedings_ended("2026-07-20", proceedings=SET, outcome="no_order"), True, "over"),
        (hearing(ISSUED, "2026-07-20", "2026-08-03").care_ended("2026-07-21"), True, "over"),
    ],
    ids=["no hearing", "ended", "care ended"],
)
def test_a_clock_with_nothing_to_come_does_not_ring(story: Story, over: bool, stage: str) -> None:
    (clock,) = story.agenda("2026-07-21").beside
    assert (clock.over, clock.stage, clock.next, clock.then) == (over, stage, None, None)


@pytest.mark.duty("tell_legal_of_iro")
@pytest.mark.duty("report_hearing")
def test_what_proceedings_issued_before_care_began_ask_is_counted_from_its_first_day() -> None:
    # Asked of the court on 1 May, looked after under an interim care order on Tuesday 12 May 2026.
    story = child("2026-05-12").iro_appointed("2026-05-01", at="2026-05-12")
    for kind, said in [
        ("proceedings_issued", {"about": "care_or_supervision"}),
        ("guardian_appointed", {"proceedings": SET}),
        ("court_document_received", {"proceedings": SET, "document": "order"}),
        ("hearing_listed", {"proceedings": SET, "hearing": "case_management", "held_on": "2026-05-11"}),
        ("hearing_listed", {"proceedings": SET, "hearing": "final", "held_on": "2026-06-11"}),
    ]:
        story.accepts(kind, "2026-05-01", "2026-05-12", **said)
        story = getattr(story, kind)("2026-05-01", **(said | {"at": "2026-05-12"}))
    owed = [step for step in story.agenda("2026-05-12").open_steps if step.phase is Phase.PROCEEDINGS]
    assert {"tell_legal_of_iro", "tell_iro_of_guardian", "court_document_to_iro"} <= {step.name for step in owed}
    assert {step.basis.counted_from for step in owed if not step.basis.before} >= {day("2026-05-12")}
    assert min(step.due for step in owed) > day("2026-05-12")
    clock = story.agenda("2026-05-12").beside[0]
    assert clock.then and clock.then.on == day("2026-06-11")
    ended = story.proceedings_ended("2026-06-12", proceedings=SET)
    assert [step.basis.counted_from for step in ended.agenda("2026-06-12").steps if step.name == "report_hearing"] == [
        day("2026-06-11")
    ]


# --- The end ----------------------------------------------------------------------------------------------------------


IN_COURT_AND_DISPUTED = hearing(
    GUARDED.dispute_raised("2026-07-20", **DISPUTE), "2026-07-22", "2026-08-17"
).review_held("2026-07-24")


def of_the_court(story: Story, on: str) -> list[str]:
    return sorted(step.key for step in story.agenda(on).open_steps if step.phase is Phase.PROCEEDINGS)


@pytest.mark.duty("file_record")
@pytest.mark.duty("tell_court_of_dispute")
def test_when_care_ends_first_the_court_is_told_of_the_dispute_and_has_the_record_and_no_more() -> None:
    home = IN_COURT_AND_DISPUTED.care_ended("2026-07-27")
    assert of_the_court(home, "2026-07-28") == ["file_record.review-2", TELL_DISPUTE]
    (clock,) = (each for each in home.agenda("2026-07-28").beside if each.kind == "proceedings")
    assert clock.then and clock.then.on == day("2026-08-17")
    told = home.court_told_of_dispute("2026-07-29", proceedings=SET, dispute="dispute_raised-1")
    assert of_the_court(told, "2026-07-30") == ["file_record.review-2"]
    exempt = told.step_exempted("2026-07-30", step="file_record.review-2", reason="The court has it already.")
    assert of_the_court(exempt, "2026-07-30") == []
    for_now = {"step": "file_record.review-2", "reason": "The clerk is away.", "until": "2026-12-31"}
    closed = told.dispute_resolved("2026-07-29", dispute="dispute_raised-1").step_exempted("2026-07-30", **for_now)
    alarm = closed.agenda("2026-12-01").alarm
    assert alarm and alarm.at == moment("2027-01-01", hour=0)
    over = told.proceedings_ended("2026-08-20", proceedings=SET)
    assert of_the_court(over, "2026-08-20") == []
    assert of_the_court(IN_COURT_AND_DISPUTED.care_ended("2026-07-27", reason="E2"), "2026-07-28") == []
    # With nothing left in dispute no hearing matters to the IRO any more.
    settled = home.dispute_resolved("2026-07-28", dispute="dispute_raised-1").agenda("2026-07-28")
    assert all(each.over for each in settled.beside)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("court_told_of_dispute", {"proceedings": SET, "dispute": "dispute_raised-1"}),
        ("hearing_listed", {"proceedings": SET, "hearing": "final", "held_on": "2026-09-14"}),
        ("hearing_moved", {"hearing": "hearing_listed-1", "held_on": "2026-08-24"}),
        ("proceedings_ended", {"proceedings": SET}),
    ],
)
def test_what_the_court_does_after_care_has_ended_is_recorded_unless_the_child_has_died(
    kind: str, said: dict[str, str]
) -> None:
    home = IN_COURT_AND_DISPUTED.care_ended("2026-07-27")
    home.accepts(kind, "2026-07-29", **said)
    why = IN_COURT_AND_DISPUTED.care_ended("2026-07-27", reason="E2").refuses(kind, "2026-07-29", **said)
    assert "Care ended on 27 July 2026" in why
    over = home.proceedings_ended("2026-07-28", proceedings=SET)
    assert over.refuses(kind, "2026-07-29", **said)


def test_of_a_case_taken_on_the_former_system_saw_to_what_fell_due_before() -> None:
    story = GUARDED.case_taken_on("2026-09-01")
    owed = [step.key for step in story.agenda("2026-09-01").open_steps if step.phase is Phase.PROCEEDINGS]
    assert sorted(owed) == ["invite_guardian.review-1", "speak_with_guardian.guardian_appointed-1"]
    assert story.step("speak_with_guardian.guardian_appointed-1", "2026-09-01").due == day("2026-09-29")


def test_in_wales_the_same_is_asked_by_its_own_guidance() -> None:
    story = child("2026-06-05", nation="wales").iro_appointed("2026-06-08").under(WALES)
    story = story.proceedings_issued("2026-07-13", about="care_or_supervision")
    step = story.step(f"tell_legal_of_iro.{SET}", "2026-07-13")
    assert "Practice Standards and Good Practice Guide" in step.basis.source


@pytest.mark.duty("before_hearing")
def test_an_authority_may_ask_for_more_time_before_a_hearing() -> None:
    strict = book(policy=read_policy("[limits]\nbefore_hearing = 5\ntell_court_of_dispute = 3"))
    story = hearing(RAISED, "2026-07-22", "2026-08-17").review_held("2026-07-31").under(strict)
    assert story.step("file_record.review-2", "2026-07-31").due == day("2026-08-10")
    assert story.step(TELL_DISPUTE, "2026-07-31").due == day("2026-08-12")
