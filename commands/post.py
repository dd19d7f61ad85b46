"""The post room, as the operator sees it: what is owed, what went out, and what did not arrive and why."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from client.settings import Settings
from commands.cases import Episode
from commands.look import known
from commands.output import AsJson, cell, facts_about, heading, note, show, table
from commands.post_words import (
    STATES,
    draw_words,
    kept_as,
    message_data,
    message_facts,
    notice_words,
    tally_words,
    to_whom,
)
from commands.running import Fault, register_of
from commands.styles import DIM, LATE
from post.ways import Message
from register.post_queries import Dispatch, Tally, dispatch, dispatches, tally
from register.undelivered import undelivered
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Frozen, Role
from rules.wording import listed, moment, nearest

SHOWN = 30
MOST_TROUBLES = 20

Number = Annotated[int, typer.Argument(min=1, metavar="N", help="The message's number, as `post list` shows it.")]

post = typer.Typer(rich_markup_mode=None, invoke_without_command=True)


class Trouble(Frozen):
    """Something that somebody should have, and has not.

    Attributes:
        what: tried in vain and still tried; failed; or nobody was found.
        message: the message's number; None where nobody was found.
        notice, role, way, episode: as in the post room's book.
        since: an instant, UTC.
        why: without a name or an address.
    """

    what: Literal["stuck", "failed", "nobody found"]
    message: int | None
    notice: NoticeName
    role: Role
    way: Way | None
    episode: str | None
    since: datetime
    why: str


@post.callback()
def overview(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what is owed, what went out, and what did not arrive."""
    if context.invoked_subcommand:
        if as_json:
            raise Fault(f"Put --json after `post {context.invoked_subcommand}`, at the end.")
        return
    register = register_of()
    numbers, troubles = tally(register), list(_troubles())
    answer = {"tally": numbers, "troubles": troubles}
    show(answer, as_json, lambda: _draw_overview(numbers, troubles))


@post.command("list")
def list_messages(
    episode: Annotated[str | None, typer.Option(help="Only those about this case.")] = None,
    state: Annotated[str | None, typer.Option(help="Only these: owed, sent, delivered, failed or dropped.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the latest first.")] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """List the messages, the latest first."""
    states = [_state(state)] if state is not None else []
    if episode is not None:
        known(episode)
    found = dispatches(register_of(), states=states, episode=episode, limit=limit + 1)
    show(found[:limit], as_json, lambda: _draw_list(found[:limit], more=len(found) > limit))


@post.command("show")
def show_message(number: Number, as_json: AsJson = False) -> None:
    """Show one message: to whom, its words, and what became of it."""
    found, message = message_of(number)
    settings = Settings.from_environment()
    file = kept_as(message, settings.post.folder)
    answer = {**found.model_dump(), **message_data(message), "file": str(file) if file else None}
    show(answer, as_json, lambda: _draw_message(found, message, file))


@post.command("send")
def send(as_json: AsJson = False) -> None:
    """Have the post room make a round now, and wait for it."""
    # Temporal takes a second to load: only the commands that speak to it pay for that.
    from commands.post_round import draw_round, make_round
    from commands.running import at_work

    done = at_work(make_round)
    numbers = tally(register_of())
    show({"round": done, "tally": numbers}, as_json, lambda: draw_round(done, numbers))


@post.command("resend")
def resend(number: Number, as_json: AsJson = False) -> None:
    """Send a message once more, as it reads today.

    It goes to the address that is known now, and only if they would still get it.
    """
    from commands.post_round import draw_sent_again, send_once_more

    found, _ = message_of(number)
    again, why_not_yet = send_once_more(number, found)
    answer = {**again.model_dump(), "why_not_yet": why_not_yet}
    show(answer, as_json, lambda: draw_sent_again(found, again, why_not_yet))


@post.command("preview")
def preview(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Which, such as review_arranged.")],
    episode: Episode,
    to: Annotated[str | None, typer.Option(help="Only to this role, such as child.")] = None,
    about: Annotated[str | None, typer.Option(help="The fact it is to be about, as `timeline` shows its id.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Where to write the first letter as it would be printed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a notice as it would be; nothing is sent.

    Nothing is kept either, but for the file that --pdf names.
    """
    from commands.post_preview import draw_previewed, previewed, write_letter

    made = previewed(notice, episode, to, about)
    if pdf is not None:
        write_letter(made, pdf)
    show(made.data, as_json, lambda: draw_previewed(made, pdf))


def message_of(number: int) -> tuple[Dispatch, Message]:
    """A message by its number.

    Raises:
        Fault: there is none of that number.
    """
    found = dispatch(register_of(), number)
    if found is None:
        raise Fault(f"There is no message {number}; `starter.py post list` shows those there are.")
    return found


def _state(word: str) -> DispatchState:
    name = word.strip().lower()
    if name not in set(DispatchState):
        states = listed(DispatchState)
        raise Fault(f"There is no such state{nearest(name, set(DispatchState))}; the states are {states}.")
    return DispatchState(name)


def _troubles() -> Iterator[Trouble]:
    register = register_of()
    for each in dispatches(register, states=[DispatchState.OWED]):
        if each.reason:
            yield Trouble(
                what="stuck",
                message=each.id,
                notice=each.notice,
                role=each.role,
                way=each.way,
                episode=each.episode,
                since=each.owed_at,
                why=f"{each.reason} Tried {_times(each.tries)}.",
            )
    notices: set[int] = set()
    messages: set[int | None] = set()
    for lost in undelivered(register):
        # A morning's reminders are several notices in one message; one sent again in vain is one notice still.
        if lost.outbox not in notices and (lost.dispatch is None or lost.dispatch not in messages):
            yield Trouble(
                what="failed" if lost.dispatch else "nobody found",
                message=lost.dispatch,
                notice=lost.notice,
                role=lost.recipient,
                way=lost.way,
                episode=lost.episode,
                since=lost.at,
                why=lost.reason,
            )
        notices.add(lost.outbox)
        messages.add(lost.dispatch)


def _times(tries: int) -> str:
    return "once" if tries == 1 else f"{tries} times"


# --- Drawn ----------------------------------------------------------------------------------------------------------


def _draw_overview(numbers: Tally, troubles: list[Trouble]) -> Iterator[RenderableType]:
    yield facts_about(*tally_words(numbers))
    yield Text("")
    if not troubles:
        yield heading("Nothing is stuck, and nothing failed.")
        return
    drawn = table("No.", "What did not arrive, and why", "Since", whole=("No.", "Since"))
    for each in troubles[:MOST_TROUBLES]:
        drawn.add_row(
            str(each.message or ""),
            cell(
                f"{notice_words(each.notice)}: {to_whom(each.role, each.way)}",
                (f"{each.what}: {each.why}", LATE),
                (each.episode or "", DIM),
            ),
            moment(each.since).strip(),
        )
    yield drawn
    if len(troubles) > MOST_TROUBLES:
        yield note(f"\nand {len(troubles) - MOST_TROUBLES} more, which --json shows")
    yield from _hints(troubles)


def _hints(troubles: Collection[Trouble]) -> Iterator[RenderableType]:
    yield Text("")
    if any(each.what == "nobody found" for each in troubles):
        yield note("If somebody is known now: starter.py contact add EPISODE REFERENCE ...")
    if any(each.what == "failed" for each in troubles):
        yield note("Put the address right, then: starter.py post resend N")
    if any(each.what == "stuck" for each in troubles):
        yield note("What is stuck is tried again by itself; now: starter.py post send")


def _draw_list(found: list[Dispatch], *, more: bool) -> Iterator[RenderableType]:
    if not found:
        yield heading("There is no such message.")
        return
    drawn = table("No.", "What, and to whom", "What became of it", whole=("No.",))
    for each in found:
        drawn.add_row(
            str(each.id),
            cell(f"{notice_words(each.notice)}: {to_whom(each.role, each.way)}", (each.episode or "", DIM)),
            cell(*_became(each)),
        )
    yield drawn
    if more:
        yield note("\nThere are more: give --limit.")


def _became(each: Dispatch) -> Iterator[tuple[str, str]]:
    at = each.outcome_at or each.sent_at or each.owed_at
    yield f"{STATES[each.state]} {moment(at).strip()}", LATE if each.state is DispatchState.FAILED else ""
    if each.reason:
        yield each.reason, LATE


def _draw_message(found: Dispatch, message: Message, file: Path | None) -> Iterator[RenderableType]:
    yield heading(f"Message {found.id}: {found.notice.words}")
    yield facts_about(*message_facts(message), *_course(found, file))
    yield Text("")
    yield from draw_words(message)


def _course(found: Dispatch, file: Path | None) -> Iterator[tuple[str, RenderableType]]:
    """What became of a message, and when."""
    yield "For", f"{found.role.words} ({found.recipient})"
    if found.episode:
        yield "Episode", found.episode
    if found.instead_of:
        yield "Instead of", f"message {found.instead_of}"
    yield "Owed", moment(found.owed_at).strip()
    if found.tries > 1:
        yield "Tried", _times(found.tries)
    if found.sent_at:
        yield "Sent", moment(found.sent_at).strip()
    if found.outcome_at:
        yield STATES[found.state].capitalize(), moment(found.outcome_at).strip()
    if found.state is DispatchState.OWED:
        yield "Not before", moment(found.not_before).strip()
    if found.reason:
        yield "Why", Text(found.reason, style=LATE, overflow="fold")
    if file:
        yield "File", str(file)
