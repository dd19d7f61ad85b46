"""The command line of case systems and operators: `starter.py --help` names the commands.

Each command is a function of `commands/`; only the one asked for is loaded. Every one exits with 0, or says in one
plain sentence what to do and exits with something else.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import typer

from commands.running import run

COMMANDS = {
    "up": "commands.up:up",
    "desk": "commands.desk:desk",
    "open": "commands.cases:open_case",
    "record": "commands.cases:record",
    "acts": "commands.acts:acts",
    "agenda": "commands.look:agenda",
    "explain": "commands.explain:explain",
    "timeline": "commands.look:timeline",
    "list": "commands.look:list_episodes",
    "siblings": "commands.siblings:siblings",
    "allocate": "commands.allocate:allocate",
    "iros": "commands.iros:iros",
    "iro": "commands.iro:iro",
    "people": "commands.people:people",
    "person": "commands.person:person",
    "contact": "commands.contact:contact",
    "post": "commands.post:post",
    "feed": "commands.feed:feed",
    "webhook": "commands.webhook:webhook",
    "api-client": "commands.api_client:api_client",
    "balance": "commands.balance:balance",
    "digest": "commands.digest:digest",
    "referral": "commands.referral:referral",
    "import": "commands.importing:import_return",
    "dates": "commands.dates:dates",
    "calendar": "commands.calendar:calendar",
    "practice": "commands.practice:practice",
}
"""Every command, and the function that is it; or the group of its commands, where it has several."""


def program(words: Sequence[str]) -> typer.Typer:
    """The program, with the command asked for, or with all of them where that is none."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(_about)
    for name in [word for word in words[:1] if word in COMMANDS] or COMMANDS:
        place, _, function = COMMANDS[name].partition(":")
        module = import_module(place)
        command = getattr(module, function)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name, cls=getattr(module, "COMMAND_CLASS", None))(command)
    return app


def _about() -> None:
    """The reviews of looked-after children: facts in, agenda out."""


def starter(words: Sequence[str]) -> int:
    """Run one command; what goes wrong is told in one sentence on standard error.

    Args:
        words: what was typed after the program's name; nothing shows the help.

    Returns:
        The exit code.
    """
    given = list(words) or ["--help"]
    code, sentence = run(lambda: program(given)(args=given, prog_name="starter.py", standalone_mode=False))
    if sentence:
        sys.stderr.write(sentence + "\n")
    return code


def main() -> NoReturn:
    """Run as a program."""
    for stream in (sys.stdout, sys.stderr):
        # A screen that cannot show a letter gets a stand-in for it, not a fault.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    code = starter(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass  # Whoever read it has gone: `starter.py list | head`.
    # Not sys.exit: after good work the interpreter can still crash on its way out (sdk-python #300).
    os._exit(code)


if __name__ == "__main__":
    main()
