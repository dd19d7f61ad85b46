"""A change of the working calendar: recorded in the register, and told to every open episode."""

from datetime import UTC, datetime

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from register.closed_days import change_closed_day
from register.queries import open_episode_ids
from rules.vocabulary import Nation
from workflows.messages import DERIVE_AGAIN, RECORD_CLOSED_DAY, TELL_OPEN_EPISODES, CalendarChange


class CalendarActivities:
    """The effects of a calendar change."""

    def __init__(self, register: Engine, client: Client) -> None:
        """Take what they work with.

        Args:
            register: the database.
            client: how the episodes are reached.
        """
        self._register = register
        self._client = client

    @activity.defn(name=RECORD_CLOSED_DAY, no_thread_cancel_exception=True)
    def record_closed_day(self, change: CalendarChange) -> bool:
        """Record the day. Returns False when it stood so already."""
        return change_closed_day(self._register, change.closed_day, change.by, datetime.now(UTC))

    @activity.defn(name=TELL_OPEN_EPISODES)
    async def tell_open_episodes(self, nation: Nation) -> int:
        """Tell every open episode of a nation to derive its agenda again. Returns how many were told."""
        told = 0
        for episode in open_episode_ids(self._register, nation):
            told += await self._tell(episode)
            activity.heartbeat(told)
        return told

    async def _tell(self, episode: str) -> bool:
        try:
            await self._client.get_workflow_handle(episode).signal(DERIVE_AGAIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False  # It finished meanwhile: it has no dates to move.
            raise
        return True
