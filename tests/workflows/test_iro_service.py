"""An IRO leaves, or is away and back: every child is seen to. The service is looked at as a whole, on schedules."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from temporalio.client import WorkflowHandle

from client.iro_service import goes_away
from client.schedules import SCHEDULES, keep_schedules
from register import directory, queries
from register.allocations import children_of
from register.service import concerns, service_week
from rules.acceptance import Refused
from rules.directory import Absence, Bar, BarKind
from rules.facts.iro import IroCoverArranged
from tests.workflows.journey import Journey, instant
from tests.workflows.test_allocation import AUTHORITY, WRITTEN, add_iros
from workflows.messages import TASK_QUEUE, ChildrenTold, IroAbsent, IroLeaving, Reallocated

FIRST_DAY = date(2036, 6, 5)
LATER = date(2036, 6, 20)


async def three_children(journey: Journey) -> list[Journey]:
    """Three children of one IRO, while the other one has room."""
    add_iros(journey.register, "IRO-1")
    children = [journey, *(Journey(journey.server, journey.keys, journey.register) for _ in range(2))]
    for child in children:
        await child.begin(FIRST_DAY)
        await child.go_to(LATER)
    add_iros(journey.register, "IRO-2")
    return children


async def started(journey: Journey, name: str, order: object, at: datetime) -> WorkflowHandle[object, object]:
    identity = f"{name}-{journey.episode}"
    await journey.server.start_at(at, name, order, id=identity, task_queue=TASK_QUEUE)
    return journey.server.client.get_workflow_handle(identity)


async def test_an_iro_who_leaves_leaves_no_child_behind(journey: Journey) -> None:
    children = await three_children(journey)
    before = {child.episode: {step.key: step.due for step in (await child.agenda()).steps} for child in children}
    directory.set_last_day(journey.register, "IRO-1", LATER, by="test", at=WRITTEN)
    handle = await started(journey, "IroLeaves", IroLeaving(iro="IRO-1", last_day=LATER, by="test"), instant(LATER, 10))
    given = Reallocated.model_validate(await handle.result(), from_attributes=True)
    assert set(given.episodes) == {child.episode for child in children}
    assert children_of(journey.register, "IRO-1").named == ()
    for child in children:
        derived = await child.agenda()
        assert derived.iro == "IRO-2"
        after = {step.key: step.due for step in derived.steps}
        assert all(after[key] == due for key, due in before[child.episode].items() if key in after)
        assert any(step.name == "hand_over" and step.is_open for step in queries.steps(child.register, child.episode))


async def test_an_absent_iro_is_covered_for_until_back_and_stays_the_childs(journey: Journey) -> None:
    children = await three_children(journey)
    absence = Absence(person="IRO-1", since=LATER, until=date(2036, 6, 27), cover="IRO-2")
    directory.record_absence(journey.register, absence, "test", WRITTEN)
    handle = await started(journey, "IroAway", IroAbsent(absence=absence, by="test"), instant(LATER, 10))
    await journey.server.jump_to(handle, instant(date(2036, 6, 21), 1))
    for child in children:
        derived = await child.agenda()
        assert (derived.iro, derived.cover) == ("IRO-1", "IRO-2")
        kept = [entry.fact for entry in queries.facts(child.register, child.episode)]
        assert [fact.until for fact in kept if isinstance(fact, IroCoverArranged)] == [absence.until]
    for child in children:
        await child.go_to(date(2036, 6, 21))
    directory.end_absence(journey.register, "IRO-1", date(2036, 6, 20), "test", WRITTEN)
    await handle.signal("look_again")
    told = ChildrenTold.model_validate(await handle.result(), from_attributes=True)
    assert told.over and len(told.episodes) == 3
    assert {(await child.agenda()).cover for child in children} == {None}


async def test_a_cover_who_may_not_review_for_one_of_the_children_is_refused(journey: Journey) -> None:
    children = await three_children(journey)
    assert children[1].opening is not None
    bar = Bar(iro="IRO-2", against=children[1].opening.child, kind=BarKind.RESOURCES)
    directory.add_bar(journey.register, bar, by="test", at=WRITTEN)
    absence = Absence(person="IRO-1", since=date.today(), cover="IRO-2")
    with pytest.raises(Refused, match=r"IRO-2 cannot cover for 1 of 3 children: .*controls resources"):
        await goes_away(journey.server.client, TASK_QUEUE, journey.register, absence, "test", date.today())
    assert directory.absences(journey.register, "IRO-1") == []


async def test_the_schedules_are_made_once_and_look_at_the_service(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1")
    await journey.begin(FIRST_DAY)
    client = journey.server.client
    await keep_schedules(client, TASK_QUEUE)
    await keep_schedules(client, TASK_QUEUE)
    made = {each.id async for each in await client.list_schedules()}
    assert made >= {name for name, *_ in SCHEDULES}
    await client.get_schedule_handle("weekly-digest").trigger()
    for _ in range(100):
        owed = [notice for notice in queries.owed_notices(journey.register) if notice.service == AUTHORITY]
        if owed:
            break
        await asyncio.sleep(0.1)
    assert [notice.name for notice in owed] == ["weekly_digest"]
    assert concerns(journey.register, AUTHORITY) == []
    week = service_week(journey.register, AUTHORITY, datetime.now(UTC).date())
    assert [(each.iro, each.children) for each in week.caseloads] == [("IRO-1", 1)]
