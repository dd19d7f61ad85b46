"""The timeline of a case as years go by, told from a server whose clock is moved."""

from datetime import date, datetime, timedelta

from client.happenings import Happening, Kind
from client.timeline import timeline
from register import queries
from rules.clock import london_date
from tests.workflows.conftest import (  # noqa: F401
    journey,
    keys,
    keys_file,
    register,
    replayed_runs,
    settings,
    shared_server,
    travel_server,
)
from tests.workflows.journey import Journey

FIRST_DAY = date(2035, 6, 5)
REVIEW = date(2035, 7, 2)


def _to_the_second(instant: datetime) -> datetime:
    # The server and the workflow round differently, by a millionth of a second.
    return (instant + timedelta(milliseconds=1)).replace(microsecond=0)


async def told_of(journey: Journey) -> list[Happening]:  # noqa: F811
    told = await timeline(journey.server.client, journey.register, journey.episode)
    assert told.history_from is None
    return list(told.happenings)


async def test_what_slips_climbs_its_ladder_before_the_eyes_of_the_reader(journey: Journey) -> None:  # noqa: F811
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.record("decisions_sent", REVIEW)
    await journey.go_to(date(2035, 7, 12))
    until = date(2035, 7, 13)
    await journey.record("step_exempted", date(2035, 7, 12), step="record.first", reason="sick leave", until=until)
    await journey.go_to(date(2035, 7, 26))
    told = await told_of(journey)

    circulated = [each for each in told if each.step == "circulate_decisions.first"]
    assert [(each.kind, each.rung, london_date(each.at)) for each in circulated] == [
        (Kind.REMINDED, "reminder", date(2035, 7, 12)),
        (Kind.SLIPPED, "breach", date(2035, 7, 17)),
        (Kind.SLIPPED, "service_manager", date(2035, 7, 19)),
        (Kind.SLIPPED, "assistant_director", date(2035, 7, 24)),
    ]
    [silence] = [each for each in told if each.kind is Kind.SILENCE]
    assert (silence.due, london_date(silence.at)) == (date(2035, 7, 9), date(2035, 7, 10))
    [alarm] = [each for each in told if each.kind is Kind.ALARM]
    assert alarm.what.endswith("the exemption ends")
    recorded = [(each.fact.id, _to_the_second(each.at)) for each in told if each.fact]
    kept = queries.facts(journey.register, journey.episode)
    assert sorted(recorded) == sorted((entry.fact.id, _to_the_second(entry.at)) for entry in kept)


async def test_the_eighteenth_birthday_ends_the_story(journey: Journey) -> None:  # noqa: F811
    await journey.begin(FIRST_DAY, birth=date(2017, 6, 20))
    await journey.record("iro_service_notified", FIRST_DAY)
    await journey.go_to(date(2035, 9, 1))
    told = await told_of(journey)
    [ended] = [each for each in told if each.kind is Kind.ENDED]
    assert (ended.due, london_date(ended.at)) == (date(2035, 6, 20), date(2035, 6, 20))
    assert told[-1].kind is Kind.CLOSED
