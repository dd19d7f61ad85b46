"""A step that slips climbs its ladder to the top, each rung once."""

from datetime import date, timedelta

from client.identity import spread_offset
from rules.clock import end_of, start_of
from tests.workflows.journey import Journey, instant

# A Tuesday; twenty working days later is Tuesday 3 July 2035.
FIRST_DAY = date(2035, 6, 5)


async def test_an_unappointed_iro_is_escalated_to_the_top_each_rung_once(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 28))
    assert journey.rungs("appoint_iro") == ["reminder", "breach", "service_manager", "assistant_director"]
    breach = journey.escalations("appoint_iro")[1]
    assert breach.due == date(2035, 6, 12)
    assert timedelta(0) <= breach.at - end_of(breach.due) < timedelta(hours=3)
    assert [str(role) for role in breach.tell] == ["iro_manager", "team_manager"]


async def test_a_review_never_held_is_escalated_at_its_own_times(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 7, 20))
    raised = journey.escalations("first_review")
    assert [each.rung for each in raised] == ["reminder", "breach", "service_manager", "assistant_director"]
    assert {each.due for each in raised} == {date(2035, 7, 3)}
    # Two working days before; when the last day has ended; two and five working days later.
    expected = [
        start_of(date(2035, 6, 29)),
        *(end_of(day) for day in (raised[0].due, date(2035, 7, 5), date(2035, 7, 10))),
    ]
    late = [each.at - spread_offset(journey.episode) - when for each, when in zip(raised, expected, strict=True)]
    assert all(timedelta(0) <= lag < timedelta(minutes=1) for lag in late)


async def test_doing_it_stops_the_ladder(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 14))
    await journey.record("iro_appointed", date(2035, 6, 13), iro="IRO-1")
    await journey.go_to(date(2035, 7, 1))
    assert journey.rungs("appoint_iro") == ["reminder", "breach"]
    assert journey.step("appoint_iro").state == "done_late"


async def test_a_case_notified_late_is_escalated_at_once_and_once(journey: Journey) -> None:
    opened = instant(date(2035, 7, 2))
    await journey.begin(FIRST_DAY, at=opened, facts=[journey.fact("iro_service_notified", date(2035, 7, 2))])
    raised = journey.escalations("notify_iro_service")
    assert [(each.rung, each.covers) for each in raised] == [
        ("assistant_director", ("reminder", "breach", "service_manager"))
    ]
    assert raised[0].at - opened < timedelta(minutes=5)
    assert journey.step("first_review").due == date(2035, 7, 3)
    await journey.go_to(date(2035, 7, 20))
    assert len(journey.escalations("notify_iro_service")) == 1
    # The review was still to come when the case became known: its ladder is climbed rung by rung.
    assert journey.rungs("first_review") == ["reminder", "breach", "service_manager", "assistant_director"]


async def test_a_case_notified_after_the_review_fell_due_is_escalated_once_for_it(journey: Journey) -> None:
    await journey.begin(FIRST_DAY, at=instant(date(2035, 8, 1)))
    assert journey.rungs("first_review") == ["assistant_director"]
    assert journey.rungs("appoint_iro") == ["assistant_director"]
    await journey.go_to(date(2035, 9, 1))
    assert journey.rungs("first_review") == ["assistant_director"]


async def test_every_open_step_is_measured_by_the_one_timer(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    for _ in range(6):
        derived = await journey.agenda()
        assert derived.alarm is not None
        description = await journey.handle.describe()
        assert description.raw_description.pending_activities == []
        history = await journey.handle.fetch_history()
        started = [e for e in history.events if e.HasField("timer_started_event_attributes")]
        ended = [
            e
            for e in history.events
            if e.HasField("timer_fired_event_attributes") or e.HasField("timer_canceled_event_attributes")
        ]
        assert len(started) - len(ended) == 1
        await journey.go_to((derived.alarm.at + timedelta(hours=2)).date(), 12)
