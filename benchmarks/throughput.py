"""Episodes started and acts recorded a second, beside a bare workflow on the same server in the same run.

Ours and the bare one take turns, and change places each round, so that whatever else the machine does hits both. An
episode counts as started, and an act as recorded, when whoever sent it has the answer: the activity is done then.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.bare import BARE_QUEUE, BareWorkflow, LeanWorkflow, Manner, Note
from benchmarks.children import first_acts, newly_looked_after
from benchmarks.load import AT_ONCE, Cost, Watched, all_at_once
from benchmarks.report import Figure, Measurement, Table, number
from benchmarks.rig import Rig, rig
from client.episodes import open_episode, record
from rules.clock import london_date

ROUNDS = 5
A_ROUND = 100
WANTED = 0.7
CACHED = 2000
A_TEXT = "What was done, by whom and when, in as many words as a fact of ours takes. " * 3

BARE_START, OUR_START = "a bare workflow started", "an episode started"
BARE_ACT, OUR_ACT = "a bare update", "an act recorded"
LEAN = {
    "… by a local activity": Manner(),
    "… and the timer set anew": Manner(sets_timer_anew=True),
    "… and search attributes set": Manner(sets_timer_anew=True, sets_attributes=True),
}
ONLY_START = "a bare workflow, start only"


@dataclass
class Contest:
    """Ours and the bare one, in turns.

    Attributes:
        rig: the server.
        watched: whose processor time is counted.
        today: a London date.
        costs: what came out, round by round.
    """

    rig: Rig
    watched: Watched
    today: date = field(default_factory=lambda: london_date(datetime.now(UTC)))
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    async def round(self, number: int, *, counted: bool) -> None:
        """Start a hundred of each, and record two acts in each.

        Args:
            number: odd rounds begin with ours.
            counted: False for the round in which everything is still cold.
        """
        names = [f"{number}-{child}" for child in range(A_ROUND)]
        first, second = first_acts(self.today)
        ours: dict[str, str] = {}

        async def start_ours(name: str) -> None:
            opening, facts = newly_looked_after(name, self.today)
            ours[name] = (
                await open_episode(self.rig.client, self.rig.keys, self.rig.register, opening, facts)
            ).episode

        turns: list[tuple[str, Callable[[str], Awaitable[object]]]] = [
            (BARE_START, self._start_bare),
            (OUR_START, start_ours),
            (BARE_ACT, lambda name: self._bare_act(name, "first")),
            (OUR_ACT, lambda name: record(self.rig.client, ours[name], first)),
            (BARE_ACT, lambda name: self._bare_act(name, "second")),
            (OUR_ACT, lambda name: record(self.rig.client, ours[name], second)),
        ]
        if number % 2:
            turns = [turn for pair in zip(turns[1::2], turns[::2], strict=True) for turn in pair]
        for what, do in turns:
            cost = await self._cost(names, do)
            if counted:
                self.costs.setdefault(what, []).append(cost)

    async def lean(self) -> None:
        """The yardsticks between the bare workflow and ours, once each."""
        names = [str(child) for child in range(A_ROUND)]
        for what, manner in LEAN.items():

            async def start(name: str, what: str = what, manner: Manner = manner) -> None:
                await self.rig.client.start_workflow(
                    LeanWorkflow.run, manner, id=f"lean-{what}-{name}", task_queue=BARE_QUEUE
                )
                await act(name, what)

            async def act(name: str, what: str = what) -> None:
                handle = self.rig.client.get_workflow_handle(f"lean-{what}-{name}")
                await handle.execute_update(LeanWorkflow.record, Note(id=name, text=A_TEXT))

            await self._cost(names, start)
            self.costs[what] = [await self._cost(names, act), await self._cost(names, act)]

    async def start_only(self) -> None:
        """A start as the server answers it, before any of the workflow has run: shown, and compared with nothing."""

        async def start(name: str) -> None:
            note = Note(id=name, text=A_TEXT)
            await self.rig.client.start_workflow(
                BareWorkflow.run, note, id=f"bare-only-{name}", task_queue=BARE_QUEUE
            )

        self.costs[ONLY_START] = [await self._cost([str(child) for child in range(A_ROUND)], start)]

    async def _cost(self, names: Sequence[str], do: Callable[[str], Awaitable[object]]) -> Cost:
        return (await all_at_once(self.watched, [lambda name=name: do(name) for name in names]))[0]  # type: ignore[misc]

    async def _start_bare(self, name: str) -> None:
        """As an episode is started: with a first update, answered when the activity is done."""
        note = Note(id=name, text=A_TEXT)
        start = WithStartWorkflowOperation(
            BareWorkflow.run,
            note,
            id=f"bare-{name}",
            task_queue=BARE_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self.rig.client.execute_update_with_start_workflow(
            BareWorkflow.record, note, start_workflow_operation=start
        )

    async def _bare_act(self, name: str, which: str) -> None:
        handle = self.rig.client.get_workflow_handle(f"bare-{name}")
        await handle.execute_update(BareWorkflow.record, Note(id=which, text=A_TEXT))


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
        f"{AT_ONCE} at once, {A_ROUND} a turn, the median of the turns. By processor time instead of the clock the"
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
