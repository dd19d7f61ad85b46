"""A real mail server in a thread of its own, which can be told to refuse, to hang, to break off, and to stop."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import Parser
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from client.server import free_port

USERNAME = "post-room"
PASSWORD = "the-mail-server-password"


@dataclass
class MailServer:
    """A mail server on this machine. It may be stopped and started again, and keeps its port.

    Attributes:
        utf8: it takes addresses with letters other than those of English.
        password: it asks for USERNAME and PASSWORD.
        starttls, tls: the certificate of each.
        refuse: what it answers to MAIL, RCPT or DATA, or to a reader's address, in place of taking it.
        slow: how long it waits before it says that it has the message.
        break_off: it takes the next message, and breaks off before it says so.
        received: what it took.
        envelopes: for whom.
        visits: how often somebody connected.
    """

    utf8: bool = True
    password: bool = False
    starttls: ssl.SSLContext | None = None
    tls: ssl.SSLContext | None = None
    refuse: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    break_off: bool = False
    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    visits: int = 0
    port: int = field(default_factory=free_port)
    _controller: Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def emails(self) -> list[EmailMessage]:
        """What it took, read as a mail program reads it."""
        return [parsed(content) for content in self.received]

    def start(self) -> None:
        """Take connections."""
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            enable_SMTPUTF8=self.utf8,
            ssl_context=self.tls,
            tls_context=self.starttls,
            require_starttls=self.starttls is not None,
            auth_required=self.password,
            auth_require_tls=False,
            authenticator=_authenticate,
            loop=asyncio.new_event_loop(),
        )
        self._controller.start()
        # The controller has looked whether it is there.
        self.visits = 0

    def stop(self) -> None:
        """Drop every connection, and take no more."""
        if self._controller is not None:
            self.drop()
            self._controller.stop()
            self._controller = None

    def drop(self) -> None:
        """Drop every connection."""
        assert isinstance(self._controller, _Controller)
        asyncio.run_coroutine_threadsafe(self._controller.drop(), self._controller.loop).result(5)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender."""
        if "MAIL" in self.refuse:
            return self.refuse["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a reader."""
        if refused := self.refuse.get(address) or self.refuse.get("RCPT"):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message."""
        if "DATA" in self.refuse:
            return self.refuse["DATA"]
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.envelopes.append((envelope.mail_from, list(map(str, envelope.rcpt_tos))))
        if self.break_off:
            self.break_off = False
            transport: Any = server.transport
            transport.abort()
        await asyncio.sleep(self.slow)
        return "250 OK"


def parsed(content: bytes) -> EmailMessage:
    """An email as a mail program reads it."""
    # As text: Python does not read headers that stand in UTF-8 from bytes.
    email = Parser(policy=default).parsestr(content.decode().replace("\r\n", "\n"))
    assert isinstance(email, EmailMessage)
    return email


class _Controller(Controller):
    def __init__(self, mail_server: MailServer, **options: Any) -> None:
        super().__init__(mail_server, **options)
        self._mail_server = mail_server
        self._visitors: list[SMTP] = []

    def factory(self) -> SMTP:
        self._mail_server.visits += 1
        visitor = SMTP(self.handler, **self.SMTP_kwargs)
        self._visitors.append(visitor)
        return visitor

    async def drop(self) -> None:
        for visitor in self._visitors:
            transport: Any = visitor.transport
            if transport is not None:
                transport.abort()
        self._visitors.clear()
        # Until the transports have told it.
        await asyncio.sleep(0)


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data == LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)
