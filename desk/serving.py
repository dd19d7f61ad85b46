"""Serving the desk: beside the rest of the stack for as long as that runs, or by itself until a signal comes."""

import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from desk.app import make_app
from desk.parts import Desk
from desk.settings import DeskRefused, DeskSettings
from desk.sign_in.chooser import require_loopback

HOST = "127.0.0.1"
SECONDS_FOR_THE_LAST_ANSWERS = 3


@contextmanager
def serving_desk(desk: Desk, port: int) -> Iterator[str]:
    """Serve the desk's application for the length of the block, on this machine only.

    Args:
        desk: the parts.
        port: where; 0 for any that is free.

    Yields:
        The address it begins with: http://127.0.0.1:PORT.

    Raises:
        OSError: the port cannot be had.
        AssetsMissing: set-up has not built the styles.
    """
    with listening(HOST, port) as ours:
        server = _server(desk)
        # In a thread of its own it leaves the signals to whoever started the stack.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ours]}, name="desk", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{ours.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def serve_desk(desk: Desk, ours: socket.socket, trusted_proxies: Sequence[str] = ()) -> None:
    """Serve the desk's application until SIGTERM or SIGINT; what is being answered then is answered first.

    Args:
        desk: the parts.
        ours: as `listening` gives it.
        trusted_proxies: the addresses or networks of proxies that may say whom they speak for; nobody else may.

    Raises:
        AssetsMissing: set-up has not built the styles.
    """
    server = _server(desk, trusted_proxies)

    def stop(*_: object) -> None:
        server.should_exit = True

    # Until uvicorn listens for signals itself; and when it has stopped it sends itself the signal again, for which this
    # process need not be killed: to stop in order is what was asked for.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    server.run(sockets=[ours])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens, to be closed by the caller.

    Args:
        host: the address of this machine to listen on.
        port: which; 0 for any that is free.

    Raises:
        OSError: it cannot be had.
    """
    ours = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
    # Whoever calls inherits it: else the end of an answer waits 40 ms for the caller to say that the beginning came.
    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours


def require_guarded(settings: DeskSettings, host: str) -> None:
    """See that nobody can come in who should not, as far as settings can tell.

    Args:
        settings: the desk's.
        host: the address it is to listen on.

    Raises:
        DeskRefused: somebody could.
    """
    if settings.oidc is None:
        require_loopback(settings, host)
    elif not (settings.is_secure or settings.is_on_loopback):
        raise DeskRefused(
            "DESK_URL begins with http://, and who is signed in could be read on the way: have a proxy speak TLS, and"
            " set DESK_URL to its https:// address."
        )


def _server(desk: Desk, trusted_proxies: Sequence[str] = ()) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            make_app(desk),
            # The address of a calendar or of a private link is a secret: no log may have it.
            access_log=False,
            log_config=None,
            log_level="warning",
            lifespan="off",
            server_header=False,
            # Else whoever is on this machine could say they are anybody, and try as often as they like.
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_graceful_shutdown=SECONDS_FOR_THE_LAST_ANSWERS,
        )
    )
