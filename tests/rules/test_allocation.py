"""Phase 2: every child has a named IRO, and a vacancy is filled."""

import pytest

from rules.book import RuleBook
from rules.policy import Policy, read_policy
from rules.vocabulary import Force, Role, StepState
from tests.rules.build import ENGLAND, Story, book, child, day


@pytest.mark.duty("appoint_iro")
def test_an_iro_is_appointed_within_five_working_days_of_becoming_looked_after() -> None:
    step = child("2026-06-05").step("appoint_iro", on="2026-06-05")
    assert (step.due, step.basis.rule, step.basis.force) == (day("2026-06-12"), "appoint_iro", Force.GUIDANCE)


@pytest.mark.duty("appoint_iro_from_notification")
def test_a_prompt_notification_makes_the_local_three_days_govern() -> None:
    step = child("2026-06-05").iro_service_notified("2026-06-08").step("appoint_iro", on="2026-06-08")
    assert (step.due, step.basis.rule) == (day("2026-06-11"), "appoint_iro_from_notification")
    assert step.basis.force is Force.LOCAL
    assert "appoint_iro" in [other.rule for other in step.others]


@pytest.mark.duty("appoint_iro_from_notification")
def test_notified_of_a_planned_admission_the_local_days_run_from_the_admission() -> None:
    story = child("2026-06-05").iro_service_notified("2026-06-01", at="2026-06-05")
    assert story.step("appoint_iro", on="2026-06-05").due == day("2026-06-10")


@pytest.mark.duty("appoint_iro")
def test_a_late_notification_does_not_move_the_handbooks_five_days() -> None:
    step = child("2026-06-05").iro_service_notified("2026-06-11").step("appoint_iro", on="2026-06-11")
    assert (step.due, step.basis.rule) == (day("2026-06-12"), "appoint_iro")


@pytest.mark.duty("appoint_iro_by_first_review")
def test_statutes_outer_limit_is_the_first_review() -> None:
    step = child("2026-06-05").step("appoint_iro", on="2026-06-05")
    outer = step.others[-1]
    assert (outer.due, outer.force, outer.source) == (day("2026-07-03"), Force.STATUTE, "Children Act 1989 s.25A(2)")


@pytest.mark.duty("appoint_iro_by_first_review")
def test_an_early_first_review_brings_the_appointment_forward() -> None:
    story = child("2026-06-05").early_review_required("2026-06-08", before="2026-06-10")
    step = story.step("appoint_iro", on="2026-06-08")
    assert (step.due, step.basis.rule) == (day("2026-06-10"), "appoint_iro_by_first_review")


def test_an_iro_named_before_a_planned_admission_is_in_time() -> None:
    story = child("2026-06-05").iro_appointed("2026-06-01", at="2026-06-05")
    assert story.step("appoint_iro", on="2026-06-05").state is StepState.DONE_IN_TIME


def test_another_number_of_days_is_local_policy() -> None:
    one_day = read_policy("[local]\nappoint_iro_from_notification = 1")
    story = child("2026-06-05").under(book(policy=one_day)).iro_service_notified("2026-06-08")
    assert story.step("appoint_iro", on="2026-06-08").due == day("2026-06-09")


@pytest.mark.duty("fill_vacancy")
def test_a_vacancy_is_filled_in_the_days_that_local_policy_sets() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-03-02")
    agenda = story.agenda("2026-03-02")
    step = next(step for step in agenda.steps if step.key == "fill_vacancy.iro_post_vacated-1")
    assert agenda.iro is None
    assert (step.due, step.state) == (day("2026-03-09"), StepState.OPEN)
    assert step.basis.source.startswith("Children Act 1989 s.25A(3): as soon as is practicable")


@pytest.mark.duty("fill_vacancy")
def test_a_new_iro_fills_the_vacancy_and_moves_no_review() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-03-02")
    filled = story.iro_appointed("2026-03-04", iro="iro-2")
    assert filled.step("fill_vacancy.iro_post_vacated-1", on="2026-03-04").state is StepState.DONE_IN_TIME
    assert filled.agenda("2026-03-04").iro == "iro-2"
    assert filled.step("first_review", "2026-03-04").due == story.step("first_review", "2026-03-04").due


def test_the_first_appointment_was_made_whatever_becomes_of_it() -> None:
    story = child().iro_appointed("2026-01-07").iro_post_vacated("2026-01-08")
    assert story.step("appoint_iro", on="2026-01-08").state is StepState.DONE_IN_TIME
    assert "fill_vacancy.iro_post_vacated-1" in story.open_keys("2026-01-08")


@pytest.mark.duty("cover_leaves_the_iro")
def test_cover_leaves_the_named_iro_in_place() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-02-02", cover="iro-9")
    agenda = story.agenda("2026-02-03")
    assert (agenda.iro, agenda.cover) == ("iro-1", "iro-9")
    assert not any(step.name == "fill_vacancy" for step in agenda.steps)
    assert story.iro_cover_ended("2026-02-06").agenda("2026-02-06").cover is None


@pytest.mark.duty("cover_leaves_the_iro")
def test_cover_lapses_on_its_last_day_and_an_alarm_sees_to_it() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-01-08", cover="iro-9", until="2026-01-10")
    assert story.agenda("2026-01-10").cover == "iro-9"
    assert story.agenda("2026-01-11").cover is None
    # The weekend it lapses, nothing else rings.
    alarm = story.agenda("2026-01-10").alarm
    assert alarm and alarm.what == "the cover for the IRO ends"


def test_a_new_iro_ends_the_cover_for_the_old_one() -> None:
    story = child().iro_appointed("2026-01-07").iro_cover_arranged("2026-02-02", cover="iro-9")
    assert story.iro_appointed("2026-02-10", iro="iro-2").agenda("2026-02-10").cover is None


def test_no_child_is_without_a_step_for_the_missing_iro() -> None:
    followed = child("2026-06-05").under(book(policy=Policy())).follow("2026-09-01")
    assert followed.rungs("appoint_iro") == ["reminder", "breach", "service_manager", "assistant_director"]
    assert any(step.key == "appoint_iro" for step in followed.agenda.open_steps)


# --- What the system owes itself ----------------------------------------------------------------------------------


def with_directory(story: Story, version: str = "7") -> Story:
    return story.under(RuleBook(ENGLAND.calendar, ENGLAND.policy, version))


def test_without_iros_in_the_directory_the_system_proposes_nobody() -> None:
    assert "propose_iro" not in child("2026-06-05").keys("2026-06-05")


@pytest.mark.duty("propose_iro")
def test_the_system_owes_a_proposal_within_a_working_day_of_hearing() -> None:
    story = with_directory(child("2026-06-05").iro_service_notified("2026-06-08"))
    step = story.step("propose_iro", on="2026-06-08")
    assert (step.owner, step.due, step.ladder) == (Role.SYSTEM, day("2026-06-09"), "system")
    assert story.agenda("2026-06-08").for_the_system == ("propose_iro",)


@pytest.mark.duty("propose_iro")
def test_a_proposal_that_waits_is_done_and_the_appointment_still_owed() -> None:
    story = with_directory(child("2026-06-05").iro_service_notified("2026-06-08"))
    agenda = story.iro_proposed("2026-06-08", iro="iro-4").agenda("2026-06-08")
    assert (agenda.proposed, agenda.iro, agenda.for_the_system) == ("iro-4", None, ())
    assert {step.key for step in agenda.open_steps} >= {"appoint_iro"}


def test_a_proposal_is_no_longer_one_when_somebody_is_appointed() -> None:
    story = with_directory(child("2026-06-05")).iro_proposed("2026-06-08", iro="iro-4")
    agenda = story.iro_appointed("2026-06-09", iro="iro-5").agenda("2026-06-09")
    assert (agenda.proposed, agenda.iro) == (None, "iro-5")


@pytest.mark.duty("propose_iro")
def test_a_search_in_vain_is_owed_on_and_tried_again_when_the_directory_changed() -> None:
    story = with_directory(child("2026-06-05")).no_iro_found("2026-06-05", directory="7")
    agenda = story.agenda("2026-06-05")
    assert agenda.for_the_system == () and "propose_iro" in story.open_keys("2026-06-05")
    assert with_directory(story, "8").agenda("2026-06-05").for_the_system == ("propose_iro",)
    raised = story.follow("2026-06-12").of("propose_iro")
    assert [(each.rung, each.tell) for each in raised] == [
        ("breach", (Role.IRO_MANAGER,)),
        ("assistant_director", (Role.ASSISTANT_DIRECTOR,)),
    ]


def test_a_case_taken_on_has_an_iro_elsewhere_and_none_is_proposed() -> None:
    story = with_directory(child("2026-01-05").case_taken_on("2026-06-05").told_at_once("2026-06-05"))
    assert story.agenda("2026-06-05").for_the_system == ()


# --- Changes ------------------------------------------------------------------------------------------------------

SETTLED_IN = with_directory(child("2026-06-05").iro_appointed("2026-06-08", iro="iro-1"))


@pytest.mark.duty("fill_vacancy")
def test_a_vacancy_asks_for_a_proposal_of_its_own() -> None:
    story = SETTLED_IN.iro_post_vacated("2026-07-01", reason="LEFTRL")
    agenda = story.agenda("2026-07-01")
    assert agenda.for_the_system == ("propose_iro.iro_post_vacated-1",)
    assert "fill_vacancy.iro_post_vacated-1" in story.open_keys("2026-07-01")
    filled = story.iro_appointed("2026-07-02", iro="iro-2").agenda("2026-07-02")
    assert (filled.iro, filled.for_the_system) == ("iro-2", ())


@pytest.mark.duty("conflict_is_a_vacancy")
def test_a_conflict_of_interest_found_later_is_a_vacancy() -> None:
    story = SETTLED_IN.iro_conflict_declared("2026-07-01", iro="iro-1", reason="a cousin")
    agenda = story.agenda("2026-07-01")
    assert agenda.iro is None
    assert agenda.for_the_system == ("propose_iro.iro_conflict_declared-1",)
    assert "conflict of interest" in story.refuses("iro_appointed", "2026-07-01", iro="iro-1")
    assert story.iro_appointed("2026-07-01", iro="iro-2").agenda("2026-07-01").iro == "iro-2"


@pytest.mark.duty("conflict_is_a_vacancy")
def test_a_conflict_of_another_iro_changes_nothing() -> None:
    story = SETTLED_IN.iro_conflict_declared("2026-07-01", iro="iro-9", reason="a cousin")
    assert story.agenda("2026-07-01").iro == "iro-1"
    assert "fill_vacancy.iro_conflict_declared-1" not in story.keys("2026-07-01")


@pytest.mark.duty("answer_change_request")
def test_the_childs_wish_for_another_iro_is_answered_by_a_change_or_with_a_reason() -> None:
    story = SETTLED_IN.iro_change_asked("2026-07-01")
    step = story.step("answer_change_request.iro_change_asked-1", on="2026-07-01")
    assert (step.owner, step.due) == (Role.IRO_MANAGER, day("2026-07-08"))
    declined = story.iro_change_declined("2026-07-03", reason="she knows the case, and will see the child")
    answered = declined.step(step.key, on="2026-07-03")
    assert (answered.state, answered.outcome) == (StepState.DONE_IN_TIME, "declined")
    changed = story.iro_appointed("2026-07-09", iro="iro-2").step(step.key, on="2026-07-09")
    assert (changed.state, changed.outcome) == (StepState.DONE_LATE, "changed")
    gone = story.iro_post_vacated("2026-07-02", reason="ABSENC")
    assert gone.iro_appointed("2026-07-06", iro="iro-1").step(step.key, on="2026-07-06").is_open, "the same one again"
    assert "has not asked" in SETTLED_IN.refuses("iro_change_declined", "2026-07-01", reason="no")


@pytest.mark.duty("hand_over")
def test_the_outgoing_iro_introduces_the_new_one() -> None:
    assert "one IRO so far" in SETTLED_IN.refuses("iro_handed_over", "2026-07-01")
    story = SETTLED_IN.iro_post_vacated("2026-07-01").iro_appointed("2026-07-01", iro="iro-2")
    step = story.step("hand_over.appointment-2", on="2026-07-01")
    assert (step.due, step.is_open) == (day("2026-07-15"), True)
    done = story.iro_handed_over("2026-07-10").step(step.key, on="2026-07-10")
    assert done.state is StepState.DONE_IN_TIME


@pytest.mark.duty("hand_over")
def test_nobody_is_introduced_by_one_who_has_died_or_who_was_followed_by_a_third() -> None:
    died = SETTLED_IN.iro_post_vacated("2026-07-01", reason="SWDIED").iro_appointed("2026-07-02", iro="iro-2")
    assert died.step("hand_over.appointment-2", on="2026-07-02").state is StepState.NOT_REQUIRED
    again = SETTLED_IN.iro_appointed("2026-07-02", iro="iro-2").iro_appointed("2026-07-06", iro="iro-3")
    assert again.step("hand_over.appointment-2", on="2026-07-06").state is StepState.NOT_REQUIRED


def test_a_change_of_iro_resets_no_other_deadline() -> None:
    before = {step.key: step.due for step in SETTLED_IN.agenda("2026-06-12").open_steps}
    story = SETTLED_IN.iro_post_vacated("2026-06-11").iro_appointed("2026-06-12", iro="iro-2")
    after = {step.key: step.due for step in story.agenda("2026-06-12").open_steps}
    moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert moved == set()
    assert {"first_review", "report", "discussion"} <= before.keys() & after.keys()


def test_kin_is_said_once_and_of_another_child() -> None:
    story = child("2026-06-05").kin_known("2026-06-05", kin="child-2", relation="sibling")
    assert "not kin of themselves" in story.refuses("kin_known", "2026-06-08", kin="child-1", relation="sibling")
    assert "recorded already" in story.refuses("kin_known", "2026-06-08", kin="child-2", relation="sibling")
    assert "cannot be the parent too" in story.refuses("kin_known", "2026-06-08", kin="child-2", relation="parent")
