"""The IRO manager's week: one digest of the service instead of a storm of messages (practice notes 10.3(6)).

References and counts alone; nobody's name. The register fills `ServiceWeek`; here it is only sorted and counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from rules.calendar import WorkingCalendar
from rules.clock import says
from rules.concerns import Concern, ConcernKind, StepName
from rules.directory import Absence, Person
from rules.vocabulary import Day, Frozen, Reference, Role

WEEK = timedelta(days=7)
PEOPLE_AHEAD = timedelta(weeks=4)
REVIEWS_AHEAD = 10
"""Working days, the day of the digest among them if it is one."""
MOST_NAMED = 5
"""How many references a line of words gives before it says how many more there are."""

RECIPIENTS = (
    Role.IRO_MANAGER,
    Role.IRO_ADMINISTRATOR,
    Role.SERVICE_MANAGER,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
)
"""The posts that an authority may have the digest sent to."""
USUAL_RECIPIENTS = (Role.IRO_MANAGER,)
"""Who is sent it where the authority has decided nothing else."""

AuthorityCode = Annotated[str, Field(pattern=r"^[0-9]{3}$")]


class Caseload(Frozen):
    """One IRO's children against their places.

    Attributes:
        iro: by reference.
        children: how many they have.
        places: how many they may have for their hours.
    """

    iro: Reference
    children: Annotated[int, Field(ge=0)]
    places: Annotated[int, Field(ge=0)]

    @property
    def over(self) -> int:
        """How many children are beyond the places."""
        return max(0, self.children - self.places)

    @property
    def under(self) -> int:
        """How many places are free."""
        return max(0, self.places - self.children)


class ProposalLine(Frozen):
    """An IRO proposed for a child, who waits for the IRO manager's word since a day."""

    episode: Reference
    iro: Reference
    since: Day


class OverdueLine(Frozen):
    """A step that is owed after its last day; `team` is None where the case names none."""

    episode: Reference
    step: StepName
    team: Reference | None = None


class EscalationLine(Frozen):
    """A rung that was raised on a London date."""

    episode: Reference
    step: StepName
    rung: str
    on: Day


class ReviewDue(Frozen):
    """A review that is owed by a day; `arranged` is the day it is arranged for, None while it is not."""

    episode: Reference
    due: Day
    iro: Reference | None = None
    arranged: Day | None = None


class ServiceWeek(Frozen):
    """What the digest is made from, in any order.

    Attributes:
        authority: its three-digit code.
        day: the London date of the digest. The week is the seven days before it; what is to come starts with it.
        caseloads: every IRO in post.
        without_iro: the children who have no IRO, by period of care.
        proposals: those that wait for a word.
        overdue: the steps that are owed after their last day.
        escalations: at least those of the week; others are passed over.
        reviews: at least those due in the next `REVIEWS_AHEAD` working days; None where that is not known.
        concerns: the collective concerns raised in the week.
        people: those whose comings and goings matter to the IRO manager.
        absences: their known times away.
    """

    authority: AuthorityCode
    day: Day
    caseloads: tuple[Caseload, ...] = ()
    without_iro: tuple[Reference, ...] = ()
    proposals: tuple[ProposalLine, ...] = ()
    overdue: tuple[OverdueLine, ...] = ()
    escalations: tuple[EscalationLine, ...] = ()
    reviews: tuple[ReviewDue, ...] | None = None
    concerns: tuple[Concern, ...] = ()
    people: tuple[Person, ...] = ()
    absences: tuple[Absence, ...] = ()


class Count(Frozen):
    """How many of something; `name` is a step, a team or a rung, None for cases that name no team."""

    name: str | None
    count: int


class Leaving(Frozen):
    """Someone whose last day in the post is near."""

    person: Reference
    role: Role
    last_day: Day


class Away(Frozen):
    """Someone who is or will be away; `until` is None when it is not known, `cover` when nobody covers."""

    person: Reference
    role: Role
    since: Day
    until: Day | None = None
    cover: Reference | None = None


class WeeklyDigest(Frozen):
    """The IRO service's week.

    Attributes:
        authority: its three-digit code.
        first_day, last_day: the week, London dates.
        caseloads: every IRO, the fullest for their places first.
        without_iro: the children who have no IRO, by period of care, sorted.
        proposals: those that wait for a word, the oldest first.
        overdue_by_step, overdue_by_team: how many steps are overdue, the most first.
        escalations_by_rung: how many rungs were raised in the week, the most first.
        unarranged: the reviews due in the next `REVIEWS_AHEAD` working days for which no day is arranged, the soonest
            first; None where that is not known.
        concerns: those raised in the week, by team and step.
        leaving: whose last day falls in the next four weeks, the soonest first.
        away: who is away in the next four weeks, the soonest first.
    """

    authority: AuthorityCode
    first_day: Day
    last_day: Day
    caseloads: tuple[Caseload, ...]
    without_iro: tuple[Reference, ...]
    proposals: tuple[ProposalLine, ...]
    overdue_by_step: tuple[Count, ...]
    overdue_by_team: tuple[Count, ...]
    escalations_by_rung: tuple[Count, ...]
    unarranged: tuple[ReviewDue, ...] | None
    concerns: tuple[Concern, ...]
    leaving: tuple[Leaving, ...]
    away: tuple[Away, ...]

    @property
    def over(self) -> tuple[Caseload, ...]:
        """The IROs with more children than places."""
        return tuple(caseload for caseload in self.caseloads if caseload.over)

    @property
    def under(self) -> tuple[Caseload, ...]:
        """The IROs with places to spare."""
        return tuple(caseload for caseload in self.caseloads if caseload.under)


def digest(week: ServiceWeek, calendar: WorkingCalendar) -> WeeklyDigest:
    """Make the digest of a week.

    Args:
        week: what is known.
        calendar: the nation's working days.
    """
    last_day = week.day - timedelta(days=1)
    return WeeklyDigest(
        authority=week.authority,
        first_day=week.day - WEEK,
        last_day=last_day,
        caseloads=tuple(sorted(week.caseloads, key=lambda each: (each.places - each.children, each.iro))),
        without_iro=tuple(sorted(set(week.without_iro))),
        proposals=tuple(sorted(week.proposals, key=lambda each: (each.since, each.episode))),
        overdue_by_step=_counted(line.step for line in week.overdue),
        overdue_by_team=_counted(line.team for line in week.overdue),
        escalations_by_rung=_counted(line.rung for line in week.escalations if week.day - WEEK <= line.on <= last_day),
        unarranged=_unarranged(week, calendar.working_days_after(last_day, REVIEWS_AHEAD)),
        concerns=tuple(sorted(week.concerns, key=lambda each: (each.team, each.step, each.until))),
        leaving=_leaving(week),
        away=_away(week),
    )


def in_words(digest: WeeklyDigest) -> list[str]:
    """A digest as short plain lines; what there is nothing of has no line, but for the children and what is overdue.

    Args:
        digest: the week.
    """
    return [
        f"The IRO service from {says(digest.first_day)} to {says(digest.last_day)}.",
        *_caseload_words(digest),
        *_waiting_words(digest),
        *_overdue_words(digest),
        *_review_words(digest),
        *(_concern_words(concern) for concern in digest.concerns),
        *_people_words(digest),
    ]


def _counted(names: Iterable[str | None]) -> tuple[Count, ...]:
    counts = [Count(name=name, count=count) for name, count in Counter(names).items()]
    return tuple(sorted(counts, key=lambda each: (-each.count, each.name is None, each.name or "")))


def _unarranged(week: ServiceWeek, last: date) -> tuple[ReviewDue, ...] | None:
    if week.reviews is None:
        return None
    lines = [line for line in week.reviews if week.day <= line.due <= last and line.arranged is None]
    return tuple(sorted(lines, key=lambda line: (line.due, line.episode)))


def _leaving(week: ServiceWeek) -> tuple[Leaving, ...]:
    lines = [
        Leaving(person=person.reference, role=person.role, last_day=person.until)
        for person in week.people
        if person.until and week.day <= person.until < week.day + PEOPLE_AHEAD
    ]
    return tuple(sorted(lines, key=lambda line: (line.last_day, line.person)))


def _away(week: ServiceWeek) -> tuple[Away, ...]:
    people = {each.reference: each for each in week.people if each.until is None or week.day <= each.until}
    lines = [
        Away(
            person=absence.person,
            role=people[absence.person].role,
            since=absence.since,
            until=absence.until,
            cover=absence.cover,
        )
        for absence in week.absences
        if absence.person in people
        and absence.since < week.day + PEOPLE_AHEAD
        and (absence.until is None or week.day <= absence.until)
    ]
    return tuple(sorted(lines, key=lambda line: (line.since, line.person)))


def _caseload_words(digest: WeeklyDigest) -> list[str]:
    iros = _many(len(digest.caseloads), "IRO has", "IROs have")
    children = _many(sum(each.children for each in digest.caseloads), "child", "children")
    places = _many(sum(each.places for each in digest.caseloads), "place", "places")
    words = [f"{iros} {children} and {places}."]
    if digest.over:
        words.append(f"Over their places: {_listed([_load(each) for each in digest.over])}.")
    if digest.under:
        words.append(f"With places to spare: {_listed([_load(each) for each in digest.under])}.")
    return words


def _waiting_words(digest: WeeklyDigest) -> list[str]:
    words = ["Every child has an IRO."]
    if digest.without_iro:
        many = _many(len(digest.without_iro), "child has", "children have")
        words = [f"{many} no IRO: {_listed(digest.without_iro)}."]
    if digest.proposals:
        many = _many(len(digest.proposals), "proposal waits", "proposals wait")
        words.append(f"{many} for your word, the oldest since {says(digest.proposals[0].since)}.")
    return words


def _overdue_words(digest: WeeklyDigest) -> list[str]:
    total = sum(each.count for each in digest.overdue_by_step)
    words = ["Nothing is overdue."]
    if total:
        words = [
            f"{_many(total, 'step is', 'steps are')} overdue: {_tallied(_plain(digest.overdue_by_step))}.",
            f"By team: {_tallied(digest.overdue_by_team)}.",
        ]
    if digest.escalations_by_rung:
        words.append(f"Escalations of the week: {_tallied(_plain(digest.escalations_by_rung))}.")
    return words


def _review_words(digest: WeeklyDigest) -> list[str]:
    if not digest.unarranged:
        return []
    many = _many(len(digest.unarranged), "review falls", "reviews fall")
    first = says(digest.unarranged[0].due)
    which = _listed([each.episode for each in digest.unarranged])
    return [f"{many} due in the next {REVIEWS_AHEAD} working days unarranged, the first on {first}: {which}."]


def _concern_words(concern: Concern) -> str:
    many = _many(len(concern.episodes), "child", "children")
    when = f"between {says(concern.since)} and {says(concern.until)}"
    if concern.since == concern.until:
        when = f"on {says(concern.since)}"
    if concern.kind is ConcernKind.POOR_PRACTICE:
        return f"Poor practice ({_in_plain_words(concern.step)}) was noted with {many} of {concern.team} {when}."
    return f"{many} of {concern.team} slipped at {_in_plain_words(concern.step)} {when}."


def _people_words(digest: WeeklyDigest) -> list[str]:
    leaving = [f"{each.person} ({each.role.words}) leaves on {says(each.last_day)}." for each in digest.leaving]
    away = []
    for each in digest.away:
        until = f" until {says(each.until)}" if each.until else ""
        cover = f"covered by {each.cover}" if each.cover else "without cover"
        away.append(f"{each.person} ({each.role.words}) is away from {says(each.since)}{until}, {cover}.")
    return [*leaving, *away]


def _load(caseload: Caseload) -> str:
    return f"{caseload.iro} ({caseload.children} of {caseload.places})"


def _tallied(counts: Sequence[Count]) -> str:
    return ", ".join(f"{each.name or 'no team named'} {each.count}" for each in counts)


def _listed(references: Sequence[str]) -> str:
    more = len(references) - MOST_NAMED
    return ", ".join(references[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _plain(counts: Sequence[Count]) -> list[Count]:
    """Steps or rungs with their names in words."""
    return [Count(name=_in_plain_words(each.name or ""), count=each.count) for each in counts]


def _in_plain_words(name: str) -> str:
    return " ".join("IRO" if word == "iro" else word for word in name.split("_"))


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
