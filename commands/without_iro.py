"""The children who have no IRO, and how they are told to look again when the directory has changed."""

import asyncio

from sqlalchemy import Engine
from temporalio.service import RPCError, RPCStatusCode

from commands.running import AtWork, today
from register.queries import EpisodeLine, list_episodes
from rules.wording import children
from workflows.messages import DERIVE_AGAIN

AT_ONCE = 20
"""How many episodes are told at one time."""


def without_iro(register: Engine, authority: str | None = None) -> list[EpisodeLine]:
    """The children in care who have no IRO, those for whom one is proposed among them.

    Args:
        register: the database.
        authority: only this one's, by its three-digit code.
    """
    lines = list_episodes(register, today=today(), authority=authority)
    return [line for line in lines if line.iro is None and line.ended_on is None and not line.void]


async def tell_those_without(work: AtWork, authority: str) -> int:
    """Have every child without an IRO, and for whom none is proposed, looked at again. Returns how many there are.

    Telling one twice does no harm; so, where this is cut short, any later change of the directory makes up for it.

    Args:
        work: what to work with.
        authority: whose children, by its three-digit code.
    """
    waiting = [line.id for line in without_iro(work.register, authority) if line.proposed_iro is None]
    turn = asyncio.Semaphore(AT_ONCE)

    async def tell(episode: str) -> None:
        async with turn:
            try:
                await work.client.get_workflow_handle(episode).signal(DERIVE_AGAIN)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # One that finished meanwhile needs no IRO.
                    raise

    await asyncio.gather(*map(tell, waiting))
    return len(waiting)


def told_words(told: int) -> str:
    """What came of telling them, in one sentence; empty when there was nobody to tell."""
    if not told:
        return ""
    return (
        f"{children(told)} had no IRO, so one is looked for now: `starter.py iros` shows what came of it. A case taken"
        " on from another system waits for your word (`starter.py allocate`)."
    )
