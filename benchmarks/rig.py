"""What the measurements run on: the embedded server on disk, a register, and a worker in a process of its own."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from benchmarks.worker_process import READY
from client.connection import connect_to
from client.keys import Keys
from client.server import EmbeddedServer, ServerOptions
from client.settings import Settings
from register import migrate, open_register
from workflows.search_attributes import NAMES_AND_TYPES


@dataclass
class Rig:
    """A server and a register.

    Attributes:
        folder: where all of it is.
        address: the server's.
        server_process: its number.
        client: connected to it.
        keys: what payloads are encrypted with.
        register: the database, migrated.
    """

    folder: Path
    address: str
    server_process: int
    client: Client
    keys: Keys
    register: Engine

    @asynccontextmanager
    async def worker(self, cached: int = 1000) -> AsyncIterator[Process]:
        """A worker in a process of its own.

        Args:
            cached: how many workflows it keeps in memory.

        Yields:
            The process, at work.
        """
        words = ["-m", "benchmarks.worker_process", self.address, str(self.folder), str(cached)]
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
        try:
            said = await process.stdout.readline() if process.stdout else b""
            if said.decode().strip() != READY:
                raise RuntimeError("The worker process ended before it was ready; what it said stands above.")
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@asynccontextmanager
async def rig(folder: Path) -> AsyncIterator[Rig]:
    """Start a server on disk, as `starter.py up` has it, with an empty register beside it.

    Args:
        folder: an empty folder.
    """
    settings = Settings.from_environment(folder, {})
    keys = Keys.load_or_create(settings.keys_file)
    migrate(settings.register_url)
    register = open_register(settings.register_url)
    try:
        options = ServerOptions(data_dir=folder, search_attributes=NAMES_AND_TYPES)
        async with EmbeddedServer(options) as server:
            process = json.loads(settings.server_file.read_text())["pid"]
            client = await connect_to(server.address, keys)
            yield Rig(folder, server.address, process, client, keys, register)
    finally:
        register.dispose()
