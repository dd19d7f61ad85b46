"""From a scenario to facts with dates, in the order people record them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, repeat
from typing import Any

from practice.scenarios import Cycle, In, Scenario, Scripted
from rules.calendar import ONE_DAY, WorkingCalendar, months_after
from rules.codes import LegalStatus
from rules.facts import Fact, parse_fact
from rules.facts.care import BecameLookedAfter, IroServiceNotified
from rules.facts.reviews import AfterReview, DecisionCarriedOut, ReviewArranged
from rules.vocabulary import Nation, birthday

NATION = Nation.ENGLAND
AUTHORITY = "810"
CHILD = "PRACTICE-1"
BY = "practice"


@dataclass(frozen=True)
class Act:
    """One act, on its day.

    Attributes:
        fact: what is recorded.
        refused: the rules are to refuse it.
    """

    fact: Fact
    refused: bool


@dataclass(frozen=True)
class Script:
    """A scenario with dates.

    Attributes:
        opening: that the child became looked after.
        notified: that the IRO service was told; the episode opens on that day.
        acts: everything else, by day.
        until: the last day.
    """

    opening: BecameLookedAfter
    notified: IroServiceNotified
    acts: tuple[Act, ...]
    until: date

    @property
    def days(self) -> list[tuple[date, list[Act]]]:
        """The acts of each day on which there is something to record."""
        by_day: dict[date, list[Act]] = {}
        for each in self.acts:
            by_day.setdefault(each.fact.on, []).append(each)
        return sorted(by_day.items())


def write_script(scenario: Scenario, today: date, years: int = 1) -> Script:
    """Put dates to a scenario.

    Args:
        scenario: which.
        today: a London date; the child becomes looked after on the working day after it.
        years: how long the case is followed.
    """
    writer = _Writer(WorkingCalendar(NATION))
    first_day = writer.calendar.working_days_after(today, 1)
    until = months_after(first_day, 12 * years)
    opening = BecameLookedAfter(
        id="opening",
        on=first_day,
        by=BY,
        authority=AUTHORITY,
        nation=NATION,
        child=CHILD,
        birth_date=months_after(first_day, -12 * scenario.age - 5),
        legal_status=LegalStatus(scenario.legal_status),
    )
    notified = writer.calendar.working_days_after(first_day, scenario.notified)
    eighteenth = birthday(opening.birth_date, 18)
    acts = [
        *writer.acts(scenario.opening, first_day, 1),
        *writer.reviews(scenario, first_day, min(until, eighteenth - ONE_DAY)),
    ]
    kept = (each for each in acts if each.fact.on <= until and _can_be(each.fact, eighteenth))
    return Script(
        opening=opening,
        notified=IroServiceNotified(id="notified", on=notified, by=BY),
        acts=tuple(sorted(kept, key=lambda each: each.fact.on)),
        until=until,
    )


def _can_be(fact: Fact, eighteenth: date) -> bool:
    """Whether the 18th birthday leaves room for it: what follows a review is done all the same."""
    if isinstance(fact, ReviewArranged):
        return fact.planned_for < eighteenth
    return fact.on < eighteenth or isinstance(fact, AfterReview | DecisionCarriedOut)


class _Writer:
    """Counts the days, and gives each fact an id of its own."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._numbers = count(1)

    def reviews(self, scenario: Scenario, first_day: date, last_day: date) -> Iterator[Act]:
        """What is done before and after each review, and before the one to come when the last day is reached."""
        review = first_day
        for number, cycle in enumerate(_as_they_come(scenario), 1):
            review = self._review_day(cycle, first_day, review)
            acts = self.acts(cycle.acts, review, number)
            if review > last_day:
                yield from (each for each in acts if each.fact.on <= last_day)
                return
            yield from acts

    def _review_day(self, cycle: Cycle, first_day: date, before: date) -> date:
        if cycle.days is not None:
            return self._day(first_day, cycle.days)
        assert cycle.weeks is not None
        return self.calendar.last_working_day(before + timedelta(weeks=cycle.weeks))

    def acts(self, scripted: tuple[Scripted, ...], anchor: date, cycle: int) -> Iterator[Act]:
        """The acts counted from one day."""
        for each in scripted:
            fields = {name: self._field(name, value, anchor, cycle) for name, value in each.fields.items()}
            on, fact_id = self._day(anchor, each.day), self._id(each.kind, cycle)
            yield Act(parse_fact({"kind": each.kind, "id": fact_id, "on": on, "by": BY, **fields}), each.refused)

    def _field(self, name: str, value: Any, anchor: date, cycle: int) -> Any:
        if isinstance(value, In):
            return self._day(anchor, value.days)
        # The same decision in a later cycle is another one.
        return f"{value}-{cycle}" if name == "decision" else value

    def _id(self, kind: str, cycle: int) -> str:
        # The ids of reviews stand in the keys of the steps that follow them.
        return f"review-{cycle}" if kind == "review_held" else f"{kind.replace('_', '-')}-{next(self._numbers)}"

    def _day(self, anchor: date, days: int) -> date:
        if days < 0:
            return self.calendar.working_days_before(anchor, -days)
        return self.calendar.working_days_after(anchor, days)


def _as_they_come(scenario: Scenario) -> Iterator[Cycle]:
    yield from scenario.cycles
    if not scenario.ends:
        yield from repeat(scenario.cycles[-1])
