"""The way out that needs no service: every message becomes a file, for somebody to send or for a trial to read."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from post.email import as_bytes, email_message, reference_of
from post.letters import letter
from post.ways import Message, Receipt, Sent, TryLater
from rules.network import Way

# Where no From address is set. Nothing can be sent to it, nor from it (RFC 2606).
NO_SENDER = "no-reply@post.invalid"


class FolderOut:
    """Writes letters as PDF, emails as .eml and texts as .txt, a folder for each day.

    A file is named by the message's reference, so that the same message is one file however often it is sent.
    """

    ways: frozenset[Way] = frozenset(Way)

    def __init__(self, folder: Path, sender: str | None = None) -> None:
        """Write there.

        Args:
            folder: the folder of the days' folders.
            sender: the From address of emails.
        """
        self._folder = folder
        self._sender = sender or NO_SENDER

    async def send(self, message: Message, *, tried_before: bool) -> Sent:
        """Write a message.

        Args:
            message: what.
            tried_before: is not asked: the folder is always looked into first.

        Returns:
            That it is written; with no receipt, as nothing more is heard of it.

        Raises:
            CannotBeDelivered: its address is none.
            TryLater: the disk is full, the folder may not be written, or the address for answers is none.
        """
        return await asyncio.to_thread(self._write, message)

    async def receipts(self, sent: tuple[str, ...]) -> tuple[Receipt, ...]:
        """Nothing: what becomes of a file is not heard of.

        Args:
            sent: not asked.

        Returns:
            None.
        """
        return ()

    async def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, message: Message) -> Sent:
        suffix, content = _AS_FILE[message.way]
        day = self._folder / message.on.isoformat()
        file = day / f"{reference_of(message)}{suffix}"
        try:
            # Only a whole file ever has this name.
            if file.exists():
                return Sent(already=True)
            written = content(message, self._sender)
            # Names and addresses are in here: for the owner alone.
            day.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(file, written)
        except OSError as error:
            raise TryLater(
                f"{self._folder} cannot be written ({error.strerror}): make room on its disk, or let this program "
                "write there."
            ) from None
        return Sent()


def _write_whole(file: Path, content: bytes) -> None:
    """All of it or nothing, even when the power fails."""
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _eml(message: Message, sender: str) -> bytes:
    return as_bytes(email_message(message, sender))


def _pdf(message: Message, sender: str) -> bytes:
    return letter(message)


def _txt(message: Message, sender: str) -> bytes:
    return f"To: {message.to}\n\n{message.written.text}\n".encode()


_AS_FILE: dict[Way, tuple[str, Callable[[Message, str], bytes]]] = {
    Way.LETTER: (".pdf", _pdf),
    Way.EMAIL: (".eml", _eml),
    Way.TEXT: (".txt", _txt),
}
