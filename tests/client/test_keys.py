"""The keys file: made once, read strictly, never shown."""

import base64
import json
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from client.keys import Keys, KeysError

SECRET = base64.b64encode(b"planted-secret-of-32-bytes-long!").decode()


def write(path: Path, **changes: object) -> Path:
    fields = {"current": "a", "payload_keys": {"a": SECRET}, "identity_key": SECRET, **changes}
    path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    return path


def test_a_missing_keys_file_is_made_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    keys = Keys.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Keys.load(path) == Keys.load_or_create(path) == keys
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_processes_that_make_the_keys_at_once_end_with_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ProcessPoolExecutor(4) as pool:
        made = list(pool.map(Keys.load_or_create, [path] * 16))
    assert all(keys == made[0] for keys in made)


def test_a_rotated_key_file_keeps_the_old_keys_and_the_identity(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = Keys.load_or_create(path)
    new = old.rotated()
    new.save(path)
    assert Keys.load(path) == new
    assert new.current != old.current
    assert new.payload_keys[old.current] == old.payload_keys[old.current]
    assert new.identity_key == old.identity_key


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"There is no keys file at .*: restore it .* or set KEYS_FILE\.$"):
        Keys.load(tmp_path / "keys.json")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"identity_key": None}, "identity_key: Field required"),
        ({"identity_key": SECRET[:-8]}, "identity_key: a key must be"),
        ({"payload_keys": {"a": SECRET + "*"}}, r"payload_keys\.a: a key must be base64"),
        ({"payload_keys": {"a": SECRET, "b": base64.b64encode(b"short").decode()}}, "32 bytes"),
        ({"current": "z"}, "the current key is not among the payload keys"),
        ({"extra": SECRET}, "extra: Extra inputs are not permitted"),
        ({"identity_key": 7}, "identity_key"),
    ],
)
def test_a_malformed_file_is_refused_without_showing_it(tmp_path: Path, changes: dict[str, object], fault: str) -> None:
    with pytest.raises(KeysError, match=fault) as caught:
        Keys.load(write(tmp_path / "keys.json", **changes))
    assert SECRET[:10] not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("text", ["", "not json " + SECRET, "[]", "\xff"])
def test_what_is_no_json_object_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(KeysError, match="is malformed") as caught:
        Keys.load_or_create(path)
    assert SECRET[:10] not in str(caught.value)
    assert path.read_text(encoding="latin-1") == text


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeysError, match=r"cannot be (read|written)"):
        Keys.load_or_create(tmp_path / "file" / "keys.json")


def test_keys_show_themselves_nowhere(tmp_path: Path) -> None:
    keys = Keys.load(write(tmp_path / "keys.json"))
    for shown in (repr(keys), str(keys), keys.model_dump_json(), str(keys.model_dump())):
        assert SECRET[:10] not in shown
        assert "planted" not in shown
