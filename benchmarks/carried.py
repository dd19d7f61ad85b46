"""What an episode carries from run to run: its size at each continue-as-new of a whole childhood in care.

The childhood is lived through without a server, as the workflow does it: the agenda is derived at each day's facts and
at each alarm, and where a cycle closes the real activity answers what the workflow would carry on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.converter import DataConverter

from activities.episodes import EpisodeActivities
from benchmarks.children import childhood
from benchmarks.derivation import BOOK
from benchmarks.processes import KIB
from benchmarks.report import Figure, Measurement, Table, number
from client.converter import data_converter
from client.keys import Keys
from register import migrate, open_register
from rules.agenda import derive
from rules.facts import Entry
from rules.facts.care import BecameLookedAfter
from rules.steps import Alarm, Escalation
from workflows.messages import Derived, DeriveRequest, EpisodeStart, EpisodeState

BIRTH = date(2008, 2, 4)
LATE = timedelta(days=25)
MOST_KIB = 32


@dataclass(frozen=True)
class Size:
    """What one continue-as-new carries.

    Attributes:
        after: reviews held by then.
        facts: how many facts the ledger goes on with.
        plain: bytes of JSON.
        encrypted: bytes of the payload that Temporal stores.
    """

    after: int
    facts: int
    plain: int
    encrypted: int


@dataclass
class Life:
    """An episode as its workflow carries it, without the workflow."""

    start: EpisodeStart
    activities: EpisodeActivities
    entries: tuple[Entry, ...] = ()
    raised: tuple[Escalation, ...] = ()
    alarm: Alarm | None = None
    known_revision: int = 0

    def until(self, instant: datetime) -> Iterator[EpisodeStart]:
        """Let every alarm ring before an instant; yields what is carried on where a cycle closes."""
        while self.alarm and self.alarm.at < instant:
            yield from self.record((), self.alarm.at)

    def record(self, new: tuple[Entry, ...], now: datetime) -> Iterator[EpisodeStart]:
        """Derive, with new facts or none; yields what is carried on if a cycle closes."""
        before = self.raised
        self.entries = (*self.entries, *new)
        agenda = derive(self.entries, BOOK, now, before, spread=self.start.spread)
        self.alarm, self.raised = agenda.alarm, (*before, *agenda.raised)
        if agenda.carried is not None and agenda.carried_raised is not None:
            derived = self._published(before, now)
            self.entries, self.raised = agenda.carried, agenda.carried_raised
            state = EpisodeState(entries=self.entries, raised=self.raised, derived=derived)
            yield self.start.model_copy(update={"facts": (), "carried": state})

    def _published(self, raised: tuple[Escalation, ...], now: datetime) -> Derived:
        """What the activity answers, as the workflow keeps it."""
        request = DeriveRequest(
            episode="episode-of-18-years",
            child_digest=self.start.child_digest,
            known_revision=self.known_revision,
            entries=self.entries,
            new=(),
            raised=raised,
            now=now,
            spread=self.start.spread,
        )
        derived = self.activities.derive_and_publish(request)
        self.known_revision = derived.revision
        return derived.model_copy(update={"carried": None, "carried_raised": None})


def starts_of_new_runs(entries: Sequence[Entry], activities: EpisodeActivities) -> Iterator[EpisodeStart]:
    """Live through a ledger; yields the argument of each new run.

    Args:
        entries: the facts, in the order in which they were recorded.
        activities: what derives and publishes.
    """
    opening = next(entry.fact for entry in entries if isinstance(entry.fact, BecameLookedAfter))
    life = Life(EpisodeStart(opening=opening, child_digest="digest", spread=timedelta(minutes=47)), activities)
    for _, same_day in groupby(entries, key=lambda entry: entry.at.date()):
        new = tuple(same_day)
        yield from life.until(new[-1].at)
        yield from life.record(new, new[-1].at)


def recorded_late(entries: Sequence[Entry]) -> list[Entry]:
    """The same ledger with everything but the reviews written down some weeks late, so that every ladder is climbed."""
    late = [entry if _is_prompt(entry) else entry.model_copy(update={"at": entry.at + LATE}) for entry in entries]
    return sorted(late, key=lambda entry: entry.at)


def _is_prompt(entry: Entry) -> bool:
    return entry.fact.kind in ("became_looked_after", "iro_service_notified", "review_held", "review_arranged")


async def sizes(entries: Sequence[Entry], converter: DataConverter) -> list[Size]:
    """The size of each continue-as-new of a life.

    Args:
        entries: the facts, in the order in which they were recorded.
        converter: what makes payloads, encryption and all.
    """
    found = []
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/register.db"
        migrate(url)
        register = open_register(url)
        for start in starts_of_new_runs(entries, EpisodeActivities(register)):
            carried = start.carried.entries if start.carried else ()
            payload = (await converter.encode([start]))[0]
            found.append(
                Size(
                    after=sum(entry.fact.kind == "review_held" for entry in carried),
                    facts=len(carried),
                    plain=len(converter.payload_converter.to_payload(start).data),
                    encrypted=payload.ByteSize(),
                )
            )
        register.dispose()
    return found


async def measure() -> Measurement:
    """A childhood on time, and one in which everything was written down late."""
    converter = data_converter(Keys.new())
    on_time = childhood(BIRTH)
    lives = {"all on time": on_time, "all recorded 25 days late": recorded_late(on_time)}
    measured = {name: await sizes(entries, converter) for name, entries in lives.items()}
    largest = max((size for found in measured.values() for size in found), key=lambda size: size.encrypted)
    rows = [_row(name, size) for name, found in measured.items() for size in _telling(found)]
    facts = f"{len(on_time):,} facts, decisions of {_longest(on_time)} characters"
    return Measurement(
        figures=(
            Figure(
                "State carried at continue-as-new in 18 years, the largest",
                f"{largest.plain / KIB:.1f} KiB ({largest.encrypted / KIB:.1f} KiB encrypted)",
                f"{MOST_KIB} KiB at most",
                largest.encrypted <= MOST_KIB * KIB,
            ),
        ),
        tables=(
            Table(
                "State carried at continue-as-new",
                ("A childhood", "Reviews held", "Facts carried", "Plain KiB", "Encrypted KiB"),
                rows,
                (f"From birth to 18: {facts}.",),
            ),
        ),
    )


def _telling(found: Sequence[Size]) -> list[Size]:
    """The first, the largest and the last, in order."""
    return sorted({found[0], max(found, key=lambda size: size.plain), found[-1]}, key=lambda size: size.after)


def _row(name: str, size: Size) -> tuple[str, ...]:
    return (
        name,
        str(size.after),
        str(size.facts),
        number(size.plain / KIB),
        number(size.encrypted / KIB),
    )


def _longest(entries: Sequence[Entry]) -> int:
    return max(len(getattr(entry.fact, "text", "")) for entry in entries)
