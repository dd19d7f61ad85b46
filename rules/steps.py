"""Steps, the working behind their dates, escalations, and the agenda they make up."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from rules.codes import ParticipationCode
from rules.facts import Entry
from rules.facts.care import SocialWorkerChanged
from rules.facts.dispute import DisputeMovedUp
from rules.facts.proceedings import HearingReached
from rules.notice_names import NoticeName
from rules.vocabulary import Force, Frozen, LadderName, Phase, Reference, Role, StepState, Unit

_PATIENCE = timedelta(hours=2)
"""How long after its instant a clock beside an episode is waited for."""


class Skipped(Frozen):
    """A day that did not count, and why."""

    day: date
    why: str


class Basis(Frozen):
    """The working behind a due date.

    Attributes:
        rule: the limit's name.
        source: the law, guidance or local policy it stands in.
        force: how binding that is.
        unverified: the source's wording was not at hand; see practice notes [M].
        counted_from: the day the limit is counted from, which is not itself counted.
        event: what happened or is to happen on that day, in words.
        amount: how many units; None where the facts name the day.
        unit: working days, days, months, or on the day.
        before: counted backwards from the day.
        due: the last day in law, a London date; it ends at midnight.
        practical_due: the last working day on or before `due`.
        skipped: the days on the way that did not count (working days only).
    """

    rule: str
    source: str
    force: Force
    unverified: bool
    counted_from: date
    event: str
    amount: int | None
    unit: Unit
    before: bool
    due: date
    practical_due: date
    skipped: tuple[Skipped, ...] = ()


class Step(Frozen):
    """Something owed.

    Attributes:
        key: unique in the episode and stable: the name, and the fact that set it off.
        name: what is owed, by its rule's name.
        title: the same in words.
        phase: the part of the cycle it belongs to.
        cycle: 1 up to the first review and what follows it, 2 up to the second, and so on.
        owner: the role that owes it.
        basis: the working behind the due date that governs.
        others: later or outer limits on the same step.
        state: open, or how it closed.
        known_at: the instant from which the step, at this date, could have been known: nothing before it was
            anyone's neglect.
        done_on: the day it was done.
        outcome: what came of it, as a code.
        reason: why it is exempted, missed or not required; of a change told late, by how long.
        outstanding: to whom it is still owed, where it is owed to several.
        ladder: the name of the escalation ladder it climbs; None when silence closes it.
    """

    key: str
    name: str
    title: str
    phase: Phase
    cycle: int
    owner: Role
    basis: Basis
    others: tuple[Basis, ...] = ()
    state: StepState = StepState.OPEN
    known_at: datetime
    done_on: date | None = None
    outcome: str | None = None
    reason: str | None = None
    outstanding: tuple[Role, ...] = ()
    ladder: LadderName | None = "default"

    @property
    def due(self) -> date:
        """The last day in law."""
        return self.basis.due

    @property
    def is_open(self) -> bool:
        """Still owed."""
        return self.state is StepState.OPEN

    def is_overdue(self, today: date) -> bool:
        """Still owed after its last day.

        Args:
            today: a London date.
        """
        return self.is_open and today > self.due


class Escalation(Frozen):
    """A rung that was reached and raised, once.

    Attributes:
        step: the step's key.
        rung: the rung raised.
        due: the step's due date as it stood then.
        at: the instant it was raised, UTC.
        tell: the roles told.
        covers: lower rungs that had passed before anyone could have known, and are raised with this one.
    """

    step: str
    rung: str
    due: date
    at: datetime
    tell: tuple[Role, ...]
    covers: tuple[str, ...] = ()

    @property
    def rungs(self) -> tuple[str, ...]:
        """All the rungs this escalation raised."""
        return (*self.covers, self.rung)


class Alarm(Frozen):
    """The next instant at which something changes by itself, and what, in words (no names)."""

    at: datetime
    what: str


class RunsBeside(Frozen):
    """A dispute or a set of court proceedings, as the clock that runs beside the episode has it.

    Attributes:
        kind: which of the two.
        name: the id of the fact that began it.
        stage: where it stands, as a code: the stage of a dispute, the next hearing of proceedings.
        words: the same in words, for Temporal's own web page; no names, and no words of people.
        over: nothing more comes of it.
        next: when something comes by itself, and what; None when nothing does.
        then: the fact that is recorded at that instant.
    """

    kind: Literal["dispute", "proceedings"]
    name: Reference
    stage: str
    words: str
    over: bool = False
    next: Alarm | None = None
    then: Annotated[DisputeMovedUp | HearingReached, Field(discriminator="kind")] | None = None

    @property
    def silent_from(self) -> datetime | None:
        """The instant from which a clock that has not rung is taken to be stopped; None where nothing is to come."""
        return self.next.at + _PATIENCE if self.next else None


class ReviewLine(Frozen):
    """One review that was held, and whether in time, by both measures.

    Attributes:
        key: the id of the fact that recorded it.
        name: first_review, second_review or subsequent_review; interim when it does not count.
        opened_on: its first meeting.
        completed_on: its completion.
        due: the last day in law.
        indicator_due: the last day by the 91/183-day indicator.
        statutory_in_time: opened by `due`, and completed within 20 working days of opening.
        indicator_in_time: completed by `indicator_due`.
    """

    key: str
    name: str
    opened_on: date
    completed_on: date
    due: date
    indicator_due: date
    statutory_in_time: bool
    indicator_in_time: bool
    participation: ParticipationCode | None = None
    late_reason: str | None = None


class Notice(Frozen):
    """A message owed to a person, for the post room.

    Attributes:
        key: unique in the episode, so that it is owed once.
        name: which notice.
        recipient: the role to receive it.
        about: the step or fact it speaks of.
        if_involved: owed only where somebody of that role is known to be involved with the child.
    """

    key: str
    name: NoticeName
    recipient: Role
    about: str
    if_involved: bool = False

    @property
    def step(self) -> str | None:
        """The key of the step that a reminder or an escalation speaks of; None for any other notice."""
        if self.name in (NoticeName.REMINDER, NoticeName.ESCALATION):
            return self.about.partition(":")[0]
        return None


class Agenda(Frozen):
    """The steps of one episode today, and the next alarm.

    Attributes:
        steps: every step derived, open and closed, earliest due first.
        stage: the first phase with an open step.
        reviews: the reviews held, in order.
        raised: the escalations that this derivation raises.
        notices: the notices that fall to be sent because of it.
        alarm: when to look again; None when nothing is to come.
        iro: the child's IRO, None when vacant.
        cover: who covers for them, if anyone does.
        ended_on: when care ended, by fact or by the 18th birthday.
        end_reason: the REC code, `turned_18` or `void`.
        finished: care has ended and nothing more is owed.
        review_due: the last day in law, whatever local policy asks, for the review that is owed, or that has opened
            and is not completed; None when none is.
        complete_by: the last day in law to complete a review that has opened.
        proposed: the IRO who is proposed and waits for the IRO manager's word.
        workers: the fact by which the case changed hands last; None while it is with those of the opening.
        highest_rung: the rung furthest up its ladder that an open step has reached.
        beside: the disputes and proceedings that have a clock of their own.
        carried: the ledger to go on with, when a cycle closed: without the facts that no open step needs.
        carried_raised: the escalations still needed with it, so that no rung is raised twice.
    """

    steps: tuple[Step, ...]
    stage: Phase
    reviews: tuple[ReviewLine, ...]
    raised: tuple[Escalation, ...]
    notices: tuple[Notice, ...]
    alarm: Alarm | None
    iro: str | None
    cover: str | None
    ended_on: date | None
    end_reason: str | None
    finished: bool
    review_due: date | None = None
    complete_by: date | None = None
    proposed: str | None = None
    workers: SocialWorkerChanged | None = None
    highest_rung: str | None = None
    beside: tuple[RunsBeside, ...] = ()
    carried: tuple[Entry, ...] | None = None
    carried_raised: tuple[Escalation, ...] | None = None

    @property
    def for_the_system(self) -> tuple[str, ...]:
        """The keys of the steps that the system owes and has not tried in vain."""
        return tuple(step.key for step in self.open_steps if step.owner is Role.SYSTEM and step.outcome is None)

    @property
    def held_due(self) -> date | None:
        """The last day in law for the last review that was held; None when none was."""
        return next((line.due for line in reversed(self.reviews) if line.name != "interim"), None)

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """What is still owed, earliest due first."""
        return tuple(step for step in self.steps if step.is_open)
