"""What befalls an IRO, carried to each of their children: they leave, or are away and covered for.

Each waits for its day, and then goes on until every child is seen to: nothing is left to somebody's memory.
"""

from datetime import date, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from rules.clock import london_date, start_of
    from workflows.messages import (
        COVER_CHILDREN,
        GIVE_UP_CHILDREN,
        ChildrenTold,
        IroAbsent,
        IroLeaving,
        Reallocated,
    )

_TAKES_LONG = timedelta(hours=2)
_BEATS = timedelta(minutes=1)
_KEEP_TRYING = RetryPolicy(maximum_interval=timedelta(seconds=30))


@workflow.defn(name="IroLeaves")
class IroLeavesWorkflow:
    """An IRO leaves, and every child of theirs is given another one, with the reasons."""

    def __init__(self) -> None:
        """Begin with nobody told."""
        self.seen: Reallocated | None = None

    @workflow.query
    def so_far(self) -> Reallocated | None:
        """Who has another IRO now; None before the children were first looked at."""
        return self.seen

    @workflow.run
    async def run(self, leaving: IroLeaving) -> Reallocated:
        """On the last day, have each child given up and allocated anew; until none is left."""
        episodes: dict[str, None] = {}
        await _wait_for(leaving.last_day, "the last day in the post")
        while True:
            told: ChildrenTold = await workflow.execute_activity(
                GIVE_UP_CHILDREN,
                args=[leaving, workflow.now()],
                result_type=ChildrenTold,
                start_to_close_timeout=_TAKES_LONG,
                heartbeat_timeout=_BEATS,
                retry_policy=_KEEP_TRYING,
            )
            episodes |= dict.fromkeys(told.episodes)
            self.seen = Reallocated(iro=leaving.iro, episodes=tuple(episodes), left=told.left)
            if not told.left:
                return self.seen
            # A child who was given them today can be given to another tomorrow.
            await _wait_for(london_date(workflow.now()) + timedelta(days=1), "children not given up yet")


@workflow.defn(name="IroAway")
class IroAwayWorkflow:
    """An IRO is away: each child they have, or come to have meanwhile, is covered for until they are back."""

    def __init__(self) -> None:
        """Begin with nothing to look at."""
        self.look = False

    @workflow.signal(name="look_again")
    def look_again(self) -> None:
        """Look at once: the absence was changed."""
        self.look = True

    @workflow.run
    async def run(self, absent: IroAbsent) -> ChildrenTold:
        """From the first day on, look every day at the children and at whether the absence still stands."""
        await self._wait_for(absent.absence.since)
        while True:
            self.look = False
            told: ChildrenTold = await workflow.execute_activity(
                COVER_CHILDREN,
                args=[absent, workflow.now()],
                result_type=ChildrenTold,
                start_to_close_timeout=_TAKES_LONG,
                heartbeat_timeout=_BEATS,
                retry_policy=_KEEP_TRYING,
            )
            if told.over:
                return told
            if workflow.info().is_continue_as_new_suggested() and not self.look:
                workflow.continue_as_new(absent)
            await self._wait_for(london_date(workflow.now()) + timedelta(days=1))

    async def _wait_for(self, day: date) -> None:
        ahead = start_of(day) - workflow.now()
        if ahead > timedelta(0):
            try:
                await workflow.wait_condition(lambda: self.look, timeout=ahead, timeout_summary="the next day")
            except TimeoutError:
                pass  # The day has come.


async def _wait_for(day: date, what: str) -> None:
    ahead = start_of(day) - workflow.now()
    if ahead > timedelta(0):
        await workflow.sleep(ahead, summary=what)
