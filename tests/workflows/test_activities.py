"""Activities that hold the register's turn are never interrupted half-way."""

import inspect

import pytest
from temporalio import activity

from activities.allocation import AllocationActivities
from activities.calendar import CalendarActivities
from activities.episodes import EpisodeActivities
from activities.iro_service import IroServiceActivities
from activities.service import ServiceActivities

ROOMS = (EpisodeActivities, AllocationActivities, CalendarActivities, IroServiceActivities, ServiceActivities)


def _in_threads() -> list[activity._Definition]:
    """The definitions of the activities that run in threads."""
    methods = [method for room in ROOMS for _, method in inspect.getmembers(room, inspect.isfunction)]
    found = [activity._Definition.from_callable(each) for each in methods if not inspect.iscoroutinefunction(each)]
    return [definition for definition in found if definition]


@pytest.mark.parametrize("definition", _in_threads(), ids=lambda definition: str(definition.name))
def test_no_exception_is_thrown_into_a_thread_that_writes(definition: activity._Definition) -> None:
    assert definition.no_thread_cancel_exception
