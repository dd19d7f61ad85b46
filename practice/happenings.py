"""What happens in a practice case, and how it stands at the end: data that the picture and `--json` are made of."""

from datetime import date, datetime
from enum import StrEnum

from rules.steps import ReviewLine
from rules.vocabulary import Frozen, Role


class What(StrEnum):
    """The kinds of happening."""

    FACT = "fact"
    """Something that was recorded and closes no step."""
    DONE = "done"
    DONE_LATE = "done_late"
    REVIEW = "review"
    """A review was held."""
    AGREED = "agreed"
    """Nobody answered in time, which is taken as agreement."""
    MISSED = "missed"
    """It can no longer be done."""
    NOT_OWED = "not_owed"
    """A step is not required any more, or is exempted."""
    REMINDER = "reminder"
    SLIPPED = "slipped"
    """It fell due and was not done: a breach."""
    RAISED = "raised"
    """A rung further up the ladder."""
    REFUSED = "refused"
    """An act that the rules refused."""
    ENDED = "ended"
    """Care ended."""
    CLOSED = "closed"
    """Nothing more is owed or can be corrected; the workflow has finished."""


class Happening(Frozen):
    """One thing that happened.

    Attributes:
        at: when, by the case's own clock, UTC.
        what: its kind.
        title: what it was, in words.
        step: the key of the step it is about.
        due: that step's last day.
        days_late: how many working days after it.
        rung: the rung of the ladder that was raised.
        covers: lower rungs raised with it, because they had passed before anyone could have known.
        told: who was told.
        detail: more of it, in words.
    """

    at: datetime
    what: What
    title: str
    step: str | None = None
    due: date | None = None
    days_late: int | None = None
    rung: str | None = None
    covers: tuple[str, ...] = ()
    told: tuple[Role, ...] = ()
    detail: str | None = None


class Standing(Frozen):
    """How a case stands at the end.

    Attributes:
        on: the day, in London.
        closed: the workflow has finished.
        in_time, late, missed: how many steps were closed so.
        reviews: those held.
        rungs: how often each rung was raised, lower ones covered by a higher one left out.
        notices: how many messages were owed to people.
        overdue: how many steps stand open past their day.
        next_step, next_title, next_due: what is owed next.
    """

    on: date
    closed: bool
    in_time: int
    late: int
    missed: int
    reviews: tuple[ReviewLine, ...]
    rungs: dict[str, int]
    notices: int
    overdue: int
    next_step: str | None = None
    next_title: str | None = None
    next_due: date | None = None
