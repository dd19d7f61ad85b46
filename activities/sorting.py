"""Sorting out new facts before they are published: what was recorded already, and what the register speaks against.

The workflow has refused by then what its own ledger contradicts. What only the register knows is refused here: an id
or a reference used long ago, an IRO who may not review for the child, a family that cannot be.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Engine

from register.allocations import bar_to_choice
from register.asking import asked_for
from register.directory import directory_version
from register.kin import check_kin
from register.publish import Standing, steps_known
from rules.case import Case
from rules.directory_checks import DirectoryRefused
from rules.facts import Entry, Fact, FactCorrected
from rules.facts.iro import IroAppointed, IroCoverArranged, KinKnown
from rules.facts.reviews import DecisionMade
from rules.reading import key
from rules.vocabulary import SYSTEM
from workflows.messages import DeriveRequest, RefusedFact


class Dropped(NamedTuple):
    """New facts that are not recorded: the very same as before, by id, and what cannot be, with the reason."""

    duplicates: tuple[str, ...]
    refused: tuple[RefusedFact, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both, by id."""
        return (*self.duplicates, *(refused.fact for refused in self.refused))


class Sorting:
    """Sorts new facts by what the register holds."""

    def __init__(self, register: Engine) -> None:
        """Take the register to ask."""
        self._register = register

    def sort_out(self, request: DeriveRequest, known: Standing) -> tuple[tuple[Entry, ...], Dropped]:
        """What the workflow was never told of, and which of its new facts are not recorded.

        Args:
            request: what the workflow asks.
            known: what the register holds beyond it.
        """
        sent = {entry.fact.id: entry.fact for entry in request.entries}
        before = {entry.fact.id: entry.fact for entry in (*known.recorded, *known.unanswered)}
        refused = {
            each: f"The id {each} stands for another fact already; send this one under a new id."
            for each, fact in before.items()
            if each in sent and sent[each] != fact
        }
        for fact in (sent[each] for each in request.new):
            if fact.id not in before and (why := self._why_not(request, fact)):
                refused[fact.id] = why
        duplicates = [entry.fact.id for entry in known.recorded if entry.fact.id not in refused]
        restored = [entry for entry in known.unanswered if entry.fact.id not in sent or entry.fact.id in refused]
        return tuple(restored), Dropped(
            tuple(sorted(duplicates)), tuple(RefusedFact(fact=each, why=refused[each]) for each in sorted(refused))
        )

    def _why_not(self, request: DeriveRequest, fact: Fact) -> str | None:
        if fact.by == SYSTEM:
            return None
        said: Fact = fact
        if isinstance(fact, FactCorrected) and isinstance(fact.to, IroAppointed | IroCoverArranged):
            said = fact.to
        for kind, why_not in _CHECKS:
            if isinstance(said, kind):
                return why_not(self, request, said)
        return None

    def _decision(self, request: DeriveRequest, fact: DecisionMade) -> str | None:
        step = key("decision", fact.decision)
        if not steps_known(self._register, request.episode, [step]):
            return None
        return (
            f"The reference {fact.decision} stands for another decision already; give this one a reference of its own."
        )

    def _iro(self, request: DeriveRequest, fact: IroAppointed | IroCoverArranged) -> str | None:
        if not directory_version(self._register):
            return None
        iro = fact.iro if isinstance(fact, IroAppointed) else fact.cover
        return bar_to_choice(self._register, asked_for(request.episode, request.entries, request.now), iro)

    def _kin(self, request: DeriveRequest, fact: KinKnown) -> str | None:
        opening = Case(request.entries).opening.fact
        try:
            check_kin(self._register, opening.authority, opening.child, fact)
        except DirectoryRefused as refused:
            return str(refused)
        return None


_CHECKS: tuple[tuple[type | tuple[type, ...], Callable[..., str | None]], ...] = (
    (DecisionMade, Sorting._decision),
    ((IroAppointed, IroCoverArranged), Sorting._iro),
    (KinKnown, Sorting._kin),
)
"""What is asked of the register for each kind of fact."""
