"""What befalls an IRO, as the command line and the desk tell it: they leave, are away, or are back."""

import asyncio
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from register import directory
from register.allocations import ChildOf, bar_to_choice, children_of
from register.asking import asked_for
from register.queries import facts
from rules.acceptance import Refused
from rules.clock import london_date
from rules.directory import Absence
from rules.vocabulary import Frozen
from workflows.iro_service import IroAwayWorkflow, IroLeavesWorkflow
from workflows.messages import ChildrenTold, IroAbsent, IroLeaving
from workflows.messages import Reallocated as Given

PATIENCE_SECONDS = 60
"""How long to wait until every child is seen to; the workflow goes on by itself after that."""


class Reallocated(Frozen):
    """What came of an IRO's leaving.

    Attributes:
        iro: who leaves.
        children: the episodes of those who have another IRO now, or are to have one.
        pending: it is not all done yet: the last day is to come, or some children wait for tomorrow.
    """

    iro: str
    children: tuple[str, ...]
    pending: bool


class Covered(Frozen):
    """What came of an IRO's going away, or coming back.

    Attributes:
        iro: who is away.
        cover: who covers.
        children: the episodes it concerns.
        pending: it is not told to all of them yet.
    """

    iro: str
    cover: str | None
    children: tuple[str, ...]
    pending: bool


async def leaves(
    client: Client, task_queue: str, register: Engine, iro: str, last_day: date, by: str, today: date
) -> Reallocated:
    """Have every child of an IRO given another one on the IRO's last day; at once when it has come.

    Args:
        client: a connected client.
        task_queue: where the worker is.
        register: the database; the directory knows the last day already.
        iro: who leaves.
        last_day: their last day in the post, a London date.
        by: who records it.
        today: a London date.
    """
    children = _episodes(children_of(register, iro).named)
    handle = await client.start_workflow(
        IroLeavesWorkflow.run,
        IroLeaving(iro=iro, last_day=last_day, by=by),
        id=f"iro-leaves-{iro}-{last_day}",
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="An IRO leaves: every child is given another",
    )
    seen = await _seen(handle) if last_day <= today else None
    if seen is None:
        return Reallocated(iro=iro, children=children, pending=True)
    return Reallocated(iro=iro, children=children if seen.left else seen.episodes, pending=bool(seen.left))


async def goes_away(
    client: Client, task_queue: str, register: Engine, absence: Absence, by: str, today: date
) -> Covered:
    """Record an absence, and have the cover arranged for each child from its first day on.

    Args:
        client: a connected client.
        task_queue: where the worker is.
        register: the database.
        absence: who is away, when, and who covers.
        by: who records it.
        today: a London date.

    Raises:
        Refused: the cover may not review for one of the children; nothing was written.
        DirectoryRefused: the absence cannot be; nothing was written.
    """
    children = children_of(register, absence.person).named
    if absence.cover:
        _refuse_a_barred_cover(register, absence.cover, children)
    directory.record_absence(register, absence, by, datetime.now(UTC))
    if absence.cover is None:
        return Covered(iro=absence.person, cover=None, children=_episodes(children), pending=False)
    try:
        await client.start_workflow(
            IroAwayWorkflow.run,
            IroAbsent(absence=absence, by=by),
            id=_away(absence.person, absence.since),
            task_queue=task_queue,
            static_summary="An IRO is away: each child is covered for",
        )
    except WorkflowAlreadyStartedError:
        await look_again(client, absence.person, absence.since)  # The same absence, told anew.
    arranged = absence.since <= today and await _until_covered(register, absence)
    return Covered(iro=absence.person, cover=absence.cover, children=_episodes(children), pending=not arranged)


async def is_back(client: Client, task_queue: str, register: Engine, iro: str, last_day_away: date, by: str) -> Covered:
    """End an absence, and the cover for each child.

    Args:
        client: a connected client.
        task_queue: where the worker is.
        register: the database.
        iro: who is back.
        last_day_away: the last day of the absence, a London date.
        by: who records it.

    Raises:
        DirectoryRefused: they are not away; nothing was written.
    """
    before = [each for each in directory.absences(register, iro) if each.includes(last_day_away)]
    directory.end_absence(register, iro, last_day_away, by, datetime.now(UTC))
    absence = before[0] if before else None
    if absence is None or absence.cover is None:
        return Covered(iro=iro, cover=None, children=(), pending=False)
    handle: WorkflowHandle[IroAwayWorkflow, ChildrenTold] = client.get_workflow_handle_for(
        IroAwayWorkflow.run, _away(iro, absence.since)
    )
    try:
        await handle.signal(IroAwayWorkflow.look_again)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return Covered(iro=iro, cover=absence.cover, children=(), pending=False)
    told: ChildrenTold | None = await _over(handle) if last_day_away < london_date(datetime.now(UTC)) else None
    return Covered(iro=iro, cover=absence.cover, children=told.episodes if told else (), pending=told is None)


def _refuse_a_barred_cover(register: Engine, cover: str, children: tuple[ChildOf, ...]) -> None:
    at = datetime.now(UTC)
    barred = (
        bar_to_choice(register, asked_for(child.episode, facts(register, child.episode), at), cover)
        for child in children
    )
    reasons = [why for why in barred if why]
    if reasons:
        raise Refused(f"{cover} cannot cover for {len(reasons)} of {len(children)} children: {reasons[0]}")


def _episodes(children: tuple[ChildOf, ...]) -> tuple[str, ...]:
    return tuple(child.episode for child in children)


def _away(iro: str, since: date) -> str:
    return f"iro-away-{iro}-{since}"


async def _until_covered(register: Engine, absence: Absence) -> bool:
    """Whether every child of an absent IRO came to be covered for while we waited."""
    for _ in range(PATIENCE_SECONDS * 5):
        covered = set(_episodes(children_of(register, absence.cover or "").covered))
        if set(_episodes(children_of(register, absence.person).named)) <= covered:
            return True
        await asyncio.sleep(0.2)
    return False


async def look_again(client: Client, iro: str, since: date) -> None:
    """Have an absence looked at now, because it was changed; nothing comes of it where it is over.

    Args:
        client: a connected client.
        iro: who is away.
        since: the first day of the absence, a London date.
    """
    handle: WorkflowHandle[IroAwayWorkflow, ChildrenTold] = client.get_workflow_handle_for(
        IroAwayWorkflow.run, _away(iro, since)
    )
    try:
        await handle.signal(IroAwayWorkflow.look_again)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def _seen(handle: WorkflowHandle[IroLeavesWorkflow, Given]) -> Given | None:
    """What came of an IRO's leaving so far; None when the children were not looked at in time."""
    for _ in range(PATIENCE_SECONDS * 5):
        if seen := await handle.query(IroLeavesWorkflow.so_far):
            return seen
        await asyncio.sleep(0.2)
    return None


async def _over(handle: WorkflowHandle[IroAwayWorkflow, ChildrenTold]) -> ChildrenTold | None:
    """What came of an absence; None when it is not over in time, and ends by itself."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await handle.result()
    except TimeoutError:
        return None
