"""Addressing the post: who gets each notice that is owed, and what it says; each becomes a message of its own."""

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from pydantic import EmailStr, TypeAdapter, ValidationError
from sqlalchemy import Engine

from activities.composing import CaseFile, Composer
from post.calendars import Meeting, invitation, uid
from post.notice import NoticeToWrite, Reader
from post.ways import Calendar, Message
from post.wording import write
from register import directory, queries, service
from register.contacts import contact, network
from register.outbox import Waiting
from register.post import NewDispatch, Settled
from rules.addressing import Addressed, CareOver, CaseNow, Destination, Surroundings, address
from rules.codes import EndReason
from rules.directory import Person
from rules.facts import FactCorrected, FactWithdrawn
from rules.facts.care import CareEnded
from rules.facts.reviews import ReviewAdjourned, ReviewArranged, ReviewHeld
from rules.network import NetworkContact, Way
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.posts import CasePeople

SEVERAL = 3
"""More steps than this that slipped for one person at once are told as one message: it goes at once all the same."""
_INVITES = frozenset({NoticeName.REVIEW_ARRANGED, NoticeName.REVIEW_CANCELLED, NoticeName.REVIEW_ADJOURNED})
_ADDRESS: TypeAdapter[str] = TypeAdapter(EmailStr)


class Addresser:
    """Finds who gets what on one day, and puts it in words; reads each case and each network once."""

    def __init__(self, register: Engine, policy: PostPolicy, now: datetime, today: date, sender: str | None) -> None:
        """Take what it reads.

        Args:
            register: the database.
            policy: what the authority says of its own post.
            now: the instant, UTC.
            today: the London date.
            sender: the address that emails come from; None where none is set.
        """
        self._register = register
        self._policy = policy
        self._now, self._today = now, today
        self._organiser = policy.email or sender
        self._composer = Composer(register, policy, today)
        self._people: Callable[[str], Surroundings] = cache(self._read_people)
        self._around: Callable[[str | None, str], Surroundings] = cache(self._read_around)

    def one(self, waiting: Waiting) -> tuple[Settled, list[NewDispatch]]:
        """Address a notice that goes by itself.

        Args:
            waiting: the notice.

        Returns:
            What became of it, and a message for each who gets it.
        """
        found = self.find(waiting)
        return _settled(waiting, found), [self._dispatch(waiting, to) for to in found.to]

    def at_once(
        self, waiting: Sequence[Waiting], told: Container[tuple[int, str]] = ()
    ) -> tuple[list[Settled], list[NewDispatch]]:
        """Address notices that go by themselves. Whoever stands in for several gets what they all are told only once,
        and hears of many steps that slipped together in one message.

        Args:
            waiting: the notices.
            told: who has which of them already (`outbox.told_already`), and is not to get it again.

        Returns:
            What became of each, and the messages.
        """
        settled: list[Settled] = []
        same: dict[str, list[tuple[Waiting, Destination]]] = {}
        slipped: dict[tuple[str, Way], list[tuple[Waiting, Destination]]] = {}
        for each, found in self._found(waiting, told):
            settled.append(_settled(each, found))
            for to in found.to:
                if each.name is NoticeName.ESCALATION:
                    slipped.setdefault((to.reference, to.way), []).append((each, to))
                else:
                    same.setdefault(_once(each, to), []).append((each, to))
        gathered: list[NewDispatch] = []
        for theirs in slipped.values():
            if len({each.about for each, _ in theirs}) > SEVERAL:
                gathered.append(self._gathered(NoticeName.ESCALATION, theirs))
            else:
                for each, to in theirs:
                    same.setdefault(_once(each, to), []).append((each, to))
        return settled, [*(self._told_once(theirs) for theirs in same.values()), *gathered]

    def together(
        self, waiting: Sequence[Waiting], told: Container[tuple[int, str]] = ()
    ) -> tuple[list[Settled], list[NewDispatch]]:
        """Address the routine notices of a morning: one message for each person, whatever it gathers.

        Args:
            waiting: the notices.
            told: who has which of them already, and is not to get it again.
        """
        settled: list[Settled] = []
        by_person: dict[tuple[str, Way], list[tuple[Waiting, Destination]]] = {}
        for each, found in self._found(waiting, told):
            settled.append(_settled(each, found))
            for to in found.to:
                by_person.setdefault((to.reference, to.way), []).append((each, to))
        return settled, [self._gathered(NoticeName.DAILY_DIGEST, theirs) for theirs in by_person.values()]

    def find(self, waiting: Waiting) -> Addressed:
        """Who gets a notice, and who does not."""
        if waiting.episode is None:
            authority = waiting.service or ""
            case = CaseNow(people=CasePeople(authority=authority, team_manager=self._team_of(waiting)))
            return address(waiting.notice, case, self._around(None, authority), self._today)
        file = self._file(waiting)
        line = file.line
        step = waiting.notice.step
        owed = queries.find_step(self._register, line.id, step) if step else None
        case = CaseNow(
            people=line.people,
            child=line.child,
            birth_date=line.birth_date,
            over=care_over(line),
            step_is_open=owed is None or owed.is_open,
        )
        return address(waiting.notice, case, self._around(line.child, line.authority), self._today)

    def _found(
        self, waiting: Sequence[Waiting], told: Container[tuple[int, str]]
    ) -> Iterator[tuple[Waiting, Addressed]]:
        """Each notice with who is to get it; not who has it already, where it is addressed anew for somebody else."""
        for each in waiting:
            found = self.find(each)
            to = tuple(to for to in found.to if (each.id, to.reference) not in told)
            yield each, found.model_copy(update={"to": to})

    def _file(self, waiting: Waiting) -> CaseFile:
        assert waiting.episode is not None
        file = self._composer.case_file(waiting.episode)
        assert file is not None, waiting.episode
        return file

    def _team_of(self, waiting: Waiting) -> str | None:
        """The team a pattern of poor practice is about: it goes to those above its own manager."""
        if waiting.name is not NoticeName.POOR_PRACTICE_PATTERN:
            return None
        concern = service.kept_concern(self._register, waiting.about)
        return concern.team if concern else None

    def _authority(self, waiting: Waiting) -> str:
        return waiting.service or self._file(waiting).line.authority

    def _told_once(self, theirs: list[tuple[Waiting, Destination]]) -> NewDispatch:
        """What one person is told once, whatever roles it is owed to: as in their own right, if it is that too."""
        waiting, to = next((each for each in theirs if each[1].instead_because is None), theirs[0])
        made = self._dispatch(waiting, to.model_copy(update={"instead_because": _why_it_comes(to, theirs)}))
        carries = tuple(each.id for each, _ in theirs)
        return made.model_copy(update={"carries": carries, "stands_in": to.instead_because is not None})

    def _dispatch(self, waiting: Waiting, to: Destination) -> NewDispatch:
        notice = self._composer.notice(waiting, self._reader(to))
        return NewDispatch(
            notice=waiting.name,
            recipient=to.reference,
            role=to.role,
            episode=waiting.episode,
            message=self._message(
                f"notice-{_short(_once(waiting, to))}", notice, to, self._invitation(waiting, notice, to)
            ),
            carries=(waiting.id,),
            stands_in=to.instead_because is not None,
        )

    def _gathered(self, name: NoticeName, theirs: list[tuple[Waiting, Destination]]) -> NewDispatch:
        """Several steps that one person is told of, as one message; each once, whatever they stand in for."""
        first, to = theirs[0]
        if len(theirs) == 1:
            return self._dispatch(first, to)
        reader = self._reader(to)
        each_once = {(waiting.episode, waiting.about): waiting for waiting, _ in theirs}
        notices = [self._composer.notice(waiting, reader) for waiting in each_once.values()]
        of = ":".join([to.reference, *(str(waiting.id) for waiting, _ in theirs)])
        return NewDispatch(
            notice=name,
            recipient=to.reference,
            role=to.role,
            episode=None,
            message=self._message(
                f"several-{_short(of)}",
                self._composer.gathered(name, reader, self._authority(first), notices),
                to,
                None,
            ),
            carries=tuple(waiting.id for waiting, _ in theirs),
        )

    def _message(self, reference: str, notice: NoticeToWrite, to: Destination, calendar: Calendar | None) -> Message:
        someone = self._someone(to)
        reached = {Way.EMAIL: someone.email, Way.TEXT: someone.phone, Way.LETTER: None}[to.way]
        letterhead = notice.letterhead
        return Message(
            reference=reference,
            way=to.way,
            to_name=someone.name,
            to=reached or "",
            address=someone.address if to.way is Way.LETTER and isinstance(someone, NetworkContact) else (),
            needs=to.needs,
            written=write(notice),
            sender=letterhead.authority,
            sender_address=(letterhead.team, *letterhead.address),
            reply_to=letterhead.email,
            on=self._today,
            calendar=calendar,
        )

    def _reader(self, to: Destination) -> Reader:
        return Reader(
            role=to.role,
            name=self._someone(to).name,
            language=to.language,
            needs=to.needs,
            age_band=to.age_band,
            for_child=to.for_child,
            barred=to.barred,
            instead_because=to.instead_because,
        )

    def _someone(self, to: Destination) -> Person | NetworkContact:
        found = (directory.person if to.of_the_service else contact)(self._register, to.reference)
        assert found is not None, to.reference
        return found

    def _invitation(self, waiting: Waiting, notice: NoticeToWrite, to: Destination) -> Calendar | None:
        """For the calendar of whoever is invited by email; never for a child's own review told through a carer."""
        if waiting.name not in _INVITES or to.way is not Way.EMAIL or to.for_child or notice.review_on is None:
            return None
        email = self._someone(to).email
        if self._organiser is None or not email or not _is_address(email):
            return None
        return invitation(
            _meeting(self._file(waiting), waiting, notice, barred=to.barred),
            organiser=notice.letterhead.authority,
            organiser_email=self._organiser,
            attendee_email=email,
            language=to.language,
            at=self._now,
        )

    def _read_people(self, authority: str) -> Surroundings:
        people = tuple(directory.people(self._register, authority))
        theirs = {person.reference for person in people}
        away = tuple(each for each in directory.absences(self._register) if each.person in theirs)
        return Surroundings(people=people, absences=away)

    def _read_around(self, child: str | None, authority: str) -> Surroundings:
        around = self._people(authority)
        if child is None:
            return around
        known = network(self._register, authority, child)
        return around.model_copy(update={"contacts": known.contacts, "suppressions": known.suppressions})


def care_over(line: queries.EpisodeLine) -> CareOver | None:
    """How care has ended, as far as it matters to those who are written to.

    Args:
        line: the episode.
    """
    if line.void:
        return CareOver.VOID
    if line.end_reason == EndReason.E2:
        return CareOver.DEATH
    return CareOver.ENDED if line.ended_on else None


def _once(waiting: Waiting, to: Destination) -> str:
    """What one person is told once. Not with the role: they may stand in for several."""
    whose = f"{waiting.episode or waiting.service}:{waiting.name}:{waiting.about}"
    return f"{whose}:{to.reference}:{'for the child' if to.for_child else ''}"


def _why_it_comes(to: Destination, theirs: list[tuple[Waiting, Destination]]) -> str | None:
    """For whom else somebody is told it, who may be the one that has to answer; None where it is theirs alone."""
    reasons = [other.instead_because for _, other in theirs if other.instead_because]
    own = [] if to.instead_because else [f"you are the {to.role.words}"]
    return "; ".join(dict.fromkeys((*own, *reasons))) if reasons else None


def _settled(waiting: Waiting, found: Addressed) -> Settled:
    return Settled(id=waiting.id, not_sent=found.not_sent, undeliverable=found.undeliverable)


def _meeting(file: CaseFile, waiting: Waiting, notice: NoticeToWrite, *, barred: bool) -> Meeting:
    """The review as calendars know it: one id from its first arrangement on, a higher number with each change.

    An adjourned review that goes on is a meeting of its own: the first one has been.
    """
    assert notice.review_on is not None
    changes: list[str] = []
    for entry in file.entries:
        fact = entry.fact
        if isinstance(fact, ReviewHeld | ReviewAdjourned):
            changes = []
        if isinstance(fact, ReviewArranged | ReviewAdjourned):
            changes.append(fact.id)
        elif changes and isinstance(fact, FactCorrected | FactWithdrawn | CareEnded):
            changes.append(fact.id)  # Of whatever: a number left out does no harm.
        if fact.id == waiting.about:
            break
    return Meeting(
        uid=uid(file.line.id, "meeting", changes[0] if changes else waiting.about),
        sequence=len(changes),
        on=notice.review_on,
        at=notice.review_at,
        place=None if barred else notice.place,
        cancelled=waiting.name is NoticeName.REVIEW_CANCELLED,
    )


def _is_address(email: str) -> bool:
    try:
        _ADDRESS.validate_python(email)
    except ValidationError:
        return False
    return True


def _short(of: str) -> str:
    return sha256(of.encode()).hexdigest()[:32]
