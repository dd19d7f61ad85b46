"""Collective concerns: when several children of one team slip at one step, that is no longer one child's matter.

A concern is raised once. The same team and step alert again only when other children, enough of them by themselves,
have slipped since. Source: local policy (the numbers are the authority's own; practice notes 10.3(6): a digest, not a
storm).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from rules.calendar import WorkingCalendar
from rules.vocabulary import Day, Frozen, Reference

StepName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class ConcernPolicy(Frozen):
    """When breaches become a collective concern.

    Attributes:
        children: at least so many children.
        working_days: within the last so many working days, today among them.
    """

    children: Annotated[int, Field(ge=2, le=50, strict=True)] = 3
    working_days: Annotated[int, Field(ge=1, le=260, strict=True)] = 20


class Breach(Frozen):
    """A step of one child that was not done in time.

    Attributes:
        episode: the child's period of care.
        team: the team that has the case.
        step: the step's name.
        day: the London date of the breach.
    """

    episode: Reference
    team: Reference
    step: StepName
    day: Day


class Concern(Frozen):
    """Several children of one team who slipped at one step.

    Attributes:
        team: the team.
        step: the step's name.
        since: the day of the first of the breaches.
        until: the day of the last of them.
        episodes: the children's periods of care, sorted.
    """

    team: Reference
    step: StepName
    since: Day
    until: Day
    episodes: tuple[Reference, ...]


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
        At most one concern for a team and step, sorted by team and step; with all the children it is about, each once.
    """
    first_day = calendar.working_days_before(today + timedelta(days=1), policy.working_days)
    before: dict[tuple[str, str], list[Concern]] = {}
    for concern in known:
        before.setdefault((concern.team, concern.step), []).append(concern)
    fresh: dict[tuple[str, str], list[Breach]] = {}
    for breach in breaches:
        key = (breach.team, breach.step)
        if first_day <= breach.day <= today and not _is_told(breach, before.get(key, [])):
            fresh.setdefault(key, []).append(breach)
    concerns = (_concern(team, step, found) for (team, step), found in sorted(fresh.items()))
    return tuple(concern for concern in concerns if len(concern.episodes) >= policy.children)


def _is_told(breach: Breach, known: list[Concern]) -> bool:
    """Whether a concern spoke of this breach, or the latest one of this child."""
    if not known:
        return False
    latest = max(known, key=lambda concern: (concern.until, concern.since))
    return breach.episode in latest.episodes or any(
        breach.episode in concern.episodes and breach.day <= concern.until for concern in known
    )


def _concern(team: str, step: str, breaches: list[Breach]) -> Concern:
    days = [breach.day for breach in breaches]
    return Concern(
        team=team,
        step=step,
        since=min(days),
        until=max(days),
        episodes=tuple(sorted({breach.episode for breach in breaches})),
    )
