"""How the machinery runs, made ready to be shown to those who run it: the post, the workers, the register; no name."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from client.queue_state import QueueState
from desk.seen.operations import Pairs, href_of
from desk.templating import moment
from post.webhook_messages import WebhookState
from register.post_queries import Tally
from register.webhooks import Webhook
from register.work_operations import PostAges, RegisterState
from register.work_post import ReachedNobody, Stuck
from rules.wording import counted, plain


class TroubleSeen(NamedTuple):
    """A notice that did not arrive, without names: its number, which, by which way, about which episode, since when."""

    number: int
    what: str
    way: str
    episode: str
    href: str
    since: str
    why: str


class WebhookSeen(NamedTuple):
    """A receiver: its number, how many events wait and failed, and since when it takes none."""

    number: int
    owed: int
    failed: int
    failing_since: str


def post_facts(tally: Tally, ages: PostAges, now: datetime) -> Pairs:
    """The post room in numbers, and how far behind it is."""
    return [
        ("Notices waiting to be addressed", f"{tally.waiting}{_since(ages.unaddressed, now)}"),
        ("of these held until the directory holds somebody", str(tally.held)),
        ("Messages waiting to go", f"{tally.owed}{_since(ages.unsent, now)}"),
        ("Messages that are stuck", str(tally.stuck)),
        ("Sent", str(tally.sent)),
        ("Delivered", str(tally.delivered)),
        ("Failed", str(tally.failed)),
        ("Held back", str(tally.dropped)),
        ("Notices that reached nobody", str(tally.undelivered)),
    ]


def register_facts(state: RegisterState) -> Pairs:
    """The register in numbers."""
    sizes = [
        (f"Rows of {plain(each.table)}", f"{'about ' if each.about else ''}{each.rows:,}") for each in state.tables
    ]
    return [
        ("Database", {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(state.database, state.database)),
        ("Migration", state.migration or "none"),
        ("Size", f"{state.bytes / 1_000_000:,.1f} MB"),
        *sizes,
        ("Last published", moment(state.last_published) if state.last_published else "nothing yet"),
    ]


def queue_facts(state: QueueState, now: datetime) -> Pairs:
    """One kind of work of the task queue."""
    waited = f", the oldest for {_for(state.backlog_age)}" if state.backlog else ""
    return [
        ("Workers that asked for work lately", str(len(state.pollers))),
        ("Tasks that wait", f"{state.backlog}{waited}"),
        *((each.identity, f"asked {_for(now - each.last_asked)} ago") for each in state.pollers),
    ]


def stuck_seen(found: Iterable[Stuck]) -> list[TroubleSeen]:
    """The messages that are stuck."""
    return [
        TroubleSeen(
            number=each.id,
            what=plain(each.notice),
            way=each.way,
            episode=each.episode or "",
            href=href_of(each.episode or ""),
            since=moment(each.owed_at),
            why=f"{each.reason} Tried {counted(each.tries, 'time')}; next on {moment(each.not_before)}.",
        )
        for each in found
    ]


def reached_nobody_seen(found: Iterable[ReachedNobody]) -> list[TroubleSeen]:
    """The notices that reached nobody. Why is told to the service alone: it may be in somebody's words."""
    return [
        TroubleSeen(
            number=each.id,
            what=f"{plain(each.notice)}, for {each.role.words}",
            way=each.way or "none",
            episode=each.episode or "",
            href=href_of(each.episode or ""),
            since=moment(each.at),
            why="nobody found" if each.nobody_found else "failed",
        )
        for each in found
    ]


def webhooks_seen(found: Iterable[Webhook], undelivered: Mapping[int, Mapping[WebhookState, int]]) -> list[WebhookSeen]:
    """The receivers that are in use.

    Args:
        found: the webhooks.
        undelivered: how many events wait and failed, by their numbers.
    """
    return [
        WebhookSeen(
            number=each.id,
            owed=undelivered.get(each.id, {}).get(WebhookState.OWED, 0),
            failed=undelivered.get(each.id, {}).get(WebhookState.FAILED, 0),
            failing_since=moment(each.failing_since) if each.failing_since else "",
        )
        for each in found
        if each.revoked_at is None
    ]


def _since(instant: datetime | None, now: datetime) -> str:
    return f", the oldest for {_for(now - instant)}" if instant else ""


def _for(time: timedelta) -> str:
    """So long, in the largest unit that fits."""
    seconds = max(0, int(time.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(seconds, "second")
