"""A sealed secret can be opened with our keys alone, and nothing can be put in its place."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.keys import Keys
from client.sealing import Seal, opener

SECRET = "whsec_made-up"


@pytest.fixture
def keys() -> Keys:
    return Keys.new()


def test_what_is_sealed_shows_nothing_and_is_opened_again(keys: Keys) -> None:
    sealed = Seal(keys).close(SECRET)
    assert SECRET not in sealed and Seal(keys).open(sealed) == SECRET
    assert Seal(keys).close(SECRET) != sealed


def test_what_an_older_key_sealed_is_opened_and_what_a_key_that_is_not_held_sealed_is_not(keys: Keys) -> None:
    sealed = Seal(keys).close(SECRET)
    assert Seal(keys.rotated()).open(sealed) == SECRET
    assert Seal(keys).open(Seal(keys.rotated()).close(SECRET)) is None
    assert Seal(Keys.new()).open(sealed) is None


def test_what_was_changed_cut_short_or_never_sealed_is_not_opened(keys: Keys) -> None:
    key_id, _, text = Seal(keys).close(SECRET).partition(":")
    raw = base64.b64decode(text)
    changed = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    for wrong in (f"{key_id}:{changed}", f"{key_id}:{text[:8]}", f"{key_id}:", f"{key_id}:no base64!", SECRET, ""):
        assert Seal(keys).open(wrong) is None


def test_what_these_keys_encrypted_for_another_purpose_is_not_opened(keys: Keys) -> None:
    key = keys.payload_keys[keys.current].get_secret_value()
    payload = AESGCM(key).encrypt(b"n" * 12, SECRET.encode(), keys.current.encode())
    assert Seal(keys).open(f"{keys.current}:{base64.b64encode(b'n' * 12 + payload).decode()}") is None


def test_the_keys_file_is_read_as_it_stands_each_time(keys: Keys, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    opened = opener(file)
    sealed = Seal(keys).close(SECRET)
    assert opened(sealed) is None
    keys.save(file)
    assert opened(sealed) == SECRET
    Keys.new().save(file)
    assert opened(sealed) is None
