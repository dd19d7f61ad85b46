"""The dates that follow from a few days: those owed, and the reviews to come if each is held on its last day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from commands.running import Fault
from rules.acceptance import check_opening, says
from rules.agenda import PHASES, derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar
from rules.case import Case
from rules.clock import LONDON
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.cycles import cycles_of
from rules.facts import Entry, Fact
from rules.facts.care import BecameLookedAfter, IroServiceNotified
from rules.facts.reviews import ReviewHeld
from rules.policy import Policy
from rules.steps import Agenda, Basis, Skipped, Step
from rules.vocabulary import Force, Frozen, Nation, Phase, Role, StepState, Unit, birthday

ASKED = "dates"
"""Who recorded these facts."""
LAST_OF_THE_CHAIN = "subsequent_review"
REVIEWS = frozenset({"first_review", "second_review", LAST_OF_THE_CHAIN})
NOT_TOLD = frozenset({Phase.PREPARATION, Phase.MONITORING})
"""Of a review that was held we are told the day alone, and not what was done before it."""

_ORDER = {phase: place for place, (phase, _) in enumerate(PHASES)}


@dataclass(frozen=True)
class Given:
    """The days to work from; all are London dates.

    Attributes:
        birth: None where it is not known; then nobody turns 18.
        notified: the day the IRO service was told.
        reviews: the days reviews were completed, in order.
        closed_days: bank holidays that the calendar does not know.
        as_of: the day to reckon on.
    """

    nation: Nation
    became_looked_after: date
    as_of: date
    birth: date | None = None
    notified: date | None = None
    reviews: tuple[date, ...] = ()
    closed_days: tuple[date, ...] = ()


class DateRow(Frozen):
    """One date: what is owed, by when, and the working behind it.

    Attributes:
        step: the step's name, by its rule.
        state: open, or how it was done, as far as the days given tell.
        overdue: it is open, and its last day has passed.
        projected: nothing is owed yet; the date stands if each review before it is held on its last day.
        indicator_due: of a review, the last day by the 91/183-day indicator.
        others: later or outer limits on the same step.
    """

    step: str
    due: date
    practical_due: date
    title: str
    owner: Role
    phase: Phase
    cycle: int
    state: StepState
    done_on: date | None
    overdue: bool
    projected: bool
    rule: str
    source: str
    force: Force
    unverified: bool
    amount: int | None
    unit: Unit
    before: bool
    counted_from: date
    event: str
    skipped: tuple[Skipped, ...]
    indicator_due: date | None
    others: tuple[Basis, ...]
    key: str


def forecast(given: Given, policy: Policy) -> tuple[DateRow, ...]:
    """Work out the dates.

    Args:
        given: the days to work from.
        policy: the authority's own limits.

    Returns:
        The dates, earliest last day first.

    Raises:
        Fault, Refused: the days contradict each other.
    """
    _refuse_impossible(given)
    book = RuleBook(_calendar(given), policy)
    rows = [_row(given, book, step) for step in _owed(given, book, given.reviews) if _is_told(given, step)]
    rows += [_row(given, book, step, assumed) for step, assumed in _projected(given, book)]
    return tuple(sorted(rows, key=lambda row: (row.due, _ORDER[row.phase], row.key)))


def _refuse_impossible(given: Given) -> None:
    opening = _opening(given)
    # A day to come is no fault here: people look ahead.
    check_opening(opening, max(given.as_of, opening.on))
    if len(set(given.reviews)) < len(given.reviews):
        raise Fault("A review day is given twice; give each review once.")
    if given.reviews and given.reviews[0] < opening.on:
        raise Fault(
            f"A review is said to be on {says(given.reviews[0])}, before the child became looked after"
            f" ({says(opening.on)}); correct one of them."
        )
    if given.birth and given.reviews and given.reviews[-1] >= birthday(given.birth, 18):
        raise Fault("A review is said to be on or after the 18th birthday; correct one of them.")


def _calendar(given: Given) -> WorkingCalendar:
    published = WorkingCalendar(given.nation)
    added = [day for day in given.closed_days if published.is_working_day(day)]
    return WorkingCalendar(
        given.nation, [ClosedDay(nation=given.nation, day=day, change=ClosedDayChange.ADD) for day in added]
    )


def _opening(given: Given) -> BecameLookedAfter:
    return BecameLookedAfter(
        id="opening",
        on=given.became_looked_after,
        by=ASKED,
        authority="000",
        nation=given.nation,
        child="child",
        birth_date=given.birth or given.became_looked_after,
    )


def _entries(given: Given, reviews: tuple[date, ...]) -> list[Entry]:
    at = datetime.combine(given.as_of, time(12), LONDON)
    opening = _opening(given)
    if given.birth is None:
        # Nobody turns 18 whose birth date is not known: no earlier than all the days given.
        opening = opening.model_copy(update={"birth_date": max(given.as_of, opening.on, *reviews)})
    facts: list[Fact] = [opening]
    if given.notified:
        facts.append(IroServiceNotified(id="notified", on=given.notified, by=ASKED))
    facts += [ReviewHeld(id=f"review-{day}", on=day, by=ASKED) for day in reviews]
    return [Entry(fact=fact, at=at) for fact in facts]


def _owed(given: Given, book: RuleBook, reviews: tuple[date, ...]) -> tuple[Step, ...]:
    entries = _entries(given, reviews)
    agenda: Agenda = derive(entries, book, entries[0].at)
    return agenda.steps


def _is_told(given: Given, step: Step) -> bool:
    """Whether a step belongs in the answer."""
    if step.state is StepState.NOT_REQUIRED or (step.phase in NOT_TOLD and step.cycle <= len(given.reviews)):
        return False
    beyond = given.birth is not None and step.due >= birthday(given.birth, 18)
    return not (step.is_open and step.phase is not Phase.FOLLOW_UP and beyond)


def _projected(given: Given, book: RuleBook) -> Iterator[tuple[Step, tuple[date, ...]]]:
    """The reviews after the one now owed, each with the review days it assumes."""
    reviews = given.reviews
    while True:
        step = next(
            (
                each
                for each in _owed(given, book, reviews)
                if each.name in REVIEWS and each.cycle == len(reviews) + 1 and each.is_open
            ),
            None,
        )
        if step is None or not _is_told(given, step):
            return
        if len(reviews) > len(given.reviews):
            yield step, reviews
        if step.name == LAST_OF_THE_CHAIN:
            return
        reviews = (*reviews, step.due)


def _row(given: Given, book: RuleBook, step: Step, assumed: tuple[date, ...] | None = None) -> DateRow:
    basis = step.basis.model_dump(exclude={"due", "practical_due"})
    return DateRow(
        step=step.name,
        due=step.due,
        practical_due=step.basis.practical_due,
        indicator_due=_indicator_due(given, book, step, given.reviews if assumed is None else assumed),
        overdue=step.is_overdue(given.as_of),
        projected=assumed is not None,
        **step.model_dump(include={"title", "owner", "phase", "cycle", "state", "done_on", "others", "key"}),
        **basis,
    )


def _indicator_due(given: Given, book: RuleBook, step: Step, reviews: tuple[date, ...]) -> date | None:
    if step.name not in REVIEWS:
        return None
    return cycles_of(Case(_entries(given, reviews)), book)[step.cycle - 1].indicator_due
