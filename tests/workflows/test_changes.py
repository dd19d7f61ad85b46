"""Corrections, withdrawals, exemptions and a calendar that changes."""

from datetime import date, timedelta

import pytest

from register import queries
from rules.acceptance import Refused
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.vocabulary import Nation
from tests.workflows.journey import Journey
from workflows.calendar_change import CalendarChangeWorkflow
from workflows.messages import TASK_QUEUE, CalendarChange

FIRST_DAY = date(2035, 6, 5)


async def test_a_corrected_first_day_moves_every_open_date(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    right = journey.opening.model_copy(update={"on": date(2035, 5, 29)})
    await journey.record(
        "fact_corrected", FIRST_DAY, corrects="opening", reason="admitted a week earlier", to=right.model_dump()
    )
    assert journey.step("first_review").due == date(2035, 6, 26)
    # What had passed by the corrected day could not have been known: one escalation, at the highest rung.
    raised = journey.escalations("notify_iro_service")
    assert [each.rung for each in raised] == ["reminder", "service_manager"]
    recorded = {entry.fact.kind for entry in queries.facts(journey.register, journey.episode)}
    assert {"became_looked_after", "fact_corrected"} <= recorded


async def test_a_review_recorded_in_error_is_withdrawn_and_owed_again(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 20))
    await journey.record("review_held", date(2035, 6, 20), fact_id="wrong", participation="PN1")
    assert "record.wrong" in await journey.owed()
    await journey.record("fact_withdrawn", date(2035, 6, 20), withdraws="wrong", reason="another child's")
    owed = await journey.owed()
    assert "first_review" in owed
    assert "record.wrong" not in owed
    assert journey.step("record.wrong").state == "not_required"


async def test_an_exempted_step_is_silent_until_the_exemption_ends(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    until = date(2035, 6, 20)
    await journey.record("step_exempted", FIRST_DAY, step="appoint_iro", reason="agreed with the manager", until=until)
    await journey.go_to(date(2035, 6, 20))
    assert journey.rungs("appoint_iro") == []
    assert journey.step("appoint_iro").state == "exempted"
    await journey.go_to(date(2035, 6, 21), 12)
    # Care of the rungs that passed meanwhile: one escalation, not three.
    assert journey.rungs("appoint_iro") == ["assistant_director"]


async def test_an_unknown_step_cannot_be_exempted(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    with pytest.raises(Refused, match="no such step .*tea_party"):
        await journey.record("step_exempted", FIRST_DAY, step="tea_party", reason="because")


async def test_a_bank_holiday_proclaimed_moves_the_dates_of_open_episodes(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.step("first_review").due == date(2035, 7, 3)
    change = CalendarChange(
        closed_day=ClosedDay(nation=Nation.ENGLAND, day=date(2035, 6, 15), change=ClosedDayChange.ADD), by="ops"
    )
    result = await journey.server.client.execute_workflow(
        CalendarChangeWorkflow.run, change, id=f"calendar-{journey.episode}", task_queue=TASK_QUEUE
    )
    assert (result.new, result.episodes) == (True, 1)
    await journey.go_to(FIRST_DAY + timedelta(days=1))
    assert journey.step("first_review").due == date(2035, 7, 4)
    assert "bank holiday added" in str(journey.step("first_review").basis.skipped)
