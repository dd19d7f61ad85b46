"""Sending an event to a receiver over HTTP, signed as the Standard Webhooks convention has it.

A receiver is asked once and judged by its status alone: no redirect is followed, and of what it says no more is read
than keeps the connection in use. `post/webhook_address.py` says where a webhook may not lead.
"""

import asyncio
import base64
import hmac
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

import httpx

from post.settings import WebhookSettings
from post.webhook_address import Address, LookUp, WebhookRefused, check_place, literal, look_up
from rules.vocabulary import Frozen

# It logs addresses, which may hold a secret of the receiver's.
logging.getLogger("httpx").setLevel(logging.WARNING)

AGENT = "iro-review-cycle-webhooks"
_READ_BYTES = 16 * 1024
_READ_SECONDS = 1.0
_LATER = frozenset({408, 425, 429})
"""Beside those from 500 on: refusals that are about the moment, not about the event."""
_OF_THE_WHOLE = frozenset({429, 502, 503, 504})
"""They say that the receiver, not this event, is in trouble."""


class Verdict(StrEnum):
    """What an answer means."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    GONE = "gone"


class Answer(Frozen):
    """What came of one try.

    Attributes:
        verdict: what it means.
        status: what the receiver answered; None where it gave no answer.
        reason: why the event was not taken, without the address.
        wait: for how long the receiver asks to be left in peace.
        whole: it would have been the same with any other event.
    """

    verdict: Verdict
    status: int | None = None
    reason: str | None = None
    wait: timedelta | None = None
    whole: bool = False


def signature(secret: str, reference: str, timestamp: int, body: str) -> str:
    """What goes into `Webhook-Signature`.

    Args:
        secret: the webhook's, as it was shown: `whsec_` and base64.
        reference: what goes into `Webhook-Id`.
        timestamp: what goes into `Webhook-Timestamp`: seconds since 1970.
        body: the body.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{reference}.{timestamp}.{body}".encode(), sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


class WebhookSender:
    """Sends events to receivers."""

    def __init__(
        self,
        settings: WebhookSettings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_up: LookUp = look_up,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Take what it works with. Nothing is connected yet.

        Args:
            settings: where receivers may be, and how long they have for an answer.
            clock: the instant now, UTC, which is signed.
            look_up: finds the addresses of a name.
            trust: whose certificates are trusted; as SSL_CERT_FILE says, or the usual authorities, when left out.
        """
        self._settings = settings
        self._clock = clock
        self._look_up = look_up
        self._given_trust = trust

    @asynccontextmanager
    async def to(self, url: str, secret: str) -> AsyncIterator["Receiver"]:
        """Keep a connection to a receiver for the length of the block.

        Args:
            url: where it is.
            secret: what its requests are signed with.
        """
        # Nothing of the environment is minded: a proxy would look the name up again.
        async with httpx.AsyncClient(verify=self._trust, trust_env=False, timeout=self._settings.patience) as client:
            yield Receiver(client, httpx.URL(url), secret, self._settings, self._clock, self._look_up)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._given_trust or httpx.create_ssl_context(trust_env=True)


class Receiver:
    """One receiver, while something is sent to it."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: httpx.URL,
        secret: str,
        settings: WebhookSettings,
        clock: Callable[[], datetime],
        look_up: LookUp,
    ) -> None:
        """Take what `WebhookSender.to` hands over."""
        self._client = client
        self._url = url
        self._secret = secret
        self._settings = settings
        self._clock = clock
        self._look_up = look_up
        self._places: list[Address] = []

    async def send(self, reference: str, body: str) -> Answer:
        """Send an event.

        Args:
            reference: what the receiver knows the event by, the same however often it is sent.
            body: JSON.

        Returns:
            What came of it; whatever goes wrong is an answer too.
        """
        try:
            async with asyncio.timeout(self._settings.patience):
                response = await self._ask(reference, body)
        except (TimeoutError, httpx.TimeoutException):
            return _later(f"The receiver did not answer within {self._settings.patience:g} seconds.", whole=True)
        except WebhookRefused as refused:
            return _later(str(refused), whole=True)
        except (OSError, UnicodeError):
            return _later("The receiver's name is not known.", whole=True)
        except httpx.TransportError as error:
            return _later(_words(error), whole=True)
        try:
            return self._meaning(response)
        finally:
            await _let_go(response)

    async def _ask(self, reference: str, body: str) -> httpx.Response:
        """Ask at the first of its addresses where somebody is."""
        self._places = self._places or await self._where()
        *others, last = self._places
        for place in others:
            try:
                return await self._ask_at(place, reference, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                self._places = [other for other in self._places if other != place]
        return await self._ask_at(last, reference, body)

    async def _where(self) -> list[Address]:
        """The addresses of its host, all of which may be reached; looked up once, and not again to connect."""
        host = self._url.raw_host.decode()
        written = literal(host)
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        places = [written] if written is not None else await self._look_up(host, port)
        check_place(self._url.scheme, places, self._settings.networks)
        return places

    async def _ask_at(self, place: Address, reference: str, body: str) -> httpx.Response:
        now = int(self._clock().timestamp())
        request = self._client.build_request(
            "POST",
            self._url.copy_with(host=str(place)),
            content=body.encode(),
            headers={
                "Host": self._url.netloc.decode(),
                "Content-Type": "application/json",
                "User-Agent": AGENT,
                "Webhook-Id": reference,
                "Webhook-Timestamp": str(now),
                "Webhook-Signature": signature(self._secret, reference, now, body),
            },
            # The certificate is to be of the name, not of the number.
            extensions={"sni_hostname": self._url.raw_host.decode()},
            timeout=httpx.Timeout(self._settings.patience, connect=self._settings.patience / 2),
        )
        return await self._client.send(request, stream=True)

    def _meaning(self, response: httpx.Response) -> Answer:
        status = response.status_code
        if response.is_success:
            return Answer(verdict=Verdict.TAKEN, status=status)
        if status == httpx.codes.GONE:
            return Answer(verdict=Verdict.GONE, status=status, reason="The receiver answered 410.")
        reason = f"The receiver answered {status}."
        if status >= 500 or status in _LATER:
            wait = self._asked_wait(response.headers.get("Retry-After"))
            return _later(reason, status=status, wait=wait, whole=status in _OF_THE_WHOLE)
        if response.is_redirect:
            reason = f"The receiver answered {status}: redirects are not followed, give the address it leads to."
        return Answer(verdict=Verdict.REFUSED, status=status, reason=reason)

    def _asked_wait(self, said: str | None) -> timedelta | None:
        """What `Retry-After` asks for: seconds, or an instant."""
        if said is None:
            return None
        with suppress(ValueError, OverflowError, TypeError):
            if said.strip().isdigit():
                return timedelta(seconds=int(said))
            until = parsedate_to_datetime(said)
            return until.replace(tzinfo=until.tzinfo or UTC) - self._clock()
        return None


def _later(reason: str, *, status: int | None = None, wait: timedelta | None = None, whole: bool = False) -> Answer:
    return Answer(verdict=Verdict.LATER, status=status, reason=reason, wait=wait, whole=whole)


def _words(error: httpx.TransportError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "The receiver's certificate is not trusted."
    if isinstance(error, httpx.ConnectError):
        return "The receiver cannot be reached."
    return "The receiver broke off, or does not speak HTTP."


async def _let_go(response: httpx.Response) -> None:
    """Read what little it says, so that the connection can be used again; else drop the connection."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_READ_SECONDS):
            read = 0
            async for part in response.aiter_raw():
                read += len(part)
                if read > _READ_BYTES:
                    break
    with suppress(httpx.HTTPError):
        await response.aclose()
