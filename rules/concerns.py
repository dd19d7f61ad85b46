"""Collective concerns: when several children of one team slip at one step, that is no longer one child's matter.

So it is where the IRO noted poor practice of one theme with several children of a team: that is a pattern. A concern is
raised once. The same team and step, or theme, alert again only when other children, enough of them by themselves, have
slipped since. Source: local policy (the numbers are the authority's own; practice notes 10.3(6): a digest, not a
storm).
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from rules.calendar import WorkingCalendar
from rules.vocabulary import Day, Frozen, Reference

StepName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class ConcernKind(StrEnum):
    """What recurs."""

    SLIP = "slip"
    """A step that is not done in time."""
    POOR_PRACTICE = "poor_practice"
    """Poor practice that the IRO noted: a pattern of it is told to senior managers."""


class ConcernPolicy(Frozen):
    """When breaches become a collective concern.

    Attributes:
        children: at least so many children.
        working_days: within the last so many working days, today among them.
    """

    children: Annotated[int, Field(ge=2, le=50, strict=True)] = 3
    working_days: Annotated[int, Field(ge=1, le=260, strict=True)] = 20


class Breach(Frozen):
    """A step of one child that was not done in time, or poor practice noted with one child.

    Attributes:
        episode: the child's period of care.
        team: the team that has the case.
        step: the step's name; of poor practice its theme.
        day: the London date of the breach, or on which the practice was noted.
        kind: which of the two.
    """

    episode: Reference
    team: Reference
    step: StepName
    day: Day
    kind: ConcernKind = ConcernKind.SLIP


class Concern(Frozen):
    """Several children of one team who slipped at one step, or with whom poor practice of one theme was noted.

    Attributes:
        team: the team.
        step: the step's name; of poor practice its theme.
        since: the day of the first of the breaches.
        until: the day of the last of them.
        episodes: the children's periods of care, sorted.
        kind: which of the two.
    """

    team: Reference
    step: StepName
    since: Day
    until: Day
    episodes: tuple[Reference, ...]
    kind: ConcernKind = ConcernKind.SLIP


def new_concerns(
    breaches: Iterable[Breach],
    known: Iterable[Concern],
    policy: ConcernPolicy,
    calendar: WorkingCalendar,
    today: Day,
) -> tuple[Concern, ...]:
    """The concerns to be raised today. To be asked every day; asked again the same day, it answers with nothing new.

    Args:
        breaches: those of the last `policy.working_days`, in any order; older and later ones are passed over.
        known: the concerns raised before.
        policy: how many children, within how many working days.
        calendar: the nation's working days.
        today: a London date.

    Returns:
        At most one concern for a team and step, or theme, sorted by both; with all the children it is about, each once.
    """
    first_day = calendar.working_days_before(today + timedelta(days=1), policy.working_days)
    before: dict[tuple[str, str, ConcernKind], list[Concern]] = {}
    for concern in known:
        before.setdefault((concern.team, concern.step, concern.kind), []).append(concern)
    fresh: dict[tuple[str, str, ConcernKind], list[Breach]] = {}
    for breach in breaches:
        key = (breach.team, breach.step, breach.kind)
        if first_day <= breach.day <= today and not _is_told(breach, before.get(key, [])):
            fresh.setdefault(key, []).append(breach)
    concerns = (_concern(*key, found) for key, found in sorted(fresh.items()))
    return tuple(concern for concern in concerns if len(concern.episodes) >= policy.children)


def _is_told(breach: Breach, known: list[Concern]) -> bool:
    """Whether a concern spoke of this breach, or the latest one of this child."""
    if not known:
        return False
    latest = max(known, key=lambda concern: (concern.until, concern.since))
    return breach.episode in latest.episodes or any(
        breach.episode in concern.episodes and breach.day <= concern.until for concern in known
    )


def _concern(team: str, step: str, kind: ConcernKind, breaches: list[Breach]) -> Concern:
    days = [breach.day for breach in breaches]
    return Concern(
        team=team,
        step=step,
        since=min(days),
        until=max(days),
        episodes=tuple(sorted({breach.episode for breach in breaches})),
        kind=kind,
    )
