"""Who is owed a notice of what (practice notes 8). The post room delivers them; here it is only said that they are
owed, each once. After a child's death, and for a period of care that never was, none is.
"""

from collections.abc import Collection, Iterable, Iterator

from rules.facts import (
    BecameLookedAfter,
    CaseTakenOn,
    DecisionsCirculated,
    DecisionsSent,
    FactBase,
    IroAppointed,
    RecordCompleted,
    ReviewAdjourned,
    ReviewArranged,
)
from rules.reading import Reading
from rules.steps import Escalation, Notice, Step
from rules.vocabulary import Role, StepState

_FAMILY_AND_WORKERS = (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)

OWED: dict[type[FactBase], tuple[Role, ...]] = {
    BecameLookedAfter: (Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH),
    IroAppointed: (*_FAMILY_AND_WORKERS, Role.IRO, Role.IRO_MANAGER),
    ReviewArranged: (Role.CHILD, Role.PARENTS, Role.CARER, Role.SOCIAL_WORKER, Role.IRO),
    ReviewAdjourned: (*_FAMILY_AND_WORKERS, Role.IRO, Role.IRO_MANAGER),
    DecisionsSent: (Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    DecisionsCirculated: _FAMILY_AND_WORKERS,
    RecordCompleted: (*_FAMILY_AND_WORKERS, Role.IRO),
}
"""Which fact is told to whom."""

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
    return (*_of_facts(reading, new), *_of_silence(steps), *_of_escalations(raised))


def _of_facts(reading: Reading, new: Collection[str]) -> Iterator[Notice]:
    taken_on = reading.case.first(CaseTakenOn)
    for known in reading.case.standing:
        before = taken_on is not None and known.on <= taken_on.on
        if known.id in new and not before:
            for role in OWED.get(type(known.fact), ()):
                yield _notice(known.fact.kind, known.id, role)


def _of_silence(steps: Iterable[Step]) -> Iterator[Notice]:
    for step in steps:
        if step.state is StepState.DEEMED:
            for role in DEEMED_TOLD:
                yield _notice("decisions_taken_as_agreed", step.key, role)


def _of_escalations(raised: Iterable[Escalation]) -> Iterator[Notice]:
    for escalation in raised:
        name = "reminder" if escalation.rung == "reminder" else "escalation"
        for role in escalation.tell:
            yield _notice(name, f"{escalation.step}:{escalation.rung}:{escalation.due}", role)


def _notice(name: str, about: str, role: Role) -> Notice:
    return Notice(key=f"{name}:{about}:{role}", name=name, recipient=role, about=about)
