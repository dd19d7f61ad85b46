"""Made-up children: newly looked after, or with a whole childhood in care, in words as long as people write them."""

from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.derivation import years_in_care
from client.episodes import Notification
from rules.codes import LegalStatus, ParticipationCode
from rules.facts import Entry, Fact, FactCorrected
from rules.facts.care import BecameLookedAfter, LegalStatusChanged, StepExempted
from rules.facts.iro import IroAppointed, IroMadeKnown, IroPostVacated
from rules.facts.reviews import (
    ChildConsulted,
    DecisionCarriedOut,
    DecisionMade,
    RecordCompleted,
    ReviewHeld,
    ViewsGathered,
)
from rules.vocabulary import Nation, Role, VacancyReason, WayTold, age_on, birthday

AUTHORITY = "810"
REVIEWS_IN_18_YEARS = 37
DECISION = (
    "The social worker is to arrange, with the carer and the school, that contact with the older sister takes place "
    "every second Saturday from ten until four at the family centre, supervised for the first three times; what the "
    "child says of it afterwards is to be written down and brought to the next review. "
)
REASON = (
    "The child was at a residential week with the school and asked that it be done on return; the carer and the "
    "social worker agreed, and nobody else was kept waiting by it. "
)
_A_NEW_IRO_EVERY = 6
_A_NEW_STATUS_EVERY = 9


def newly_looked_after(name: str, today: date) -> tuple[BecameLookedAfter, tuple[Fact, ...]]:
    """A child of eleven who became looked after ten days ago, and that the IRO service was told.

    Args:
        name: the child's reference.
        today: a London date.
    """
    notification = Notification(
        authority=AUTHORITY,
        nation=Nation.ENGLAND,
        child=name,
        birth_date=today.replace(day=1) - timedelta(days=11 * 365),
        became_looked_after=today - timedelta(days=10),
        notified_on=today - timedelta(days=9),
    )
    return notification.facts(today)


def first_acts(today: date) -> tuple[Fact, ...]:
    """What is done first for such a child: one IRO is appointed, and the child told who it is."""
    appointed = IroAppointed(id="appointed", on=today - timedelta(days=8), by="manager-1", iro="iro-1")
    told = IroMadeKnown(
        id="told-child", on=today - timedelta(days=7), by="iro-1", recipient=Role.CHILD, way=WayTold.LETTER
    )
    return appointed, told


def childhood(birth: date, reviews: int = REVIEWS_IN_18_YEARS) -> list[Entry]:
    """A child in care from birth: every review on time with all that belongs to it, and what life adds.

    That is: two more decisions a review, one of which takes most of a year; reasons; a correction and an exemption
    in each cycle; a new IRO every third year; a new legal status now and then.

    Args:
        birth: the day of birth, on which care begins.
        reviews: how many are held.

    Returns:
        The facts as they were recorded, in that order.
    """
    last_day = birthday(birth, 18)
    plain = years_in_care(birth, reviews)
    told = [more for entry in plain for more in _told_at_length(entry, birth) if more.fact.on < last_day]
    return sorted(told, key=lambda entry: entry.at)


def _told_at_length(entry: Entry, birth: date) -> Iterator[Entry]:
    """One fact, in as many words as people use, and what comes with it."""
    fact = entry.fact
    if isinstance(fact, DecisionMade):
        fact = fact.model_copy(update={"text": DECISION})
    elif isinstance(fact, ReviewHeld):
        too_young = age_on(birth, fact.on) < 4
        fact = fact.model_copy(update={"participation": ParticipationCode.PN0 if too_young else ParticipationCode.PN1})
    elif isinstance(fact, ChildConsulted):
        fact = fact.model_copy(update={"reason": REASON})
    elif isinstance(fact, BecameLookedAfter):
        fact = fact.model_copy(update={"authority": AUTHORITY, "social_worker": "sw-1", "team_manager": "tm-1"})
    yield Entry(fact=fact, at=entry.at)
    for later, more in enumerate(_what_comes_with(fact), 1):
        days = (more.on - fact.on).days
        yield Entry(fact=more, at=entry.at + timedelta(days=days, milliseconds=later))


def _what_comes_with(fact: Fact) -> Iterator[Fact]:
    if isinstance(fact, ReviewHeld):
        yield from _more_decisions(fact)
        yield from _changes(fact, int(fact.id.partition("-")[2]))
    elif isinstance(fact, RecordCompleted):
        right = fact.model_copy(update={"on": fact.on - timedelta(days=1)})
        yield FactCorrected(
            id=f"{fact.id}-corrected", on=fact.on, by="iro-1", corrects=fact.id, reason=REASON, to=right
        )
    elif isinstance(fact, ViewsGathered):
        for role in (Role.CARER, Role.SCHOOL, Role.HEALTH):
            yield fact.model_copy(
                update={"id": f"{fact.id}-{role}", "source": role, "given": role is Role.SCHOOL, "reason": REASON}
            )


def _more_decisions(review: ReviewHeld) -> Iterator[Fact]:
    for name, days in (("long", 300), ("short", 60)):
        decision = f"{review.id}-{name}"
        made = DecisionMade(
            id=f"{decision}-made",
            on=review.on,
            by="iro-1",
            decision=decision,
            text=DECISION,
            owner=Role.SOCIAL_WORKER,
            owner_reference="sw-1",
            due=review.on + timedelta(days=days),
        )
        yield made
        done_on = made.due - timedelta(days=20)
        yield DecisionCarriedOut(id=f"{decision}-done", on=done_on, by="sw-1", decision=decision)


def _changes(review: ReviewHeld, number: int) -> Iterator[Fact]:
    day = review.on + timedelta(days=10)
    yield StepExempted(
        id=f"{review.id}-exempted", on=day, by="iro-1", step=f"mid_point_check.{review.id}", reason=REASON
    )
    if number % _A_NEW_IRO_EVERY == 0:
        yield IroPostVacated(id=f"{review.id}-vacated", on=day, by="manager-1", reason=VacancyReason.LEFTRL)
        iro = f"iro-{1 + number // _A_NEW_IRO_EVERY}"
        yield IroAppointed(id=f"{review.id}-appointed", on=day + timedelta(days=2), by="manager-1", iro=iro)
        for role in (Role.CHILD, Role.PARENTS, Role.CARER):
            yield IroMadeKnown(
                id=f"{review.id}-told-{role}",
                on=day + timedelta(days=3),
                by="admin-1",
                recipient=role,
                way=WayTold.LETTER,
            )
    if number % _A_NEW_STATUS_EVERY == 0:
        status = LegalStatus.C2 if number % 2 else LegalStatus.E1
        yield LegalStatusChanged(id=f"{review.id}-status", on=day, by="sw-1", legal_status=status)
