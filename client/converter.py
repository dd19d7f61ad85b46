"""What Temporal is given to store: pydantic models as JSON, encrypted, failure messages included.

What stays readable all the same: ids and types of workflows, updates, signals and activities, search
attribute values, memo keys, error types. So none of these may say anything about a person.
"""

import os
from collections.abc import Sequence
from dataclasses import replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

from client.keys import Keys

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
NONCE_BYTES = 12


class UnreadablePayload(Exception):
    """What Temporal returned was written under a key that this process does not hold."""


class EncryptingCodec(PayloadCodec):
    """Encrypts every payload whole, its own metadata included, with AES-256-GCM."""

    def __init__(self, keys: Keys) -> None:
        """Take the keys.

        Args:
            keys: the current one encrypts, any of them decrypts.
        """
        self._current = keys.current
        self._ciphers = {key_id: AESGCM(key.get_secret_value()) for key_id, key in keys.payload_keys.items()}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads with the current key."""
        return [self.encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads, as `decrypt` does."""
        return [self.decrypt(payload) for payload in payloads]

    def encrypt(self, payload: Payload) -> Payload:
        """Encrypt one payload with the current key, and say beside it which key that is."""
        nonce = os.urandom(NONCE_BYTES)
        key_id = self._current.encode()
        hidden = self._ciphers[self._current].encrypt(nonce, payload.SerializeToString(), key_id)
        return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id}, data=nonce + hidden)

    def decrypt(self, payload: Payload) -> Payload:
        """Decrypt one payload with the key it names; leave what was never encrypted as it is.

        Raises:
            UnreadablePayload: the key is not held, or is not the one that the payload was encrypted with.
        """
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get(KEY_ID, b"")
        name = key_id.decode(errors="replace")
        if name not in self._ciphers:
            raise UnreadablePayload(f"The keys file does not hold the key {name}, with which this was written.")
        nonce, hidden = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(self._ciphers[name].decrypt(nonce, hidden, key_id))
        # A truncated payload is a ValueError, a wrong key or a changed payload an InvalidTag.
        except (InvalidTag, ValueError):
            raise UnreadablePayload(
                f"The key {name} in the keys file is not the one that this was written with."
            ) from None


def data_converter(keys: Keys) -> DataConverter:
    """Make the one data converter that the worker, the command line and the tests use.

    Args:
        keys: what to encrypt and decrypt with.

    Returns:
        The converter: pydantic, encrypted, and with failure messages and stack traces encrypted too.
    """
    return replace(
        pydantic_data_converter,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
