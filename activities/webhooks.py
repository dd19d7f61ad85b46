"""Receivers are told what they are owed: each in order, all side by side, and again later where one is in trouble.

An event stands in the register before it is tried, and what came of it is noted. A worker that is killed in between
leaves the receiver claimed for a while; then the same event goes again under the same id, by which a receiver can tell.
"""

import asyncio
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from temporalio import activity

from post.settings import PostSettings
from post.webhook_messages import WebhookState
from post.webhooks import Answer, Receiver, Verdict, WebhookSender
from register import webhook_sending as book
from register.webhook_sending import Claim, Owed, Tried
from workflows.webhook_messages import SEND_WEBHOOKS, SentWebhooks

AT_ONCE = 20
"""Receivers sent to side by side."""
BATCH = 50
"""Events of one receiver read at once."""
GOES_ON_FOR = timedelta(seconds=20)
"""No new try begins after so long in one activity."""
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
"""An event that a receiver could not take for so long is not tried any more."""
WAITS_AFTER_REFUSALS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""An event that the receiver refuses is tried so often again, in case something is put right there."""
FAILURES_IN_A_ROW = 5
"""After so many a receiver is left in peace, whatever it says."""

_NO_SECRET = Answer(
    verdict=Verdict.LATER,
    reason="The webhook's secret cannot be opened: see that KEYS_FILE names the keys it was added with.",
    whole=True,
)


@dataclass
class _Came:
    """What came of a receiver's events."""

    delivered: int = 0
    failed: int = 0
    again_at: set[datetime] = field(default_factory=set)


class WebhookActivities:
    """What is sent to receivers."""

    def __init__(
        self,
        register: Engine,
        settings: PostSettings,
        unseal: Callable[[str], str | None],
        *,
        sender: WebhookSender | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take what it works with.

        Args:
            register: the database.
            settings: how webhooks are sent, and for how long a receiver is one worker's.
            unseal: makes a webhook's secret of what is kept of it; None where that cannot be done.
            sender: sends; by the settings when left out.
            clock: the instant now, UTC.
        """
        self._register = register
        self._unseal = unseal
        self._sender = sender or WebhookSender(settings.webhooks)
        # A claim lasts for longer than any single try.
        self._lease = timedelta(seconds=max(settings.lease, 2 * settings.webhooks.patience))
        self._clock = clock

    @activity.defn(name=SEND_WEBHOOKS)
    async def send_webhooks(self, now: datetime) -> SentWebhooks:
        """Send to every receiver that is owed something and is nobody else's, until it has all or is in trouble."""
        claimed = await to_thread(book.claim, self._register, self._at_least(now), self._lease, AT_ONCE)
        done = await asyncio.gather(*(self._serve(each, now) for each in claimed), return_exceptions=True)
        for trouble in done:
            if isinstance(trouble, BaseException):
                raise trouble  # The register's: what was tried is tried again when the claim is over.
        came = [each for each in done if isinstance(each, _Came)]
        return SentWebhooks(
            receivers=len(claimed),
            delivered=sum(each.delivered for each in came),
            failed=sum(each.failed for each in came),
            again_at=tuple(sorted(at for each in came for at in each.again_at)),
        )

    async def _serve(self, held: Claim, now: datetime) -> _Came:
        came, over = _Came(), self._clock() + GOES_ON_FOR
        last: Claim | None = held
        try:
            async with self._receiver(held) as receiver:
                while last and self._clock() < over:
                    owed = await to_thread(book.next_owed, self._register, held.id, self._at_least(now), BATCH)
                    if not owed:
                        break
                    last = await self._send_each(receiver, last, owed, now, over, came)
        finally:
            if last:
                await to_thread(book.release, self._register, last)
        return came

    @asynccontextmanager
    async def _receiver(self, held: Claim) -> AsyncIterator[Receiver | None]:
        """A connection to a receiver; None where nothing can be signed for it."""
        secret = self._unseal(held.secret)
        if secret is None:
            yield None
            return
        async with self._sender.to(held.url, secret) as receiver:
            yield receiver

    async def _send_each(
        self, receiver: Receiver | None, held: Claim, owed: list[Owed], now: datetime, over: datetime, came: _Came
    ) -> Claim | None:
        """Send events, in order; what is put off holds back what is later in the same episode.

        Returns:
            The receiver as it is held now; None when it is ours no more.
        """
        behind: set[str] = set()
        ours: Claim | None = held
        for each in owed:
            if ours is None or self._clock() >= over:
                break
            if self._at_least(now) >= ours.claimed_until:
                return None  # This machine slept: it may be another worker's by now.
            if each.episode in behind:
                continue
            answer = await receiver.send(each.reference, each.body) if receiver else _NO_SECRET
            tried = _came_of(ours, each, answer, self._at_least(now))
            came.delivered += tried.state is WebhookState.DELIVERED
            came.failed += tried.state is WebhookState.FAILED
            if tried.not_before:
                behind.add(each.episode)
            came.again_at |= {at for at in (tried.rest_until or tried.not_before,) if at}
            ours = await to_thread(book.note, self._register, ours, tried, self._lease)
        return ours

    def _at_least(self, instant: datetime) -> datetime:
        """The instant now; never one before what the server said, where its clock is ahead."""
        return max(instant, self._clock())


def _came_of(held: Claim, owed: Owed, answer: Answer, now: datetime) -> Tried:
    """What an answer makes of an event and of its receiver."""
    tried = Tried(
        delivery=owed.id,
        state=WebhookState.FAILED,
        at=now,
        status=answer.status,
        reason=answer.reason,
        gone=answer.verdict is Verdict.GONE,
    )
    if answer.verdict is Verdict.TAKEN:
        return tried.model_copy(update={"state": WebhookState.DELIVERED})
    if answer.verdict is Verdict.GONE:
        return tried
    in_a_row, last_try = held.failures + 1, owed.owed_at + GIVEN_UP_AFTER
    asked = min(answer.wait or timedelta(0), GIVEN_UP_AFTER)
    if answer.whole or in_a_row >= FAILURES_IN_A_ROW:
        silent = held.failing_since is not None and now - held.failing_since >= GIVEN_UP_AFTER
        rest = {"rest_until": now + max(_wait(in_a_row), asked), "given_up": now - GIVEN_UP_AFTER if silent else None}
        tried = tried.model_copy(update=rest)
    wait = _wait_again(answer, owed.tries)
    if wait is None or now >= last_try:
        return tried
    again = min(now + max(wait, asked), last_try)
    return tried.model_copy(update={"state": WebhookState.OWED, "not_before": again})


def _wait_again(answer: Answer, before: int) -> timedelta | None:
    """How long to wait before an event is tried again that was tried so often before; None where it is not."""
    if answer.verdict is Verdict.REFUSED:
        return WAITS_AFTER_REFUSALS[before] if before < len(WAITS_AFTER_REFUSALS) else None
    return _wait(before + 1)


def _wait(times: int) -> timedelta:
    return min(LONGEST_WAIT, SHORTEST_WAIT * (1 << min(times - 1, 10)))
