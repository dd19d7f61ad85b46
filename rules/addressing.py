"""To whom a notice goes, by which way, or why it goes to nobody: from what is owed and what is known that day.

Everyone it is owed to is either written to or named with the reason why not; nobody is passed over in silence. Sources:
practice notes 8 (who, when it is appropriate and safe; suppression with a reason), 9 (death, void) and 10.3(5) (nobody
who is no longer involved; an empty post falls back up the line). The days of a child's age are local practice: letters
to very young children go to the carer (practice notes 3 row 5).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from rules.directory import Absence, Person
from rules.network import AccessNeed, Language, NetworkContact, Suppression, Way
from rules.notice_names import NoticeName
from rules.posts import CasePeople, addressee, is_post
from rules.steps import Notice
from rules.vocabulary import Day, Frozen, Reference, Role, Words, age_on


class AgeBand(StrEnum):
    """How old the child is, as words for them are chosen."""

    UNDER_7 = "under_7"
    FROM_7 = "from_7"
    FROM_12 = "from_12"


def age_band(birth_date: date, day: date) -> AgeBand:
    """How old a child is on a day, as words for them are chosen.

    Args:
        birth_date: the day of birth.
        day: a London date.
    """
    age = age_on(birth_date, day)
    return AgeBand.UNDER_7 if age < 7 else AgeBand.FROM_7 if age < 12 else AgeBand.FROM_12


class CareOver(StrEnum):
    """How care has ended, as far as it matters to those who are written to."""

    ENDED = "ended"
    """What is owed still goes: the record of the last review, that a review is off."""
    DEATH = "death"
    VOID = "void"


class CaseNow(Frozen):
    """What is known of a child's case on the day.

    Attributes:
        people: who works on it, and whose case it is.
        child: the child, by the authority's reference; None for a notice about a service.
        birth_date: the child's; None for a notice about a service.
        over: how care has ended; None while it goes on.
        step_is_open: whether the step that the notice speaks of is still open; True where it speaks of none.
    """

    people: CasePeople
    child: Reference | None = None
    birth_date: Day | None = None
    over: CareOver | None = None
    step_is_open: bool = True


class Surroundings(Frozen):
    """Everyone a notice might go to.

    Attributes:
        people: the directory, in any order; those of other authorities are passed over.
        absences: the known times away of any of them.
        contacts: the child's network; contacts of another child are passed over.
        suppressions: what is not to be sent to whom.
    """

    people: tuple[Person, ...] = ()
    absences: tuple[Absence, ...] = ()
    contacts: tuple[NetworkContact, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


class Destination(Frozen):
    """Somebody a notice goes to.

    Attributes:
        reference: who.
        of_the_service: whether they stand in the directory; otherwise in the child's network.
        role: the role it is owed to.
        way: letter, email or text.
        language: in what language.
        needs: what they need to be able to take it in.
        age_band: only for the child's: how old the child is.
        for_child: it is the child's, and goes to this carer, who passes it on or reads it aloud.
        barred: they may not learn where the child lives or is to be met.
        instead_because: why it comes to them and not to the holder of the post, in one sentence.
    """

    reference: Reference
    of_the_service: bool
    role: Role
    way: Way
    language: Language = Language.ENGLISH
    needs: tuple[AccessNeed, ...] = ()
    age_band: AgeBand | None = None
    for_child: bool = False
    barred: bool = False
    instead_because: str | None = None


class WhyNot(StrEnum):
    """Why something is not sent."""

    SUPPRESSED = "suppressed"
    NO_LONGER_INVOLVED = "no_longer_involved"
    NOBODY_OF_THAT_ROLE = "nobody_of_that_role"
    AFTER_DEATH = "after_death"
    VOID = "void"
    DONE_MEANWHILE = "done_meanwhile"
    NO_WAY = "no_way"

    @property
    def words(self) -> str:
        """The same in words."""
        return _WHY[self]


_WHY = {
    WhyNot.SUPPRESSED: "not to be sent to them",
    WhyNot.NO_LONGER_INVOLVED: "not involved on the day",
    WhyNot.NOBODY_OF_THAT_ROLE: "nobody of that role is known",
    WhyNot.AFTER_DEATH: "the child has died",
    WhyNot.VOID: "the child was never looked after",
    WhyNot.DONE_MEANWHILE: "done meanwhile",
    WhyNot.NO_WAY: "there is no address, number or email to reach them by",
}


class NotSent(Frozen):
    """Somebody a notice does not go to, and why.

    Attributes:
        role: the role it is owed to.
        reference: who; None where it is the role as a whole.
        why: why not.
        reason: the same in somebody's own words, where it is suppressed.
        undeliverable: they should have had it, so that it has to be delivered in another way.
    """

    role: Role
    reference: Reference | None = None
    why: WhyNot
    reason: Words | None = None
    undeliverable: bool = False


class Addressed(Frozen):
    """What becomes of a notice: who gets it, and who does not. Never neither."""

    to: tuple[Destination, ...] = ()
    not_sent: tuple[NotSent, ...] = ()

    @property
    def undeliverable(self) -> str | None:
        """Why it does not reach somebody who should have it, in words without a name; None when all is well."""
        found = [each for each in self.not_sent if each.undeliverable]
        return "; ".join(dict.fromkeys(each.why.words for each in found)) or None


def address(notice: Notice, case: CaseNow, around: Surroundings, day: date) -> Addressed:
    """Find who gets a notice.

    Args:
        notice: what is owed.
        case: what is known of the case.
        around: everyone it might go to.
        day: the London date.

    Returns:
        Everyone of the role, each once: written to, or named with the reason why not.
    """
    why = _no_longer_to_be_sent(notice, case)
    if why:
        return Addressed(not_sent=(NotSent(role=notice.recipient, why=why),))
    return _Round(notice, case, around, day).addressed()


def _no_longer_to_be_sent(notice: Notice, case: CaseNow) -> WhyNot | None:
    if case.over is CareOver.VOID:
        return WhyNot.VOID
    if case.over is CareOver.DEATH:
        return WhyNot.AFTER_DEATH
    # Whoever was to be reminded has done it; that it had slipped is told all the same.
    done = notice.name is NoticeName.REMINDER and not case.step_is_open
    return WhyNot.DONE_MEANWHILE if done else None


class _Round:
    """One notice on one day."""

    def __init__(self, notice: Notice, case: CaseNow, around: Surroundings, day: date) -> None:
        self._notice, self._case, self._around, self._day = notice, case, around, day
        self._role = notice.recipient
        self._network = [
            contact
            for contact in sorted(around.contacts, key=lambda contact: contact.reference)
            if (contact.authority, contact.child) == (case.people.authority, case.child)
        ]

    def addressed(self) -> Addressed:
        """Everyone of the role."""
        if is_post(self._role):
            found = [self._post()]
        elif self._role is Role.CHILD:
            found = [self._child()]
        else:
            found = list(self._contacts())
        return Addressed(
            to=tuple(each for each in found if isinstance(each, Destination)),
            not_sent=tuple(each for each in found if isinstance(each, NotSent)),
        )

    # --- Posts of the service ---------------------------------------------------------------------------------------

    def _post(self) -> Destination | NotSent:
        """Whoever is found for a post; where it depends on their involvement, nobody but its own holder."""
        around = self._around
        found = addressee(self._role, self._case.people, around.people, around.absences, self._day)
        person = next((each for each in around.people if each.reference == found.person), None)
        involved = found.acting_as is self._role and (self._role is not Role.LEGAL or self._are_in_proceedings())
        if person is None or (self._notice.if_involved and not involved):
            return self._not_sent(WhyNot.NOBODY_OF_THAT_ROLE)
        return self._to_person(person, found.instead_because)

    def _are_in_proceedings(self) -> bool:
        """A children's guardian is appointed by the court, for as long as proceedings go on (practice notes 4.8)."""
        return any(each.role is Role.GUARDIAN and each.is_involved_on(self._day) for each in self._network)

    def _to_person(self, person: Person, instead_because: str | None = None) -> Destination | NotSent:
        if suppressed := self._suppressed(person.reference):
            return suppressed
        way = Way.EMAIL if person.email else Way.TEXT if _takes_texts(person.phone) else None
        if way is None:
            return self._not_sent(WhyNot.NO_WAY, person.reference)
        return Destination(
            reference=person.reference,
            of_the_service=True,
            role=self._role,
            way=way,
            instead_because=instead_because,
        )

    # --- The child's network ----------------------------------------------------------------------------------------

    def _contacts(self) -> Iterator[Destination | NotSent]:
        """Each one of the role who is involved that day; where nobody is, that is said."""
        everyone = [contact for contact in self._network if contact.role is self._role]
        involved = [contact for contact in everyone if contact.is_involved_on(self._day)]
        for contact in involved:
            yield self._to_contact(contact)
        if involved:
            return
        holders = () if self._notice.if_involved else self._of_the_authority()
        for person in holders:
            yield self._to_person(person)
        if not holders:
            for contact in everyone:
                yield self._not_sent(WhyNot.NO_LONGER_INVOLVED, contact.reference)
            if not everyone or not self._notice.if_involved:
                yield self._not_sent(WhyNot.NOBODY_OF_THAT_ROLE)

    def _of_the_authority(self) -> tuple[Person, ...]:
        """Those who hold the role for every child of the authority: a virtual school head, a nurse."""
        return tuple(
            person
            for person in sorted(self._around.people, key=lambda person: person.reference)
            if person.authority == self._case.people.authority
            and person.role is self._role
            and person.holds_on(self._day)
        )

    def _to_contact(self, contact: NetworkContact) -> Destination | NotSent:
        if suppressed := self._suppressed(contact.reference):
            return suppressed
        way = _way(contact)
        if way is None:
            return self._not_sent(WhyNot.NO_WAY, contact.reference)
        return Destination(
            reference=contact.reference,
            of_the_service=False,
            role=self._role,
            way=way,
            language=contact.language,
            needs=contact.needs,
            age_band=self._age_band() if self._role is Role.CHILD else None,
            barred=contact.barred,
        )

    # --- The child --------------------------------------------------------------------------------------------------

    def _child(self) -> Destination | NotSent:
        """The child, or the carer for the child: under 7, where it is to be read aloud, or with no way of their own."""
        own = next((each for each in self._network if each.role is Role.CHILD and each.is_involved_on(self._day)), None)
        for reference in filter(None, (own.reference if own else None, self._case.child)):
            if suppressed := self._suppressed(reference):
                return suppressed
        read_aloud = own is not None and AccessNeed.READ_ALOUD in own.needs
        by_carer = read_aloud or self._age_band() is AgeBand.UNDER_7 or own is None or _way(own) is None
        carer = self._to_carer(own) if by_carer else None
        if carer:
            return carer
        return self._to_contact(own) if own else self._not_sent(WhyNot.NO_WAY, self._case.child)

    def _to_carer(self, own: NetworkContact | None) -> Destination | None:
        """The first carer who can be reached, by letter where that may be."""
        for carer in self._network:
            if carer.role is not Role.CARER or not carer.is_involved_on(self._day):
                continue
            if self._suppression(carer.reference):
                continue
            needs = (own or carer).needs
            no_post = own is not None and AccessNeed.NO_POST in own.needs
            if way := _way(carer, wanted=Way.LETTER, no_post=no_post):
                return Destination(
                    reference=carer.reference,
                    of_the_service=False,
                    role=Role.CHILD,
                    way=way,
                    language=(own or carer).language,
                    needs=needs,
                    age_band=self._age_band(),
                    for_child=True,
                    barred=carer.barred or (own is not None and own.barred),
                )
        return None

    def _age_band(self) -> AgeBand | None:
        return age_band(self._case.birth_date, self._day) if self._case.birth_date else None

    # --- Why not ----------------------------------------------------------------------------------------------------

    def _suppression(self, reference: str) -> Suppression | None:
        return next(
            (
                each
                for each in self._around.suppressions
                if each.contact == reference and each.notice in (None, self._notice.name)
            ),
            None,
        )

    def _suppressed(self, reference: str) -> NotSent | None:
        found = self._suppression(reference)
        if found is None:
            return None
        return NotSent(role=self._role, reference=reference, why=WhyNot.SUPPRESSED, reason=found.reason)

    def _not_sent(self, why: WhyNot, reference: str | None = None) -> NotSent:
        should_have = not self._notice.if_involved and why in (WhyNot.NO_WAY, WhyNot.NOBODY_OF_THAT_ROLE)
        return NotSent(role=self._role, reference=reference, why=why, undeliverable=should_have)


def _way(contact: NetworkContact, *, wanted: Way | None = None, no_post: bool = False) -> Way | None:
    """As they prefer, if it can be done; else by letter, else by email, else by text."""
    can = {
        Way.LETTER: bool(contact.address) and not no_post and AccessNeed.NO_POST not in contact.needs,
        Way.EMAIL: contact.email is not None,
        Way.TEXT: _takes_texts(contact.phone),
    }
    if AccessNeed.READ_ALOUD in contact.needs:
        wanted = Way.LETTER
    order: Sequence[Way | None] = (wanted or contact.way, Way.LETTER, Way.EMAIL, Way.TEXT)
    return next((way for way in order if way and can[way]), None)


def _takes_texts(phone: str | None) -> bool:
    """Whether a number can be texted: in the United Kingdom only a mobile can, which begins with 07."""
    digits = re.sub(r"[\s().-]", "", phone or "")
    national = re.sub(r"^(\+|00)440?", "0", digits)
    return bool(re.fullmatch(r"07\d{9}", national) or re.fullmatch(r"(\+|00)[1-9]\d{7,14}", national))
