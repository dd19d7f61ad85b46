"""Doing many things at once, and what it took."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.processes import processor_seconds

AT_ONCE = 50


@dataclass(frozen=True)
class Cost:
    """What doing something many times took.

    Attributes:
        rate: how many a second.
        median_ms, slow_ms: how long one took, at the median and at the 95th percentile.
        server_ms, worker_ms, client_ms: processor time of each process, for one.
    """

    rate: float
    median_ms: float
    slow_ms: float
    server_ms: float
    worker_ms: float
    client_ms: float

    @property
    def processor_ms(self) -> float:
        """Processor time of all of it, for one."""
        return self.server_ms + self.worker_ms + self.client_ms


@dataclass(frozen=True)
class Watched:
    """The processes whose processor time is counted.

    Attributes:
        server, worker: their numbers; the client is this process.
    """

    server: int
    worker: int

    def seconds(self) -> tuple[float, float, float]:
        """The processor time used so far by server, worker and client."""
        return processor_seconds(self.server), processor_seconds(self.worker), processor_seconds(os.getpid())


async def all_at_once(watched: Watched, names: Sequence[str], do: Callable[[str], Awaitable[object]]) -> Cost:
    """Do something for each name, 50 at a time.

    Args:
        watched: whose processor time is counted.
        names: for whom.
        do: what.

    Returns:
        What it took.
    """
    room, took = asyncio.Semaphore(AT_ONCE), list[float]()

    async def one(name: str) -> None:
        async with room:
            began = time.perf_counter()
            await do(name)
            took.append((time.perf_counter() - began) * 1000)

    before, began = watched.seconds(), time.perf_counter()
    await asyncio.gather(*(one(name) for name in names))
    seconds, after = time.perf_counter() - began, watched.seconds()
    used = [(then - now) * 1000 / len(names) for now, then in zip(before, after, strict=True)]
    took.sort()
    return Cost(len(names) / seconds, took[len(took) // 2], took[len(took) * 95 // 100], *used)
