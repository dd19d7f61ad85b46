"""The embedded server: it keeps what it was given, and says plainly what is wrong."""

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from client import server_command
from client.keys import Keys
from client.server import EmbeddedServer, ServerFailed, ServerOptions, find_temporal_program, free_port
from client.server_ready import RETENTION, make_ready, retention
from client.time_travel import TravelServer, travelling_server
from tests.client.conftest import QUEUE, Handle, next_alarm, sample_worker
from tests.client.sample_workflow import Diary, Sample

UP_AND_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from client.server import EmbeddedServer, ServerOptions

async def main():
    async with EmbeddedServer(ServerOptions(data_dir=Path(sys.argv[1]))):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def refused(options: ServerOptions) -> str:
    """What is said when a server cannot be had; and nothing may be left running."""
    with pytest.raises(ServerFailed) as caught:
        async with EmbeddedServer(options):
            pass
    return str(caught.value)


async def start_sample(client: Client) -> Handle:
    return await client.start_workflow(
        Sample.run, Diary(name="Ada", every=timedelta(days=7)), id="sample", task_queue=QUEUE
    )


async def test_a_second_start_finds_yesterdays_workflow_at_the_hour_it_had_reached(tmp_path: Path, keys: Keys) -> None:
    options = ServerOptions(data_dir=tmp_path, search_attributes={"Shelf": "Keyword"})
    async with travelling_server(options, keys) as travel, sample_worker(travel.client):
        assert await retention(travel.client) == RETENTION > timedelta(days=75 * 366)
        handle = await start_sample(travel.client)
        await handle.execute_update(Sample.act, "before")
        await travel.jump_to(handle, datetime.now(UTC) + timedelta(days=30))
        reached, due = await travel.now(handle), await next_alarm(handle)
    # A newer version may ask for one more search attribute: --search-attribute alone would not give it.
    options = ServerOptions(data_dir=tmp_path, search_attributes={"Shelf": "Keyword", "Due": "Datetime"})
    async with travelling_server(options, keys) as travel, sample_worker(travel.client):
        assert await retention(travel.client) == RETENTION
        handle = travel.client.get_workflow_handle_for(Sample.run, "sample")
        assert timedelta(0) <= await travel.now(handle) - reached < timedelta(seconds=30)
        await handle.execute_update(Sample.act, "after")
        await travel.jump_to(handle, due + timedelta(hours=1))
        diary = await handle.query(Sample.read)
        assert (diary.acts, len(diary.rang), diary.runs) == (["before", "after"], 5, 2)
        assert await travel.client.count_workflows("Due IS NULL AND Shelf IS NULL")


async def test_a_closed_run_of_the_virtual_past_can_still_be_read(tmp_path: Path, keys: Keys) -> None:
    """Eighteen years in a few seconds, and the first run's history is there."""
    options = ServerOptions(data_dir=tmp_path, in_memory=True)
    async with travelling_server(options, keys) as travel, sample_worker(travel.client):
        client = travel.client
        handle = await client.start_workflow(
            Sample.run,
            Diary(name="Ada", every=timedelta(days=365), alarms_a_run=1),
            id="sample",
            task_queue=QUEUE,
        )
        first_run = handle.first_execution_run_id
        await travel.jump_to(handle, datetime.now(UTC) + timedelta(days=18 * 365 + 1))
        assert (await handle.query(Sample.read)).runs == 19
        first = client.get_workflow_handle("sample", run_id=first_run)
        assert (await first.describe()).status is WorkflowExecutionStatus.CONTINUED_AS_NEW
        assert (await first.fetch_history()).events


async def test_the_web_page_is_served_where_asked_and_knows_who_decrypts(tmp_path: Path) -> None:
    options = ServerOptions(data_dir=tmp_path, in_memory=True, ui_port=0, codec_endpoint="http://127.0.0.1:9999")
    async with EmbeddedServer(options) as server:
        assert server.ui_url == f"http://127.0.0.1:{server.options.ui_port}"
        settings = await asyncio.to_thread(fetch, f"{server.ui_url}/api/v1/settings")
        assert json.loads(settings)["Codec"]["Endpoint"] == "http://127.0.0.1:9999"
        assert "<html" in await asyncio.to_thread(fetch, f"{server.ui_url}/")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("option", ["port", "ui_port"])
async def test_a_port_in_use_is_told_with_its_option(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ports = {"port": free_port(), "ui_port": free_port(), option: port}
        said = await refused(ServerOptions(data_dir=tmp_path, **ports))
    flag = f"--{option.replace('_', '-')}"
    assert said == (f"Port {port} is already in use: choose another one with {flag}, or stop the program that has it.")
    assert not (tmp_path / "temporal.db").exists()


async def test_a_port_that_does_not_exist_is_told(tmp_path: Path) -> None:
    assert "Port 70000 cannot be used" in await refused(ServerOptions(data_dir=tmp_path, port=70000))


async def test_a_folder_is_one_servers_and_its_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with EmbeddedServer(ServerOptions(data_dir=folder)) as server:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        said = await refused(ServerOptions(data_dir=folder, port=server.options.port))
        assert said.startswith(f"Another embedded server ({server.address}, process ")
        # What the refused one tidies up is not the running one's.
        assert (folder / "server.json").exists()
    assert not (folder / "server.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent died")
async def test_a_killed_program_takes_its_server_along_and_the_folder_is_free_only_then(tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", UP_AND_KILLED, str(tmp_path))
    assert await program.wait() == -signal.SIGKILL
    # It takes a second to stop; until then the database is in use.
    assert "already uses" in await refused(ServerOptions(data_dir=tmp_path))
    async with asyncio.timeout(20):
        while True:
            try:
                async with EmbeddedServer(ServerOptions(data_dir=tmp_path)):
                    return
            except ServerFailed as failure:
                assert "already uses" in str(failure)
                await asyncio.sleep(0.2)


async def test_a_server_that_ends_as_it_starts_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").write_text("this is no database, and long enough to be taken for one" * 20)
    said = await refused(ServerOptions(data_dir=tmp_path))
    assert said.startswith("The Temporal server ended as it started. The end of ")
    assert "file is not a database" in said
    assert "\n" not in said


async def test_a_server_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    async with EmbeddedServer(ServerOptions(data_dir=tmp_path, in_memory=True)) as server:
        assert server._process is not None
        server._process.kill()
        async with asyncio.timeout(10):
            assert (await server.ended()).startswith("The Temporal server ended by itself. ")


async def test_an_unknown_kind_of_search_attribute_is_told(tmp_path: Path) -> None:
    said = await refused(ServerOptions(data_dir=tmp_path, in_memory=True, search_attributes={"A": "Date"}))
    assert said == "The search attribute A has the unknown type Date."


async def test_a_search_attribute_of_another_type_is_told(travel: TravelServer) -> None:
    with pytest.raises(ServerFailed, match="Shelf already stands in the server's database with another type"):
        await make_ready(travel.server.address, {"Shelf": "Int"})


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = await refused(ServerOptions(data_dir=tmp_path / "file" / "data"))
    assert said.startswith("The Temporal server cannot be started: ")


async def test_the_server_is_out_of_reach_of_ctrl_c(tmp_path: Path) -> None:
    async with EmbeddedServer(ServerOptions(data_dir=tmp_path, in_memory=True)) as server:
        assert server._process is not None
        assert os.getsid(server._process.pid) == server._process.pid != os.getsid(0)


def test_the_program_beside_python_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_temporal_program() == Path(sys.executable).parent / "temporal"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(shutil, "which", {"temporal": "/usr/bin/temporal"}.get)
    assert find_temporal_program() == Path("/usr/bin/temporal")


async def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    said = await refused(ServerOptions(data_dir=tmp_path))
    assert said == "The temporal program is missing: run make setup, or install it and put it on the PATH."


def test_the_server_is_not_told_how_to_reach_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_API_KEY", "hunter2")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "cloud:7233")
    given = server_command.server_environment()
    assert "hunter2" not in given.values()
    assert "TEMPORAL_ADDRESS" not in given
    assert given["PATH"] == os.environ["PATH"]
