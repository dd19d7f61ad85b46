"""Finding the server, and saying plainly when there is none."""

import json
import socket
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from client import connection
from client.connection import ServerUnreachable, connect, connect_to, embedded_address
from client.converter import UnreadablePayload
from client.keys import Keys
from client.server import EmbeddedServer, ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer
from tests.client.conftest import QUEUE, Handle, sample_worker
from tests.client.sample_workflow import Diary, Sample


@pytest.fixture(autouse=True)
def no_temporal_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine on which the tests run."""
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY", "TEMPORAL_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))


def settings_for(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_environment(tmp_path, variables)


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    async with EmbeddedServer(ServerOptions(data_dir=tmp_path, log_level="error")) as server:
        yield server


async def test_the_embedded_server_is_found_by_its_folder(
    embedded: EmbeddedServer, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path)
    assert (await connect(settings, keys)).service_client.config.target_host == embedded.address
    # The environment wins, and so does Temporal's own file.
    nobody = f"127.0.0.1:{free_port()}"
    (tmp_path / "temporal.toml").write_text(f'[profile.default]\naddress = "{nobody}"\n')
    with pytest.raises(ServerUnreachable, match=nobody):
        await connect(settings, keys)
    monkeypatch.setenv("TEMPORAL_ADDRESS", embedded.address)
    assert (await connect(settings, keys)).namespace == "default"


async def test_no_server_is_told_at_once_with_what_to_do(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    with pytest.raises(ServerUnreachable) as caught:
        await connect(settings_for(tmp_path), keys)
    assert str(caught.value) == (
        f"No Temporal server answers at {address}. Start it with: make run, or set TEMPORAL_ADDRESS."
    )


async def test_a_server_that_says_nothing_is_given_up(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.PATIENCE_SECONDS == 5
    monkeypatch.setattr(connection, "PATIENCE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        (tmp_path / "server.json").write_text(json.dumps({"address": f"127.0.0.1:{mute.getsockname()[1]}"}))
        with pytest.raises(ServerUnreachable, match="No Temporal server answers"):
            await connect(settings_for(tmp_path), keys)


@pytest.mark.parametrize("address", ["no such place", "nowhere.invalid:7233", "127.0.0.1:99999"])
async def test_an_address_that_is_none_is_told(keys: Keys, address: str) -> None:
    with pytest.raises(ServerUnreachable, match=f"No Temporal server answers at {address}"):
        await connect_to(address, keys)


async def test_a_namespace_that_is_not_there_is_told_now(
    travel: TravelServer, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", travel.server.address)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "elsewhere")
    with pytest.raises(ServerUnreachable, match="has no namespace elsewhere: create it there, or set TEMPO"):
        await connect(settings_for(tmp_path), keys)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"address": 7}', '{"port": 7233}'])
def test_a_spoilt_server_file_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "server.json").write_text(content)
    assert embedded_address(settings_for(tmp_path)) is None


async def test_a_malformed_temporal_file_is_told_without_showing_it(tmp_path: Path, keys: Keys) -> None:
    (tmp_path / "temporal.toml").write_text('[profile.default]\napi_key = "hunter2" oops\n')
    with pytest.raises(ServerUnreachable, match="Temporal's configuration cannot be read") as caught:
        await connect(settings_for(tmp_path), keys)
    assert "hunter2" not in str(caught.value)


async def test_other_keys_do_not_read_what_a_workflow_holds(travel: TravelServer) -> None:
    async with sample_worker(travel.client):
        handle: Handle = await travel.client.start_workflow(
            Sample.run, Diary(name="Ada"), id="other-keys", task_queue=QUEUE
        )
        stranger = await connect_to(travel.server.address, Keys.new())
        with pytest.raises(UnreadablePayload, match="does not hold the key k-"):
            await stranger.get_workflow_handle(handle.id).query(Sample.read)
        await handle.terminate()


async def test_metrics_are_served_where_asked(
    travel: TravelServer, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", travel.server.address)
    address = f"127.0.0.1:{free_port()}"
    settings = settings_for(tmp_path, METRICS_ADDRESS=address)
    await connect(settings, keys, serve_metrics=True)
    # A second connection of the same process shares them.
    await connect(settings, keys, serve_metrics=True)
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        assert "temporal_request" in answer.read().decode()
