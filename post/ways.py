"""The ways out: what each one promises, whatever stands behind it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from post.notice import Written
from rules.network import AccessNeed, Way
from rules.vocabulary import Frozen


class Calendar(Frozen):
    """What goes with an email for the reader's calendar: an iCalendar object, and its method."""

    method: str
    ics: str


class Message(Frozen):
    """One message, ready to go.

    Attributes:
        reference: unique and stable: the same message tried again has the same. Notify's reference; the first half of
            the Message-ID.
        way: letter, email or text.
        to_name: who; None where it is not known.
        to: the email address or the phone number; empty for a letter.
        address: the lines of the postal address, for a letter.
        needs: what the reader needs to be able to take it in.
        written: the words.
        sender: the council's name, as it stands beside the sender's address and at the head of a letter.
        sender_address: the lines at the head of a letter, for an answer.
        reply_to: where an answer to an email goes.
        on: the day that stands on it.
        calendar: for the reader's calendar; only with an email.
    """

    reference: str
    way: Way
    to_name: str | None
    to: str = ""
    address: tuple[str, ...] = ()
    needs: tuple[AccessNeed, ...] = ()
    written: Written
    sender: str
    sender_address: tuple[str, ...] = ()
    reply_to: str | None = None
    on: date
    calendar: Calendar | None = None


class Sent(Frozen):
    """That a message went out.

    Attributes:
        receipt: what the way out calls it, to ask for it later; None when there is nothing to ask.
        already: it had gone out before, and was not sent again.
    """

    receipt: str | None = None
    already: bool = False


class CannotBeDelivered(Exception):
    """A message that will not arrive however often it is tried: a bad address, refused. Says why, never the address."""


class TryLater(Exception):
    """A way out that is down, busy or slow.

    Attributes:
        after: the instant before which there is no use in trying again; None when nothing was said.
        whole: nothing can be sent this way at present, so that the others need not be tried.
    """

    def __init__(self, reason: str, *, after: datetime | None = None, whole: bool = True) -> None:
        """Say why, without any address."""
        super().__init__(reason)
        self.after = after
        self.whole = whole


class Outcome(StrEnum):
    """What became of a message after it had gone out, as a receipt tells it."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    FAILED = "failed"


class Receipt(Frozen):
    """What a way out says of a message.

    Attributes:
        reference: of the message.
        outcome: what became of it.
        reason: why it failed, in words, without the address.
        at: when, UTC; None when it was not said.
    """

    reference: str
    outcome: Outcome
    reason: str | None = None
    at: datetime | None = None


class WayOut(Protocol):
    """Sends messages of some ways."""

    ways: frozenset[Way]
    """Which of letter, email and text it can send."""

    async def send(self, message: Message, *, tried_before: bool) -> Sent:
        """Send a message.

        Args:
            message: what.
            tried_before: an earlier try may have gone out unnoticed. A way out that can tell looks first.

        Raises:
            CannotBeDelivered: it will not arrive however often it is tried.
            TryLater: it may, another time.
        """
        ...

    async def receipts(self, sent: tuple[str, ...]) -> tuple[Receipt, ...]:
        """What has become of messages.

        Args:
            sent: what `Sent.receipt` gave for them.

        Returns:
            Those of which something is known; a way out that hears nothing more gives none.

        Raises:
            TryLater: it does not answer now.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
