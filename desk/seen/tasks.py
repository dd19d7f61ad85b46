"""My tasks, made ready to be shown: what is owed, for whom, by when, why, and the act that settles it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from desk.seen.dues import Calendars, DueSeen, due_seen
from desk.settling import Link, first_links, review_followed
from desk.viewer import DeskRole, Viewer
from register.work import TaskCounts, TaskLine, TaskOwner
from register.work_more import InEpisode, MoreOfTasks
from register.work_tasks import SOON
from rules.vocabulary import Role
from rules.wording import plain


class Due(StrEnum):
    """Which of somebody's tasks are asked for; the value stands in the address."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"

    @property
    def words(self) -> str:
        """The same as a heading."""
        return {"overdue": "Overdue", "soon": "Due in the next 7 days", "later": "Due later"}[self.value]

    def days(self, today: date) -> tuple[date | None, date | None]:
        """From which day, and up to and with which, such tasks are due."""
        soon, day = today + SOON, date.resolution
        return {
            Due.OVERDUE: (None, today - day),
            Due.SOON: (today, soon),
            Due.LATER: (soon + day, None),
        }[self]


class TaskSeen(NamedTuple):
    """A task as it is shown.

    Attributes:
        title: what is owed.
        detail: of a decision, what was decided; empty for any other.
        name: the child's, where the network has it; else the reference.
        reference: the child's, by the authority.
        child_href: the child's page.
        due: by when, in words.
        why_href: why that date.
        links: the act that settles it, for each to whom it is owed.
        remarks: what else there is to know: the escalation, that one covers.
    """

    title: str
    detail: str
    name: str
    reference: str
    child_href: str
    due: DueSeen
    why_href: str
    links: list[Link]
    remarks: list[str]


class Group(NamedTuple):
    """Tasks that are due about the same time."""

    due: Due
    tasks: list[TaskSeen]


class CountSeen(NamedTuple):
    """A box with a number that leads to its list."""

    due: Due
    number: int
    shown: bool


def owner_of(viewer: Viewer) -> TaskOwner:
    """Whose tasks somebody's are: what their posts owe."""
    posts = frozenset(Role(role.value) for role in viewer.roles if role is not DeskRole.OPERATOR)
    return TaskOwner(person=viewer.person, authority=viewer.authority, roles=posts)


def counts_seen(counts: TaskCounts, shown: Due | None) -> list[CountSeen]:
    """The boxes.

    Args:
        counts: how many there are.
        shown: which of them the page shows, if not all.
    """
    numbers = {Due.OVERDUE: counts.overdue, Due.SOON: counts.today + counts.soon, Due.LATER: counts.later}
    return [CountSeen(due, number, due is shown) for due, number in numbers.items()]


def reviews_asked_for(lines: Sequence[TaskLine]) -> list[InEpisode]:
    """The reviews whose days the acts want to know, and the steps themselves do not tell."""
    return [(line.episode, review) for line in lines if (review := review_followed(line.step))]


def grouped(
    viewer: Viewer, lines: Sequence[TaskLine], more: MoreOfTasks, today: date, calendars: Calendars
) -> list[Group]:
    """A page of tasks, by when they are due.

    Args:
        viewer: whose they are.
        lines: the page's, the earliest due first.
        more: what is said beside them.
        today: a London date.
        calendars: whose working days are counted.
    """
    found: dict[Due, list[TaskSeen]] = {}
    for line in lines:
        seen = _seen(viewer, line, more, today, calendars)
        found.setdefault(_due(line.step.due, today), []).append(seen)
    return [Group(due, tasks) for due, tasks in found.items()]


def _due(day: date, today: date) -> Due:
    if day < today:
        return Due.OVERDUE
    return Due.SOON if day <= today + SOON else Due.LATER


def _seen(viewer: Viewer, line: TaskLine, more: MoreOfTasks, today: date, calendars: Calendars) -> TaskSeen:
    step = line.step
    review = review_followed(step)
    anchor = step.key.partition(".")[2]
    return TaskSeen(
        title=step.title,
        detail=more.decisions.get((line.episode, anchor), "") if step.name == "decision" else "",
        name=line.child_name or line.child,
        reference=line.child,
        child_href=f"/children/{line.episode}",
        due=due_seen(step, today, calendars.of(line.nation)),
        why_href=f"/children/{line.episode}/steps/{step.key}",
        links=first_links(viewer, line.episode, step, more.review_days.get((line.episode, review or ""))),
        remarks=list(_remarks(viewer, line)),
    )


def _remarks(viewer: Viewer, line: TaskLine) -> list[str]:
    found = []
    if line.cover == viewer.person and line.iro != viewer.person and line.step.owner is Role.IRO:
        found.append("You cover for the IRO")
    if line.rung and line.overdue:
        found.append(f"Escalation reached: {plain(line.rung)}")
    return found
