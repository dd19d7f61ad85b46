"""What is overdue in an authority, made ready to be shown: why, since when, who owes it, and who was told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from desk.seen.children import stage_words
from desk.seen.dues import Calendars, DueSeen, day_said, due_seen
from desk.settling import Link, first_links
from desk.viewer import Viewer
from register.work import OverdueCounts, TaskLine
from rules.clock import london_date
from rules.steps import Escalation
from rules.vocabulary import Frozen, Phase, Role
from rules.wording import briefly, people, plain, with_capital


class Narrowed(Frozen):
    """Which of what is overdue is asked for; None leaves a filter out."""

    stage: Phase | None = None
    rung: str | None = None
    owner: Role | None = None

    @property
    def words(self) -> str:
        """The same, to follow "Overdue"; empty where nothing is left out."""
        parts = (
            f"{stage_words(self.stage).lower()} stage" if self.stage else "",
            f"as far as {plain(self.rung)}" if self.rung else "",
            f"owed by the {self.owner.words}" if self.owner else "",
        )
        return ", ".join(part for part in parts if part)

    def href(self, after: str | None = None, **changes: str | None) -> str:
        """The address of this list, or of one with other filters."""
        given = {**self.model_dump(mode="json"), **changes, "after": after}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/overdue?{query}" if query else "/overdue"


class CountSeen(NamedTuple):
    """A number that leads to its list: what it counts, how many, where it leads (None: nowhere), and whether that is
    shown."""

    words: str
    number: int
    href: str | None
    shown: bool


class OverdueSeen(NamedTuple):
    """A step that is overdue.

    Attributes:
        title: what is owed.
        name: the child's, where the network has it; else the reference.
        reference: the child's, by the authority.
        child_href: the child's page.
        due: since when it is overdue, in words.
        why: how that day was reckoned.
        why_href: the same at length.
        owner: who owes it, by post and where the case says it by name.
        told: who was told that it slipped, and when, each in a few words; the last first.
        links: the act that settles it, where whoever looks may record it.
    """

    title: str
    name: str
    reference: str
    child_href: str
    due: DueSeen
    why: str
    why_href: str
    owner: str
    told: list[str]
    links: list[Link]


def counts_seen(counts: OverdueCounts, narrowed: Narrowed) -> dict[str, list[CountSeen]]:
    """The numbers by stage, by rung and by owner; a number that is shown leads back to all.

    Args:
        counts: how many there are.
        narrowed: what the page shows.
    """

    def seen(field: str, value: str | None, words: str, number: int) -> CountSeen:
        shown = value is not None and getattr(narrowed, field) == value
        href = None if value is None else narrowed.href(**{field: None if shown else value})
        return CountSeen(words, number, href, shown)

    return {
        "stage": [seen("stage", each, stage_words(each), number) for each, number in counts.by_stage.items()],
        "rung": [
            seen("rung", each, plain(each).capitalize() if each else "Nobody told yet", number)
            for each, number in counts.by_rung.items()
        ],
        "owner": [seen("owner", each, with_capital(each.words), number) for each, number in counts.by_owner.items()],
    }


def overdue_seen(
    viewer: Viewer,
    lines: Sequence[TaskLine],
    raised: Mapping[tuple[str, str], Sequence[Escalation]],
    names: Mapping[str, str],
    today: date,
    calendars: Calendars,
) -> list[OverdueSeen]:
    """A page of what is overdue.

    Args:
        viewer: who looks.
        lines: the page's.
        raised: the rungs raised, by episode and step.
        names: of those who owe it, by reference.
        today: a London date.
        calendars: whose working days are counted.
    """
    return [
        OverdueSeen(
            title=line.step.title,
            name=line.child_name or line.child,
            reference=line.child,
            child_href=f"/children/{line.episode}",
            due=due_seen(line.step, today, calendars.of(line.nation)),
            why=briefly(line.step.basis),
            why_href=f"/children/{line.episode}/steps/{line.step.key}",
            owner=_owner(line, names),
            told=_told(raised.get((line.episode, line.step.key), ()), today),
            links=first_links(viewer, line.episode, line.step),
        )
        for line in lines
    ]


def owner_of(line: TaskLine) -> str | None:
    """Who owes a step, by reference, where the case says it."""
    if line.step.owner is Role.IRO:
        return line.cover or line.iro
    return line.social_worker if line.step.owner is Role.SOCIAL_WORKER else None


def _owner(line: TaskLine, names: Mapping[str, str]) -> str:
    who = owner_of(line)
    post = with_capital(line.step.owner.words)
    if who is None:
        return post
    covering = ", covering" if line.step.owner is Role.IRO and line.cover else ""
    return f"{post}: {names.get(who, who)}{covering}"


def _told(raised: Iterable[Escalation], today: date) -> list[str]:
    return [
        f"{people(each.tell)}{_rung(each)}, {day_said(london_date(each.at), today)}" for each in reversed(list(raised))
    ]


def _rung(raised: Escalation) -> str:
    """The rung, where it says more than who was told."""
    return "" if [role.value for role in raised.tell] == [raised.rung] else f" ({plain(raised.rung)})"
