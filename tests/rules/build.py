"""A child's story in facts, told in one line, and read as an agenda.

    story = child("2026-01-05").review_held("2026-02-02").record_completed("2026-02-20")
    story.step("record.review-1", on="2026-02-23").state

Days are London dates. A fact is recorded at noon of the day it happened, unless `at` says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rules.acceptance import check
from rules.agenda import derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar
from rules.clock import LONDON
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.facts import FACT_TYPES, Entry, Fact, parse_fact
from rules.policy import Policy
from rules.steps import Agenda, Escalation, ReviewLine, Step
from rules.vocabulary import Nation

ENGLAND = RuleBook(WorkingCalendar(Nation.ENGLAND), Policy())
MANAGED = RuleBook(WorkingCalendar(Nation.ENGLAND), Policy(), directory="1")
"""England, where the directory holds IROs and the system proposes them."""
WALES = RuleBook(WorkingCalendar(Nation.WALES), Policy())

_SHORT = {"review_held": "review", "iro_appointed": "appointment"}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "became_looked_after": {
        "authority": "383",
        "nation": "england",
        "child": "child-1",
        "birth_date": "2014-06-15",
    },
    "iro_appointed": {"iro": "iro-1"},
    "iro_made_known": {"recipient": "child", "way": "letter"},
    "reviewing_policy_given": {"recipient": "child"},
    "review_held": {"participation": "PN1"},
    "child_consulted": {"outcome": "spoke", "ways": ["in_person"]},
    "views_gathered": {"source": "parents"},
    "decision_made": {"decision": "d-1", "text": "Dental check", "owner": "social_worker"},
    "record_distributed": {"recipient": "child"},
    "manager_replied": {"outcome": "accepted"},
    "review_adjourned": {"reason": "papers missing", "child_wishes_sought": True},
    "early_review_required": {"ground": "iro_asked"},
    "iro_post_vacated": {"reason": "ABSENC"},
    "significant_change": {"change": "school_exclusion"},
    "change_considered": {"answer": "spoke_with_social_worker"},
    "child_wrote": {"text": "I want to see my brother more."},
    "challenge_raised": {
        "rung": "informal_resolution",
        "addressee": "team_manager",
        "about": "The plan has not moved.",
    },
    "challenge_answered": {"answer": "It will be done by Friday."},
    "challenge_resolved": {"outcome": "put_right"},
    "challenge_withdrawn": {"reason": "raised in error"},
    "poor_practice_noted": {"theme": "drift", "of": "team_manager", "about": "No plan for months."},
    "dispute_raised": {"by": "iro-1", "matter": "care_plan", "about": "No plan.", "stage": "team_manager"},
    "dispute_answered": {"answer": "It will be done by Friday."},
    "dispute_taken_up": {"by": "iro-1", "to": "director", "reason": "The child cannot wait."},
    "dispute_paused": {"by": "iro-1", "reason": "A meeting is to be held."},
    "dispute_resolved": {"by": "iro-1", "outcome": "put_right"},
    "dispute_withdrawn": {"by": "iro-1", "reason": "Raised in error."},
    "cafcass_considered": {"by": "iro-1", "refer": False, "reason": "It is being put right."},
    "cafcass_referred": {
        "by": "iro-1",
        "failure": "prepare_plan",
        "about": "No plan for a year.",
        "done_so_far": "A dispute.",
        "raised_with": ["director"],
        "childs_view": "He wants to know where he will live.",
        "asks": "To bring proceedings.",
    },
    "cafcass_replied": {"outcome": "advice"},
    "legal_advice_asked": {"by": "iro-1", "about": "Whether to refer the case."},
    "proceedings_issued": {"about": "care_or_supervision"},
    "iro_named_in_proceedings": {"to": "legal"},
    "court_document_received": {"document": "order"},
    "hearing_listed": {"hearing": "case_management"},
    "hearing_moved": {"reason": "The court's list."},
    "hearing_reported": {"words": "Adjourned."},
    "spoke_with_guardian": {"topics": ["care_plan"]},
    "proceedings_ended": {"outcome": "care_order"},
    "child_wants_proceedings": {"words": "I want the order to end."},
    "adult_sought": {"found": False, "reason": "Nobody is willing."},
    "complaint_made": {"about": "authority", "by_child": True, "words": "Nobody listens."},
    "complaint_weighed": {"stays": True, "reason": "It was a misunderstanding."},
    "complaint_answered": {"answer": "We are sorry."},
    "advocate_asked": {"by_child": True},
    "child_wants_no_more": {"by": "iro-1", "words": "Not any more."},
    "child_wished": {"wish": "place", "words": "At my school."},
    "child_wish_answered": {"met": "met"},
    "good_practice_noted": {"of": "social_worker", "about": "She found the grandmother."},
    "care_ended": {"reason": "E4A"},
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str, hour: int = 12, minute: int = 0) -> datetime:
    """An instant of a London day, in UTC."""
    return datetime.combine(day(text), time(hour, minute), LONDON).astimezone(UTC)


def closed(*days: str, change: ClosedDayChange = ClosedDayChange.ADD) -> tuple[ClosedDay, ...]:
    return tuple(ClosedDay(nation=Nation.ENGLAND, day=day(text), change=change) for text in days)


def book(changes: tuple[ClosedDay, ...] = (), policy: Policy | None = None) -> RuleBook:
    return RuleBook(WorkingCalendar(Nation.ENGLAND, changes), policy or Policy())


def fact(kind: str, on: str, **fields: Any) -> Fact:
    return parse_fact({"id": f"{kind}-x", "by": "worker-1", "kind": kind, "on": on} | _DEFAULTS.get(kind, {}) | fields)


@dataclass(frozen=True)
class Story:
    """The facts of one child, in the order they were told, and the rule book they are read by."""

    entries: tuple[Entry, ...] = ()
    book: RuleBook = ENGLAND

    def __getattr__(self, kind: str) -> Callable[..., "Story"]:
        """Each kind of fact is a verb: `story.review_held("2026-02-02", participation="PN2")`."""
        if kind not in FACT_TYPES:
            raise AttributeError(kind)

        def tell(on: str, at: str | None = None, hour: int = 12, **fields: Any) -> "Story":
            number = 1 + sum(entry.fact.kind == kind for entry in self.entries)
            reference = "opening" if kind == "became_looked_after" else f"{_SHORT.get(kind, kind)}-{number}"
            told = fact(kind, on, **{"id": reference} | fields)
            recorded = moment(at or on, hour) + timedelta(seconds=len(self.entries))
            return replace(self, entries=(*self.entries, Entry(fact=told, at=recorded)))

        return tell

    def under(self, other: RuleBook) -> "Story":
        """The same story under another rule book."""
        return replace(self, book=other)

    def told_at_once(self, on: str) -> "Story":
        """The same facts, all recorded at one instant, as an import brings them."""
        return replace(self, entries=tuple(entry.model_copy(update={"at": moment(on)}) for entry in self.entries))

    def corrected(self, wrong: str, recorded: str, **fields: Any) -> "Story":
        """A fact put right, on a day, in some of its fields."""
        as_told = next(entry.fact for entry in self.entries if entry.fact.id == wrong)
        to = as_told.model_dump(mode="json") | fields
        return self.fact_corrected(recorded, corrects=wrong, reason="typing error", to=to)

    def withdrawn(self, wrong: str, recorded: str) -> "Story":
        """A fact taken back on a day."""
        return self.fact_withdrawn(recorded, withdraws=wrong, reason="recorded in error")

    def left_to_the_clocks(self, until: str, hour: int = 12) -> "Story":
        """The same story with what the clocks beside it record by themselves, up to an instant."""
        story, end = self, moment(until, hour)
        while True:
            beside = derive(story.entries, self.book, end).beside
            due = [each for each in beside if each.then and each.next and each.next.at <= end]
            first = min(due, key=lambda each: each.next.at if each.next else end, default=None)
            if first is None or first.then is None or first.next is None:
                return story
            story = replace(story, entries=(*story.entries, Entry(fact=first.then, at=first.next.at)))

    def agenda(self, on: str, hour: int = 12, raised: tuple[Escalation, ...] = ()) -> Agenda:
        """What is owed as seen on a day, by all that was told."""
        return derive(self.entries, self.book, moment(on, hour), raised)

    def step(self, key: str, on: str, hour: int = 12) -> Step:
        return next(step for step in self.agenda(on, hour).steps if step.key == key)

    def keys(self, on: str) -> set[str]:
        return {step.key for step in self.agenda(on).steps}

    def open_keys(self, on: str) -> set[str]:
        return {step.key for step in self.agenda(on).open_steps}

    def reviews(self, on: str) -> tuple[ReviewLine, ...]:
        return self.agenda(on).reviews

    def follow(self, until: str, hour: int = 12, spread: timedelta = timedelta(0)) -> "Followed":
        """Live through it as the workflow does: derive at each fact and each alarm, in order, up to an instant."""
        end, now = moment(until, hour), datetime.min.replace(tzinfo=UTC)
        raised: list[Escalation] = []
        agenda: Agenda | None = None
        instants = sorted({entry.at for entry in self.entries})
        while True:
            coming = [at for at in instants if at > now]
            if agenda and agenda.alarm:
                coming.append(agenda.alarm.at)
            now = min(coming, default=end)
            if now >= end:
                break
            known = [entry for entry in self.entries if entry.at <= now]
            agenda = derive(known, self.book, now, raised, spread=spread)
            raised.extend(agenda.raised)
        agenda = derive([entry for entry in self.entries if entry.at <= end], self.book, end, raised, spread=spread)
        return Followed((*raised, *agenda.raised), agenda)

    def refuses(self, kind: str, on: str, today: str | None = None, **fields: Any) -> str:
        """Why an act is refused; fails when it is not."""
        import pytest

        from rules.acceptance import Refused

        with pytest.raises(Refused) as refused:
            self.accepts(kind, on, today, **fields)
        return str(refused.value)

    def accepts(self, kind: str, on: str, today: str | None = None, **fields: Any) -> None:
        """Raise unless the act can be recorded."""
        at = moment(today or on)
        agenda = derive(self.entries, self.book, at)
        check(
            self.entries,
            fact(kind, on, **fields),
            day(today or on),
            agenda.review_due,
            [step.key for step in agenda.open_steps],
            agenda.complete_by,
            agenda.held_due,
        )


@dataclass(frozen=True)
class Followed:
    """What was raised on the way, and the agenda at the end."""

    raised: tuple[Escalation, ...]
    agenda: Agenda

    def rungs(self, step: str) -> list[str]:
        return [escalation.rung for escalation in self.raised if escalation.step == step]

    def of(self, step: str) -> list[Escalation]:
        return [escalation for escalation in self.raised if escalation.step == step]


def child(on: str = "2026-01-05", at: str | None = None, hour: int = 12, **fields: Any) -> Story:
    """A child who became looked after on a day."""
    return Story().became_looked_after(on, at, hour, **fields)
