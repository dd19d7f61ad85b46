"""What the desk works with: the register, the way to Temporal, the clock. Made once, handed to every page."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy import Engine

from client.connection import connect
from client.keys import Keys
from client.settings import Settings
from desk.settings import DeskSettings
from rules.clock import london_date
from rules.policy import Policy

if TYPE_CHECKING:
    from temporalio.client import Client


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """The parts.

    Attributes:
        register: the database, migrated.
        keys: for opaque ids, and what the desk signs.
        settings: where things are.
        desk: the desk's own settings: its address, how people sign in.
        policy: the authority's.
        clock: the instant, UTC; tests set their own.
        dial: connects to Temporal; tests set their own.
    """

    register: Engine
    keys: Keys
    settings: Settings
    desk: DeskSettings
    policy: Policy = field(default_factory=Policy)
    clock: Callable[[], datetime] = _now
    dial: "Callable[[], Awaitable[Client]] | None" = None
    _client: "Client | None" = None
    _dialling: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def today(self) -> date:
        """The date in London now."""
        return london_date(self.clock())

    async def client(self) -> "Client":
        """The connection to Temporal, made when it is first needed. Pages read without it.

        Raises:
            ServerUnreachable: there is no server that can be used; the next call tries again.
        """
        async with self._dialling:
            if self._client is None:
                dial = self.dial or (lambda: connect(self.settings, self.keys))
                self._client = await dial()
            return self._client


def desk_of(request: Request) -> Desk:
    """The parts, for whatever answers a request."""
    desk: Desk = request.app.state.desk
    return desk
