"""What the ledger still needs of the matters that run beside the cycle: challenges, disputes, referrals to Cafcass,
court proceedings, what the child asked for.

A matter stays with its whole history while it is open or anything of it is owed, whatever reviews have settled since;
it leaves as a whole, when the next cycle closes. The register keeps it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.case import Case, Known
from rules.challenges import challenges_of, still_open
from rules.changes_of_iro import ANSWER as ANSWER_CHANGE
from rules.childs_road import STEPS_OF_THE_CHILD
from rules.court import Proceedings, all_proceedings
from rules.cycles import Cycle
from rules.disputes import Dispute, disputes_of, history_of
from rules.facts import PlainFact
from rules.facts.base import FactBase
from rules.facts.cafcass import (
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
)
from rules.facts.challenge import ChallengeAnswered, ChallengeRaised, ChallengeResolved, ChallengeWithdrawn
from rules.facts.childs_road import (
    ASKED_BY_THE_CHILD,
    AdultSought,
    AdvocateProvided,
    ChildHelpedToAdvice,
    ChildWantsNoMore,
    ChildWishAnswered,
    ComplaintAbout,
    ComplaintAnswered,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintWeighed,
)
from rules.facts.dispute import (
    DisputeAnswered,
    DisputeMovedUp,
    DisputePaused,
    DisputeRaised,
    DisputeResolved,
    DisputeTakenUp,
    DisputeWithdrawn,
)
from rules.facts.iro import IroChangeAsked
from rules.facts.proceedings import (
    CourtDocumentGiven,
    CourtDocumentReceived,
    HearingMoved,
    HearingReached,
    HearingReported,
    OfProceedings,
    ProceedingsIssued,
)
from rules.proceedings import DISPUTE_TOLD
from rules.reading import Reading, key
from rules.referral import ADVICE, CONSIDER, REFER, REPLY
from rules.steps import Step
from rules.vocabulary import Phase

_OF_A_CHALLENGE = (ChallengeAnswered, ChallengeResolved, ChallengeWithdrawn)
_OF_A_DISPUTE = (DisputeAnswered, DisputeTakenUp, DisputeMovedUp, DisputePaused, DisputeResolved, DisputeWithdrawn)
_OF_A_REQUEST = (AdultSought, ChildHelpedToAdvice, AdvocateProvided, ChildWantsNoMore)
_OF_A_COMPLAINT = (ComplaintPassedOn, ComplaintWeighed, ComplaintAnswered)
_OF_A_HEARING = (HearingMoved, HearingReached, HearingReported)

OF_A_MATTER = (
    ChallengeRaised,
    *_OF_A_CHALLENGE,
    DisputeRaised,
    *_OF_A_DISPUTE,
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
    ProceedingsIssued,
    OfProceedings,
    CourtDocumentGiven,
    *_OF_A_HEARING,
    *ASKED_BY_THE_CHILD,
    *_OF_A_REQUEST,
    *_OF_A_COMPLAINT,
    ChildWishAnswered,
)
"""The facts that stay and go with a matter."""


@dataclass(frozen=True)
class Matters:
    """The matters that the ledger goes on with.

    Attributes:
        names: each by the id of the fact that began it, which is its name.
        wishes: the wishes for another IRO that wait for an answer, by the id of the fact that told of each.
        iro_since: since when it is asked who the IRO was, because of a complaint about them, or of such a wish; None
            where it is not.
    """

    names: frozenset[str]
    wishes: frozenset[str] = frozenset()
    iro_since: date | None = None

    def need(self, fact: PlainFact) -> bool:
        """Whether a fact is of one of them.

        Args:
            fact: one of the kinds of `OF_A_MATTER`.
        """
        return matter_of(fact) in self.names


def matters_to_keep(reading: Reading, steps: Iterable[Step], owed: Collection[str], live: Collection[Cycle]) -> Matters:
    """The matters that are open, or of which anything is owed, with what belongs to them.

    Args:
        reading: the case.
        steps: the steps as they stand.
        owed: the keys of those that are open, or exempt for now.
        live: the cycles that go on.
    """
    case = reading.case
    disputes = {each.id for each in disputes_of(case) if _needs_dispute(case, each, owed)}
    histories = {each.id for name in disputes for each in history_of(case, name)}
    challenges = {each.id for each in still_open(challenges_of(case))}
    names = histories | challenges | set(_referrals(case, histories, owed)) | set(_asked(case, owed))
    since = min((cycle.start.on for cycle in live), default=reading.today)
    in_dispute = [each.raised.on for each in disputes_of(case) if each.id in histories]
    courts = set(_proceedings(case, min([since, *in_dispute]), _anchors(steps, owed)))
    about_the_iro = [
        known.on for known in case.all(ComplaintMade) if known.id in names and known.fact.about is ComplaintAbout.IRO
    ]
    wishes = {known.id: known.on for known in case.all(IroChangeAsked) if key(ANSWER_CHANGE, known.id) in owed}
    return Matters(frozenset(names | courts), frozenset(wishes), min([*about_the_iro, *wishes.values()], default=None))


def matter_of(fact: PlainFact) -> str:
    """The name of what a fact belongs to: what began the matter; for a hearing or a court document, what told of it.

    Args:
        fact: one of the kinds of `OF_A_MATTER`.
    """
    match fact:
        case ChallengeAnswered() | ChallengeResolved() | ChallengeWithdrawn():
            return fact.challenge
        case DisputeAnswered() | DisputeTakenUp() | DisputeMovedUp() | DisputePaused():
            return fact.dispute
        case DisputeResolved() | DisputeWithdrawn():
            return fact.dispute
        case CafcassReplied():
            return fact.referral
        case LegalAdviceGiven() | AdultSought() | ChildHelpedToAdvice() | AdvocateProvided() | ChildWantsNoMore():
            return fact.request
        case HearingMoved() | HearingReached() | HearingReported():
            return fact.hearing
        case CourtDocumentGiven():
            return fact.document
        case ComplaintPassedOn() | ComplaintWeighed() | ComplaintAnswered():
            return fact.complaint
        case ChildWishAnswered():
            return fact.wish
    return fact.proceedings if isinstance(fact, OfProceedings) else fact.id


def _needs_dispute(case: Case, dispute: Dispute, owed: Collection[str]) -> bool:
    """Whether it is open, or the court, Cafcass or the legal advice that goes with it is still owed something."""
    if dispute.closed_by is None or key(CONSIDER, dispute.id) in owed or key(DISPUTE_TOLD, dispute.id) in owed:
        return True
    return any(key(step, known.id) in owed for step, known in _with_cafcass(case) if _goes_with(known) == dispute.id)


def _with_cafcass(case: Case) -> Iterator[tuple[str, Known[FactBase]]]:
    """What was decided, referred and asked for, each with the step that it sets off."""
    yield from ((REFER, known) for known in case.all(CafcassConsidered))
    yield from ((REPLY, known) for known in case.all(CafcassReferred))
    yield from ((ADVICE, known) for known in case.all(LegalAdviceAsked))


def _goes_with(known: Known[FactBase]) -> str | None:
    fact = known.fact
    return fact.dispute if isinstance(fact, CafcassConsidered | CafcassReferred | LegalAdviceAsked) else None


def _referrals(case: Case, disputes: Collection[str], owed: Collection[str]) -> Iterator[str]:
    for step, known in _with_cafcass(case):
        if _goes_with(known) in disputes or key(step, known.id) in owed:
            yield known.id


def _asked(case: Case, owed: Collection[str]) -> Iterator[str]:
    for kind in ASKED_BY_THE_CHILD:
        for known in case.all(kind):
            if any(key(step, known.id) in owed for step in STEPS_OF_THE_CHILD):
                yield known.id


def _anchors(steps: Iterable[Step], owed: Collection[str]) -> set[str]:
    """What the steps still owed of proceedings hang on."""
    return {step.key.partition(".")[2] for step in steps if step.phase is Phase.PROCEEDINGS and step.key in owed}


def _proceedings(case: Case, since: date, anchors: Collection[str]) -> Iterator[str]:
    """Proceedings that go on, or did on that day or after it, or of which anything is owed; with those that were under
    way at the same time, since what both ask is owed in the first of them."""
    sets = all_proceedings(case)
    told = {each.id: {each.id, *(known.id for known in case.standing if _is_of(known.fact, each.id))} for each in sets}
    elsewhere = set(anchors) - {name for names in told.values() for name in names}
    kept = [
        each
        for each in sets
        if each.ended is None or each.ended.on >= since or elsewhere or not told[each.id].isdisjoint(anchors)
    ]
    while more := [each for each in sets if each not in kept and any(_overlap(each, other) for other in kept)]:
        kept += more
    for each in kept:
        yield each.id
        yield from (hearing.id for hearing in each.hearings)
        documents = case.all(CourtDocumentReceived)
        yield from (known.id for known in documents if known.fact.proceedings == each.id)


def _is_of(fact: PlainFact, name: str) -> bool:
    return isinstance(fact, OfProceedings) and fact.proceedings == name


def _overlap(one: Proceedings, other: Proceedings) -> bool:
    return one.go_on_on(other.issued.on) or other.go_on_on(one.issued.on)
