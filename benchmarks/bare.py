"""The yardstick: the least that a durable workflow can be which waits for a day and takes down what people do.

One timer of 20 days, one update, one activity, the answer given when the activity is done. Nothing is derived,
nothing stored but by Temporal.
"""

from datetime import timedelta

from pydantic import BaseModel
from temporalio import activity, workflow

BARE_QUEUE = "bare"


class Note(BaseModel):
    """What is taken down.

    Attributes:
        id: chosen by the sender.
        text: some words.
    """

    id: str
    text: str


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
        await workflow.sleep(timedelta(days=20))
        return first.id

    @workflow.update
    async def record(self, note: Note) -> str:
        """Take a note; answered once the activity is done."""
        return await workflow.execute_activity(take_down, note, start_to_close_timeout=timedelta(seconds=30))
