"""The people of the service: IROs with their hours and limits, those who hold the other posts, and who may not review
for whom.

What is said here identifies people: it stands in the register alone, never in a workflow, a log or an id. Rules and
workflows know a person by reference.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from rules.vocabulary import Day, Frozen, Nation, Need, Reference, Role, Words

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120)]
Website = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]{3,200}$")]
Hours = Annotated[float, Field(gt=0, le=1)]
FullTimeLimit = Annotated[int, Field(ge=1, le=200)]
Nations = Annotated[tuple[Nation, ...], Field(min_length=1)]
GUIDED_CASELOAD = (50, 70)
"""Children for a full-time IRO: guidance, not law (IRO Handbook ch 7). The authority sets its own limit."""


class Person(Frozen):
    """Someone who works for the authority, or with it.

    Attributes:
        reference: what stands for them everywhere else.
        name: as it is written in a letter.
        role: the post they hold.
        authority: whose post it is, by its three-digit code.
        team: the team they belong to, for a social worker, a team manager or a service manager.
        email, phone: how to reach them.
        line_manager: who is above them, by reference.
        deputy: who stands in for them, by reference.
        since: their first day in the post; None when it was always so.
        until: their last day in it; None while no end is known.
    """

    reference: Reference
    name: Name
    role: Role
    authority: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    team: Reference | None = None
    email: Contact | None = None
    phone: Contact | None = None
    line_manager: Reference | None = None
    deputy: Reference | None = None
    since: Day | None = None
    until: Day | None = None

    def holds_on(self, day: date) -> bool:
        """Whether they hold the post on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the last day comes before the first")
        return self


class IroTerms(Frozen):
    """An IRO's hours, limit and fitness; their name and post stand in `Person`.

    Attributes:
        iro: the person.
        hours: of a full-time post: 1.0 is full time, 0.6 three days a week.
        full_time_limit: the most children for a full-time IRO, as the authority sets it.
        nations: where they may review: their registration covers it. Who writes a directory gives the authority's own
            nation where nothing is said (`rules.directory_checks.terms_for`).
        offers: languages and whatever else children are matched by.
        picture: where a picture of them is, for the children they write to.
    """

    iro: Reference
    hours: Hours = 1.0
    full_time_limit: FullTimeLimit = GUIDED_CASELOAD[1]
    nations: Nations = (Nation.ENGLAND,)
    offers: tuple[Need, ...] = ()
    picture: Website | None = None

    @property
    def places(self) -> int:
        """How many children they may have for their hours; at least one."""
        return max(1, int(self.full_time_limit * self.hours + 1e-9))


class Absence(Frozen):
    """A time away: leave, sickness.

    Attributes:
        person: who is away.
        since: the first day away.
        until: the last day away; None when it is not known.
        cover: who covers meanwhile.
    """

    person: Reference
    since: Day
    until: Day | None = None
    cover: Reference | None = None

    def includes(self, day: date) -> bool:
        """Whether they are away on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class BarKind(StrEnum):
    """Why someone may not review for a child (CPPCR 2010 reg 46; CPPCR(W) 2015 reg 54)."""

    LINE_MANAGEMENT = "line_management"
    PAST_CASEWORK = "past_casework"
    RESOURCES = "resources"
    CONFLICT = "conflict"

    @property
    def words(self) -> str:
        """The same in words, to follow "barred:"."""
        return _BARS[self]


_BARS = {
    BarKind.LINE_MANAGEMENT: "manages those who work on the case, or is managed by them",
    BarKind.PAST_CASEWORK: "has worked on the case",
    BarKind.RESOURCES: "controls resources for the case",
    BarKind.CONFLICT: "has declared a conflict of interest",
}


class Bar(Frozen):
    """One IRO who may not review for a child, or for the children of a worker or a team.

    Attributes:
        iro: who may not.
        against: the child, the social worker, the team manager or the team, by reference.
        kind: why.
        reason: the same in somebody's own words.
    """

    iro: Reference
    against: Reference
    kind: BarKind
    reason: Words | None = None


class PersonChanges(Frozen):
    """What is to change of a person; only what is given changes, and None takes away what may be left open.

    The last day is not among it: it is set by itself, because children are then to be handed on. Nor is the authority:
    a post with another one is another person of the directory.

    Attributes:
        name, role, team, email, phone, line_manager, deputy, since: as in `Person`.
        hours, full_time_limit, nations, offers, picture: as in `IroTerms`.
    """

    name: Name | None = None
    role: Role | None = None
    team: Reference | None = None
    email: Contact | None = None
    phone: Contact | None = None
    line_manager: Reference | None = None
    deputy: Reference | None = None
    since: Day | None = None
    hours: Hours | None = None
    full_time_limit: FullTimeLimit | None = None
    nations: Nations | None = None
    offers: tuple[Need, ...] | None = None
    picture: Website | None = None

    @property
    def of_person(self) -> dict[str, Any]:
        """What changes of the post."""
        return self._given(Person)

    @property
    def of_terms(self) -> dict[str, Any]:
        """What changes of an IRO's terms."""
        return self._given(IroTerms)

    def _given(self, of: type[Frozen]) -> dict[str, Any]:
        return {field: getattr(self, field) for field in of.model_fields if field in self.model_fields_set}


class DirectoryChangeKind(StrEnum):
    """What was changed in the directory."""

    ADDED = "added"
    CHANGED = "changed"
    LEAVES = "leaves"
    STAYS = "stays"
    ABSENT = "absent"
    BACK = "back"
    ABSENCE_WITHDRAWN = "absence_withdrawn"
    BARRED = "barred"
    BAR_WITHDRAWN = "bar_withdrawn"


class DirectoryChange(Frozen):
    """One change of the directory.

    Attributes:
        id: later ones are higher; the highest is the directory's version.
        at: when, an instant, UTC.
        by: who made it: an opaque reference.
        what: which.
        person: whom it was about, by reference.
    """

    id: int
    at: datetime
    by: str
    what: DirectoryChangeKind
    person: str
