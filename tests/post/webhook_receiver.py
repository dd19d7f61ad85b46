"""A receiver of webhooks: a real HTTP server in threads of its own, which answers as it is told to."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from client.server import free_port


@dataclass(frozen=True)
class Request:
    """What it was asked."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What it answers.

    Attributes:
        status: the status.
        headers: with it.
        body: what it says, part by part.
        after: seconds before it answers.
        between: seconds between the parts.
        breaks_off: it closes the connection instead of answering.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: tuple[bytes, ...] = ()
    after: float = 0.0
    between: float = 0.0
    breaks_off: bool = False


TAKEN = Reply()


@dataclass
class WebhookReceiver:
    """The receiver. It may be stopped and started again, and keeps its port.

    Attributes:
        answers: what it answers, one after the other; then `otherwise`.
        otherwise: what it answers when it was told nothing else; may look at the request.
        requests: what it was asked, in order.
        connections: how often somebody connected.
        written: how many bytes of what it says were taken from it.
        tls: its certificate, if it speaks TLS.
    """

    answers: list[Reply] = field(default_factory=list)
    otherwise: Reply | Callable[[Request], Reply] = TAKEN
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    written: int = 0
    tls: ssl.SSLContext | None = None
    port: int = field(default_factory=free_port)
    _closing: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hooks?token=made-up"

    @property
    def told(self) -> list[tuple[str, str]]:
        """What it was told: the type of each event, and the step."""
        return [(each.json["type"], each.json["data"]["step"]) for each in self.requests]

    def start(self) -> None:
        """Take connections."""
        self._closing.clear()
        self._server = _Server(("127.0.0.1", self.port), type("Handler", (_Handler,), {"receiver": self}))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Take no more."""
        self._closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def reply_to(self, request: Request) -> Reply:
        """What it answers to a request, which it keeps."""
        self.requests.append(request)
        if self.answers:
            return self.answers.pop(0)
        return self.otherwise if isinstance(self.otherwise, Reply) else self.otherwise(request)

    def pause(self, seconds: float) -> None:
        """Wait, but not for longer than it runs."""
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: WebhookReceiver
    request: socket.socket

    def setup(self) -> None:
        self.receiver.connections += 1
        if self.receiver.tls is not None:
            self.request = self.receiver.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.receiver.reply_to(Request(self.path, dict(self.headers), body))
        self.receiver.pause(reply.after)
        if reply.breaks_off:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(sum(map(len, reply.body))))
        self.end_headers()
        for part in reply.body:
            self.wfile.write(part)
            self.receiver.written += len(part)
            self.receiver.pause(reply.between)

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        pass
