"""A referral to Cafcass as a document, to be sent by the IRO."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from client.referral import referral_pdf
from commands.cases import Episode
from commands.files import write_privately
from commands.output import AsJson, heading, note, show
from commands.running import policy_in_force, register_of, today


def referral(
    episode: Episode,
    made: Annotated[str, typer.Argument(metavar="REFERRAL", help="The id of the fact cafcass_referred.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it, as PDF.")],
    as_json: AsJson = False,
) -> None:
    """Write a referral to Cafcass as a document.

    It holds what Cafcass, in Wales Cafcass Cymru, asks for: the child, the failure, what was done, the dispute's
    history, the child's view.
    """
    document = referral_pdf(register_of(), policy_in_force().post, episode, made, today())
    write_privately(out, document)
    show({"episode": episode, "referral": made, "file": out}, as_json, lambda: _draw(out))


def _draw(out: Path) -> Iterator[RenderableType]:
    yield heading(f"The referral stands in {out}.")
    yield note("It names people: keep it as you keep the child's file. Nothing was sent.")
