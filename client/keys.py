"""The secret keys: those that encrypt what Temporal stores, and the one that makes opaque ids.

The keys file is JSON, `{"current": id, "payload_keys": {id: key, ...}, "identity_key": key}`, each key 32
random bytes in base64. Losing it makes every recorded episode unreadable: back it up, apart from the data.
"""

import base64
import binascii
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretBytes, ValidationError, model_validator

KEY_BYTES = 32


class KeysError(Exception):
    """The keys file cannot be used. The message is one plain sentence and holds no secret."""


def _key_from_text(value: object) -> object:
    """Accept base64 text for a key; refuse anything that is not exactly 32 bytes."""
    raw = value
    if isinstance(value, str):
        try:
            raw = base64.b64decode(value, validate=True)
        except binascii.Error:
            raise ValueError("a key must be base64 text") from None
    if isinstance(raw, bytes) and len(raw) != KEY_BYTES:
        raise ValueError(f"a key must be {KEY_BYTES} bytes long")
    return raw


Key = Annotated[SecretBytes, BeforeValidator(_key_from_text)]


class Keys(BaseModel):
    """All keys of one installation.

    Several payload keys may stand side by side: `current` encrypts, all decrypt, so that a key can be
    replaced without losing what was written under the old one. The identity key is never replaced, as every
    episode's id depends on it.
    """

    # A validation error would otherwise print the value it refused.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    current: str
    payload_keys: dict[str, Key]
    identity_key: Key

    @model_validator(mode="after")
    def _current_is_known(self) -> Self:
        if self.current not in self.payload_keys:
            raise ValueError("the current key is not among the payload keys")
        return self

    @classmethod
    def new(cls) -> Self:
        """Make fresh keys, held by nobody else."""
        key_id = _new_key_id()
        return cls(
            current=key_id,
            payload_keys={key_id: SecretBytes(secrets.token_bytes(KEY_BYTES))},
            identity_key=SecretBytes(secrets.token_bytes(KEY_BYTES)),
        )

    def rotated(self) -> Self:
        """Make a new payload key the current one, and keep the old ones to read with."""
        key_id = _new_key_id()
        added = {key_id: SecretBytes(secrets.token_bytes(KEY_BYTES))}
        return self.model_copy(update={"current": key_id, "payload_keys": {**self.payload_keys, **added}})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the keys file.

        Args:
            path: the file.

        Returns:
            The keys.

        Raises:
            KeysError: the file is missing, unreadable or malformed.
        """
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            raise KeysError(f"There is no keys file at {path}: restore it from your backup or set KEYS_FILE.") from None
        except OSError as error:
            raise KeysError(f"The keys file {path} cannot be read: {error.strerror}.") from None
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            # From None: the cause would carry the file's text into a traceback.
            raise KeysError(f"The keys file {path} is malformed: {_first_fault(error)}.") from None

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the keys file, or make one where there is none.

        Two processes may do so at once: both end with the same keys.

        Args:
            path: the file; its folder is made if need be.

        Returns:
            The keys that the file holds.

        Raises:
            KeysError: the file is malformed, or cannot be read or written.
        """
        if not path.exists():
            cls.new().save(path, replace=False)
        return cls.load(path)

    def save(self, path: Path, *, replace: bool = True) -> None:
        """Write the keys file, whole or not at all, readable by its owner only.

        Args:
            path: the file; its folder is made if need be.
            replace: False leaves a file that is already there as it is.

        Raises:
            KeysError: the file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # mkstemp makes the file with mode 0600: there is no moment at which others can read it.
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
            try:
                with os.fdopen(handle, "w") as file:
                    file.write(self._as_json())
                    file.flush()
                    os.fsync(file.fileno())
                _put_in_place(Path(temporary), path, replace=replace)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            raise KeysError(f"The keys file {path} cannot be written: {error.strerror}.") from None

    def _as_json(self) -> str:
        shown = {
            "current": self.current,
            "payload_keys": {key_id: _as_text(key) for key_id, key in self.payload_keys.items()},
            "identity_key": _as_text(self.identity_key),
        }
        return json.dumps(shown, indent=2) + "\n"


def _new_key_id() -> str:
    # Stands readable in history beside what it encrypted, so it tells nothing but which key it was.
    return f"k-{secrets.token_hex(4)}"


def _as_text(key: SecretBytes) -> str:
    return base64.b64encode(key.get_secret_value()).decode()


def _put_in_place(temporary: Path, path: Path, *, replace: bool) -> None:
    if replace:
        temporary.replace(path)
        return
    try:
        # A link, unlike a rename, fails when another process was first.
        os.link(temporary, path)
    except FileExistsError:
        pass


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    what = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
