"""The program as a whole: its commands, its exit codes, and what it says when what it needs is not there."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from temporalio.client import Client

from client import episodes
from client.keys import Keys
from commands.running import Fault, run, sentence_of
from starter import COMMANDS, program
from tests.commands.conftest import NOBODY, ROOT, Typed
from tests.commands.conftest import program as run_program
from tests.commands.stack import Stack


def test_help_names_every_command(alone: Typed) -> None:
    bare, asked = alone(), alone("--help")
    assert (bare.code, asked.code) == (0, 0)
    assert bare.out == asked.out
    for name in COMMANDS:
        assert f"\n  {name} " in asked.out
        assert alone(name, "--help").code == 0


def test_every_command_can_be_loaded_and_says_what_it_does() -> None:
    commands = typer.main.get_command(program([])).commands  # type: ignore[attr-defined]
    assert set(commands) == set(COMMANDS)
    assert all(command.help for command in commands.values())


@pytest.mark.parametrize("words", [("ats",), ("--version",), ("open",), ("open", "a", "b"), ("list", "--josn")])
def test_a_mistyped_command_ends_with_2_and_points_to_the_help(alone: Typed, words: tuple[str, ...]) -> None:
    done = alone(*words)
    assert done.code == 2
    assert "--help`" in done.sentence


def test_a_mistyped_command_suggests_the_nearest(alone: Typed) -> None:
    assert "'agenda'" in alone("agend", "episode-x").sentence


def test_where_nothing_was_ever_started_it_says_how_to_start(alone: Typed) -> None:
    assert "`starter.py up`" in alone("agenda", "episode-x").sentence


def test_without_a_server_it_says_so(alone: Typed, tmp_path: Path) -> None:
    Keys.new().save(tmp_path / "nothing" / "keys.json")
    sentence = alone("agenda", "episode-x").sentence
    assert NOBODY in sentence
    assert "make run" in sentence


def test_without_a_register_it_says_so(typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REGISTER_URL", f"sqlite:///{tmp_path}/none/register.db")
    assert "cannot be opened" in typed("list").sentence
    monkeypatch.setenv("REGISTER_URL", f"sqlite:///{tmp_path}/empty.db")
    assert "has not been set up" in typed("list").sentence
    monkeypatch.setenv("REGISTER_URL", "postgresql://iro:secret@127.0.0.1:1/register")
    assert "cannot be reached" in typed("list").sentence
    assert "secret" not in typed("list").err


def test_with_other_keys_history_stays_unreadable(
    opened: str, typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Keys.new().save(tmp_path / "other.json")
    monkeypatch.setenv("KEYS_FILE", str(tmp_path / "other.json"))
    for command in ("agenda", "timeline"):
        assert "does not hold the key" in typed(command, opened).sentence
    (tmp_path / "other.json").write_text("{")
    assert "malformed" in typed("agenda", opened).sentence


async def _start_where_nobody_works(stack: Stack) -> None:
    client = await Client.connect(stack.address)
    await client.start_workflow("Episode", id="episode-unattended", task_queue="nobody-works-here")


def test_where_no_worker_answers_the_id_to_send_again_is_told(
    stack: Stack, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_start_where_nobody_works(stack))
    monkeypatch.setattr(episodes, "PATIENCE", timedelta(seconds=1))
    words = ("record", "episode-unattended", "discussion_held", "on=today", "--id", "again-1")
    assert "--id again-1" in typed(*words).sentence
    assert "No worker answered" in typed("agenda", "episode-unattended").sentence


def test_a_reader_that_goes_away_is_no_fault(stack: Stack) -> None:
    command = f"{sys.executable} starter.py acts --json | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"[\n", b"")


def test_a_screen_without_the_letters_is_no_fault(tmp_path: Path) -> None:
    words = ("dates", "--nation", "england", "--became-looked-after", "2026-06-05")
    done = run_program(words, {"PYTHONIOENCODING": "ascii", "DATA_DIR": str(tmp_path)})
    assert done.code == 0
    assert "First review" in done.out


def test_an_error_nobody_foresaw_is_told_without_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise KeyError("Jane Doe, born 2015-01-02")

    monkeypatch.delenv("SHOW_TRACEBACK", raising=False)
    code, sentence = run(fails)
    assert code == 1
    assert sentence and "KeyError" in sentence and "Jane" not in sentence
    monkeypatch.setenv("SHOW_TRACEBACK", "1")
    with pytest.raises(KeyError):
        run(fails)


def test_ctrl_c_ends_quietly() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert run(interrupted) == (130, None)


def test_what_was_raised_for_a_person_is_said_as_it_stands_on_one_line() -> None:
    assert sentence_of(Fault("Do this.\n")) == "Do this.\n"
    assert run(lambda: (_ for _ in ()).throw(Fault("Do\n  this."))) == (1, "Do this.")
