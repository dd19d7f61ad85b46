"""What passes between callers, the episode workflow and its activities."""

from datetime import date, datetime, timedelta

from rules.closed_days import ClosedDay
from rules.directory import Absence
from rules.facts import Entry, Fact
from rules.facts.care import BecameLookedAfter
from rules.steps import Alarm, Escalation, RunsBeside
from rules.vocabulary import Force, Frozen, Phase, Reference, Role, VacancyReason

DERIVE_AND_PUBLISH = "derive_and_publish"
CHOOSE_IRO = "choose_iro"
DERIVE_AGAIN = "derive_again"
RECORD_CLOSED_DAY = "record_closed_day"
GIVE_UP_CHILDREN = "give_up_children"
COVER_CHILDREN = "cover_children"
RAISE_CONCERNS = "raise_concerns"
MAKE_DIGESTS = "make_digests"
TELL_OPEN_EPISODES = "tell_open_episodes"
TASK_QUEUE = "iro-review-cycle"


class Act(Frozen):
    """One thing a person or a case system records."""

    fact: Fact


class Receipt(Frozen):
    """What the sender of an act is told once it is published.

    Attributes:
        fact: the fact's id.
        revision: the revision that holds it.
        stage: the episode's stage now.
        next_due: the earliest due date of an open step.
        overdue: how many open steps are past their day.
    """

    fact: str
    revision: int
    stage: Phase
    next_due: date | None
    overdue: int


class OwedStep(Frozen):
    """One open step as the workflow knows it; its whole basis stands in the register."""

    key: str
    title: str
    owner: Role
    phase: Phase
    due: date
    practical_due: date
    rule: str
    source: str
    force: Force
    outstanding: tuple[Role, ...] = ()


class DeriveRequest(Frozen):
    """What the agenda is derived from. Not kept in history: only the answer is.

    Attributes:
        episode: the episode's id.
        child_digest: the child's, the same in every episode.
        known_revision: the last revision the workflow knows; 0 before the first.
        entries: the whole ledger, the new facts among it.
        new: ids of the facts not yet published.
        raised: the escalations raised before.
        now: the workflow's instant, UTC.
        spread: the episode's fixed offset for alarms.
    """

    episode: str
    child_digest: str
    known_revision: int
    entries: tuple[Entry, ...]
    new: tuple[str, ...]
    raised: tuple[Escalation, ...]
    now: datetime
    spread: timedelta


class RefusedFact(Frozen):
    """A fact that was not recorded, by its id, and why, in one sentence."""

    fact: str
    why: str


class Derived(Frozen):
    """What history keeps of an agenda: what the workflow needs, and what explains its dates.

    Attributes:
        revision: the publication's number.
        at: the instant it was derived for, UTC.
        stage, steps, raised, alarm, iro, cover, ended_on, end_reason, finished: as in `rules.steps.Agenda`.
        review_due: the last day in law for the review now owed, or opened and not completed.
        complete_by: the last day in law to complete a review that has opened.
        held_due: the last day in law for the last review that was held.
        next_due: the earliest due date of an open step.
        overdue: how many open steps are past their day.
        highest_rung: the highest rung raised for a step that is still open.
        former_iro: the child's IRO in an earlier period of care, whom a return should find again.
        restored: facts that an earlier attempt published without an answer, and that the workflow does not hold.
        duplicates: ids among the new facts that an earlier revision holds already.
        refused: the new facts that were not recorded, and why: an id or a reference that stands for another fact, an
            IRO who may not review for the child.
        proposed: the IRO who waits for the IRO manager's word.
        for_the_system: the keys of the steps that the system is to perform now.
        beside: how the disputes and proceedings stand that have a clock of their own.
        carried, carried_raised: the ledger to go on with, when a cycle closed.
        rules_version, policy_version, calendar_version: what decided the dates.
    """

    revision: int
    at: datetime
    stage: Phase
    steps: tuple[OwedStep, ...]
    raised: tuple[Escalation, ...]
    alarm: Alarm | None
    iro: str | None
    cover: str | None
    ended_on: date | None
    end_reason: str | None
    finished: bool
    review_due: date | None
    complete_by: date | None = None
    held_due: date | None = None
    next_due: date | None
    overdue: int
    highest_rung: str | None
    former_iro: str | None = None
    restored: tuple[Entry, ...] = ()
    duplicates: tuple[str, ...] = ()
    refused: tuple[RefusedFact, ...] = ()
    proposed: str | None = None
    for_the_system: tuple[str, ...] = ()
    beside: tuple[RunsBeside, ...] = ()
    carried: tuple[Entry, ...] | None = None
    carried_raised: tuple[Escalation, ...] | None = None
    rules_version: str
    policy_version: str
    calendar_version: str


class ChooseRequest(Frozen):
    """What an IRO is chosen by. Not kept in history: only the fact that comes of it is.

    Attributes:
        episode: the episode's id.
        step: the key of the step that asks for it.
        known_revision: the last publication the workflow knows of.
        entries: the ledger.
        former_iro: the child's IRO in an earlier period of care.
        now: the workflow's instant, UTC.
    """

    episode: str
    step: str
    known_revision: int
    entries: tuple[Entry, ...]
    former_iro: str | None
    now: datetime


class Chosen(Frozen):
    """What came of it, as a fact: an IRO appointed or proposed, or nobody found."""

    fact: Fact


class EpisodeState(Frozen):
    """Everything an episode carries from one run to the next.

    Attributes:
        entries: the ledger that is published.
        raised: the escalations that must not be raised again.
        derived: the last agenda.
        beside: what each clock beside the episode was told last.
    """

    entries: tuple[Entry, ...]
    raised: tuple[Escalation, ...]
    derived: Derived
    beside: tuple[RunsBeside, ...] = ()


class EpisodeStart(Frozen):
    """How an episode begins, and how it goes on.

    Attributes:
        opening: the notification that opened it.
        child_digest: the child's, the same in every episode.
        spread: the episode's fixed offset for alarms.
        facts: what else was known at the opening, as an import brings it.
        carried: the state of the run before, when this one continues it.
    """

    opening: BecameLookedAfter
    child_digest: str
    spread: timedelta
    facts: tuple[Fact, ...] = ()
    carried: EpisodeState | None = None


class TimelineView(Frozen):
    """What happened in the open part of an episode."""

    entries: tuple[Entry, ...]
    raised: tuple[Escalation, ...]


class EpisodeOutcome(Frozen):
    """How an episode finished."""

    ended_on: date | None
    reason: str | None
    revision: int


class IroLeaving(Frozen):
    """An IRO leaves: each of their children is to have another.

    Attributes:
        iro: who.
        last_day: their last day in the post, a London date.
        reason: why they give the children up.
        by: who recorded it.
    """

    iro: Reference
    last_day: date
    reason: VacancyReason = VacancyReason.LEFTRL
    by: Reference


class IroAbsent(Frozen):
    """An IRO is away, and another covers for them."""

    absence: Absence
    by: Reference


class ChildrenTold(Frozen):
    """What came of telling the episodes of an IRO's children something.

    Attributes:
        episodes: those that took it.
        left: how many are still to be told; they could not take it today.
        over: there is nothing more to come: the absence has ended.
    """

    episodes: tuple[str, ...]
    left: int = 0
    over: bool = False


class Reallocated(Frozen):
    """The children who have another IRO now.

    Attributes:
        iro: who left.
        episodes: the children's.
        left: how many are still to be given another: they were given to this IRO today.
    """

    iro: str
    episodes: tuple[str, ...]
    left: int = 0


class ServiceWatched(Frozen):
    """What a look at the whole service came to: how many concerns were raised, or digests made."""

    raised: int


class CalendarChange(Frozen):
    """A bank holiday proclaimed or withdrawn, and who recorded it."""

    closed_day: ClosedDay
    by: Reference


class CalendarChanged(Frozen):
    """What came of it.

    Attributes:
        new: False when the day stood so already.
        episodes: how many open episodes were told.
    """

    new: bool
    episodes: int
