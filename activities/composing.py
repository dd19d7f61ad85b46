"""What a notice tells, gathered from the register: the fact or the step it is about, the IRO, the decisions.

What is gathered here is all that a template can say. A child's address, or anybody's but the IRO's and the office's, is
not among it.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Engine

from activities.composing_challenge import OfChallenge, of_challenge
from post.notice import DecisionLine, Iro, Letterhead, NoticeToWrite, Reachable, Reader, StepLine
from register import directory, queries, service
from register.allocations import caseloads
from register.closed_days import closed_days
from register.kin import sibling_group
from register.outbox import Waiting
from rules.authorities import authority as authority_of
from rules.calendar import WorkingCalendar
from rules.case import Case, Known
from rules.changes_reported import CONSIDER, TELL
from rules.digest import in_words
from rules.facts import Entry, FactCorrected
from rules.facts.care import SocialWorkerChanged
from rules.facts.changes import ChangeKind, SignificantChange
from rules.facts.iro import IroAppointed, IroHandedOver, IroProposed
from rules.facts.notices import NoticeUndelivered
from rules.facts.proceedings import ProceedingsIssued
from rules.facts.reviews import AfterReview, DecisionMade, ReviewAdjourned, ReviewHeld
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy, Service
from rules.reading import key
from rules.review_days import day_changed_by
from rules.steps import Step
from rules.vocabulary import Frozen, Nation
from rules.wording import in_full, plain


class CaseFile(Frozen):
    """One child's case as the register holds it, read once for all notices about it."""

    line: queries.EpisodeLine
    entries: tuple[Entry, ...]

    @property
    def case(self) -> Case:
        """The case as its facts tell it."""
        return Case(self.entries)

    def fact(self, about: str) -> Any:
        """The fact a notice is about, as it reads now; None when it is about something else."""
        found = next((entry.fact for entry in self.entries if entry.fact.id == about), None)
        return found.to.model_copy(update={"id": found.corrects}) if isinstance(found, FactCorrected) else found


class Composer:
    """Gathers what notices tell, for one round of the post room."""

    def __init__(self, register: Engine, policy: PostPolicy, today: date) -> None:
        """Take what it reads.

        Args:
            register: the database.
            policy: what the authority says of its own post.
            today: the London date that stands on what is written.
        """
        self._register = register
        self._policy = policy
        self._today = today
        self.case_file: Callable[[str], CaseFile | None] = cache(self._case_file)
        self._iro: Callable[[str], Iro | None] = cache(self._read_iro)
        changes = closed_days(register)
        self._calendar: Callable[[Nation], WorkingCalendar] = cache(lambda nation: WorkingCalendar(nation, changes))

    def notice(self, waiting: Waiting, reader: Reader) -> NoticeToWrite:
        """What one notice tells one reader.

        Args:
            waiting: the notice of the outbox.
            reader: who will read it.
        """
        if waiting.episode is None:
            return self._of_service(waiting, reader)
        file = self.case_file(waiting.episode)
        assert file is not None, waiting.episode
        return self._bare(waiting.name, reader, file.line.authority, file.line.nation).model_copy(
            update={
                "child": file.line.child,
                "iro": self._iro(file.line.iro) if file.line.iro else None,
                **self._about(waiting, file),
            }
        )

    def gathered(
        self, name: NoticeName, reader: Reader, authority: str, notices: Iterable[NoticeToWrite]
    ) -> NoticeToWrite:
        """What one person is told of several steps, as one notice.

        Args:
            name: a daily digest of reminders, or an escalation.
            reader: who will read it.
            authority: whose service, by its three-digit code.
            notices: one for each step.
        """
        steps = sorted((step for each in notices for step in each.steps), key=lambda step: (step.due, step.child))
        bare = self._bare(name, reader, authority, authority_of(authority).nation)
        return bare.model_copy(update={"steps": tuple(steps)})

    def letterhead(self, authority: str) -> Letterhead:
        """Who writes: the authority's name, and the office's address.

        Args:
            authority: by its three-digit code.
        """
        return Letterhead.of(self._policy, authority)

    def _bare(self, name: str, reader: Reader, authority: str, nation: Nation) -> NoticeToWrite:
        return NoticeToWrite(
            name=name,
            reader=reader,
            written_on=self._today,
            nation=nation,
            letterhead=self.letterhead(authority),
            advocate=_reachable(self._policy.advocate),
            complaints=_reachable(self._policy.complaints),
        )

    def _of_service(self, waiting: Waiting, reader: Reader) -> NoticeToWrite:
        assert waiting.service is not None
        bare = self._bare(waiting.name, reader, waiting.service, authority_of(waiting.service).nation)
        if waiting.name is NoticeName.WEEKLY_DIGEST:
            week = service.kept_digest(self._register, waiting.service, date.fromisoformat(waiting.about))
            return bare.model_copy(update={"lines": tuple(in_words(week)) if week else ()})
        concern = service.kept_concern(self._register, waiting.about)
        if concern is None:
            return bare
        # A team is known by its manager, who is named as people know them, or by a name of its own.
        manager = directory.person(self._register, concern.team)
        team = f"the team of {manager.name}" if manager else f"team {concern.team}"
        line = f"{plain(concern.step)}, {team}, from {in_full(concern.since)} to {in_full(concern.until)}"
        about = queries.episodes_of_ids(self._register, concern.episodes, today=self._today)
        return bare.model_copy(update={"lines": (line,), "children": tuple(sorted({each.child for each in about}))})

    def _about(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        """What a notice about a case tells beside the child and the IRO."""
        by_name: dict[NoticeName, Callable[[Waiting, CaseFile], dict[str, Any]]] = {
            NoticeName.REMINDER: self._step,
            NoticeName.ESCALATION: self._step,
            NoticeName.REVIEW_ARRANGED: self._day,
            NoticeName.REVIEW_CANCELLED: self._day,
            NoticeName.DECISIONS_TAKEN_AS_AGREED: self._agreed,
            NoticeName.NOTICE_UNDELIVERED: _undelivered,
            NoticeName.IRO_SHARED: self._shared,
        }
        return by_name.get(waiting.name, self._of_fact)(waiting, file)

    def _of_fact(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        """What a notice tells that a fact owes by itself."""
        fact = file.fact(waiting.about)
        if isinstance(fact, IroAppointed | IroProposed):
            former = _former(file, waiting.about)
            return {
                "iro": self._iro(fact.iro),
                "former_iro": self._iro(former) if former else None,
                "shared_with": len(fact.shares_with) if isinstance(fact, IroAppointed) else 0,
                "over_by": self._over_by(file.line.authority, fact.iro) if fact.over_capacity else 0,
                "reason": fact.reason if isinstance(fact, IroAppointed) else None,
            }
        if isinstance(fact, IroHandedOver):
            former = _former(file, None)
            return {"former_iro": self._iro(former) if former else None}
        if isinstance(fact, ReviewAdjourned):
            return {"review_on": fact.reconvene_on, "held_on": fact.on, "reason": fact.reason}
        if isinstance(fact, SignificantChange):
            return self._change(fact, file)
        if isinstance(fact, SocialWorkerChanged):
            return {"lines": _happened(ChangeKind.SOCIAL_WORKER_CHANGED, fact.on)}
        if isinstance(fact, OfChallenge):
            return of_challenge(file.case, fact, lambda step: self._due(file, step))
        if isinstance(fact, ProceedingsIssued):
            return {"lines": _what(f"court proceedings were issued ({plain(fact.about)})", fact.on)}
        if isinstance(fact, AfterReview):
            followed = file.case.review_followed(fact)
            return self._review(file, followed) if followed else {}
        reason = getattr(fact, "reason", None)
        return {"reason": reason if isinstance(reason, str) else None}

    def _change(self, fact: SignificantChange, file: CaseFile) -> dict[str, Any]:
        """What happened, by its kind, and how late it was told; nobody's words, for an email may go astray."""
        told = queries.find_step(self._register, file.line.id, key(TELL, fact.id))
        lines = [
            *_happened(fact.change, fact.happened_on),
            *([f"When the IRO was told: {in_full(fact.on)}, {told.reason}"] if told and told.reason else []),
        ]
        return {"lines": tuple(lines), "due": self._due(file, key(CONSIDER, fact.id))}

    def _due(self, file: CaseFile, step: str) -> date | None:
        """The last day of an open step."""
        found = queries.find_step(self._register, file.line.id, step)
        return found.due if found and found.is_open else None

    def _agreed(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        step = queries.find_step(self._register, file.line.id, waiting.about)
        held = file.case.all(ReviewHeld)
        return {"due": step.due if step else None, **(self._review(file, held[-1]) if held else {})}

    def _shared(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        return {"shared_with": len(sibling_group(self._register, file.line.authority, file.line.child)) - 1}

    def _step(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        key, rung, due = waiting.about.rsplit(":", 2)
        step = queries.find_step(self._register, file.line.id, key)
        if step is None:
            return {"due": date.fromisoformat(due)}
        return {"steps": (self._line(file, step, rung),), "due": step.due}

    def _line(self, file: CaseFile, step: Step, rung: str) -> StepLine:
        return StepLine(
            title=step.title,
            child=file.line.child,
            due=step.due,
            practical_due=step.basis.practical_due,
            late_by=self._calendar(file.line.nation).working_days_between(step.due, self._today),
            source=step.basis.source,
            rung=rung.replace("_", " "),
            owner=step.owner.words,
            episode=file.line.id,
        )

    def _day(self, waiting: Waiting, file: CaseFile) -> dict[str, Any]:
        changed = day_changed_by(file.entries, waiting.about)
        told = changed.since or changed.before
        formerly = changed.before.planned_for if changed.before and changed.since else None
        return {
            "review_on": told.planned_for if told else None,
            "review_at": told.at if told else None,
            "formerly_on": formerly if told and formerly != told.planned_for else None,
            "place": told.place if told else None,
            "due": self._review_due(file),
        }

    def _review(self, file: CaseFile, held: Known[ReviewHeld]) -> dict[str, Any]:
        made = file.case.following(DecisionMade, held)
        return {
            "held_on": held.on,
            "decisions": tuple(
                DecisionLine(text=each.fact.text, owner=each.fact.owner.words, due=each.fact.due) for each in made
            ),
        }

    def _review_due(self, file: CaseFile) -> date | None:
        owed = [
            step.due
            for step in queries.steps(self._register, file.line.id, only_open=True)
            if step.name in service.REVIEW_STEPS
        ]
        return min(owed, default=None)

    def _over_by(self, authority: str, iro: str) -> int:
        loads = caseloads(self._register, authority, self._today)
        found = next((each for each in loads if each.reference == iro), None)
        return max(0, found.load - found.terms.places) if found else 0

    def _case_file(self, episode: str) -> CaseFile | None:
        line = queries.episode(self._register, episode, today=self._today)
        return CaseFile(line=line, entries=tuple(queries.facts(self._register, episode))) if line else None

    def _read_iro(self, reference: str) -> Iro | None:
        person, terms = directory.person(self._register, reference), directory.terms(self._register, reference)
        if person is None:
            return None
        picture = terms.picture if terms else None
        return Iro(name=person.name, phone=person.phone, email=person.email, picture=picture)


def _reachable(of: Service | None) -> Reachable | None:
    return Reachable(**of.model_dump()) if of else None


def _happened(change: ChangeKind, on: date) -> tuple[str, str]:
    return _what(change.words, on)


def _what(words: str, on: date) -> tuple[str, str]:
    return f"What: {words}", f"When: {in_full(on)}"


def _undelivered(waiting: Waiting, file: CaseFile) -> dict[str, Any]:
    fact = file.fact(waiting.about.partition(".")[2])  # It is about the step, which the fact set off.
    if not isinstance(fact, NoticeUndelivered):
        return {}
    return {
        "lines": (f"It was the notice of {fact.name.words}, to the {fact.recipient.words}.",),
        "reason": fact.reason,
    }


def _former(file: CaseFile, about: str | None) -> str | None:
    """The IRO appointed before the one a notice is about; before the present one where it is about neither."""
    appointed = file.case.all(IroAppointed)
    names = [each.fact.iro for each in appointed]
    at = next((place for place, each in enumerate(appointed) if each.id == about), len(names) - 1)
    earlier = [name for name in names[:at] if name != names[at]] if names else []
    return earlier[-1] if earlier else None
