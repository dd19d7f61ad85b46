"""What the ledger carries on when a cycle closes: the chain of reviews, and what open steps still need.

A cycle settles once the next review has been held and everything that follows its own review is closed. Its steps
and facts stand in the register; in the ledger each past review keeps its one line.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from rules.case import Known
from rules.changes_reported import consideration_key
from rules.closing import is_unfinished
from rules.cycles import Cycle
from rules.early_reviews import early_duties
from rules.facts import Entry, Fact, FactCorrected, FactWithdrawn, PlainFact
from rules.facts.base import FactBase
from rules.facts.care import ExemptionEnded, StepExempted
from rules.facts.challenge import GoodPracticeNoted, PoorPracticeNoted
from rules.facts.changes import ChangeConsidered, ChildWrote, SignificantChange
from rules.facts.iro import (
    IroAppointed,
    IroChangeAsked,
    IroChangeDeclined,
    IroConflictDeclared,
    IroCoverArranged,
    IroCoverEnded,
    IroHandedOver,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    IroProposed,
    NoIroFound,
)
from rules.facts.notices import NoticeDelivered, NoticeUndelivered
from rules.facts.reviews import (
    AfterReview,
    ChildConsulted,
    DecisionCarriedOut,
    DecisionChanged,
    DecisionDropped,
    DecisionMade,
    DiscussionHeld,
    InvitationsSent,
    MidPointChecked,
    ReportReceived,
    ReviewAdjourned,
    ReviewArranged,
    ReviewContinued,
    ReviewHeld,
    ReviewOpened,
    ViewsGathered,
)
from rules.matters import OF_A_MATTER, Matters, matters_to_keep
from rules.reading import Reading, key
from rules.steps import Step
from rules.undelivered import step_key
from rules.vocabulary import Phase, StepState

_OF_A_CYCLE = (
    DiscussionHeld,
    InvitationsSent,
    ReportReceived,
    ChildConsulted,
    ViewsGathered,
    ReviewOpened,
    ReviewContinued,
    ReviewAdjourned,
    MidPointChecked,
    ChildWrote,
    GoodPracticeNoted,
    PoorPracticeNoted,
)
_OF_A_DECISION = (DecisionMade, DecisionChanged, DecisionCarriedOut, DecisionDropped)
_OF_A_DELIVERY = (NoticeUndelivered, NoticeDelivered)
_OF_A_STEP = (StepExempted, ExemptionEnded)
_OF_A_CHANGE = (SignificantChange, ChangeConsidered)
_OF_THE_IRO = (
    IroProposed,
    NoIroFound,
    IroAppointed,
    IroMadeKnown,
    IroNotMadeKnown,
    IroPostVacated,
    IroCoverArranged,
    IroCoverEnded,
    IroChangeAsked,
    IroChangeDeclined,
    IroHandedOver,
)


_GIVEN_TO_THE_COURT = "file_record"
"""The step that follows a review in the court."""


def newly_settled(reading: Reading, steps: Iterable[Step]) -> tuple[Cycle, ...]:
    """The cycles that close with this derivation.

    Args:
        reading: the case.
        steps: the steps as they stand.
    """
    held = [cycle for cycle in reading.live if cycle.held]
    if len(held) < 2:
        return ()
    unfinished = {step.cycle for step in steps if _follows_a_review(step) and is_unfinished(reading, step)}
    return tuple(cycle for cycle in held[:-1] if cycle.number not in unfinished)


def _follows_a_review(step: Step) -> bool:
    return step.phase is Phase.FOLLOW_UP or step.name == _GIVEN_TO_THE_COURT


@dataclass(frozen=True)
class Remains:
    """What is looked at to tell what the ledger still needs.

    Attributes:
        reading: the case.
        settled: the reviews whose cycles have closed, now or before, by id.
        live: the cycles that have not.
        steps: the keys of the steps of those, and of the period as a whole.
        owed: the keys of those that are open, or exempt for now.
        early: the ids of the facts that ask for a review before its normal date, and of the changes that the IRO
            answered by asking for one: the review's day explains itself by them.
        matters: what runs beside the cycle and is open, or owed something.
    """

    reading: Reading
    settled: dict[str, Cycle]
    live: tuple[Cycle, ...]
    steps: Collection[str]
    owed: Collection[str]
    early: Collection[str]
    matters: Matters

    def needs(self, known: Known[PlainFact]) -> bool:
        """Whether the ledger goes on with a fact."""
        for kinds, needs in _NEEDS:
            if isinstance(known.fact, kinds):
                return needs(self, known)
        return True

    def _of_a_cycle(self, known: Known[PlainFact]) -> bool:
        return any(
            known.on > cycle.prepared_after
            and ((until := self.reading.counts_until(cycle)) is None or known.on <= until)
            for cycle in self.live
        )

    def _of_an_arrangement(self, known: Known[PlainFact]) -> bool:
        fact = known.fact
        return isinstance(fact, ReviewArranged) and any(
            cycle.held is None and not cycle.superseded and fact.on >= cycle.start.on < fact.planned_for
            for cycle in self.live
        )

    def _of_a_decision(self, known: Known[PlainFact]) -> bool:
        fact = known.fact
        return isinstance(fact, _OF_A_DECISION) and key("decision", fact.decision) in self.owed

    def _of_a_change(self, known: Known[PlainFact]) -> bool:
        fact = known.fact
        if known.id in self.early:
            return True
        change = fact.change if isinstance(fact, ChangeConsidered) else known.id
        return consideration_key(change) in self.owed

    def _of_a_matter(self, known: Known[PlainFact]) -> bool:
        """An open challenge, dispute or referral stays with its whole history, whatever else has settled; so do
        proceedings, and what the child asked for."""
        return self.matters.need(known.fact)

    def _of_a_delivery(self, known: Known[PlainFact]) -> bool:
        """A notice that reached nobody stays until it is delivered; then both facts have done their work."""
        return isinstance(known.fact, NoticeUndelivered) and step_key(known.fact) in self.owed

    def _of_a_review(self, known: Known[PlainFact]) -> bool:
        followed = self.reading.case.review_followed(known.fact) if isinstance(known.fact, AfterReview) else None
        return followed is None or followed.id not in self.settled

    def _of_a_step(self, known: Known[PlainFact]) -> bool:
        return isinstance(known.fact, _OF_A_STEP) and known.fact.step in self.steps

    def _of_the_iro(self, known: Known[PlainFact]) -> bool:
        """The first and the present appointment stay, the first proposal, what was said of the present one, and the
        child's wish for another until it is answered."""
        if known.id in self.matters.wishes:
            return True
        case = self.reading.case
        present = case.last(IroAppointed)
        if isinstance(known.fact, IroAppointed | IroPostVacated) and self._tells_who_left(known):
            return True
        if isinstance(known.fact, IroAppointed):
            return known is present or known is case.first(IroAppointed)
        if isinstance(known.fact, IroProposed) and known is case.first(IroProposed):
            return True
        if isinstance(known.fact, IroCoverArranged | IroCoverEnded):
            return known is case.last(type(known.fact))
        return present is None or known.on >= present.on

    def _tells_who_left(self, known: Known[PlainFact]) -> bool:
        """Whether it says who was the IRO of whom a complaint was made, or whom the child wants another for, or how
        their time ended."""
        since = self.matters.iro_since
        if since is None:
            return False
        in_post = self.reading.case.within(IroAppointed, None, since)
        return known.on >= since or (bool(in_post) and known is in_post[-1])


_NEEDS: tuple[tuple[tuple[type[FactBase], ...], Callable[[Remains, Known[PlainFact]], bool]], ...] = (
    (_OF_A_CYCLE, Remains._of_a_cycle),
    ((ReviewArranged,), Remains._of_an_arrangement),
    (_OF_A_DECISION, Remains._of_a_decision),
    (_OF_A_DELIVERY, Remains._of_a_delivery),
    (_OF_A_CHANGE, Remains._of_a_change),
    (OF_A_MATTER, Remains._of_a_matter),
    ((AfterReview,), Remains._of_a_review),
    (_OF_A_STEP, Remains._of_a_step),
    (_OF_THE_IRO, Remains._of_the_iro),
)
"""What tells whether a fact of each kind is still needed; the first that fits. Other kinds always are."""


def carry(
    reading: Reading, entries: Iterable[Entry], steps: tuple[Step, ...], settled: tuple[Cycle, ...]
) -> tuple[Entry, ...]:
    """The ledger to go on with.

    Args:
        reading: the case.
        entries: the ledger so far.
        steps: the steps as they stand.
        settled: the cycles that close now.
    """
    remains = _remains(reading, steps, settled)
    kept = [known for known in reading.case.standing if remains.needs(known)]
    past = _of_former_iros(reading) | _considered(remains)
    carried = {known.id: _line(remains, known, known.id in past) for known in kept}
    return (*carried.values(), *_last_revision(entries, carried))


def _remains(reading: Reading, steps: tuple[Step, ...], closing: tuple[Cycle, ...]) -> Remains:
    now = {cycle.number for cycle in closing}
    settled = {
        cycle.held.id: cycle for cycle in reading.cycles if cycle.held and (cycle.settled or cycle.number in now)
    }
    live = tuple(cycle for cycle in reading.cycles if not (cycle.held and cycle.held.id in settled))
    owed = {step.key for step in steps if step.is_open or step.state is StepState.EXEMPTED}
    return Remains(
        reading,
        settled,
        live=live,
        steps={step.key for step in steps},
        owed=owed,
        early=set(_early(reading)),
        matters=matters_to_keep(reading, steps, owed, live),
    )


def _early(reading: Reading) -> Iterator[str]:
    for duty in early_duties(reading.case):
        yield duty.fact.id
        if isinstance(duty.fact.fact, ChangeConsidered):
            yield duty.fact.fact.change  # Without it the IRO's answer could not be put right.


def _of_former_iros(reading: Reading) -> set[str]:
    """The appointments before the present one, and the conflicts that ended one: nothing of theirs is owed again."""
    case, present = reading.case, reading.case.last(IroAppointed)
    conflicts = [known for known in case.all(IroConflictDeclared) if present and known.on < present.on]
    return {known.id for known in (*case.all(IroAppointed)[:-1], *conflicts)}


def _considered(remains: Remains) -> set[str]:
    """The changes that stay for the sake of a review's day alone: nothing else of theirs is owed again."""
    changes = remains.reading.case.all(SignificantChange)
    return {known.id for known in changes if consideration_key(known.id) not in remains.owed}


def _line(remains: Remains, known: Known[PlainFact], over: bool) -> Entry:
    fact, cycle = known.fact, remains.settled.get(known.id)
    if cycle and isinstance(fact, ReviewHeld):
        fact = fact.model_copy(update={"opened_on": cycle.opened_on})
    elif isinstance(fact, AfterReview) and fact.review:
        followed = remains.reading.case.review_followed(fact)
        fact = fact.model_copy(update={"review": followed.on if followed else fact.review})
    return Entry(fact=fact, at=known.at, settled=known.settled or cycle is not None or over)


def _last_revision(entries: Iterable[Entry], carried: dict[str, Entry]) -> tuple[Entry, ...]:
    """The last correction or withdrawal, because nothing could have been known before it. It changes nothing more."""
    revisions = [entry for entry in entries if isinstance(entry.fact, FactCorrected | FactWithdrawn)]
    if not revisions:
        return ()
    last = max(revisions, key=lambda entry: (entry.at, entry.fact.id))
    fact: Fact = last.fact
    if isinstance(fact, FactCorrected) and fact.corrects in carried:
        fact = fact.model_copy(update={"to": carried[fact.corrects].fact})
    return (Entry(fact=fact, at=last.at),)
