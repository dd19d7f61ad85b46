"""The post room at work: whoever is owed something is found, and it is sent, once.

A message stands in the register before it is tried. It is claimed for a time, tried, and what came of it is written: a
worker that is killed in between leaves it claimed, and whoever takes it up later sends the very same message, under the
same reference, to a way out that looks first whether it has it.
"""

import asyncio
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client

from activities.acts import tell
from activities.addressing import Addresser, care_over
from activities.books import Books
from post.settings import PostSettings
from post.ways import CannotBeDelivered, TryLater
from post.ways_out import ways_out
from post.wording import shortened
from register import directory, outbox, post, queries, undelivered
from register.contacts import contact, network
from rules.addressing import CareOver
from rules.clock import at_on, london_date
from rules.facts.notices import NoticeDelivered, NoticeUndelivered
from rules.network import Way
from rules.notice_names import NoticeName
from rules.vocabulary import SYSTEM, Nation, WayTold
from workflows.post_messages import ADDRESS_POST, SEND_POST, TAKE_RECEIPTS, TELL_UNDELIVERED, SendPost, SentPost

ROUTINE = tuple(name for name in NoticeName if name.is_routine)
AT_ONCE = 100
"""Notices addressed in one transaction."""
BATCH = 50
"""Messages claimed at once."""
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
_BEAT_SECONDS = 4.0
GIVEN_UP_AFTER = timedelta(days=3)
"""A message that is put off for so long by whoever should take it will not arrive."""


class PostActivities:
    """What the post room does in the world."""

    def __init__(
        self,
        register: Engine,
        client: Client,
        settings: PostSettings,
        *,
        policy_file: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take what it works with.

        Args:
            register: the database.
            client: how episodes are told.
            settings: how letters, emails and texts go out.
            policy_file: the authority's own policy, TOML; None for the defaults.
            clock: the instant now, UTC, by which a claim lasts.

        Raises:
            PolicyRefused: the policy file cannot be taken.
            PostRefused: the settings cannot work.
        """
        self._register = register
        self._client = client
        self._ways_out = ways_out(settings)
        self._lease = timedelta(seconds=settings.lease)
        self._books = Books(register, policy_file)
        self._sender = settings.sender
        self._clock = clock

    @activity.defn(name=ADDRESS_POST, no_thread_cancel_exception=True)
    def address_post(self, now: datetime) -> int:
        """Address what is owed: what goes at once, and in the morning what is routine. Returns how many notices."""
        today = london_date(now)
        addresser = self._addresser(now, today)
        waiting = outbox.waiting(self._register, ROUTINE, AT_ONCE)
        if waiting:
            post.keep_addressed(self._register, *addresser.at_once(waiting, self._told(waiting)), now)
            return len(waiting)
        return sum(self._address_routine(addresser, nation, now) for nation in Nation)

    def _address_routine(self, addresser: Addresser, nation: Nation, now: datetime) -> int:
        before = self._last_morning(nation, now)
        waiting = outbox.waiting_for_the_morning(self._register, ROUTINE, nation, before)
        if waiting:
            post.keep_addressed(self._register, *addresser.together(waiting, self._told(waiting)), now)
        return len(waiting)

    def _told(self, waiting: Sequence[outbox.Waiting]) -> set[tuple[int, str]]:
        return outbox.told_already(self._register, [each.id for each in waiting])

    def _last_morning(self, nation: Nation, now: datetime) -> datetime:
        """The last working morning, up to now."""
        book = self._books.of(nation)
        today = london_date(now)
        morning = book.policy.post.morning
        day = today if now >= at_on(today, morning) else today - timedelta(days=1)
        return at_on(book.calendar.last_working_day(day), morning)

    def _addresser(self, now: datetime, today: date) -> Addresser:
        policy = self._books.of(Nation.ENGLAND).policy.post
        return Addresser(self._register, policy, now, today, self._sender)

    @activity.defn(name=SEND_POST)
    async def send_post(self, request: SendPost) -> SentPost:
        """Try the next messages. Whoever is no longer to get one does not."""
        now = self._at_least(request.now)
        async with _heartbeats():
            claimed = await to_thread(post.claim, self._register, now, self._lease, BATCH, request.but_not)
            try:
                return await self._try_each(request, claimed, now + self._lease / 2)
            finally:
                await self._ways_out.close()

    async def _try_each(self, request: SendPost, claimed: list[post.Claimed], over: datetime) -> SentPost:
        sent, failed, blocked = 0, 0, set[Way]()
        for each in claimed:
            way, now = each.message.way, self._at_least(request.now)
            if way in blocked or now > over:
                await to_thread(post.untried, self._register, [each.id], now)
                continue
            if why := await to_thread(self._not_any_more, each, london_date(now)):
                # Of several children's steps only those of the one who died are not told any more.
                gathered = each.episode is None
                await to_thread(post.dropped, self._register, each.id, why, now, anew=gathered)
                continue
            try:
                gone = await self._ways_out.of(way).send(each.message, tried_before=each.tries > 1)
            except CannotBeDelivered as refused:
                await to_thread(post.failed, self._register, each.id, str(refused), self._at_least(now))
                failed += 1
            except TryLater as later:
                if later.whole:
                    blocked.add(way)
                failed += await to_thread(self._put_off, each, later, self._at_least(now))
            else:
                await to_thread(post.went_out, self._register, each.id, gone, self._at_least(now))
                sent += 1
        return SentPost(tried=len(claimed), sent=sent, failed=failed, blocked=tuple(sorted(blocked)))

    def _not_any_more(self, claimed: post.Claimed, today: date) -> str | None:
        """Why a message that was owed is not to go out any more; None when it is."""
        gathered = outbox.notices_carried(self._register, claimed.id) if claimed.episode is None else []
        for episode in {claimed.episode, *(each.episode for each in gathered)} - {None}:
            line = queries.episode(self._register, str(episode), today=today)
            if line and care_over(line) is CareOver.DEATH:
                return "The child has died."
            if line and care_over(line) is CareOver.VOID:
                return "The child was never looked after."
        someone = contact(self._register, claimed.recipient)
        if someone is None:
            person = directory.person(self._register, claimed.recipient)
            return None if person and person.holds_on(today) else "They are no longer in their post."
        if not someone.is_involved_on(today):
            return "They are no longer involved."
        known = network(self._register, someone.authority, someone.child)
        against = [each for each in known.suppressions if each.contact == someone.reference]
        return next(
            (f"Not to be sent to them: {each.reason}" for each in against if each.notice in (None, claimed.notice)),
            None,
        )

    def _at_least(self, instant: datetime) -> datetime:
        """The instant now; never one before what the server said, where its clock is ahead."""
        return max(instant, self._clock())

    def _put_off(self, claimed: post.Claimed, later: TryLater, now: datetime) -> int:
        """Try another time; a message that only itself is put off, for days, will not arrive. Returns 1 for that."""
        if not later.whole and now - claimed.owed_at > GIVEN_UP_AFTER:
            post.failed(self._register, claimed.id, f"It was put off for days: {later}", now)
            return 1
        wait = min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** min(claimed.tries - 1, 10))
        post.waits(self._register, [claimed.id], later.after or now + wait, str(later))
        return 0

    @activity.defn(name=TAKE_RECEIPTS)
    async def take_receipts(self, now: datetime) -> int:
        """Ask what became of what has gone out. Returns of how many it was heard."""
        heard = 0
        asked = await to_thread(post.under_way, self._register, now, BATCH)
        for way in sorted({each.way for each in asked}):
            receipts = tuple(each.receipt for each in asked if each.way is way)
            try:
                found = await self._ways_out.of(way).receipts(receipts)
            except TryLater as later:
                activity.logger.warning("Receipts of %s: %s", way, later)
                continue
            for each in found:
                heard += await to_thread(post.take_receipt, self._register, each, now)
        return heard

    @activity.defn(name=TELL_UNDELIVERED)
    async def tell_undelivered(self, now: datetime) -> int:
        """Tell the episodes of notices that reached nobody, or did after all. Returns how many were told."""
        told = 0
        for each in await to_thread(undelivered.untold, self._register):
            if await to_thread(undelivered.is_known, self._register, each):
                await to_thread(undelivered.told, self._register, each, now, for_good=True)
                continue
            refused = await tell(self._client, each.episode, _told(each, london_date(now)))
            if refused:
                activity.logger.info("%s was not told of notice %s: %s", each.episode, each.outbox, refused)
            await to_thread(undelivered.told, self._register, each, now, for_good=refused is not None)
            told += refused is None
        return told


def _told(untold: undelivered.Untold, on: date) -> NoticeDelivered | NoticeUndelivered:
    """The fact that tells an episode."""
    notice = f"notice-{untold.outbox}"
    if untold.mended:
        way = WayTold(untold.mended)
        return NoticeDelivered(id=f"delivered-{untold.id}", on=on, by=SYSTEM, notice=notice, way=way)
    return NoticeUndelivered(
        id=f"undelivered-{untold.id}",
        on=on,
        by=SYSTEM,
        notice=notice,
        name=untold.notice,
        recipient=untold.recipient,
        about=untold.about,
        reason=shortened(untold.reason, 200),
    )


@asynccontextmanager
async def _heartbeats() -> AsyncIterator[None]:
    """Say every few seconds that the work goes on, for the length of the block."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
