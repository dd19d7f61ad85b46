"""A set of court proceedings, as a workflow of its own: it has the hearings in its diary.

What is owed to whom before a hearing, and after it, is the law's (`rules.proceedings`). Here is the clock: when the day
of a hearing has come, the episode is told, moved as it may have been until then.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.beside import Clock
    from workflows.beside_messages import BesideOutcome, BesideStart


@workflow.defn(name="Proceedings")
class ProceedingsWorkflow(Clock):
    """One set of proceedings, from the day they were issued until they ended."""

    @workflow.init
    def __init__(self, start: BesideStart) -> None:
        """Take up how the proceedings stand."""
        super().__init__(start)

    @workflow.run
    async def run(self, start: BesideStart) -> BesideOutcome:
        """Have each hearing noted when its day comes, until the proceedings are over."""
        return await self.follow()
