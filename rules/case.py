"""Reading the ledger: the facts that stand, once corrections and withdrawals have been taken into account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from rules.facts import (
    AfterReview,
    BecameLookedAfter,
    Entry,
    FactBase,
    FactCorrected,
    FactWithdrawn,
    LegalStatusChanged,
    PlainFact,
    ReviewHeld,
)
from rules.vocabulary import LegalStatus, birthday

F = TypeVar("F", bound=FactBase, covariant=True)
A = TypeVar("A", bound=AfterReview)


@dataclass(frozen=True, slots=True, eq=False)
class Known(Generic[F]):
    """A fact that stands, in the form last given to it, with the instant it was first recorded."""

    fact: F
    at: datetime
    settled: bool = False

    @property
    def on(self) -> date:
        """The day it happened."""
        return self.fact.on

    @property
    def id(self) -> str:
        """The fact's id."""
        return self.fact.id


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
        self._former_days: dict[date, str] = {}
        self.standing = self._standing(ordered)
        self._by_type: dict[type[FactBase], list[Known[FactBase]]] = {}
        for known in self.standing:
            self._by_type.setdefault(type(known.fact), []).append(known)
        openings = self.all(BecameLookedAfter)
        if not openings:
            raise NoOpening("no fact says that the child became looked after")
        self.opening = openings[0]
        revisions = [entry.at for entry in ordered if isinstance(entry.fact, FactCorrected | FactWithdrawn)]
        self.revised_at = max(revisions, default=self.opening.at)
        """The last correction or withdrawal: what it changed could not have been known before."""
        self.reviews = [held for held in self.all(ReviewHeld) if held.fact.counts]
        """The reviews that count, by day."""
        self._following: dict[type[AfterReview], dict[str, list[Known[AfterReview]]]] = {}
        self._known_from = max(self.opening.at, self.revised_at)

    @property
    def first_day(self) -> date:
        """The day the child became looked after (D0)."""
        return self.opening.on

    @property
    def eighteenth_birthday(self) -> date:
        """The day being looked after ends by law."""
        return birthday(self.opening.fact.birth_date, 18)

    @property
    def legal_status(self) -> LegalStatus:
        """The legal status now."""
        changed = self.last(LegalStatusChanged)
        return changed.fact.legal_status if changed else self.opening.fact.legal_status

    def all(self, kind: type[F]) -> list[Known[F]]:
        """The facts of one kind that stand, by the day they happened; those of one day as they were recorded."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

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
        return [
            known
            for known in self.all(kind)
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
        named = next((held for held in self.reviews if held.on == fact.review), None)
        former = self._former_days.get(fact.review)
        return named or next((held for held in self.reviews if held.id == former), None)

    def known_at(self, *triggers: Known[FactBase] | None) -> datetime:
        """The instant from which a step set off by these facts could have been known."""
        return max((self._known_from, *(trigger.at for trigger in triggers if trigger)))

    def _standing(self, ordered: Sequence[Entry]) -> list[Known[PlainFact]]:
        withdrawn = _withdrawn(ordered)
        standing: dict[str, Known[PlainFact]] = {}
        corrections: list[FactCorrected] = []
        for entry in ordered:
            fact = entry.fact
            if fact.id in withdrawn or isinstance(fact, FactWithdrawn):
                continue
            if isinstance(fact, FactCorrected):
                corrections.append(fact)
            else:
                standing[fact.id] = Known(fact, entry.at, entry.settled)
        for correction in corrections:
            wrong = standing.get(correction.corrects)
            if wrong:
                standing[wrong.id] = self._corrected(wrong, correction.to)
        return sorted(standing.values(), key=lambda known: known.fact.on)

    def _corrected(self, wrong: Known[PlainFact], to: PlainFact) -> Known[PlainFact]:
        if isinstance(to, ReviewHeld) and to.on != wrong.on:
            self._former_days[wrong.on] = wrong.id
        right = to if to.id == wrong.id else to.model_copy(update={"id": wrong.id})
        return Known(right, wrong.at, wrong.settled)


def _withdrawn(ordered: Sequence[Entry]) -> set[str]:
    """The ids taken back. A withdrawal may itself be withdrawn, so the latest is read first."""
    withdrawn: set[str] = set()
    for entry in reversed(ordered):
        if isinstance(entry.fact, FactWithdrawn) and entry.fact.id not in withdrawn:
            withdrawn.add(entry.fact.withdraws)
    return withdrawn
