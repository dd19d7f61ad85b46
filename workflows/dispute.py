"""A formal dispute, as a workflow of its own: its stages answer in their days, or it goes up by itself.

Which stage answers by when is the law's and the authority's (`rules.dispute`); who may do what, the episode's. Here is
the clock: nobody's silence holds a dispute up, and neither does a server that was down.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.beside import Clock
    from workflows.beside_messages import BesideOutcome, BesideStart


@workflow.defn(name="Dispute")
class DisputeWorkflow(Clock):
    """One formal dispute, from the day it was raised until it is resolved or withdrawn."""

    @workflow.init
    def __init__(self, start: BesideStart) -> None:
        """Take up how the dispute stands."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: BesideStart) -> BesideOutcome:
        """Move the dispute up whenever a stage did not answer, until it is over."""
        return await self.follow()
