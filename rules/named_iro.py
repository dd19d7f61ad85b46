"""Who the child's IRO is on a day, and who covers for them."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.case import Case, Known
from rules.facts import FactBase, IroAppointed, IroCoverArranged, IroCoverEnded, IroPostVacated

F = TypeVar("F", bound=FactBase)


@dataclass(frozen=True)
class NamedIro:
    """Who the child's IRO is, who covers, and the last day of that where it is known."""

    iro: str | None
    cover: str | None = None
    cover_until: date | None = None


def named_iro(case: Case, day: date) -> NamedIro:
    """The child's IRO on a day, by what had happened then: cover never replaces the named one (practice notes 9).

    Args:
        case: the facts.
        day: a London date.
    """
    appointed, vacated = _last(case, IroAppointed, day), _last(case, IroPostVacated, day)
    if appointed is None or (vacated and _falls_after(vacated, appointed)):
        return NamedIro(None)
    cover, ended = _last(case, IroCoverArranged, day), _last(case, IroCoverEnded, day)
    if cover is None or cover.on < appointed.on or (ended and _is_later(ended, cover)):
        return NamedIro(appointed.fact.iro)
    if cover.fact.until and day > cover.fact.until:
        return NamedIro(appointed.fact.iro)
    return NamedIro(appointed.fact.iro, cover.fact.cover, cover.fact.until)


def _last(case: Case, kind: type[F], day: date) -> Known[F] | None:
    return next((known for known in reversed(case.all(kind)) if known.on <= day), None)


def _is_later(ended: Known[IroCoverEnded], cover: Known[IroCoverArranged]) -> bool:
    return (ended.on, ended.at) > (cover.on, cover.at)


def _falls_after(vacated: Known[IroPostVacated], appointed: Known[IroAppointed]) -> bool:
    """On one day, a vacancy is taken to come before the appointment that fills it."""
    return vacated.on > appointed.on
