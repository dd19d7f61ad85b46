"""Opening many episodes at once, as an import brings them: none lost when the server is slow, none doubled when the
import is run again.

Nothing is noted down on the way. Every id depends on what is imported and nothing else, so an import that was
stopped, or killed, is simply run again: what is open already is found open.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Engine
from temporalio.client import Client

from client.episodes import Opened, open_episode
from client.errors import EpisodeClosed, EpisodeError, NotAnswered
from client.keys import Keys
from register.queries import open_episode_ids
from rules.acceptance import Refused
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter
from rules.vocabulary import Frozen

AT_ONCE = 20
"""How many episodes are being opened at one time. More go no faster on one machine, and wait longer each."""

TRIES = 3
PAUSE_SECONDS = 2.0

MOST_UNANSWERED = 5
"""So many children without an answer mean that nobody works there: the rest are not tried."""


class ToOpen(NamedTuple):
    """What opens one episode: that the child became looked after, and what else is known."""

    opening: BecameLookedAfter
    facts: tuple[Fact, ...]


class NotOpened(Frozen):
    """A child whose episode was not opened, by the authority's reference, and why."""

    child: str
    reason: str


class Imported(Frozen):
    """What came of an import.

    Attributes:
        opened: the episodes that this import opened, in the order they were given.
        already_open: those that were open before.
        refused: the children whose facts cannot be, or whose period of care is closed.
        unanswered: the children for whom no answer came, though they were tried again and again. They may have
            been opened; the same import run once more will tell.
        not_tried: how many were left when too many had gone unanswered.
    """

    opened: tuple[str, ...]
    already_open: tuple[str, ...]
    refused: tuple[NotOpened, ...]
    unanswered: tuple[NotOpened, ...]
    not_tried: int

    @property
    def complete(self) -> bool:
        """Whether every child was answered for."""
        return not self.unanswered and not self.not_tried


async def import_episodes(
    client: Client,
    keys: Keys,
    register: Engine,
    given: Iterable[ToOpen],
    *,
    on_each: Callable[[], None] = lambda: None,
    at_once: int = AT_ONCE,
) -> Imported:
    """Open an episode for each child, some at a time.

    Args:
        client: a connected client.
        keys: for the opaque ids.
        register: the database, to find what is open already.
        given: what opens each episode.
        on_each: called when a child is done with, whatever came of it.
        at_once: how many to open at one time.

    Returns:
        What came of each.

    Raises:
        RegisterUnavailable: the database cannot be used; what was opened stays open.
    """
    work = _Import(client, keys, register, on_each, frozenset(open_episode_ids(register)))
    queue = enumerate(given)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work.take_from(queue))
    except ExceptionGroup as stopped:
        raise stopped.exceptions[0] from None
    return work.outcome(not_tried=sum(1 for _ in queue))


@dataclass
class _Import:
    """An import under way. What came of each child is kept by its place in what was given."""

    client: Client
    keys: Keys
    register: Engine
    on_each: Callable[[], None]
    open_before: frozenset[str]
    opened: dict[int, str] = field(default_factory=dict)
    already_open: dict[int, str] = field(default_factory=dict)
    refused: dict[int, NotOpened] = field(default_factory=dict)
    unanswered: dict[int, NotOpened] = field(default_factory=dict)

    async def take_from(self, queue: Iterator[tuple[int, ToOpen]]) -> None:
        """Open one after the other until none is left, or it is of no use to go on."""
        while len(self.unanswered) < MOST_UNANSWERED:
            place, each = next(queue, (None, None))
            if place is None or each is None:
                return
            await self._open(place, each)
            self.on_each()

    async def _open(self, place: int, each: ToOpen) -> None:
        child = each.opening.child
        try:
            episode = (await self._until_answered(each)).episode
        except (Refused, EpisodeClosed) as error:
            self.refused[place] = NotOpened(child=child, reason=str(error))
        except EpisodeError as error:
            self.unanswered[place] = NotOpened(child=child, reason=str(error))
        else:
            (self.already_open if episode in self.open_before else self.opened)[place] = episode

    async def _until_answered(self, each: ToOpen) -> Opened:
        """Open one episode, and send again what got no answer: under the same ids it is recorded once."""
        for _ in range(TRIES - 1):
            try:
                return await open_episode(self.client, self.keys, self.register, each.opening, each.facts)
            except NotAnswered:
                await asyncio.sleep(PAUSE_SECONDS)
        return await open_episode(self.client, self.keys, self.register, each.opening, each.facts)

    def outcome(self, not_tried: int) -> Imported:
        """What came of all."""
        return Imported(
            opened=_in_order(self.opened),
            already_open=_in_order(self.already_open),
            refused=tuple(self.refused[place] for place in sorted(self.refused)),
            unanswered=tuple(self.unanswered[place] for place in sorted(self.unanswered)),
            not_tried=not_tried,
        )


def _in_order(by_place: dict[int, str]) -> tuple[str, ...]:
    return tuple(by_place[place] for place in sorted(by_place))
