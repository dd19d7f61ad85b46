"""What IROs have raised in a few of the made-up cases: one in 40 has an open challenge, one in 80 a formal dispute.

Some are answered and some are not, and some of what is owed is overdue. What a dispute's own clock does when nobody
answers is done here too, at its instant.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from benchmarks.derivation import BOOK
from rules.agenda import derive
from rules.clock import london_date
from rules.facts import Entry, Fact
from rules.facts.challenge import Addressee, ChallengeAnswered, ChallengeRaised, ChallengeRung
from rules.facts.dispute import DisputeAnswered, DisputeMatter, DisputeRaised, SignificantFailure
from rules.vocabulary import Role

_CHALLENGES: tuple[tuple[ChallengeRung, Addressee], ...] = (
    (ChallengeRung.INFORMAL_RESOLUTION, Role.SOCIAL_WORKER),
    (ChallengeRung.PROBLEM_RESOLUTION, Role.TEAM_MANAGER),
    (ChallengeRung.MANAGEMENT_ALERT, Role.SERVICE_MANAGER),
)


def raised(number: int, now: datetime) -> tuple[Entry, ...]:
    """What was raised in one of the made-up cases, and what came of it so far; in most of them nothing.

    Args:
        number: the case's: the higher it is, the longer the child is looked after, and the longer ago it was raised.
        now: the instant at which all of it is as it is, UTC.
    """
    # So that with 1,000 children, all of one authority, 25 have a challenge and 12 a dispute: the board's page is full.
    facts: Iterator[Fact] = iter(())
    if number % 40 == 37:
        facts = _challenge(number // 40, london_date(now))
    elif number % 80 == 72:
        facts = _dispute(number // 80, london_date(now))
    return tuple(Entry(fact=fact, at=_soon_after(fact)) for fact in facts)


def gone_up(entries: tuple[Entry, ...], now: datetime) -> tuple[Entry, ...]:
    """The facts of a case, with what the clocks of its disputes have recorded until now.

    Args:
        entries: the facts.
        now: the instant, UTC.
    """
    for clock in derive(entries, BOOK, now, ()).beside:
        if clock.next and clock.then and clock.next.at <= now:
            return gone_up((*entries, Entry(fact=clock.then, at=clock.next.at)), now)
    return entries


def _challenge(place: int, today: date) -> Iterator[Fact]:
    """A challenge of 2 to 12 working days ago; every other one was answered two working days later."""
    before, (rung, addressee) = BOOK.calendar.working_days_before, _CHALLENGES[place % len(_CHALLENGES)]
    days_ago = 2 * (place + 1)
    yield ChallengeRaised(
        id="challenge",
        on=before(today, days_ago),
        by="iro-1",
        rung=rung,
        addressee=addressee,
        about="Nobody has found a school place for the child",
    )
    if place % 2:
        yield ChallengeAnswered(
            id="challenge-answered",
            on=before(today, days_ago - 2),
            by="tm-1",
            challenge="challenge",
            answer="A school was asked, and has not answered",
        )


def _dispute(place: int, today: date) -> Iterator[Fact]:
    """A dispute: the first waits for its stage's answer, the second went up by itself and waits again, the third went
    up too, was answered there, and the IRO has not said for long what comes of that.

    The third is what is longest overdue of all. With many children the board's first page holds nothing else: of what
    there is to say of a line, most.
    """
    before = BOOK.calendar.working_days_before
    days_ago = (3, 7, 18)[place]
    yield DisputeRaised(
        id="dispute",
        on=before(today, days_ago),
        by="iro-1",
        matter=(DisputeMatter.PLACEMENT, DisputeMatter.EDUCATION, DisputeMatter.DECISION_NOT_CARRIED_OUT)[place],
        about="What the review decided on the child's school is not done",
        stage=Role.SERVICE_MANAGER if place == 2 else Role.TEAM_MANAGER,
        failure=SignificantFailure.IMPLEMENT_DECISION if place == 2 else None,
    )
    if place == 2:
        yield DisputeAnswered(
            id="dispute-answered",
            on=before(today, 12),
            by="hs-1",
            dispute="dispute",
            stage=Role.HEAD_OF_SERVICE,
            answer="A school was asked, and has not answered",
        )


def _soon_after(fact: Fact) -> datetime:
    """The morning after it happened."""
    return datetime(fact.on.year, fact.on.month, fact.on.day, 9, tzinfo=UTC) + timedelta(days=1)
