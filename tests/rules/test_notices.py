"""Who is owed a notice of what, each once."""

from dataclasses import replace

import pytest

from rules.agenda import derive
from rules.facts import Entry
from rules.notice_names import NoticeName
from rules.review_days import day_changed_by
from rules.steps import Notice
from rules.vocabulary import Role
from tests.rules.build import Story, child, fact, moment

C, P, F = Role.CHILD, Role.PARENTS, Role.CARER
SW, TM, IRO, IM, AD = Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO, Role.IRO_MANAGER, Role.ASSISTANT_DIRECTOR
G, L, SCH, VSH, H = Role.GUARDIAN, Role.LEGAL, Role.SCHOOL, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH
SM, HOS = Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE
PA, ADV, AA = Role.PERSONAL_ADVISER, Role.ADVOCATE, Role.AREA_AUTHORITY


def _owed(story: Story, *new: str, on: str = "2026-07-03") -> tuple[Notice, ...]:
    return derive(story.entries, story.book, moment(on, 13), new=new).notices


def _told(notices: tuple[Notice, ...], name: str, *, if_involved: bool = False) -> set[Role]:
    return {each.recipient for each in notices if each.name == name and each.if_involved is if_involved}


def _names(notices: tuple[Notice, ...]) -> set[str]:
    return {each.name.value for each in notices} - {"reminder", "escalation"}


STORY = child("2026-06-05").iro_service_notified("2026-06-05").iro_appointed("2026-06-08")
ARRANGED = STORY.review_arranged("2026-06-09", planned_for="2026-07-01")
MOVED = ARRANGED.review_arranged("2026-06-10", planned_for="2026-07-02")
ADJOURNED = STORY.review_adjourned("2026-07-01", reconvene_on="2026-07-08")
HELD = STORY.review_held("2026-07-01")
DISPUTED = STORY.dispute_raised(
    "2026-06-15", matter="drift", about="The plan has not moved.", stage="service_manager", tell_child=False
)
MOVED_UP = DISPUTED.dispute_moved_up(
    "2026-06-20",
    dispute="dispute_raised-1",
    unanswered="service_manager",
    to="head_of_service",
    last_day="2026-06-19",
)
REFERRED = {
    "failure": "implement_decision",
    "about": "The plan has not moved.",
    "done_so_far": "A dispute.",
    "raised_with": ["head_of_service"],
    "childs_view": "She wants to stay.",
    "asks": "Look at it.",
}
CLOSED = MOVED_UP.dispute_resolved("2026-06-24", dispute="dispute_raised-1", outcome="agreed")
HANDED = STORY.iro_appointed("2026-06-15", iro="iro-2").iro_handed_over("2026-06-17")

# The table of practice notes 8, row by row: what is told by which fact, to whom, and to whom where they are involved.
# The court (Ct) is told via legal.
TABLE: list[tuple[str, Story, str, str, set[Role], set[Role]]] = [
    ("became_looked_after", STORY, "opening", "became_looked_after", {TM, IM, VSH, H}, {L, AA}),
    ("iro_appointed", STORY, "appointment-1", "iro_appointed", {C, P, F, SW, TM, IRO, IM}, {G, L, PA}),
    ("iro_changed", HANDED, "appointment-2", "iro_appointed", {C, P, F, SW, TM, IRO, IM}, {G, L, PA}),
    ("handed_over", HANDED, "iro_handed_over-1", "iro_handed_over", {C, P, F, SW}, {G, L}),
    ("reviewing_policy", STORY, "appointment-1", "reviewing_policy", {C, P}, {F}),
    (
        "invitation",
        ARRANGED,
        "review_arranged-1",
        "review_arranged",
        {C, P, F, SW, IRO},
        {G, SCH, VSH, H, PA, ADV, AA},
    ),
    ("report", STORY.report_received("2026-06-26"), "report_received-1", "report_received", {TM, IRO}, {C, P, F, G}),
    (
        "adjourned",
        ADJOURNED,
        "review_adjourned-1",
        "review_adjourned",
        {C, P, F, SW, TM, IRO, IM},
        {G, L, SCH, VSH, H, PA, ADV},
    ),
    (
        "rearranged",
        MOVED,
        "review_arranged-2",
        "review_arranged",
        {C, P, F, SW, TM, IRO, IM},
        {G, L, SCH, VSH, H, PA, ADV, AA},
    ),
    ("decisions", HELD.decisions_sent("2026-07-02"), "decisions_sent-1", "decisions_sent", {SW, TM}, {IM}),
    (
        "agreed_decisions",
        HELD.decisions_circulated("2026-07-02"),
        "decisions_circulated-1",
        "decisions_circulated",
        {C, P, F, SW, TM},
        {G, L, SCH, VSH, H, PA},
    ),
    (
        "record",
        HELD.record_completed("2026-07-02"),
        "record_completed-1",
        "record_completed",
        {C, P, F, SW, TM, IRO},
        {G, L, SCH, VSH, H, PA},
    ),
    (
        "significant_event",
        STORY.significant_change("2026-06-15", happened_on="2026-06-12"),
        "significant_change-1",
        "significant_event",
        {IRO},
        {TM, G, L},
    ),
    (
        "case_changed_hands",
        STORY.social_worker_changed("2026-06-15", social_worker="sw-2"),
        "social_worker_changed-1",
        "significant_event",
        {IRO},
        {TM, G, L},
    ),
    ("wrote", STORY.child_wrote("2026-06-15", by="link-1"), "child_wrote-1", "views_in_writing", {IRO}, set()),
    (
        "challenged",
        STORY.challenge_raised("2026-06-15", addressee="assistant_director"),
        "challenge_raised-1",
        "challenge_raised",
        {AD},
        set(),
    ),
    ("dispute_opened", DISPUTED, "dispute_raised-1", "dispute_opened", {SW, TM, IRO, IM, SM}, {G, L}),
    ("dispute_moved", MOVED_UP, "dispute_moved_up-1", "dispute_moved", {SW, TM, IRO, IM, SM, HOS}, {G, L}),
    (
        "dispute_taken_up",
        DISPUTED.dispute_taken_up("2026-06-16", dispute="dispute_raised-1", to="director", reason="no time"),
        "dispute_taken_up-1",
        "dispute_moved",
        {SW, TM, IRO, IM, SM, Role.DIRECTOR},
        {G, L},
    ),
    ("dispute_closed", CLOSED, "dispute_resolved-1", "dispute_closed", {SW, TM, IRO, IM, SM, HOS}, {G, L}),
    (
        "dispute_withdrawn",
        DISPUTED.dispute_withdrawn("2026-06-16", dispute="dispute_raised-1", reason="raised in error"),
        "dispute_withdrawn-1",
        "dispute_closed",
        {SW, TM, IRO, IM, SM},
        {G, L},
    ),
    (
        "dispute_answered",
        DISPUTED.dispute_answered("2026-06-16", dispute="dispute_raised-1", answer="It will be done."),
        "dispute_answered-1",
        "challenge_answered",
        {IRO},
        set(),
    ),
    (
        "cafcass_referral",
        STORY.cafcass_referred("2026-06-15", **REFERRED),
        "cafcass_referred-1",
        "cafcass_referral",
        {SW, TM, IRO, IM, L, SM, HOS, AD, Role.DIRECTOR},
        {G, Role.CAFCASS},
    ),
    (
        "challenge_answered",
        STORY.challenge_raised("2026-06-15").challenge_answered("2026-06-16", challenge="challenge_raised-1"),
        "challenge_answered-1",
        "challenge_answered",
        {IRO},
        set(),
    ),
]


@pytest.mark.duty("told_by_the_table")
@pytest.mark.parametrize(
    ("story", "new", "name", "owed", "if_involved"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_row_of_the_table_is_owed_to_those_who_should_have_it(
    story: Story, new: str, name: str, owed: set[Role], if_involved: set[Role]
) -> None:
    on = "2026-06-15" if name in ("review_arranged", "became_looked_after") else "2026-07-03"
    notices = _owed(story, new, on=on)
    assert _told(notices, name) == owed
    assert _told(notices, name, if_involved=True) == if_involved


@pytest.mark.duty("told_by_the_table")
@pytest.mark.parametrize(
    ("story", "new", "name", "if_involved"),
    [(*row[1:4], row[5]) for row in TABLE if row[5] & {G, L}],
    ids=[row[0] for row in TABLE if row[5] & {G, L}],
)
def test_while_proceedings_go_on_guardian_and_legal_are_owed_what_they_have_a_part_in(
    story: Story, new: str, name: str, if_involved: set[Role]
) -> None:
    on = "2026-06-15" if name in ("review_arranged", "became_looked_after") else "2026-07-03"
    notices = _owed(story.legal_status_changed("2026-06-08", legal_status="C1"), new, on=on)
    assert _told(notices, name) >= if_involved & {G, L}
    assert not _told(notices, name, if_involved=True) & {G, L}


PROCEEDINGS = STORY.proceedings_issued("2026-06-10", about="care_or_supervision")


@pytest.mark.duty("told_by_the_table")
def test_in_recorded_proceedings_legal_is_owed_and_the_guardian_once_there_is_one() -> None:
    story = PROCEEDINGS.dispute_raised("2026-06-15", matter="drift", about="No plan.", stage="director")
    notices = _owed(story, "dispute_raised-1")
    assert L in _told(notices, "dispute_opened") and _told(notices, "dispute_opened", if_involved=True) == {G}
    story = story.guardian_appointed("2026-06-12", proceedings="proceedings_issued-1")
    notices = _owed(story, "dispute_raised-1")
    assert _told(notices, "dispute_opened") >= {G, L} and not _told(notices, "dispute_opened", if_involved=True)
    story = story.proceedings_ended("2026-07-01", proceedings="proceedings_issued-1", outcome="care_order")
    assert _told(_owed(story, "dispute_raised-1"), "dispute_opened", if_involved=True) == {G, L}


@pytest.mark.duty("told_by_the_table")
def test_the_iro_hears_that_proceedings_were_issued() -> None:
    notices = _owed(PROCEEDINGS, "proceedings_issued-1", on="2026-06-10")
    assert _told(notices, "significant_event") == {IRO, L}
    assert _told(notices, "significant_event", if_involved=True) == {TM, G}


# --- Disputes and referrals -------------------------------------------------------------------------------------------


@pytest.mark.duty("told_by_the_table")
def test_the_child_hears_of_a_dispute_only_where_the_iro_says_so_and_then_to_its_end() -> None:
    story = CLOSED.corrected("dispute_raised-1", "2026-06-15", tell_child=True)
    for new, name in (
        ("dispute_raised-1", "dispute_opened"),
        ("dispute_moved_up-1", "dispute_moved"),
        ("dispute_resolved-1", "dispute_closed"),
    ):
        assert C in _told(_owed(story, new), name)
        assert C not in _told(_owed(CLOSED, new), name)
    assert P not in _told(_owed(story, "dispute_raised-1"), "dispute_opened")


@pytest.mark.duty("told_by_the_table")
@pytest.mark.parametrize(("tell", "role"), [("tell_child", C), ("tell_parents", P)])
def test_the_family_hears_of_a_referral_only_where_the_iro_says_so(tell: str, role: Role) -> None:
    story = STORY.cafcass_referred("2026-06-15", **REFERRED, **{tell: True})
    assert _told(_owed(story, "cafcass_referred-1"), "cafcass_referral") & {C, P, F} == {role}
    story = STORY.cafcass_referred("2026-06-15", **REFERRED).corrected(
        "cafcass_referred-1", "2026-06-16", **{tell: True}
    )
    assert _told(_owed(story, "fact_corrected-1"), "cafcass_referral") == {role}


def test_a_dispute_put_right_is_told_anew_only_in_what_its_notices_say() -> None:
    story = DISPUTED.corrected("dispute_raised-1", "2026-06-16", stage="director")
    notices = _owed(story, "fact_corrected-1", on="2026-06-16")
    assert _told(notices, "dispute_opened") == {SW, TM, IRO, IM, Role.DIRECTOR}
    story = DISPUTED.corrected("dispute_raised-1", "2026-06-16", about="Another way to say it.", matter="placement")
    assert _names(_owed(story, "fact_corrected-1", on="2026-06-16")) == set()


def test_a_child_who_was_told_of_a_dispute_does_not_get_the_same_letter_again() -> None:
    told = STORY.dispute_raised("2026-06-15", matter="drift", about="No plan.", stage="director", tell_child=True)
    put_right = told.corrected("dispute_raised-1", "2026-06-16", stage="assistant_director")
    notices = _owed(put_right, "fact_corrected-1", on="2026-06-16")
    assert _told(notices, "dispute_opened") == {SW, TM, IRO, IM, AD}


def test_a_child_who_is_to_be_told_only_now_is_the_only_one_told() -> None:
    story = DISPUTED.corrected("dispute_raised-1", "2026-06-16", tell_child=True)
    assert _told(_owed(story, "fact_corrected-1", on="2026-06-16"), "dispute_opened") == {C}


def test_another_outcome_put_right_is_told_anew() -> None:
    story = CLOSED.corrected("dispute_resolved-1", "2026-06-25", outcome="put_right")
    assert HOS in _told(_owed(story, "fact_corrected-1", on="2026-06-25"), "dispute_closed")


@pytest.mark.parametrize("field", [{"stage": "director"}, {"on": "2026-06-12"}, {"tell_child": True}])
def test_what_began_a_dispute_that_is_closed_is_put_right_without_a_word(field: dict[str, str]) -> None:
    story = CLOSED.corrected("dispute_raised-1", "2026-06-25", **field)
    assert _names(_owed(story, "fact_corrected-1", on="2026-06-25")) == set()


def test_a_move_from_which_the_dispute_has_gone_on_is_put_right_without_a_word() -> None:
    up = {"dispute": "dispute_raised-1", "reason": "no time"}
    story = DISPUTED.dispute_taken_up("2026-06-16", to="head_of_service", **up)
    put_right = story.corrected("dispute_taken_up-1", "2026-06-17", to="assistant_director")
    assert AD in _told(_owed(put_right, "fact_corrected-1", on="2026-06-17"), "dispute_moved")
    story = story.dispute_taken_up("2026-06-17", to="director", **up)
    put_right = story.corrected("dispute_taken_up-1", "2026-06-18", to="assistant_director")
    assert _names(_owed(put_right, "fact_corrected-1", on="2026-06-18")) == set()


def test_whoever_was_told_that_a_dispute_is_closed_hears_where_it_stands_when_that_is_taken_back() -> None:
    back = CLOSED.withdrawn("dispute_resolved-1", "2026-06-26")
    notices = _owed(back, "fact_withdrawn-1", on="2026-06-26")
    assert _told(notices, "dispute_stands") == {SW, TM, IRO, IM, SM, HOS}
    assert {each.about for each in notices if each.name == "dispute_stands"} == {"dispute_moved_up-1"}
    assert _names(_owed(back, on="2026-06-27")) == set()
    again = back.dispute_withdrawn("2026-06-26", dispute="dispute_raised-1")
    assert _names(_owed(again, "fact_withdrawn-1", on="2026-06-26")) == set()


def test_whoever_was_told_of_a_dispute_raised_in_error_hears_that_it_is_closed() -> None:
    back = MOVED_UP.withdrawn("dispute_raised-1", "2026-06-22")
    notices = _owed(back, "fact_withdrawn-1", on="2026-06-22")
    assert _told(notices, "dispute_closed") == {SW, TM, IRO, IM, SM, HOS}
    over = CLOSED.withdrawn("dispute_raised-1", "2026-06-26")
    assert _names(_owed(over, "fact_withdrawn-1", on="2026-06-26")) == set()


@pytest.mark.parametrize("new", ["dispute_raised-1", "dispute_moved_up-1", "dispute_resolved-1", "cafcass_referred-1"])
def test_after_a_death_nobody_is_told_of_a_dispute_or_a_referral(new: str) -> None:
    story = CLOSED.cafcass_referred("2026-06-25", **REFERRED)
    assert _names(_owed(story, new))
    assert _names(_owed(story.care_ended("2026-06-26", reason="E2"), new)) == set()


def test_a_dispute_that_outlives_care_is_still_told() -> None:
    story = DISPUTED.care_ended("2026-06-18", reason="E4A")
    story = story.dispute_resolved("2026-06-24", dispute="dispute_raised-1", outcome="agreed")
    assert SM in _told(_owed(story, "dispute_resolved-1"), "dispute_closed")


@pytest.mark.duty("told_by_the_table")
def test_a_limit_of_law_missed_is_told_to_all_who_work_on_the_case_and_then_up_the_line() -> None:
    told = {each.rung: set(each.tell) for each in child("2026-06-05").follow("2026-12-01").of("first_review")}
    assert told["breach"] == {SW, TM, IRO, IM}
    assert told["service_manager"] | told["assistant_director"] == {Role.SERVICE_MANAGER, AD}


def test_every_notice_has_words_and_only_a_reminder_waits_for_the_morning() -> None:
    assert all(name.words for name in NoticeName)
    assert [name for name in NoticeName if name.is_routine] == [NoticeName.REMINDER]


def test_a_reminder_and_an_escalation_name_their_step_and_nothing_else_does() -> None:
    notices = _owed(STORY, "opening", on="2026-07-10")
    assert {each.step for each in notices if each.name == "escalation"} >= {"first_review"}
    assert {each.step for each in notices if each.name == "became_looked_after"} == {None}


# --- The policy on reviews --------------------------------------------------------------------------------------------


@pytest.mark.duty("give_reviewing_policy")
def test_the_policy_on_reviews_goes_out_once_with_the_first_iro() -> None:
    assert "reviewing_policy" in _names(_owed(STORY, "appointment-1"))
    assert "reviewing_policy" not in _names(_owed(HANDED, "appointment-2"))
    assert "reviewing_policy" not in _names(_owed(STORY, "opening"))


@pytest.mark.duty("give_reviewing_policy")
def test_the_policy_on_reviews_goes_to_nobody_who_has_it_or_is_not_to_have_it() -> None:
    story = STORY.reviewing_policy_given("2026-06-08", recipient="parents")
    story = story.reviewing_policy_withheld("2026-06-08", recipient="child", reason="too young")
    notices = _owed(story, "appointment-1")
    assert _told(notices, "reviewing_policy") == set()
    assert _told(notices, "reviewing_policy", if_involved=True) == {F}


# --- The day of a review ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"planned_for": "2026-07-03"}, {"at": "14:30"}, {"place": "Test School"}])
def test_another_day_hour_or_place_is_told_anew(changed: dict[str, str]) -> None:
    anew = fact("review_arranged", "2026-06-10", id="anew", **{"planned_for": "2026-07-01"} | changed)
    story = replace(ARRANGED, entries=(*ARRANGED.entries, Entry(fact=anew, at=moment("2026-06-10"))))
    assert C in _told(_owed(story, "anew", on="2026-06-10"), "review_arranged")
    put_right = ARRANGED.corrected("review_arranged-1", "2026-06-10", **changed)
    assert C in _told(_owed(put_right, "fact_corrected-1", on="2026-06-10"), "review_arranged")


def test_the_same_day_hour_and_place_once_more_is_told_nobody() -> None:
    again = ARRANGED.review_arranged("2026-06-10", planned_for="2026-07-01")
    assert "review_arranged" not in _names(_owed(again, "review_arranged-2", on="2026-06-10"))


def test_a_day_that_had_passed_when_it_was_recorded_is_told_nobody() -> None:
    assert "review_arranged" not in _names(_owed(ARRANGED, "review_arranged-1", on="2026-07-02"))


def test_whoever_was_told_of_a_review_hears_that_it_is_off() -> None:
    off = ARRANGED.withdrawn("review_arranged-1", "2026-06-10")
    notices = _owed(off, "fact_withdrawn-1", on="2026-06-10")
    assert _told(notices, "review_cancelled") == {C, P, F, SW, IRO}
    assert _told(notices, "review_cancelled", if_involved=True) == {G, SCH, VSH, H, PA, ADV, AA}
    assert {each.about for each in notices if each.name == "review_cancelled"} == {"fact_withdrawn-1"}


def test_whoever_was_told_of_a_moved_review_hears_that_it_is_off() -> None:
    off = MOVED.care_ended("2026-06-20", reason="E4A")
    assert _told(_owed(off, "care_ended-1", on="2026-06-20"), "review_cancelled") == {C, P, F, SW, TM, IRO, IM}


def test_a_day_taken_back_leaves_the_one_before_it_and_that_is_told() -> None:
    notices = _owed(MOVED.withdrawn("review_arranged-2", "2026-06-11"), "fact_withdrawn-1", on="2026-06-11")
    assert C in _told(notices, "review_arranged")
    assert "review_cancelled" not in _names(notices)


def test_a_day_that_no_longer_held_is_taken_back_without_a_word() -> None:
    notices = _owed(MOVED.withdrawn("review_arranged-1", "2026-06-11"), "fact_withdrawn-1", on="2026-06-11")
    assert not _names(notices) & {"review_arranged", "review_cancelled"}


def test_a_withdrawal_taken_back_brings_the_review_on_again() -> None:
    story = ARRANGED.withdrawn("review_arranged-1", "2026-06-10").withdrawn("fact_withdrawn-1", "2026-06-11")
    assert C in _told(_owed(story, "fact_withdrawn-2", on="2026-06-11"), "review_arranged")


@pytest.mark.parametrize(
    ("ended", "reason", "told"),
    [
        ("2026-06-20", "E4A", True),
        ("2026-06-20", "E2", False),
        ("2026-07-01", "E4A", False),
    ],
    ids=["before the day", "by death", "on the day"],
)
def test_a_review_is_off_when_care_ends_before_its_day_but_not_by_death(ended: str, reason: str, told: bool) -> None:
    notices = _owed(ARRANGED.care_ended(ended, reason=reason), "care_ended-1", on=ended)
    assert ("review_cancelled" in _names(notices)) is told


def test_a_review_that_was_held_is_not_off_when_care_ends() -> None:
    story = ARRANGED.review_held("2026-06-19").care_ended("2026-06-20", reason="E4A")
    assert "review_cancelled" not in _names(_owed(story, "care_ended-1", on="2026-06-20"))


def test_an_end_of_care_recorded_wrongly_brings_the_review_on_again() -> None:
    story = ARRANGED.care_ended("2026-06-20", reason="E4A").withdrawn("care_ended-1", "2026-06-22")
    assert C in _told(_owed(story, "fact_withdrawn-1", on="2026-06-22"), "review_arranged")


def test_what_a_notice_of_a_day_tells_is_read_from_before_and_after_its_fact() -> None:
    story = MOVED.withdrawn("review_arranged-2", "2026-06-11")
    first, second, back = (
        day_changed_by(story.entries, each) for each in ("review_arranged-1", "review_arranged-2", "fact_withdrawn-1")
    )
    days = [
        (each.before and str(each.before.planned_for), each.since and str(each.since.planned_for))
        for each in (first, second, back)
    ]
    assert days == [(None, "2026-07-01"), ("2026-07-01", "2026-07-02"), ("2026-07-02", "2026-07-01")]


# --- Each once, and nothing that is withheld --------------------------------------------------------------------------


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


def test_what_happens_on_the_day_a_case_was_taken_on_is_told_once_it_is_ours_to_tell() -> None:
    taken_on = STORY.iro_appointed("2026-06-08", iro="IRO-1").case_taken_on("2026-06-15")
    said = {"by": "IRO-1", "matter": "drift", "about": "x", "stage": "team_manager"}
    story = taken_on.dispute_raised("2026-06-15", hour=13, **said)
    assert _told(_owed(story, "dispute_raised-1", on="2026-06-15"), "dispute_opened") >= {SW, TM, IRO, IM}
    # What came with the case was told by the former system, and so was what happened before that day.
    for before in (
        taken_on.dispute_raised("2026-06-15", hour=11, **said),
        taken_on.dispute_raised("2026-06-12", at="2026-06-16", **said),
    ):
        assert _told(_owed(before, "dispute_raised-1", on="2026-06-16"), "dispute_opened") == set()


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


def test_nobody_who_is_not_to_know_the_iro_hears_of_the_appointment_or_the_handover() -> None:
    story = HANDED.iro_not_made_known("2026-06-17", recipient="parents", reason="not safe")
    assert P not in _told(_owed(story, "appointment-2"), "iro_appointed")
    assert P not in _told(_owed(story, "iro_handed_over-1"), "iro_handed_over")


def test_a_case_taken_on_owes_no_notice_of_what_was_before() -> None:
    imported = STORY.review_held("2026-07-03").decisions_sent("2026-07-06").case_taken_on("2026-08-03")
    imported = imported.told_at_once("2026-08-03")
    new = [entry.fact.id for entry in imported.entries]
    names = {notice.name for notice in _owed(imported, *new, on="2026-08-03")}
    assert names <= {"reminder", "escalation"}
