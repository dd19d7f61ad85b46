"""A real server with a worker on it and a register, in a thread of their own: commands run beside them, as in life."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from client.connection import connect_to
from client.keys import Keys
from client.schedules import PostBell, keep_schedules
from client.server import EmbeddedServer, ServerOptions
from client.settings import Settings
from register import migrate, open_register
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

START_SECONDS = 60


@dataclass
class Stack:
    """What runs, and how commands find it."""

    folder: Path
    policy: str = ""
    posts: bool = False
    address: str = ""
    trouble: BaseException | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables a command needs."""
        return {
            "TEMPORAL_ADDRESS": self.address,
            "REGISTER_URL": f"sqlite:///{self.folder}/register.db",
            "KEYS_FILE": f"{self.folder}/keys.json",
            "DATA_DIR": str(self.folder),
            **self.policy_file,
        }

    @property
    def policy_file(self) -> dict[str, str]:
        """Where the policy is, if there is one."""
        return {"POLICY_FILE": f"{self.folder}/policy.toml"} if self.policy else {}


@contextmanager
def running(folder: Path, policy: str = "", *, posts: bool = False) -> Iterator[Stack]:
    """Run a server, a worker and a register until the block ends.

    Args:
        folder: for their data.
        policy: the authority's policy, TOML; the defaults when left out.
        posts: have the post room at work too: notices go out as soon as they are owed.
    """
    stack = Stack(folder, policy, posts)
    (folder / "policy.toml").write_text(policy)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_serve(stack, ready, stop),), daemon=True)
    thread.start()
    try:
        assert ready.wait(START_SECONDS), "the server did not start"
        if stack.trouble:
            raise stack.trouble
        yield stack
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)


async def _serve(stack: Stack, ready: threading.Event, stop: asyncio.Event) -> None:
    try:
        settings = Settings.from_environment(stack.folder, stack.policy_file)
        keys = Keys.load_or_create(settings.keys_file)
        migrate(settings.register_url)
        options = ServerOptions(data_dir=stack.folder, in_memory=True, search_attributes=NAMES_AND_TYPES)
        async with EmbeddedServer(options) as server:
            stack.address = server.address
            client = await connect_to(server.address, keys)
            bell = PostBell(client)
            register = open_register(settings.register_url)
            # Without the schedule of its rounds nobody hears the bell.
            async with bell.answered(), build_worker(client, register, settings, bell=bell):
                if stack.posts:
                    await keep_schedules(client, settings.task_queue)
                ready.set()
                await stop.wait()
    except BaseException as error:
        stack.trouble = error
        raise
    finally:
        ready.set()
