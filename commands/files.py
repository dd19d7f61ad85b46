"""Files that hold what is said of people."""

import os
from pathlib import Path

from commands.running import Fault


def write_privately(file: Path, content: bytes) -> None:
    """Write a file for its owner alone to read, as names stand in it.

    Args:
        file: where; one that is there is written over.
        content: what.

    Raises:
        Fault: it cannot be written.
    """
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(content)
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}): name another file.") from None
