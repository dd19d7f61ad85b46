"""Serving the desk by itself, where Temporal and the register run elsewhere."""

import logging
import os
import sys
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated

import typer
from rich.console import RenderableType

from client.settings import Settings
from commands.output import AsJson, heading, note, show
from commands.running import Fault, load_keys, policy_in_force

HOST, PORT = "127.0.0.1", 8200


def desk(
    host: Annotated[str, typer.Option(help="The address of this machine to listen on.")] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = PORT,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(help="The address or network of a proxy that may say whom it speaks for; may be given again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the desk by itself, until Ctrl-C or SIGTERM.

    DESK_URL is where people reach it, OIDC_ISSUER and what goes with it whom they sign in with; without those it serves
    this machine only, and lets anybody choose whom to be. Temporal and the register are where the settings say.
    """
    from desk.parts import Desk
    from desk.serving import listening, require_guarded, serve_desk
    from desk.settings import DeskSettings
    from register import migrate, open_register

    settings, own = Settings.from_environment(), DeskSettings.from_environment()
    require_guarded(own, host)
    proxies = [_network(each) for each in trusted_proxy or ()]
    keys, register = load_keys(settings), open_register(settings.register_url)
    migrate(settings.register_url)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        ours = listening(host, port)
    except OSError as error:
        raise Fault(
            f"The desk cannot listen on {host}, port {port} ({error.strerror}): choose another with --host and --port."
        ) from None
    with ours:
        where = f"http://{f'[{host}]' if ':' in host else host}:{ours.getsockname()[1]}"
        if not os.environ.get("DESK_URL"):
            own = own.model_copy(update={"url": where})
        answer = {"ready": True, "desk": own.url, "listening": where}
        show(answer, as_json, lambda: _said(own.url, where, own.oidc is None))
        sys.stdout.flush()
        serve_desk(Desk(register, keys, settings, own, policy_in_force()), ours, proxies)


def _network(given: str) -> str:
    """An address or a network. Whoever were trusted by a name that is none would go unnoticed."""
    try:
        ip_network(given)
    except ValueError:
        raise Fault(f"{given} is no address or network: give --trusted-proxy as 10.0.0.7 or 10.0.0.0/24.") from None
    return given


def _said(url: str, where: str, is_chooser: bool) -> Iterator[RenderableType]:
    yield heading(f"The desk is at {url}")
    yield note(f"It listens at {where}. Ctrl-C stops it.")
    if is_chooser:
        yield note("Anybody on this machine may choose whom to be: no provider to sign in with is set (OIDC_ISSUER).")
