"""What the system says of a process: how much memory it holds, how much processor time it has used."""

import os
from pathlib import Path

KIB = 1024
MIB = 1024 * KIB
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def memory_bytes(process: int) -> int:
    """The memory that a process holds (its resident set).

    Args:
        process: its number.
    """
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE_BYTES


def processor_seconds(process: int) -> float:
    """The processor time that a process has used, its own and the system's on its behalf.

    Args:
        process: its number.
    """
    # The second field is the program's name in brackets, and may hold blanks.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND
