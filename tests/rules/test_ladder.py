"""Escalation: reminder, breach, then up the line after 2 and 5 working days, each once, until it is done."""

from datetime import timedelta

import pytest

from rules.agenda import derive
from rules.facts import Entry
from rules.policy import read_policy
from rules.vocabulary import Role, StepState
from tests.rules.build import Story, book, child, day, fact, moment

pytestmark = pytest.mark.duty("escalation_ladder")

STORY = child("2026-06-05")  # The first review is due on Friday 3 July 2026.


def test_a_step_that_slips_climbs_to_the_top_one_rung_at_a_time() -> None:
    raised = STORY.follow("2026-12-01").of("first_review")
    assert [(each.rung, each.at) for each in raised] == [
        ("reminder", moment("2026-07-01", 0)),
        ("breach", moment("2026-07-04", 0)),
        ("service_manager", moment("2026-07-08", 0)),
        ("assistant_director", moment("2026-07-11", 0)),
    ]


def test_each_rung_is_told_to_those_the_ladder_names_and_a_limit_of_law_missed_to_the_social_worker() -> None:
    told = {each.rung: each.tell for each in STORY.follow("2026-12-01").of("first_review")}
    assert told == {
        "reminder": (Role.IRO,),
        "breach": (Role.IRO, Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.SOCIAL_WORKER),
        "service_manager": (Role.SERVICE_MANAGER,),
        "assistant_director": (Role.ASSISTANT_DIRECTOR,),
    }


def test_the_last_day_lasts_to_midnight_in_london() -> None:
    # British Summer Time: 3 July ends at 23:00 UTC.
    last_moment = derive(STORY.entries, STORY.book, moment("2026-07-03", 23, 59))
    midnight = derive(STORY.entries, STORY.book, moment("2026-07-04", 0))
    assert all(each.rung == "reminder" for each in last_moment.raised if each.step == "first_review")
    assert any(each.rung == "breach" for each in midnight.raised if each.step == "first_review")
    assert moment("2026-07-04", 0).hour == 23


@pytest.mark.parametrize(
    ("due", "hour"), [("2026-03-27", 0), ("2026-03-30", 23), ("2026-10-23", 23), ("2026-10-26", 0)]
)
def test_days_end_at_london_midnight_on_both_sides_of_a_clock_change(due: str, hour: int) -> None:
    from rules.clock import end_of

    assert end_of(day(due)).hour == hour


def test_done_in_time_stops_the_ladder() -> None:
    followed = STORY.review_held("2026-07-02").follow("2026-12-01")
    assert followed.rungs("first_review") == ["reminder"]


def test_done_late_is_told_once_and_climbs_no_further() -> None:
    followed = STORY.review_held("2026-07-07", late_reason="other").follow("2026-12-01")
    assert followed.rungs("first_review") == ["reminder", "breach"]


def test_what_was_done_late_before_anyone_could_know_is_told_once() -> None:
    story = child("2026-06-05", at="2026-08-03").review_held("2026-07-20", at="2026-08-03", late_reason="other")
    followed = story.follow("2026-12-01")
    assert [(each.rung, each.covers) for each in followed.of("first_review")] == [
        ("assistant_director", ("reminder", "breach", "service_manager"))
    ]


def test_recorded_in_time_after_the_breach_the_step_closes_and_the_breach_stays_told() -> None:
    story = STORY.review_held("2026-07-02", at="2026-07-06")
    followed = story.follow("2026-12-01")
    assert followed.rungs("first_review") == ["reminder", "breach"]
    assert "first_review" not in {step.key for step in followed.agenda.open_steps}


def test_an_import_tells_each_overdue_step_once_at_its_highest_rung() -> None:
    imported = child("2026-06-05").case_taken_on("2026-09-01").told_at_once("2026-09-01")
    followed = imported.follow("2026-12-01")
    assert followed.rungs("first_review") == ["assistant_director"]
    assert followed.rungs("notify_iro_service") == []  # The former system's to follow.
    assert followed.rungs("appoint_iro") == ["assistant_director"]


def test_a_case_taken_on_is_not_chased_for_what_fell_due_before() -> None:
    imported = child("2026-01-05").review_held("2026-02-10").review_held("2026-04-20").case_taken_on("2026-06-01")
    imported = imported.told_at_once("2026-06-01")
    open_names = {step.name for step in imported.agenda("2026-06-01").open_steps}
    assert "subsequent_review" in open_names
    assert not {"record", "decisions", "distribution", "notify_iro_service", "tell_child"} & open_names
    assert {each.step for each in imported.follow("2026-06-02").raised} == {"appoint_iro"}


@pytest.mark.duty("consult_child")
@pytest.mark.duty("consult_parents")
def test_a_child_taken_on_with_an_overdue_review_is_still_to_be_heard_before_it() -> None:
    imported = child("2026-06-05").case_taken_on("2026-09-01").told_at_once("2026-09-01")
    open_names = {step.name for step in imported.agenda("2026-09-01").open_steps}
    assert {"first_review", "consult_child", "consult_parents"} <= open_names
    assert not {"discussion", "invitations", "report"} & open_names


def test_what_leads_to_a_review_brought_forward_after_the_case_was_taken_on_is_owed_here() -> None:
    imported = child("2026-01-05").review_held("2026-02-02").review_held("2026-04-27").case_taken_on("2026-06-01")
    early = imported.early_review_required("2026-06-01", hour=13, ground="iro_asked", before="2026-06-03")
    step = early.step("invitations.review-2", "2026-06-02")
    assert step.is_open and step.due <= day("2026-06-01")
    held = early.review_held("2026-06-03")
    assert held.step("invitations.review-2", "2026-06-03").state is StepState.MISSED


def test_a_notification_told_late_raises_its_passed_rungs_as_one() -> None:
    one_day = book(policy=read_policy("[local]\nappoint_iro_from_notification = 1"))
    story = child("2026-06-05").under(one_day).iro_service_notified("2026-06-05", at="2026-06-09")
    assert [(each.rung, each.covers) for each in story.follow("2026-06-09", 13).of("appoint_iro")] == [
        ("breach", ("reminder",))
    ]


def test_a_review_that_opens_sooner_than_arranged_raises_its_passed_rungs_as_one() -> None:
    story = STORY.review_arranged("2026-06-08", planned_for="2026-07-03").review_opened("2026-06-24")
    assert [(each.rung, each.covers) for each in story.follow("2026-06-24", 13).of("report")] == [
        ("service_manager", ("reminder", "breach"))
    ]


def test_a_reminder_is_raised_again_only_when_a_fact_put_the_date_off() -> None:
    story = STORY.review_arranged("2026-06-08", planned_for="2026-06-24")
    story = story.review_arranged("2026-06-18", planned_for="2026-07-03")
    assert story.follow("2026-06-30", hour=23).rungs("report").count("reminder") == 2
    unmoved = STORY.review_arranged("2026-06-08", planned_for="2026-06-24")
    unmoved = unmoved.review_arranged("2026-06-18", planned_for="2026-06-24")
    assert unmoved.follow("2026-06-19", hour=23).rungs("report").count("reminder") == 1


def test_a_correction_of_something_else_on_the_same_day_raises_nothing_again() -> None:
    story = STORY.review_held("2026-07-03").corrected("review-1", "2026-07-03", participation="PN2")
    assert story.follow("2026-09-01").rungs("consult_child").count("breach") == 1


def test_a_breach_raised_stays_as_decided_when_a_holiday_is_proclaimed_afterwards() -> None:
    from tests.rules.build import closed

    raised = STORY.follow("2026-07-04").raised
    proclaimed = derive(STORY.entries, book(closed("2026-06-29")), moment("2026-07-04"), raised)
    assert not any(each.rung == "breach" and each.step == "first_review" for each in proclaimed.raised)
    later = derive(STORY.entries, book(closed("2026-06-29")), moment("2026-07-07"), raised)
    assert not any(each.rung == "breach" and each.step == "first_review" for each in later.raised)


def test_alarms_of_one_authority_are_spread() -> None:
    spread = timedelta(minutes=7)
    raised = STORY.follow("2026-12-01", spread=spread).of("first_review")
    assert raised[1].at == moment("2026-07-04", 0) + spread


def test_an_authority_has_its_own_ladder() -> None:
    policy = read_policy(
        """
        [[ladders.default]]
        name = "breach"
        working_days = 0
        tell = ["owner", "iro_manager"]
        [[ladders.default]]
        name = "director"
        working_days = 10
        tell = ["director"]
        """
    )
    followed = STORY.under(book(policy=policy)).follow("2026-12-01")
    assert followed.rungs("first_review") == ["breach", "director"]


def test_exempt_steps_are_silent_until_the_exemption_ends() -> None:
    story = STORY.step_exempted("2026-06-22", step="first_review", reason="court", until="2026-07-20")
    followed = story.follow("2026-12-01")
    first, *more = followed.of("first_review")
    assert (first.at, first.rung) == (moment("2026-07-21", 0), "assistant_director")
    assert more == []


def test_an_exemption_lasts_through_its_last_day() -> None:
    story = STORY.step_exempted("2026-06-22", step="first_review", reason="court", until="2026-07-20")
    assert story.step("first_review", on="2026-07-20").state == "exempted"
    assert story.step("first_review", on="2026-07-21").state == "open"


def test_a_shorter_exemption_given_later_ends_on_its_own_day() -> None:
    story = STORY.step_exempted("2026-06-22", step="first_review", reason="court", until="2026-08-31")
    story = story.step_exempted("2026-06-23", step="first_review", reason="court", until="2026-07-20")
    assert story.follow("2026-12-01").of("first_review")[0].at == moment("2026-07-21", 0)


def test_an_exemption_ended_makes_the_step_owed_again() -> None:
    story = STORY.step_exempted("2026-06-22", step="first_review", reason="court")
    assert "first_review" not in story.open_keys("2026-06-29")
    ended = story.exemption_ended("2026-06-30", step="first_review")
    assert "first_review" in ended.open_keys("2026-06-30")
    assert ended.follow("2026-07-04").rungs("first_review") == ["reminder", "breach"]


def test_what_was_exempt_when_the_review_was_held_was_not_missed() -> None:
    story = STORY.step_exempted("2026-06-22", step="consult_child", reason="in hospital", until="2026-07-10")
    held = story.review_held("2026-07-03")
    assert held.step("consult_child", on="2026-07-03").state == "exempted"
    assert held.step("consult_child", on="2026-09-01").state == "exempted"
    assert "breach" not in held.follow("2026-09-01").rungs("consult_child")


def test_a_record_exempt_when_care_ended_is_owed_again_when_the_exemption_ends() -> None:
    story = STORY.review_held("2026-07-03")
    story = story.step_exempted("2026-07-06", step="record.review-1", reason="strike", until="2026-07-20")
    ended = story.care_ended("2026-07-08")
    assert "record.review-1" not in ended.open_keys("2026-07-20")
    assert "record.review-1" in ended.open_keys("2026-07-21")


def test_what_was_exempt_when_care_ended_was_not_missed() -> None:
    story = STORY.step_exempted("2026-06-22", step="first_review", reason="court", until="2026-07-20")
    ended = story.care_ended("2026-07-10")
    assert ended.step("first_review", on="2026-09-01").state == "exempted"


@pytest.mark.parametrize("minute", [20, 100])
def test_done_late_just_after_midnight_is_told_whatever_the_childs_offset(minute: int) -> None:
    # Due on Tuesday 9 June; the child's alarms come an hour and a half after the hour.
    spread = timedelta(hours=1, minutes=30)
    notified = fact("iro_service_notified", "2026-06-10")
    entries = (*STORY.entries, Entry(fact=notified, at=moment("2026-06-10", 0) + timedelta(minutes=minute)))
    followed = Story(entries).follow("2026-06-12", spread=spread)
    due = next(step for step in followed.agenda.steps if step.key == "notify_iro_service")
    assert (due.due, due.state) == (day("2026-06-09"), StepState.DONE_LATE)
    assert followed.rungs("notify_iro_service") == ["reminder", "breach"]


def test_the_highest_rung_is_the_furthest_up_of_all_that_open_steps_have_reached() -> None:
    def highest(story: Story, on: str) -> str | None:
        return story.follow(on).agenda.highest_rung

    assert highest(STORY.care_ended("2026-06-15"), "2026-06-20") is None
    assert highest(STORY, "2026-06-09") == "reminder"
    assert highest(STORY, "2026-06-10") == "breach"
    assert highest(STORY, "2026-12-01") == "assistant_director"
    # Nothing is overdue any longer: the day was put off, and what was raised for it no longer counts.
    put_off = STORY.corrected("opening", "2026-06-11", on="2026-06-10")
    assert highest(put_off, "2026-06-12") == "reminder"


def test_a_rung_counts_by_its_working_days_and_not_by_its_place() -> None:
    policy = read_policy(
        '[[ladders.decision]]\nname = "breach"\nworking_days = 0\ntell = ["owner"]\n'
        '[[ladders.decision]]\nname = "director"\nworking_days = 30\ntell = ["assistant_director"]\n'
    )
    story = child("2026-01-05").under(book(policy=policy)).iro_service_notified("2026-01-05")
    story = story.review_held("2026-01-20").decision_made("2026-01-20", due="2026-01-30")
    assert story.follow("2026-06-01").agenda.highest_rung == "director"
