"""The IRO manager's word: a proposal confirmed, another IRO chosen for a reason, or the candidates shown."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from client.episodes import record
from client.errors import NotAnswered
from commands.cases import Episode
from commands.choice import draw_choice
from commands.directory import iro_of
from commands.fields import OPERATOR
from commands.look import known
from commands.output import AsJson, facts_about, heading, note, show
from commands.reading import model_of
from commands.running import AtWork, Fault, at_work, register_of, today
from commands.wording import in_full, listed
from register import reading
from register.allocations import ByHand, by_hand
from register.asking import asked_for
from register.gathering import AllocationAsked, candidates, child_to_allocate
from register.queries import EpisodeLine, facts
from rules.choosing import Choice, choose
from rules.facts.iro import IroAppointed


def allocate(
    episode: Episode,
    to: Annotated[str | None, typer.Option(metavar="IRO", help="Appoint this one, by reference.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why this one, where another was proposed. No names.")] = None,
    as_json: AsJson = False,
) -> None:
    """Confirm the IRO proposed for a child, or appoint another.

    Without --to and without a proposal it shows who might be the child's IRO, and changes nothing.
    """
    line = known(episode)
    if line.ended_on or line.void:
        raise Fault("The child is not looked after any longer, so no IRO can be appointed.")
    if reason is not None and to is None:
        raise Fault("A reason is given for another IRO than the one proposed: say which, with --to.")
    if to is not None:
        _appoint(line, to, reason, as_json)
    elif line.iro:
        _say_who(line, line.iro, as_json)
    elif line.proposed_iro:
        _appoint(line, line.proposed_iro, None, as_json)
    else:
        _show_candidates(line, as_json)


def _asked(line: EpisodeLine) -> AllocationAsked:
    entries = facts(register_of(), line.id)
    return asked_for(line.id, entries, datetime.now(UTC), former_iro=line.former_iro)


# --- Appointing -----------------------------------------------------------------------------------------------------


def _appoint(line: EpisodeLine, iro: str, reason: str | None, as_json: bool) -> None:
    register = register_of()
    iro_of(register, iro)
    if iro == line.iro:
        raise Fault(f"{iro} is the child's IRO already.")
    found = by_hand(register, _asked(line), iro)
    if found.bar:
        raise Fault(found.bar)
    if not reason and iro != _expected(line):
        raise Fault(f"Say why it is to be {iro}, with --reason: {_whom_instead(line)}.")
    fact = model_of(IroAppointed, _fields(found, reason), "The appointment", "")
    receipt = at_work(lambda work: _recorded(work, line.id, fact))
    answer = {"episode": line.id, **fact.model_dump(mode="json"), "stage": receipt.stage, "next_due": receipt.next_due}
    show(answer, as_json, lambda: _draw_appointed(line, fact))


def _expected(line: EpisodeLine) -> str | None:
    """Whom the rules would have: the one proposed, or where nobody is, the one who would be."""
    if line.iro:
        return None
    return line.proposed_iro or _choice(line).iro


def _whom_instead(line: EpisodeLine) -> str:
    if line.iro:
        return f"{line.iro} is the child's IRO now"
    expected = _expected(line)
    return f"{expected} is proposed" if line.proposed_iro else f"the rules would have {expected or 'nobody'}"


def _fields(found: ByHand, reason: str | None) -> dict[str, Any]:
    return {
        "id": f"f-{secrets.token_hex(4)}",
        "on": today(),
        "by": OPERATOR,
        "iro": found.iro,
        "reason": reason,
        "over_capacity": found.over_capacity,
        "shares_with": found.shares_with,
    }


async def _recorded(work: AtWork, episode: str, fact: IroAppointed) -> Any:
    try:
        return await record(work.client, episode, fact, work.register)
    except NotAnswered:
        raise Fault(
            "No answer came in time, and it may have been saved: check that a worker is running, and"
            f" `starter.py agenda {episode}` shows who the IRO is."
        ) from None


def _draw_appointed(line: EpisodeLine, fact: IroAppointed) -> Iterator[RenderableType]:
    yield heading(f"{fact.iro} is the child's IRO from {in_full(fact.on)}.")
    if line.iro:
        yield Text(f"Until now it was {line.iro}, who is to introduce {fact.iro} to the child in person.")
    if fact.over_capacity:
        yield Text("That is more children than their limit allows: the managers are told.")
    if fact.shares_with:
        yield Text(f"Shared with {listed(fact.shares_with)}: the children are told.")
    yield note("Who is to be told now: starter.py agenda EPISODE")


# --- Looking --------------------------------------------------------------------------------------------------------


def _say_who(line: EpisodeLine, iro: str, as_json: bool) -> None:
    def draw() -> Iterator[RenderableType]:
        covered = f", covered by {line.cover}" if line.cover else ""
        yield facts_about(("IRO", f"{iro}{covered}"))
        yield note("For another, say whom and why: --to IRO --reason ...")
        yield note("How the choice was made: starter.py explain EPISODE appoint_iro")

    show({"episode": line.id, "iro": iro, "cover": line.cover}, as_json, draw)


def _choice(line: EpisodeLine) -> Choice:
    """Whom the rules would choose now. Nothing is written."""
    asked = _asked(line)
    with reading(register_of()) as connection:
        child = child_to_allocate(connection, asked)
        iros = candidates(connection, asked.authority, asked.day, child)
    return choose(child, iros, asked.day)


def _show_candidates(line: EpisodeLine, as_json: bool) -> None:
    choice = _choice(line)
    show({"episode": line.id, "iro": None, "choice": choice}, as_json, lambda: _draw_candidates(line, choice))


def _draw_candidates(line: EpisodeLine, choice: Choice) -> Iterator[RenderableType]:
    yield heading("This child has no IRO.")
    if not choice.considered:
        yield Text(f"There is no IRO of authority {line.authority} in the directory.")
        yield note(f'Add one: starter.py iro add REFERENCE name="..." authority={line.authority}')
        return
    yield Text(f"{choice.iro} comes first. {choice.because}" if choice.iro else choice.because)
    yield from draw_choice(choice, "comes first")
    yield Text("")
    if choice.iro is None:
        yield note(f'Somebody else is needed: starter.py iro add REFERENCE name="..." authority={line.authority}')
        return
    yield note("Nothing is changed. Appoint one: starter.py allocate EPISODE --to IRO")
    yield note("Another than the first needs a reason: --reason ...")
