"""What the API answers with: references, dates and codes. No name is in it, and no birth date but in a timeline, in the
fact that the case system itself sent."""

from datetime import date, datetime
from typing import Self

from pydantic import Field

from register.queries import EpisodeLine
from rules.calendar import WorkingCalendar
from rules.steps import ReviewLine, Step
from rules.vocabulary import Force, Frozen, Nation, Phase, Role
from rules.wording import Urgency, due_words
from workflows.messages import Receipt


class Standing(Frozen):
    """How an episode stands once something was recorded in it."""

    stage: Phase = Field(description="The first part of the cycle with an open step.")
    next_due: date | None = Field(description="The earliest last day of an open step.")
    overdue: int = Field(description="How many open steps are past their last day.")
    revision: int = Field(description="Goes up with each change of the episode.")

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """What a receipt says of it."""
        return cls(stage=receipt.stage, next_due=receipt.next_due, overdue=receipt.overdue, revision=receipt.revision)


class EpisodeOpened(Frozen):
    """An episode that is open."""

    episode: str = Field(description="Its id, opaque: it tells nobody anything.")
    existed: bool = Field(description="It was open before: the same notification came again.")
    standing: Standing


class Recorded(Frozen):
    """An act that is recorded and published."""

    episode: str
    act: str
    id: str = Field(description="The fact's id. The same fact under the same id is recorded once.")
    standing: Standing


class Episode(Frozen):
    """One period of care."""

    id: str
    authority: str
    nation: Nation
    child: str = Field(description="The authority's own reference for the child.")
    became_looked_after: date
    stage: Phase
    iro: str | None = Field(description="The child's IRO, by reference.")
    cover: str | None = Field(description="Who covers for them.")
    proposed_iro: str | None = Field(description="Who is proposed and waits for the IRO manager's word.")
    social_worker: str | None
    team_manager: str | None
    next_due: date | None = Field(description="The earliest last day of an open step, past ones too.")
    overdue: int = Field(description="How many open steps are past their last day today.")
    highest_rung: str | None = Field(description="The rung furthest up a ladder that an open step has reached.")
    revision: int
    opened_at: datetime
    published_at: datetime
    ended_on: date | None
    end_reason: str | None
    finished: bool = Field(description="Care has ended and nothing more is owed.")
    void: bool = Field(description="The child was never looked after.")

    @classmethod
    def of(cls, line: EpisodeLine) -> Self:
        """The episode as the register has it."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class Episodes(Frozen):
    """Some episodes, by the next day due: those longest overdue first, those that owe nothing last."""

    episodes: tuple[Episode, ...]
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class OwedStep(Frozen):
    """One step that is owed."""

    key: str = Field(description="Names it within the episode; stays the same.")
    title: str
    owner: Role
    phase: Phase
    cycle: int = Field(description="1 up to the first review and what follows it, 2 up to the second, and so on.")
    due: date = Field(description="The last day in law, a London date; it ends at midnight.")
    practical_due: date = Field(description="The last working day on or before it.")
    overdue: bool
    urgency: Urgency
    when: str = Field(description="How far off the last day is, in words.", examples=["due in 2 working days"])
    rule: str
    source: str = Field(description="The law, guidance or local policy it stands in.")
    force: Force
    unverified: bool = Field(description="The wording of that source has not been checked yet.")
    outstanding: tuple[Role, ...] = Field(description="To whom it is still owed, where it is owed to several.")

    @classmethod
    def of(cls, step: Step, today: date, calendar: WorkingCalendar) -> Self:
        """A step as it stands on a day."""
        words, urgency = due_words(step.due, today, calendar)
        basis = step.basis
        return cls(
            **{name: getattr(step, name) for name in ("key", "title", "owner", "phase", "cycle", "due", "outstanding")},
            **{name: getattr(basis, name) for name in ("practical_due", "rule", "source", "force", "unverified")},
            overdue=step.is_overdue(today),
            urgency=urgency,
            when=words,
        )


class Agenda(Frozen):
    """What is owed in an episode, by whom and by when, overdue first."""

    episode: str
    as_of: date = Field(description="Today, in London.")
    stage: Phase
    overdue: int
    next_due: date | None
    steps: tuple[OwedStep, ...]


class Reviews(Frozen):
    """The reviews held in an episode, in order, and whether each was in time."""

    episode: str
    reviews: tuple[ReviewLine, ...]
