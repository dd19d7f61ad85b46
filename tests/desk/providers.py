"""Providers to sign in with: a real one, as a process of its own, and one that says whatever a test has it say."""

import base64
import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from client.server import free_port
from desk.serving import serving_desk
from desk.settings import DeskSettings, OidcSettings
from register.audit import AuditEntry
from tests.audit_log import audited
from tests.desk.town import Served

CLIENT = "the-desk"
SECRET = "a-secret-of-this-test"
START_SECONDS = 60
AUTHORITY = "822"
IRO = {"sub": "iro", "name": "Example Iro", "staff_reference": "oidc-iro", "roles": ["iro"], "authority": AUTHORITY}


def served_with(served: Served, issuer: str, **settings: Any) -> AbstractContextManager[str]:
    """The desk served anew, where people sign in with a provider."""
    port = free_port()
    oidc = OidcSettings(
        issuer=issuer, client_id=CLIENT, client_secret=SecretStr(SECRET), role_names={"Reviewing": "iro"}
    )
    own = DeskSettings(**{"url": f"http://127.0.0.1:{port}", "oidc": oidc, **settings})
    return serving_desk(replace(served.desk, desk=own), port)


def last_audited(served: Served) -> AuditEntry:
    return audited(served.desk.register, limit=1)[0]


def begin(http: httpx.Client, to: str = "/") -> dict[str, str]:
    """Begin to sign in; gives what the provider is asked."""
    return asked(refreshed(http.get("/sign-in", params={"next": to})))


@contextmanager
def real_provider(*people: dict[str, Any]) -> Iterator[str]:
    """Run a provider until the block ends.

    Args:
        people: the claims of each, by whose `sub` they are chosen on its page.

    Yields:
        Its address.
    """
    port = free_port()
    known = [word for person in people for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(address).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < end, "the provider did not start"
            time.sleep(0.1)


def refreshed(answer: httpx.Response) -> str:
    """Where a page sends a browser at once."""
    delay, _, there = answer.headers["refresh"].partition("; url=")
    assert (answer.status_code, delay) == (200, "0")
    return str(there)


def asked(address: str) -> dict[str, str]:
    """What stands in the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@dataclass
class Crooked:
    """A provider that says what a test has it say.

    Attributes:
        issuer: its address.
        nonce: as the desk sent it; a test that plays the browser sets it.
        claims: in place of those of an honest ID token; None leaves one out.
        discovery: in place of what it tells of itself.
        header: of the ID token.
        signs_with: the key that it signs with; it publishes `key`.
        status: of what its token endpoint answers.
        delay: seconds before it answers there.
        without_id_token: it gives none.
        seen: what its token endpoint was sent.
    """

    issuer: str
    key: RSAKey
    signs_with: RSAKey
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256"})
    status: int = 200
    delay: float = 0
    without_id_token: bool = False
    seen: list[dict[str, str]] = field(default_factory=list)

    def tells(self) -> dict[str, Any]:
        """Its discovery document."""
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return _without_none({**honest, **self.discovery})

    def id_token(self) -> str:
        """An ID token."""
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": CLIENT, "sub": "somebody", "iat": now, "exp": now + 300}
        said = _without_none({**honest, "nonce": self.nonce, **self.claims})
        if self.header["alg"] == "none":
            return f"{_bare(self.header)}.{_bare(said)}."
        return jwt.encode({**self.header, "kid": self.key.kid}, said, self.signs_with)


def _bare(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def challenge_of(verifier: str) -> str:
    """What must have been sent before, for a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@contextmanager
def crooked_provider() -> Iterator[Crooked]:
    """Serve such a provider until the block ends."""
    port = free_port()
    key = RSAKey.generate_key(2048, {"kid": "k-1"})
    crooked = Crooked(f"http://127.0.0.1:{port}", key, key)
    server = uvicorn.Server(uvicorn.Config(_app(crooked), port=port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _wait_for(f"{crooked.issuer}/jwks")
    try:
        yield crooked
    finally:
        server.should_exit = True
        thread.join()


def _app(crooked: Crooked) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        return crooked.tells()

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [crooked.key.as_dict(private=False)]}

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = await request.form()
        crooked.seen.append({name: str(value) for name, value in form.items()})
        time.sleep(crooked.delay)
        said = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        if not crooked.without_id_token:
            said["id_token"] = crooked.id_token()
        return JSONResponse(said, status_code=crooked.status)

    return app
