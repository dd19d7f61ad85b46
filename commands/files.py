"""Files that hold what is said of people."""

import os
import stat
from pathlib import Path

from commands.running import Fault


def write_privately(file: Path, content: bytes) -> None:
    """Write a file for its owner alone to read, as names stand in it.

    Args:
        file: where; one that is there is written over, and closed to others.
        content: what.

    Raises:
        Fault: it cannot be written.
    """
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):  # Not of a device such as /dev/null, nor of a pipe.
                os.fchmod(opened.fileno(), 0o600)
            opened.write(content)
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}): name another file.") from None
