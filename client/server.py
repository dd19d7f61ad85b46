"""The embedded Temporal server: one program, one file of data, for a laptop, a demonstration or the tests."""

import asyncio
import contextlib
import json
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Self

from client.server_checks import free_port, hold_folder, require_free_port
from client.server_command import (
    HOST,
    ServerFailed,
    ServerOptions,
    find_temporal_program,
    guarded,
    server_environment,
)
from client.server_ready import make_ready

__all__ = ["EmbeddedServer", "ServerFailed", "ServerOptions", "find_temporal_program", "free_port"]

START_SECONDS = 30.0
STOP_SECONDS = 10.0
LOG_LINES_SHOWN = 3
SERVER_FILE = "server.json"


@dataclass
class EmbeddedServer:
    """A Temporal server that runs as long as the `async with` block.

    Start it from the main thread, or one that lives as long: Linux counts the end of the thread that started
    a program as the death of its parent, at which the server stops.
    """

    options: ServerOptions
    _process: Process | None = field(default=None, init=False, repr=False)
    _held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, init=False, repr=False)

    @property
    def address(self) -> str:
        """Host and port, as TEMPORAL_ADDRESS takes them."""
        return f"{HOST}:{self.options.port}"

    @property
    def ui_url(self) -> str | None:
        """The web page, where there is one."""
        return None if self.options.ui_port is None else f"http://{HOST}:{self.options.ui_port}"

    @property
    def log_file(self) -> Path:
        """What the server had to say; the log of the start before stands beside it."""
        return self.options.data_dir / "temporal.log"

    async def __aenter__(self) -> Self:
        """Start the server and wait until workflows can be started on it.

        Returns:
            The server, with the ports it was given.

        Raises:
            ServerFailed: a port is taken, the program is missing, another server uses the folder, or this
                one ended early or did not answer. One sentence says which.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the server."""
        await self.stop()

    async def ended(self) -> str:
        """Wait until the server ends, which it should not do by itself.

        Returns:
            A sentence that says so, with its last words.
        """
        if self._process is not None:
            await self._process.wait()
        return f"The Temporal server ended by itself. {self._last_words()}"

    async def stop(self) -> None:
        """Stop the server: politely, and after some seconds by force. A second call does nothing."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                # What is kept in memory only is lost either way: no need to wait for it to be tidied up.
                process.send_signal(signal.SIGKILL if self.options.in_memory else signal.SIGINT)
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), STOP_SECONDS)
            finally:
                # Also when we are told to hurry: a server left behind would keep the folder.
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        # Last, when nobody writes in the folder any more.
        self._held.close()

    async def _start(self) -> None:
        program = find_temporal_program()
        folder = self.options.data_dir
        lock = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.options.in_memory:
                lock = self._held.enter_context(hold_folder(folder, folder / SERVER_FILE))
            self._settle_ports()
            self._process = await self._launch(program, lock)
        except OSError as error:
            raise ServerFailed(f"The Temporal server cannot be started: {error}.") from error
        await self._until_ready(self._process)
        if lock is not None:
            self._held.enter_context(self._announced(self._process.pid))

    def _settle_ports(self) -> None:
        port, ui_port = self.options.port or free_port(), self.options.ui_port
        if ui_port == 0:
            ui_port = free_port()
        require_free_port(port, "--port")
        if ui_port is not None:
            require_free_port(ui_port, "--ui-port")
        self.options = replace(self.options, port=port, ui_port=ui_port)

    async def _launch(self, program: Path, lock: IO[str] | None) -> Process:
        if self.log_file.exists():
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with self.log_file.open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *guarded(program),
                *self.options.arguments(),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                env=server_environment(),
                # Ctrl-C reaches every process of the terminal's group. The worker still has acts to finish
                # then, and needs the server for it: so the server has its own group, and we stop it last.
                start_new_session=True,
                # It holds the lock too: if we are killed, the folder is in use until it has stopped.
                pass_fds=[lock.fileno()] if lock else [],
            )

    async def _until_ready(self, process: Process) -> None:
        ready = asyncio.ensure_future(make_ready(self.address, self.options.search_attributes))
        over = asyncio.ensure_future(process.wait())
        try:
            await asyncio.wait([ready, over], timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                raise ServerFailed(f"The Temporal server ended as it started. {self._last_words()}")
            if not ready.done():
                raise ServerFailed(
                    f"The Temporal server did not answer within {START_SECONDS:.0f} s. {self._last_words()}"
                )
            ready.result()
        finally:
            ready.cancel()
            over.cancel()

    @contextlib.contextmanager
    def _announced(self, pid: int) -> Iterator[None]:
        """Let commands in other shells find the server while it runs."""
        file = self.options.data_dir / SERVER_FILE
        draft = file.with_suffix(".json.new")
        draft.write_text(json.dumps({"address": self.address, "ui": self.ui_url, "pid": pid}) + "\n")
        draft.replace(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def _last_words(self) -> str:
        try:
            lines = self.log_file.read_text(errors="replace").split("\n")
        except OSError:
            return "It left no log."
        said = [line.strip() for line in lines if line.strip()][-LOG_LINES_SHOWN:]
        return f"The end of {self.log_file}: {' | '.join(said) or 'nothing'}"
