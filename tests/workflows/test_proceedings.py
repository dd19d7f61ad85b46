"""Court proceedings on the real server: hearings come, are moved, and disputes are told to the court before them."""

from datetime import date

import pytest

from register import queries
from rules.acceptance import Refused
from tests.workflows.clocks import Clocks
from tests.workflows.journey import Journey
from tests.workflows.test_dispute import raise_dispute

# A Tuesday. The hearing is on a Thursday, and a bank holiday comes the Monday of that week.
FIRST_DAY, HEARING, EARLIER = date(2035, 8, 7), date(2035, 8, 30), date(2035, 8, 23)
TOLD = "tell_court_of_dispute.d-1"


async def in_court(journey: Journey) -> Clocks:
    """A case in care proceedings, with an issues resolution hearing listed and a dispute open."""
    await journey.begin(FIRST_DAY, legal_status="C1")
    await journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await journey.record("proceedings_issued", FIRST_DAY, fact_id="p-1", about="care_or_supervision")
    clocks = Clocks(journey, {"p-1": "proceedings"})
    await journey.record(
        "hearing_listed",
        FIRST_DAY,
        fact_id="h-1",
        proceedings="p-1",
        hearing="issues_resolution",
        held_on=HEARING,
    )
    await raise_dispute(clocks, FIRST_DAY, "d-1", stage="chief_executive")
    return clocks


def reached(journey: Journey) -> list[tuple[str, date]]:
    """The hearings whose day came, and the day."""
    facts = [each.fact for each in queries.facts(journey.register, journey.episode)]
    return [(fact.hearing, fact.on) for fact in facts if fact.kind == "hearing_reached"]


async def test_a_hearing_comes_on_its_day_and_what_came_of_it_is_owed(journey: Journey) -> None:
    clocks = await in_court(journey)
    assert (await clocks.standing("p-1")).words == "The next hearing is on 30 August 2035 (issues resolution)."
    assert await clocks.go_to(date(2035, 8, 31)) == ["p-1"]
    assert reached(journey) == [("h-1", HEARING)]
    assert journey.step("report_hearing.h-1").due == date(2035, 9, 3)
    await journey.record("hearing_reported", date(2035, 8, 31), hearing="h-1", words="made up")
    assert "report_hearing.h-1" not in await journey.owed()


async def test_the_court_is_told_of_a_dispute_before_the_hearing_or_it_is_missed(journey: Journey) -> None:
    clocks = await in_court(journey)
    assert journey.step(TOLD).due == date(2035, 8, 29)
    await clocks.go_to(date(2035, 8, 31))
    missed = journey.step(TOLD)
    assert (missed.state, missed.reason) == ("missed", "the hearing came first")
    assert "breach" in journey.rungs(TOLD)


async def test_a_hearing_brought_forward_moves_what_comes_before_it(journey: Journey) -> None:
    clocks = await in_court(journey)
    await clocks.go_to(date(2035, 8, 14))
    await journey.record("hearing_moved", date(2035, 8, 14), hearing="h-1", held_on=EARLIER, reason="made up")
    assert journey.step(TOLD).due == date(2035, 8, 22)
    await journey.record("court_told_of_dispute", date(2035, 8, 14), proceedings="p-1", dispute="d-1")
    assert journey.step(TOLD).state == "done_in_time"
    assert await clocks.go_to(date(2035, 9, 3)) == ["p-1"]
    assert reached(journey) == [("h-1", EARLIER)]


async def test_a_hearing_that_will_not_be_held_does_not_come(journey: Journey) -> None:
    clocks = await in_court(journey)
    await journey.record("hearing_moved", FIRST_DAY, hearing="h-1", reason="made up")
    assert (await clocks.standing("p-1")).next is None
    assert await clocks.go_to(date(2035, 9, 3)) == []
    assert TOLD not in await journey.owed()


async def test_proceedings_that_ended_have_no_clock_any_more(journey: Journey) -> None:
    clocks = await in_court(journey)
    await journey.record("proceedings_ended", FIRST_DAY, proceedings="p-1", outcome="withdrawn")
    assert not await clocks.runs("p-1")
    await journey.go_to(date(2035, 8, 8))
    with pytest.raises(Refused, match=r"\(fact p-1\) ended on 7 August 2035"):
        await journey.record("guardian_appointed", date(2035, 8, 8), proceedings="p-1")
