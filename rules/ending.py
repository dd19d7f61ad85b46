"""How a period of care ends: by a fact, by the 18th birthday, or as never having been one.

Sources: practice notes 4.11 and 7.4 (REC); Children Act 1989 s.22(2) (under 24 hours), s.105(1) (a child is under
18). Not ends: a 903 X1, a change of placement, a child missing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rules.case import Case
from rules.clock import start_of
from rules.facts.care import CareEnded, CareVoided

TURNED_EIGHTEEN = "turned_18"
VOID = "void"


@dataclass(frozen=True)
class Ending:
    """The end of a period of care.

    Attributes:
        on: the day it ended.
        reason: the REC code, `turned_18`, or `void` when the child was never looked after.
        known_at: the instant it was known.
        words: why, in words.
        death: after it every routine notice stops.
    """

    on: date
    reason: str
    known_at: datetime
    words: str
    death: bool = False

    @property
    def void(self) -> bool:
        """It never was a period of care, and stands in no statistics."""
        return self.reason == VOID


def ending_of(case: Case, today: date) -> Ending | None:
    """How and when care has ended, if it has.

    Args:
        case: the facts.
        today: a London date; the 18th birthday ends care once it has come.
    """
    voided = case.last(CareVoided)
    if voided:
        words = "the child was looked after for less than 24 hours"
        return Ending(voided.on, VOID, case.known_at(voided), words)
    ended = case.last(CareEnded)
    eighteenth = case.eighteenth_birthday
    if ended and ended.on <= eighteenth:
        reason = ended.fact.reason
        return Ending(ended.on, reason.value, case.known_at(ended), reason.words, death=reason.is_death)
    if eighteenth <= today:
        known_at = max(start_of(eighteenth), case.known_at())
        return Ending(eighteenth, TURNED_EIGHTEEN, known_at, "the 18th birthday")
    return None
