"""The rule book of one authority: its nation's limits, its own policy, and the calendar, asked together.

Every due date is made here, so every due date carries its basis.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from rules.calendar import WorkingCalendar, months_after
from rules.clock import end_of, start_of
from rules.kept import Kept
from rules.limits import LIMITS, Limit
from rules.policy import LOCAL_SOURCE, Policy, Rung
from rules.steps import Basis, Skipped
from rules.vocabulary import Force, LadderName, Nation, Unit


@dataclass(frozen=True)
class TimedRung:
    """A rung of one step's ladder, with the instant it is reached, UTC."""

    rung: Rung
    at: datetime


@dataclass(frozen=True, eq=False)
class RuleBook:
    """What decides the dates of one authority's children."""

    calendar: WorkingCalendar
    policy: Policy
    directory: str = ""
    """The version of the directory of IROs; empty while it holds none, and then the system proposes nobody."""
    _limits: Kept[str, Limit] = field(default_factory=Kept, init=False, repr=False)
    _bases: Kept[tuple[str, date], Basis] = field(default_factory=Kept, init=False, repr=False)
    _rungs: Kept[tuple[str, date, date], tuple[TimedRung, ...]] = field(default_factory=Kept, init=False, repr=False)

    @property
    def nation(self) -> Nation:
        """England or Wales."""
        return self.calendar.nation

    def limit(self, rule: str) -> Limit:
        """A limit by its rule, as local policy has tightened it.

        Raises:
            KeyError: this nation has no such rule.
        """
        found = self._limits.get(rule)
        return found or self._limits.keep(rule, self.policy.applied(LIMITS[self.nation][rule]))

    def basis(self, rule: str, day: date) -> Basis:
        """The working of a due date.

        Args:
            rule: the limit's name.
            day: the London date it is counted from; for a limit with no period, the due date itself.
        """
        found = self._bases.get((rule, day))
        return found or self._bases.keep((rule, day), self._reckon(self.limit(rule), day))

    def with_days(self, rule: str, days: int, day: date) -> Basis:
        """The working of a due date whose days local policy sets case by case.

        Args:
            rule: the limit's name.
            days: how many, in the limit's own unit.
            day: the London date it is counted from.
        """
        kept = (f"{rule}:{days}", day)
        found = self._bases.get(kept)
        if found is None:
            source = f"{self.limit(rule).source}; days by {LOCAL_SOURCE}"
            limit = self.limit(rule).model_copy(update={"amount": days, "force": Force.LOCAL, "source": source})
            found = self._bases.keep(kept, self._reckon(limit, day))
        return found

    def in_law(self, rule: str, day: date) -> Basis:
        """The working of a due date as the law alone has it, whatever local policy asks.

        Args:
            rule: the limit's name.
            day: the London date it is counted from.
        """
        if rule not in self.policy.limits:
            return self.basis(rule, day)
        return self._reckon(LIMITS[self.nation][rule], day)

    def beside(self, basis: Basis) -> tuple[Basis, ...]:
        """What the law itself asks, beside a due date that local policy has tightened; else nothing."""
        if basis.rule not in self.policy.limits:
            return ()
        return (self.not_before(self.in_law(basis.rule, basis.counted_from), basis.due),)

    def local_basis(self, rule: str, standing_in_for: str, amount: int, event: str, day: date) -> Basis:
        """The working of a due date that only local policy sets.

        Args:
            rule: the local limit's name.
            standing_in_for: the national limit on the same step.
            amount: working days.
            event: what it is counted from, in words.
            day: the London date it is counted from.
        """
        found = self._bases.get((rule, day))
        if found is None:
            changes = {"rule": rule, "amount": amount, "event": event, "force": Force.LOCAL, "source": LOCAL_SOURCE}
            limit = self.limit(standing_in_for).model_copy(update=changes | {"unverified": False})
            found = self._bases.keep((rule, day), self._reckon(limit, day))
        return found

    def not_before(self, basis: Basis, day: date) -> Basis:
        """The same basis, due no earlier than a day: nothing falls due before what set it off."""
        if basis.due >= day:
            return basis
        return basis.model_copy(update={"due": day, "practical_due": day, "skipped": ()})

    def rungs(self, ladder: LadderName, due: date, practical_due: date) -> tuple[TimedRung, ...]:
        """When each rung of a ladder is reached.

        A reminder comes at the start of a day, so many working days before the practical last day; what follows a
        breach at the end of a day, so many working days after the last day in law.

        Args:
            ladder: its name.
            due: the last day in law.
            practical_due: the practical last day.
        """
        found = self._rungs.get((ladder, due, practical_due))
        if found is None:
            timed = (TimedRung(rung, self._reached_at(rung, due, practical_due)) for rung in self.policy.ladder(ladder))
            found = self._rungs.keep((ladder, due, practical_due), tuple(timed))
        return found

    def _reached_at(self, rung: Rung, due: date, practical_due: date) -> datetime:
        if rung.working_days < 0:
            return start_of(self.calendar.working_days_before(practical_due, -rung.working_days))
        return end_of(self.calendar.working_days_after(due, rung.working_days))

    def _reckon(self, limit: Limit, day: date) -> Basis:
        due, skipped = self._due(limit, day)
        return Basis(
            rule=limit.rule,
            source=limit.source,
            force=limit.force,
            unverified=limit.unverified,
            counted_from=day,
            event=limit.event,
            amount=limit.amount,
            unit=limit.unit,
            before=limit.before,
            due=due,
            practical_due=self._practical(limit, day, due),
            skipped=skipped,
        )

    def _practical(self, limit: Limit, day: date, due: date) -> date:
        """The last working day on or before a due date, but never before the event it is counted from."""
        practical = self.calendar.last_working_day(due)
        follows_event = not limit.before and limit.unit is not Unit.ON_THE_DAY
        return max(practical, day) if follows_event else practical

    def _due(self, limit: Limit, day: date) -> tuple[date, tuple[Skipped, ...]]:
        amount = limit.amount
        if amount is None or limit.unit is Unit.ON_THE_DAY:
            return day, ()
        if limit.unit is Unit.MONTHS:
            return months_after(day, amount), ()
        count = self.calendar.working_days_before if limit.before else self.calendar.working_days_after
        due = count(day, amount)
        return due, self.calendar.skipped(day, due)
