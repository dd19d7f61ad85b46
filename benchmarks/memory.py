"""What an episode costs that is kept in the worker's memory between its tasks."""

import asyncio
from asyncio.subprocess import Process
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.children import first_acts, newly_looked_after
from benchmarks.load import Watched, all_at_once
from benchmarks.processes import KIB, MIB, memory_bytes
from benchmarks.report import Figure, Measurement, Table, number
from benchmarks.rig import Rig, rig
from client.episodes import open_episode, record
from rules.clock import london_date

WARM_UP = 50
CACHED = 500
_SETTLE_SECONDS = 1.0


async def measure() -> Measurement:
    """The worker's memory with no episode, when warm, and with 500 more."""
    with TemporaryDirectory() as folder:
        async with rig(Path(folder)) as running, running.worker() as worker:
            empty = memory_bytes(worker.pid)
            warm = await _with_more(running, worker, "warm", WARM_UP)
            full = await _with_more(running, worker, "kept", CACHED)
    each = (full - warm) / CACHED
    rows = [
        ("no episode", number(empty / MIB)),
        (f"{WARM_UP} episodes (everything loaded and warm)", number(warm / MIB)),
        (f"{WARM_UP + CACHED} episodes", number(full / MIB)),
    ]
    note = (
        f"{number(each / KIB)} KiB for each of the last {CACHED}, each opened and with an IRO appointed:"
        f" the 1,000 that the worker keeps take {number(each * 1000 / MIB)} MiB."
    )
    return Measurement(
        figures=(Figure("Memory of a cached episode", f"{number(each / KIB)} KiB", "to be told", True),),
        tables=(Table("Memory of the worker", ("With", "MiB"), rows, (note,)),),
    )


async def _with_more(running: Rig, worker: Process, name: str, count: int) -> int:
    """The worker's memory when so many more episodes have been opened, and one act recorded in each."""
    today = london_date(datetime.now(UTC))

    async def open_one(child: str) -> None:
        opening, facts = newly_looked_after(child, today)
        opened = await open_episode(running.client, running.keys, running.register, opening, facts)
        await record(running.client, opened.episode, first_acts(today)[0])

    watched = Watched(running.server_process, worker.pid)
    await all_at_once(watched, [f"{name}-{number}" for number in range(count)], open_one)
    await asyncio.sleep(_SETTLE_SECONDS)
    return memory_bytes(worker.pid)
