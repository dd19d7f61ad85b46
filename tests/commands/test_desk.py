"""`starter.py desk`: the desk by itself, where Temporal and the register run elsewhere."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.keys import Keys
from register import open_register
from tests.audit_log import audited
from tests.commands.conftest import Typed
from tests.commands.processes import started, wait_until

OIDC = {"OIDC_ISSUER": "https://login.example.org", "OIDC_CLIENT_ID": "the-desk", "OIDC_CLIENT_SECRET": "of-this-test"}
SECONDS_OF_A_SLOW_PROVIDER = 1.0


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The settings of a desk with a register that is not there yet, and with keys."""
    Keys.load_or_create(tmp_path / "keys.json")
    return {
        "DATA_DIR": str(tmp_path),
        "REGISTER_URL": f"sqlite:///{tmp_path}/register.db",
        "KEYS_FILE": str(tmp_path / "keys.json"),
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
    }


@contextmanager
def desk(folder: Path, *words: str, **environment: str) -> Iterator[tuple[dict[str, Any], "subprocess.Popen[str]"]]:
    """Run it until the block ends; gives what it said when it was ready."""
    said = folder / "said"
    with (
        said.open("w") as out,
        started("desk", "--port", "0", *words, "--json", out=out, **environment) as process,
    ):
        wait_until(lambda: said.read_text().endswith("}\n") or process.poll() is not None)
        assert process.poll() is None, process.stderr and process.stderr.read()
        yield json.loads(said.read_text()), process


def test_it_makes_the_register_serves_and_stops_in_order(tmp_path: Path, settings: dict[str, str]) -> None:
    with desk(tmp_path, **settings) as (said, process):
        assert said["ready"] and said["desk"] == said["listening"]
        assert httpx.get(f"{said['desk']}/sign-in").status_code == 200
        assert httpx.post(f"{said['desk']}/sign-in", data={"who": "000/operator/operator"}).status_code == 303
        assert audited(open_register(settings["REGISTER_URL"]))[0].what == "sign_in"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr and process.stderr.read() == ""


def test_what_is_being_answered_when_the_signal_comes_is_answered(tmp_path: Path, settings: dict[str, str]) -> None:
    with (
        slow_provider() as issuer,
        desk(tmp_path, **{**settings, **OIDC, "OIDC_ISSUER": issuer}) as (said, process),
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(httpx.get, f"{said['desk']}/sign-in", timeout=30)
        time.sleep(SECONDS_OF_A_SLOW_PROVIDER / 2)
        process.send_signal(signal.SIGTERM)
        assert asked.result().status_code == 503
        assert process.wait(30) == 0


@contextmanager
def slow_provider() -> Iterator[str]:
    """A server that thinks for a while, and knows nothing."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SECONDS_OF_A_SLOW_PROVIDER)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def tries_in_vain(url: str, speaking_for: str) -> int:
    """Try to sign in as nobody there is."""
    headers = {"X-Forwarded-For": speaking_for}
    return httpx.post(f"{url}/sign-in", data={"who": "nobody"}, headers=headers).status_code


def test_a_proxy_says_whom_it_speaks_for_only_where_it_is_trusted(tmp_path: Path, settings: dict[str, str]) -> None:
    with desk(tmp_path, "--trusted-proxy", "127.0.0.0/24", **settings) as (said, _):
        assert {tries_in_vain(said["desk"], "192.0.2.1") for _ in range(20)} == {422}
        assert tries_in_vain(said["desk"], "192.0.2.1") == 429
        assert tries_in_vain(said["desk"], "192.0.2.2") == 422
    # Even where the environment says otherwise.
    with desk(tmp_path, **settings, FORWARDED_ALLOW_IPS="*") as (said, _):
        assert {tries_in_vain(said["desk"], f"192.0.2.{number}") for number in range(20)} == {422}
        assert tries_in_vain(said["desk"], "192.0.2.99") == 429


def test_a_customer_of_version_six_has_one_networks_tries(tmp_path: Path, settings: dict[str, str]) -> None:
    with desk(tmp_path, "--trusted-proxy", "127.0.0.1", **settings) as (said, _):
        assert {tries_in_vain(said["desk"], f"2001:db8:1:1::{number}") for number in range(20)} == {422}
        assert tries_in_vain(said["desk"], "2001:db8:1:1:ffff::1") == 429
        assert tries_in_vain(said["desk"], "2001:db8:1:2::1") == 422


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("--host", "0.0.0.0"), {}, "serves this machine only"),
        ((), {"DESK_URL": "https://reviews.example.org"}, "serves this machine only"),
        (("--host", "0.0.0.0"), {**OIDC, "DESK_URL": "http://reviews.example.org"}, "have a proxy speak TLS"),
        ((), {**OIDC, "OIDC_CLIENT_SECRET": ""}, "no client secret"),
        (("--trusted-proxy", "proxy.example.org"), {}, "no address or network"),
        ((), {"KEYS_FILE": "/nowhere/keys.json"}, "no keys file"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_sentence(
    typed_beside: Typed, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert said in typed_beside("desk", *words).sentence


@pytest.fixture
def typed_beside(alone: Typed, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs commands beside that register, in this process."""
    for name in [name for name in os.environ if name.startswith("OIDC_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return alone


def test_a_port_that_is_taken_is_told(typed_beside: Typed, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        assert (
            "choose another with --host and --port" in typed_beside("desk", "--port", str(other.server_port)).sentence
        )
