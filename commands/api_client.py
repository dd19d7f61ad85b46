"""The case systems that may call the API: a token for each, shown once, of one authority and with what it allows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import RenderableType
from rich.text import Text

from commands.fields import OPERATOR
from commands.iros import Authority
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import Fault, register_of
from commands.styles import DIM, LATE
from desk.access import Scope
from register.api_clients import ApiClient, api_clients, make_api_client, revoke_api_client
from rules.authorities import authority as authority_of
from rules.vocabulary import NOBODY, Reference, is_reserved
from rules.wording import listed, moment, nearest

DAYS = 365
MOST_DAYS = 730

_REFERENCE: TypeAdapter[Reference] = TypeAdapter(Reference)

api_client = typer.Typer(rich_markup_mode=None, invoke_without_command=True)


@api_client.callback()
def overview(context: typer.Context, as_json: AsJson = False) -> None:
    """List, add or revoke the tokens of case systems."""
    if context.invoked_subcommand:
        if as_json:
            raise Fault(f"Put --json after `api-client {context.invoked_subcommand}`, at the end.")
        return
    _list(None, as_json)


@api_client.command("list")
def list_clients(authority: Authority = None, as_json: AsJson = False) -> None:
    """List the tokens, those expired and revoked too; none is shown."""
    if authority is not None:
        authority_of(authority)
    _list(authority, as_json)


@api_client.command("add")
def add(
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The case system's own, such as cms-810.")],
    authority: Annotated[str, typer.Option(metavar="CODE", help="Whose episodes it sees, by its three-digit code.")],
    scope: Annotated[
        list[str], typer.Option(metavar="SCOPE ...", help=f"What it may do: {', '.join(Scope)}. Give it once for each.")
    ],
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How long the token serves.")] = DAYS,
    as_json: AsJson = False,
) -> None:
    """Make a token for a case system; it is shown this once.

    For a new one in place of an old: add it under the same reference, change over, then revoke the old one.
    """
    authority_of(authority)
    now = datetime.now(UTC)
    made, token = make_api_client(
        register_of(),
        _reference(reference),
        authority,
        tuple(dict.fromkeys(_scope(word) for word in scope)),
        by=OPERATOR,
        at=now,
        expires=now + timedelta(days=days),
    )
    show({**made.model_dump(mode="json"), "token": token}, as_json, lambda: _draw_made(made, token))


@api_client.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(min=1, metavar="N", help="The token's number, as `api-client` lists it.")],
    as_json: AsJson = False,
) -> None:
    """Have a token let nobody in any more."""
    register = register_of()
    if not revoke_api_client(register, number, OPERATOR, datetime.now(UTC)):
        there = any(each.id == number for each in api_clients(register))
        what = f"Token {number} was revoked before" if there else f"There is no token {number}"
        raise Fault(f"{what}; `starter.py api-client` lists those there are.")
    show({"id": number, "revoked": True}, as_json, lambda: iter([heading(f"Token {number} lets nobody in any more.")]))


def _reference(word: str) -> Reference:
    try:
        given: Reference = _REFERENCE.validate_python(word)
    except ValidationError:
        given = NOBODY
    if is_reserved(given):
        raise Fault(
            "A case system's reference is made of letters, digits, dot, dash and underline, at most 48 of them, such as"
            " cms-810; `system`, `nobody` and what begins with `link-` stand for something else."
        )
    return given


def _scope(word: str) -> str:
    if word not in set(Scope):
        raise Fault(f"There is no such scope{nearest(word, set(Scope))}; the scopes are {listed(Scope)}.")
    return word


# --- Drawn ----------------------------------------------------------------------------------------------------------


def _list(authority: str | None, as_json: bool) -> None:
    found = api_clients(register_of(), authority)
    show(found, as_json, lambda: _draw(found, datetime.now(UTC)))


def _draw(found: list[ApiClient], now: datetime) -> Iterator[RenderableType]:
    if not found:
        yield heading("No case system may call the API yet.")
        yield note("Let one: starter.py api-client add REFERENCE --authority CODE --scope SCOPE")
        return
    drawn = table("No.", "Case system, and what it may do", "Until", whole=("No.",))
    for each in found:
        used = f"last used {moment(each.used_at).strip()}" if each.used_at else "never used"
        drawn.add_row(
            str(each.id),
            cell(f"{each.reference}, authority {each.authority}", *each.scopes, (used, DIM)),
            cell(moment(each.expires_at).strip(), _ended(each, now)),
        )
    yield drawn


def _ended(each: ApiClient, now: datetime) -> tuple[str, str]:
    if each.revoked_at:
        return f"revoked {moment(each.revoked_at).strip()}", DIM
    return ("" if each.is_alive(now) else "expired"), LATE


def _draw_made(made: ApiClient, token: str) -> Iterator[RenderableType]:
    yield heading(f"Token {made.id}, for {made.reference}, is made. It is shown this once:")
    # On a line of its own, whole, so that it can be copied.
    yield Text(f"\n{token}\n", no_wrap=True, overflow="ignore")
    yield note(f"It serves until {moment(made.expires_at).strip()}. Keep it where the case system keeps its secrets.")
    yield note(f"When it is no longer wanted, or was seen: starter.py api-client revoke {made.id}")
