"""Before the embedded server starts: are its ports free, and is its folder its own?"""

import errno
import fcntl
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from client.server_command import HOST, ServerFailed


def free_port() -> int:
    """Find a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free_port(port: int, option: str) -> None:
    """Make sure that a port can be had, before the server is started for nothing.

    Args:
        port: the port.
        option: the option by which another one is chosen.

    Raises:
        ServerFailed: another program listens there, or it may not be used.
    """
    with socket.socket() as probe:
        # A server that has just stopped leaves the port in a state in which it can be had all the same.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = "cannot be used"
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                reason = "is already in use"
            raise ServerFailed(
                f"Port {port} {reason}: choose another one with {option}, or stop the program that has it."
            ) from None


@contextmanager
def hold_folder(folder: Path, server_file: Path) -> Iterator[IO[str]]:
    """Keep any other embedded server off a folder: two on one database would ruin it.

    Args:
        folder: the data folder.
        server_file: where a running server said what it is.

    Yields:
        The lock. A process that inherits it holds it too.

    Raises:
        ServerFailed: another server has it.
    """
    with (folder / "temporal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerFailed(
                f"Another embedded server{_named_in(server_file)} already uses {folder}: stop it first, or "
                "choose another folder with --data."
            ) from None
        yield lock


def _named_in(server_file: Path) -> str:
    try:
        running = json.loads(server_file.read_text())
        return f" ({running['address']}, process {int(running['pid'])})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
