"""Court proceedings; what cannot be."""

from collections.abc import Sequence
from datetime import date

from rules.acceptance.dispute import the_dispute
from rules.acceptance.scene import Refused, Scene, says
from rules.case import Known
from rules.court import Hearing, Proceedings, all_proceedings
from rules.facts import PlainFact
from rules.facts.base import FactBase
from rules.facts.iro import IroAppointed
from rules.facts.proceedings import (
    CourtDocumentGiven,
    CourtDocumentReceived,
    CourtToldOfDispute,
    GuardianHandedOver,
    GuardianInvited,
    GuardianNamedToIro,
    HearingListed,
    HearingMoved,
    HearingReached,
    HearingReported,
    IroNamedInProceedings,
    OfProceedings,
    ProceedingsEnded,
    ProceedingsIssued,
    ProceedingsKind,
    SpokeWithGuardian,
)

AFTER_THE_END = (CourtDocumentReceived, GuardianHandedOver)
"""What may still be recorded of proceedings that have ended."""
SEVERAL_AT_ONCE = (ProceedingsKind.OTHER,)
"""Of which kinds several sets may go on at once: something else may be asked for besides. What is asked for again is
heard in the proceedings that go on; of two such sets the court, and the guardian, would be sent everything twice."""
WITH_A_GUARDIAN = (GuardianNamedToIro, GuardianInvited, SpokeWithGuardian, GuardianHandedOver)


def issued(scene: Scene, fact: ProceedingsIssued) -> None:
    """Proceedings are issued once, about this child and others, before anything comes of them."""
    if scene.case.opening.fact.child in fact.with_children:
        raise Refused("Name the other children only (with_children): this child is meant already.")
    same = [each for each in all_proceedings(scene.case) if each.issued.fact.about is fact.about]
    if again := next((each for each in same if each.issued.on == fact.on), None):
        raise Refused(f"Such proceedings were recorded for {says(fact.on)} already (fact {again.id}).")
    # What is put right was looked at when it was first told, and is meant.
    if fact.about not in SEVERAL_AT_ONCE and not scene.correcting:
        _is_the_only_one(fact, same)
    _comes_first(scene, fact, [known for known in scene.case.standing if _is_of(known, fact.id)])


def _is_the_only_one(fact: ProceedingsIssued, same: Sequence[Proceedings]) -> None:
    """No second set of a kind is issued while one goes on; the end of the one may be the day of the other.

    One that is told of late, and was issued before another, is taken: its end can be recorded only after it.
    """
    under_way = [each for each in same if each.go_on_on(fact.on)]
    other = next((each for each in under_way if each.ended is None or each.ended.on > fact.on), None)
    if other:
        end = other.ended
        stands = f"went on until {says(end.on)}" if end else "have not ended"
        do = f"correct the day they ended (fact {end.id})" if end else "record first how they ended (proceedings_ended)"
        raise Refused(
            f"{_the(other)} {stands}, and are of the same kind. If it is the same set, correct the day it was issued,"
            f" where that is wrong; if they were over by {says(fact.on)}, {do}."
        )


def about(scene: Scene, fact: OfProceedings) -> None:
    """A fact is about proceedings that were issued, and not over."""
    found = _proceedings(scene, fact.proceedings, fact)
    ended = found.ended
    if ended and ended.id != fact.id and fact.on > ended.on and not isinstance(fact, AFTER_THE_END):
        raise Refused(f"{_the(found)} ended on {says(ended.on)}; correct that if they did not (fact {ended.id}).")
    if isinstance(fact, WITH_A_GUARDIAN) and not found.guardian_on(fact.on):
        raise Refused("No guardian was appointed by that day; record the appointment first (guardian_appointed).")
    if isinstance(fact, IroNamedInProceedings) and not scene.case.within(IroAppointed, None, fact.on):
        raise Refused("The child had no IRO by that day; record the appointment first (iro_appointed).")


def ended(scene: Scene, fact: ProceedingsEnded) -> None:
    """Proceedings end once, and not before what was done in them."""
    found = _proceedings(scene, fact.proceedings, fact)
    if found.ended:
        raise Refused(f"{_the(found)} ended on {says(found.ended.on)}; correct that instead (fact {found.ended.id}).")
    held = [hearing.day for hearing in found.hearings if hearing.day and hearing.reached and hearing.day > fact.on]
    if held:
        raise Refused(f"A hearing of the proceedings was on {says(max(held))}; they cannot have ended before.")


def listed(scene: Scene, fact: HearingListed) -> None:
    """A hearing is listed for a day to come, within the proceedings, once."""
    found = _proceedings(scene, fact.proceedings, fact)
    if fact.held_on < fact.on:
        raise Refused(
            f"{says(fact.held_on)} is before {says(fact.on)}, when it was listed, and a hearing is listed before it is"
            " held. Check the day on which it is to be held (held_on); if it has been held, check the day on which it"
            " was listed, or record the document that came of it."
        )
    _is_within(found, fact.held_on)
    again = next((each for each in found.hearings if each.day == fact.held_on and each.kind is fact.hearing), None)
    if again:
        raise Refused(f"That hearing is listed for {says(fact.held_on)} already (fact {again.id}).")
    _comes_first(scene, fact, [known for known in _moves_and_reports(scene) if known.fact.hearing == fact.id])


def moved(scene: Scene, fact: HearingMoved) -> None:
    """A hearing that has not been held is moved to a day to come."""
    found, hearing = _hearing(scene, fact.hearing, fact)
    if hearing.reported:
        raise Refused(f"What came of that hearing was told on {says(hearing.reported.on)}; list the next one.")
    if hearing.day and hearing.day < fact.on:
        raise Refused(f"The day of that hearing came on {says(hearing.day)}; list the next one (hearing_listed).")
    if fact.held_on == hearing.day:
        stands = f"is on {says(fact.held_on)}" if fact.held_on else "was taken away"
        raise Refused(f"That hearing {stands} already; give the day it was moved to (held_on), or none.")
    if fact.held_on and fact.held_on < fact.on:
        raise Refused(f"{says(fact.held_on)} is past; a hearing is moved to a day to come.")
    if fact.held_on:
        _is_within(found, fact.held_on)


def reached(scene: Scene, fact: HearingReached) -> None:
    """The day of a hearing comes as it was listed, or moved, last."""
    _, hearing = _hearing(scene, fact.hearing, fact)
    if hearing.day != fact.on:
        raise Refused(f"That hearing is not on {says(fact.on)} (fact {hearing.id}).")


def reported(scene: Scene, fact: HearingReported) -> None:
    """What came of a hearing is told once its day has come."""
    _, hearing = _hearing(scene, fact.hearing, fact)
    if hearing.day is None:
        raise Refused("That hearing was not held; nothing came of it.")
    if fact.on < hearing.day:
        raise Refused(f"The hearing is on {says(hearing.day)}; nothing has come of it yet.")
    if hearing.reported:
        raise Refused(f"That was told on {says(hearing.reported.on)}; correct that (fact {hearing.reported.id}).")


def document_given(scene: Scene, fact: CourtDocumentGiven) -> None:
    """A document is given once it was received, once."""
    found = next((known for known in scene.case.all(CourtDocumentReceived) if known.id == fact.document), None)
    if found is None:
        raise Refused(
            f"There is no such court document here (fact {fact.document}); record its receipt"
            " (court_document_received)."
        )
    if fact.on < found.on:
        raise Refused(f"The document was received on {says(found.on)}; it cannot be given before.")
    before = [known for known in scene.case.all(CourtDocumentGiven) if known.fact.document == fact.document]
    if before:
        raise Refused(f"The IRO had it on {says(before[0].on)}; correct that if it was wrong (fact {before[0].id}).")


def told_of_dispute(scene: Scene, fact: CourtToldOfDispute) -> None:
    """The court is told of a dispute that there is."""
    if_none = f"There is no such dispute in the open part of this episode (fact {fact.dispute})."
    the_dispute(scene, fact, fact.dispute, if_none)


def received(scene: Scene, fact: CourtDocumentReceived) -> None:
    """A document is received before it is given."""
    _comes_first(scene, fact, [known for known in scene.case.all(CourtDocumentGiven) if known.fact.document == fact.id])


def _moves_and_reports(scene: Scene) -> list[Known[HearingMoved | HearingReported]]:
    return [*scene.case.all(HearingMoved), *scene.case.all(HearingReported)]


def _is_of(known: Known[FactBase], name: str) -> bool:
    return isinstance(known.fact, OfProceedings) and known.fact.proceedings == name


def _comes_first(scene: Scene, fact: FactBase, said: Sequence[Known[PlainFact]]) -> None:
    """What was recorded of it would otherwise come before it, when its day is corrected."""
    early = [known for known in said if known.on < fact.on]
    if early:
        first = min(early, key=lambda known: known.on)
        raise Refused(
            f"What was recorded of it on {says(first.on)} ({first.fact.kind}, fact {first.id}) would then come before"
            " it; correct or withdraw that first."
        )


def _proceedings(scene: Scene, name: str, fact: FactBase) -> Proceedings:
    found = next((each for each in all_proceedings(scene.case) if each.id == name), None)
    if found is None:
        raise Refused(
            f"There are no such proceedings in the open part of this episode (fact {name}); record first that they were"
            " issued (proceedings_issued)."
        )
    if fact.on < found.issued.on:
        raise Refused(f"Those proceedings were issued later, on {says(found.issued.on)} (fact {name}); check the day.")
    return found


def _hearing(scene: Scene, name: str, fact: FactBase) -> tuple[Proceedings, Hearing]:
    for found in all_proceedings(scene.case):
        for hearing in found.hearings:
            if hearing.id == name:
                if fact.on < hearing.listed.on:
                    on = says(hearing.listed.on)
                    raise Refused(f"That hearing was listed later, on {on} (fact {name}); check the day.")
                return found, hearing
    raise Refused(
        f"There is no such hearing in the open part of this episode (fact {name}); record first that it was listed"
        " (hearing_listed)."
    )


def _the(found: Proceedings) -> str:
    return f"The proceedings issued on {says(found.issued.on)} (fact {found.id})"


def _is_within(found: Proceedings, day: date) -> None:
    if day < found.issued.on:
        raise Refused(f"The proceedings were issued on {says(found.issued.on)}; a hearing comes after that.")
    ended: Known[FactBase] | None = found.ended
    if ended and day > ended.on:
        raise Refused(f"The proceedings ended on {says(ended.on)}; no hearing comes after that.")
