"""The children who wait for an IRO and the IROs who may be theirs, made ready to be shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Engine

from client.allocating import NotAppointed, choice_now, refuse_without_child
from desk.seen.dues import Calendars, DueSeen, day_said, due_seen
from register.allocations import Allocation, allocations
from register.queries import EpisodeLine
from register.work_allocation import Unallocated
from register.work_names import children_of_episodes, names_of_people
from rules.choosing import Choice, Considered
from rules.wording import children, listed

VACANCY = "fill_vacancy"
MOST_CANDIDATES = 15
"""So many candidates are shown at once; the others on request."""


class WaitingSeen(NamedTuple):
    """A child without an IRO.

    Attributes:
        name: the child's, where the network has it; else the reference.
        reference: the child's, by the authority.
        href: where to decide.
        child_href: the child's page.
        since: since when, in words.
        due: by when an IRO is owed; None where that is exempted.
        proposed: the name of who is proposed; None when nobody is.
        state: how it stands, in a few words.
        because: why this one was chosen, or why nobody could be; empty where nobody was looked for yet.
    """

    name: str
    reference: str
    href: str
    child_href: str
    since: str
    due: DueSeen | None
    proposed: str | None
    state: str
    because: str


class CandidateSeen(NamedTuple):
    """An IRO who was looked at for a child.

    Attributes:
        iro: by reference.
        name: as the directory has it.
        load: such as "12 of 70 children".
        speaks_for, speaks_against: what does, each in a few words.
        barred: why they may not review for the child; None when they may.
        is_first: the rules would have them.
    """

    iro: str
    name: str
    load: str
    speaks_for: list[str]
    speaks_against: list[str]
    barred: str | None
    is_first: bool


class ChoiceSeen(NamedTuple):
    """Whom the rules would have for a child, and who else there is.

    Attributes:
        iro: whom they would have, by reference; None when nobody may review for the child.
        name: their name.
        because: why.
        remarks: what else there is to know, sentence by sentence.
        may: those who may, by rank.
        may_not: those who may not.
    """

    iro: str | None
    name: str | None
    because: str
    remarks: list[str]
    may: list[CandidateSeen]
    may_not: list[CandidateSeen]


class AllocationSeen(NamedTuple):
    """One child's allocation.

    Attributes:
        episode: the period of care.
        child, reference: the child, by name where the network has it, and by the authority's reference.
        standing: how the case stands, for a form to carry.
        iro_now, iro: the child's IRO, by reference and by name; None while there is none.
        proposed_iro, proposed: who is proposed, by reference and by name; None when nobody is.
        made: the choice that was made, with who was chosen by name; None where none was.
        choice: whom the rules would have now; None where no IRO can be appointed.
        why_not: why none can be.
    """

    episode: str
    child: str
    reference: str
    standing: str
    iro_now: str | None
    iro: str | None
    proposed_iro: str | None
    proposed: str | None
    made: Allocation | None
    choice: ChoiceSeen | None
    why_not: str


def waiting_seen(
    lines: Iterable[Unallocated], names: Mapping[str, str], today: date, calendars: Calendars
) -> list[WaitingSeen]:
    """A page of the children who have no IRO.

    Args:
        lines: the page's.
        names: the IROs' names, by reference.
        today: a London date.
        calendars: whose working days are counted.
    """
    return [
        WaitingSeen(
            name=line.child_name or line.child,
            reference=line.child,
            href=f"/allocation/{line.episode}",
            child_href=f"/children/{line.episode}",
            since=_since(line, today),
            due=due_seen(line.step, today, calendars.of(line.nation)) if line.step else None,
            proposed=names.get(line.proposed_iro, line.proposed_iro) if line.proposed_iro else None,
            state=_state(line),
            because=line.choice.choice.because if line.choice else "",
        )
        for line in lines
    ]


def allocation_seen(register: Engine, line: EpisodeLine, standing: str) -> AllocationSeen:
    """One child's allocation as it stands now.

    Args:
        register: the database.
        line: the child's episode.
        standing: how the case stands, for the form to carry.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    child = children_of_episodes(register, line.authority, [line.id])[line.id]
    made = allocations(register, line.id)
    choice, why_not = None, ""
    try:
        refuse_without_child(line)
        choice = choice_now(register, line)
    except NotAppointed as refused:
        why_not = str(refused)
    considered = [each.iro for each in choice.considered] if choice else []
    names = names_of_people(register, [line.iro, line.proposed_iro, *considered])
    return AllocationSeen(
        episode=line.id,
        child=child.said,
        reference=child.reference,
        standing=standing,
        iro_now=line.iro,
        iro=names.get(line.iro, line.iro) if line.iro else None,
        proposed_iro=line.proposed_iro,
        proposed=names.get(line.proposed_iro, line.proposed_iro) if line.proposed_iro else None,
        made=made[-1] if made else None,
        choice=choice_seen(choice, names) if choice else None,
        why_not=why_not,
    )


def choice_seen(choice: Choice, names: Mapping[str, str]) -> ChoiceSeen:
    """Everyone who was looked at.

    Args:
        choice: whom the rules would have, and the reasons.
        names: the IROs' names, by reference.
    """
    seen = [_candidate(each, choice, names) for each in choice.considered]
    return ChoiceSeen(
        iro=choice.iro,
        name=names.get(choice.iro, choice.iro) if choice.iro else None,
        because=choice.because,
        remarks=_remarks(choice),
        may=[each for each in seen if not each.barred],
        may_not=[each for each in seen if each.barred],
    )


def _since(line: Unallocated, today: date) -> str:
    if line.step and line.step.name == VACANCY:
        return f"Without an IRO since {day_said(line.step.basis.counted_from, today)}"
    return f"Looked after since {day_said(line.became_looked_after, today)}"


def _state(line: Unallocated) -> str:
    if line.proposed_iro:
        return "Waits for your word"
    return "Nobody found" if line.choice and line.choice.choice.iro is None else "Not proposed yet"


def _remarks(choice: Choice) -> list[str]:
    shared = [f"The same IRO as {listed(choice.shares_with)}."] if choice.shares_with else []
    parted = [f"Another IRO than {listed(choice.parted_from)}."] if choice.parted_from else []
    full = ["That is more children than their places; the managers are told."] if choice.over_capacity else []
    return [*shared, *parted, *full]


def _candidate(each: Considered, choice: Choice, names: Mapping[str, str]) -> CandidateSeen:
    return CandidateSeen(
        iro=each.iro,
        name=names.get(each.iro, each.iro),
        load=f"{each.load} of {children(each.places)}",
        speaks_for=list(each.speaks_for),
        speaks_against=list(each.speaks_against),
        barred=each.barred,
        is_first=each.iro == choice.iro,
    )
