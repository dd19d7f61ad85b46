"""What lets somebody in by itself: made so that nobody can guess it, shown once, and kept only as a digest."""

from hashlib import sha256
from secrets import token_urlsafe

_BYTES = 32


def new_token() -> str:
    """A token, fit for an address: 256 random bits."""
    return token_urlsafe(_BYTES)


def digest_of(token: str) -> str:
    """What a token is recognised by, from which it cannot be made again."""
    return sha256(token.encode()).hexdigest()
