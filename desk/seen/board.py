"""The challenge board, made ready to be shown: what is open, with whom, by when an answer is owed, days left of 20."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from desk.seen.dues import Calendars, DueSeen, day_said, due_seen
from desk.seen.matters import (
    Said,
    dispute_path,
    matter_words,
    of_the_twenty,
    recorded_by,
    referral_words,
    where,
    whom,
)
from desk.seen.names import Names
from desk.settling import Link, first_links
from desk.viewer import Viewer
from register.work import TaskLine
from register.work_challenges import Behind
from rules.calendar import WorkingCalendar
from rules.case import Case
from rules.challenges import STEPS_OF_A_CHALLENGE, Challenge, challenges_of
from rules.dispute import ANSWER, RESOLVE, WEIGH
from rules.disputes import Dispute, disputes_of
from rules.reading import key
from rules.steps import Step
from rules.wording import with_capital

STEPS_OF_A_STAGE = (ANSWER, WEIGH)
"""What is owed of one stage of a dispute."""


class BoardSeen(NamedTuple):
    """A challenge or a formal dispute that is open.

    Attributes:
        name: the child's, where the network has it; else the reference.
        reference: the child's, by the authority.
        child_href: the child's page.
        iro: the child's IRO by name, or who covers for them; empty where there is none.
        what: the rung of a challenge, or that it is a formal dispute, and its matter.
        href: where more is to be read of it.
        raised: on which day it was raised; empty where that cannot be read just now.
        where: with whom it is, since when, and whether that was answered, and who recorded the answer.
        due: by when the next answer is owed, or the IRO says what comes of one.
        due_for: whose that is.
        is_formal: it is a formal dispute.
        of_twenty: how many of a formal dispute's 20 working days are left; None where that cannot be read just now.
        referral: whether a referral of it to Cafcass was considered or made.
        links: the act that comes next, where whoever looks may record it.
    """

    name: str
    reference: str
    child_href: str
    iro: str
    what: str
    href: str
    raised: str
    where: str
    due: DueSeen
    due_for: str
    is_formal: bool
    of_twenty: Said | None
    referral: list[Said]
    links: list[Link]


class _Behind:
    """What lies behind the lines of one child, read once."""

    def __init__(self, behind: Behind) -> None:
        self.steps = {step.key: step for step in behind.steps}
        self.case = Case(behind.entries)

    @cached_property
    def challenges(self) -> dict[str, Challenge]:
        return {each.id: each for each in challenges_of(self.case)}

    @cached_property
    def disputes(self) -> dict[str, Dispute]:
        """By the facts that began their stages, each of which names what is owed of that stage."""
        return {at.began.id: each for each in disputes_of(self.case) for at in each.stages}

    def comes_first(self, line: TaskLine) -> bool:
        """Whether nothing of the same dispute, or challenge, comes before a line.

        Two stages of a dispute may owe something at once: what comes of an answer that was recorded when the dispute
        had gone up, and the answer of the stage above.
        """
        dispute = self.disputes.get(_anchor(line.step))
        if dispute is None:
            return True
        anchors = {at.began.id for at in dispute.stages}
        owed = [each for each in self.steps.values() if each.name in STEPS_OF_A_STAGE and _anchor(each) in anchors]
        return all((line.step.due, line.step.key) <= (each.due, each.key) for each in owed)


def board_seen(
    viewer: Viewer,
    lines: Sequence[TaskLine],
    behind: Mapping[str, Behind],
    names: Names,
    today: date,
    calendars: Calendars,
) -> list[BoardSeen]:
    """A page of the board.

    Args:
        viewer: who looks.
        lines: the page's: each challenge and dispute by what comes next of it; one of which two stages owe something
            is shown once, where the first of that stands.
        behind: what lies behind them, by episode; a line of which nothing could be read says less.
        names: of the IROs, and of those who recorded what lies behind, by reference.
        today: a London date.
        calendars: whose working days are counted.
    """
    read = {episode: _Behind(each) for episode, each in behind.items() if each.entries}
    found = []
    for line in lines:
        seen = _bare(viewer, line, names, today, calendars.of(line.nation))
        about = read.get(line.episode)
        if about and not about.comes_first(line):
            continue
        found.append(_in_full(seen, line, about, names, today, calendars.of(line.nation)) if about else seen)
    return found


def _bare(viewer: Viewer, line: TaskLine, names: Names, today: date, calendar: WorkingCalendar) -> BoardSeen:
    """What the step alone says."""
    iro = line.cover or line.iro
    daily = line.step.name in STEPS_OF_A_CHALLENGE
    return BoardSeen(
        name=line.child_name or line.child,
        reference=line.child,
        child_href=f"/children/{line.episode}",
        iro=names.get(iro, iro) if iro else "",
        what="Challenge" if daily else "Formal dispute",
        href=f"/children/{line.episode}/changes",
        raised="",
        where=f"With {whom(line.step.owner)}",
        due=due_seen(line.step, today, calendar),
        due_for=line.step.title,
        is_formal=not daily,
        of_twenty=None,
        referral=[],
        links=first_links(viewer, line.episode, line.step),
    )


def _in_full(
    seen: BoardSeen, line: TaskLine, about: _Behind, names: Names, today: date, calendar: WorkingCalendar
) -> BoardSeen:
    anchor = _anchor(line.step)
    if challenge := about.challenges.get(anchor):
        return _challenge(seen, challenge, names, today)
    if dispute := about.disputes.get(anchor):
        return _dispute(seen, line, about, dispute, names, today, calendar)
    return seen


def _anchor(step: Step) -> str:
    return step.key.partition(".")[2]


def _challenge(seen: BoardSeen, challenge: Challenge, names: Names, today: date) -> BoardSeen:
    raised, answered = challenge.raised, challenge.answered
    said = (
        f"answered on {day_said(answered.on, today)}, {recorded_by(answered, names)}" if answered else "no answer yet"
    )
    since = day_said(raised.on, today)
    return seen._replace(
        what=with_capital(raised.fact.rung.words),
        raised=f"Raised on {since}",
        where=f"With {whom(raised.fact.addressee)} since {since}; {said}",
    )


def _dispute(
    seen: BoardSeen,
    line: TaskLine,
    about: _Behind,
    dispute: Dispute,
    names: Names,
    today: date,
    calendar: WorkingCalendar,
) -> BoardSeen:
    in_all = about.steps.get(key(RESOLVE, dispute.id))
    return seen._replace(
        what=f"Formal dispute: {matter_words(dispute.raised.fact.matter).lower()}",
        href=dispute_path(line.episode, dispute.id),
        raised=f"Raised on {day_said(dispute.raised.on, today)}",
        where=where(dispute.now_at, today, names),
        of_twenty=of_the_twenty(in_all.due, today, calendar) if in_all else None,
        referral=referral_words(about.case, dispute, about.steps.values(), line.nation, today, calendar),
    )
