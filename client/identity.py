"""Opaque ids: the same child and day always give the same id, and the id tells nobody anything."""

import base64
import hashlib
import hmac
from datetime import date, timedelta

from client.keys import Keys

DIGEST_LENGTH = 26
"""Base32 characters kept: 130 bits, far beyond what could collide or be guessed."""

SPREAD = timedelta(hours=2)
"""Alarms that fall due at one midnight are spread over this long."""


def digest(keys: Keys, *parts: str) -> str:
    """Make an opaque name from some words. Only who holds the identity key can make it again.

    Args:
        keys: whose identity key is used.
        parts: the words, in order. They are taken as they stand: spaces and case make a difference.

    Returns:
        26 lower-case letters and digits.
    """
    # Each part after its length: ("ab", "c") must not give what ("a", "bc") gives.
    message = b"".join(len(encoded).to_bytes(8, "big") + encoded for encoded in (part.encode() for part in parts))
    code = hmac.new(keys.identity_key.get_secret_value(), message, hashlib.sha256).digest()
    return base64.b32encode(code).decode().lower()[:DIGEST_LENGTH]


def episode_id(keys: Keys, authority: str, child: str, first_day: date) -> str:
    """Name one period of care, which is also the id of its workflow.

    Args:
        keys: whose identity key is used.
        authority: the authority's code.
        child: the authority's own reference for the child.
        first_day: the day on which the child became looked after.

    Returns:
        `episode-` and a digest.
    """
    return f"episode-{digest(keys, 'episode', authority, child, first_day.isoformat())}"


def child_digest(keys: Keys, authority: str, child: str) -> str:
    """Name a child, the same in every period of care under one authority.

    Args:
        keys: whose identity key is used.
        authority: the authority's code.
        child: the authority's own reference for the child.

    Returns:
        A digest.
    """
    return digest(keys, "child", authority, child)


def spread_offset(episode_id: str) -> timedelta:
    """Say how long after midnight the alarms of one episode ring, so that a thousand do not ring together.

    Args:
        episode_id: the episode.

    Returns:
        Whole seconds, from none to just under two hours; always the same for one episode. Not a secret, so
        no key is needed: a workflow can work it out.
    """
    number = int.from_bytes(hashlib.sha256(episode_id.encode()).digest()[:8], "big")
    return timedelta(seconds=number % int(SPREAD.total_seconds()))
