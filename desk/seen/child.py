"""A child as their page shows them: who they are, where the case stands, and all that the register has."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from desk.access import Page, is_theirs, may_see
from desk.doors import Child
from desk.parts import Desk
from desk.seen.dues import Calendars
from desk.seen.facts import Speaker
from desk.seen.names import names_of
from desk.seen.steps import Scene
from desk.viewer import Viewer
from register.closed_days import closed_days
from register.queries import EpisodeLine, episodes_of_child, facts
from register.work import ChildOfEpisode, child_of_episode
from rules.case import Case
from rules.codes import EndReason
from rules.facts import Entry
from rules.facts.proceedings import ProceedingsIssued
from rules.wording import in_full


class Tab(NamedTuple):
    """One of the pages about a child."""

    href: str
    says: str
    shown: bool


class Head(NamedTuple):
    """What stands at the top of every page about a child.

    Attributes:
        episode: the child's period of care.
        name: where the network has it; else the reference.
        reference: by the authority.
        tabs: the pages about the child.
        over: that care has ended, and how; empty while it goes on.
    """

    episode: str
    name: str
    reference: str
    tabs: list[Tab]
    over: str


@dataclass(frozen=True)
class ChildRead:
    """A child as the register has them, read together, and who looks.

    Attributes:
        viewer: who looks.
        page: all that the page shows.
        entries: every fact ever recorded, in order.
        calendars: whose working days are counted.
        today: a London date.
    """

    viewer: Viewer
    page: ChildOfEpisode
    entries: tuple[Entry, ...]
    calendars: Calendars
    today: date

    @property
    def line(self) -> EpisodeLine:
        """The episode."""
        return self.page.line

    @cached_property
    def case(self) -> Case:
        """The facts that stand."""
        return Case(self.entries)

    @cached_property
    def speaker(self) -> Speaker:
        """Puts the facts in words."""
        by_id = {entry.fact.id: entry.fact for entry in self.entries}
        return Speaker(case=self.case, names=names_of(self.page), by_id=by_id)

    @cached_property
    def scene(self) -> Scene:
        """What the steps are looked at with."""
        return Scene(
            viewer=self.viewer,
            line=self.line,
            names=self.speaker.names,
            decisions=self.speaker.decisions,
            reviews=self.page.reviews,
            escalations=self.page.escalations,
            today=self.today,
            calendar=self.calendars.of(self.line.nation),
        )


def read_child(desk: Desk, child: Child) -> ChildRead | None:
    """All that the pages about a child show; None where the child went meanwhile.

    Args:
        desk: the parts.
        child: who, and who looks.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    page = child_of_episode(desk.register, child.line.id, today=desk.today)
    if page is None:
        return None
    return ChildRead(
        viewer=child.viewer,
        page=page,
        entries=tuple(facts(desk.register, child.line.id)),
        calendars=Calendars(closed_days(desk.register)),
        today=desk.today,
    )


# --- The top of every page about a child ----------------------------------------------------------------------------

_COURT = "/proceedings"
_TABS = (
    ("", "Overview"),
    ("/people", "People"),
    ("/reviews", "Reviews and decisions"),
    ("/changes", "Changes and challenges"),
    (_COURT, "Court proceedings"),
    ("/notices", "Letters and messages"),
    ("/timeline", "Timeline"),
)


def head_of(read: ChildRead, shown: str) -> Head:
    """The top of a page about a child.

    Args:
        read: the child.
        shown: the page's own path, below the child's.
    """
    line = read.line
    base = f"/children/{line.id}"
    has_court = shown == _COURT or read.case.first(ProceedingsIssued) is not None
    return Head(
        episode=line.id,
        name=read.page.child_name or line.child,
        reference=line.child,
        tabs=[Tab(base + path, words, path == shown) for path, words in _TABS if path != _COURT or has_court],
        over=over_words(line),
    )


def has_died(line: EpisodeLine) -> bool:
    """Whether the child died, so that nobody would hear of a challenge or a dispute."""
    return line.end_reason == EndReason.E2


def over_words(line: EpisodeLine) -> str:
    """That care has ended, and how; empty while it goes on.

    Args:
        line: the episode.
    """
    if line.void:
        return "The child was never looked after: this was recorded in error, or lasted less than a day."
    if line.ended_on is None:
        return ""
    on = in_full(line.ended_on)
    if has_died(line):
        return f"The child died on {on}. Routine notices have stopped."
    why = EndReason(line.end_reason).words if line.end_reason in set(EndReason) else "18th birthday"
    left = "What follows the last review is still owed."
    if line.next_due is None:
        left = "Nothing more is owed." if line.finished else "Nothing more is owed; it can still be put right."
    return f"Care ended on {on}: {why}. {left}"


# --- Where to go on to ---------------------------------------------------------------------------------------------


def other_periods(desk: Desk, read: ChildRead) -> list[tuple[str, str]]:
    """The child's other periods of care that whoever looks may see: the page, and from when to when.

    Args:
        desk: the parts.
        read: the child.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if not read.page.others:
        return []
    lines = episodes_of_child(desk.register, read.line.authority, read.line.child, today=read.today)
    return [
        (f"/children/{line.id}", f"From {in_full(line.became_looked_after)}{_until(line)}")
        for line in lines
        if line.id != read.line.id and is_theirs(read.viewer, line)
    ]


def tools(viewer: Viewer, line: EpisodeLine) -> list[tuple[str, str]]:
    """What else somebody may go on to from the child's page: where, and what the link says.

    Args:
        viewer: who looks.
        line: the episode.
    """
    base = f"/children/{line.id}"
    found = (
        (Page.LINKS, f"{base}/links", "The child's private links"),
        (Page.AUDIT, f"{base}/audit", "Who has looked at this child"),
    )
    return [(href, says) for page, href, says in found if may_see(viewer, page)]


def _until(line: EpisodeLine) -> str:
    return f" to {in_full(line.ended_on)}" if line.ended_on else " on"
