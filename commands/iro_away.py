"""An IRO goes away, comes back or leaves: carried to the case of each of their children."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from client.iro_service import Covered, Reallocated, goes_away, is_back, leaves, look_again
from commands.directory import Said, iro_of
from commands.fields import OPERATOR
from commands.running import AtWork, at_work, register_of, today
from commands.without_iro import tell_those_without
from register import directory
from register.queries import EpisodeLine
from register.queries import episode as episode_in_register
from rules.directory import Absence
from rules.directory_checks import read
from rules.wording import children, in_full, short

PATIENCE_SECONDS = 3.0
"""How long to wait for the choices to be made, so that they can be shown; they are made all the same."""


def absent(reference: str, given: dict[str, Any]) -> Said:
    """An IRO goes away."""
    absence = read(Absence, {"person": reference} | given)

    async def away(work: AtWork) -> Covered:
        iro_of(work.register, reference, today())
        return await goes_away(work.client, work.settings.task_queue, work.register, absence, OPERATOR, today())

    covered = at_work(away)
    until = f" to {in_full(absence.until)}" if absence.until else ""
    return Said(
        absence.model_dump(mode="json", exclude={"person"}) | covered.model_dump(mode="json", exclude={"iro"}),
        f"{reference} is away from {in_full(absence.since)}{until}.",
        (_covered_words(covered, absence.since),),
    )


def _covered_words(covered: Covered, since: date) -> str:
    theirs = f"their {children(len(covered.children))}"
    if not covered.children:
        return "No child has this IRO now."
    if covered.cover is None:
        return f"Nobody covers for {theirs}: type it again with cover=REFERENCE when you know who does."
    if not covered.pending:
        return f"{covered.cover} covers for {theirs} now."
    if since > today():
        return f"{covered.cover} covers for {theirs} from {short(since)} on; nothing more is needed."
    return f"{covered.cover} is to cover for {theirs}: not every case has it yet, and it goes on by itself."


def back(reference: str, given: dict[str, Any]) -> Said:
    """An IRO is back; on the very day the absence was to begin, there was none."""
    on = date.fromisoformat(given["on"])

    async def returned(work: AtWork) -> Covered:
        person = iro_of(work.register, reference)
        never_away = [each for each in directory.absences(work.register, reference) if each.since == on]
        if never_away:
            directory.withdraw_absence(work.register, reference, on, OPERATOR, datetime.now(UTC))
            await look_again(work.client, reference, on)
            covered = Covered(iro=reference, cover=never_away[0].cover, children=(), pending=on <= today())
        else:
            last = on - timedelta(days=1)
            covered = await is_back(work.client, work.settings.task_queue, work.register, reference, last, OPERATOR)
        await tell_those_without(work, person.authority)
        return covered

    covered = at_work(returned)
    return Said(
        {"on": on} | covered.model_dump(mode="json", exclude={"iro"}),
        f"{reference} is back on {in_full(on)}.",
        (_uncovered_words(covered, on),),
    )


def _uncovered_words(covered: Covered, on: date) -> str:
    if covered.cover is None:
        return "Nobody covered, so no child's case changes."
    if covered.pending:
        return f"The cover by {covered.cover} ends {f'on {short(on)}' if on > today() else 'soon'}, by itself."
    return f"{covered.cover} covers no longer."


def leave(reference: str, given: dict[str, Any]) -> Said:
    """An IRO leaves on a day, or stays after all."""
    last = date.fromisoformat(given["on"]) if given["on"] else None

    async def left(work: AtWork) -> Reallocated | None:
        iro_of(work.register, reference)
        directory.set_last_day(work.register, reference, last, OPERATOR, datetime.now(UTC))
        if last is None:
            return None
        gone = await leaves(work.client, work.settings.task_queue, work.register, reference, last, OPERATOR, today())
        if not gone.pending:
            await _until_chosen(work.register, gone.children)
        return gone

    gone = at_work(left)
    if last is None or gone is None:
        return Said({"on": None}, f"{reference} stays.")
    return Said(
        {"on": last} | gone.model_dump(mode="json", exclude={"iro"}),
        f"The last day of {reference} is {in_full(last)}.",
        tuple(_given_words(gone, last)),
    )


def _given_words(gone: Reallocated, last: date) -> list[str]:
    many = children(len(gone.children))
    if not gone.children:
        return ["No child has this IRO now."]
    if last > today():
        return [f"On that day {many} will be given another IRO; nothing more is needed."]
    lines = _lines(register_of(), gone.children)
    said = [f"For {many} another IRO is looked for:", *(f"  {line.id}: {_found(line, gone.iro)}" for line in lines)]
    return [*said, "Not all is done yet, and it goes on by itself."] if gone.pending else said


def _found(line: EpisodeLine, gone: str) -> str:
    if line.iro == gone:
        return f"still {gone}, until tomorrow at the latest"
    proposed = f"{line.proposed_iro} is proposed" if line.proposed_iro else ""
    return line.iro or proposed or "nobody yet; `starter.py allocate` shows why"


def _lines(register: Engine, episodes: tuple[str, ...]) -> list[EpisodeLine]:
    found = (episode_in_register(register, each, today=today()) for each in episodes)
    return [line for line in found if line]


async def _until_chosen(register: Engine, episodes: tuple[str, ...]) -> None:
    for _ in range(int(PATIENCE_SECONDS / 0.1)):
        if all(line.iro or line.proposed_iro for line in _lines(register, episodes)):
            return
        await asyncio.sleep(0.1)
