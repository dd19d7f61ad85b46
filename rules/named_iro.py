"""Who the child's IRO is on a day, and who covers for them."""

from dataclasses import dataclass
from datetime import date

from rules.case import Case, Known
from rules.facts import IroAppointed, IroCoverArranged, IroCoverEnded, IroPostVacated


@dataclass(frozen=True)
class NamedIro:
    """Who the child's IRO is, and who covers."""

    iro: str | None
    cover: str | None


def named_iro(case: Case, today: date) -> NamedIro:
    """The child's IRO on a day: cover never replaces the named one (practice notes 9).

    Args:
        case: the facts.
        today: a London date.
    """
    appointed, vacated = case.last(IroAppointed), case.last(IroPostVacated)
    if appointed is None or (vacated and _falls_after(vacated, appointed)):
        return NamedIro(None, None)
    cover, ended = case.last(IroCoverArranged), case.last(IroCoverEnded)
    stands = (
        cover is not None
        and cover.on >= appointed.on
        and not (ended and ended.on >= cover.on)
        and (cover.fact.until is None or today <= cover.fact.until)
    )
    return NamedIro(appointed.fact.iro, cover.fact.cover if cover and stands else None)


def _falls_after(vacated: Known[IroPostVacated], appointed: Known[IroAppointed]) -> bool:
    """On one day, a vacancy is taken to come before the appointment that fills it."""
    return vacated.on > appointed.on
