"""`starter.py` as a process that runs on: started, asked for what it said when it was ready, stopped by a signal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client.server import free_port
from tests.commands.conftest import ROOT, SURROUNDINGS

PATIENCE_SECONDS = 60.0


@dataclass
class Up:
    """A stack that `starter.py up` runs.

    Attributes:
        folder: its data.
        port: where its server is.
        said: what it said when it was ready, on standard output.
    """

    folder: Path
    port: int
    process: "subprocess.Popen[str]"
    said: str = ""

    @property
    def answer(self) -> dict[str, Any]:
        """What it said, asked for with --json."""
        answer: dict[str, Any] = json.loads(self.said)
        return answer

    @property
    def environment(self) -> dict[str, str]:
        """What another shell needs to find it: nothing but the folder."""
        return {"DATA_DIR": str(self.folder)}

    @property
    def server_process(self) -> int:
        """The process of its Temporal server."""
        number: int = json.loads((self.folder / "server.json").read_text())["pid"]
        return number

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and give the exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def up(folder: Path, *words: str, ready: str = "\n}\n", **environment: str) -> Iterator[Up]:
    """Run `starter.py up` until the block ends.

    Args:
        folder: its data.
        words: further options.
        ready: what the last of what it says at its start looks like.
        environment: further variables.
    """
    port = free_port()
    ports = ["--port", str(port), "--ui-port", str(free_port()), "--desk-port", str(free_port())]
    given = ["up", "--data", str(folder), *ports, *words]
    said = folder.with_suffix(".said")
    with said.open("w") as out, started(*given, out=out, **environment) as process:
        running = Up(folder, port, process)
        wait_until(lambda: ready in said.read_text() or process.poll() is not None)
        running.said = said.read_text()
        yield running


@contextmanager
def started(*words: str, out: Any = subprocess.PIPE, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A command as a process, killed at the end of the block if it still runs."""
    kept = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    process = subprocess.Popen(
        [sys.executable, "starter.py", *words],
        cwd=ROOT,
        env={**kept, **environment},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)
        if process.stderr:
            process.stderr.close()


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
