"""One formal dispute, made ready to be shown: where it stands, what it takes further, what may be done about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from desk.access import may_do
from desk.forms.words.choices_beside import FAILURES
from desk.parts import Desk
from desk.seen.changes import of_the_challenge
from desk.seen.child import ChildRead, has_died
from desk.seen.dues import DueSeen, due_seen
from desk.seen.matters import (
    Said,
    cafcass_name,
    closed_words,
    dispute_path,
    matter_words,
    of_the_twenty,
    referral_words,
    refused_of,
    where,
    whom,
)
from desk.seen.names import called
from desk.settling import Link, links, may_answer, record_path
from register.queries import EpisodeLine
from register.work_challenges import steps_by_key
from rules.case import Case
from rules.challenges import Challenge
from rules.dispute import ANSWER, RESOLVE, WEIGH
from rules.disputes import Dispute, disputes_of, history_of
from rules.facts import Fact, FactCorrected, FactWithdrawn
from rules.facts.cafcass import CafcassConsidered, CafcassReferred, LegalAdviceAsked
from rules.facts.proceedings import CourtToldOfDispute
from rules.proceedings import DISPUTE_TOLD
from rules.reading import key
from rules.referral import ADVICE, CONSIDER, REFER, REPLY
from rules.steps import Step
from rules.vocabulary import Role
from rules.wording import in_full, state_words, with_capital

_ACTS = (
    ("dispute_answered", "Record the answer of the stage"),
    ("dispute_taken_up", "Take it up to a higher stage"),
    ("dispute_paused", "Give the stage longer, for a reason"),
    ("dispute_resolved", "Record that it is resolved"),
    ("dispute_withdrawn", "Withdraw it"),
    ("cafcass_referred", "Refer the case to Cafcass"),
    ("legal_advice_asked", "Ask for independent legal advice"),
)
"""What may be recorded of a dispute as long as it is open, whether or not it is owed just now."""
_SAYS = {
    **dict(_ACTS),
    "cafcass_considered": "Record whether it is to be referred to Cafcass",
    "court_told_of_dispute": "Record that the court was told of it",
}
_SHOWN_WITH_THEIR_OWN = (REPLY, ADVICE)
"""Steps whose links stand with the referral or the request that they are of."""


class Row(NamedTuple):
    """One thing that is said of a dispute at the top of its page."""

    label: str
    said: list[Said]


class EarlierSeen(NamedTuple):
    """A challenge, or another dispute, that this one takes further; with its own page, if it has one."""

    title: str
    lines: list[str]
    href: str | None = None


@dataclass(frozen=True)
class DisputeRead:
    """A dispute, and all that its page needs.

    Attributes:
        read: the child, and who looks.
        dispute: the dispute.
        steps: those of it, open or closed, by key.
    """

    read: ChildRead
    dispute: Dispute
    steps: Mapping[str, Step]

    @property
    def is_open(self) -> bool:
        """Something is yet to come of it."""
        return self.dispute.closed_by is None

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """What is owed of it now, the earliest due first."""
        return tuple(sorted((step for step in self.steps.values() if step.is_open), key=lambda step: step.due))

    def due(self, step: Step) -> DueSeen:
        """By when one of its steps is owed."""
        return due_seen(step, self.read.today, self.read.scene.calendar)

    def may(self, act: str) -> bool:
        """Whether whoever looks may record an act of it now."""
        return may_do(self.read.viewer, act) and not self.read.line.finished

    def may_answer(self, stage: Role) -> bool:
        """Whether whoever looks may record the answer of a stage now."""
        return self.may("dispute_answered") and may_answer(self.read.viewer, stage)


def read_dispute(desk: Desk, read: ChildRead, name: str) -> DisputeRead | None:
    """A dispute of a child; None where there is none of that name, or it was recorded in error.

    Args:
        desk: the parts.
        read: the child.
        name: the id of the fact that raised it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    dispute = next((each for each in disputes_of(read.case) if each.id == name), None)
    if dispute is None:
        return None
    return DisputeRead(read, dispute, steps_by_key(desk.register, read.line.id, _keys(read, dispute)))


def _keys(read: ChildRead, dispute: Dispute) -> Iterator[str]:
    """The keys of all that was ever owed of it."""
    yield from (key(name, at.began.id) for at in dispute.stages for name in (ANSWER, WEIGH))
    yield from (key(name, dispute.id) for name in (RESOLVE, CONSIDER, DISPUTE_TOLD))
    case, of = read.case, dispute.id
    yield from (key(REFER, known.id) for known in case.all(CafcassConsidered) if known.fact.dispute == of)
    yield from (key(REPLY, known.id) for known in case.all(CafcassReferred) if known.fact.dispute == of)
    yield from (key(ADVICE, known.id) for known in case.all(LegalAdviceAsked) if known.fact.dispute == of)


# --- Where it stands --------------------------------------------------------------------------------------------------


class NextSeen(NamedTuple):
    """What comes next, and by when."""

    title: str
    due: DueSeen


def comes_next(dispute: DisputeRead) -> NextSeen | None:
    """That a stage answers, or that the IRO says what comes of an answer, whichever is due first; None once it is
    closed."""
    owed = [step for step in dispute.open_steps if step.name in (ANSWER, WEIGH)]
    return NextSeen(owed[0].title, dispute.due(owed[0])) if owed else None


def source(dispute: DisputeRead) -> str:
    """Where its 20 working days stand, in the law or guidance of the child's nation; empty where that is not known."""
    step = dispute.steps.get(key(RESOLVE, dispute.dispute.id))
    if step is None:
        return ""
    return f"{step.basis.source}{', unverified' if step.basis.unverified else ''}"


def rows(dispute: DisputeRead) -> list[Row]:
    """What stands at the top of its page; what there is nothing to say of is left out."""
    return [Row(label, said) for label, said in _rows(dispute) if said]


def _rows(dispute: DisputeRead) -> Iterator[tuple[str, list[Said]]]:
    read, found = dispute.read, dispute.dispute
    fact, today = found.raised.fact, read.today
    names = read.speaker.names
    yield "Where it stands", [Said(closed_words(found, today) or where(found.now_at, today, names))]
    yield "The 20 working days", list(_days(dispute))
    yield "Raised", [Said(f"On {in_full(fact.on)}, by {called(fact.by, names)}")]
    yield "Failure of the authority", [Said(FAILURES[fact.failure])] if fact.failure else []
    yield "The child needs it resolved by", [Said(in_full(fact.needed_by))] if fact.needed_by else []
    # What was sent, or could not be, stands under letters and messages.
    chosen = "To be told by letter" if fact.tell_child else "Not to be told by letter"
    yield "The child", [Said(f"{chosen}, as the IRO chose")]
    owed, scene = dispute.open_steps, read.scene
    said = referral_words(read.case, found, owed, read.line.nation, today, scene.calendar)
    yield f"Referral to {cafcass_name(read.line.nation)}", said
    yield "The court", list(_court(dispute))


def _days(dispute: DisputeRead) -> Iterator[Said]:
    step = dispute.steps.get(key(RESOLVE, dispute.dispute.id))
    if step and step.is_open:
        yield of_the_twenty(step.due, dispute.read.today, dispute.read.scene.calendar)
        yield Said(f"To be resolved by {in_full(step.due)}")
    elif step:
        yield Said(f"{with_capital(state_words(step))}; the last of them was {in_full(step.due)}")


def _court(dispute: DisputeRead) -> Iterator[Said]:
    """Whether the court was told; nothing where there was nothing to tell."""
    for known in dispute.read.case.all(CourtToldOfDispute):
        if known.fact.dispute == dispute.dispute.id:
            yield Said(f"Told on {in_full(known.on)}")
    step = dispute.steps.get(key(DISPUTE_TOLD, dispute.dispute.id))
    if step and step.is_open:
        due = dispute.due(step)
        yield Said(f"To be told before the issues resolution hearing. {due.words}", due.style)
    elif step and not step.done_on:
        yield Said(f"Not told before the hearing: {state_words(step)}")


# --- What it takes further --------------------------------------------------------------------------------------------


def earlier(dispute: DisputeRead) -> list[EarlierSeen]:
    """The challenges and disputes that it takes further, the first of them first."""
    before = [each for each in history_of(dispute.read.case, dispute.dispute.id) if each.id != dispute.dispute.id]
    return [
        _dispute_before(each, dispute) if isinstance(each, Dispute) else _challenge_before(each, dispute)
        for each in before
    ]


def _dispute_before(each: Dispute, of: DisputeRead) -> EarlierSeen:
    fact, closed = each.raised.fact, closed_words(each, of.read.today)
    lines = [f"Raised on {in_full(fact.on)}: {fact.about}", *([closed] if closed else [])]
    title = f"Formal dispute: {matter_words(fact.matter).lower()}"
    return EarlierSeen(title, lines, dispute_path(of.read.line.id, each.id))


def _challenge_before(each: Challenge, of: DisputeRead) -> EarlierSeen:
    fact = each.raised.fact
    lines = list(of_the_challenge(each, of.read.speaker.names))
    return EarlierSeen(f"{with_capital(fact.rung.words)} to {whom(fact.addressee)}", lines)


# --- What may be done, and what was -----------------------------------------------------------------------------------


def acts(dispute: DisputeRead) -> list[Link]:
    """What may be recorded of it: first what is owed, then all else that may come of it."""
    viewer, episode = dispute.read.viewer, dispute.read.line.id
    if dispute.read.line.finished:
        return []
    found: dict[str, Link] = {}
    refused = refused_of(dispute.dispute, has_died=has_died(dispute.read.line))
    if not dispute.may_answer(dispute.dispute.now_at.stage):
        refused.add("dispute_answered")
    owed = [step for step in dispute.open_steps if step.name not in _SHOWN_WITH_THEIR_OWN]
    for link in (link for step in owed for link in links(viewer, episode, step) if link.act not in refused):
        found.setdefault(link.act, link._replace(says=_SAYS.get(link.act, link.says)))
    for act, says in _ACTS if dispute.is_open else ():
        if dispute.may(act) and act not in refused:
            found.setdefault(act, Link(act, says, record_path(episode, act, dispute=dispute.dispute.id)))
    return list(found.values())


def refused_of_step(line: EpisodeLine, case: Case, step: Step) -> set[str]:
    """The acts that would settle a step of a dispute, but be refused as the dispute stands; none of any other step.

    Args:
        line: the child's episode.
        case: the facts that stand.
        step: an open step of it.
    """
    anchor = step.key.partition(".")[2]
    of_it = (each for each in disputes_of(case) if anchor in {at.began.id for at in each.stages})
    return next((refused_of(each, has_died=has_died(line)) for each in of_it), set())


def facts_of(dispute: DisputeRead, entries: Iterable[Fact]) -> set[str]:
    """The ids of the facts about it: its own, what came of a referral or advice that went with it, and whatever put one
    of them right or took it back.

    Args:
        dispute: the dispute.
        entries: every fact ever recorded.
    """
    every = tuple(entries)
    found = {dispute.dispute.id}
    found |= {fact.id for fact in every if getattr(fact, "dispute", None) == dispute.dispute.id}
    found |= {fact.id for fact in every if {getattr(fact, "referral", ""), getattr(fact, "request", "")} & found}
    return found | {fact.id for fact in every if _puts_right(fact) in found}


def _puts_right(fact: Fact) -> str | None:
    if isinstance(fact, FactCorrected):
        return fact.corrects
    return fact.withdraws if isinstance(fact, FactWithdrawn) else None
