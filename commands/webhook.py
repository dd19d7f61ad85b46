"""Webhooks: which systems are told when a step opens, slips or closes, and what became of telling them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from client.settings import Settings
from commands.fields import OPERATOR
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import Fault, load_keys, register_of
from commands.styles import DIM, LATE
from post.webhook_address import check_address
from post.webhook_messages import WebhookKind, WebhookState
from register.webhook_deliveries import Delivery, deliveries, delivery, send_again, undelivered
from register.webhooks import Webhook, add_webhook, revoke_webhook, webhooks
from rules.authorities import authority as authority_of
from rules.wording import counted, listed, moment, nearest

SHOWN = 30

Number = Annotated[int, typer.Argument(min=1, metavar="N", help="The webhook's number, as `webhook` lists it.")]

webhook = typer.Typer(rich_markup_mode=None, invoke_without_command=True)


@webhook.callback()
def overview(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell other systems when a step opens, slips or closes."""
    if context.invoked_subcommand:
        if as_json:
            raise Fault(f"Put --json after `webhook {context.invoked_subcommand}`, at the end.")
        return
    _show_list(None, as_json)


@webhook.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the receiver is: https://...")],
    authority: Annotated[str, typer.Option("--authority", metavar="CODE", help="Whose episodes it hears of.")],
    event: Annotated[
        list[str] | None,
        typer.Option(metavar="EVENT", help="What it hears of: opened, slipped or closed; all when left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook; its secret is shown this once."""
    # Only here and where something is woken is more than the register needed.
    from client.sealing import Seal

    authority_of(authority)
    settings = Settings.from_environment()
    made, secret = add_webhook(
        register_of(settings),
        authority=authority,
        url=check_address(url, settings.post.webhooks.networks),
        events=tuple(_event(word) for word in event or ()) or tuple(WebhookKind),
        seal=Seal(load_keys(settings)).close,
        by=OPERATOR,
        at=datetime.now(UTC),
    )
    show({**made.model_dump(), "secret": secret}, as_json, lambda: _draw_made(made, secret))


@webhook.command("list")
def list_webhooks(
    authority: Annotated[str | None, typer.Option("--authority", metavar="CODE", help="Only this one's.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the webhooks, and which of them take nothing."""
    if authority is not None:
        authority_of(authority)
    _show_list(authority, as_json)


@webhook.command("revoke")
def revoke(number: Number, as_json: AsJson = False) -> None:
    """Tell a receiver nothing more.

    What is still owed to it is not sent either.
    """
    if not revoke_webhook(register_of(), number, OPERATOR, datetime.now(UTC)):
        what = f"Webhook {number} was revoked before" if _known(number) else f"There is no webhook {number}"
        raise Fault(f"{what}; `starter.py webhook` lists those there are.")
    show({"id": number, "revoked": True}, as_json, lambda: iter([heading(f"Webhook {number} is told nothing more.")]))


@webhook.command("deliveries")
def list_deliveries(
    of: Annotated[int | None, typer.Option("--webhook", min=1, metavar="N", help="Only those of this one.")] = None,
    state: Annotated[str | None, typer.Option(help="Only these: owed, delivered or failed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the latest first.")] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """List what receivers were to be told, the latest first."""
    states = [_state(state)] if state is not None else []
    if of is not None and not _known(of):
        raise Fault(f"There is no webhook {of}; `starter.py webhook` lists those there are.")
    found = deliveries(register_of(), webhook=of, states=states, limit=limit + 1)
    show(found[:limit], as_json, lambda: _draw_deliveries(found[:limit], more=len(found) > limit))


@webhook.command("send-again")
def send_once_more(
    number: Annotated[int | None, typer.Argument(min=1, metavar="N", help="One, as `deliveries` shows it.")] = None,
    failed_of: Annotated[
        int | None, typer.Option("--failed-of", min=1, metavar="N", help="All that failed for this webhook.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send an event once more, or all that failed.

    Each goes under the id it had, so that a receiver can tell.
    """
    if (number is None) == (failed_of is None):
        raise Fault("Say which: a delivery's number, or --failed-of and the webhook's number.")
    again = send_again(register_of(), datetime.now(UTC), number=number, failed_of=failed_of)
    if not again:
        raise Fault(_why_not(number) if number is not None else _why_none(failed_of or 0))
    woken = _woken()
    show({"again": again, "woken": woken}, as_json, lambda: _draw_again(again, woken=woken))


def _event(word: str) -> WebhookKind:
    """An event by its name, with `step.` before it or without."""
    name = word.strip().lower().removeprefix("step.")
    names = {kind.removeprefix("step."): kind for kind in WebhookKind}
    if name not in names:
        raise Fault(f"There is no such event{nearest(name, names)}; the events are {listed(names)}.")
    return names[name]


def _state(word: str) -> WebhookState:
    name = word.strip().lower()
    if name not in set(WebhookState):
        raise Fault(f"There is no such state{nearest(name, set(WebhookState))}; the states are {listed(WebhookState)}.")
    return WebhookState(name)


def _known(number: int) -> Webhook | None:
    return next(iter(webhooks(register_of(), number=number)), None)


def _why_not(number: int) -> str:
    found = delivery(register_of(), number)
    if found is None:
        return f"There is no delivery {number}; `starter.py webhook deliveries` shows those there are."
    if found.state is WebhookState.OWED:
        return f"Delivery {number} is still owed and is tried by itself; `starter.py webhook deliveries` says when."
    return f"Webhook {found.webhook} was revoked, so nothing more is sent to it: add another one."


def _why_none(webhook: int) -> str:
    found = _known(webhook)
    if found is None:
        return f"There is no webhook {webhook}; `starter.py webhook` lists those there are."
    if found.revoked_at:
        return f"Webhook {webhook} was revoked, so nothing more is sent to it: add another one."
    return f"Nothing failed for webhook {webhook}; `starter.py webhook deliveries` shows what became of its events."


def _woken() -> bool:
    """Have what is owed sent now, if that can be done."""
    # Temporal takes a second to load: only the commands that speak to it pay for that.
    from temporalio.service import RPCError

    from client.connection import ServerUnreachable
    from client.keys import KeysError
    from client.schedules import wake_webhooks
    from commands.running import at_work

    try:
        at_work(lambda work: wake_webhooks(work.client, work.settings.task_queue))
    except (Fault, ServerUnreachable, KeysError, RPCError):
        return False
    return True


# --- Drawn ----------------------------------------------------------------------------------------------------------


def _show_list(authority: str | None, as_json: bool) -> None:
    register = register_of()
    found, left = webhooks(register, authority), undelivered(register)
    counts = {each.id: {state: left.get(each.id, {}).get(state, 0) for state in _UNDELIVERED} for each in found}
    answer = [{**each.model_dump(), **counts[each.id]} for each in found]
    show(answer, as_json, lambda: _draw_list(found, counts))


_UNDELIVERED = (WebhookState.OWED, WebhookState.FAILED)


def _draw_list(found: list[Webhook], counts: dict[int, dict[WebhookState, int]]) -> Iterator[RenderableType]:
    if not found:
        yield heading("There is no webhook yet.")
        yield note("Add one: starter.py webhook add https://... --authority CODE")
        return
    drawn = table("No.", "Who is told, and of what", "How it fares", whole=("No.",))
    for each in found:
        events = "everything" if len(each.events) == len(WebhookKind) else listed(_short(kind) for kind in each.events)
        drawn.add_row(
            str(each.id),
            cell(each.url, (f"authority {each.authority}: {events}", DIM)),
            cell(*_fares(each, counts[each.id])),
        )
    yield drawn


def _fares(each: Webhook, counts: dict[WebhookState, int]) -> Iterator[tuple[str, str] | str]:
    if each.revoked_at:
        yield f"revoked {moment(each.revoked_at).strip()}", ""
        yield f"by {each.revoked_by}", DIM
    elif each.failing_since:
        yield f"takes nothing since {moment(each.failing_since).strip()}", LATE
    else:
        yield "well"
    yield ", ".join(f"{many} {state}" for state, many in counts.items() if many), DIM


def _draw_made(made: Webhook, secret: str) -> Iterator[RenderableType]:
    yield heading(f"Webhook {made.id} is added. Its secret is shown this once:")
    # On a line of its own, whole, so that it can be copied.
    yield Text(f"\n{secret}\n", no_wrap=True, overflow="ignore")
    yield note("The receiver tells by it that an event is from here; docs/webhooks.md says how.")
    yield note(f"When it is no longer wanted: starter.py webhook revoke {made.id}")


def _draw_deliveries(found: list[Delivery], *, more: bool) -> Iterator[RenderableType]:
    if not found:
        yield heading("There is nothing of that kind that a receiver was to be told.")
        return
    drawn = table("No.", "What, and to which webhook", "What became of it", whole=("No.",))
    for each in found:
        drawn.add_row(
            str(each.id),
            cell(
                f"{each.step} {_short(each.kind)}",
                (f"webhook {each.webhook}", DIM),
                (each.episode, DIM),
                (each.reference, DIM),
            ),
            cell(*_became(each)),
        )
    yield drawn
    if more:
        yield note("and more, which --limit shows")
    if any(each.state is WebhookState.FAILED for each in found):
        yield note("Once the receiver is put right: starter.py webhook send-again --failed-of N")


def _became(each: Delivery) -> Iterator[tuple[str, str] | str]:
    if each.state is WebhookState.DELIVERED:
        yield f"delivered {moment(each.tried_at or each.owed_at).strip()}"
    elif each.state is WebhookState.FAILED:
        yield "failed", LATE
    else:
        yield "owed; tried again " + moment(each.not_before).strip() if each.tries else "owed"
    yield each.reason or "", ""
    yield f"tried {counted(each.tries, 'time')}" if each.tries else "", DIM


def _draw_again(again: int, *, woken: bool) -> Iterator[RenderableType]:
    yield heading(f"{counted(again, 'event')} sent once more: starter.py webhook deliveries")
    if not woken:
        yield note("The worker could not be woken; it goes with the next round, within five minutes of its start.")


def _short(kind: WebhookKind) -> str:
    return kind.removeprefix("step.")
