"""Recorded histories replay under the workflows as they are now, whatever has become of the law."""

import json
from datetime import date
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, WorkflowReplayResult

from rules import limits
from rules.vocabulary import Nation
from tests.workflows.journey import Journey
from tests.workflows.record_histories import HISTORIES
from tests.workflows.replaying import replay_what_is_new
from worker import WORKFLOW_RUNNER, WORKFLOWS

RECORDED = sorted(path for path in HISTORIES.glob("*.json") if path.stem != "broken")


async def replay(path: Path) -> WorkflowReplayResult:
    """Replay one recorded history."""
    replayer = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter, workflow_runner=WORKFLOW_RUNNER)
    recorded = json.loads(path.read_text())
    workflow_id = recorded["events"][0]["workflowExecutionStartedEventAttributes"]["workflowId"]
    history = WorkflowHistory.from_json(workflow_id, recorded)
    return await replayer.replay_workflow(history, raise_on_replay_failure=False)


def test_histories_are_recorded() -> None:
    assert {path.stem for path in RECORDED} == {
        "slipping",
        "first-run-of-two",
        "second-run-of-two",
        "ended",
        "allocated",
        "disputed",
        "dispute",
        "proceedings",
    }


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    assert (await replay(path)).replay_failure is None


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays_under_another_law(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = limits.LIMITS[Nation.ENGLAND]
    for rule, limit in list(table.items()):
        if limit.amount:
            monkeypatch.setitem(table, rule, limit.model_copy(update={"amount": limit.amount + 7, "source": "another"}))
    assert (await replay(path)).replay_failure is None


async def test_what_a_test_leaves_on_the_server_is_replayed(journey: Journey) -> None:
    await journey.begin(date(2035, 6, 5))
    await journey.record("iro_appointed", date(2035, 6, 5), iro="IRO-1")
    replayed: set[str] = set()
    assert await replay_what_is_new(journey.server.client, replayed)
    assert (await journey.handle.describe()).run_id in replayed
    assert await replay_what_is_new(journey.server.client, replayed) == 0


async def test_a_broken_history_does_not_replay() -> None:
    failure = (await replay(HISTORIES / "broken.json")).replay_failure
    assert failure is not None
    assert "Nondeterminism" in type(failure).__name__ or "ondetermin" in str(failure)
