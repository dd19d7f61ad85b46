"""What commands run with: settings, keys, the server and the register; and what is said when one cannot do its work."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

import typer

from client.settings import Settings
from rules.clock import london_date

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

    from client.keys import Keys
    from rules.policy import Policy

REFUSED = 1
MISTYPED = 2

ROOMS = frozenset(
    {"activities", "client", "commands", "desk", "intake", "post", "practice", "register", "rules", "workflows"}
)
"""Whoever defines an exception in one of these writes its message for a person: one sentence, and what to do."""

T = TypeVar("T")


class Fault(Exception):
    """A command cannot do what it was asked; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class AtWork:
    """What a command on running episodes works with."""

    settings: Settings
    keys: Keys
    client: Client
    register: Engine


def at_work(work: Callable[[AtWork], Awaitable[T]]) -> T:
    """Connect to the server and the register, and do a command's work.

    Args:
        work: the command's own part.

    Returns:
        What it returns.

    Raises:
        Fault, KeysError, ServerUnreachable, RegisterUnavailable: with a sentence that says what to do.
    """
    return asyncio.run(_connected(work))


async def _connected(work: Callable[[AtWork], Awaitable[T]]) -> T:
    # Temporal takes a second to load: only the commands that speak to it pay for that.
    from client.connection import connect

    settings = Settings.from_environment()
    keys = load_keys(settings)
    register = register_of(settings)
    client = await connect(settings, keys)
    return await work(AtWork(settings, keys, client, register))


def load_keys(settings: Settings) -> Keys:
    """Read the keys; where there are none yet, nothing was ever started here."""
    from client.keys import Keys

    if not settings.keys_file.exists():
        raise Fault(
            f"There is no keys file at {settings.keys_file}: start the stack with `starter.py up`,"
            " or set DATA_DIR or KEYS_FILE to where it keeps its own."
        )
    return Keys.load(settings.keys_file)


def register_of(settings: Settings | None = None) -> Engine:
    """Open the register.

    Args:
        settings: where it is; by the environment when left out.
    """
    from register import open_register

    return open_register((settings or Settings.from_environment()).register_url)


def policy_in_force() -> Policy:
    """The authority's policy, from POLICY_FILE.

    Raises:
        PolicyRefused: it cannot be read, or loosens the law.
    """
    from rules.policy import Policy, read_policy

    file = Settings.from_environment().policy_file
    if file is None:
        return Policy()
    try:
        return read_policy(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Fault(
            f"The policy file {file} cannot be read ({error.strerror}): set POLICY_FILE to one that can."
        ) from None
    except UnicodeDecodeError:
        raise Fault(f"The policy file {file} is not UTF-8 text; save it as UTF-8.") from None


def today() -> date:
    """The date in London now."""
    return london_date(datetime.now(UTC))


def run(program: Callable[[], object]) -> tuple[int, str | None]:
    """Run a program of commands to its end.

    Args:
        program: the program; it may return an exit code.

    Returns:
        The exit code, and where it is not 0 the one sentence to say, if any.
    """
    try:
        code = program()
    except SystemExit as left:
        return (left.code if isinstance(left.code, int) else REFUSED), None
    except (typer.Abort, KeyboardInterrupt):
        return 130, None
    except typer.TyperException as error:
        return error.exit_code, one_line(_usage(error))
    except Exception as error:
        if os.environ.get("SHOW_TRACEBACK"):
            raise
        return REFUSED, one_line(sentence_of(error))
    return (code if isinstance(code, int) else 0), None


def sentence_of(error: Exception) -> str:
    """What to tell a person of an error."""
    room = type(error).__module__.partition(".")[0]
    if room in ROOMS and str(error):
        return str(error)
    if room == "temporalio":
        return (
            f"The Temporal server did not do what was asked ({type(error).__name__}): see that it runs and that"
            " TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are right, then try again."
        )
    return (
        f"Something went wrong that was not foreseen ({type(error).__name__}): run it again with SHOW_TRACEBACK=1"
        " and tell the people who maintain this program."
    )


def one_line(sentence: str) -> str:
    """The same on one line."""
    return " ".join(sentence.split())


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "starter.py"
    said = error.format_message().rstrip(".")
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith('?') else ';'} see `{where} --help`."
