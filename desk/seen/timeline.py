"""What happened, made ready to be shown: one list of who, what and when, the latest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from client.happenings import OF_THE_POST, Happening, Kind
from desk.access import may_do, may_read_of_advice
from desk.parts import Desk
from desk.seen.child import ChildRead
from desk.seen.facts import Said, Speaker, kind_of, title_of
from desk.seen.names import called
from desk.settling import ANSWERS, may_put_right
from desk.templating import moment
from desk.viewer import Viewer
from register.recorded import settled_facts
from rules.facts import OF_THE_SYSTEM, Fact, FactCorrected, FactWithdrawn
from rules.facts.cafcass import LegalAdviceAsked
from rules.facts.childs_road import NEVER_TAKEN_BACK
from rules.wording import in_full, listed, people, plain, with_capital

PAGE = 50
"""So many are shown on a page."""


class Show(StrEnum):
    """Which part of what happened is asked for; the value stands in the address."""

    RECORDED = "recorded"
    SLIPPED = "slipped"
    POST = "post"

    @property
    def words(self) -> str:
        """The same for people."""
        return {"recorded": "What was recorded", "slipped": "Reminders and slips", "post": "Letters and messages"}[
            self.value
        ]

    def shows(self, each: Happening) -> bool:
        """Whether something that happened is of this part."""
        if self is Show.POST:
            return each.kind in OF_THE_POST
        if self is Show.RECORDED:
            return each.fact is not None
        return each.kind in (Kind.REMINDED, Kind.SLIPPED)


class Item(NamedTuple):
    """Something that happened.

    Attributes:
        what: in a few words.
        when: the day it happened.
        who: who recorded it, or who was told, and when.
        said: what a fact says.
        marks: that a fact was withdrawn or corrected since.
        late: a last day passed.
        step_href: why the step it is about was due when it was.
        correct_href, withdraw_href: for a fact, for those who may.
        anchor: what it can be pointed at by within the page; of a fact alone.
    """

    what: str
    when: str
    who: str
    said: tuple[Said, ...] = ()
    marks: tuple[str, ...] = ()
    late: bool = False
    step_href: str | None = None
    correct_href: str | None = None
    withdraw_href: str | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class Teller:
    """Tells what happened to somebody.

    Attributes:
        viewer: to whom.
        episode: the child's period of care.
        finished: nothing is recorded in it any more.
        settled: the facts that cannot be put right any more, by id.
        speaker: puts its facts in words.
    """

    viewer: Viewer
    episode: str
    finished: bool
    settled: frozenset[str]
    speaker: Speaker

    def tell(self, happenings: Iterable[Happening]) -> list[Item]:
        """Tell it, the latest first.

        Args:
            happenings: the earliest first.
        """
        found = [item for _, together in groupby(happenings, _in_one) for item in self._items(list(together))]
        return found[::-1]

    def _items(self, group: list[Happening]) -> Iterator[Item]:
        if group[0].kind in OF_THE_POST:
            yield _of_the_post(group)
            return
        for each in group:
            yield self._fact(each, each.fact) if each.fact else self._rung(each)

    def _fact(self, each: Happening, fact: Fact) -> Item:
        path = f"/children/{self.episode}/facts/{fact.id}"
        may = self._may_revise(fact)
        return Item(
            what=title_of(fact),
            when=in_full(fact.on),
            who=f"Recorded by {called(fact.by, self.speaker.names)} on {moment(each.at)}",
            said=tuple(self._said(self.speaker.standing.get(fact.id, fact))),
            marks=tuple(self.speaker.marks(fact)),
            correct_href=f"{path}/correct" if may else None,
            withdraw_href=f"{path}/withdraw" if may and not isinstance(fact, NEVER_TAKEN_BACK) else None,
            anchor=f"fact-{fact.id}",
        )

    def _said(self, fact: Fact) -> list[Said]:
        """What a fact says; not what the IRO asks legal advice about, to those who may be on the other side of it."""
        about = self.speaker.by_id.get(_revises(fact), fact)
        if isinstance(about, LegalAdviceAsked) and not may_read_of_advice(self.viewer):
            return []
        return self.speaker.said(fact)

    def _may_revise(self, fact: Fact) -> bool:
        """Whoever may record an act may put it right, while it stands and anything can be recorded."""
        if isinstance(fact, FactCorrected | FactWithdrawn) or not self.speaker.stands(fact):
            return False
        if self.finished or fact.id in self.settled:
            return False
        kind = kind_of(fact)
        if kind in OF_THE_SYSTEM or not may_do(self.viewer, kind):
            return False
        return kind not in ANSWERS or may_put_right(self.viewer, self.speaker.case, fact.id)

    def _rung(self, each: Happening) -> Item:
        due = in_full(each.due) if each.due else ""
        if each.kind is Kind.REMINDED:
            what = f"Reminder: {each.what}, due {due}"
        elif each.rung == "breach" or "breach" in each.covers:
            what = f"Slipped: {each.what}, due {due}"
        else:
            what = f"Still not done: {each.what}, due {due}"
        rungs = plain(listed([*each.covers, each.rung or ""]))
        return Item(
            what=what,
            when=moment(each.at),
            who=f"Told: {people(each.tell)} ({rungs})",
            late=each.kind is Kind.SLIPPED,
            step_href=f"/children/{self.episode}/steps/{each.step}" if each.step else None,
        )


def teller(desk: Desk, read: ChildRead) -> Teller:
    """Who tells what happened to a child, to whoever looks.

    Args:
        desk: the parts.
        read: the child.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    settled = settled_facts(desk.register, read.line.id)
    return Teller(read.viewer, read.line.id, read.line.finished, settled, read.speaker)


def _revises(fact: Fact) -> str:
    """The id of the fact that one puts right or takes back; its own, where it does neither."""
    if isinstance(fact, FactCorrected):
        return fact.corrects
    return fact.withdraws if isinstance(fact, FactWithdrawn) else fact.id


def _in_one(each: Happening) -> tuple[object, ...]:
    """What is told as one has the same of these: one notice's messages."""
    return (moment(each.at), each.kind, each.what) if each.kind in OF_THE_POST else (each.at, each.fact, each.step)


_POSTED: Mapping[Kind, str] = {
    Kind.SENT: "Sent",
    Kind.DELIVERED: "Arrived",
    Kind.FAILED: "Did not arrive",
    Kind.HELD_BACK: "Held back",
    Kind.NOT_SENT: "Not sent",
}


def _of_the_post(group: list[Happening]) -> Item:
    """One notice, and who got it or did not, those for the same reason together."""
    first = group[0]
    lines = []
    for why in dict.fromkeys(each.why for each in group):
        whom = listed(_whom(each) for each in group if each.why == why)
        lines.append(with_capital(whom) + (f": {why}" if why else ""))
    return Item(
        what=f"{_POSTED[first.kind]}: {first.what}",
        when=moment(first.at),
        who=". ".join(lines),
        late=first.kind is Kind.FAILED,
    )


def _whom(each: Happening) -> str:
    role = f"the {each.role.words}" if each.role else "nobody"
    return f"{role}, by {each.way}" if each.way else role
