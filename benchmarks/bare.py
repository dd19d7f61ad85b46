"""The yardsticks: the least that a durable workflow can be which waits for a day and takes down what people do.

`BareWorkflow` is what ours is compared with: one timer of 20 days, one update, one activity, the answer given when
the activity is done. Nothing is derived, and nothing stored but by Temporal. `LeanWorkflow` goes part of the way to
ours, so that one can see what each part costs.
"""

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.common import SearchAttributeUpdate

from workflows import search_attributes

BARE_QUEUE = "bare"
A_WHILE = timedelta(days=20)
PATIENCE = timedelta(seconds=30)


class Note(BaseModel):
    """What is taken down.

    Attributes:
        id: chosen by the sender.
        text: some words.
    """

    id: str
    text: str


class Manner(BaseModel):
    """How a lean workflow does it.

    Attributes:
        sets_timer_anew: after each act, as ours does for its next alarm.
        sets_attributes: search attributes after each act, as ours does when they change.
    """

    sets_timer_anew: bool = False
    sets_attributes: bool = False


@activity.defn
def take_down(note: Note) -> str:
    """Do nothing, and say for which note."""
    return note.id


@workflow.defn(name="Bare")
class BareWorkflow:
    """Waits, and takes notes."""

    @workflow.run
    async def run(self, first: Note) -> str:
        """Wait for 20 days."""
        await workflow.sleep(A_WHILE)
        return first.id

    @workflow.update
    async def record(self, note: Note) -> str:
        """Take a note; answered once the activity is done."""
        return await workflow.execute_activity(take_down, note, start_to_close_timeout=PATIENCE)


@workflow.defn(name="Lean")
class LeanWorkflow:
    """Waits, and takes notes by a local activity."""

    @workflow.init
    def __init__(self, manner: Manner) -> None:
        """Begin with nothing taken down."""
        self.manner = manner
        self.taken = 0
        self.seen = 0

    @workflow.run
    async def run(self, manner: Manner) -> int:
        """Wait for 20 days, or for 20 days after the last note."""
        while await self._something_came():
            pass
        return self.taken

    @workflow.update
    async def record(self, note: Note) -> str:
        """Take a note; answered once the activity is done."""
        answer = await workflow.execute_local_activity(take_down, note, start_to_close_timeout=PATIENCE)
        self.taken += 1
        if self.manner.sets_attributes:
            workflow.upsert_search_attributes(_attributes(self.taken))
        return answer

    async def _something_came(self) -> bool:
        try:
            await workflow.wait_condition(
                lambda: self.manner.sets_timer_anew and self.taken > self.seen,
                timeout=A_WHILE,
                timeout_summary="First review (20 working days) falls due",
            )
        except TimeoutError:
            return False
        self.seen = self.taken
        return True


def _attributes(number: int) -> list[SearchAttributeUpdate[Any]]:
    day = date(2026, 1, 1) + timedelta(days=number)
    return search_attributes.updates(
        iro="iro-1", stage="informing", next_due=day, overdue=number, highest_rung="breach"
    )
