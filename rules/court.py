"""The court proceedings of a case as its facts tell them: hearings with the days they were moved to, the guardian, the
documents, the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeVar

from rules.case import Case, Known
from rules.facts.base import FactBase
from rules.facts.proceedings import (
    GuardianAppointed,
    HearingKind,
    HearingListed,
    HearingMoved,
    HearingReached,
    HearingReported,
    OfProceedings,
    ProceedingsEnded,
    ProceedingsIssued,
)

P = TypeVar("P", bound=OfProceedings)


@dataclass(frozen=True)
class Hearing:
    """One hearing.

    Attributes:
        listed: the fact that listed it, whose id is its name.
        moved: what moved it last, if anything did.
        reached: that its day came, as it stands now, if it did.
        reported: what the IRO was told came of it, if they were.
    """

    listed: Known[HearingListed]
    moved: Known[HearingMoved] | None = None
    reached: Known[HearingReached] | None = None
    reported: Known[HearingReported] | None = None

    @property
    def id(self) -> str:
        """What it is named by."""
        return self.listed.id

    @property
    def kind(self) -> HearingKind:
        """Which hearing."""
        return self.listed.fact.hearing

    @property
    def day(self) -> date | None:
        """Its day, as it was moved last; None where it will not be held."""
        return self.moved.fact.held_on if self.moved else self.listed.fact.held_on

    @property
    def day_known_by(self) -> Known[FactBase]:
        """The fact that gave it its day."""
        return self.moved or self.listed


class InDiary(NamedTuple):
    """A hearing that was held or is to be, and its day."""

    day: date
    hearing: Hearing


@dataclass(frozen=True)
class Proceedings:
    """One set of proceedings.

    Attributes:
        issued: the fact that says so, whose id is their name.
        hearings: by the day they were listed.
        guardians: each appointment of a guardian, in order.
        ended: that they ended, if they did.
    """

    issued: Known[ProceedingsIssued]
    hearings: tuple[Hearing, ...]
    guardians: tuple[Known[GuardianAppointed], ...]
    ended: Known[ProceedingsEnded] | None

    @property
    def id(self) -> str:
        """What they are named by."""
        return self.issued.id

    def go_on_on(self, day: date) -> bool:
        """Whether they are under way on a London date."""
        return self.issued.on <= day and (self.ended is None or day <= self.ended.on)

    def guardian_on(self, day: date) -> Known[GuardianAppointed] | None:
        """The appointment of whoever is the guardian on a London date; None where nobody is."""
        return next((known for known in reversed(self.guardians) if known.on <= day), None)

    @property
    def diary(self) -> tuple[InDiary, ...]:
        """The hearings that were held or are to be, by day: none that was taken away, and none after the end."""
        days = [InDiary(hearing.day, hearing) for hearing in self.hearings if hearing.day]
        kept = [each for each in days if self.ended is None or each.day <= self.ended.on]
        return tuple(sorted(kept, key=lambda each: (each.day, each.hearing.id)))


def all_proceedings(case: Case) -> tuple[Proceedings, ...]:
    """Every set of proceedings, by the day it was issued.

    Args:
        case: the facts.
    """
    return tuple(
        Proceedings(
            issued,
            hearings=tuple(_hearing(case, listed) for listed in of_proceedings(case, HearingListed, issued.id)),
            guardians=tuple(of_proceedings(case, GuardianAppointed, issued.id)),
            ended=next(iter(of_proceedings(case, ProceedingsEnded, issued.id)), None),
        )
        for issued in case.all(ProceedingsIssued)
    )


def in_proceedings(case: Case, day: date) -> bool:
    """Whether court proceedings about the child are under way on a London date."""
    return any(each.go_on_on(day) for each in all_proceedings(case))


def has_guardian(case: Case, day: date) -> bool:
    """Whether a children's guardian is appointed in proceedings that are under way on a London date."""
    return any(each.go_on_on(day) and each.guardian_on(day) for each in all_proceedings(case))


def diary_of(sets: Sequence[Proceedings], after: date, kind: HearingKind | None = None) -> list[InDiary]:
    """The hearings after a London date in any of several sets of proceedings, by day; of one kind, if that is given."""
    found = [each for one in sets for each in one.diary if each.day > after]
    of_kind = [each for each in found if kind is None or each.hearing.kind is kind]
    return sorted(of_kind, key=lambda each: (each.day, each.hearing.id))


def last_end(sets: Sequence[Proceedings]) -> Known[ProceedingsEnded] | None:
    """The end of the last of several sets of proceedings; None while one of them goes on."""
    ends = [each.ended for each in sets if each.ended]
    return max(ends, key=lambda known: known.on) if ends and len(ends) == len(sets) else None


def of_proceedings(case: Case, kind: type[P], name: str) -> list[Known[P]]:
    """The facts of one kind about one set of proceedings, in order.

    Args:
        case: the facts.
        kind: of which kind.
        name: the proceedings, by the id of the fact that says they were issued.
    """
    return [known for known in case.all(kind) if known.fact.proceedings == name]


def _hearing(case: Case, listed: Known[HearingListed]) -> Hearing:
    moves = [known for known in case.all(HearingMoved) if known.fact.hearing == listed.id]
    hearing = Hearing(listed, moved=max(moves, key=lambda known: known.when, default=None))
    reached = [known for known in case.all(HearingReached) if known.fact.hearing == listed.id]
    reported = [known for known in case.all(HearingReported) if known.fact.hearing == listed.id]
    return replace(
        hearing,
        # One that was moved on its day, or before and told of since, has its day to come.
        reached=next((known for known in reached if known.on == hearing.day), None),
        reported=reported[0] if reported else None,
    )
