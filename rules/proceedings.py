"""Phase 10, proceedings: who is named to whom, what the IRO is to have from the court, and what the court is to have.

Before the issues resolution hearing the court is told of every dispute; nothing that is owed to a court falls due after
its hearing. A hearing that is moved moves what comes before it (IRO Handbook ch 8; practice notes 4.8). Each set of
proceedings has a clock of its own, a workflow beside the episode, which keeps its hearings.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from rules import guardian
from rules.case import Case, Known
from rules.clock import end_of, says, start_of
from rules.court import Hearing, InDiary, Proceedings, all_proceedings, diary_of, of_proceedings
from rules.court_steps import before, overtaken, owed_to_the_court, step_of
from rules.cycles import cycle_on
from rules.disputes import Dispute, disputes_of, is_disputed
from rules.exemptions import missed, not_required
from rules.facts.base import FactBase
from rules.facts.iro import IroAppointed
from rules.facts.proceedings import (
    CourtDocumentGiven,
    CourtDocumentReceived,
    CourtToldOfDispute,
    HearingKind,
    HearingReached,
    IroNamedInProceedings,
    RecordFiled,
)
from rules.named_iro import vacancies
from rules.reading import Reading, owed
from rules.steps import Alarm, RunsBeside, Step
from rules.vocabulary import SYSTEM, Phase, Role

LEGAL_TOLD, COURT_TOLD = "tell_legal_of_iro", "tell_court_of_iro"
DOCUMENT = "court_document_to_iro"
FILE = "file_record"
DISPUTE_TOLD = "tell_court_of_dispute"
REPORT = "report_hearing"
OWED_AFTER_CARE = (FILE, DISPUTE_TOLD)
"""What a court is to have all the same when the child goes home before the proceedings end."""


def steps(reading: Reading) -> Iterator[Step]:
    """What each set of proceedings asks."""
    sets = all_proceedings(reading.case)
    if not sets:
        return
    yield from _iro_named(reading, sets)
    yield from guardian.steps(reading, sets)
    for each in sets:
        yield from _documents(reading, each)
        yield from _hearings_reported(reading, each)
    yield from _records_filed(reading, sets)
    for dispute in disputes_of(reading.case):
        yield from _dispute_told(reading, sets, dispute)


def beside(reading: Reading, spread: timedelta) -> Iterator[RunsBeside]:
    """Each set of proceedings as its own clock has it: the next hearing, at the beginning of its day.

    Args:
        reading: the case.
        spread: the child's fixed offset for alarms.
    """
    for each in all_proceedings(reading.case):
        over = each.ended is not None or _no_court_is_told(reading)
        coming = None if over else _next_to_come(reading.case, each)
        day, hearing = coming if coming else (None, None)
        yield RunsBeside(
            kind="proceedings",
            name=each.id,
            stage=hearing.kind.value if hearing else ("over" if over else "no_hearing_listed"),
            words=_words(hearing, day, over),
            over=over,
            next=Alarm(at=start_of(day) + spread, what="The day of a hearing") if day else None,
            then=_reached(each, hearing, day) if hearing and day else None,
        )


def _no_court_is_told(reading: Reading) -> bool:
    """Whether care has ended and no hearing matters any more: one does while a dispute is open, unless by death."""
    ending = reading.ending
    return ending is not None and (ending.death or ending.void or not is_disputed(reading.case))


def _next_to_come(case: Case, each: Proceedings) -> InDiary | None:
    return next((coming for coming in _in_care(case, each) if not coming.hearing.reached), None)


def _in_care(case: Case, each: Proceedings) -> Iterator[InDiary]:
    """The hearings but for those of a day before care began: nobody was to tell an IRO of them."""
    return (coming for coming in each.diary if coming.day >= case.first_day)


def _reached(each: Proceedings, hearing: Hearing, day: date) -> HearingReached:
    digest = sha256(f"{each.id}|{hearing.id}|{day}".encode()).hexdigest()[:20]
    return HearingReached(id=f"hearing-{digest}", on=day, by=SYSTEM, hearing=hearing.id)


def _words(hearing: Hearing | None, day: date | None, over: bool) -> str:
    if over:
        return "The proceedings are over."
    if hearing is None or day is None:
        return "No hearing is listed."
    return f"The next hearing is on {day:%-d %B %Y} ({hearing.kind.value.replace('_', ' ')})."


# --- What the IRO service and the legal service say, and hear ---------------------------------------------------------


def _iro_named(reading: Reading, sets: Sequence[Proceedings]) -> Iterator[Step]:
    """The IRO when proceedings are issued, and each who comes after, is named to the legal service and to the court.

    Where several sets go on at once, a change of IRO is told once, in any of them.
    """
    appointed = reading.case.all(IroAppointed)
    for each in sets:
        in_post = next((known for known in reversed(appointed) if known.on <= each.issued.on), None)
        left = _left(reading.case, in_post) if in_post else None
        if in_post and not in_post.settled and not (left and left.on <= each.issued.on):
            yield from _named(reading, (each,), each.issued, in_post)
    for known in appointed:
        told_in = tuple(each for each in sets if each.issued.on < known.on and each.go_on_on(known.on))
        if told_in and not known.settled:
            yield from _named(reading, told_in, known, known)


def _left(case: Case, appointed: Known[IroAppointed]) -> Known[FactBase] | None:
    """What ended an IRO's time with the child: another one's appointment, or that the post fell vacant."""
    later = [known for known in case.all(IroAppointed) if known.when > appointed.when]
    vacant = [
        vacancy.since
        for vacancy in vacancies(case)
        if vacancy.left == appointed.fact.iro and vacancy.since.on > appointed.on
    ]
    ends: list[Known[FactBase]] = [*vacant, *later[:1]]
    return min(ends, key=lambda known: known.on, default=None)


def _named(
    reading: Reading, sets: tuple[Proceedings, ...], since: Known[FactBase], appointed: Known[IroAppointed]
) -> Iterator[Step]:
    left = _left(reading.case, appointed)
    said = [
        known
        for each in sets
        for known in of_proceedings(reading.case, IroNamedInProceedings, each.id)
        if known.on >= since.on and (left is None or known.on < left.on)
    ]
    to_legal = min((known for known in said if known.fact.to is Role.LEGAL), key=lambda one: one.on, default=None)
    to_court = min((known for known in said if known.fact.to is Role.COURT), key=lambda one: one.on, default=None)
    known_by = (since, appointed)
    by = (left, "the child had another IRO, or none, by then")
    legal = step_of(reading, LEGAL_TOLD, since.on, since.id, known_by=known_by, done=to_legal)
    yield overtaken(reading, legal, sets, by)
    basis = reading.book.basis(COURT_TOLD, legal.due)
    court = owed_to_the_court(
        reading, sets, basis, since.on, name=COURT_TOLD, anchor=since.id, known_by=known_by, done=to_court
    )
    yield overtaken(reading, court, sets, by)


def _documents(reading: Reading, each: Proceedings) -> Iterator[Step]:
    """Each document is given even when the proceedings are over: the IRO goes on with the child."""
    given = {known.fact.document: known for known in reversed(reading.case.all(CourtDocumentGiven))}
    for received in of_proceedings(reading.case, CourtDocumentReceived, each.id):
        done = given.get(received.id)
        step = step_of(reading, DOCUMENT, received.on, received.id, known_by=(received,), done=done)
        words = received.fact.document.value.replace("_", " ")
        yield step.model_copy(update={"title": f"{step.title}: {words}"})


def _records_filed(reading: Reading, sets: Sequence[Proceedings]) -> Iterator[Step]:
    """The record of each review held while proceedings were under way, to the court."""
    for cycle in reading.live:
        held = cycle.held
        under_way = [each for each in sets if held and each.go_on_on(held.on)]
        if held and under_way:
            filed = reading.case.following(RecordFiled, held)
            step = owed_to_the_court(
                reading,
                under_way,
                reading.book.basis(FILE, held.on),
                held.on,
                name=FILE,
                anchor=held.id,
                known_by=(under_way[0].issued, held),
                done=filed[0] if filed else None,
            )
            yield overtaken(reading, step.model_copy(update={"cycle": cycle.number}), under_way)


# --- Hearings ---------------------------------------------------------------------------------------------------------


def _hearings_reported(reading: Reading, each: Proceedings) -> Iterator[Step]:
    """What came of each hearing whose day has come: its clock says so, or that the proceedings ended with it."""
    for day, hearing in _in_care(reading.case, each):
        if hearing.reached or each.ended:
            known_by = (hearing.reached or each.ended, hearing.moved)
            yield step_of(reading, REPORT, day, hearing.id, known_by=known_by, done=hearing.reported)


def _dispute_told(reading: Reading, sets: Sequence[Proceedings], dispute: Dispute) -> Iterator[Step]:
    """Every dispute that is open before an issues resolution hearing; one raised too late for the day is told at once.

    Where the court was not told before one such hearing, the dispute is owed to the next, in any of the proceedings.
    """
    ahead, closed = diary_of(sets, dispute.raised.on, HearingKind.ISSUES_RESOLUTION), dispute.closed_by
    if not ahead:
        return
    while_open = [each for each in ahead if closed is None or closed.on >= each.day]
    coming = _hearing_to_tell_of(reading, dispute, while_open) or ahead[0]
    step = owed(
        reading,
        Phase.PROCEEDINGS,
        before(reading, DISPUTE_TOLD, coming, dispute.raised.on),
        cycle=cycle_on(reading.cycles, dispute.raised.on),
        anchor=dispute.id,
        known_at=_known_at(reading, dispute, coming, while_open),
        done=_told(reading, dispute, coming),
    )
    # Of several disputes at once each is told by itself.
    whole = step.title.replace("the dispute", f"the dispute of {says(dispute.raised.on)}")
    step = step.model_copy(update={"title": whole})
    if step.is_open and not while_open:
        step = not_required(step, "the dispute was closed before the hearing")
    elif step.is_open and reading.today >= coming.day:
        step = missed(reading, step, coming.day, "the hearing came first")
    yield step


def _hearing_to_tell_of(reading: Reading, dispute: Dispute, hearings: Sequence[InDiary]) -> InDiary | None:
    """Of several hearings the first to come of which the court has not been told, else one of which it was told."""
    told = [each for each in hearings if _told(reading, dispute, each)]
    to_come = [each for each in hearings if each.day > reading.today and each not in told]
    return next(iter((*to_come, *told, *reversed(hearings))), None)


def _known_at(reading: Reading, dispute: Dispute, coming: InDiary, hearings: Sequence[InDiary]) -> datetime:
    """Since when the dispute is owed to a hearing: not before an earlier one of which the court was not told."""
    known_at = reading.case.known_at(dispute.raised, coming.hearing.day_known_by)
    untold = [each.day for each in hearings if each.day < coming.day and not _told(reading, dispute, each)]
    return max([known_at, *(end_of(day) for day in untold)])


def _told(reading: Reading, dispute: Dispute, coming: InDiary) -> Known[CourtToldOfDispute] | None:
    """That the court was told of a dispute in the proceedings of a hearing, by its day."""
    said = of_proceedings(reading.case, CourtToldOfDispute, coming.hearing.listed.fact.proceedings)
    return next((known for known in said if known.fact.dispute == dispute.id and known.on <= coming.day), None)
