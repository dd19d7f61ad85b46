"""Who the child's IRO is on a day, who covers for them, and when the post fell vacant."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.case import Case, Known
from rules.facts.base import FactBase
from rules.facts.iro import (
    IroAppointed,
    IroConflictDeclared,
    IroCoverArranged,
    IroCoverEnded,
    IroPostVacated,
    IroProposed,
)

F = TypeVar("F", bound=FactBase)


@dataclass(frozen=True)
class NamedIro:
    """Who the child's IRO is, who covers, and the last day of that where it is known."""

    iro: str | None
    cover: str | None = None
    cover_until: date | None = None


@dataclass(frozen=True)
class Vacancy:
    """A post that fell vacant.

    Attributes:
        since: the fact that made it so: the IRO gave the child up, or has a conflict of interest.
        left: whose post it was; None when that is not known.
    """

    since: Known[FactBase]
    left: str | None

    def is_filled_by(self, known: Known[FactBase]) -> bool:
        """Whether an appointment, or a proposal of one, comes after it and is not of the one who left by it."""
        named = known.fact
        if not isinstance(named, IroAppointed | IroProposed) or known.on < self.since.on:
            return False
        if isinstance(named, IroProposed) or isinstance(self.since.fact, IroConflictDeclared):
            return named.iro != self.left
        return True


def named_iro(case: Case, day: date) -> NamedIro:
    """The child's IRO on a day, by what had happened then: cover never replaces the named one (practice notes 9).

    Args:
        case: the facts.
        day: a London date.
    """
    appointed, vacated = _last(case, IroAppointed, day), _last(case, IroPostVacated, day)
    if appointed is None or (vacated and _falls_after(vacated, appointed)) or _has_conflict(case, appointed, day):
        return NamedIro(None)
    cover, ended = _last(case, IroCoverArranged, day), _last(case, IroCoverEnded, day)
    if cover is None or cover.on < appointed.on or (ended and _is_later(ended, cover)):
        return NamedIro(appointed.fact.iro)
    if cover.fact.until and day > cover.fact.until:
        return NamedIro(appointed.fact.iro)
    return NamedIro(appointed.fact.iro, cover.fact.cover, cover.fact.until)


def proposed_iro(case: Case, day: date) -> str | None:
    """Who is proposed and waits for the IRO manager's word, where the child has no IRO; None when nobody is.

    Args:
        case: the facts.
        day: a London date.
    """
    proposed = _last(case, IroProposed, day)
    if proposed is None or named_iro(case, day).iro is not None:
        return None
    overtaken = any(known.when > proposed.when for known in case.all(IroAppointed)) or any(
        not vacancy.is_filled_by(proposed) for vacancy in vacancies(case)
    )
    return None if overtaken else proposed.fact.iro


def vacancies(case: Case) -> list[Vacancy]:
    """Each time the post fell vacant, in order: given up, or a conflict of interest of the child's own IRO."""
    found = [Vacancy(known, _in_post(case, known.on, before=True)) for known in case.all(IroPostVacated)]
    found += [
        Vacancy(known, known.fact.iro)
        for known in case.all(IroConflictDeclared)
        if _in_post(case, known.on, before=False) == known.fact.iro
    ]
    return sorted(found, key=lambda vacancy: vacancy.since.when)


def _in_post(case: Case, day: date, *, before: bool) -> str | None:
    """Who was last appointed by a day; with `before`, not on that day itself."""
    appointed = next(
        (known for known in reversed(case.all(IroAppointed)) if known.on < day or not before and known.on == day), None
    )
    return appointed.fact.iro if appointed else None


def _has_conflict(case: Case, appointed: Known[IroAppointed], day: date) -> bool:
    return any(
        known.fact.iro == appointed.fact.iro and appointed.on <= known.on <= day
        for known in case.all(IroConflictDeclared)
    )


def _last(case: Case, kind: type[F], day: date) -> Known[F] | None:
    return next((known for known in reversed(case.all(kind)) if known.on <= day), None)


def _is_later(ended: Known[IroCoverEnded], cover: Known[IroCoverArranged]) -> bool:
    return ended.when > cover.when


def _falls_after(vacated: Known[IroPostVacated], appointed: Known[IroAppointed]) -> bool:
    """On one day, a vacancy is taken to come before the appointment that fills it."""
    return vacated.on > appointed.on
