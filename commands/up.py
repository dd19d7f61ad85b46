"""The whole stack in one place: an embedded Temporal server, the worker and the register, until told to stop."""

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import Engine
from temporalio.envconfig import ClientConfig

from client.codec_server import serving_codec
from client.connection import connect
from client.keys import Keys
from client.schedules import PostBell, keep_schedules
from client.server import EmbeddedServer, ServerFailed, ServerOptions
from client.server_checks import require_free_port
from client.settings import Settings
from commands.logs import log_to
from commands.output import AsJson, show
from commands.running import Fault, policy_in_force, today
from commands.sample import SampleImported, import_sample
from desk.parts import Desk
from desk.serving import HOST, serving_desk
from desk.settings import DeskSettings
from post.settings import Out
from register import migrate, open_register
from register.queries import EpisodeLine, list_episodes
from rules.wording import counted, listed
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

PORT, UI_PORT, DESK_PORT = 7233, 8233, 8200
DEFAULT_FOLDER = Path("var")
LOG = "worker.log"

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where commands reach the server.")]


@dataclass(frozen=True)
class Running:
    """What runs, to be told to whoever started it.

    Attributes:
        settings: where the data are.
        server: the server.
        desk: where the desk is served.
        episodes: those in the register, the longest overdue first.
        sample: what came of importing the sample, if it was imported just now.
    """

    settings: Settings
    server: EmbeddedServer
    desk: str
    episodes: list[EpisodeLine]
    sample: SampleImported | None


def up(
    data: Annotated[Path | None, typer.Option(help="The folder of all data; var, unless DATA_DIR says so.")] = None,
    port: Port = PORT,
    ui_port: Annotated[int, typer.Option(min=1, max=65535, help="Where the server's web page is.")] = UI_PORT,
    desk_port: Annotated[int, typer.Option(min=1, max=65535, help="Where the desk is.")] = DESK_PORT,
    sample: Annotated[bool, typer.Option("--sample", help="Import the sample return, once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Start server, worker and register together; Ctrl-C stops all.

    A second start finds yesterday's cases. The server is this program's own: where TEMPORAL_ADDRESS names another
    one, nothing is started. The register may be elsewhere (REGISTER_URL).
    """
    _refuse_beside_another_server()
    settings = Settings.from_environment(data)
    options = ServerOptions(data_dir=settings.data_dir, port=port, ui_port=ui_port, search_attributes=NAMES_AND_TYPES)
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(settings, options, desk_port, sample, as_json))


async def _serve(settings: Settings, options: ServerOptions, desk_port: int, sample: bool, as_json: bool) -> None:
    """Bring everything up, say so, and stay until a signal comes or the server ends."""
    _stop_on_signals(as_json)
    keys = _keys(settings)
    log_to(settings.data_dir / LOG)
    _say("Starting the server, the worker and the register. Ctrl-C stops them.", as_json)
    migrate(settings.register_url)
    register = open_register(settings.register_url)
    async with _server(options, keys) as server, _desk(settings, keys, register, desk_port, server) as desk:
        client = await connect(settings, keys, serve_metrics=True)
        bell = PostBell(client)
        async with bell.answered(), build_worker(client, register, settings, bell=bell):
            await keep_schedules(client, settings.task_queue)
            came = await import_sample(client, keys, register, settings.data_dir, today()) if sample else None
            running = Running(settings, server, desk, list_episodes(register, today=today()), came)
            _tell(running, as_json)
            raise ServerFailed(await server.ended())


@asynccontextmanager
async def _server(options: ServerOptions, keys: Keys) -> AsyncIterator[EmbeddedServer]:
    """The server, with a web page that can show what is stored encrypted, on this machine only."""
    with serving_codec(keys, options.ui_port or UI_PORT) as url:
        async with EmbeddedServer(replace(options, codec_endpoint=url)) as server:
            yield server


@asynccontextmanager
async def _desk(
    settings: Settings, keys: Keys, register: Engine, port: int, server: EmbeddedServer
) -> AsyncIterator[str]:
    """The desk, on this machine only: whoever opens it chooses whom to be."""
    require_free_port(port, "--desk-port")
    own = DeskSettings(url=f"http://{HOST}:{port}", operations_url=server.ui_url)
    with serving_desk(Desk(register, keys, settings, own, policy_in_force()), port) as url:
        yield url


def _stop_on_signals(as_json: bool) -> None:
    """Stop in order when a signal comes: the worker finishes what it has in hand, and the server goes last."""
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        _say("\nStopping: what is being recorded is finished first.", as_json)
        task.cancel()

    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop)


def _keys(settings: Settings) -> Keys:
    """The keys, made on the first start. Where there are data already, new ones could not read them."""
    if (settings.data_dir / "temporal.db").exists():
        return Keys.load(settings.keys_file)
    return Keys.load_or_create(settings.keys_file)


def _refuse_beside_another_server() -> None:
    """Commands typed in this environment would go to that server, and not to the one started here."""
    try:
        address = ClientConfig.load_client_connect_config().get("target_host")
    except Exception:
        return  # Connecting will say what is wrong with it.
    if address:
        raise Fault(
            f"Temporal's settings name a server already ({address}): unset TEMPORAL_ADDRESS to start one here with"
            " `up`, or run `python worker.py` to work for that one."
        )


# --- What is said -------------------------------------------------------------------------------------------------


def _say(words: str, as_json: bool) -> None:
    if not as_json:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()


def _tell(running: Running, as_json: bool) -> None:
    """Say that everything runs, and where to look."""
    if as_json:
        show(_as_data(running), True, lambda: iter(()))
    else:
        console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
        for line in _lines(running):
            console.print(line)
    sys.stdout.flush()


def _as_data(running: Running) -> dict[str, Any]:
    return {
        "ready": True,
        "address": running.server.address,
        "web_page": running.server.ui_url,
        "desk": running.desk,
        "post": str(running.settings.post.folder),
        "data": str(running.settings.data_dir),
        "episodes": len(running.episodes),
        "overdue": sum(line.overdue > 0 for line in running.episodes),
        "sample": running.sample,
    }


def _lines(running: Running) -> list[Text]:
    told = [("Web page", f"{running.server.ui_url}"), ("Data", _data_words(running.settings))]
    told += [("Post", _post_words(running.settings)), ("Desk", running.desk)]
    told += [("Sample", _sample_words(running.sample))] if running.sample else []
    told += [("Episodes", _episodes_words(running.episodes))]
    return [
        Text(),
        Text("Everything runs.", "bold green"),
        *(Text.assemble((f"  {name:<10}", "dim"), words) for name, words in told),
        Text(),
        Text("Try, in another shell:", "bold"),
        *(Text(f"  {command}") for command in _commands(running)),
        Text(),
    ]


def _data_words(settings: Settings) -> str:
    words = f"{settings.data_dir}/ (keep a copy of {settings.keys_file} elsewhere)"
    return words if settings.register_url.startswith("sqlite") else f"{words}; the register is at REGISTER_URL"


def _post_words(settings: Settings) -> str:
    """Where letters and the like are, and what shows them."""
    shown = f"{_command(settings, 'post')} shows what went out"
    in_folder = [f"{way}s" for way, out in settings.post.outs.items() if out is Out.FOLDER]
    return f"{listed(in_folder)} are files in {settings.post.folder}/; {shown}" if in_folder else shown


def _sample_words(sample: SampleImported) -> str:
    opened, wrong = len(sample.imported.opened), len(sample.report.problems)
    return f"{counted(opened, 'episode')} opened from {sample.folder}/, where {counted(wrong, 'row')} had faults"


def _episodes_words(episodes: list[EpisodeLine]) -> str:
    overdue = sum(line.overdue > 0 for line in episodes)
    return f"{len(episodes)}, {overdue} of them with something overdue" if episodes else "none yet"


def _commands(running: Running) -> list[str]:
    """What to try first: on a real case where there is one."""
    if not running.episodes:
        return [_command(running.settings, words) for words in ("open CASE.json", "acts", "practice")]
    case = max(running.episodes, key=lambda line: line.overdue)
    words = ["list --overdue", f"agenda {case.id}", f"timeline {case.id}"]
    return [_command(running.settings, each) for each in words]


def _command(settings: Settings, words: str) -> str:
    """A command as it must be typed in another shell, in the same folder."""
    needed = {name: os.environ[name] for name in ("KEYS_FILE",) if os.environ.get(name)}
    if settings.data_dir != DEFAULT_FOLDER:
        needed["DATA_DIR"] = str(settings.data_dir)
    before = [f"{name}={shlex.quote(value)}" for name, value in needed.items()]
    return " ".join([*before, _from_here(Path(sys.executable)), "starter.py", words])


def _from_here(program: Path) -> str:
    here = Path.cwd()
    return shlex.quote(str(program.relative_to(here) if program.is_relative_to(here) else program))
