"""Emails, texts and letters by GOV.UK Notify.

Emails and texts go by templates that say nothing of their own: one for emails whose subject is ((subject)) and whose
body is ((body)), one for texts whose body is ((body)). Letters go as the PDF that we make.

An email by Notify carries no invitation for a calendar: Notify only links to files, and a link is not an invitation.
The day and the place stand in the words.
"""

import asyncio
import io
import logging
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from post.letters import letter
from post.settings import NotifySettings
from post.ways import CannotBeDelivered, Message, Outcome, Receipt, Sent, TryLater
from rules.network import Way

# It logs what the API says of a request, which may repeat an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

_NAME = "GOV.UK Notify"

_OUTCOMES = {
    "created": Outcome.UNDER_WAY,
    "sending": Outcome.UNDER_WAY,
    "pending": Outcome.UNDER_WAY,
    # Letters: looked through for viruses, and at the printer's.
    "pending-virus-check": Outcome.UNDER_WAY,
    "accepted": Outcome.UNDER_WAY,
    # Letters: printed and posted.
    "received": Outcome.DELIVERED,
    # Texts to other countries, of which nothing more is heard.
    "sent": Outcome.DELIVERED,
    "delivered": Outcome.DELIVERED,
    "permanent-failure": Outcome.FAILED,
    "temporary-failure": Outcome.FAILED,
    "technical-failure": Outcome.FAILED,
    "validation-failed": Outcome.FAILED,
    "virus-scan-failed": Outcome.FAILED,
    "cancelled": Outcome.FAILED,
    "returned-letter": Outcome.FAILED,
}
_REASONS = {
    "permanent-failure": "It cannot be delivered: the address or number does not exist, or takes nothing.",
    "temporary-failure": "It could not be delivered for days: the mailbox is full, or the phone is off.",
    "technical-failure": f"{_NAME} or its provider had a fault, and sent nothing.",
    "validation-failed": f"The letter is not laid out as {_NAME} asks, and was not printed.",
    "virus-scan-failed": f"{_NAME} found what it takes for a virus in the letter, and did not print it.",
    "cancelled": f"Somebody cancelled it in {_NAME}.",
    "returned-letter": "The letter came back.",
}

# A 400 that says one of these is about the settings, and would be said of every message.
_OUR_SETTINGS = re.compile(
    r"template[ _](not found|has been deleted|is not suitable|id)|missing personalisation|reply_to_id|not allowed",
    re.IGNORECASE,
)


class NotifyOut:
    """Sends by GOV.UK Notify, which can be asked what it has, so that nothing goes out twice."""

    def __init__(self, settings: NotifySettings, *, patience: float = 30.0) -> None:
        """Get ready; nothing is connected yet.

        Args:
            settings: with a key, and a template for each of emails and texts that are to be sent.
            patience: the seconds it has for an answer.
        """
        assert settings.key is not None
        self._settings = settings
        templates = {Way.EMAIL: settings.email_template, Way.TEXT: settings.text_template}
        self.ways: frozenset[Way] = frozenset(way for way in Way if way is Way.LETTER or templates[way])
        # The client has no types of its own.
        self._client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            settings.key.get_secret_value(), base_url=settings.url, timeout=patience
        )
        # The client is for one thread at a time, and a call given up goes on in its own until it ends.
        self._turn = threading.Lock()

    async def send(self, message: Message, *, tried_before: bool) -> Sent:
        """Send a message.

        Args:
            message: what.
            tried_before: Notify is asked first whether it has one of this reference. It knows those of the last 7
                days, unless the service keeps them for longer or less.

        Returns:
            That Notify has it, and the id that Notify gave it.

        Raises:
            CannotBeDelivered: Notify refuses it.
            TryLater: Notify does not answer, has had enough, or does not know our key.
        """
        if tried_before:
            found = await self._ask(lambda: self._client.get_all_notifications(reference=message.reference))
            for notification in _listed(found):
                if notification.get("reference") == message.reference:
                    return Sent(receipt=_id_of(notification), already=True)
        return Sent(receipt=_id_of(await self._ask(lambda: self._post(message), message)))

    async def receipts(self, sent: tuple[str, ...]) -> tuple[Receipt, ...]:
        """What has become of messages.

        Args:
            sent: the ids that Notify gave them.

        Returns:
            A receipt for each that Notify still knows. Where it stops answering halfway, those until then.

        Raises:
            TryLater: it does not answer at all.
        """
        receipts: list[Receipt] = []
        for number in sent:
            try:
                receipt = await self._receipt(number)
            except TryLater:
                if receipts:
                    break
                raise
            if receipt is not None:
                receipts.append(receipt)
        return tuple(receipts)

    async def close(self) -> None:
        """Let go of connections."""
        self._client.request_session.close()

    def _post(self, message: Message) -> Any:
        """In a thread of its own: the client waits for the answer, and a letter takes a while to lay out."""
        written = message.written
        if message.way is Way.EMAIL:
            return self._client.send_email_notification(
                email_address=message.to,
                template_id=self._settings.email_template,
                personalisation={"subject": written.subject, "body": for_notify(written.body)},
                reference=message.reference,
                email_reply_to_id=self._settings.reply_to,
            )
        if message.way is Way.TEXT:
            return self._client.send_sms_notification(
                phone_number=message.to,
                template_id=self._settings.text_template,
                personalisation={"body": written.text},
                reference=message.reference,
            )
        return self._client.send_precompiled_letter_notification(
            reference=message.reference, pdf_file=io.BytesIO(letter(message))
        )

    async def _receipt(self, number: str) -> Receipt | None:
        try:
            notification = await self._ask(lambda: self._client.get_notification_by_id(number))
        except _NotThere:
            # Kept for some days only; and what is no id was never given.
            return None
        status = _Status.read(notification)
        return None if status is None or status.status not in _OUTCOMES else status.receipt()

    async def _ask(self, call: Callable[[], Any], message: Message | None = None) -> Any:
        try:
            return await asyncio.to_thread(self._in_turn, call)
        except APIError as error:
            raise _meaning(error, message) from None

    def _in_turn(self, call: Callable[[], Any]) -> Any:
        with self._turn:
            return call()


class ReceiptRefused(ValueError):
    """What was handed in is no delivery receipt of GOV.UK Notify. The message shows nothing of it."""


class _Status(BaseModel):
    """What Notify says of a message, when it is asked and when it calls back alike. The rest is not read."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: str = Field(min_length=1)
    reference: str = Field(min_length=1)
    status: str
    completed_at: datetime | None = None

    @classmethod
    def read(cls, notification: Any) -> "_Status | None":
        """None for what is not ours: the service may send by its pages too, and then there is no reference."""
        try:
            return cls.model_validate(notification)
        except ValidationError:
            return None

    def receipt(self) -> Receipt:
        at = self.completed_at
        return Receipt(
            reference=self.reference,
            outcome=_OUTCOMES[self.status],
            reason=_REASONS.get(self.status),
            # Notify's times are UTC, whether they say so or not.
            at=at if at is None else (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)),
        )


def receipt_of(body: bytes) -> Receipt:
    """Read a delivery receipt that GOV.UK Notify hands in at our callback address.

    Args:
        body: of the request. Whether it comes from Notify, its bearer token says, which the caller checks.

    Returns:
        The receipt.

    Raises:
        ReceiptRefused: it is none, or of a message without a reference, or with a status that Notify does not have.
    """
    try:
        status = _Status.model_validate_json(body)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_input=False)[0]["loc"])) or "the whole of it"
        raise ReceiptRefused(f"This is no delivery receipt of {_NAME}: {field} cannot be read.") from None
    if status.status not in _OUTCOMES:
        raise ReceiptRefused(f"This is no delivery receipt of {_NAME}: it has no such status.")
    return status.receipt()


def for_notify(body: str) -> str:
    """The words of a notice as an email template of GOV.UK Notify takes them in.

    Its headings and lists are ours, with an empty line around them. Whatever else would be markup there ("2.30pm" at
    the beginning of a line, "^", "[") is marked as ordinary text.

    Args:
        body: as `Written.body` is marked.

    Returns:
        The same in Notify's Markdown.
    """
    lines: list[str] = []
    before = ""
    for line in map(str.strip, body.splitlines()):
        mark = line[:2] if line.startswith(("# ", "* ")) else ""
        if lines and lines[-1] and line and (mark != before or mark == "# "):
            lines.append("")
        lines.append(mark + _as_text(line.removeprefix(mark).strip()))
        before = mark
    return "\n".join(lines).strip("\n")


def _as_text(line: str) -> str:
    line = re.sub(r"[\\\[|]", r"\\\g<0>", line)
    # A number and a full stop is a list in Notify, whatever follows.
    line = re.sub(r"^\d+(?=\.)|^(?=[#*\-_~`])", r"\g<0>\\", line)
    # These cannot be escaped there; Notify itself puts this space of no width where it wants no markup.
    return re.sub(r"^(?=[\^•=:])", "\u200b", line)


class _NotThere(TryLater):
    """Notify has nothing of that id. It is caught where an id was asked for, and elsewhere means a wrong address."""


def _meaning(error: APIError, message: Message | None) -> Exception:
    """What an error of the API is to whoever sends."""
    code = error.status_code
    if error.response is None:
        in_time = "does not answer in time" if isinstance(error.__cause__, requests.Timeout) else "cannot be reached"
        return TryLater(f"{_NAME} {in_time}: try again later.")
    said = _said(error)
    if code == 400 and message is not None:
        return _refused(said, message)
    if code in (401, 403):
        return TryLater(
            f"{_NAME} refuses our key ({code}): look at NOTIFY_API_KEY, what it may send, and this machine's clock."
        )
    if code == 429:
        now = datetime.now(UTC)
        if any(kind == "TooManyRequestsError" for kind, _ in said):
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
            return TryLater(f"{_NAME} has sent as much as it may for us today: it goes on tomorrow.", after=midnight)
        return TryLater(f"{_NAME} was asked too often in a minute: wait for one.", after=now + timedelta(minutes=1))
    if code == 500:
        # It may be this message that it stumbles over.
        return TryLater(f"{_NAME} had a fault ({code}): try again later.", whole=False)
    if code > 500:
        return TryLater(f"{_NAME} is down or overloaded ({code}): try again later.")
    # What is no id is told by a 400.
    not_there = code == 400 or any(kind == "NoResultFound" for kind, _ in said)
    return (_NotThere if not_there else TryLater)(f"{_NAME} does not answer as it should ({code}): look at NOTIFY_URL.")


def _refused(said: list[tuple[str, str]], message: Message) -> Exception:
    words = "; ".join(text for _, text in said) or "it does not say why"
    if message.to:
        words = re.sub(re.escape(message.to), "(address)", words, flags=re.IGNORECASE)
    words = re.sub(r"\S+@\S+", "(address)", words)
    words = re.sub(r"\+?\d[\d ()-]{7,}\d", "(number)", words)
    if _OUR_SETTINGS.search(words):
        return TryLater(f"{_NAME} cannot work with our settings: {words}; look at those that begin with NOTIFY.")
    return CannotBeDelivered(f"{_NAME} refuses the message: {words}.")


def _said(error: APIError) -> list[tuple[str, str]]:
    """The kind and the words of each error that the API lists; nothing where the answer is not the API's own."""
    errors = error.message
    if not isinstance(errors, list):
        return []
    return [
        (str(one.get("error", "")), str(one.get("message", "")).rstrip(".")) for one in errors if isinstance(one, dict)
    ]


def _listed(found: Any) -> list[dict[str, Any]]:
    notifications = found.get("notifications") if isinstance(found, dict) else None
    if not isinstance(notifications, list):
        raise TryLater(f"What answers at NOTIFY_URL is not {_NAME}: look at it.")
    return [one for one in notifications if isinstance(one, dict)]


def _id_of(notification: Any) -> str:
    number = notification.get("id") if isinstance(notification, dict) else None
    if not isinstance(number, str):
        raise TryLater(f"What answers at NOTIFY_URL is not {_NAME}: look at it.")
    return number
