"""A sign-in that was begun and is not finished: what the browser holds while somebody is at the provider.

It is a cookie of its own, signed, and good for some minutes. It is gone when the sign-in is over, however that ended.
"""

from typing import Any

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from client.identity import digest
from client.keys import Keys
from desk.parts import Desk

MINUTES = 10
"""So long somebody may take at the provider."""


def cookie_name(desk: Desk) -> str:
    """What the cookie is called: over TLS with the prefix that binds it to this host and to TLS."""
    return "__Host-desk-sign-in" if desk.desk.is_secure else "desk-sign-in"


def read(request: Request, desk: Desk) -> dict[str, Any]:
    """What was kept when this browser began to sign in; nothing where it did not, or too long ago."""
    try:
        kept = _signer(desk.keys).loads(request.cookies.get(cookie_name(desk), ""), max_age=60 * MINUTES)
    except BadSignature:
        return {}
    return kept if isinstance(kept, dict) else {}


def keep(answer: Response, desk: Desk, kept: dict[str, Any]) -> None:
    """Have the browser hold it.

    Args:
        answer: what the browser gets.
        desk: the parts.
        kept: plain data.
    """
    answer.set_cookie(
        cookie_name(desk),
        _signer(desk.keys).dumps(kept),
        max_age=60 * MINUTES,
        path="/",
        secure=desk.desk.is_secure,
        httponly=True,
        # Not strict: the browser comes back from the provider's pages.
        samesite="lax",
    )


def forget(answer: Response, desk: Desk) -> None:
    """Have the browser let go of it."""
    answer.delete_cookie(cookie_name(desk), path="/", secure=desk.desk.is_secure, httponly=True, samesite="lax")


def _signer(keys: Keys) -> URLSafeTimedSerializer:
    """Every process with the same keys file reads what another one signed."""
    return URLSafeTimedSerializer(digest(keys, "desk", "sign-in that was begun"), salt="desk-sign-in")
