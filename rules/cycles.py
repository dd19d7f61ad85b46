"""The chain of reviews: which review is owed, from what day, and which early duty comes before it.

Counted from the day the previous review was actually completed, not from when it was due (CPPCR reg 33(2)). A
review held early is the next review: held between the first and the second it is the second, and six months run
from it (practice notes 4.1). A meeting that does not count moves nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.book import RuleBook
from rules.case import Case, Known
from rules.early_reviews import EarlyDuty, early_duties
from rules.facts.base import FactBase
from rules.facts.reviews import ReviewAdjourned, ReviewArranged, ReviewHeld, ReviewOpened
from rules.steps import Basis
from rules.stretches import Stretch, stretches_of


@dataclass(frozen=True, slots=True)
class Cycle:
    """From one review (or the beginning) to the next.

    Attributes:
        number: 1 for the cycle that leads to the first review.
        name: first_review, second_review or subsequent_review.
        start: what the limit is counted from: the beginning, or the previous review.
        normal: the limit that reg 33(1) and (2) set, as local policy has it.
        early: duties to hold it earlier (reg 33(3), 17(d) and 32(2)).
        basis: the limit that governs: the earliest of them.
        others: the limits that do not govern.
        due_in_law: the last day in law, whatever local policy asks.
        indicator_due: the last day by the 91/183-day indicator (NI 66); for the first review, the day in law.
        opening: the fact that records its first meeting, if one was recorded by itself.
        opened_on: the first meeting, if there was one.
        adjourned: the adjournment, if there was one.
        held: the review, once completed.
        arranged: the latest arrangement of its day, while it has not been held.
        superseded: another timetable took over before it was held.
        prepared_after: the day after which what is done counts towards its review (exclusive).
    """

    number: int
    name: str
    start: Known[FactBase]
    normal: Basis
    early: tuple[EarlyDuty, ...]
    basis: Basis
    others: tuple[Basis, ...]
    due_in_law: date
    indicator_due: date
    opening: Known[FactBase] | None
    opened_on: date | None
    adjourned: Known[ReviewAdjourned] | None
    held: Known[ReviewHeld] | None
    arranged: Known[ReviewArranged] | None
    superseded: bool
    prepared_after: date

    @property
    def key(self) -> str:
        """What tells this cycle's steps from those of others: empty for the first."""
        return "" if self.number == 1 else self.start.id

    @property
    def asked_early_by(self) -> tuple[Known[FactBase], ...]:
        """The facts that its early duties come from."""
        return tuple([known for duty in self.early for known in duty.sources])

    @property
    def review_day(self) -> date:
        """The day preparation looks to: the first meeting, else the day arranged, else the practical last day."""
        if self.opened_on:
            return self.opened_on
        return self.arranged.fact.planned_for if self.arranged else self.basis.practical_due

    @property
    def prepared_until(self) -> date | None:
        """The last day on which what is done counts towards this cycle's review; None while it is owed."""
        return self.held.on if self.held else None

    @property
    def settled(self) -> bool:
        """Its steps all stand closed in the register."""
        return self.held is not None and self.held.settled


def is_short_break_series(case: Case) -> bool:
    """Whether the child is, by the latest facts, in a series of short breaks (reg 48)."""
    return stretches_of(case)[-1].short_breaks


def cycles_of(case: Case, book: RuleBook) -> tuple[Cycle, ...]:
    """Every cycle of the period of care, the last one open.

    Args:
        case: the facts.
        book: the authority's limits and calendar.
    """
    found: list[Cycle] = []
    for stretch in stretches_of(case):
        found.extend(_cycles_of_stretch(case, book, stretch, len(found)))
    return tuple(found)


def cycle_on(cycles: tuple[Cycle, ...], day: date) -> int:
    """The number of the cycle that was running on a day; a review's own day belongs to the cycle it begins."""
    return next((cycle.number for cycle in reversed(cycles) if cycle.start.on <= day), 1)


def start_of_preparation(start: Known[FactBase]) -> date:
    """The day after which what is done counts towards the next review: on a review's own day it still counts
    towards that review."""
    return start.on if isinstance(start.fact, ReviewHeld) else start.on - timedelta(days=1)


def _cycles_of_stretch(case: Case, book: RuleBook, stretch: Stretch, before: int) -> Iterator[Cycle]:
    reviews = [
        held
        for held in case.reviews
        if held.on >= stretch.start.on and (stretch.until is None or held.on < stretch.until)
    ]
    start: Known[FactBase] = stretch.start
    for ordinal, held in enumerate([*reviews, None], 1):
        yield _cycle(case, book, stretch, before, ordinal, start, held)
        if held:
            start = held


def _cycle(
    case: Case,
    book: RuleBook,
    stretch: Stretch,
    before: int,
    ordinal: int,
    start: Known[FactBase],
    held: Known[ReviewHeld] | None,
) -> Cycle:
    name = _name(ordinal) if stretch.start_known else "subsequent_review"
    normal, in_law, indicator_due = _normal_limits(book, stretch, ordinal, start.on)
    early = tuple([duty for duty in early_duties(case) if _asks_for(duty, start, held)])
    bases, due_in_law = _governing(book, normal, in_law, early)
    superseded = held is None and stretch.until is not None
    prepared_after = start_of_preparation(start)
    first, adjourned = (None, None) if superseded else _meetings(case, prepared_after, held)
    meetings = [first.on] if first else []
    if held:
        meetings.append(held.fact.opened_on or held.on)
    return Cycle(
        number=before + ordinal,
        name=name,
        start=start,
        normal=normal,
        early=early,
        basis=bases[0],
        others=tuple(bases[1:]),
        due_in_law=due_in_law,
        indicator_due=indicator_due,
        opening=first,
        opened_on=min(meetings, default=None),
        adjourned=adjourned,
        held=held,
        arranged=None if held else _arrangement(case, start),
        superseded=superseded,
        prepared_after=prepared_after,
    )


def _name(ordinal: int) -> str:
    return {1: "first_review", 2: "second_review"}.get(ordinal, "subsequent_review")


def _normal_limits(book: RuleBook, stretch: Stretch, ordinal: int, day: date) -> tuple[Basis, Basis, date]:
    """The limit without early duties: as local policy has it, as the law has it, and the indicator's day."""
    rule = _rule(stretch, ordinal)
    normal, in_law, indicator_days = book.basis(rule, day), book.in_law(rule, day), book.limit(rule).indicator_days
    if not stretch.start_known and ordinal == 1:
        # Six months from the first day seen: whenever care began, a review was owed by then.
        normal = in_law = in_law.model_copy(update={"event": "the child was first seen to be looked after"})
    return normal, in_law, day + timedelta(indicator_days) if indicator_days else in_law.due


def _governing(book: RuleBook, normal: Basis, in_law: Basis, early: tuple[EarlyDuty, ...]) -> tuple[list[Basis], date]:
    """The limits on a review, the one that governs first, and the last day in law."""
    if not early and in_law is normal:
        return [normal], normal.due
    required = [book.basis(duty.rule, duty.before) for duty in early]
    bases = [normal, *required] if in_law is normal else [normal, *required, in_law]
    return sorted(bases, key=lambda basis: basis.due), min(basis.due for basis in (in_law, *required))


def _rule(stretch: Stretch, ordinal: int) -> str:
    if stretch.short_breaks:
        return "short_break_first_review" if ordinal == 1 else "short_break_subsequent_review"
    return _name(ordinal) if stretch.start_known else "subsequent_review"


def _meetings(
    case: Case, after: date, held: Known[ReviewHeld] | None
) -> tuple[Known[FactBase] | None, Known[ReviewAdjourned] | None]:
    """The fact that records the first meeting of a cycle's review, and its adjournment."""
    if held and held.settled:
        return None, None  # A settled review says itself when it opened.
    until = held.on if held else None
    adjourned = case.within(ReviewAdjourned, after, until)
    opened = case.within(ReviewOpened, after, until)
    first = min((*opened, *adjourned), key=lambda known: known.on, default=None)
    return first, adjourned[0] if adjourned else None


def _arrangement(case: Case, start: Known[FactBase]) -> Known[ReviewArranged] | None:
    """The latest day arranged since the cycle began, for a day after it began."""
    arranged = case.all(ReviewArranged)
    return next((known for known in reversed(arranged) if known.on >= start.on < known.fact.planned_for), None)


def _asks_for(early: EarlyDuty, start: Known[FactBase], held: Known[ReviewHeld] | None) -> bool:
    """Whether an early-review duty is for the review that ends this cycle. What took effect before the cycle began, and
    is reported since, asks nothing of it any more."""
    reported = early.on
    reviewed_since = isinstance(start.fact, ReviewHeld) and early.before == start.on
    if reported < start.on or early.before < start.on or reviewed_since:
        return False
    return held is None or reported < held.on or early.before <= held.on
