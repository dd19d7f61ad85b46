"""Reading the ledger: the facts that stand, once corrections and withdrawals have been taken into account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from rules.facts import BecameLookedAfter, Entry, FactBase, FactCorrected, FactWithdrawn, PlainFact
from rules.vocabulary import birthday

F = TypeVar("F", bound=FactBase, covariant=True)


@dataclass(frozen=True)
class Known(Generic[F]):
    """A fact that stands, with the instant from which it was known in this form."""

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
        self.standing = _standing(ordered)
        self._by_type: dict[type[FactBase], list[Known[FactBase]]] = {}
        for known in self.standing:
            self._by_type.setdefault(type(known.fact), []).append(known)
        openings = self.all(BecameLookedAfter)
        if not openings:
            raise NoOpening("no fact says that the child became looked after")
        self.opening = openings[0]
        self.revised_at = max(
            (entry.at for entry in ordered if isinstance(entry.fact, FactCorrected | FactWithdrawn)),
            default=self.opening.at,
        )
        """The last correction or withdrawal: what it changed could not have been known before."""

    @property
    def first_day(self) -> date:
        """The day the child became looked after (D0)."""
        return self.opening.on

    @property
    def eighteenth_birthday(self) -> date:
        """The day being looked after ends by law."""
        return birthday(self.opening.fact.birth_date, 18)

    def all(self, kind: type[F]) -> list[Known[F]]:
        """The facts of one kind that stand, by the day they happened."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    def first(self, kind: type[F]) -> Known[F] | None:
        """The earliest fact of a kind."""
        return next(iter(self.all(kind)), None)

    def last(self, kind: type[F]) -> Known[F] | None:
        """The latest fact of a kind."""
        return next(reversed(self.all(kind)), None)

    def within(self, kind: type[F], after: date | None, until: date | None) -> list[Known[F]]:
        """The facts of a kind that happened after one day, and up to and with another.

        Args:
            after: exclusive; None for no lower bound.
            until: inclusive; None for no upper bound.
        """
        return [
            known
            for known in self.all(kind)
            if (after is None or known.on > after) and (until is None or known.on <= until)
        ]

    def known_at(self, *triggers: Known[FactBase]) -> datetime:
        """The instant from which a step set off by these facts could have been known."""
        return max(self.opening.at, self.revised_at, *(trigger.at for trigger in triggers))


def _standing(ordered: Sequence[Entry]) -> list[Known[PlainFact]]:
    withdrawn = _withdrawn(ordered)
    standing: dict[str, Known[PlainFact]] = {}
    corrections: list[Entry] = []
    for entry in ordered:
        if isinstance(entry.fact, FactCorrected):
            corrections.append(entry)
        elif not isinstance(entry.fact, FactWithdrawn) and entry.fact.id not in withdrawn:
            standing[entry.fact.id] = Known(entry.fact, entry.at, entry.settled)
    for entry in corrections:
        fact = entry.fact
        if isinstance(fact, FactCorrected) and fact.id not in withdrawn and fact.corrects in standing:
            right = fact.to.model_copy(update={"id": fact.corrects})
            standing[fact.corrects] = Known(right, entry.at, standing[fact.corrects].settled)
    return sorted(standing.values(), key=lambda known: (known.on, known.id))


def _withdrawn(ordered: Sequence[Entry]) -> set[str]:
    """The ids taken back. A withdrawal may itself be withdrawn, so the latest is read first."""
    withdrawn: set[str] = set()
    for entry in reversed(ordered):
        if isinstance(entry.fact, FactWithdrawn) and entry.fact.id not in withdrawn:
            withdrawn.add(entry.fact.withdraws)
    return withdrawn
