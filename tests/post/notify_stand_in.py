"""GOV.UK Notify's published API, version 2, on this machine: what it takes, what it answers, and how it fails.

Bodies and errors are those of https://docs.notifications.service.gov.uk/rest-api.html.
"""

import base64
import binascii
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt

Json = dict[str, Any]


class _Refusal(Exception):
    """An answer other than a success."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status_code": status, "errors": [{"error": kind, "message": message}]}


@dataclass
class NotifyStandIn:
    """A service of GOV.UK Notify with one template for emails and one for texts.

    Attributes:
        notifications: what it took, as it tells of it; the newest last.
        letters: the PDFs it took, by id.
        personalisations: what the templates were filled with, by id.
        requests: what it was asked, as "POST /v2/notifications/email".
        late_by: how far its clock is ahead of ours, in seconds.
    """

    service: str = field(default_factory=lambda: str(uuid.uuid4()))
    secret: str = field(default_factory=lambda: str(uuid.uuid4()))
    email_template: str = field(default_factory=lambda: str(uuid.uuid4()))
    text_template: str = field(default_factory=lambda: str(uuid.uuid4()))
    notifications: list[Json] = field(default_factory=list)
    letters: dict[str, bytes] = field(default_factory=dict)
    personalisations: dict[str, Json] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    late_by: int = 0
    _troubles: list[Callable[["_Handler"], bool]] = field(default_factory=list)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"notify": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def key(self) -> str:
        """A key of the service."""
        return f"post_room-{self.service}-{self.secret}"

    def refuse_next(self, status: int, kind: str, message: str) -> None:
        """Refuse the next request with an error of the API."""

        def trouble(handler: "_Handler") -> bool:
            raise _Refusal(status, kind, message)

        self._troubles.append(trouble)

    def answer_next(self, status: int, body: bytes) -> None:
        """Answer the next request with whatever it is: the page of a proxy, say."""

        def trouble(handler: "_Handler") -> bool:
            handler.answer(status, body)
            return True

        self._troubles.append(trouble)

    def hang_next(self) -> None:
        """Leave the next request without an answer, and do nothing about it."""

        def trouble(handler: "_Handler") -> bool:
            self._closing.wait(30)
            return True

        self._troubles.append(trouble)

    def cut_next(self) -> None:
        """Cut the connection of the next request, and do nothing about it."""

        def trouble(handler: "_Handler") -> bool:
            handler.cut()
            return True

        self._troubles.append(trouble)

    def take_next_unheard(self) -> None:
        """Do what the next request asks for, and cut the connection before it is told."""

        def trouble(handler: "_Handler") -> bool:
            handler.act()
            handler.cut()
            return True

        self._troubles.append(trouble)

    def move(self, number: str, status: str) -> None:
        """Bring a message on, as the providers tell Notify."""
        told = self._by_id(number)
        told["status"] = status
        told["completed_at"] = None if status in ("created", "sending") else "2026-01-06T09:30:00.000000Z"

    def callback(self, number: str) -> bytes:
        """What Notify hands in at a callback address."""
        told = self._by_id(number)
        names = ("id", "reference", "status", "created_at", "completed_at", "sent_at")
        return json.dumps(
            {
                **{name: told[name] for name in names},
                "to": told["email_address"] or told["phone_number"],
                "notification_type": told["type"],
                "template_id": told["template"]["id"],
                "template_version": 1,
            }
        ).encode()

    def trouble_of_next(self, handler: "_Handler") -> bool:
        """Whether the next request was dealt with by a trouble that it was told to make."""
        return bool(self._troubles) and self._troubles.pop(0)(handler)

    def check(self, authorisation: str) -> None:
        """Refuse a token that is not signed with the key, or not made now."""
        try:
            claims = jwt.decode(
                authorisation.removeprefix("Bearer "),
                self.secret,
                algorithms=["HS256"],
                options={"require": ["iss", "iat"], "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            raise _Refusal(403, "AuthError", "Invalid token: API key not found") from None
        if claims["iss"] != self.service:
            raise _Refusal(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() + self.late_by - claims["iat"]) > 30:
            raise _Refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")

    def get(self, path: str, query: dict[str, list[str]]) -> Json:
        """One message, or those of a reference."""
        if path == "/v2/notifications":
            wanted = query.get("reference", [None])[0]
            found = [one for one in reversed(self.notifications) if wanted in (None, one["reference"])]
            return {"notifications": found, "links": {"current": f"{self.url}{path}"}}
        number = path.removeprefix("/v2/notifications/")
        try:
            uuid.UUID(number)
        except ValueError:
            raise _Refusal(400, "ValidationError", "id is not a valid UUID") from None
        return self._by_id(number)

    def post(self, path: str, asked: Json) -> Json:
        """Take a message."""
        takers = {"email": self._take_email, "sms": self._take_text, "letter": self._take_letter}
        kind = path.removeprefix("/v2/notifications/")
        if kind not in takers:
            raise _Refusal(404, "NotFound", "The requested URL was not found on the server.")
        self.asked.append(asked)
        return takers[kind](asked)

    def _take_email(self, asked: Json) -> Json:
        if not re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", str(asked.get("email_address"))):
            raise _Refusal(400, "ValidationError", "email_address is not a valid email address")
        filled = self._filled(asked, self.email_template, ("subject", "body"))
        told = self._took("email", asked, email_address=asked["email_address"], **filled)
        content = {"subject": filled["subject"], "body": filled["body"], "from_email": "sampleshire@notify.example"}
        return {**_identity(told), "content": content, "uri": f"{self.url}/v2/notifications/{told['id']}"}

    def _take_text(self, asked: Json) -> Json:
        digits = re.sub(r"[\s()+-]", "", str(asked.get("phone_number")))
        if not digits.isdigit():
            raise _Refusal(400, "ValidationError", "phone_number Must not contain letters or symbols")
        if len(digits) < 11:
            raise _Refusal(400, "ValidationError", "phone_number Not enough digits")
        filled = self._filled(asked, self.text_template, ("body",))
        told = self._took("sms", asked, phone_number=asked["phone_number"], **filled)
        content = {"body": filled["body"], "from_number": "Sampleshire"}
        return {**_identity(told), "content": content, "uri": f"{self.url}/v2/notifications/{told['id']}"}

    def _take_letter(self, asked: Json) -> Json:
        if not asked.get("reference"):
            raise _Refusal(400, "ValidationError", "reference is a required property")
        try:
            content = base64.b64decode(asked["content"], validate=True)
        except binascii.Error:
            raise _Refusal(400, "BadRequestError", "Cannot decode letter content (invalid base64 encoding)") from None
        if not content.startswith(b"%PDF-"):
            raise _Refusal(400, "BadRequestError", "Letter content is not a valid PDF")
        told = self._took("letter", asked, status="pending-virus-check", postage="second")
        self.letters[told["id"]] = content
        return {**_identity(told), "postage": "second"}

    def _filled(self, asked: Json, template: str, names: tuple[str, ...]) -> Json:
        if asked.get("template_id") != template:
            raise _Refusal(400, "BadRequestError", "Template not found")
        given = asked.get("personalisation", {})
        missing = [name for name in names if name not in given]
        if missing:
            raise _Refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        return {name: given[name] for name in names}

    def _took(self, kind: str, asked: Json, **known: Any) -> Json:
        nothing = ("email_address", "phone_number", "subject", "body", "sent_at", "completed_at", "scheduled_for")
        told = {
            **dict.fromkeys(nothing),
            **{f"line_{line}": None for line in range(1, 8)},
            "id": str(uuid.uuid4()),
            "reference": asked.get("reference"),
            "type": kind,
            "status": "created",
            "template": {"id": asked.get("template_id", str(uuid.uuid4())), "version": 1, "uri": f"{self.url}/v2/t"},
            "created_at": datetime.now(UTC).isoformat(),
            "is_cost_data_ready": False,
            **known,
        }
        self.notifications.append(told)
        self.personalisations[told["id"]] = asked.get("personalisation", {})
        return told

    def _by_id(self, number: str) -> Json:
        for told in self.notifications:
            if told["id"] == number:
                return told
        raise _Refusal(404, "NoResultFound", "No result found")


def _identity(told: Json) -> Json:
    return {name: told[name] for name in ("id", "reference", "template")}


class _Handler(BaseHTTPRequestHandler):
    notify: NotifyStandIn
    protocol_version = "HTTP/1.1"
    _body: bytes = b""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing on the terminal."""

    def act(self) -> Json:
        """Do what is asked."""
        self.notify.check(self.headers.get("Authorization", ""))
        url = urlsplit(self.path)
        if self.command == "GET":
            return self.notify.get(url.path, parse_qs(url.query))
        return self.notify.post(url.path, json.loads(self._body))

    def answer(self, status: int, body: bytes) -> None:
        """Answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Cut the connection."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        self._body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.notify.requests.append(f"{self.command} {urlsplit(self.path).path}")
        try:
            if self.notify.trouble_of_next(self):
                return
            answer = self.act()
        except _Refusal as refusal:
            self.answer(refusal.status, json.dumps(refusal.body).encode())
        else:
            self.answer(201 if self.command == "POST" else 200, json.dumps(answer).encode())
