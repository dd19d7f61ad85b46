"""The IRO manager's word: a proposal confirmed, another IRO chosen for a reason, or the candidates shown."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from client.allocating import ReasonWanted, appointment, choice_now, refuse_without_child
from client.checked import Faulty
from client.episodes import record
from client.errors import NotAnswered
from commands.cases import Episode
from commands.choice import draw_choice
from commands.fields import OPERATOR
from commands.look import known
from commands.output import AsJson, facts_about, heading, note, show
from commands.running import AtWork, Fault, at_work, register_of, today
from register.queries import EpisodeLine
from rules.choosing import Choice
from rules.facts.iro import IroAppointed
from rules.wording import in_full, listed
from workflows.messages import Receipt


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
    refuse_without_child(line)
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


# --- Appointing -----------------------------------------------------------------------------------------------------


def _appoint(line: EpisodeLine, iro: str, reason: str | None, as_json: bool) -> None:
    fact = _appointment(line, iro, reason)
    receipt = at_work(lambda work: _recorded(work, line.id, fact))
    answer = {"episode": line.id, **fact.model_dump(mode="json"), "stage": receipt.stage, "next_due": receipt.next_due}
    show(answer, as_json, lambda: _draw_appointed(line, fact))


def _appointment(line: EpisodeLine, iro: str, reason: str | None) -> IroAppointed:
    try:
        return appointment(register_of(), line, iro, reason, by=OPERATOR, on=today())
    except ReasonWanted as wanted:
        raise Fault(f"{str(wanted).rstrip('.')}. Give the reason with --reason.") from None
    except Faulty as faulty:
        raise Fault(f"The appointment: {faulty}.") from None


async def _recorded(work: AtWork, episode: str, fact: IroAppointed) -> Receipt:
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


def _show_candidates(line: EpisodeLine, as_json: bool) -> None:
    choice = choice_now(register_of(), line)
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
