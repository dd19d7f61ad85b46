"""Who is owed a notice of what (practice notes 8). The post room delivers them; here it is only said that they are
owed, each once. After a child's death, and for a period of care that never was, none is. Nobody hears of what is
withheld from them.

The court is told through the authority's legal service (practice notes 4.8), and has no notice of its own.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from rules import undelivered
from rules.case import Case, Correction, Known
from rules.challenges import ANSWER
from rules.clock import london_date
from rules.codes import LegalStatus
from rules.court import has_guardian, in_proceedings
from rules.dispute_notices import OfDispute, also_told, is_past, name_of, taken_back
from rules.facts import Entry, FactWithdrawn, PlainFact
from rules.facts.base import FactBase, ToSomeone
from rules.facts.cafcass import CafcassReferred
from rules.facts.care import SocialWorkerChanged
from rules.facts.challenge import ChallengeRaised
from rules.facts.changes import ChildWrote, SignificantChange
from rules.facts.dispute import DisputeAnswered, DisputeRaised, DisputeResolved, DisputeTakenUp
from rules.facts.iro import (
    IroAppointed,
    IroHandedOver,
    IroMadeKnown,
    IroNotMadeKnown,
    IroProposed,
    ReviewingPolicyGiven,
    ReviewingPolicyWithheld,
)
from rules.facts.notices import NoticeUndelivered
from rules.facts.proceedings import ProceedingsIssued
from rules.facts.reviews import RecordCompleted, RecordWithheld, ReviewAdjourned
from rules.notice_names import NoticeName
from rules.reading import Reading, key
from rules.review_days import day_to_tell
from rules.steps import Escalation, Notice, Step
from rules.vocabulary import Role, StepState


class Told(NamedTuple):
    """To whom a notice is owed.

    Attributes:
        owed: those who should have it.
        if_involved: those who have it where somebody of that role is known to be involved with the child.
    """

    owed: tuple[Role, ...]
    if_involved: tuple[Role, ...] = ()


_FAMILY = (Role.CHILD, Role.PARENTS, Role.CARER)
_WORKERS = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
_AROUND = (Role.SCHOOL, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH, Role.PERSONAL_ADVISER)
_SENIOR = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR)
IN_PROCEEDINGS = (Role.GUARDIAN, Role.LEGAL)
"""To whom what they have a part in is owed outright while care proceedings go on (practice notes 4.8 and 8)."""

_OF_A_DAY = Told(
    (*_FAMILY, Role.SOCIAL_WORKER, Role.IRO),
    (Role.GUARDIAN, *_AROUND, Role.ADVOCATE, Role.AREA_AUTHORITY),
)
_OF_A_MOVED_DAY = Told(
    (*_FAMILY, *_WORKERS, Role.IRO, Role.IRO_MANAGER),
    (*IN_PROCEEDINGS, *_AROUND, Role.ADVOCATE, Role.AREA_AUTHORITY),
)

TOLD: Mapping[NoticeName, Told] = {
    NoticeName.BECAME_LOOKED_AFTER: Told(
        (Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH),
        (Role.LEGAL, Role.AREA_AUTHORITY),
    ),
    NoticeName.IRO_PROPOSED: Told((Role.IRO_MANAGER,)),
    NoticeName.NO_IRO_FOUND: Told((Role.IRO_MANAGER, Role.ASSISTANT_DIRECTOR)),
    NoticeName.IRO_APPOINTED: Told(
        (*_FAMILY, *_WORKERS, Role.IRO, Role.IRO_MANAGER), (*IN_PROCEEDINGS, Role.PERSONAL_ADVISER)
    ),
    NoticeName.IRO_OVER_CAPACITY: Told((Role.IRO_MANAGER, Role.ASSISTANT_DIRECTOR)),
    NoticeName.IRO_CHANGE_ASKED: Told((Role.IRO_MANAGER,)),
    NoticeName.IRO_CHANGE_DECLINED: Told((Role.CHILD,)),
    NoticeName.IRO_HANDED_OVER: Told((*_FAMILY, Role.SOCIAL_WORKER), IN_PROCEEDINGS),
    NoticeName.REVIEWING_POLICY: Told((Role.CHILD, Role.PARENTS), (Role.CARER,)),
    NoticeName.REVIEW_ARRANGED: _OF_A_DAY,
    NoticeName.REVIEW_CANCELLED: _OF_A_DAY,
    NoticeName.REVIEW_ADJOURNED: Told(
        (*_FAMILY, *_WORKERS, Role.IRO, Role.IRO_MANAGER), (*IN_PROCEEDINGS, *_AROUND, Role.ADVOCATE)
    ),
    NoticeName.REPORT_RECEIVED: Told((Role.TEAM_MANAGER, Role.IRO), (*_FAMILY, Role.GUARDIAN)),
    NoticeName.DECISIONS_SENT: Told(_WORKERS, (Role.IRO_MANAGER,)),
    NoticeName.DECISIONS_CIRCULATED: Told((*_FAMILY, *_WORKERS), (*IN_PROCEEDINGS, *_AROUND)),
    NoticeName.DECISIONS_TAKEN_AS_AGREED: Told((Role.IRO, Role.TEAM_MANAGER)),
    NoticeName.RECORD_COMPLETED: Told((*_FAMILY, *_WORKERS, Role.IRO), (*IN_PROCEEDINGS, *_AROUND)),
    NoticeName.VIEWS_IN_WRITING: Told((Role.IRO,)),
    NoticeName.SIGNIFICANT_EVENT: Told((Role.IRO,), (Role.TEAM_MANAGER, *IN_PROCEEDINGS)),
    NoticeName.CHALLENGE_ANSWERED: Told((Role.IRO,)),
    **dict.fromkeys(
        (NoticeName.DISPUTE_OPENED, NoticeName.DISPUTE_MOVED, NoticeName.DISPUTE_STANDS, NoticeName.DISPUTE_CLOSED),
        Told((*_WORKERS, Role.IRO, Role.IRO_MANAGER), IN_PROCEEDINGS),
    ),
    NoticeName.CAFCASS_REFERRAL: Told(
        (*_WORKERS, Role.IRO, Role.IRO_MANAGER, Role.LEGAL, *_SENIOR), (Role.GUARDIAN, Role.CAFCASS)
    ),
    NoticeName.NOTICE_UNDELIVERED: Told((Role.IRO_ADMINISTRATOR,)),
}
"""Who is told of what: the table of practice notes 8, row by row, with what the table leaves to practice. Sources of
single rows: the reviewing policy CPPCR 2010 reg 34 and CPPCR(W) 2015 reg 40; a change of IRO practice notes 3 row 6 and
4.9; an IRO over their limit 3 row 40. The parents are told unless that is withheld, or suppressed for one of them. The
advocate, for whom the table has no column, hears of the days of reviews: the child has a say in who comes. What the
child wrote is for the IRO alone. A challenge goes to whomever it names, a dispute also to its stages
(`rules.dispute_notices`). The child hears of a dispute or a referral, and the parents of a referral, where the IRO says
that this is appropriate. A missed limit of law escalates (`rules.ladder`)."""

_OF_FACTS = frozenset(
    {
        NoticeName.BECAME_LOOKED_AFTER,
        NoticeName.IRO_PROPOSED,
        NoticeName.NO_IRO_FOUND,
        NoticeName.IRO_APPOINTED,
        NoticeName.IRO_CHANGE_ASKED,
        NoticeName.IRO_CHANGE_DECLINED,
        NoticeName.IRO_HANDED_OVER,
        NoticeName.REVIEW_ADJOURNED,
        NoticeName.REPORT_RECEIVED,
        NoticeName.DECISIONS_SENT,
        NoticeName.DECISIONS_CIRCULATED,
        NoticeName.RECORD_COMPLETED,
        NoticeName.CHALLENGE_ANSWERED,
    }
)
"""The notices that a fact of the same name owes whenever it is recorded."""

_OF_OTHER_NAMES: dict[type[FactBase], NoticeName] = {
    ChildWrote: NoticeName.VIEWS_IN_WRITING,
    SignificantChange: NoticeName.SIGNIFICANT_EVENT,
    ProceedingsIssued: NoticeName.SIGNIFICANT_EVENT,
    DisputeAnswered: NoticeName.CHALLENGE_ANSWERED,
    SocialWorkerChanged: NoticeName.SIGNIFICANT_EVENT,  # Among what the IRO is to be told (practice notes 4.5).
}
"""The same, where the notice has another name."""

_TELLS: dict[type[FactBase], tuple[str, ...]] = {
    IroAppointed: ("iro",),
    ReviewAdjourned: ("reconvene_on",),
    SignificantChange: ("change",),
    ChallengeRaised: ("addressee", "answer_by", "rung", "on"),
    DisputeRaised: ("stage", "on"),
    DisputeTakenUp: ("to", "on"),
    DisputeResolved: ("outcome",),
}
"""What a notice of a fact says that people act on: when a correction changes any of it, they are told anew. The day of
a review is followed in `rules.review_days`."""

_WHERE_ASKED = {"tell_child": Role.CHILD, "tell_parents": Role.PARENTS}
"""Who is told only where the IRO says so in the fact."""
_NAMES_WHERE_ASKED: dict[type[FactBase], NoticeName] = {
    DisputeRaised: NoticeName.DISPUTE_OPENED,
    CafcassReferred: NoticeName.CAFCASS_REFERRAL,
}


def notices(
    reading: Reading, ledger: Sequence[Entry], new: Collection[str], steps: Iterable[Step], raised: Iterable[Escalation]
) -> tuple[Notice, ...]:
    """The notices owed because of new facts, of silence taken as agreement, and of escalations.

    Args:
        reading: the case.
        ledger: what it was read from.
        new: the ids of the facts recorded since the agenda was last derived.
        steps: the steps as they stand.
        raised: the escalations raised now.
    """
    ending = reading.ending
    if ending and (ending.death or ending.void):
        return ()
    by_key = {step.key: step for step in steps}
    return (
        *_of_facts(reading, new, by_key),
        *_of_what_was_taken_back(reading, ledger, new),
        *_of_review_days(reading, ledger, new),
        *_of_undelivered(reading, new, by_key),
        *_of_silence(reading, by_key.values()),
        *_of_escalations(raised, by_key),
    )


def _of_facts(reading: Reading, new: Collection[str], steps: Mapping[str, Step]) -> Iterator[Notice]:
    for known in reading.case.standing if new else ():
        if known.id in new and not _was_before(reading, known.on, known.at):
            yield from _of_fact(reading, known.fact, known.id)
            if known is reading.case.first(IroAppointed):
                yield from _of_the_policy(reading)
    for correction in reading.case.corrections:
        if correction.id in new and not _is_over(reading, correction.right, steps):
            yield from _of_correction(reading, correction)


def _of_what_was_taken_back(reading: Reading, ledger: Sequence[Entry], new: Collection[str]) -> Iterator[Notice]:
    """Whoever was told of a dispute what is not so, hears how it stands."""
    for fact in [entry.fact for entry in ledger if entry.fact.id in new and isinstance(entry.fact, FactWithdrawn)]:
        before = Case(entry for entry in ledger if entry.fact.id != fact.id)
        wrong = next((known for known in before.standing if known.id == fact.withdraws), None)
        if wrong is None or _was_before(reading, wrong.on, wrong.at):
            continue
        if back := taken_back(before, reading.case, wrong.fact):
            told = TOLD[back.name]
            for notice in _to(reading, back.name, fact.id, told._replace(owed=(*told.owed, *back.also))):
                yield notice.model_copy(update={"about": back.about})


def _of_correction(reading: Reading, correction: Correction) -> Iterator[Notice]:
    """Whoever reads something else than before, and whoever is to be told only now."""
    if _says_otherwise(correction):
        asked = _WHERE_ASKED.values() if isinstance(correction.right, OfDispute) else ()  # Theirs would read the same.
        again = _of_fact(reading, correction.right, correction.id)
        yield from (notice for notice in again if notice.recipient not in asked)
    name = _NAMES_WHERE_ASKED.get(type(correction.right))
    for field, role in _WHERE_ASKED.items():
        if name and getattr(correction.right, field, False) and not getattr(correction.wrong, field, False):
            yield _notice(name, correction.id, role)


def _of_fact(reading: Reading, fact: PlainFact, about: str) -> Iterator[Notice]:
    if fact.kind in _OF_FACTS:
        name = NoticeName(fact.kind)
        yield from _to(reading, name, about, TOLD[name], _not_to_be_told(reading, fact))
    elif name_of_its_own := _OF_OTHER_NAMES.get(type(fact)):
        yield from _to(reading, name_of_its_own, about, TOLD[name_of_its_own])
    elif isinstance(fact, ChallengeRaised):
        yield _notice(NoticeName.CHALLENGE_RAISED, about, fact.addressee)
    elif isinstance(fact, OfDispute):
        told = TOLD[name_of(fact)]
        also = also_told(reading.case, fact)
        yield from _to(reading, name_of(fact), about, told._replace(owed=(*told.owed, *also)))
    elif isinstance(fact, CafcassReferred):
        told = TOLD[NoticeName.CAFCASS_REFERRAL]
        asked = (role for field, role in _WHERE_ASKED.items() if getattr(fact, field))
        yield from _to(reading, NoticeName.CAFCASS_REFERRAL, about, told._replace(owed=(*told.owed, *asked)))
    if isinstance(fact, IroAppointed | IroProposed) and fact.over_capacity:
        name = NoticeName.IRO_OVER_CAPACITY
        yield from _to(reading, name, about, TOLD[name])


def _of_the_policy(reading: Reading) -> Iterator[Notice]:
    """The policy on reviews, with the first IRO's name in it; it is about the beginning of care, and so given once."""
    given: list[Known[ToSomeone]] = [
        *reading.case.all(ReviewingPolicyGiven),
        *reading.case.all(ReviewingPolicyWithheld),
    ]
    left_out = {known.fact.recipient for known in given}
    name = NoticeName.REVIEWING_POLICY
    yield from _to(reading, name, reading.case.opening.id, TOLD[name], left_out)


def _of_review_days(reading: Reading, ledger: Sequence[Entry], new: Collection[str]) -> Iterator[Notice]:
    day = day_to_tell(reading, ledger, new)
    if day is None:
        return
    about = next(entry for entry in ledger if entry.fact.id == day.about)
    if not _was_before(reading, about.fact.on, about.at):
        yield from _to(reading, day.name, day.about, _OF_A_MOVED_DAY if day.moved else TOLD[day.name])


def _of_undelivered(reading: Reading, new: Collection[str], steps: Mapping[str, Step]) -> Iterator[Notice]:
    name = NoticeName.NOTICE_UNDELIVERED
    for known in reading.case.all(NoticeUndelivered):
        step = steps.get(undelivered.step_key(known.fact)) if known.id in new else None
        if step and step.is_open:
            yield from _to(reading, name, step.key, TOLD[name])


def _was_before(reading: Reading, day: date, at: datetime | None = None) -> bool:
    """Whether the former system saw to it, in a case taken on: to what was before the day, and on it until that was
    recorded."""
    taken_on = reading.taken_on
    if taken_on is None or day > taken_on.on:
        return False
    return day < taken_on.on or at is None or at <= taken_on.at


def _says_otherwise(correction: Correction) -> bool:
    """Whether people were told something that has been put right; a notice that still holds is not sent again."""
    telling = _TELLS.get(type(correction.right), ())
    return any(getattr(correction.wrong, each) != getattr(correction.right, each) for each in telling)


def _is_over(reading: Reading, fact: PlainFact, steps: Mapping[str, Step]) -> bool:
    """Whether it is a challenge to which no answer is owed any more, or a dispute that is closed or further on."""
    if is_past(reading.case, fact):
        return True
    step = steps.get(key(ANSWER, fact.id)) if isinstance(fact, ChallengeRaised) else None
    return step is not None and not step.is_open


def _not_to_be_told(reading: Reading, fact: PlainFact) -> set[Role]:
    """From whom this is withheld, for a reason that was recorded."""
    case = reading.case
    if isinstance(fact, IroAppointed | IroHandedOver):
        said: list[Known[ToSomeone]] = [*case.all(IroMadeKnown), *case.all(IroNotMadeKnown)]
        last_said = {known.fact.recipient: known.fact for known in sorted(said, key=lambda known: known.when)}
        return {role for role, last in last_said.items() if isinstance(last, IroNotMadeKnown)}
    if isinstance(fact, RecordCompleted) and (review := case.review_followed(fact)):
        return {known.fact.recipient for known in case.following(RecordWithheld, review)}
    return set()


def _of_silence(reading: Reading, steps: Iterable[Step]) -> Iterator[Notice]:
    name = NoticeName.DECISIONS_TAKEN_AS_AGREED
    for step in steps:
        if step.state is StepState.DEEMED and not _was_before(reading, step.due):
            yield from _to(reading, name, step.key, TOLD[name])


def _of_escalations(raised: Iterable[Escalation], steps: Mapping[str, Step]) -> Iterator[Notice]:
    for escalation in raised:
        name = NoticeName.REMINDER if escalation.rung == "reminder" else NoticeName.ESCALATION
        if name is NoticeName.REMINDER and _was_told_just_now(escalation, steps[escalation.step]):
            continue
        for role in escalation.tell:
            yield _notice(name, f"{escalation.step}:{escalation.rung}:{escalation.due}", role)


def _was_told_just_now(escalation: Escalation, step: Step) -> bool:
    """Whether the notice that a delivery is owed went out the same day, so that a reminder of it would be another."""
    return step.name == undelivered.NAME and london_date(step.known_at) == london_date(escalation.at)


def _to(reading: Reading, name: NoticeName, about: str, told: Told, left_out: Container[Role] = ()) -> Iterator[Notice]:
    owed = (*told.owed, *(role for role in told.if_involved if role in _parties(reading)))
    for role in dict.fromkeys((*owed, *told.if_involved)):
        if role not in left_out:
            yield _notice(name, about, role, if_involved=role not in owed)


def _parties(reading: Reading) -> tuple[Role, ...]:
    """Those of the proceedings that go on; no guardian before the court has appointed one."""
    if in_proceedings(reading.case, reading.today):
        return IN_PROCEEDINGS if has_guardian(reading.case, reading.today) else (Role.LEGAL,)
    # An interim care order means that proceedings are going on, whether or not they were recorded.
    return IN_PROCEEDINGS if reading.case.legal_status is LegalStatus.C1 else ()


def _notice(name: NoticeName, about: str, role: Role, *, if_involved: bool = False) -> Notice:
    return Notice(key=f"{name}:{about}:{role}", name=name, recipient=role, about=about, if_involved=if_involved)
