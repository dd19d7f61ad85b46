"""The command that starts the embedded server: which program, with which options."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
GUARD = Path(__file__).with_name("server_guard.py")


class ServerFailed(Exception):
    """The embedded server cannot run. The message is one plain sentence, and then what the server said."""


def find_temporal_program() -> Path:
    """Find the `temporal` program: the pinned one beside this Python, else one on the PATH.

    Returns:
        Where it is.

    Raises:
        ServerFailed: there is none.
    """
    beside = Path(sys.executable).parent / "temporal"
    if beside.is_file() and os.access(beside, os.X_OK):
        return beside
    elsewhere = shutil.which("temporal")
    if elsewhere is None:
        raise ServerFailed("The temporal program is missing: run make setup, or install it and put it on the PATH.")
    return Path(elsewhere)


@dataclass(kw_only=True)
class ServerOptions:
    """How the embedded server is to run.

    Attributes:
        data_dir: its database, its log and `server.json`, where other commands find its address.
        port: where programs connect; 0 for a free one.
        ui_port: where its web page is; 0 for a free one, None for no web page.
        in_memory: keep nothing and write no `server.json`. For tests.
        search_attributes: name and type (Keyword, Datetime, Bool ...) of each that workflows set.
        dynamic_config: settings of the server itself, with their values as JSON.
        log_level: debug, info, warn, error or never.
        codec_endpoint: the URL at which the web page may have payloads decrypted.
    """

    data_dir: Path
    port: int = 0
    ui_port: int | None = None
    in_memory: bool = False
    search_attributes: Mapping[str, str] = field(default_factory=dict)
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    log_level: str = "warn"
    codec_endpoint: str | None = None

    def arguments(self) -> list[str]:
        """Put the options as the program takes them."""
        words = ["server", "start-dev", "--ip", HOST, "--port", str(self.port), "--log-level", self.log_level]
        words += self._web_page() + self._storage()
        for name, value in self.dynamic_config.items():
            words += ["--dynamic-config-value", f"{name}={value}"]
        return words

    def _web_page(self) -> list[str]:
        if self.ui_port is None:
            return ["--headless"]
        # Without the second flag the page asks the internet for news.
        words = ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"]
        return words + (["--ui-codec-endpoint", self.codec_endpoint] if self.codec_endpoint else [])

    def _storage(self) -> list[str]:
        if self.in_memory:
            return []
        # Nearly twice the throughput. A crash of the program loses nothing; a power cut may lose the last
        # moment, which is why a service runs on a cluster with PostgreSQL and not on this server.
        pragmas = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        return ["--db-filename", str(self.data_dir / "temporal.db"), *pragmas]


def guarded(program: Path) -> list[str]:
    """Say how to start the program so that it does not outlive us, even if we are killed.

    Args:
        program: the `temporal` program.

    Returns:
        The first words of the command; the program's arguments follow.
    """
    # A script, not a `preexec_fn`: Python code between fork and exec can hang where threads run, and
    # Temporal's library has some. -I and -S spare it all but the bare interpreter.
    return [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), str(program)]


def server_environment() -> dict[str, str]:
    """Say which variables the program gets.

    Returns:
        Our own without Temporal's: those say how to reach some server, perhaps another one, and with which
        secrets, which is not this program's business.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    # It would otherwise ask the internet for newer versions.
    return {**kept, "TEMPORAL_VERSION_CHECK_DISABLED": "1"}
