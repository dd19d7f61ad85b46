"""A bank holiday proclaimed or withdrawn: recorded, and every open episode told to derive its agenda again."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.messages import RECORD_CLOSED_DAY, TELL_OPEN_EPISODES, CalendarChange, CalendarChanged


@workflow.defn(name="CalendarChange")
class CalendarChangeWorkflow:
    """One change of the working calendar of one nation."""

    @workflow.run
    async def run(self, change: CalendarChange) -> CalendarChanged:
        """Record the day, then tell the episodes. Telling one twice does no harm."""
        new: bool = await workflow.execute_activity(
            RECORD_CLOSED_DAY, change, result_type=bool, start_to_close_timeout=timedelta(seconds=30)
        )
        told: int = await workflow.execute_activity(
            TELL_OPEN_EPISODES,
            change.closed_day.nation,
            result_type=int,
            start_to_close_timeout=timedelta(hours=2),
            heartbeat_timeout=timedelta(minutes=1),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
        )
        return CalendarChanged(new=new, episodes=told)
