"""Episodes started and acts recorded a second, beside a bare workflow on the same server in the same run.

Ours and the bare one take turns, and change places each round, so that whatever else the machine does hits both. An
episode counts as started, and an act as recorded, when whoever sent it has the answer: the activity is done then.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.contest import A_TURN, BARE_ACT, BARE_START, LEAN, ONLY_START, OUR_ACT, OUR_START, Contest
from benchmarks.load import AT_ONCE, Cost, Watched
from benchmarks.report import Figure, Measurement, Table, number
from benchmarks.rig import rig

ROUNDS = 4
WANTED = 0.7
CACHED = 2000


async def measure() -> Measurement:
    """Some rounds of ours against the bare workflow, after one to warm up, and then the yardsticks between."""
    with TemporaryDirectory() as folder:
        async with rig(Path(folder)) as running, running.worker(CACHED) as worker:
            contest = Contest(running, Watched(running.server_process, worker.pid))
            for turn in range(ROUNDS + 1):
                await contest.round(turn, counted=turn > 0)
            await contest.lean()
            await contest.start_only()
    costs = contest.costs
    return Measurement(
        figures=(
            _figure("Episodes started a second, against the bare workflow", costs, OUR_START, BARE_START),
            _figure("Acts recorded a second, against the bare workflow", costs, OUR_ACT, BARE_ACT),
        ),
        tables=(_rates(costs), _where_it_goes(costs)),
    )


def ratios(ours: Sequence[Cost], bare: Sequence[Cost]) -> list[float]:
    """Our rate against the bare one's, turn by turn."""
    return [our.rate / other.rate for our, other in zip(ours, bare, strict=True)]


def _figure(what: str, costs: Mapping[str, Sequence[Cost]], ours: str, bare: str) -> Figure:
    found = sorted(ratios(costs[ours], costs[bare]))
    middle = median(found)
    measured = f"{middle:.2f} ({found[0]:.2f} to {found[-1]:.2f} in {len(found)} turns)"
    return Figure(what, measured, f"{WANTED} or more", middle >= WANTED)


def _rates(costs: Mapping[str, Sequence[Cost]]) -> Table:
    rows = []
    for what in (BARE_START, OUR_START, BARE_ACT, OUR_ACT):
        middle = _middle(costs[what])
        rows.append((what, number(middle.rate), f"{number(middle.median_ms)} / {number(middle.slow_ms)}"))
    starting, acting = (
        _middle(costs[bare]).processor_ms / _middle(costs[our]).processor_ms
        for bare, our in ((BARE_START, OUR_START), (BARE_ACT, OUR_ACT))
    )
    note = (
        f"{AT_ONCE} at once, {A_TURN} a turn, the median of the turns. By processor time instead of the clock the"
        f" ratios are {starting:.2f} (starts) and {acting:.2f} (acts): on a busy machine these are the steadier ones."
    )
    return Table("Starts and acts a second", ("What", "A second", "Median / 95 % ms"), rows, (note,))


def _where_it_goes(costs: Mapping[str, Sequence[Cost]]) -> Table:
    rows = []
    for what in (BARE_START, OUR_START, BARE_ACT, *LEAN, OUR_ACT, ONLY_START):
        middle = _middle(costs[what])
        parts = (middle.server_ms, middle.worker_ms, middle.client_ms, middle.processor_ms)
        rows.append((what, *(number(part) for part in parts)))
    columns = ("Processor time of", "Server ms", "Worker ms", "Client ms", "Together ms")
    return Table("Where the processor time goes", columns, rows)


def _middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    fields = ("rate", "median_ms", "slow_ms", "server_ms", "worker_ms", "client_ms")
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in fields))
