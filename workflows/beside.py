"""What runs beside an episode with a clock of its own: a formal dispute, a set of court proceedings.

The facts and the law stay with the episode; a clock waits for the instant that the episode gave it, and then has the
episode record what comes of it. It outlives a review, a run of the episode and the end of care, and ends when the
episode says that its matter is over.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from rules.steps import RunsBeside
    from workflows import search_attributes
    from workflows.beside_messages import (
        CLOCKS,
        FINISHED,
        RECORD_BESIDE,
        STANDS,
        START_BESIDE,
        BesideAct,
        BesideAnswer,
        BesideOutcome,
        BesideStart,
    )

_KEEP_TRYING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
"""How long the episode's word is waited for, once what was due is not on its page yet, before it is asked again."""


@workflow.defn(name=START_BESIDE)
class StartBesideWorkflow:
    """Starts a clock beside an episode, and ends: neither then waits for the other, nor is closed with it."""

    @workflow.run
    async def run(self, start: BesideStart) -> None:
        """Start it, or tell the one that runs how its matter stands."""
        try:
            await workflow.start_child_workflow(
                CLOCKS[start.standing.kind],
                start,
                id=start.clock,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(search_attributes.AUTHORITY, start.authority)]
                ),
            )
        except WorkflowAlreadyStartedError:
            try:
                await workflow.get_external_workflow_handle(start.clock).signal(STANDS, start.standing)
            except ApplicationError:
                pass  # It ended just now; the episode starts another where there is still something to come.


class Clock:
    """What the clocks have in common."""

    def __init__(self, start: BesideStart) -> None:
        """Take up how the matter stands."""
        self.start = start
        self.standing = start.standing
        self.told = 0

    @workflow.signal(name=STANDS)
    def stands(self, standing: RunsBeside) -> None:
        """Take up how the matter stands now: the episode says so whenever that changes."""
        self.standing = standing
        self.told += 1

    @workflow.query(name="standing")
    def stands_so(self) -> RunsBeside:
        """How the matter stands, as the episode said last."""
        return self.standing

    async def follow(self) -> BesideOutcome:
        """Wait for what is to come by itself, have it recorded, and go on until the matter is over."""
        wait = _FIRST_WAIT
        while not self.standing.over:
            self._show()
            told, ring = self.told, self.standing.next
            if ring is None or ring.at > workflow.now():
                await self._wait(told, ring.at - workflow.now() if ring else None, ring.what if ring else None)
                wait = _FIRST_WAIT
            else:
                await self._have_it_recorded()
                await self._wait(told, wait, "the episode's word")
                wait = min(2 * wait, _LONGEST_WAIT)
            if workflow.info().is_continue_as_new_suggested() and not self.standing.over:
                workflow.continue_as_new(self.start.model_copy(update={"standing": self.standing}))
        self._show()
        return BesideOutcome(episode=self.start.episode, name=self.standing.name, stage=self.standing.stage)

    async def _wait(self, told: int, longest: timedelta | None, what: str | None) -> None:
        """Until the episode says something, or the time is up."""
        try:
            await workflow.wait_condition(lambda: self.told != told, timeout=longest, timeout_summary=what)
        except TimeoutError:
            pass  # It is time.

    async def _have_it_recorded(self) -> None:
        """Tell the episode. What it refuses was overtaken, and its word is on the way; or it is asked again later."""
        if self.standing.then:
            answer: BesideAnswer = await workflow.execute_activity(
                RECORD_BESIDE,
                BesideAct(episode=self.start.episode, fact=self.standing.then),
                result_type=BesideAnswer,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_KEEP_TRYING,
                summary=self.standing.next.what if self.standing.next else None,
            )
            if answer.refused == FINISHED:
                self.standing = self.standing.model_copy(update={"over": True})

    def _show(self) -> None:
        workflow.set_current_details(self.standing.words)
        stage = search_attributes.STAGE
        if workflow.info().typed_search_attributes.get(stage) != self.standing.stage:
            workflow.upsert_search_attributes([stage.value_set(self.standing.stage)])
