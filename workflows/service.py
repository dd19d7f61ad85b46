"""The service seen whole, on Temporal Schedules: concerns and patterns every morning, the digest every Monday."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import MAKE_DIGESTS, RAISE_CONCERNS, ServiceWatched

_PATIENCE = timedelta(minutes=10)


@workflow.defn(name="ServiceWatch")
class ServiceWatchWorkflow:
    """Look for steps that slip for many children of one team, and for poor practice noted with many."""

    @workflow.run
    async def run(self) -> ServiceWatched:
        """Raise what is new, each once."""
        raised: int = await workflow.execute_activity(
            RAISE_CONCERNS, workflow.now(), result_type=int, start_to_close_timeout=_PATIENCE
        )
        return ServiceWatched(raised=raised)


@workflow.defn(name="WeeklyDigest")
class WeeklyDigestWorkflow:
    """Make each authority's digest of the week, for its IRO manager."""

    @workflow.run
    async def run(self) -> ServiceWatched:
        """Make them, each once a week."""
        made: int = await workflow.execute_activity(
            MAKE_DIGESTS, workflow.now(), result_type=int, start_to_close_timeout=_PATIENCE
        )
        return ServiceWatched(raised=made)
