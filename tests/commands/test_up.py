"""`starter.py up`: the stack of a newcomer, started, used, stopped and started again."""

import fcntl
import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from client.server import free_port
from register import open_register
from register.queries import open_episode_ids
from tests.commands.conftest import ROOT, Typed, notification, program
from tests.commands.processes import Up, is_alive, up, wait_until
from tests.postgres import fresh_postgres_url, postgres, postgres_url

__all__ = ["fresh_postgres_url", "postgres", "postgres_url"]


@pytest.fixture(scope="module")
def stack_with_sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with up(tmp_path_factory.mktemp("up") / "data", "--sample", ready="Try, in another shell:") as running:
        wait_until(lambda: len(_commands(_said(running))) == 3)
        yield running


def _said(running: Up) -> str:
    return running.folder.with_suffix(".said").read_text()


def _commands(said: str) -> list[str]:
    _, _, after = said.partition("Try, in another shell:\n")
    return [line.strip() for line in after.splitlines() if line.strip()] if after.endswith("\n\n") else []


def test_it_says_where_to_look_and_the_web_page_is_there(stack_with_sample: Up) -> None:
    page = next(line.split()[-1] for line in _said(stack_with_sample).splitlines() if "Web page" in line)
    with urllib.request.urlopen(page) as answer:
        assert answer.status == 200


def test_every_command_it_suggests_can_be_typed_as_it_stands(stack_with_sample: Up) -> None:
    for command in _commands(_said(stack_with_sample)):
        assert command.startswith("DATA_DIR=")
        done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout


def test_the_sample_is_imported_with_its_bad_rows_reported(stack_with_sample: Up) -> None:
    said = _said(stack_with_sample)
    assert "13 episodes opened" in said
    assert "2 rows had faults" in said


def test_a_second_start_beside_it_says_so_in_one_sentence(stack_with_sample: Up) -> None:
    done = program(("up", "--data", str(stack_with_sample.folder), "--json"), {})
    assert f"127.0.0.1:{stack_with_sample.port}" in done.sentence
    assert "already uses" in done.sentence


def test_a_port_that_is_taken_is_told_in_one_sentence(stack_with_sample: Up, tmp_path: Path) -> None:
    done = program(("up", "--data", str(tmp_path), "--port", str(stack_with_sample.port), "--json"), {})
    assert done.sentence == (
        f"Port {stack_with_sample.port} is already in use: choose another one with --port, or stop the program that"
        " has it."
    )


def test_the_desk_is_served_and_a_port_of_its_own_that_is_taken_is_told(
    stack_with_sample: Up, tmp_path: Path, free_ports: list[str]
) -> None:
    said = _said(stack_with_sample)
    assert f"letters, emails and texts are files in {stack_with_sample.folder}/post/" in said
    assert "starter.py post shows what went out" in said
    desk = next(line.split()[-1] for line in said.splitlines() if "Desk" in line)
    assert httpx.get(f"{desk}/calendars/{'a' * 43}.ics").status_code == 404
    chooser = httpx.get(desk, follow_redirects=True)
    assert "Sample Officer-Two" in chooser.text and "made up" in chooser.text
    taken = str(stack_with_sample.port)
    done = program(("up", "--data", str(tmp_path), *free_ports, "--desk-port", taken, "--json"), {})
    assert f"Port {taken} is already in use: choose another one with --desk-port" in done.sentence


@pytest.fixture
def free_ports() -> list[str]:
    """Options with ports that nobody has."""
    return ["--port", str(free_port()), "--ui-port", str(free_port())]


def test_yesterdays_cases_are_there_after_a_restart_and_no_new_sample_is_made(tmp_path: Path) -> None:
    folder, case = tmp_path / "data", tmp_path / "case.json"
    case.write_text(json.dumps(notification("CHILD-1")))
    with up(folder, "--sample", "--json") as first:
        assert first.answer["sample"]["imported"]["opened"]
        episode = program(("open", str(case), "--json"), first.environment).json["episode"]
        server = first.server_process
        assert first.stop(signal.SIGINT) == 0
    assert not is_alive(server)
    assert not (folder / "server.json").exists()
    with up(folder, "--sample", "--json") as second:
        assert second.answer["sample"] is None
        assert second.answer["episodes"] == 14
        words = ("record", episode, "discussion_held", "on=today", "--json")
        assert program(words, second.environment).json["episode"] == episode
        server = second.server_process
        assert second.stop(signal.SIGTERM) == 0
    assert not is_alive(server)


def test_stopping_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with up(folder, "--json", ready="") as starting:
        wait_until(lambda: (folder / "temporal.log").exists())
        assert starting.stop(signal.SIGINT) == 0
        assert starting.said == ""
    with (folder / "temporal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert not (folder / "server.json").exists()


def test_a_register_elsewhere_is_used(tmp_path: Path, fresh_postgres_url: str) -> None:
    with up(tmp_path / "data", "--sample", "--json", REGISTER_URL=fresh_postgres_url) as running:
        assert running.answer["episodes"] == 13
    assert not (tmp_path / "data" / "register.db").exists()
    assert len(open_episode_ids(open_register(fresh_postgres_url))) == 13


def test_where_settings_name_another_server_nothing_is_started(alone: Typed) -> None:
    assert "unset TEMPORAL_ADDRESS" in alone("up").sentence


def test_data_without_their_keys_are_not_given_new_ones(tmp_path: Path) -> None:
    (tmp_path / "temporal.db").touch()
    done = program(("up", "--data", str(tmp_path), "--json"), {})
    assert "restore it from your backup" in done.sentence
    assert not (tmp_path / "keys.json").exists()
