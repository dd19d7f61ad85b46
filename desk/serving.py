"""Serving the desk on this machine, for as long as the stack runs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from sqlalchemy import Engine

from desk.app import make_app

HOST = "127.0.0.1"
SECONDS_FOR_THE_LAST_ANSWERS = 3


@contextmanager
def serving_desk(register: Engine, port: int) -> Iterator[str]:
    """Serve the desk's application for the length of the block, on this machine only.

    Args:
        register: the database, migrated.
        port: where; 0 for any that is free.

    Yields:
        The address it begins with: http://127.0.0.1:PORT.

    Raises:
        OSError: the port cannot be had.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(register),
                # The address of a calendar is a secret: no log may have it.
                access_log=False,
                log_config=None,
                log_level="warning",
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=SECONDS_FOR_THE_LAST_ANSWERS,
            )
        )
        # In a thread of its own it leaves the signals to whoever started the stack.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="desk", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
