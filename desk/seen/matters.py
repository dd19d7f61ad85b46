"""How a challenge or a formal dispute stands, in the words that the board, its own page and the child's page share."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from desk.forms.controls import as_clause
from desk.forms.words.choices import CHALLENGE_OUTCOMES, ROLES
from desk.seen.dues import day_said, due_seen
from desk.seen.names import Names, called
from rules.calendar import WorkingCalendar
from rules.case import Case, Known
from rules.dispute_policy import STAGES, WORKING_DAYS_IN_ALL
from rules.disputes import AtStage, Dispute
from rules.facts.base import FactBase
from rules.facts.cafcass import CafcassConsidered, CafcassReferred, CafcassReplied
from rules.facts.challenge import ChallengeResolved
from rules.facts.dispute import DisputeMatter, DisputeResolved
from rules.reading import key
from rules.referral import CONSIDER
from rules.steps import Step
from rules.vocabulary import Nation, Role
from rules.wording import counted, plain, with_capital

LATE, SOON = "desk-due--late", "desk-due--soon"
FEW_DAYS = 2
"""From so many of the 20 working days left, they are shown as few."""


class Said(NamedTuple):
    """Some words, and the class of their colour; empty for none."""

    words: str
    style: str = ""


def dispute_path(episode: str, dispute: str) -> str:
    """The path of a dispute's own page."""
    return f"/children/{episode}/disputes/{dispute}"


def matter_words(matter: DisputeMatter) -> str:
    """What a dispute is about: Decision not carried out."""
    return with_capital(plain(matter.value))


def whom(role: Role) -> str:
    """A role within a sentence: the service manager, health, the legal service."""
    return as_clause(ROLES[role]) if role in ROLES else f"the {role.words}"


def cafcass_name(nation: Nation) -> str:
    """What Cafcass is called in a nation."""
    return "Cafcass Cymru" if nation is Nation.WALES else "Cafcass"


def of_the_twenty(due: date, today: date, calendar: WorkingCalendar) -> Said:
    """How many of a dispute's 20 working days are left, or by how many it is over.

    Args:
        due: the last of them.
        today: a London date.
        calendar: whose working days are counted.
    """
    if today > due:
        over = calendar.working_days_between(due, today)
        return Said(f"Over by {counted(over, 'working day')}" if over else f"Over since {day_said(due, today)}", LATE)
    if today == due:
        return Said(f"Today is the last of {WORKING_DAYS_IN_ALL}", SOON)
    left = calendar.working_days_between(today, due)
    return Said(f"{left} of {WORKING_DAYS_IN_ALL} left", SOON if left <= FEW_DAYS else "")


def recorded_by(known: Known[FactBase], names: Names) -> str:
    """Who recorded something, who need not be whoever it is from: recorded by Example Manager.

    Args:
        known: what was recorded.
        names: by reference.
    """
    return f"recorded by {called(known.fact.by, names)}"


def where(at: AtStage, today: date, names: Names) -> str:
    """At which stage a dispute is and since when: With the head of service since Friday 3 July; no answer yet.

    Args:
        at: the stage.
        today: a London date.
        names: by reference.
    """
    answered = at.answered_in_place
    said = (
        f"answered on {day_said(answered.on, today)}, {recorded_by(answered, names)}" if answered else "no answer yet"
    )
    return f"With {whom(at.stage)} since {day_said(at.began.on, today)}; {said}"


def closed_words(dispute: Dispute, today: date) -> str:
    """When a dispute was closed, and with what outcome or for what reason; empty while it is open."""
    if dispute.resolved:
        return f"Resolved on {day_said(dispute.resolved.on, today)}: {outcome_words(dispute.resolved.fact)}"
    if dispute.withdrawn:
        return f"Withdrawn on {day_said(dispute.withdrawn.on, today)}: {dispute.withdrawn.fact.reason}"
    return ""


def outcome_words(fact: ChallengeResolved | DisputeResolved) -> str:
    """With what outcome a challenge or a dispute was resolved, and what the IRO wrote of it."""
    return CHALLENGE_OUTCOMES[fact.outcome] + (f". {fact.words}" if fact.words else "")


def referral_words(
    case: Case, dispute: Dispute, steps: Iterable[Step], nation: Nation, today: date, calendar: WorkingCalendar
) -> list[Said]:
    """Whether a referral of a dispute to Cafcass is to be considered, was considered, and was made.

    Args:
        case: the facts that stand.
        dispute: one of its disputes.
        steps: the open steps of the case.
        nation: whose law applies.
        today: a London date.
        calendar: whose working days are counted.
    """
    found = [*_considered(case, dispute, today), *_referred(case, dispute, nation, today)]
    to_consider = next((step for step in steps if step.key == key(CONSIDER, dispute.id)), None)
    if to_consider:
        due = due_seen(to_consider, today, calendar)
        found.insert(0, Said(f"To be considered. {due.words}", due.style))
    return found or [Said("Not considered")]


def refused_of(dispute: Dispute, *, has_died: bool) -> set[str]:
    """The acts that would be refused as a dispute stands: there is no stage above, the stage has answered, or nobody
    would hear of it.

    Args:
        dispute: the dispute.
        has_died: the child died.
    """
    at, found = dispute.now_at, set[str]()
    if at.stage is STAGES[-1] or has_died:
        found.add("dispute_taken_up")
    if at.answered_in_place:
        found |= {"dispute_answered", "dispute_paused"}
    return found


def replies(case: Case) -> dict[str, Known[CafcassReplied]]:
    """What Cafcass made of each referral, by the referral; the first answer to it."""
    return {known.fact.referral: known for known in reversed(case.all(CafcassReplied))}


def _considered(case: Case, dispute: Dispute, today: date) -> Iterator[Said]:
    for known in case.all(CafcassConsidered):
        if known.fact.dispute == dispute.id:
            what = "to be referred" if known.fact.refer else "not to be referred"
            yield Said(f"Considered on {day_said(known.on, today)}: {what}")


def _referred(case: Case, dispute: Dispute, nation: Nation, today: date) -> Iterator[Said]:
    replied = replies(case)
    for known in case.all(CafcassReferred):
        if known.fact.dispute == dispute.id:
            reply = replied.get(known.id)
            said = f"answered on {day_said(reply.on, today)}" if reply else "no answer yet"
            yield Said(f"Referred to {cafcass_name(nation)} on {day_said(known.on, today)}; {said}")
