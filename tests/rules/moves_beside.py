"""What may happen beside the cycle, for the made-up stories of the property tests: disputes, referrals, proceedings,
what the child asks for.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rules.case import Case
from rules.dispute_policy import STAGES
from rules.facts import Entry
from rules.facts.base import FactBase
from rules.facts.cafcass import CafcassOutcome, CafcassReferred, LegalAdviceAsked
from rules.facts.challenge import ChallengeRaised, PracticeTheme
from rules.facts.childs_road import (
    ASKED_BY_THE_CHILD,
    AdvocateAsked,
    ChildWantsProceedings,
    ChildWished,
    ComplaintMade,
)
from rules.facts.dispute import DisputeMatter, DisputeRaised, SignificantFailure
from rules.facts.proceedings import CourtDocumentReceived, GuardianTopic, HearingKind, HearingListed, ProceedingsIssued
from rules.named_iro import named_iro

DISPUTES = (
    "dispute_raised",
    "dispute_raised",
    "dispute_answered",
    "dispute_taken_up",
    "dispute_paused",
    "dispute_resolved",
    "dispute_withdrawn",
    "cafcass_considered",
    "cafcass_referred",
    "cafcass_replied",
    "legal_advice_asked",
    "legal_advice_given",
)
PROCEEDINGS = (
    "proceedings_issued",
    "proceedings_issued",
    "iro_named_in_proceedings",
    "guardian_appointed",
    "guardian_named_to_iro",
    "court_document_received",
    "court_document_given",
    "hearing_listed",
    "hearing_listed",
    "hearing_moved",
    "hearing_reported",
    "guardian_invited",
    "record_filed",
    "spoke_with_guardian",
    "court_told_of_dispute",
    "proceedings_ended",
    "guardian_handed_over",
)
CHILDS_ROAD = (
    "child_wants_proceedings",
    "adult_sought",
    "child_helped_to_advice",
    "complaint_made",
    "complaint_passed_on",
    "complaint_weighed",
    "complaint_answered",
    "advocate_asked",
    "advocate_provided",
    "child_wished",
    "child_wish_answered",
    "child_wants_no_more",
)


def said_beside(kind: str, entries: Sequence[Entry], pick: int, on: date, ahead: str) -> dict[str, Any]:
    """What a fact of a kind says, beside its day; the IRO's own acts are recorded by the IRO.

    Args:
        kind: the kind of fact.
        entries: what has been told so far.
        pick: chooses among what there is to choose from.
        on: its day.
        ahead: a day to come.
    """

    def one(*kinds: type[FactBase]) -> str:
        found = [entry.fact.id for entry in entries if isinstance(entry.fact, kinds)]
        return found[pick % len(found)] if found else "none"

    now_and_then = int(ahead[-2:]) % 3
    iro = {"by": named_iro(Case(entries), on).iro or "nobody-yet"}
    dispute = {"dispute": one(DisputeRaised)}
    any_dispute = {"dispute": dispute["dispute"] if pick % 3 and dispute["dispute"] != "none" else None}
    court = {"proceedings": one(ProceedingsIssued)}
    complaint = {"complaint": one(ComplaintMade)}
    stages = [stage.value for stage in STAGES]
    of_kind: dict[str, dict[str, Any]] = {
        "poor_practice_noted": {"theme": list(PracticeTheme)[pick % 9].value},
        "dispute_raised": iro
        | {
            "matter": list(DisputeMatter)[pick % 4].value,
            "stage": stages[(pick * pick) % 6 if pick % 2 else 0],
            "failure": list(SignificantFailure)[pick % 4].value if now_and_then else None,
            "needed_by": ahead if now_and_then == 0 else None,
            "follows": one(ChallengeRaised, DisputeRaised) if pick > 6 and one(ChallengeRaised) != "none" else None,
            "apart_from": one(DisputeRaised) if pick > 3 and one(DisputeRaised) != "none" else None,
        },
        "dispute_answered": dispute | {"stage": stages[pick % 6] if now_and_then == 0 else None},
        "dispute_taken_up": iro | dispute | {"to": stages[pick % 6]},
        "dispute_paused": iro | dispute | {"until": (on + timedelta(pick * 3)).isoformat()},
        "dispute_resolved": iro | dispute,
        "dispute_withdrawn": iro | dispute,
        "cafcass_considered": iro | dispute | {"refer": pick % 2 == 0},
        "cafcass_referred": iro | any_dispute,
        "cafcass_replied": {"referral": one(CafcassReferred), "outcome": list(CafcassOutcome)[pick % 4].value},
        "legal_advice_asked": iro | any_dispute,
        "legal_advice_given": {"request": one(LegalAdviceAsked)},
        "iro_named_in_proceedings": court | {"to": ("legal", "court")[pick % 2]},
        "court_document_given": {"document": one(CourtDocumentReceived)},
        "hearing_listed": court | {"hearing": list(HearingKind)[pick % 4].value, "held_on": ahead},
        "hearing_moved": {"hearing": one(HearingListed), "held_on": ahead if pick % 4 else None},
        "hearing_reported": {"hearing": one(HearingListed)},
        "spoke_with_guardian": court | {"topics": [list(GuardianTopic)[pick % 5].value]},
        "court_told_of_dispute": court | dispute,
        "adult_sought": {"request": one(ChildWantsProceedings), "found": pick % 2 == 0},
        "child_helped_to_advice": {"request": one(ChildWantsProceedings)},
        "complaint_made": {"about": ("iro", "authority")[pick % 2]},
        "complaint_passed_on": complaint,
        "complaint_weighed": complaint | {"stays": pick % 2 == 0},
        "complaint_answered": complaint,
        "advocate_provided": {"request": one(AdvocateAsked)},
        "child_wished": {"wish": "not_there", "who": "parents"} if pick % 2 else {"wish": "place"},
        "child_wish_answered": {"wish": one(ChildWished)},
        "child_wants_no_more": iro | {"request": one(*ASKED_BY_THE_CHILD)},
    }
    of_a_court = ("guardian_", "court_document_received", "proceedings_ended")
    return of_kind.get(kind) or (court if kind.startswith(of_a_court) else {})
