"""How many agendas a core derives in a second, for a child who has been looked after for three years."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from rules.agenda import derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar, months_after
from rules.codes import ParticipationCode
from rules.facts import Entry, Fact
from rules.facts.care import BecameLookedAfter, IroServiceNotified
from rules.facts.iro import IroAppointed, IroMadeKnown, ReviewingPolicyGiven
from rules.facts.reviews import (
    ChildConsulted,
    DecisionCarriedOut,
    DecisionMade,
    DecisionsCirculated,
    DecisionsSent,
    DiscussionHeld,
    InvitationsSent,
    ManagerReplied,
    MidPointChecked,
    RecordCompleted,
    RecordDistributed,
    ReportReceived,
    ReviewArranged,
    ReviewHeld,
    ViewsGathered,
)
from rules.follow_up import RECORD_RECIPIENTS
from rules.policy import Policy
from rules.steps import Escalation
from rules.vocabulary import ConsultationOutcome, Nation, ReplyOutcome, Role, WayHeard, WayTold

D0 = date(2023, 1, 9)
REVIEWS = 7
DECISIONS = 3
BOOK = RuleBook(WorkingCalendar(Nation.ENGLAND), Policy())


def three_years() -> tuple[Entry, ...]:
    """Every fact of three years in care: seven reviews on time, and all that belongs to them."""
    return years_in_care(D0, REVIEWS)


def years_in_care(first_day: date, reviews: int) -> tuple[Entry, ...]:
    """Every fact of a child's time in care with so many reviews, all on time, and all that belongs to them."""
    facts = _facts(first_day, reviews)
    return tuple(Entry(fact=fact, at=recorded_at(number, fact)) for number, fact in enumerate(facts))


def recorded_at(number: int, fact: Fact) -> datetime:
    """The morning after it happened, each at its own second."""
    return datetime(fact.on.year, fact.on.month, fact.on.day, 9, tzinfo=UTC) + timedelta(days=1, seconds=number)


def soon_after(entries: Sequence[Entry]) -> datetime:
    """The day after the last fact was recorded."""
    return max(entry.at for entry in entries) + timedelta(days=1)


def as_carried(entries: Sequence[Entry], book: RuleBook = BOOK) -> tuple[tuple[Entry, ...], tuple[Escalation, ...]]:
    """The ledger and the escalations as the workflow carries them, having lived through every fact and alarm."""
    ledger: tuple[Entry, ...] = ()
    raised: tuple[Escalation, ...] = ()
    alarm: datetime | None = None
    for entry in sorted(entries, key=lambda entry: entry.at):
        while alarm and alarm < entry.at:
            ledger, raised, alarm = _derive_and_carry(ledger, book, alarm, raised)
        ledger, raised, alarm = _derive_and_carry((*ledger, entry), book, entry.at, raised)
    return ledger, raised


def _derive_and_carry(
    ledger: tuple[Entry, ...], book: RuleBook, now: datetime, raised: tuple[Escalation, ...]
) -> tuple[tuple[Entry, ...], tuple[Escalation, ...], datetime | None]:
    agenda = derive(ledger, book, now, raised)
    alarm = agenda.alarm.at if agenda.alarm else None
    if agenda.carried is None or agenda.carried_raised is None:
        return ledger, (*raised, *agenda.raised), alarm
    return agenda.carried, agenda.carried_raised, alarm


def measure(seconds: float = 1.0) -> dict[str, float]:
    """Derivations a second of one core: from the ledger as the workflow carries it, and from all the facts."""
    full = three_years()
    now = soon_after(full)
    carried, raised = as_carried(full)
    return {
        "as carried": _rate(carried, raised, now, seconds),
        "all facts": _rate(full, raised, now, seconds),
    }


def _rate(entries: Sequence[Entry], raised: Sequence[Escalation], now: datetime, seconds: float) -> float:
    """Derivations a second of processor time, so that a busy machine does not count."""
    derive(entries, BOOK, now, raised)
    done, started = 0, time.process_time()
    while (taken := time.process_time() - started) < seconds:
        derive(entries, BOOK, now, raised)
        done += 1
    return done / taken


def _facts(first_day: date, reviews: int) -> Iterator[Fact]:
    yield from _beginning(first_day)
    for number, held_on in enumerate(_review_days(first_day, reviews), 1):
        yield from _before(f"r{number}", held_on)
        yield ReviewHeld(
            id=f"review-{number}",
            on=held_on,
            by="iro-1",
            participation=ParticipationCode.PN1,
            chaired_by="iro-1",
            attended=(Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER),
        )
        yield from _after(number, held_on)


def _review_days(first_day: date, reviews: int) -> Iterator[date]:
    day = BOOK.basis("first_review", first_day).practical_due
    for number in range(reviews):
        yield day
        day = BOOK.calendar.last_working_day(months_after(day, 3 if number == 0 else 6) - timedelta(days=2))


def _beginning(first_day: date) -> Iterator[Fact]:
    yield BecameLookedAfter(
        id="opening",
        on=first_day,
        by="case-system",
        authority="383",
        nation=Nation.ENGLAND,
        child="child-1",
        birth_date=first_day,
    )
    yield IroServiceNotified(id="notified", on=first_day + timedelta(1), by="sw-1")
    yield IroAppointed(id="appointed", on=first_day + timedelta(2), by="manager-1", iro="iro-1")
    for role in (Role.CHILD, Role.PARENTS, Role.CARER):
        yield IroMadeKnown(
            id=f"told-{role}", on=first_day + timedelta(3), by="admin-1", recipient=role, way=WayTold.LETTER
        )
    for role in (Role.CHILD, Role.PARENTS):
        yield ReviewingPolicyGiven(id=f"policy-{role}", on=first_day + timedelta(4), by="sw-1", recipient=role)


def _before(name: str, review: date) -> Iterator[Fact]:
    before = BOOK.calendar.working_days_before
    yield ReviewArranged(id=f"{name}-arranged", on=before(review, 16), by="iro-1", planned_for=review)
    yield DiscussionHeld(id=f"{name}-discussion", on=before(review, 16), by="iro-1")
    yield InvitationsSent(id=f"{name}-invitations", on=before(review, 11), by="sw-1")
    yield ReportReceived(id=f"{name}-report", on=before(review, 4), by="sw-1")
    yield ChildConsulted(
        id=f"{name}-child",
        on=before(review, 2),
        by="iro-1",
        outcome=ConsultationOutcome.SPOKE,
        ways=(WayHeard.IN_PERSON,),
    )
    yield ViewsGathered(id=f"{name}-parents", on=before(review, 2), by="iro-1", source=Role.PARENTS)


def _after(number: int, review: date) -> Iterator[Fact]:
    name, after = f"r{number}", BOOK.calendar.working_days_after
    for decision in range(1, DECISIONS + 1):
        reference = f"{name}-d{decision}"
        yield DecisionMade(
            id=f"{reference}-made",
            on=review,
            by="iro-1",
            decision=reference,
            text="What is to be done, in the review's own words",
            owner=Role.SOCIAL_WORKER,
            due=review + timedelta(days=40),
        )
        yield DecisionCarriedOut(id=f"{reference}-done", on=review + timedelta(days=30), by="sw-1", decision=reference)
    yield DecisionsSent(id=f"{name}-sent", on=after(review, 3), by="iro-1", review=review)
    yield ManagerReplied(
        id=f"{name}-reply", on=after(review, 5), by="tm-1", review=review, outcome=ReplyOutcome.ACCEPTED
    )
    yield DecisionsCirculated(id=f"{name}-circulated", on=after(review, 7), by="admin-1", review=review)
    yield RecordCompleted(id=f"{name}-record", on=after(review, 12), by="iro-1", review=review)
    for role in RECORD_RECIPIENTS:
        yield RecordDistributed(
            id=f"{name}-to-{role}", on=after(review, 16), by="admin-1", review=review, recipient=role
        )
    yield MidPointChecked(id=f"{name}-mid", on=review + timedelta(days=43), by="iro-1")
