"""Facts in, agenda out: the whole of what the law asks of one episode today.

`PHASES` is the process; read its modules in this order to know it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from rules import (
    allocation,
    challenge,
    childs_road,
    dispute,
    follow_up,
    informing,
    monitoring,
    notification,
    preparation,
    proceedings,
    referral,
    review,
)
from rules.book import RuleBook
from rules.case import Case
from rules.challenges import challenges_of
from rules.clock import end_of, london_date, start_of
from rules.closing import close, is_unfinished, owed_again_at
from rules.disputes import disputes_of, is_disputed
from rules.facts import Entry
from rules.facts.care import SocialWorkerChanged
from rules.ladder import CLIMBING, highest_rung, next_rung, raise_rungs
from rules.named_iro import named_iro, proposed_iro
from rules.notices import notices
from rules.reading import Reading, read
from rules.settling import carry, newly_settled
from rules.steps import Agenda, Alarm, Escalation, RunsBeside, Step
from rules.vocabulary import Phase, StepState

PHASES: tuple[tuple[Phase, Callable[[Reading], Iterator[Step]]], ...] = (
    (Phase.NOTIFICATION, notification.steps),
    (Phase.ALLOCATION, allocation.steps),
    (Phase.INFORMING, informing.steps),
    (Phase.PREPARATION, preparation.steps),
    (Phase.REVIEW, review.steps),
    (Phase.FOLLOW_UP, follow_up.steps),
    (Phase.MONITORING, monitoring.steps),
    (Phase.CHALLENGE, challenge.steps),
    (Phase.CHILDS_ROAD, childs_road.steps),
    (Phase.PROCEEDINGS, proceedings.steps),
    (Phase.DISPUTE, dispute.steps),
    (Phase.REFERRAL, referral.steps),
)
"""The phases of the cycle, in order; the last five run beside it."""

_ORDER = {phase: place for place, (phase, _) in enumerate(PHASES)}


def derive(
    entries: Iterable[Entry],
    book: RuleBook,
    now: datetime,
    raised: Iterable[Escalation] = (),
    *,
    new: Collection[str] = (),
    spread: timedelta = timedelta(0),
) -> Agenda:
    """Derive the agenda of one episode.

    Args:
        entries: its ledger, in any order.
        book: the authority's limits, policy and calendar.
        now: the instant, UTC.
        raised: the escalations raised before.
        new: ids of the facts recorded since the agenda was last derived; they may owe notices.
        spread: the child's fixed offset for alarms.

    Returns:
        The steps, what is raised now, what is owed to whom, and when to look again.

    Raises:
        NoOpening: no fact says that the child became looked after.
    """
    ledger, before = tuple(entries), _by_step(raised)
    reading = read(Case(ledger), book, now)
    steps = tuple(sorted(_steps(reading), key=lambda step: (step.due, _ORDER[step.phase], step.key)))
    rising = _rising(reading, steps, before, spread)
    settled = newly_settled(reading, steps)
    by_step = _by_step((*(each for group in before.values() for each in group), *rising)) if rising else before
    standing = [each for group in by_step.values() for each in group]
    ending, named = reading.ending, named_iro(reading.case, reading.today)
    finish, owed = _finish(reading, steps), review.now_owed(reading, steps)
    beside = (*dispute.beside(reading, spread), *proceedings.beside(reading, spread))
    return Agenda(
        steps=steps,
        stage=_stage(reading, steps),
        reviews=review.lines(reading),
        raised=rising,
        notices=notices(reading, ledger, new, steps, rising),
        alarm=_alarm(reading, steps, by_step, spread, finish, beside),
        iro=named.iro,
        cover=named.cover,
        ended_on=ending.on if ending else None,
        end_reason=ending.reason if ending else None,
        finished=finish is not None and finish <= now,
        review_due=owed.due_in_law if owed else None,
        complete_by=review.complete_by(reading, owed),
        proposed=None if ending and not is_disputed(reading.case) else proposed_iro(reading.case, reading.today),
        workers=changed.fact if (changed := reading.case.last(SocialWorkerChanged)) else None,
        highest_rung=highest_rung(reading, steps, standing),
        beside=beside,
        carried=carry(reading, ledger, steps, settled) if settled else None,
        carried_raised=_still_needed(standing, steps) if settled else None,
    )


def _by_step(raised: Iterable[Escalation]) -> dict[str, list[Escalation]]:
    grouped: dict[str, list[Escalation]] = {}
    for escalation in raised:
        grouped.setdefault(escalation.step, []).append(escalation)
    return grouped


def _steps(reading: Reading) -> Iterator[Step]:
    for _, steps in PHASES:
        for step in steps(reading):
            yield close(reading, step)


def _rising(
    reading: Reading, steps: tuple[Step, ...], before: Mapping[str, list[Escalation]], spread: timedelta
) -> tuple[Escalation, ...]:
    return tuple(
        escalation
        for step in steps
        if step.ladder and step.state in CLIMBING
        for escalation in raise_rungs(reading, step, before.get(step.key, ()), spread)
    )


def _stage(reading: Reading, steps: tuple[Step, ...]) -> Phase:
    """The first phase with an open step, of the earliest cycle that has one. What runs beside the cycle is the stage
    where nothing else is open."""
    if reading.ending and reading.ending.void:
        return Phase.VOID
    open_steps = [step for step in steps if step.state is StepState.OPEN]
    if open_steps:
        of_the_cycle = [step for step in open_steps if not step.phase.runs_beside]
        return min(of_the_cycle or open_steps, key=lambda step: (step.cycle, _ORDER[step.phase])).phase
    return Phase.ENDED if reading.ending else Phase.MONITORING


def _finish(reading: Reading, steps: tuple[Step, ...]) -> datetime | None:
    """When an ended episode is closed to corrections; None while anything is owed, or will be again. What closed a
    challenge or a dispute since can be corrected as long."""
    if reading.ending is None or any(is_unfinished(reading, step) for step in steps):
        return None
    closed = [each.closed_by.at for each in challenges_of(reading.case) if each.closed_by]
    closed += [each.closed_by.at for each in disputes_of(reading.case) if each.closed_by]
    days = reading.book.policy.local.correction_period
    last = london_date(max((reading.ending.known_at, *closed)))
    return end_of(reading.book.calendar.working_days_after(last, days))


def _alarm(
    reading: Reading,
    steps: tuple[Step, ...],
    raised: Mapping[str, list[Escalation]],
    spread: timedelta,
    finish: datetime | None,
    beside: tuple[RunsBeside, ...],
) -> Alarm | None:
    """The next instant at which something changes by itself."""
    instants = [
        next_rung(reading, step, raised.get(step.key, ()), spread) for step in steps if step.state is StepState.OPEN
    ]
    instants += ((at + spread, what) for at, what in _changes(reading, steps))
    instants += (
        (_day_by_day(each.silent_from, reading.now), "a clock has not rung") for each in beside if each.silent_from
    )
    if finish:
        instants.append((finish, "the episode closes to corrections"))
    ahead = [instant for instant in instants if instant and instant[0] > reading.now]
    if not ahead:
        return None
    at, what = min(ahead, key=lambda instant: instant[0])
    return Alarm(at=at, what=what)


def _changes(reading: Reading, steps: tuple[Step, ...]) -> Iterator[tuple[datetime, str]]:
    """When something other than a rung changes by itself, and what."""
    for step in steps:
        if step.state is StepState.OPEN and step.ladder is None:
            yield end_of(step.due), f"{step.title}: the last day passes"
        elif step.state is StepState.EXEMPTED and (ends_at := owed_again_at(reading, step)):
            yield ends_at, f"{step.title}: the exemption ends"
    yield from ((at, "a referral to Cafcass is to be considered") for at in referral.considered_from(reading))
    if reading.ending is None:
        yield start_of(reading.case.eighteenth_birthday), "the 18th birthday"
        cover_until = named_iro(reading.case, reading.today).cover_until
        if cover_until:
            yield end_of(cover_until), "the cover for the IRO ends"


def _day_by_day(at: datetime, now: datetime) -> datetime:
    """An instant; once it has passed, the same time of the day that is to come."""
    return at if at > now else at + timedelta(days=(now - at).days + 1)


def _still_needed(raised: list[Escalation], steps: tuple[Step, ...]) -> tuple[Escalation, ...]:
    keys = {step.key for step in steps}
    return tuple(escalation for escalation in raised if escalation.step in keys)
