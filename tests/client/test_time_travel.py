"""What time travel can do on the server that is pinned, so that a new server that cannot is noticed."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
)
from temporalio.worker import Worker

from client.time_travel import TravelServer, TravelStuck
from tests.client.conftest import QUEUE, Handle, next_alarm, sample_worker
from tests.client.sample_workflow import Diary, Sample

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=10)


async def start(travel: TravelServer, **given: object) -> Handle:
    diary = Diary.model_validate({"name": "Ada", **given})
    return await travel.client.start_workflow(Sample.run, diary, id=f"sample-{uuid4()}", task_queue=QUEUE)


async def test_a_year_passes_alarm_by_alarm_across_continue_as_new(travel: TravelServer, worker: Worker) -> None:
    handle = await start(travel)
    due = await next_alarm(handle)
    for month in range(1, 13):
        assert await travel.jump_to(handle, due + HOUR)
        diary = await handle.query(Sample.read)
        assert len(diary.rang) == month
        assert timedelta(0) <= diary.rang[-1] - due < A_MOMENT
        assert timedelta(0) <= await travel.now(handle) - (due + HOUR) < A_MOMENT
        assert await handle.execute_update(Sample.act, f"act {month}") - (due + HOUR) < A_MOMENT
        due += diary.every
    diary = await handle.query(Sample.read)
    assert diary.runs == 4
    assert diary.acts == [f"act {month}" for month in range(1, 13)]


async def test_jump_along_stops_at_every_alarm_on_the_way(travel: TravelServer, worker: Worker) -> None:
    handle = await start(travel)
    first = await next_alarm(handle)
    goal = first + timedelta(days=65)
    rung = await travel.jump_along(handle, goal, lambda: next_alarm(handle))
    assert rung == [first, first + timedelta(days=30), first + timedelta(days=60)]
    assert len((await handle.query(Sample.read)).rang) == 3
    assert timedelta(0) <= await travel.now(handle) - goal < A_MOMENT


async def test_update_with_start_begins_a_workflow_and_finds_it_after_a_jump(
    travel: TravelServer, worker: Worker
) -> None:
    id = f"sample-{uuid4()}"
    handle: Handle = travel.client.get_workflow_handle_for(Sample.run, id)

    async def act(text: str) -> datetime:
        start = WithStartWorkflowOperation(
            Sample.run,
            Diary(name="Ada"),
            id=id,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        return await travel.client.execute_update_with_start_workflow(Sample.act, text, start_workflow_operation=start)

    assert datetime.now(UTC) - await act("first") < A_MOMENT
    due = await next_alarm(handle)
    await travel.jump_to(handle, due + HOUR)
    assert await act("second") - (due + HOUR) < A_MOMENT
    diary = await handle.query(Sample.read)
    assert (diary.acts, len(diary.rang), diary.runs) == (["first", "second"], 1, 1)


async def test_a_workflow_can_begin_at_a_chosen_later_day(travel: TravelServer, worker: Worker) -> None:
    shelf = SearchAttributeKey.for_keyword("Shelf")
    monday = datetime(2031, 1, 6, 9, tzinfo=UTC)
    handle: Handle = await travel.start_at(
        monday,
        "Sample",
        Diary(name="Ada", every=timedelta(days=20)),
        id=f"sample-{uuid4()}",
        task_queue=QUEUE,
        search_attributes=TypedSearchAttributes([SearchAttributePair(shelf, "upper")]),
        summary="A test",
    )
    diary = await handle.query("read", result_type=Diary)
    assert timedelta(0) <= diary.began[0] - monday < A_MOMENT
    described = await handle.describe()
    assert described.start_time - monday < A_MOMENT
    assert described.typed_search_attributes[shelf] == "upper"
    assert await described.static_summary() == "A test"
    goal = monday + timedelta(days=100, hours=1)
    rung = await travel.jump_along(handle, goal, lambda: next_alarm(handle))
    diary = await handle.query("read", result_type=Diary)
    assert (len(rung), len(diary.rang), diary.runs) == (5, 5, 2)


async def test_acts_and_signals_sent_while_the_clock_jumps_are_all_kept(travel: TravelServer, worker: Worker) -> None:
    handle = await start(travel)
    goal = await next_alarm(handle) + timedelta(days=100)
    acts = [f"act {number}" for number in range(8)]
    await asyncio.gather(
        travel.jump_to(handle, goal),
        *(handle.execute_update(Sample.act, act) for act in acts),
        *(handle.signal(Sample.nudge, act) for act in acts),
    )
    diary = await handle.query(Sample.read)
    assert sorted(diary.acts) == sorted(diary.nudges) == acts
    assert len(diary.rang) == 4


async def test_a_jump_says_when_the_workflow_ended_before(travel: TravelServer, worker: Worker) -> None:
    handle = await start(travel)
    await handle.signal(Sample.end)
    await handle.result()
    assert not await travel.jump_to(handle, datetime.now(UTC) + timedelta(days=1))


async def test_a_clock_does_not_go_back(travel: TravelServer, worker: Worker) -> None:
    handle = await start(travel)
    with pytest.raises(ValueError, match="cannot go back"):
        await travel.jump_to(handle, datetime.now(UTC) - timedelta(days=1))


async def test_an_open_child_holds_the_clock_of_its_parent_and_has_its_own(
    travel: TravelServer, worker: Worker
) -> None:
    parent = await start(travel)
    child: Handle = travel.client.get_workflow_handle_for(Sample.run, f"child-{uuid4()}")
    await parent.execute_update(Sample.have_child, child.id)
    goal = datetime.now(UTC) + timedelta(days=10)
    with pytest.raises(TravelStuck, match=f"open child {child.id}"):
        await travel.jump_to(parent, goal, limit=timedelta(seconds=1))
    await travel.jump_to(child, goal)
    assert await travel.now(child) >= goal
    await child.signal(Sample.end)
    await child.result()
    # The jump given up above was only waiting.
    async with asyncio.timeout(10):
        while await travel.now(parent) < goal:
            await asyncio.sleep(0.05)


async def test_a_jump_without_a_worker_says_so_and_the_next_worker_goes_on(travel: TravelServer) -> None:
    async with sample_worker(travel.client):
        handle = await start(travel)
        due = await next_alarm(handle)
    with pytest.raises(TravelStuck, match="no worker completes"):
        await travel.jump_to(handle, due + HOUR, limit=timedelta(seconds=1))
    async with sample_worker(travel.client):
        assert len((await handle.query(Sample.read)).rang) == 1
