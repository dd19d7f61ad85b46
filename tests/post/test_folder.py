"""The folder way out: one whole file for each message, or a sentence that says why not."""

import asyncio
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from post.folder import FolderOut
from post.notice import Written
from post.ways import CannotBeDelivered, Message, Sent, TryLater
from rules.network import Language, Way
from tests.post.mail_server import parsed
from tests.post.message_samples import BODY, EMAIL, INVITATION, message, told, written

DAY = "2026-01-05"
NOBODY = 65534


def files(folder: Path) -> list[str]:
    """Every file there, hidden ones too."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


async def refused(out: FolderOut, sent: Message) -> TryLater:
    with pytest.raises(TryLater) as caught:
        await out.send(sent, tried_before=False)
    return caught.value


@pytest.mark.parametrize(("way", "suffix"), [(Way.LETTER, "pdf"), (Way.EMAIL, "eml"), (Way.TEXT, "txt")])
async def test_a_message_is_one_file_named_by_its_reference_however_often_it_is_sent(
    tmp_path: Path, way: Way, suffix: str
) -> None:
    out = FolderOut(tmp_path / "post")
    assert way in out.ways
    assert await out.send(message(way), tried_before=False) == Sent()
    assert await out.send(message(way), tried_before=True) == Sent(already=True)
    assert await out.send(message(way), tried_before=False) == Sent(already=True)
    file = tmp_path / "post" / DAY / f"notice-17.{way}.{suffix}"
    assert files(tmp_path) == [str(file.relative_to(tmp_path))]
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert await out.receipts(("anything",)) == ()
    await out.close()


async def test_an_email_opens_in_a_mail_program_and_a_text_says_to_which_number(tmp_path: Path) -> None:
    out = FolderOut(tmp_path, "reviews@example.org")
    await out.send(message(calendar=INVITATION), tried_before=False)
    await out.send(message(Way.TEXT), tried_before=False)
    email = parsed((tmp_path / DAY / "notice-17.email.eml").read_bytes())
    assert email["To"].addresses[0].addr_spec == EMAIL
    assert email["From"].addresses[0].addr_spec == "reviews@example.org"
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/calendar"]
    text = (tmp_path / DAY / "notice-17.text.txt").read_text()
    assert text == "To: 07700 900123\n\nYour review is on 20 January.\n"


async def test_a_letter_is_a_pdf(tmp_path: Path) -> None:
    await FolderOut(tmp_path).send(message(Way.LETTER), tried_before=False)
    assert (tmp_path / DAY / "notice-17.letter.pdf").read_bytes().startswith(b"%PDF-")


async def test_an_address_with_other_letters_is_kept_as_it_is(tmp_path: Path) -> None:
    await FolderOut(tmp_path).send(message(to="тиллі@example.org", to_name="Тіллі Приклад"), tried_before=False)
    content = (tmp_path / DAY / "notice-17.email.eml").read_bytes()
    assert "To: Тіллі Приклад <тиллі@example.org>".encode() in content


async def test_many_at_once_are_still_one_file(tmp_path: Path) -> None:
    out = FolderOut(tmp_path)
    await asyncio.gather(*(out.send(message(), tried_before=False) for _ in range(8)))
    assert files(tmp_path) == [f"{DAY}/notice-17.email.eml"]


async def test_a_file_is_of_the_day_that_stands_on_the_message(tmp_path: Path) -> None:
    await FolderOut(tmp_path).send(message(Way.TEXT, on=date(2027, 2, 3)), tried_before=False)
    assert files(tmp_path) == ["2027-02-03/notice-17.text.txt"]


@pytest.mark.parametrize(
    "reference", ["../../over-there", "a/b", "", ".", "..", "a..b", "-x", "a b", "a\nb", "x" * 201]
)
async def test_no_reference_leads_out_of_the_folder(tmp_path: Path, reference: str) -> None:
    with pytest.raises(CannotBeDelivered, match="a fault of the program"):
        await FolderOut(tmp_path / "post").send(message(Way.TEXT, reference=reference), tried_before=False)
    assert files(tmp_path) == []


async def test_what_is_no_address_is_told_without_it(tmp_path: Path) -> None:
    with pytest.raises(CannotBeDelivered) as caught:
        await FolderOut(tmp_path).send(message(to="tilly at example"), tried_before=False)
    assert told(caught.value) == "What is kept as the reader's email address is none: correct it."


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nobody may mount a disk here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_is_told_leaves_nothing_half_written_and_is_tried_later(small_disk: Path) -> None:
    out = FolderOut(small_disk / "post")
    long = Written(subject="s", body=BODY, text="words " * 20_000, language=Language.ENGLISH)
    failure = await refused(out, message(Way.TEXT, written=long))
    assert told(failure) == (
        f"{small_disk}/post cannot be written (No space left on device): make room on its disk, or let this program "
        "write there."
    )
    assert failure.whole
    assert files(small_disk) == []
    assert await out.send(message(Way.TEXT), tried_before=True) == Sent()


async def test_a_disk_that_may_only_be_read_is_told(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "(Read-only file system)" in told(await refused(FolderOut(small_disk / "post"), message()))


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up what root may do, for the length of the block: root may write anywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


async def test_a_folder_of_somebody_else_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with as_nobody():
            failure = await refused(FolderOut(tmp_path / "post"), message())
        assert "(Permission denied)" in told(failure)
    finally:
        tmp_path.chmod(0o700)


async def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("no folder")
    assert "(Not a directory)" in told(await refused(FolderOut(tmp_path / "post"), message()))


async def test_html_in_a_message_stays_words(tmp_path: Path) -> None:
    await FolderOut(tmp_path).send(message(written=written("Dear <b>Tilly</b>\n\n<script>")), tried_before=False)
    email = parsed((tmp_path / DAY / "notice-17.email.eml").read_bytes())
    assert (email.get_content_type(), email.get_content()) == ("text/plain", "Dear <b>Tilly</b>\n\n<script>\n")
