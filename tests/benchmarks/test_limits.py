"""The hard limits that are counts, not times: how much history an act leaves, and how much an episode carries."""

from collections.abc import AsyncIterator

import pytest

from benchmarks import history
from benchmarks.carried import BIRTH, MOST_KIB, recorded_late, sizes
from benchmarks.children import REVIEWS_IN_18_YEARS, childhood
from benchmarks.history import ALARMS, MOST_AN_ACT, MOST_AN_ALARM, Rig
from benchmarks.processes import KIB
from client.converter import data_converter
from client.keys import Keys


@pytest.fixture(scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A real server whose clocks can be moved, and our worker on it."""
    async with history.rig(tmp_path_factory.mktemp("history")) as running:
        yield running


async def test_an_act_leaves_at_most_twelve_events_in_history(rig: Rig) -> None:
    acts = await rig.acts()
    assert {act.of for act in acts} >= {"became_looked_after", "review_held", "decision_made", "fact_corrected"}
    assert any(act.new_run for act in acts), "no act closed a cycle, so the fullest kind was not counted"
    assert all("WORKFLOW_EXECUTION_UPDATE_COMPLETED" in act.events for act in acts)
    assert max(len(act.events) for act in acts) <= MOST_AN_ACT


async def test_an_alarm_leaves_at_most_nine_events_in_history(rig: Rig) -> None:
    alarms = await rig.alarms()
    assert len(alarms) >= ALARMS
    assert max(len(alarm.events) for alarm in alarms) <= MOST_AN_ALARM


@pytest.mark.slow
async def test_an_episode_carries_at_most_32_kib_in_18_years() -> None:
    carried = await sizes(recorded_late(childhood(BIRTH)), data_converter(Keys.new()))
    assert max(size.after for size in carried) == REVIEWS_IN_18_YEARS
    assert max(size.encrypted for size in carried) <= MOST_KIB * KIB
