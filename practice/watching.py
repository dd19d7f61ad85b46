"""Watching a case through the register: what is new since the last look, told as happenings."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Engine

from practice.happenings import Happening, Standing, What
from practice.words import day_and_year, in_words
from register import queries
from rules.calendar import ONE_DAY, WorkingCalendar
from rules.clock import london_date
from rules.codes import EndReason
from rules.ending import TURNED_EIGHTEEN
from rules.facts import Entry
from rules.facts.reviews import ReviewArranged
from rules.steps import Escalation, ReviewLine, Step
from rules.vocabulary import Phase, StepState

BREACH = "breach"
REMINDER = "reminder"

_CLOSED_AS = {
    StepState.DONE_IN_TIME: What.DONE,
    StepState.DONE_LATE: What.DONE_LATE,
    StepState.DEEMED: What.AGREED,
    StepState.MISSED: What.MISSED,
    StepState.EXEMPTED: What.NOT_OWED,
    StepState.NOT_REQUIRED: What.NOT_OWED,
}


class Watcher:
    """Remembers what it has seen of one episode, and tells what is new."""

    def __init__(self, register: Engine, episode: str, calendar: WorkingCalendar) -> None:
        """Begin with nothing seen.

        Args:
            register: the database.
            episode: which.
            calendar: by which lateness is counted.
        """
        self._register = register
        self._episode = episode
        self._calendar = calendar
        self._facts: set[str] = set()
        self._raised: set[tuple[str, str, datetime]] = set()
        self._reviews: set[str] = set()
        self._closed: set[str] = set()
        self._steps: dict[str, Step] = {}
        self._arranged: date | None = None
        self._ended = self._finished = False

    def look(self, now: datetime) -> list[Happening]:
        """What is new since the last look.

        Args:
            now: the case's clock, UTC.
        """
        self._steps = {step.key: step for step in queries.steps(self._register, self._episode)}
        return [
            *self._new_reviews(now),
            *self._new_facts(),
            *self._new_rungs(),
            *self._ending(now),
            *self._new_closings(now),
            *self._finish(now),
        ]

    def _new_facts(self) -> Iterator[Happening]:
        for entry in queries.facts(self._register, self._episode):
            if entry.fact.id not in self._facts:
                self._facts.add(entry.fact.id)
                yield from self._fact(entry)

    def _fact(self, entry: Entry) -> Iterator[Happening]:
        words = in_words(entry.fact, self._arranged)
        if isinstance(entry.fact, ReviewArranged):
            self._arranged = entry.fact.planned_for
        if words:
            yield Happening(at=entry.at, what=What.FACT, title=words)

    def _new_closings(self, now: datetime) -> Iterator[Happening]:
        for step in self._steps.values():
            if step.is_open or step.key in self._closed:
                continue
            self._closed.add(step.key)
            # A review that was held is told with its own line.
            if step.phase is not Phase.REVIEW or step.done_on is None:
                yield self._closing(step, now)

    def _closing(self, step: Step, now: datetime) -> Happening:
        late = step.state is StepState.DONE_LATE and step.done_on
        return Happening(
            at=now,
            what=_CLOSED_AS[step.state],
            title=step.title,
            step=step.key,
            due=step.due,
            days_late=self._calendar.working_days_between(step.due, step.done_on) if late and step.done_on else None,
            detail=step.reason,
        )

    def _new_reviews(self, now: datetime) -> Iterator[Happening]:
        for line in queries.reviews(self._register, self._episode):
            if line.key not in self._reviews:
                self._reviews.add(line.key)
                yield self._review(line, now)

    def _review(self, line: ReviewLine, now: datetime) -> Happening:
        late = self._calendar.working_days_between(line.due, line.opened_on)
        owed = next((step for step in self._steps.values() if step.is_open and step.phase is Phase.REVIEW), None)
        return Happening(
            at=now,
            what=What.REVIEW,
            title=line.name.replace("_", " ").capitalize(),
            due=line.due,
            days_late=late or None,
            detail=f"next by {day_and_year(owed.due)}" if owed else None,
        )

    def _new_rungs(self) -> Iterator[Happening]:
        known = queries.escalations(self._register, self._episode)
        for raised in sorted(known, key=lambda each: (each.at, each.due)):
            key = (raised.step, raised.rung, raised.at)
            if key not in self._raised:
                self._raised.add(key)
                yield self._rung(raised)

    def _rung(self, raised: Escalation) -> Happening:
        what = What.SLIPPED if BREACH in raised.rungs else What.REMINDER if raised.rung == REMINDER else What.RAISED
        # The day on which it is raised has only begun.
        late = self._calendar.working_days_between(raised.due, london_date(raised.at) - ONE_DAY)
        return Happening(
            at=raised.at,
            what=what,
            title=self._steps[raised.step].title,
            step=raised.step,
            due=raised.due,
            days_late=late or None,
            rung=raised.rung,
            covers=raised.covers,
            told=raised.tell,
        )

    def _ending(self, now: datetime) -> Iterator[Happening]:
        line = queries.episode(self._register, self._episode, today=london_date(now))
        if line and line.ended_on and line.end_reason and not self._ended:
            self._ended = True
            yield Happening(at=now, what=What.ENDED, title=f"Care has ended: {_reason(line.end_reason)}")

    def _finish(self, now: datetime) -> Iterator[Happening]:
        line = queries.episode(self._register, self._episode, today=london_date(now))
        if line and line.finished and not self._finished:
            self._finished = True
            yield Happening(at=now, what=What.CLOSED, title="Nothing more is owed; the episode is closed")

    def standing(self, now: datetime) -> Standing:
        """How the case stands.

        Args:
            now: the case's clock, UTC.
        """
        today, steps = london_date(now), list(self._steps.values())
        owed = [step for step in steps if step.is_open]
        states = Counter(step.state for step in steps)
        return Standing(
            on=today,
            closed=self._finished,
            in_time=states[StepState.DONE_IN_TIME] + states[StepState.DEEMED],
            late=states[StepState.DONE_LATE],
            missed=states[StepState.MISSED],
            reviews=tuple(queries.reviews(self._register, self._episode)),
            rungs=dict(Counter(rung for _, rung, _ in self._raised)),
            notices=len(queries.owed_notices(self._register, self._episode)),
            overdue=sum(step.is_overdue(today) for step in owed),
            next_step=owed[0].key if owed else None,
            next_title=owed[0].title if owed else None,
            next_due=owed[0].due if owed else None,
        )


def _reason(code: str) -> str:
    """Why care ended, in words."""
    if code == TURNED_EIGHTEEN:
        return "the 18th birthday"
    return EndReason(code).words if code in set(EndReason) else code
