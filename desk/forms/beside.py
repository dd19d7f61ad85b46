"""What is open beside the cycle, as a field offers it: disputes, referrals, proceedings, what the child asked for.

Each reader gives ids of facts, each with what it is called, from the facts of the case as they stand.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from client.acts import OPENING_ACT
from desk.forms.controls import as_clause
from desk.forms.words import Source
from desk.forms.words.choices import RUNGS
from desk.forms.words.choices_beside import (
    COMPLAINTS,
    COURT_DOCUMENTS,
    FAILURES,
    HEARINGS,
    MATTERS,
    PROCEEDINGS,
    STAGES,
    WISHES,
)
from rules.case import Case, Known
from rules.challenges import Challenge, challenges_of
from rules.court import Hearing, Proceedings, all_proceedings, of_proceedings
from rules.dispute_policy import STAGES as STAGES_OF_A_DISPUTE
from rules.dispute_policy import rank
from rules.disputes import Dispute, disputes_of
from rules.facts import FACT_TYPES, cafcass, challenge, childs_road, dispute, proceedings
from rules.facts.base import FactBase
from rules.reading import key
from rules.referral import CONSIDER
from rules.wording import short

LONGEST_CHOICE = 80

F = TypeVar("F", bound=FactBase)

Offered = Iterator[tuple[str, str]]
"""Ids, each with what it is called."""
Reader = Callable[[Case, date], Offered]
"""What there is to choose from, of a case and a London date."""


CHOSEN_FROM: frozenset[str] = frozenset(
    kind
    for kind, model in FACT_TYPES.items()
    if model.__module__ in {each.__name__ for each in (challenge, dispute, cafcass, proceedings, childs_road)}
) | {OPENING_ACT}
"""The kinds of facts that these readers look at."""


def in_short(text: str) -> str:
    """The beginning of somebody's words, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_CHOICE else f"{words[: LONGEST_CHOICE - 1].rstrip()}…"


# --- Disputes ---------------------------------------------------------------------------------------------------------


def challenge_words(found: Challenge) -> str:
    """What a challenge is called."""
    raised = found.raised.fact
    return f"{RUNGS[raised.rung]} of {short(raised.on)}: {in_short(raised.about)}"


def dispute_words(found: Dispute) -> str:
    """What a dispute is called: what it is about, since when, and with whom it is or was."""
    raised = found.raised.fact
    with_whom = "" if found.closed_by else f", with the {found.now_at.stage.words}"
    return f"{MATTERS[raised.matter]}, raised {short(raised.on)}{with_whom}: {in_short(raised.about)}"


def _disputes(case: Case, today: date) -> Offered:
    for found in disputes_of(case):
        if found.closed_by is None:
            yield found.id, dispute_words(found)


def _stages_above(case: Case, today: date) -> Offered:
    """Where more than one dispute is open, those above the lowest of where they stand."""
    reached = [rank(found.now_at.stage) for found in disputes_of(case) if found.closed_by is None]
    for stage in STAGES_OF_A_DISPUTE:
        if reached and rank(stage) > min(reached):
            yield stage.value, STAGES[stage]


def to_consider(case: Case, owed: Collection[str]) -> Offered:
    """The open disputes of which it was not decided whether to refer the case, or is to be decided again.

    Args:
        case: the facts.
        owed: the keys of the open steps.
    """
    considered = {known.fact.dispute for known in case.all(cafcass.CafcassConsidered)}
    for name, words in _disputes(case, case.first_day):
        if name not in considered or key(CONSIDER, name) in owed:
            yield name, words


def _taken_further(case: Case, today: date) -> Offered:
    for found in challenges_of(case):
        if found.closed_by is None:
            yield found.id, challenge_words(found)
    for earlier in disputes_of(case):
        if earlier.closed_by:
            yield earlier.id, f"Closed dispute: {dispute_words(earlier)}"


# --- Cafcass and legal advice -----------------------------------------------------------------------------------------


def _referrals(case: Case, today: date) -> Offered:
    replied = {known.fact.referral for known in case.all(cafcass.CafcassReplied)}
    for known in _without(case.all(cafcass.CafcassReferred), replied):
        yield known.id, f"Of {short(known.on)}. {FAILURES[known.fact.failure]}: {in_short(known.fact.about)}"


def _advice_requests(case: Case, today: date) -> Offered:
    given = {known.fact.request for known in case.all(cafcass.LegalAdviceGiven)}
    for known in _without(case.all(cafcass.LegalAdviceAsked), given):
        yield known.id, f"Of {short(known.on)}: {in_short(known.fact.about)}"


# --- The court --------------------------------------------------------------------------------------------------------


def proceedings_words(found: Proceedings) -> str:
    """What proceedings are called."""
    over = f", ended {short(found.ended.on)}" if found.ended else ""
    return f"{PROCEEDINGS[found.issued.fact.about]}, issued {short(found.issued.on)}{over}"


def _proceedings(which: Callable[[Case, Proceedings], bool]) -> Reader:
    def found(case: Case, today: date) -> Offered:
        for each in all_proceedings(case):
            if which(case, each):
                yield each.id, proceedings_words(each)

    return found


def _may_hand_over(case: Case, each: Proceedings) -> bool:
    return bool(each.guardians) and not of_proceedings(case, proceedings.GuardianHandedOver, each.id)


def _documents(case: Case, today: date) -> Offered:
    given = {known.fact.document for known in case.all(proceedings.CourtDocumentGiven)}
    for known in _without(case.all(proceedings.CourtDocumentReceived), given):
        yield known.id, f"{COURT_DOCUMENTS[known.fact.document]}, received {short(known.on)}"


def _hearings(case: Case) -> Iterator[Hearing]:
    return (hearing for each in all_proceedings(case) if each.ended is None for hearing in each.hearings)


def _hearings_to_come(case: Case, today: date) -> Offered:
    """Those that may be moved; one that was taken off the list may be given a day again."""
    for hearing in _hearings(case):
        if hearing.day is None:
            yield hearing.id, f"{HEARINGS[hearing.kind]}, taken off the list"
        elif hearing.day >= today and not hearing.reported:
            yield hearing.id, f"{HEARINGS[hearing.kind]}, {short(hearing.day)}"


def _hearings_held(case: Case, today: date) -> Offered:
    for each in all_proceedings(case):
        for day, hearing in each.diary:
            if day <= today and not hearing.reported:
                yield hearing.id, f"{HEARINGS[hearing.kind]}, {short(day)}"


# --- What the child asks for ------------------------------------------------------------------------------------------


def _wanted(case: Case, today: date) -> Offered:
    for known in _without(case.all(childs_road.ChildWantsProceedings), _no_more(case)):
        yield known.id, _wanted_words(known)


def _wanted_advice(case: Case, today: date) -> Offered:
    helped = {known.fact.request for known in case.all(childs_road.ChildHelpedToAdvice)}
    for known in _without(case.all(childs_road.ChildWantsProceedings), helped | _no_more(case)):
        yield known.id, _wanted_words(known)


def _wanted_words(known: Known[childs_road.ChildWantsProceedings]) -> str:
    return f"Proceedings, said on {short(known.on)}: {in_short(known.fact.words)}"


def _to_pass_on(case: Case, today: date) -> Offered:
    """The IRO is told of every complaint, whatever comes of it."""
    passed_on = {known.fact.complaint for known in case.all(childs_road.ComplaintPassedOn)}
    for known in _without(case.all(childs_road.ComplaintMade), passed_on):
        yield known.id, _complaint_words(known)


def _to_weigh(case: Case, today: date) -> Offered:
    weighed = {known.fact.complaint for known in case.all(childs_road.ComplaintWeighed)}
    for known in _without(case.all(childs_road.ComplaintMade), weighed | _no_more(case)):
        if known.fact.about is childs_road.ComplaintAbout.IRO:
            yield known.id, _complaint_words(known)


def _to_answer(case: Case, today: date) -> Offered:
    answered = {known.fact.complaint for known in case.all(childs_road.ComplaintAnswered)}
    for known in _without(case.all(childs_road.ComplaintMade), answered | _no_more(case)):
        yield known.id, _complaint_words(known)


def _complaint_words(known: Known[childs_road.ComplaintMade]) -> str:
    whom = as_clause(COMPLAINTS[known.fact.about].partition(",")[0])
    return f"Complaint about {whom}, {short(known.on)}: {in_short(known.fact.words)}"


def _advocates_asked(case: Case, today: date) -> Offered:
    provided = {known.fact.request for known in case.all(childs_road.AdvocateProvided)}
    for known in _without(case.all(childs_road.AdvocateAsked), provided | _no_more(case)):
        words = f": {in_short(known.fact.words)}" if known.fact.words else ""
        yield known.id, f"An advocate, asked for on {short(known.on)}{words}"


def _wishes(case: Case, today: date) -> Offered:
    answered = {known.fact.wish for known in case.all(childs_road.ChildWishAnswered)}
    for known in _without(case.all(childs_road.ChildWished), answered | _no_more(case)):
        yield known.id, f"{WISHES[known.fact.wish]}, {short(known.on)}: {in_short(known.fact.words)}"


def _asked_by_the_child(case: Case, today: date) -> Offered:
    about_the_iro = {
        known.id for known in case.all(childs_road.ComplaintMade) if known.fact.about is childs_road.ComplaintAbout.IRO
    }
    for reader in (_wanted_advice, _to_answer, _advocates_asked, _wishes):
        yield from (each for each in reader(case, today) if each[0] not in about_the_iro)


def _no_more(case: Case) -> set[str]:
    """What the child wants no more of."""
    return {known.fact.request for known in case.all(childs_road.ChildWantsNoMore)}


def _without(found: Iterable[Known[F]], answered: set[str]) -> Iterator[Known[F]]:
    """Those of which nothing came yet."""
    return (known for known in found if known.id not in answered)


READERS: Mapping[Source, Reader] = {
    Source.TAKEN_FURTHER: _taken_further,
    Source.DISPUTES: _disputes,
    Source.STAGES_ABOVE: _stages_above,
    Source.REFERRALS: _referrals,
    Source.ADVICE_REQUESTS: _advice_requests,
    Source.PROCEEDINGS: _proceedings(lambda case, each: each.ended is None),
    Source.EVERY_PROCEEDINGS: _proceedings(lambda case, each: True),
    Source.GUARDED_PROCEEDINGS: _proceedings(lambda case, each: each.ended is None and bool(each.guardians)),
    Source.PROCEEDINGS_TO_HAND_OVER: _proceedings(_may_hand_over),
    Source.COURT_DOCUMENTS: _documents,
    Source.HEARINGS_TO_COME: _hearings_to_come,
    Source.HEARINGS_HELD: _hearings_held,
    Source.WANTED_PROCEEDINGS: _wanted,
    Source.WANTED_ADVICE: _wanted_advice,
    Source.ASKED_BY_THE_CHILD: _asked_by_the_child,
    Source.COMPLAINTS_TO_PASS_ON: _to_pass_on,
    Source.COMPLAINTS_TO_WEIGH: _to_weigh,
    Source.COMPLAINTS_TO_ANSWER: _to_answer,
    Source.ADVOCATES_ASKED: _advocates_asked,
    Source.WISHES: _wishes,
}
"""Who reads what there is to choose from."""
