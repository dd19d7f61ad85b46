"""A round of webhooks: what receivers are owed is sent, apart from the post, so that neither waits for the other.

Rounds are started every few minutes, and at once when something is owed. Several may be at work together: a receiver
is claimed by one of them.
"""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.webhook_messages import SEND_WEBHOOKS, SentWebhooks, WebhookRound

WORTH_WAITING_FOR = timedelta(minutes=2)
"""What is put off for longer is left to a later round."""
_LONGEST_ROUND = 200
"""Batches; so that no history grows without end."""
_PATIENCE = timedelta(minutes=3)
_RETRY = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name="WebhookRound")
class WebhookRoundWorkflow:
    """One round."""

    @workflow.run
    async def run(self) -> WebhookRound:
        """Send until nothing can go, and wait for what was put off for a moment only."""
        delivered, failed, again = 0, 0, set[datetime]()
        for _ in range(_LONGEST_ROUND):
            batch: SentWebhooks = await workflow.execute_activity(
                SEND_WEBHOOKS,
                workflow.now(),
                result_type=SentWebhooks,
                start_to_close_timeout=_PATIENCE,
                retry_policy=_RETRY,
            )
            delivered, failed = delivered + batch.delivered, failed + batch.failed
            again = {at for at in again | set(batch.again_at) if at > workflow.now()}
            # What came to be owed to a receiver while it was ours, nobody else could send: look once more.
            if batch.receivers:
                continue
            soonest = min(again, default=None)
            if soonest is None or soonest - workflow.now() > WORTH_WAITING_FOR:
                break
            await workflow.sleep(soonest - workflow.now())
        return WebhookRound(delivered=delivered, failed=failed)
