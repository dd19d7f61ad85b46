"""Court proceedings about a child, made ready to be shown: hearings, the guardian, documents, talks."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from desk.forms.controls import as_clause
from desk.forms.words.choices_beside import COURT_DOCUMENTS, HEARINGS, PROCEEDINGS, PROCEEDINGS_OUTCOMES, TOPICS
from desk.seen.child import ChildRead
from desk.seen.dues import day_said, due_seen
from desk.seen.matters import Said
from rules.case import Case
from rules.court import Hearing, Proceedings, all_proceedings, of_proceedings
from rules.facts.iro import IroAppointed
from rules.facts.proceedings import (
    CourtDocumentGiven,
    CourtDocumentReceived,
    CourtToldOfDispute,
    GuardianHandedOver,
    GuardianInvited,
    GuardianNamedToIro,
    HearingMoved,
    IroNamedInProceedings,
    RecordFiled,
    SpokeWithGuardian,
)
from rules.guardian import is_since
from rules.proceedings import DOCUMENT
from rules.reading import key
from rules.vocabulary import Role
from rules.wording import in_full, listed


class ProceedingsSeen(NamedTuple):
    """One set of proceedings.

    Attributes:
        title: what the court is asked for.
        is_over: they have ended.
        lines: when they were issued, and how they ended; who knows of the IRO; the records that the court was given.
        ahead: the hearings to come, the next first.
        past: those that were, the latest first, with what the IRO was told came of them.
        guardian: whether there is one, who was told, the invitations to reviews, and the talks with the IRO.
        not_given: the documents that the IRO has not had yet.
        given: those that they had.
    """

    title: str
    is_over: bool
    lines: list[str]
    ahead: list[Said]
    past: list[Said]
    guardian: list[str]
    not_given: list[Said]
    given: list[str]


def proceedings(read: ChildRead) -> list[ProceedingsSeen]:
    """The proceedings about a child, those under way first, then the latest.

    Args:
        read: the child.
    """
    found = [_seen(read, each) for each in reversed(all_proceedings(read.case))]
    return sorted(found, key=lambda each: each.is_over)


def not_offered(case: Case, today: date) -> set[str]:
    """The acts that cannot be recorded as the proceedings stand: they are all over, or there is nothing to record of.

    Args:
        case: the facts that stand.
        today: a London date.
    """
    under_way = [each for each in all_proceedings(case) if each.ended is None]
    days = [hearing.day for each in under_way for hearing in each.hearings if not hearing.reported]
    found = set[str]()
    if not under_way:
        found |= {"hearing_listed", "guardian_appointed", "proceedings_ended"}
    if not any(each.guardians for each in under_way):
        found.add("spoke_with_guardian")
    # One that was taken off the list may be given a day again.
    if not any(day is None or day >= today for day in days):
        found.add("hearing_moved")
    return found


def _seen(read: ChildRead, each: Proceedings) -> ProceedingsSeen:
    ahead = [hearing for day, hearing in each.diary if day >= read.today and not hearing.reached]
    past = [hearing for _, hearing in reversed(each.diary) if hearing not in ahead]
    not_held = [hearing for hearing in each.hearings if hearing not in (*ahead, *past)]
    not_given, given = _documents(read, each)
    return ProceedingsSeen(
        title=f"Proceedings: {as_clause(PROCEEDINGS[each.issued.fact.about])}",
        is_over=each.ended is not None,
        lines=list(_lines(read, each)),
        ahead=[_ahead(hearing, read.today) for hearing in ahead],
        past=[*(_past(hearing) for hearing in past), *(_not_held(read, each, hearing) for hearing in not_held)],
        guardian=list(_guardian(read, each)),
        not_given=not_given,
        given=given,
    )


def _lines(read: ChildRead, each: Proceedings) -> Iterator[str]:
    others = len(each.issued.fact.with_children)
    also = f", about {others} other {'child' if others == 1 else 'children'} too" if others else ""
    yield f"Issued on {in_full(each.issued.on)}{also}."
    yield from _told_of_the_iro(read, each)
    for told_of in of_proceedings(read.case, CourtToldOfDispute, each.id):
        yield f"The court was told of a dispute on {in_full(told_of.on)}."
    for filed in read.case.all(RecordFiled):
        review = read.case.review_followed(filed.fact)
        if review and each.go_on_on(review.on):
            yield f"The court was given the record of the review of {in_full(review.on)} on {in_full(filed.on)}."
    if each.ended:
        yield f"Ended on {in_full(each.ended.on)}: {as_clause(PROCEEDINGS_OUTCOMES[each.ended.fact.outcome])}."


def _told_of_the_iro(read: ChildRead, each: Proceedings) -> Iterator[str]:
    """Whether they know of the IRO there is now: what was told of one before tells them nothing of that."""
    named = of_proceedings(read.case, IroNamedInProceedings, each.id)
    appointed = read.case.all(IroAppointed)
    since = appointed[-1].on if appointed and not each.ended else each.issued.on
    for role, whom in ((Role.LEGAL, "The legal service"), (Role.COURT, "The court")):
        told = [known for known in named if known.fact.to is role]
        if told and told[-1].on >= since:
            yield f"{whom} was told who the IRO is on {in_full(told[-1].on)}."
        elif not each.ended:
            now = f" now; it was last told on {in_full(told[-1].on)}" if told else ""
            yield f"{whom} has not been told who the IRO is{now}."


# --- Hearings ---------------------------------------------------------------------------------------------------------


def _day(hearing: Hearing) -> date:
    return hearing.day or date.max


def _ahead(hearing: Hearing, today: date) -> Said:
    when = "today" if _day(hearing) == today else day_said(_day(hearing), today)
    return Said(f"{HEARINGS[hearing.kind]}, {when}{_moved(hearing)}")


def _past(hearing: Hearing) -> Said:
    came = f": {hearing.reported.fact.words}" if hearing.reported else ". The IRO was not told yet what came of it"
    return Said(f"{HEARINGS[hearing.kind]}, {in_full(_day(hearing))}{_moved(hearing)}{came}")


def _not_held(read: ChildRead, each: Proceedings, hearing: Hearing) -> Said:
    """One that was taken off the list, or for which the proceedings ended too early."""
    kind = HEARINGS[hearing.kind]
    if hearing.day and each.ended:
        when = f"{in_full(hearing.day)}{_moved(hearing)}"
        return Said(f"{kind}, {when}, was not held: the proceedings ended first, on {in_full(each.ended.on)}")
    moves = [known.fact for known in read.case.all(HearingMoved) if known.fact.hearing == hearing.id]
    listed_for = [hearing.listed.fact.held_on, *(move.held_on for move in moves if move.held_on)][-1]
    reason = f": {hearing.moved.fact.reason}" if hearing.moved else ""
    return Said(f"{kind}, listed for {in_full(listed_for)}, is not held{reason}")


def _moved(hearing: Hearing) -> str:
    if hearing.moved is None:
        return ""
    return f" (moved from {in_full(hearing.listed.fact.held_on)}: {hearing.moved.fact.reason})"


# --- The guardian, and documents --------------------------------------------------------------------------------------


def _guardian(read: ChildRead, each: Proceedings) -> Iterator[str]:
    if not each.guardians:
        yield "No children's guardian is appointed."
        return
    appointed = each.guardians[-1]
    again = ", in place of another" if len(each.guardians) > 1 else ""
    yield f"A guardian was appointed on {in_full(appointed.on)}{again}."
    naming = of_proceedings(read.case, GuardianNamedToIro, each.id)
    named = [known for known in naming if is_since(known, appointed)]
    told = f"was told on {in_full(named[0].on)} who that is" if named else "was not told yet who that is"
    yield f"The IRO {told}."
    for invited in of_proceedings(read.case, GuardianInvited, each.id):
        guardian = "The guardian" if is_since(invited, appointed) else "The guardian before"
        yield f"{guardian} was invited to the coming review on {in_full(invited.on)}."
    yield from _talks(read, each)


def _talks(read: ChildRead, each: Proceedings) -> Iterator[str]:
    """The last one, when the proceedings are over, and those before, the latest first."""
    last = next(iter(of_proceedings(read.case, GuardianHandedOver, each.id)), None)
    if last:
        kept = f" To be kept under review: {last.fact.words}" if last.fact.words else ""
        yield f"The IRO and the guardian had their last talk on {in_full(last.on)}.{kept}"
    talks = of_proceedings(read.case, SpokeWithGuardian, each.id)
    if not talks and not last:
        yield "The IRO and the guardian have not spoken yet."
    for known in reversed(talks):
        about = listed(as_clause(TOPICS[topic]) for topic in known.fact.topics)
        words = f" {known.fact.words}" if known.fact.words else ""
        yield f"The IRO and the guardian spoke on {in_full(known.on)}, about {about}.{words}"


def _documents(read: ChildRead, each: Proceedings) -> tuple[list[Said], list[str]]:
    """Those that the IRO has not had yet, and those that they had."""
    had = {known.fact.document: known for known in reversed(read.case.all(CourtDocumentGiven))}
    owed = {step.key: step for step in read.page.open_steps}
    not_given, given = list[Said](), list[str]()
    for received in of_proceedings(read.case, CourtDocumentReceived, each.id):
        said = f"{COURT_DOCUMENTS[received.fact.document]}, received on {in_full(received.on)}"
        step = owed.get(key(DOCUMENT, received.id))
        if received.id in had:
            given.append(f"{said}; the IRO had it on {in_full(had[received.id].on)}")
        elif step:
            due = due_seen(step, read.today, read.scene.calendar)
            not_given.append(Said(f"{said}. {due.words}", due.style))
        else:
            not_given.append(Said(said))
    return not_given, given
