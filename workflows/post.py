"""The post room's round: whoever is owed something is found, and it is sent.

A round is started by a Temporal Schedule every few minutes, and at once when something urgent is owed. It works from
the register, so that no case ever waits for a mail server.
"""

from collections.abc import Iterable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from rules.network import Way
    from workflows.post_messages import (
        ADDRESS_POST,
        SEND_POST,
        TAKE_RECEIPTS,
        TELL_UNDELIVERED,
        PostRound,
        SendPost,
        SentPost,
    )

_LONGEST_ROUND = 200
"""Batches; what is left then waits for the next round, so that no history grows without end."""
_PATIENCE = timedelta(minutes=10)
_HEARTBEAT = timedelta(seconds=20)
_RETRY = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name="PostRound")
class PostRoundWorkflow:
    """One round of the post room."""

    @workflow.run
    async def run(self) -> PostRound:
        """Address what is owed, send what can be sent now, take in receipts, and tell of what reached nobody."""
        addressed = await self._address()
        sent, failed, blocked = await self._send()
        receipts = await self._count(TAKE_RECEIPTS)
        told = await self._count(TELL_UNDELIVERED)
        return PostRound(
            addressed=addressed, sent=sent, failed=failed, receipts=receipts, told=told, blocked=tuple(sorted(blocked))
        )

    async def _address(self) -> int:
        addressed = 0
        for _ in range(_LONGEST_ROUND):
            batch = await self._count(ADDRESS_POST)
            addressed += batch
            if not batch:
                break
        return addressed

    async def _send(self) -> tuple[int, int, Iterable[Way]]:
        sent, failed, blocked = 0, 0, set[Way]()
        for _ in range(_LONGEST_ROUND):
            request = SendPost(now=workflow.now(), but_not=tuple(sorted(blocked)))
            batch: SentPost = await workflow.execute_activity(
                SEND_POST,
                request,
                result_type=SentPost,
                start_to_close_timeout=_PATIENCE,
                heartbeat_timeout=_HEARTBEAT,
                retry_policy=_RETRY,
            )
            sent, failed = sent + batch.sent, failed + batch.failed
            blocked |= set(batch.blocked)
            if not batch.tried:
                break
        return sent, failed, blocked

    async def _count(self, activity: str) -> int:
        done: int = await workflow.execute_activity(
            activity,
            workflow.now(),
            result_type=int,
            start_to_close_timeout=_PATIENCE,
            retry_policy=_RETRY,
        )
        return done
