"""Files in which names stand are for their owner alone, however they came to be there."""

from pathlib import Path

import pytest

from commands.files import write_privately


@pytest.mark.parametrize("mode", [None, 0o644, 0o600], ids=["new", "open to others before", "private before"])
def test_a_file_is_for_its_owner_alone_also_where_one_was_there(tmp_path: Path, mode: int | None) -> None:
    file = tmp_path / "letter.pdf"
    if mode:
        file.write_bytes(b"something longer that was there before")
        file.chmod(mode)
    write_privately(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o600)


def test_what_is_no_file_keeps_its_mode() -> None:
    before = Path("/dev/null").stat().st_mode
    write_privately(Path("/dev/null"), b"new")
    assert Path("/dev/null").stat().st_mode == before
