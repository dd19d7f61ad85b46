"""Recording what a form comes to, fact by fact, through the episode's workflow; each is noted in the audit log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fastapi.concurrency import run_in_threadpool

from client.connection import ServerUnreachable
from client.episodes import record
from client.errors import EpisodeClosed, EpisodeError, NotAnswered
from desk.doors import Child, note
from desk.forms.base import Item
from desk.parts import Desk
from register.audit import Outcome
from register.recorded import RecordedFact
from rules.acceptance import Refused

OTHER_WORDS = (
    "This form was sent before, and recorded with other words or days. Go to the child's page: what was recorded can"
    " be corrected there."
)
CLOSED = "That period of care has ended and is closed. Nothing more can be recorded in it."


class Failure(StrEnum):
    """Why something could not be recorded, though nothing speaks against it."""

    UNREACHABLE = "unreachable"
    """Nothing was sent."""
    NOT_ANSWERED = "not_answered"
    """It may have been recorded."""
    UNFORESEEN = "unforeseen"


@dataclass
class Sent:
    """What came of a form.

    Attributes:
        stands: what is recorded, now or before.
        refused: what the rules refuse, each with their sentence.
        waiting: what was not tried, or failed.
        failure: why it was not tried, or failed; None where nothing failed.
    """

    stands: list[Item] = field(default_factory=list)
    refused: list[tuple[Item, str]] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    failure: Failure | None = None

    @property
    def is_done(self) -> bool:
        """Everything is recorded."""
        return not (self.refused or self.waiting)

    @property
    def left(self) -> list[Item]:
        """What is not recorded, as far as is known."""
        return [*(item for item, _ in self.refused), *self.waiting]

    @property
    def has_several(self) -> bool:
        """The form came to more than one fact."""
        return len(self.stands) + len(self.left) > 1


async def send(
    desk: Desk, child: Child, items: Collection[Item], recorded: Mapping[str, RecordedFact], shown: Collection[str]
) -> Sent:
    """Record what a form comes to.

    Args:
        desk: the parts.
        child: whose, and who records it.
        items: the facts, in order.
        recorded: what the form has recorded before, by the facts' ids.
        shown: the ids of those that the page showed as recorded: they are passed over.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    sent = Sent()
    for item in items:
        before = recorded.get(item.fact.id)
        if before and (item.fact.id in shown or before.fact == item.fact):
            sent.stands.append(item)
        elif before:
            await _refuse(desk, child, sent, item, OTHER_WORDS)
        elif sent.failure or (item.last and not sent.is_done):
            sent.waiting.append(item)
        else:
            await _record(desk, child, sent, item)
    return sent


async def _record(desk: Desk, child: Child, sent: Sent, item: Item) -> None:
    try:
        client = await desk.client()
        await record(client, child.line.id, item.fact, desk.register)
    except Refused as error:
        await _refuse(desk, child, sent, item, str(error))
    except EpisodeClosed:
        await _refuse(desk, child, sent, item, CLOSED)
    except (ServerUnreachable, NotAnswered, EpisodeError) as error:
        sent.failure = _failure(error)
        sent.waiting.append(item)
        await _note(desk, child, item, Outcome.FAILED)
    else:
        sent.stands.append(item)
        await _note(desk, child, item, Outcome.DONE)


def _failure(error: Exception) -> Failure:
    if isinstance(error, ServerUnreachable):
        return Failure.UNREACHABLE
    return Failure.NOT_ANSWERED if isinstance(error, NotAnswered) else Failure.UNFORESEEN


async def _refuse(desk: Desk, child: Child, sent: Sent, item: Item, sentence: str) -> None:
    sent.refused.append((item, sentence))
    await _note(desk, child, item, Outcome.REFUSED)


async def _note(desk: Desk, child: Child, item: Item, outcome: Outcome) -> None:
    fact = item.fact
    await run_in_threadpool(note, desk, child.viewer, fact.kind, outcome, child.line.id, fact.id)
