"""Emails by a mail server.

A mail server cannot be asked whether it took a message. One that was tried before is sent again under the Message-ID
it had, by which the reader's mail server or program drops the second copy where it does so.
"""

import asyncio
import re
import ssl

import aiosmtplib

from post.email import email_message
from post.settings import Security, SmtpSettings
from post.ways import CannotBeDelivered, Message, Receipt, Sent, TryLater
from rules.network import Way

# A connection that is still there answers at once; one that a firewall forgot never does.
_STILL_THERE_SECONDS = 5.0

# RFC 3463: what the detail after the code means.
_DETAILS = {
    "1.1": "it knows no such mailbox",
    "1.2": "it knows no such domain",
    "1.3": "it cannot read the address",
    "1.6": "the mailbox has moved",
    "1.10": "the domain takes no mail",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the message is too long for the mailbox",
    "3.4": "the message is too long",
    "4.4": "it finds no way to the domain",
    "7.1": "its policy forbids it",
}
# RFC 5321 and 7504: what the code means where there is no detail.
_CODES = {
    521: "the domain takes no mail",
    550: "the mailbox is unknown, or its policy forbids it",
    551: "the mailbox is not there",
    552: "the mailbox is full, or the message too long",
    553: "it cannot read the address",
    554: "its policy forbids it",
    556: "the domain takes no mail",
}
# RFC 4954: the server wants to be told who we are, which no other message changes.
_WHO_ARE_YOU = frozenset({530, 534, 535, 538})
_GOING_DOWN = 421
_TOO_LONG = 552


class SmtpOut:
    """Sends emails by a mail server, over one connection for as long as it lasts."""

    ways: frozenset[Way] = frozenset({Way.EMAIL})

    def __init__(self, settings: SmtpSettings, sender: str, *, patience: float = 30.0) -> None:
        """Get ready; nothing is connected yet.

        Args:
            settings: the mail server.
            sender: the From address, and the one that learns of emails that come back.
            patience: the seconds it has for each answer.
        """
        self._sender = sender
        self._where = f"The mail server {settings.host}:{settings.port or settings.security.port}"
        password = settings.password
        self._client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port or settings.security.port,
            use_tls=settings.security is Security.TLS,
            start_tls=settings.security is Security.STARTTLS,
            username=settings.username,
            password=None if password is None else password.get_secret_value(),
            timeout=patience,
            # Else the machine's own name is looked up, and told.
            local_hostname=sender.rpartition("@")[2],
        )
        # A connection carries one email at a time.
        self._turn = asyncio.Lock()

    async def send(self, message: Message, *, tried_before: bool) -> Sent:
        """Send an email.

        Args:
            message: what.
            tried_before: changes nothing: a mail server cannot be asked.

        Returns:
            That the mail server took it; with no receipt, as it tells nothing more.

        Raises:
            CannotBeDelivered: the address is none, or the server refused it for good.
            TryLater: the server refused it for now, or does not answer, or does not know us; or the address for
                answers is none.
        """
        email = email_message(message, self._sender)
        async with self._turn:
            try:
                await self._be_connected()
                await self._client.send_message(email, sender=self._sender, recipients=[message.to])
            except aiosmtplib.SMTPNotSupported:
                raise CannotBeDelivered(
                    "The mail server cannot send to an address with letters other than those of English (it has no "
                    "SMTPUTF8): ask the reader for another address, or write by letter."
                ) from None
            except aiosmtplib.SMTPRecipientsRefused as refusal:
                raise self._refused(refusal.recipients[0]) from None
            except aiosmtplib.SMTPResponseException as refusal:
                raise self._refused(refusal) from None
            except (aiosmtplib.SMTPException, OSError) as error:
                self._client.close()
                raise TryLater(self._in_words(error)) from None
            except BaseException:
                # Cut off in the middle: what the server would answer next belongs to this email.
                self._client.close()
                raise
        return Sent()

    async def receipts(self, sent: tuple[str, ...]) -> tuple[Receipt, ...]:
        """Nothing: emails that come back go to the sender's own mailbox.

        Args:
            sent: not asked.

        Returns:
            None.
        """
        return ()

    async def close(self) -> None:
        """Take leave of the server."""
        async with self._turn:
            if self._client.is_connected:
                try:
                    await self._client.quit(timeout=_STILL_THERE_SECONDS)
                except (aiosmtplib.SMTPException, OSError):
                    pass
            self._client.close()

    async def _be_connected(self) -> None:
        if self._client.is_connected:
            try:
                await self._client.noop(timeout=_STILL_THERE_SECONDS)
                return
            except (aiosmtplib.SMTPException, OSError):
                self._client.close()
        try:
            await self._client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TryLater(self._in_words(error)) from None

    def _refused(self, refusal: aiosmtplib.SMTPResponseException) -> CannotBeDelivered | TryLater:
        """What an answer means. The server's own words are never told: they repeat the address."""
        code = refusal.code
        if code in _WHO_ARE_YOU:
            return TryLater(self._in_words(aiosmtplib.SMTPAuthenticationError(code, "")))
        if code == _GOING_DOWN:
            self._client.close()
            return TryLater(f"{self._where} is going down, or has too much to do ({code}): try again later.")
        why = _meaning(refusal)
        if 400 <= code < 500:
            return TryLater(f"{self._where} does not take the email now: {why}.", whole=False)
        if isinstance(refusal, aiosmtplib.SMTPSenderRefused) and code != _TOO_LONG:
            return TryLater(f"{self._where} refuses our own address as a sender: {why}; look at POST_SENDER.")
        if 500 <= code < 600:
            return CannotBeDelivered(f"The mail server refuses the email for good: {why}.")
        self._client.close()
        return TryLater(f"{self._where} gives an answer that no mail server gives: look at SMTP_HOST and SMTP_PORT.")

    def _in_words(self, error: Exception) -> str:
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return f"{self._where} does not know us ({error.code}): look at SMTP_USERNAME and SMTP_PASSWORD."
        if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return f"{self._where} and we cannot agree on TLS: look at SMTP_SECURITY, SMTP_PORT and its certificate."
        if isinstance(error, TimeoutError):
            return f"{self._where} does not answer in time: try again later."
        if isinstance(error, aiosmtplib.SMTPServerDisconnected):
            return f"{self._where} broke off: try again later."
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return f"{self._where} does not let us in ({error.code}): try again later."
        if isinstance(error, OSError):
            return f"{self._where} cannot be reached: see whether it runs, and look at SMTP_HOST and SMTP_PORT."
        # What is left is an extension that the server has not: STARTTLS or AUTH.
        return f"{self._where} offers no TLS or no way to log in: look at SMTP_SECURITY, SMTP_PORT and SMTP_USERNAME."


def _meaning(refusal: aiosmtplib.SMTPResponseException) -> str:
    detail = re.match(r"[245]\.(\d{1,3}\.\d{1,3})\b", refusal.message)
    known = _DETAILS.get(detail[1]) if detail else None
    numbers = f"{refusal.code} {detail[0]}" if detail else str(refusal.code)
    return f"{known or _CODES.get(refusal.code, 'it does not say why in a way known here')} ({numbers})"
