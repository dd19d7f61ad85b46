"""Secrets that the register keeps and cannot read: sealed with the payload keys, which stand in the keys file alone."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.keys import Keys, KeysError

NONCE_BYTES = 12
_PURPOSE = b"webhook secret"
"""Goes into the seal, so that nothing else that these keys encrypted can be put in its place."""


class Seal:
    """Seals with the current payload key, and opens what any of them sealed."""

    def __init__(self, keys: Keys) -> None:
        """Take the keys."""
        self._current = keys.current
        self._ciphers = {key_id: AESGCM(key.get_secret_value()) for key_id, key in keys.payload_keys.items()}

    def close(self, secret: str) -> str:
        """Seal a secret.

        Args:
            secret: what is to be kept.

        Returns:
            The id of the key and what it made of the secret, as text.
        """
        nonce = os.urandom(NONCE_BYTES)
        hidden = self._ciphers[self._current].encrypt(nonce, secret.encode(), _PURPOSE)
        return f"{self._current}:{base64.b64encode(nonce + hidden).decode()}"

    def open(self, sealed: str) -> str | None:
        """Open what was sealed.

        Args:
            sealed: what `close` returned.

        Returns:
            The secret; None where the key is not held, or something else was put in its place.
        """
        key_id, _, text = sealed.partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            return None
        try:
            raw = base64.b64decode(text, validate=True)
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _PURPOSE).decode()
        # What was cut short is a ValueError, what was changed an InvalidTag.
        except (InvalidTag, ValueError):
            return None


def opener(keys_file: Path) -> Callable[[str], str | None]:
    """What opens secrets with the keys of a file, as it stands each time: it may be given a new key meanwhile.

    Args:
        keys_file: where the keys are; not read before something is to be opened.

    Returns:
        As `Seal.open`; None also while the file cannot be used.
    """

    def opened(sealed: str) -> str | None:
        try:
            return Seal(Keys.load(keys_file)).open(sealed)
        except KeysError:
            return None

    return opened
