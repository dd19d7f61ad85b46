"""Who is owed a notice of what, each once."""

from rules.agenda import derive
from rules.steps import Notice
from rules.vocabulary import Role
from tests.rules.build import Story, child, moment


def _owed(story: Story, *new: str, on: str = "2026-07-03") -> tuple[Notice, ...]:
    return derive(story.entries, story.book, moment(on, 13), new=new).notices


def _told(notices: tuple[Notice, ...], name: str) -> set[Role]:
    return {notice.recipient for notice in notices if notice.name == name}


STORY = child("2026-06-05").iro_service_notified("2026-06-05").iro_appointed("2026-06-08")


def test_becoming_looked_after_is_told_to_those_who_must_act() -> None:
    told = _told(_owed(STORY, "opening", on="2026-06-05"), "became_looked_after")
    assert told == {Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH}


def test_a_new_iro_is_told_to_child_family_and_workers() -> None:
    told = _told(_owed(STORY, "appointment-1"), "iro_appointed")
    assert {Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.IRO} <= told


def test_only_new_facts_owe_notices() -> None:
    assert {notice.name for notice in _owed(STORY, "opening", on="2026-06-08")} >= {"became_looked_after"}
    assert not [notice for notice in _owed(STORY, on="2026-06-08") if notice.name == "iro_appointed"]


def test_one_breach_is_one_notice_to_each_of_those_told() -> None:
    story = child("2026-06-05")
    followed = story.follow("2026-06-10", hour=1)
    again = derive(story.entries, story.book, moment("2026-06-10", 1), followed.raised)
    assert again.notices == ()
    breach = derive(story.entries, story.book, moment("2026-06-10", 1)).notices
    keys = [notice.key for notice in breach]
    assert len(keys) == len(set(keys))


def test_silence_taken_as_agreement_is_told_to_iro_and_manager_under_one_key() -> None:
    story = STORY.review_held("2026-07-03").decisions_sent("2026-07-03")
    notices = [_owed(story, on=on) for on in ("2026-07-13", "2026-07-14")]
    assert _told(notices[0], "decisions_taken_as_agreed") == {Role.IRO, Role.TEAM_MANAGER}
    keys = [{notice.key for notice in each if notice.name == "decisions_taken_as_agreed"} for each in notices]
    assert keys[0] == keys[1]


def test_a_correction_does_not_send_the_settled_notices_again() -> None:
    story = STORY.corrected("appointment-1", "2026-06-10", on="2026-06-09")
    names = {notice.name for notice in _owed(story, "fact_corrected-1", on="2026-06-10")}
    assert names <= {"reminder", "escalation"}


def test_another_day_for_the_review_put_right_is_told_to_those_invited() -> None:
    story = STORY.review_arranged("2026-06-09", planned_for="2026-07-01")
    story = story.corrected("review_arranged-1", "2026-06-10", planned_for="2026-07-02")
    notices = _owed(story, "fact_corrected-1", on="2026-06-10")
    assert Role.CHILD in _told(notices, "review_arranged")
    assert {notice.about for notice in notices if notice.name == "review_arranged"} == {"fact_corrected-1"}


def test_nobody_from_whom_the_record_is_withheld_hears_that_it_is_finished() -> None:
    story = STORY.review_held("2026-07-03").record_withheld("2026-07-20", recipient="parents", reason="court order")
    told = _told(_owed(story.record_completed("2026-07-21"), "record_completed-1", on="2026-07-21"), "record_completed")
    assert Role.PARENTS not in told and Role.CHILD in told


def test_nobody_who_is_not_to_know_the_iro_hears_of_the_appointment() -> None:
    story = STORY.iro_not_made_known("2026-06-08", recipient="parents", reason="not safe")
    assert Role.PARENTS not in _told(_owed(story, "appointment-1"), "iro_appointed")


def test_a_case_taken_on_owes_no_notice_of_what_was_before() -> None:
    imported = STORY.review_held("2026-07-03").decisions_sent("2026-07-06").case_taken_on("2026-08-03")
    imported = imported.told_at_once("2026-08-03")
    new = [entry.fact.id for entry in imported.entries]
    names = {notice.name for notice in _owed(imported, *new, on="2026-08-03")}
    assert names <= {"reminder", "escalation"}
