"""A timeline drawn for people: one line for each thing that happened, and beneath it who was told and what was said."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType

from client.happenings import OF_THE_POST, Happening, Kind, Timeline, details_of
from commands.output import cell, note, table
from commands.styles import DIM, LATE
from rules.facts import FactCorrected
from rules.wording import listed, moment, people, plain, short

_STYLES = {
    Kind.SLIPPED: LATE,
    Kind.REMINDED: "yellow",
    Kind.UNPUBLISHED: "yellow",
    Kind.RULES: DIM,
    Kind.ALARM: DIM,
    Kind.FAILED: LATE,
    Kind.NOT_SENT: DIM,
}
_WHEN = "When (London)"


def draw_timeline(told: Timeline) -> Iterator[RenderableType]:
    """Draw a timeline, earliest first."""
    if told.history_from:
        yield note(
            f"The server keeps this episode's history from {moment(told.history_from).strip()} only; what came before"
            " is told from the register.\n"
        )
    drawn = table(_WHEN, "What happened", whole=(_WHEN,))
    before = ""
    as_recorded: dict[str, dict[str, Any]] = {}
    for _, together in groupby(told.happenings, _in_one):
        group = list(together)
        when = moment(group[0].at)
        for lines in _rows(group, as_recorded):
            drawn.add_row(when if when != before else "", cell(*lines))
            before = when
    yield drawn


def _in_one(each: Happening) -> tuple[object, ...]:
    """What is told in one row has the same of these: the dates that moved at once, and one notice's messages."""
    if each.kind in OF_THE_POST:
        return moment(each.at), each.kind, each.what
    return each.at, each.kind is Kind.MOVED


def _rows(group: list[Happening], as_recorded: dict[str, dict[str, Any]]) -> Iterator[list[tuple[str, str]]]:
    kind = group[0].kind
    if kind is Kind.MOVED:
        yield _moves(group)
    elif kind in OF_THE_POST:
        yield _of_the_post(kind, group)
    else:
        yield from (_lines(each, as_recorded) for each in group)


_POSTED = {
    Kind.SENT: "Sent",
    Kind.DELIVERED: "Delivered",
    Kind.FAILED: "Did not arrive",
    Kind.HELD_BACK: "Held back",
    Kind.NOT_SENT: "Not sent",
}


def _of_the_post(kind: Kind, group: list[Happening]) -> list[tuple[str, str]]:
    """One notice, and who got it or did not, those for the same reason together."""
    style = _STYLES.get(kind, "")
    lines = [(f"{_POSTED[kind]}: {group[0].what}", style)]
    for why in dict.fromkeys(each.why for each in group):
        whom = [_whom(each) for each in group if each.why == why]
        lines.append((listed(whom) + (f": {why}" if why else ""), style))
    return lines


def _whom(each: Happening) -> str:
    role = each.role.words if each.role else "nobody"
    return f"{role} (by {each.way})" if each.way else role


def _moves(moved: list[Happening]) -> list[tuple[str, str]]:
    lines = [
        f"{_step(each)}: {short(each.due)}, was {each.was_due.day} {each.was_due:%b %Y}"
        for each in moved
        if each.due and each.was_due
    ]
    return [("New due dates" if len(lines) > 1 else "New due date", ""), *((line, "") for line in lines)]


def _lines(each: Happening, as_recorded: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    lines = [(_headline(each), _STYLES.get(each.kind, ""))]
    if each.tell:
        rungs = plain(listed([*each.covers, each.rung or ""]))
        at_once = " at once, as it was known only now" if each.covers else ""
        lines.append((f"told: {people(each.tell)} ({rungs}{at_once})", ""))
    if each.fact:
        lines.append((_details(each, as_recorded), ""))
        lines.append((f"by {each.fact.by}, fact {each.fact.id}", DIM))
    return lines


def _headline(each: Happening) -> str:
    due = short(each.due) if each.due else ""
    if each.kind is Kind.REMINDED:
        return f"Reminder: {_step(each)}, due {due}"
    if each.kind is Kind.SLIPPED:
        first = each.rung == "breach" or "breach" in each.covers
        return f"{'Slipped' if first else 'Still not done'}: {_step(each)}, due {due}"
    if each.kind is Kind.UNPUBLISHED:
        return f"Taken in, not yet published: {each.what}"
    if each.kind is Kind.ALARM:
        return f"The clock rang: {each.what}"
    if each.fact:
        return f"{each.what}, {short(each.fact.on)}"
    return each.what + (f" ({due})" if due else "")


def _step(each: Happening) -> str:
    """What a step is called; of decisions, which share a name, which one."""
    name, _, reference = (each.step or "").partition(".")
    return f"{each.what} ({reference})" if name == "decision" else each.what


def _details(each: Happening, as_recorded: dict[str, dict[str, Any]]) -> str:
    """What a fact says beside its day; of a correction, what it changes.

    Args:
        each: the happening.
        as_recorded: the facts told so far, by their ids, each as it now stands; kept up to date here.
    """
    fact = each.fact
    if fact is None:
        return ""
    if isinstance(fact, FactCorrected):
        wrong, right = as_recorded.get(fact.corrects, {}), fact.to.model_dump(mode="json", exclude={"id", "by", "kind"})
        as_recorded[fact.corrects] = right
        changes = [
            f"{_named(name)}{_plainly(value)}{_was(wrong, name)}"
            for name, value in right.items()
            if wrong.get(name) != value
        ]
        return f"{fact.corrects}: {', '.join(changes) or 'nothing changes'}; reason: {fact.reason}"
    as_recorded[fact.id] = fact.model_dump(mode="json", exclude={"id", "by", "kind"})
    return ", ".join(f"{_named(name)}{_plainly(value)}" for name, value in details_of(fact).items())


_NAMES = {
    "directory": "directory version",
    "over_capacity": "over the limit",
    "shares_with": "shares the IRO with",
    "ground": "because of",
}


def _named(name: str) -> str:
    return f"{_NAMES.get(name) or plain(name)} "


def _was(wrong: dict[str, Any], name: str) -> str:
    return f" (was {_plainly(wrong[name])})" if wrong.get(name) not in (None, []) else ""


def _plainly(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return listed(str(each) for each in value) or "nobody"
    return "nothing" if value is None else str(value)
