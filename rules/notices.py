"""Who is owed a notice of what (practice notes 8). The post room delivers them; here it is only said that they are
owed, each once. After a child's death, and for a period of care that never was, none is. Nobody hears of what is
withheld from them.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from rules.case import Correction, Known
from rules.facts import PlainFact
from rules.facts.base import FactBase, ToSomeone
from rules.facts.care import BecameLookedAfter
from rules.facts.iro import (
    IroAppointed,
    IroChangeAsked,
    IroChangeDeclined,
    IroMadeKnown,
    IroNotMadeKnown,
    IroProposed,
    NoIroFound,
)
from rules.facts.reviews import (
    DecisionsCirculated,
    DecisionsSent,
    RecordCompleted,
    RecordWithheld,
    ReviewAdjourned,
    ReviewArranged,
)
from rules.reading import Reading
from rules.steps import Escalation, Notice, Step
from rules.vocabulary import LegalStatus, Role, StepState

_FAMILY_AND_WORKERS = (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)

OWED: dict[type[FactBase], tuple[Role, ...]] = {
    BecameLookedAfter: (Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH),
    IroProposed: (Role.IRO_MANAGER,),
    NoIroFound: (Role.IRO_MANAGER, Role.ASSISTANT_DIRECTOR),
    IroAppointed: (*_FAMILY_AND_WORKERS, Role.IRO, Role.IRO_MANAGER),
    IroChangeAsked: (Role.IRO_MANAGER,),
    IroChangeDeclined: (Role.CHILD,),
    ReviewArranged: (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.IRO),
    ReviewAdjourned: (*_FAMILY_AND_WORKERS, Role.IRO, Role.IRO_MANAGER),
    DecisionsSent: (Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    DecisionsCirculated: _FAMILY_AND_WORKERS,
    RecordCompleted: (*_FAMILY_AND_WORKERS, Role.IRO),
}
"""Which fact is told to whom."""

IN_PROCEEDINGS = (Role.GUARDIAN, Role.LEGAL)
"""Who else is told of an appointment while care proceedings go on (practice notes 4.8 and 8)."""

OVER_CAPACITY_TOLD = (Role.IRO_MANAGER, Role.ASSISTANT_DIRECTOR)
"""Who is told when an IRO has to have more children than the limit allows (practice notes 3 row 40, 4.9)."""

_TELLS: dict[type[FactBase], str] = {
    IroAppointed: "iro",
    ReviewArranged: "planned_for",
    ReviewAdjourned: "reconvene_on",
}
"""What a notice of a fact says that people act on: when a correction changes it, they are told anew."""

DEEMED_TOLD = (Role.IRO, Role.TEAM_MANAGER)


def notices(
    reading: Reading, new: Collection[str], steps: Iterable[Step], raised: Iterable[Escalation]
) -> tuple[Notice, ...]:
    """The notices owed because of new facts, of silence taken as agreement, and of escalations.

    Args:
        reading: the case.
        new: the ids of the facts recorded since the agenda was last derived.
        steps: the steps as they stand.
        raised: the escalations raised now.
    """
    ending = reading.ending
    if ending and (ending.death or ending.void):
        return ()
    return (*_of_facts(reading, new), *_of_silence(reading, steps), *_of_escalations(raised))


def _of_facts(reading: Reading, new: Collection[str]) -> Iterator[Notice]:
    for known in reading.case.standing if new else ():
        if known.id in new and not _was_before(reading, known.on):
            yield from _of_fact(reading, known.fact, known.id)
    for correction in reading.case.corrections:
        if correction.id in new and _says_otherwise(correction):
            yield from _of_fact(reading, correction.right, correction.id)


def _of_fact(reading: Reading, fact: PlainFact, about: str) -> Iterator[Notice]:
    left_out = _not_to_be_told(reading, fact)
    for role in (*OWED.get(type(fact), ()), *_in_proceedings(reading, fact)):
        if role not in left_out:
            yield _notice(fact.kind, about, role)
    if isinstance(fact, IroAppointed | IroProposed) and fact.over_capacity:
        for role in OVER_CAPACITY_TOLD:
            yield _notice("iro_over_capacity", about, role)


def _in_proceedings(reading: Reading, fact: PlainFact) -> tuple[Role, ...]:
    """An interim care order means that proceedings are going on."""
    return IN_PROCEEDINGS if isinstance(fact, IroAppointed) and reading.case.legal_status is LegalStatus.C1 else ()


def _was_before(reading: Reading, day: date) -> bool:
    """Whether the former system saw to it, in a case taken on."""
    return reading.taken_on is not None and day <= reading.taken_on


def _says_otherwise(correction: Correction) -> bool:
    """Whether people were told something that has been put right; a notice that still holds is not sent again."""
    telling = _TELLS.get(type(correction.right))
    return telling is not None and getattr(correction.wrong, telling) != getattr(correction.right, telling)


def _not_to_be_told(reading: Reading, fact: PlainFact) -> set[Role]:
    """From whom this is withheld, for a reason that was recorded."""
    case = reading.case
    if isinstance(fact, IroAppointed):
        said: list[Known[ToSomeone]] = [*case.all(IroMadeKnown), *case.all(IroNotMadeKnown)]
        last_said = {known.fact.recipient: known.fact for known in sorted(said, key=lambda known: (known.on, known.at))}
        return {role for role, last in last_said.items() if isinstance(last, IroNotMadeKnown)}
    if isinstance(fact, RecordCompleted) and (review := case.review_followed(fact)):
        return {known.fact.recipient for known in case.following(RecordWithheld, review)}
    return set()


def _of_silence(reading: Reading, steps: Iterable[Step]) -> Iterator[Notice]:
    for step in steps:
        if step.state is StepState.DEEMED and not _was_before(reading, step.due):
            for role in DEEMED_TOLD:
                yield _notice("decisions_taken_as_agreed", step.key, role)


def _of_escalations(raised: Iterable[Escalation]) -> Iterator[Notice]:
    for escalation in raised:
        name = "reminder" if escalation.rung == "reminder" else "escalation"
        for role in escalation.tell:
            yield _notice(name, f"{escalation.step}:{escalation.rung}:{escalation.due}", role)


def _notice(name: str, about: str, role: Role) -> Notice:
    return Notice(key=f"{name}:{about}:{role}", name=name, recipient=role, about=about)
