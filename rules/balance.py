"""Evening the IROs' load: the few children who could change their IRO without losing anyone they know. Proposals only.

A child whom the IRO has reviewed stays, and so does one whose siblings or earlier period of care the IRO has: the same
IRO for the whole period comes before an even load (practice notes 4.9). Nobody is moved here; the IRO manager decides.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from rules.choosing import Candidate, ChildToAllocate, bar_to, is_away, leaves_soon, unmet_needs
from rules.vocabulary import Day, Frozen, Reference

EVEN_ENOUGH = 2
"""Children for a full-time post by which loads may differ before anyone is moved (local; no source sets a number)."""


class Movable(Frozen):
    """A child who has an IRO, and what decides whether they could have another.

    Attributes:
        episode: the period of care.
        iro: the child's IRO now.
        appointed_on: since when; of several children the newest moves first.
        reviewed: whether a review was held with this IRO.
        child: what is looked at to choose an IRO; the siblings with the IROs they have now.
    """

    episode: Reference
    iro: Reference
    appointed_on: Day
    reviewed: bool
    child: ChildToAllocate


class Move(Frozen):
    """One child who could have another IRO.

    Attributes:
        episode: the period of care.
        child: the authority's reference.
        from_iro: the IRO now.
        to_iro: the IRO proposed.
        because: why, as one sentence without a name.
    """

    episode: Reference
    child: Reference
    from_iro: Reference
    to_iro: Reference
    because: str


def moves(iros: Sequence[Candidate], children: Sequence[Movable], day: date) -> tuple[Move, ...]:
    """Propose moves that even the load, each from a heavier load to one that stays no heavier than what is left.

    Args:
        iros: the authority's IROs with their loads, in any order; those who have left or not begun are passed over.
        children: the children who have them; those of whom nothing is said stay.
        day: a London date.

    Returns:
        The moves in the order in which they help most, each child at most once. It ends when the loads for full-time
        hours lie within `EVEN_ENOUGH`, or when no child may be moved between any two that lie further apart.
    """
    plan = _Plan(iros, children, day)
    proposed: list[Move] = []
    while not plan.is_even and (found := plan.next_move()):
        plan.make(*found)
        proposed.append(found[1])
    return tuple(proposed)


class _Plan:
    """The loads as they would be after the moves proposed so far."""

    def __init__(self, iros: Sequence[Candidate], children: Sequence[Movable], day: date) -> None:
        self._iros = {iro.reference: iro for iro in iros if iro.person.holds_on(day)}
        self._loads = {reference: iro.load for reference, iro in self._iros.items()}
        self._hours = {reference: Fraction(str(iro.terms.hours)) for reference, iro in self._iros.items()}
        self._receivers = [iro for iro in self._iros.values() if not is_away(iro, day) and not leaves_soon(iro, day)]
        self._where = {each.child.child: each.iro for each in children}
        self._kin_joined: set[str] = set()
        self._free: dict[str, list[Movable]] = {}
        for each in sorted(children, key=lambda each: (each.appointed_on, each.episode), reverse=True):
            if not each.reviewed and each.iro != each.child.former_iro:
                self._free.setdefault(each.iro, []).append(each)
        self._day = day

    @property
    def is_even(self) -> bool:
        """Whether nothing needs to be moved."""
        shares = [self._share(iro) for iro in self._iros]
        return not shares or max(shares) - min(shares) <= EVEN_ENOUGH

    def next_move(self) -> tuple[Movable, Move] | None:
        """The move between the two IROs furthest apart who can exchange a child; None when no two can."""
        for giver, receiver in self._pairs():
            for each in self._free.get(giver.reference, ()):
                if self._may_move(each, giver, receiver):
                    return each, self._move(each, receiver)
        return None

    def make(self, each: Movable, move: Move) -> None:
        """Reckon on as if a move had been made."""
        self._loads[move.from_iro] -= 1
        self._loads[move.to_iro] += 1
        self._where[move.child] = move.to_iro
        self._free[move.from_iro].remove(each)
        if each.child.kin_iros:
            self._kin_joined.add(move.to_iro)

    def _share(self, iro: str, more: int = 0) -> Fraction:
        """An IRO's children, and some more, reckoned for full-time hours."""
        return (self._loads[iro] + more) / self._hours[iro]

    def _pairs(self) -> list[tuple[Candidate, Candidate]]:
        """Givers and receivers who lie too far apart, the furthest first."""
        apart: list[tuple[Fraction, str, str]] = []
        for receiver in self._receivers:
            to = receiver.reference
            if self._loads[to] >= receiver.terms.places:
                continue
            for giver in self._free:
                if giver not in self._iros or self._share(to, 1) > self._share(giver, -1):
                    continue
                difference = self._share(giver) - self._share(to)
                if difference > EVEN_ENOUGH:
                    apart.append((-difference, giver, to))
        return [(self._iros[giver], self._iros[to]) for _, giver, to in sorted(apart)]

    def _may_move(self, each: Movable, giver: Candidate, receiver: Candidate) -> bool:
        child = each.child
        siblings_with = {self._where.get(sibling.child, sibling.iro) for sibling in child.siblings}
        if giver.reference in siblings_with or (child.apart and receiver.reference in siblings_with):
            return False
        # Whose parent or child the other is, is not known here: no two of them are brought to one IRO.
        if child.kin_iros and receiver.reference in self._kin_joined:
            return False
        if receiver.reference in child.not_again:
            return False
        if len(unmet_needs(child, receiver)) > len(unmet_needs(child, giver)):
            return False
        return bar_to(child, receiver, self._day) is None

    def _move(self, each: Movable, receiver: Candidate) -> Move:
        here, there = round(self._share(each.iro)), round(self._share(receiver.reference))
        return Move(
            episode=each.episode,
            child=each.child.child,
            from_iro=each.iro,
            to_iro=receiver.reference,
            because=f"No review was held with this IRO, who has {here} children for full-time hours against {there}.",
        )
