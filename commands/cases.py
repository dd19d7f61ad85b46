"""Telling an episode something: it opens, and acts are recorded in it."""

import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from client.acts import CORRECTION, KIND, OPENING_ACT
from client.correcting import put_right, standing_fact
from client.episodes import Notification, Opened, open_episode
from client.episodes import record as record_fact
from client.errors import NotAnswered
from commands.fields import OPERATOR, act_named, texts_of, values_of
from commands.output import AsJson, facts_about, heading, note, show
from commands.reading import STDIN, WHICH_NATIONS, json_object, model_of
from commands.running import AtWork, Fault, at_work, register_of, today
from rules.authorities import authority
from rules.facts import FACT_TYPES
from rules.vocabulary import Nation, Phase
from rules.wording import counted, plain, short
from workflows.messages import Receipt

CORRECTED_TO = "to."

Episode = Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's id, as `list` shows it.")]


def open_case(
    case: Annotated[str, typer.Argument(metavar="CASE.json", help="The notification; - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Start an episode from a notification.

    The same notification again finds the same episode. CASE.json holds authority, nation, child, birth_date and
    became_looked_after, and may hold legal_status, notified_on, social_worker, team_manager, siblings, parents,
    children, needs and by.
    """
    notification = _notification(case)
    opening, facts = notification.facts(today())

    async def opened(work: AtWork) -> Opened:
        return await open_episode(work.client, work.keys, work.register, opening, facts)

    answer = at_work(opened)
    said = {"episode": answer.episode, "existed": answer.existed, **_standing(answer.receipt)}
    show(said, as_json, lambda: _draw_opened(answer))


def record(
    episode: Episode,
    act: Annotated[str, typer.Argument(metavar="ACT", help="What happened, as `acts` names it.")],
    given: Annotated[
        list[str] | None, typer.Argument(metavar="FACT.json | name=value", help="The act's fields.")
    ] = None,
    fact_id: Annotated[
        str | None, typer.Option("--id", help="Your own id for it: the same id twice is recorded once.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record an act: what happened, and on which day."""
    kind = act_named(act)
    if kind == OPENING_ACT:
        raise Fault(
            "A child becomes looked after by `starter.py open CASE.json`; to change that day, correct the fact."
        )
    fields = _with_id(_fields(episode, kind, given or []), fact_id)
    if "on" not in fields:
        raise Fault(f"Say on which day it happened: on=yyyy-mm-dd, or on=today ({kind} needs it).")
    fact = model_of(FACT_TYPES[kind], fields, kind, f"; `starter.py acts {kind}` shows its fields")
    receipt = at_work(lambda work: _recorded(work, episode, fact))
    said = {"episode": episode, "act": kind, "id": fact.id, **_standing(receipt)}
    show(said, as_json, lambda: _draw_recorded(kind, fact.id, receipt))


def _notification(source: str) -> Notification:
    data = json_object(source)
    nation = data.get("nation")
    if isinstance(nation, str) and nation not in set(Nation):
        raise Fault(WHICH_NATIONS)
    what = "The notification" if source == STDIN else source
    notification = model_of(Notification, data, what, "; `starter.py open --help` names the fields")
    authority(notification.authority)
    return notification


async def _recorded(work: AtWork, episode: str, fact: Any) -> Receipt:
    try:
        return await record_fact(work.client, episode, fact, work.register)
    except NotAnswered:
        raise Fault(
            "No answer came in time, and the act may have been saved: check that a worker is running, then send it"
            f" again with --id {fact.id}, under which it is recorded once."
        ) from None


# --- The fields of an act -----------------------------------------------------------------------------------------


def _fields(episode: str, kind: str, given: list[str]) -> dict[str, Any]:
    """The fields as given: a JSON file, or pairs."""
    if len(given) == 1 and (given[0] == STDIN or given[0].endswith(".json") or Path(given[0]).is_file()):
        return _from_file(kind, given[0])
    texts = texts_of(given, f"`starter.py acts {kind}`")
    if kind != CORRECTION:
        return values_of(kind, texts)
    changes = {name.removeprefix(CORRECTED_TO): text for name, text in texts.items() if name.startswith(CORRECTED_TO)}
    fields = values_of(kind, {name: text for name, text in texts.items() if not name.startswith(CORRECTED_TO)})
    return fields | {"to": _corrected(episode, fields.get("corrects"), changes)}


def _from_file(kind: str, source: str) -> dict[str, Any]:
    fields = json_object(source)
    if fields.get(KIND, kind) != kind:
        raise Fault(f"{source} holds a fact of another kind than {kind}; name the act that it is.")
    return fields


def _corrected(episode: str, corrects: str | None, changes: dict[str, str]) -> dict[str, Any]:
    """A fact as it stands, with what a person changes in it."""
    if corrects is None:
        raise Fault("Say which fact is wrong, by its id (corrects=ID); `starter.py timeline` shows the ids.")
    if not changes:
        raise Fault("Say what is right, such as to.on=2026-03-04 for the day; other fields stay as they are.")
    wrong = standing_fact(register_of(), episode, corrects)
    taken_away = {name: None for name, text in changes.items() if not text}
    return put_right(wrong, {**values_of(wrong.kind, changes), **taken_away})


def _with_id(fields: dict[str, Any], fact_id: str | None) -> dict[str, Any]:
    """The fields with an id and a recorder: those given, else a fresh id and `operator`."""
    if fact_id is not None and fields.get("id", fact_id) != fact_id:
        raise Fault("The act carries another id than --id says; give one of them.")
    return {"id": fact_id or f"f-{secrets.token_hex(4)}", "by": OPERATOR, **fields}


# --- The answers --------------------------------------------------------------------------------------------------


def _standing(receipt: Receipt) -> dict[str, Phase | date | int | None]:
    return {
        "stage": receipt.stage,
        "next_due": receipt.next_due,
        "overdue": receipt.overdue,
        "revision": receipt.revision,
    }


def _draw_opened(answer: Opened) -> Iterator[RenderableType]:
    yield heading("This child's episode was open already." if answer.existed else "The episode is open.")
    yield facts_about(("Episode", answer.episode), *_draw_standing(answer.receipt))
    yield note(f"See what is owed: starter.py agenda {answer.episode}")


def _draw_recorded(kind: str, fact_id: str, receipt: Receipt) -> Iterator[RenderableType]:
    yield heading(f"Recorded: {plain(kind)}.")
    yield facts_about(
        ("Fact", f"{fact_id} (sent again under this --id, it is recorded once)"), *_draw_standing(receipt)
    )


def _draw_standing(receipt: Receipt) -> Iterator[tuple[str, str]]:
    yield "Stage", plain(receipt.stage)
    yield "Next due", short(receipt.next_due) if receipt.next_due else "nothing"
    yield "Overdue", counted(receipt.overdue, "step") if receipt.overdue else "nothing"
