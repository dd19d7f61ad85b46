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
from rules.facts import (
    EarlyReviewRequired,
    FactBase,
    LegalStatusChanged,
    ReviewAdjourned,
    ReviewArranged,
    ReviewHeld,
    ReviewOpened,
    ShortBreakLimitExceeded,
)
from rules.steps import Basis
from rules.vocabulary import Unit


@dataclass(frozen=True)
class Stretch:
    """A part of the period of care with one review timetable: a series of short breaks, or full care.

    Attributes:
        start: the fact that began it.
        until: the day the next stretch began (exclusive), None for the last.
        short_breaks: reg 48 gives the timetable.
    """

    start: Known[FactBase]
    until: date | None
    short_breaks: bool


@dataclass(frozen=True)
class Cycle:
    """From one review (or the beginning) to the next.

    Attributes:
        number: 1 for the cycle that leads to the first review.
        name: first_review, second_review or subsequent_review.
        start: what the limit is counted from: the beginning, or the previous review.
        normal: the limit that reg 33(1) and (2) set.
        early: duties to hold it earlier (reg 33(3)).
        basis: the limit that governs: the earliest of them.
        opened_on: the first meeting, if there was one.
        adjourned: the adjournment, if there was one.
        held: the review, once completed.
        arranged: the latest arrangement of its day, while it has not been held.
        superseded: another timetable took over before it was held.
    """

    number: int
    name: str
    start: Known[FactBase]
    normal: Basis
    early: tuple[Known[EarlyReviewRequired], ...]
    basis: Basis
    others: tuple[Basis, ...]
    opened_on: date | None
    adjourned: Known[ReviewAdjourned] | None
    held: Known[ReviewHeld] | None
    arranged: Known[ReviewArranged] | None
    superseded: bool

    @property
    def key(self) -> str:
        """What tells this cycle's steps from those of others: empty for the first."""
        return "" if self.number == 1 else self.start.id

    @property
    def review_day(self) -> date:
        """The day preparation looks to: the first meeting, else the day arranged, else the practical last day."""
        if self.opened_on:
            return self.opened_on
        return self.arranged.fact.planned_for if self.arranged else self.basis.practical_due

    @property
    def prepared_after(self) -> date:
        """The day after which what is done counts towards this cycle's review (exclusive)."""
        return start_of_preparation(self.start)

    @property
    def prepared_until(self) -> date | None:
        """The last day on which what is done counts towards this cycle's review; None while it is owed."""
        return self.held.on if self.held else None

    @property
    def settled(self) -> bool:
        """Its steps all stand closed in the register."""
        return self.held is not None and self.held.settled

    @property
    def indicator_due(self) -> date:
        """The last day by the 91/183-day indicator (NI 66; 20 working days for the first review)."""
        return (
            self.normal.due
            if self._indicator_days is None
            else self.start.on + timedelta(self._indicator_days)
        )

    @property
    def _indicator_days(self) -> int | None:
        if self.normal.unit is not Unit.MONTHS:
            return None
        return 91 if self.normal.amount is not None and self.normal.amount <= 3 else 183


def is_short_break_series(case: Case) -> bool:
    """Whether the child is, by the latest facts, in a series of short breaks (reg 48)."""
    return _stretches(case)[-1].short_breaks


def cycles_of(case: Case, book: RuleBook) -> tuple[Cycle, ...]:
    """Every cycle of the period of care, the last one open.

    Args:
        case: the facts.
        book: the authority's limits and calendar.
    """
    found: list[Cycle] = []
    for stretch in _stretches(case):
        found.extend(_cycles_of_stretch(case, book, stretch, len(found)))
    return tuple(found)


def start_of_preparation(start: Known[FactBase]) -> date:
    """The day after which what is done counts towards the next review: on a review's own day it still counts
    towards that review."""
    return start.on if isinstance(start.fact, ReviewHeld) else start.on - timedelta(days=1)


def _stretches(case: Case) -> list[Stretch]:
    if not case.opening.fact.legal_status.is_short_break:
        return [Stretch(case.opening, None, short_breaks=False)]
    converted = _conversion(case)
    if converted is None:
        return [Stretch(case.opening, None, short_breaks=True)]
    return [
        Stretch(case.opening, converted.on, short_breaks=True),
        Stretch(converted, None, short_breaks=False),
    ]


def _conversion(case: Case) -> Known[FactBase] | None:
    """The fact that made a child in short breaks fully looked after; its day is D0 of the new timetable."""
    exceeded = case.all(ShortBreakLimitExceeded)
    changed = [known for known in case.all(LegalStatusChanged) if not known.fact.legal_status.is_short_break]
    return min((*exceeded, *changed), key=lambda known: (known.on, known.id), default=None)


def _cycles_of_stretch(case: Case, book: RuleBook, stretch: Stretch, before: int) -> Iterator[Cycle]:
    reviews = [
        known
        for known in case.all(ReviewHeld)
        if known.fact.counts
        and known.on >= stretch.start.on
        and (stretch.until is None or known.on < stretch.until)
    ]
    start: Known[FactBase] = stretch.start
    for ordinal, held in enumerate([*reviews, None], 1):
        rule = _rule(ordinal, stretch.short_breaks)
        yield _cycle(
            case, book, before + ordinal, _name(ordinal), book.basis(rule, start.on), start, held, stretch
        )
        if held:
            start = held


def _name(ordinal: int) -> str:
    return {1: "first_review", 2: "second_review"}.get(ordinal, "subsequent_review")


def _rule(ordinal: int, short_breaks: bool) -> str:
    if short_breaks:
        return "short_break_first_review" if ordinal == 1 else "short_break_subsequent_review"
    return _name(ordinal)


def _cycle(
    case: Case,
    book: RuleBook,
    number: int,
    name: str,
    normal: Basis,
    start: Known[FactBase],
    held: Known[ReviewHeld] | None,
    stretch: Stretch,
) -> Cycle:
    early = tuple(known for known in case.all(EarlyReviewRequired) if _asks_for(known, start, held))
    bases = sorted(
        (normal, *(book.basis("early_review", known.fact.before) for known in early)), key=lambda b: b.due
    )
    until = held.on if held else None
    after = start_of_preparation(start)
    adjourned = case.within(ReviewAdjourned, after, until)
    meetings = [known.on for known in (*case.within(ReviewOpened, after, until), *adjourned)]
    if held:
        meetings.append(held.fact.opened_on or held.on)
    arranged = [known for known in case.all(ReviewArranged) if known.on >= start.on < known.fact.planned_for]
    superseded = held is None and stretch.until is not None
    return Cycle(
        number=number,
        name=name,
        start=start,
        normal=normal,
        early=early,
        basis=bases[0],
        others=tuple(bases[1:]),
        opened_on=min(meetings, default=None) if not superseded else None,
        adjourned=adjourned[0] if adjourned else None,
        held=held,
        arranged=arranged[-1] if arranged and held is None else None,
        superseded=superseded,
    )


def _asks_for(
    early: Known[EarlyReviewRequired], start: Known[FactBase], held: Known[ReviewHeld] | None
) -> bool:
    """Whether an early-review duty is for the review that ends this cycle."""
    if early.on < start.on or (isinstance(start.fact, ReviewHeld) and early.fact.before <= start.on):
        return False
    return held is None or early.on < held.on or early.fact.before <= held.on
