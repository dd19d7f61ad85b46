"""Reading the ledger: the facts that stand, once corrections and withdrawals have been taken into account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from rules.codes import LegalStatus
from rules.facts import Entry, FactCorrected, FactWithdrawn, PlainFact
from rules.facts.base import FactBase
from rules.facts.care import BecameLookedAfter, LegalStatusChanged, SocialWorkerChanged
from rules.facts.reviews import AfterReview, ReviewHeld
from rules.vocabulary import birthday

F = TypeVar("F", bound=FactBase, covariant=True)
A = TypeVar("A", bound=AfterReview)


class Known(NamedTuple, Generic[F]):
    """A fact that stands, in the form last given to it, with the instant it was first recorded."""

    fact: F
    at: datetime
    settled: bool = False

    @property
    def on(self) -> date:
        """The day it happened."""
        return self.fact.on

    @property
    def when(self) -> tuple[date, datetime]:
        """What facts are put in order by: the day it happened; within a day, the instant it was recorded."""
        return self.fact.on, self.at

    @property
    def id(self) -> str:
        """The fact's id."""
        return self.fact.id


REVISIONS = (FactCorrected, FactWithdrawn)
"""The facts about facts."""

_NONE: list[Known[FactBase]] = []


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that stands: its id, and the fact as it read before and since."""

    id: str
    wrong: PlainFact
    right: PlainFact


class NoOpening(ValueError):
    """The ledger does not say when the child became looked after."""


class Case:
    """One period of care, as its facts tell it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Read a ledger.

        Args:
            entries: the facts recorded, in any order.

        Raises:
            NoOpening: none of them says that the child became looked after.
        """
        ordered = sorted(entries, key=lambda entry: (entry.at, entry.fact.id))
        revisions = [entry for entry in ordered if type(entry.fact) in REVISIONS]
        self._former_days: dict[date, str] = {}
        self.corrections: list[Correction] = []
        self.standing = self._standing(ordered, revisions)
        self._by_type: dict[type[FactBase], list[Known[FactBase]]] = {}
        for known in self.standing:
            self._by_type.setdefault(type(known.fact), []).append(known)
        openings = self.all(BecameLookedAfter)
        if not openings:
            raise NoOpening("no fact says that the child became looked after")
        self.opening = openings[0]
        self.revised_at = revisions[-1].at if revisions else self.opening.at
        """The last correction or withdrawal: what it changed could not have been known before."""
        self.reviews = [held for held in self.all(ReviewHeld) if held.fact.counts]
        """The reviews that count, by day."""
        self._review_on = {held.on: held for held in self.reviews}
        self._following: dict[type[AfterReview], dict[str, list[Known[AfterReview]]]] = {}
        self._known_from = max(self.opening.at, self.revised_at)
        self.eighteenth_birthday = birthday(self.opening.fact.birth_date, 18)
        """The day being looked after ends by law."""

    @property
    def first_day(self) -> date:
        """The day the child became looked after (D0)."""
        return self.opening.on

    @property
    def workers(self) -> BecameLookedAfter | SocialWorkerChanged:
        """The fact that says who the social worker and the team manager are now."""
        changed = self.last(SocialWorkerChanged)
        return changed.fact if changed else self.opening.fact

    def workers_on(self, day: date) -> BecameLookedAfter | SocialWorkerChanged:
        """The fact that says who the social worker and the team manager were on a day."""
        changed = self.within(SocialWorkerChanged, None, day)
        return changed[-1].fact if changed else self.opening.fact

    @property
    def legal_status(self) -> LegalStatus:
        """The legal status now."""
        changed = self.last(LegalStatusChanged)
        return changed.fact.legal_status if changed else self.opening.fact.legal_status

    def legal_status_on(self, day: date) -> LegalStatus:
        """The legal status on a day."""
        changed = self.within(LegalStatusChanged, None, day)
        return changed[-1].fact.legal_status if changed else self.opening.fact.legal_status

    def all(self, kind: type[F]) -> list[Known[F]]:
        """The facts of one kind that stand, by the day they happened; those of one day as they were recorded."""
        return self._by_type.get(kind, _NONE)  # type: ignore[return-value]

    def first(self, kind: type[F]) -> Known[F] | None:
        """The earliest fact of a kind."""
        found = self.all(kind)
        return found[0] if found else None

    def last(self, kind: type[F]) -> Known[F] | None:
        """The latest fact of a kind."""
        found = self.all(kind)
        return found[-1] if found else None

    def within(self, kind: type[F], after: date | None, until: date | None) -> list[Known[F]]:
        """The facts of a kind that happened after one day, and up to and with another.

        Args:
            after: exclusive; None for no lower bound.
            until: inclusive; None for no upper bound.
        """
        found = self.all(kind)
        if not found:
            return found
        return [
            known
            for known in found
            if (after is None or known.fact.on > after) and (until is None or known.fact.on <= until)
        ]

    def following(self, kind: type[A], review: Known[ReviewHeld]) -> list[Known[A]]:
        """The facts of a kind that follow one review: those that name its day, or name none and come after it and
        before the next.
        """
        if kind not in self._following:
            grouped: dict[str, list[Known[AfterReview]]] = {}
            for known in self.all(kind):
                followed = self.review_followed(known.fact)
                if followed:
                    grouped.setdefault(followed.id, []).append(known)
            self._following[kind] = grouped
        return self._following[kind].get(review.id, [])  # type: ignore[return-value]

    def review_followed(self, fact: AfterReview) -> Known[ReviewHeld] | None:
        """The review that a fact follows, None when there was none. A review whose day has been corrected is still
        found by the day it was first given."""
        if fact.review is None:
            return next((held for held in reversed(self.reviews) if held.on <= fact.on), None)
        named = self._review_on.get(fact.review)
        if named is None and (former := self._former_days.get(fact.review)):
            named = next((held for held in self.reviews if held.id == former), None)
        return named

    def known_at(self, *triggers: Known[FactBase] | None) -> datetime:
        """The instant from which a step set off by these facts could have been known."""
        latest = self._known_from
        for trigger in triggers:
            if trigger and trigger.at > latest:
                latest = trigger.at
        return latest

    def _standing(self, ordered: Sequence[Entry], revisions: Sequence[Entry]) -> list[Known[PlainFact]]:
        withdrawn = _withdrawn(revisions)
        standing: dict[str, Known[PlainFact]] = {}
        for entry in ordered:
            fact = entry.fact
            if fact.kind == "fact_corrected" or fact.kind == "fact_withdrawn" or fact.id in withdrawn:
                continue
            standing[fact.id] = Known(fact, entry.at, entry.settled)
        for revision in revisions:
            correction = revision.fact
            if correction.kind == "fact_corrected" and correction.id not in withdrawn:
                wrong = standing.get(correction.corrects)
                if wrong:
                    standing[wrong.id] = self._corrected(wrong, correction)
        return sorted(standing.values(), key=lambda known: known.fact.on)

    def _corrected(self, wrong: Known[PlainFact], correction: FactCorrected) -> Known[PlainFact]:
        to = correction.to
        if isinstance(to, ReviewHeld) and to.on != wrong.on:
            self._former_days[wrong.on] = wrong.id
        right = to if to.id == wrong.id else to.model_copy(update={"id": wrong.id})
        if wrong.settled and isinstance(right, ReviewHeld) and isinstance(wrong.fact, ReviewHeld):
            # The first meeting was noted on it when it settled; the days of a settled review stand.
            right = right.model_copy(update={"opened_on": wrong.fact.opened_on})
        self.corrections.append(Correction(correction.id, wrong.fact, right))
        return Known(right, wrong.at, wrong.settled)


def _withdrawn(revisions: Sequence[Entry]) -> set[str]:
    """The ids taken back. A withdrawal may itself be withdrawn, so the latest is read first."""
    withdrawn: set[str] = set()
    for entry in reversed(revisions):
        if entry.fact.kind == "fact_withdrawn" and entry.fact.id not in withdrawn:
            withdrawn.add(entry.fact.withdraws)
    return withdrawn
