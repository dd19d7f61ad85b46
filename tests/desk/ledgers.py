"""Cases put straight into the register, as the rules derive them: many at once, years long, and without a workflow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine

from post import ways as post_ways
from post.notice import Written
from register import post
from register.contacts import add_contact
from register.publication import Publication
from register.publish import publish
from register.queries import OwedNotice, owed_notices
from rules.addressing import NotSent, WhyNot
from rules.agenda import derive
from rules.book import RuleBook
from rules.calendar import WorkingCalendar
from rules.facts import Entry, parse_fact
from rules.network import Language, NetworkContact, Way
from rules.policy import Policy
from rules.steps import Agenda
from rules.vocabulary import Nation, Role


def days_ago(days: int) -> date:
    """A London date before today; in a test that runs over midnight, yesterday's."""
    return datetime.now(UTC).date() - timedelta(days=days)


@dataclass
class Ledger:
    """What was recorded of one made-up child.

    Attributes:
        authority: by its three-digit code.
        child: by the authority's reference.
        since: how many days ago the child became looked after.
        age: in years.
        social_worker, team_manager: by reference.
        legal_status: the code of the SSDA903.
        notified: the IRO service was told on the first day.
    """

    authority: str
    child: str
    since: int = 5
    age: int = 10
    nation: Nation = Nation.ENGLAND
    social_worker: str | None = None
    team_manager: str | None = None
    legal_status: str = "V2"
    notified: bool = True
    entries: list[Entry] = field(default_factory=list)
    _published: int = 0

    def __post_init__(self) -> None:
        """Begin with the day the child became looked after."""
        first = days_ago(self.since)
        self.add(
            "became_looked_after",
            self.since,
            id="opening",
            authority=self.authority,
            nation=self.nation,
            child=self.child,
            birth_date=date(first.year - self.age, 1, 31),
            social_worker=self.social_worker,
            team_manager=self.team_manager,
            legal_status=self.legal_status,
        )
        if self.notified:
            self.add("iro_service_notified", self.since, id="notified")

    @property
    def episode(self) -> str:
        """The episode's id; an episode of a workflow has one that tells nothing."""
        return f"episode-of-{self.child}"

    def add(self, kind: str, days: int = 0, *, by: str = "test", **fields: Any) -> "Ledger":
        """Record something so many days ago, on the day it happened."""
        said = {"id": f"f-{len(self.entries)}", "on": days_ago(days), "by": by, **fields}
        fact = parse_fact({"kind": kind, **{name: value for name, value in said.items() if value is not None}})
        at = datetime.combine(days_ago(days), time(0, 1), UTC) + timedelta(seconds=len(self.entries))
        self.entries.append(Entry(fact=fact, at=at))
        return self

    def agenda(self, now: datetime) -> Agenda:
        """What the rules make of it at an instant."""
        book = RuleBook(WorkingCalendar(self.nation), Policy())
        return derive(self.entries, book, now, new=[entry.fact.id for entry in self.entries[self._published :]])

    def publishing(self, register: Engine) -> "Ledger":
        """Put it in the register and go on with it."""
        self.publish(register)
        return self

    def publish(
        self,
        register: Engine,
        *,
        name: str | None = None,
        episode: str | None = None,
        revision: int = 1,
        settled: tuple[str, ...] = (),
    ) -> str:
        """Put it in the register and give the episode.

        Args:
            register: the database.
            name: the child's, for the network to know.
            episode: its id, where the child has another one too.
            revision: a later one, of what was published already.
            settled: the ids of the facts that the workflow would not hold from now on.
        """
        now = datetime.now(UTC)
        opening = self.entries[0].fact
        assert opening.kind == "became_looked_after"
        publication = Publication(
            episode=episode or self.episode,
            revision=revision,
            at=now,
            today=now.date(),
            opening=opening,
            child_digest=f"digest-of-{self.child}",
            short_breaks=False,
            entries=tuple(self.entries[self._published :]),
            agenda=self.agenda(now),
            rules_version="test",
            policy_version="test",
            calendar_version="test",
            result="{}",
            settled=settled,
        )
        publish(register, publication)
        self._published = len(self.entries)
        if name is not None:
            contact(register, self, Role.CHILD, name)
        return publication.episode


def contact(register: Engine, of: Ledger, role: Role, name: str, **more: Any) -> str:
    """Add somebody to a child's network and give the reference."""
    reference = f"{of.child}-{role.replace('_', '-')}"
    said = {"reference": reference, "authority": of.authority, "child": of.child, "role": role, "name": name, **more}
    add_contact(register, NetworkContact.model_validate(said), "test", datetime.now(UTC))
    return reference


def many(number: int, authority: str, name: str, **common: Any) -> Iterator[Ledger]:
    """So many children of one authority, each day another one became looked after."""
    for each in range(1, number + 1):
        yield Ledger(authority, f"{name}-{authority}-{each:03}", since=1 + each % 60, **common)


def publish_all(register: Engine, ledgers: Iterable[Ledger]) -> list[str]:
    """Put several in the register."""
    return [each.publish(register) for each in ledgers]


def posted(register: Engine, of: Ledger) -> OwedNotice:
    """Have the first three notices of a case go their ways: one arrives, one does not, and one is not sent.

    Gives the one that did not arrive.
    """
    arrives, fails, kept = owed_notices(register, of.episode)[:3]
    messages = [_message(of, notice) for notice in (arrives, fails)]
    why = NotSent(role=kept.recipient, why=WhyNot.SUPPRESSED, reason="Not safe to write to")
    now = datetime.now(UTC)
    settled = [post.Settled(id=each.id, not_sent=(why,) if each is kept else ()) for each in (arrives, fails, kept)]
    post.keep_addressed(register, settled, messages, now)
    sent = post.claim(register, now, timedelta(minutes=1), 1000)
    [first, second] = [each for each in sent if each.episode == of.episode]
    post.went_out(register, first.id, post_ways.Sent(), now)
    post.failed(register, second.id, "The address is not known there", now)
    return fails


def _message(of: Ledger, notice: OwedNotice) -> post.NewDispatch:
    written = Written(subject="A test", body="Words.", text="Words.", language=Language.ENGLISH)
    message = post_ways.Message(
        reference=f"{of.episode}-{notice.id}", way=Way.EMAIL, to_name="Test Person", to="test@example.org",
        written=written, sender="Made-up", on=days_ago(0),
    )  # fmt: skip
    return post.NewDispatch(
        notice=notice.name, recipient=f"{of.child}-parents", role=notice.recipient, episode=of.episode,
        message=message, carries=(notice.id,),
    )  # fmt: skip
