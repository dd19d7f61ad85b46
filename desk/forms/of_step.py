"""What a step tells of the fields of the act that settles it, where its key alone does not: from the facts of the case.

A step of a dispute is named by the fact that began its stage, a step of proceedings by an appointment or a talk; the
act asks for the dispute, or the proceedings.
"""

from collections.abc import Callable, Mapping

from rules.case import Case
from rules.court import Proceedings, all_proceedings, diary_of
from rules.disputes import disputes_of
from rules.facts.cafcass import CafcassConsidered
from rules.facts.proceedings import GuardianAppointed, HearingKind, SpokeWithGuardian

Fields = Mapping[str, str]


def asks_the_case(key: str) -> bool:
    """Whether a step tells more by the facts of the case than by its key."""
    return key.partition(".")[0] in _READERS


def fields_of(case: Case, key: str) -> Fields:
    """Fields of the act that settles a step, by their names; empty where its key tells all there is.

    Args:
        case: the facts.
        key: the step's.
    """
    name, _, anchor = key.partition(".")
    reader = _READERS.get(name)
    return reader(case, anchor) if reader else {}


def _stage(case: Case, anchor: str) -> Fields:
    for dispute in disputes_of(case):
        for at in dispute.stages:
            if at.began.id == anchor:
                return {"dispute": dispute.id, "stage": at.stage.value}
    return {}


def _dispute_of_the_stage(case: Case, anchor: str) -> Fields:
    return {name: value for name, value in _stage(case, anchor).items() if name == "dispute"}


def _considered(case: Case, anchor: str) -> Fields:
    found = (known.fact for known in case.all(CafcassConsidered) if known.id == anchor)
    return next(({"dispute": fact.dispute} for fact in found), {})


def _proceedings(case: Case, anchor: str) -> Fields:
    """Those that are named, those of the guardian, else the first under way."""
    sets = all_proceedings(case)
    of_a_guardian = {
        known.id: known.fact.proceedings for known in (*case.all(GuardianAppointed), *case.all(SpokeWithGuardian))
    }
    if anchor in of_a_guardian:
        return {"proceedings": of_a_guardian[anchor]}
    return _first(sets, lambda each: each.id == anchor) or _first(sets, lambda each: each.ended is None)


def _with_a_guardian(case: Case, anchor: str) -> Fields:
    sets = all_proceedings(case)
    return _first(sets, lambda each: each.ended is None and bool(each.guardians))


def _with_the_hearing(case: Case, anchor: str) -> Fields:
    """Those whose issues resolution hearing is the next after the dispute was raised."""
    raised = next((each.raised.on for each in disputes_of(case) if each.id == anchor), None)
    if raised is None:
        return {}
    return _first(all_proceedings(case), lambda each: bool(diary_of((each,), raised, HearingKind.ISSUES_RESOLUTION)))


def _first(sets: tuple[Proceedings, ...], which: Callable[[Proceedings], bool]) -> Fields:
    return next(({"proceedings": each.id} for each in sets if which(each)), {})


_READERS: Mapping[str, Callable[[Case, str], Fields]] = {
    "answer_dispute": _stage,
    "weigh_dispute_answer": _dispute_of_the_stage,
    "refer_to_cafcass": _considered,
    "tell_legal_of_iro": _proceedings,
    "tell_court_of_iro": _proceedings,
    "tell_iro_of_guardian": _proceedings,
    "speak_with_guardian": _proceedings,
    "invite_guardian": _with_a_guardian,
    "tell_court_of_dispute": _with_the_hearing,
}
