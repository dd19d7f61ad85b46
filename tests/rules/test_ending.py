"""How care ends: every reason, the 18th birthday, less than 24 hours, death, and what is still owed then."""

import pytest

from rules.codes import EndReason
from rules.vocabulary import Phase, StepState, age_on, birthday
from tests.rules.build import Story, book, child, day, moment

STORY = child("2026-06-05").iro_service_notified("2026-06-05").iro_appointed("2026-06-08")


def _nothing_but_follow_up_is_open(story: Story, on: str) -> bool:
    return all(step.phase is Phase.FOLLOW_UP for step in story.agenda(on).open_steps)


@pytest.mark.parametrize("reason", EndReason)
def test_every_reason_ends_care_and_stops_its_clocks(reason: EndReason) -> None:
    agenda = STORY.care_ended("2026-06-15", reason=reason.value).agenda("2026-06-15")
    assert (agenda.ended_on, agenda.end_reason, agenda.stage) == (day("2026-06-15"), reason.value, Phase.ENDED)
    assert agenda.open_steps == ()
    assert reason.words


def test_leaving_before_the_first_review_leaves_it_not_required() -> None:
    step = STORY.care_ended("2026-06-15").step("first_review", on="2026-06-15")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "care ended: returned home, planned")


def test_what_was_overdue_when_care_ended_stays_on_record_as_missed() -> None:
    story = child("2026-06-05").care_ended("2026-06-15")
    assert story.step("notify_iro_service", on="2026-06-15").state is StepState.MISSED
    followed = story.follow("2026-08-01")
    assert "breach" in followed.rungs("notify_iro_service")
    assert not any(escalation.at > moment("2026-06-15", 13) for escalation in followed.raised)


def test_what_was_due_on_the_day_care_ended_had_not_yet_slipped() -> None:
    story = child("2026-06-05").care_ended("2026-06-09")
    assert story.step("notify_iro_service", on="2026-06-10").state is StepState.NOT_REQUIRED


def test_a_record_unfinished_when_care_ends_is_still_owed_then_the_episode_closes() -> None:
    story = STORY.review_held("2026-07-03").care_ended("2026-07-08")
    owed = {step.name for step in story.agenda("2026-07-08").open_steps}
    assert owed == {"decisions", "circulate_decisions", "record", "distribution"}
    assert "breach" in story.follow("2026-08-10").rungs("record.review-1")
    done = story.decisions_sent("2026-07-09").decisions_circulated("2026-07-10").record_completed("2026-07-20")
    for role in ("child", "parents", "carer", "social_worker", "team_manager"):
        done = done.record_distributed("2026-07-21", recipient=role)
    assert done.agenda("2026-07-30").open_steps == ()
    assert not done.agenda("2026-07-30").finished
    assert done.agenda("2026-08-07").finished


@pytest.mark.duty("correction_period")
def test_an_episode_that_ended_stays_open_to_corrections_for_twenty_working_days() -> None:
    story = STORY.care_ended("2026-06-15")
    agenda = story.agenda("2026-06-16")
    assert not agenda.finished
    assert agenda.alarm and agenda.alarm.at == moment("2026-07-14", 0)
    assert story.agenda("2026-07-13", hour=23).finished is False
    assert story.agenda("2026-07-14").finished
    assert story.agenda("2026-07-14").alarm is None


@pytest.mark.duty("correction_period")
def test_the_time_for_corrections_is_local_policy() -> None:
    from rules.policy import read_policy

    policy = read_policy("[local]\ncorrection_period = 1")
    assert STORY.under(book(policy=policy)).care_ended("2026-06-15").agenda("2026-06-17").finished


def test_an_end_withdrawn_in_time_makes_everything_owed_again() -> None:
    story = STORY.care_ended("2026-06-15").withdrawn("care_ended-1", "2026-06-16")
    assert story.open_keys("2026-06-16") == STORY.open_keys("2026-06-16")


@pytest.mark.duty("void_under_24_hours")
def test_less_than_24_hours_is_no_period_of_care() -> None:
    agenda = STORY.care_voided("2026-06-06", reason="home the next morning").agenda("2026-06-20")
    assert (agenda.stage, agenda.end_reason) == (Phase.VOID, "void")
    assert agenda.open_steps == () and agenda.reviews == ()


@pytest.mark.duty("void_under_24_hours")
def test_what_never_was_raises_nothing_more() -> None:
    story = child("2026-06-05").care_voided("2026-06-06", reason="home the next morning")
    assert [escalation.at for escalation in story.follow("2026-09-01").raised] == [story.entries[0].at]


@pytest.mark.duty("death_silences")
def test_after_a_death_nothing_rings_and_no_notice_is_owed() -> None:
    story = STORY.review_held("2026-07-03").care_ended("2026-07-08", reason="E2")
    after = [escalation for escalation in story.follow("2026-12-01").raised if escalation.at > moment("2026-07-08")]
    assert after == []
    from rules.agenda import derive

    agenda = derive(story.entries, story.book, moment("2026-07-08"), new=[entry.fact.id for entry in story.entries])
    assert agenda.notices == ()


@pytest.mark.duty("death_silences")
def test_after_a_death_the_record_is_still_to_be_finished_but_not_given_to_the_child() -> None:
    story = STORY.review_held("2026-07-03").care_ended("2026-07-08", reason="E2")
    agenda = story.agenda("2026-07-08")
    assert "record.review-1" in {step.key for step in agenda.open_steps}
    distribution = story.step("distribution.review-1", on="2026-07-08")
    assert "child" not in distribution.outstanding
    assert all(step.ladder is None for step in agenda.steps)


# Turns 18 on Thursday 1 October 2026; the second review would be due on Saturday 3 October.
NEARLY_ADULT = child("2026-06-05", birth_date="2008-10-01").review_held("2026-07-03")


@pytest.mark.duty("ends_at_eighteen")
def test_no_review_is_scheduled_on_or_after_the_18th_birthday() -> None:
    step = NEARLY_ADULT.step("second_review.review-1", on="2026-07-03")
    assert (step.state, step.reason) == (StepState.NOT_REQUIRED, "the 18th birthday comes first")
    assert NEARLY_ADULT.step("report.review-1", on="2026-07-03").state is StepState.NOT_REQUIRED


@pytest.mark.duty("ends_at_eighteen")
def test_a_review_arranged_before_the_18th_birthday_all_the_same_is_prepared() -> None:
    story = NEARLY_ADULT.review_arranged("2026-08-03", planned_for="2026-09-21")
    assert story.step("consult_child.review-1", on="2026-08-03").state is StepState.OPEN
    held = story.review_held("2026-09-21")
    assert held.step("second_review.review-1", on="2026-09-21").state is StepState.DONE_IN_TIME


@pytest.mark.duty("ends_at_eighteen")
def test_care_ends_by_itself_on_the_18th_birthday() -> None:
    story = NEARLY_ADULT
    before, after = story.agenda("2026-09-30"), story.agenda("2026-10-01", hour=1)
    assert before.ended_on is None
    assert (after.ended_on, after.end_reason) == (day("2026-10-01"), "turned_18")
    assert _nothing_but_follow_up_is_open(story, "2026-10-01")


@pytest.mark.duty("ends_at_eighteen")
def test_an_alarm_rings_on_the_18th_birthday() -> None:
    # The Saturday before it, nothing else is to come.
    alarm = child("2026-06-05", birth_date="2008-06-21").agenda("2026-06-20").alarm
    assert alarm and (alarm.at, alarm.what) == (moment("2026-06-21", 0), "the 18th birthday")


@pytest.mark.duty("ends_at_eighteen")
def test_an_ending_recorded_for_the_birthday_itself_gives_its_reason() -> None:
    agenda = NEARLY_ADULT.care_ended("2026-10-01", reason="E17").agenda("2026-10-02")
    assert agenda.end_reason == "E17"


@pytest.mark.duty("ends_at_eighteen")
@pytest.mark.parametrize("born", ["2008-02-29", "2008-03-01"])
def test_someone_born_on_29_february_is_18_on_1_march(born: str) -> None:
    assert birthday(day(born), 18) == day("2026-03-01")
    story = child("2026-01-05", birth_date=born)
    assert story.agenda("2026-02-28").ended_on is None
    assert story.agenda("2026-03-01").ended_on == day("2026-03-01")


def test_ages_are_reckoned_by_the_same_birthday() -> None:
    born = day("2020-02-29")
    assert (age_on(born, day("2023-02-28")), age_on(born, day("2023-03-01"))) == (2, 3)
    assert age_on(born, day("2024-02-29")) == 4


@pytest.mark.duty("ends_at_eighteen")
def test_a_corrected_birth_date_moves_the_end() -> None:
    story = NEARLY_ADULT.corrected("opening", "2026-07-06", birth_date="2009-10-01")
    assert story.step("second_review.review-1", on="2026-07-06").state is StepState.OPEN
    assert story.agenda("2026-10-02").ended_on is None


def test_a_review_held_before_the_end_may_be_recorded_after_it() -> None:
    story = STORY.care_ended("2026-07-08").review_held("2026-07-03", at="2026-07-09")
    assert [line.name for line in story.reviews("2026-07-09")] == ["first_review"]
    assert "record.review-1" in story.open_keys("2026-07-09")


def test_decisions_and_checks_are_not_owed_any_more_when_care_has_ended() -> None:
    story = STORY.review_held("2026-07-03").decision_made("2026-07-03", due="2026-08-03").care_ended("2026-07-08")
    assert story.step("decision.d-1", on="2026-07-08").state is StepState.NOT_REQUIRED
    assert _nothing_but_follow_up_is_open(story, "2026-07-08")


@pytest.mark.duty("correction_period")
def test_an_exemption_that_reaches_beyond_the_end_of_care_does_not_keep_the_episode_open() -> None:
    exempt = STORY.step_exempted("2026-06-10", step="report", reason="strike", until="2035-01-01")
    agenda = exempt.care_ended("2026-06-20").agenda("2026-06-22")
    assert agenda.alarm and agenda.alarm.what == "the episode closes to corrections"
    assert agenda.alarm.at < moment("2026-08-01")
    later = exempt.care_ended("2026-06-20").agenda("2026-08-01")
    assert (later.finished, later.alarm) == (True, None)


@pytest.mark.duty("correction_period")
def test_an_exemption_of_what_follows_a_review_keeps_the_episode_open_until_it_ends() -> None:
    story = child("2026-06-05").review_held("2026-06-26")
    story = story.step_exempted("2026-06-29", step="record.review-1", reason="strike", until="2026-12-31")
    for kind in ("decisions_sent", "decisions_circulated"):
        story = getattr(story, kind)("2026-06-30")
    for recipient in ("child", "parents", "carer", "social_worker", "team_manager"):
        story = story.record_distributed("2026-06-30", recipient=recipient)
    agenda = story.care_ended("2026-07-01").agenda("2026-09-01")
    assert not agenda.finished
    assert agenda.alarm and agenda.alarm.at == moment("2027-01-01", hour=0)


@pytest.mark.duty("correction_period")
def test_a_dispute_that_is_closed_after_care_ended_can_be_corrected_as_long_as_the_end_of_care() -> None:
    story = STORY.iro_appointed("2026-06-08", iro="IRO-1")
    story = story.dispute_raised("2026-06-10", id="d-1", by="IRO-1", matter="drift", about="x", stage="team_manager")
    story = story.care_ended("2026-06-20").dispute_resolved("2026-10-01", by="IRO-1", dispute="d-1", outcome="agreed")
    agenda = story.agenda("2026-10-02")
    assert (agenda.finished, agenda.alarm and agenda.alarm.at) == (False, moment("2026-10-30", hour=0))
    assert story.agenda("2026-10-30").finished
