"""What every answer carries so that browsers guard it, and how often anybody may try what could be guessed."""

from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
TRIES_A_MINUTE = 20
"""How often one address may try to sign in, or open private links that do not exist."""


def policy_with_picture_from(origin: str) -> str:
    """The content security policy of a page that shows a picture of somebody from another server.

    Args:
        origin: that server's: scheme, host and port, and nothing that could say more in a policy.
    """
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {origin}")


async def with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer, and have browsers run no script of others, frame nothing, keep nothing and tell nobody where from."""
    response = await answer(request)
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers.setdefault("Cache-Control", "no-store")
    if request.app.state.desk.desk.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


class TooOften(Exception):
    """Somebody tries too often; they may try again in a minute."""


class Tries:
    """Counts what one address tries, in this process."""

    def __init__(self, a_minute: int = TRIES_A_MINUTE) -> None:
        """Allow so many tries a minute from one address."""
        self._limit = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, what: str, request: Request) -> None:
        """Count one try.

        Args:
            what: what is tried.
            request: from whom. Behind a proxy, uvicorn is told which one may say whom it speaks for.

        Raises:
            TooOften: there were too many.
        """
        if not self._limiter.hit(self._limit, what, self._from(request)):
            raise TooOften

    def require(self, what: str, request: Request) -> None:
        """Refuse whoever has used up their tries, without counting this one.

        Raises:
            TooOften: there were too many.
        """
        if not self._limiter.test(self._limit, what, self._from(request)):
            raise TooOften

    @staticmethod
    def _from(request: Request) -> str:
        """The address; of version 6 only the network, of which every customer has a whole one to try from."""
        host = request.client.host if request.client else "unknown"
        try:
            address = ip_address(host)
        except ValueError:
            return host
        return str(ip_network(f"{host}/64", strict=False)) if isinstance(address, IPv6Address) else host


def tries_of(request: Request) -> Tries:
    """What this application counts tries with."""
    tries: Tries = request.app.state.tries
    return tries
