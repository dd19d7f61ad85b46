"""Care ends in each phase; closing silences, never erases."""

from datetime import date, timedelta

from register import queries
from rules.steps import Escalation
from tests.workflows.journey import Journey

FIRST_DAY = date(2035, 6, 5)
REVIEW = date(2035, 7, 2)
PAST_CORRECTIONS = timedelta(days=45)


async def test_care_that_ends_before_the_first_review_owes_none(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 15))
    await journey.record("care_ended", date(2035, 6, 15), reason="E4A")
    derived = await journey.agenda()
    assert (derived.stage, derived.steps) == ("ended", ())
    assert journey.step("first_review").state == "not_required"
    assert journey.step("appoint_iro").state == "missed"
    before = journey.escalations()
    await journey.go_to(date(2035, 6, 15) + PAST_CORRECTIONS)
    assert journey.escalations() == before
    assert (await journey.handle.result()).reason == "E4A"


async def test_a_wrong_ending_is_withdrawn_and_the_case_goes_on(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 7))
    await journey.record("care_ended", date(2035, 6, 7), fact_id="end", reason="E4A")
    await journey.go_to(date(2035, 6, 25))
    await journey.record("fact_withdrawn", date(2035, 6, 25), withdraws="end", reason="another child's")
    assert "first_review" in await journey.owed()
    assert journey.rungs("appoint_iro")[-1] == "assistant_director"


async def test_an_unfinished_record_is_finished_after_care_has_ended(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.record("care_ended", REVIEW, reason="E4A")
    assert await journey.owed() == {
        "decisions.first",
        "circulate_decisions.first",
        "record.first",
        "distribution.first",
    }
    await journey.go_to(date(2035, 7, 11))
    assert journey.rungs("decisions.first") == ["reminder", "breach"]
    await journey.follow_up(date(2035, 7, 11))
    assert (await journey.agenda()).stage == "ended"


async def test_less_than_24_hours_is_void(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record("care_voided", FIRST_DAY, reason="home the same evening")
    assert (await journey.agenda()).stage == "void"
    line = queries.episode(journey.register, journey.episode, today=FIRST_DAY)
    assert line is not None
    assert line.void
    await journey.go_to(FIRST_DAY + PAST_CORRECTIONS)
    assert (await journey.handle.result()).reason == "void"


async def test_after_a_death_no_routine_notice_goes_out(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    notices = len(queries.owed_notices(journey.register, journey.episode))
    await journey.record("care_ended", REVIEW, reason="E2")
    raised: list[Escalation] = journey.escalations()
    await journey.go_to(date(2035, 8, 20))
    assert journey.escalations() == raised
    assert len(queries.owed_notices(journey.register, journey.episode)) == notices


async def test_nothing_is_scheduled_beyond_the_18th_birthday(journey: Journey) -> None:
    await journey.begin(FIRST_DAY, birth=date(2017, 6, 20))
    assert journey.step("first_review").state == "not_required"
    await journey.go_to(date(2035, 6, 20), 12)
    derived = await journey.agenda()
    assert (derived.stage, derived.ended_on, derived.end_reason) == ("ended", date(2035, 6, 20), "turned_18")


async def test_a_child_who_returns_is_a_new_episode_that_knows_the_former_iro(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record("iro_appointed", FIRST_DAY, iro="IRO-7")
    await journey.go_to(date(2035, 6, 7))
    await journey.record("care_ended", date(2035, 6, 7), reason="E4A")
    former, opening = journey.episode, journey.opening
    assert opening is not None
    again = Journey(journey.server, journey.keys, journey.register)
    await again.begin(date(2035, 9, 3), child=opening.child)
    assert again.episode != former
    assert (await again.agenda()).former_iro == "IRO-7"
    assert again.step("first_review").due == date(2035, 10, 1)
