"""Ours and the bare workflow in turns, on one server, at one worker."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.bare import BARE_QUEUE, BareWorkflow, LeanWorkflow, Manner, Note
from benchmarks.children import first_acts, newly_looked_after
from benchmarks.load import Cost, Watched, all_at_once
from benchmarks.rig import Rig
from client.episodes import open_episode, record
from rules.clock import london_date

A_TURN = 100
"""How many of each are started, and given an act, in one turn."""
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
        names = [f"{number}-{child}" for child in range(A_TURN)]
        first, second = first_acts(self.today)
        ours: dict[str, str] = {}

        async def start_ours(name: str) -> None:
            opening, facts = newly_looked_after(name, self.today)
            ours[name] = (await open_episode(self.rig.client, self.rig.keys, self.rig.register, opening, facts)).episode

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
        names = [str(child) for child in range(A_TURN)]
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
            await self.rig.client.start_workflow(BareWorkflow.run, note, id=f"bare-only-{name}", task_queue=BARE_QUEUE)

        self.costs[ONLY_START] = [await self._cost([str(child) for child in range(A_TURN)], start)]

    async def _cost(self, names: Sequence[str], do: Callable[[str], Awaitable[object]]) -> Cost:
        return await all_at_once(self.watched, names, do)

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
