"""Calendars that can be subscribed to: an IRO's own, and those of people around a child."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from client.settings import Settings
from commands.directory import iro_of
from commands.fields import OPERATOR
from commands.look import known
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import Fault, register_of, today
from commands.styles import DIM
from desk.feeds import may_read
from register.contacts import contact
from register.feeds import Feed, feeds, find_feed, make_feed, revoke_feed
from rules.network import FeedKind
from rules.wording import moment, nearest

feed = typer.Typer(rich_markup_mode=None, invoke_without_command=True)


@feed.callback()
def overview(context: typer.Context, as_json: AsJson = False) -> None:
    """List, make or revoke calendars to subscribe to."""
    if context.invoked_subcommand:
        if as_json:
            raise Fault(f"Put --json after `feed {context.invoked_subcommand}`, at the end.")
        return
    found = feeds(register_of())
    show(found, as_json, lambda: _draw(found))


@feed.command("add")
def add(
    kind: Annotated[str, typer.Argument(metavar="iro|child", help="Whose reviews are in it.")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The IRO; or the child's EPISODE.")],
    for_contact: Annotated[
        str | None, typer.Option("--for", help="Whom a child's calendar is for: one of the child's network.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a calendar; its address is shown this once."""
    wanted = _of_an_iro(reference, for_contact) if _kind(kind) is FeedKind.IRO else _of_a_child(reference, for_contact)
    register = register_of()
    token = make_feed(register, **wanted, by=OPERATOR, at=datetime.now(UTC))
    made = find_feed(register, token)
    assert made is not None
    address = f"{Settings.from_environment().desk_url}/calendars/{token}.ics"
    show({**made.model_dump(), "address": address}, as_json, lambda: _draw_made(made, address))


@feed.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(min=1, metavar="N", help="The calendar's number, as `feed` lists it.")],
    as_json: AsJson = False,
) -> None:
    """Make a calendar's address lead nowhere."""
    if not revoke_feed(register_of(), number, OPERATOR, datetime.now(UTC)):
        there = any(each.id == number for each in feeds(register_of()))
        what = f"Calendar {number} was revoked before" if there else f"There is no calendar {number}"
        raise Fault(f"{what}; `starter.py feed` lists those there are.")
    show({"id": number, "revoked": True}, as_json, lambda: iter([heading(f"Calendar {number} leads nowhere now.")]))


def _kind(word: str) -> FeedKind:
    if word not in set(FeedKind):
        raise Fault(f"Say iro or child{nearest(word, set(FeedKind))}: whose reviews are to be in the calendar.")
    return FeedKind(word)


def _of_an_iro(reference: str, for_contact: str | None) -> dict[str, Any]:
    if for_contact is not None:
        raise Fault("An IRO's calendar is for the IRO: leave out --for.")
    iro = iro_of(register_of(), reference, today())
    return {"kind": FeedKind.IRO, "authority": iro.authority, "about": iro.reference}


def _of_a_child(episode: str, for_contact: str | None) -> dict[str, Any]:
    line, register = known(episode), register_of()
    if for_contact is None:
        raise Fault(f"Say for whom, with --for REFERENCE: `starter.py contact {episode}` shows the child's network.")
    theirs = contact(register, for_contact)
    if theirs is None or (theirs.authority, theirs.child) != (line.authority, line.child):
        raise Fault(
            f"Nobody of that reference is in this child's network: `starter.py contact {episode}` shows who is."
        )
    if not may_read(register, theirs, today()):
        raise Fault(
            f"{for_contact} is not involved now, or the days of reviews are kept from them, so there is no calendar for"
            f" them: `starter.py contact {for_contact}` shows which."
        )
    return {
        "kind": FeedKind.CHILD,
        "authority": line.authority,
        "about": line.child,
        "for_contact": for_contact,
        "language": theirs.language,
    }


def _draw(found: list[Feed]) -> Iterator[RenderableType]:
    if not found:
        yield heading("There is no calendar to subscribe to yet.")
        yield note("Make one: starter.py feed add iro REFERENCE, or feed add child EPISODE --for REFERENCE")
        return
    drawn = table("No.", "Whose reviews, and for whom", "Made", whole=("No.",))
    for each in found:
        revoked = f"revoked {moment(each.revoked_at).strip()}" if each.revoked_at else ""
        drawn.add_row(
            str(each.id),
            cell(f"{each.kind} {each.about}", (f"for {each.for_contact}" if each.for_contact else "", "")),
            cell(moment(each.made_at).strip(), (f"by {each.made_by}", DIM), (revoked, DIM)),
        )
    yield drawn


def _draw_made(made: Feed, address: str) -> Iterator[RenderableType]:
    yield heading(f"Calendar {made.id} is made. Its address is shown this once:")
    # On a line of its own, whole, so that it can be copied.
    yield Text(f"\n{address}\n", no_wrap=True, overflow="ignore")
    yield note("Whoever has the address can read the calendar: give it to nobody else.")
    yield note(f"When it is no longer wanted: starter.py feed revoke {made.id}")
