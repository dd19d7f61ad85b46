"""The children's guardian beside the IRO: named to them, invited to the reviews, spoken with at intervals, and the last
talk when the proceedings are over (IRO Handbook ch 8; Cafcass Practice Note 2.3; practice notes 4.8).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rules.case import Known
from rules.court import Proceedings, last_end, of_proceedings
from rules.court_steps import overtaken, step_of
from rules.cycles import Cycle
from rules.exemptions import missed
from rules.facts.base import FactBase
from rules.facts.proceedings import (
    GuardianAppointed,
    GuardianHandedOver,
    GuardianInvited,
    GuardianNamedToIro,
    GuardianTopic,
    ProceedingsEnded,
    SpokeWithGuardian,
)
from rules.reading import Reading, owed
from rules.steps import Step
from rules.vocabulary import Phase

NAMED = "tell_iro_of_guardian"
INVITE = "invite_guardian"
SPEAK = "speak_with_guardian"
HANDOVER = "guardian_handover"


def steps(reading: Reading, sets: Sequence[Proceedings]) -> Iterator[Step]:
    """What is owed to each guardian who is appointed, and by them.

    Args:
        reading: the case.
        sets: all proceedings about the child.
    """
    guarded = [each for each in sets if each.guardians]
    for each in guarded:
        yield from _named(reading, each)
        yield from _talks(reading, each)
        if each.ended:
            yield _handover(reading, each, each.ended)
    for cycle in reading.live if guarded else ():
        if not cycle.superseded:
            yield from _invited(reading, guarded, cycle)


def _named(reading: Reading, each: Proceedings) -> Iterator[Step]:
    """Each guardian, the first and any who comes after, is named to the IRO."""
    for guardian, following in zip(each.guardians, (*each.guardians[1:], None), strict=True):
        said = [
            known
            for known in of_proceedings(reading.case, GuardianNamedToIro, each.id)
            if is_since(known, guardian) and (following is None or not is_since(known, following))
        ]
        done = said[0] if said else None
        step = step_of(reading, NAMED, guardian.on, guardian.id, known_by=(guardian,), done=done)
        yield overtaken(reading, step, (each,), (following, "there was another guardian first"))


def _talks(reading: Reading, each: Proceedings) -> Iterator[Step]:
    """At intervals, whoever the guardian is; each says which of the topics have not been talked over yet.

    In a case that was taken on, the former system saw to the talks before.
    """
    talks = of_proceedings(reading.case, SpokeWithGuardian, each.id)
    begun: list[Known[GuardianAppointed] | Known[SpokeWithGuardian]] = [each.guardians[0], *talks]
    done: list[Known[SpokeWithGuardian] | None] = [*talks, None]
    talked_over: set[GuardianTopic] = set()
    for known, talk in zip(begun, done, strict=True):
        if isinstance(known.fact, SpokeWithGuardian):
            talked_over |= set(known.fact.topics)
        since = max(known.on, reading.taken_on.on if reading.taken_on else known.on)
        step = step_of(reading, SPEAK, since, known.id, known_by=(known,), done=talk)
        left = [topic.value.replace("_", " ") for topic in GuardianTopic if topic not in talked_over]
        if left and step.is_open:
            step = step.model_copy(update={"title": f"{step.title}; not talked over yet: {', '.join(left)}"})
        yield overtaken(reading, step, (each,))


def _invited(reading: Reading, guarded: Sequence[Proceedings], cycle: Cycle) -> Iterator[Step]:
    """The guardian is invited to each review: one appointed after it was arranged at once, and another one anew."""
    until = cycle.held.on if cycle.held else reading.today
    last_day = until - timedelta(days=1) if cycle.held else until
    sets = [each for each in guarded if each.ended is None or each.ended.on > cycle.prepared_after]
    going_on = [each for each in sets if each.ended is None] or sets
    appointed = [known for each in going_on if (known := each.guardian_on(last_day))]
    if not appointed:
        return
    guardian = max(appointed, key=lambda known: known.on)
    invited = [
        known
        for each in sets
        for known in of_proceedings(reading.case, GuardianInvited, each.id)
        if known.on > cycle.prepared_after and known.on <= until and is_since(known, guardian)
    ]
    step = owed(
        reading,
        Phase.PROCEEDINGS,
        reading.book.not_before(reading.book.basis(INVITE, cycle.review_day), max(guardian.on, cycle.start.on)),
        cycle=cycle.number,
        anchor=cycle.key,
        known_at=reading.case.known_at(cycle.start, cycle.arranged, cycle.opening, cycle.held, guardian),
        done=min(invited, key=lambda known: known.on, default=None),
    )
    over = last_end(sets)
    if cycle.held and step.is_open and not (over and over.on < cycle.held.on):
        step = missed(reading, step, cycle.held.on, "the review was held without it")
    yield overtaken(reading, step, sets)


def _handover(reading: Reading, each: Proceedings, ended: Known[ProceedingsEnded]) -> Step:
    """With the last guardian, where the child remains looked after: when care has ended, nothing of proceedings is owed
    any more."""
    last, talks = each.guardian_on(ended.on), of_proceedings(reading.case, GuardianHandedOver, each.id)
    done = [known for known in talks if last is None or is_since(known, last)]
    return step_of(reading, HANDOVER, ended.on, each.id, known_by=(ended,), done=done[0] if done else None)


def is_since(known: Known[FactBase], guardian: Known[GuardianAppointed]) -> bool:
    """Whether something was done once a guardian was appointed; on the day itself, whether it was recorded after.

    Args:
        known: what was done.
        guardian: the appointment.
    """
    return known.when >= guardian.when
