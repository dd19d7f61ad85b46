"""What our own parts of an act take of one core: deriving, publishing, encrypting, and the words for the web page."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from temporalio.converter import DataConverter

from activities.episodes import EpisodeActivities
from benchmarks.derivation import BOOK, as_carried, soon_after, three_years
from benchmarks.report import Measurement, Table
from client.converter import data_converter
from client.keys import Keys
from register import migrate, open_register
from rules.acceptance import check
from rules.agenda import derive
from rules.clock import london_date
from rules.codes import LegalStatus
from rules.facts import Entry, Fact
from rules.facts.care import LegalStatusChanged
from rules.steps import Escalation
from workflows.details import in_words
from workflows.messages import Derived, DeriveRequest

TIMES = 150
_FIRST_DAYS = 8
"""Facts of the beginning: notified, an IRO appointed, everyone told."""


class Parts:
    """One act in one episode, taken apart."""

    def __init__(self, register: Engine, entries: Sequence[Entry], raised: Sequence[Escalation], now: datetime) -> None:
        """Take the ledger that the act comes upon."""
        self.activities = EpisodeActivities(register)
        self.entries, self.raised, self.now = tuple(entries), tuple(raised), now
        self.known_revision = 0
        self.acts = 0
        self.loop = asyncio.new_event_loop()
        self.converter: DataConverter = data_converter(Keys.new())

    def measured(self) -> dict[str, float]:
        """Milliseconds of processor time for each part."""
        self._publish(self.entries)
        request = self._request(self._act())
        derived = self._published(request)
        sent, answer = self._encoded(request), self._encoded(derived)
        last = request.entries[-1].fact
        whole = _milliseconds(lambda: self._publish((self._act(),)))
        deriving = _milliseconds(
            lambda: derive(request.entries, BOOK, self.now, self.raised, new=request.new, spread=request.spread)
        )
        coding = _milliseconds(lambda: (self._encoded(request), self._decoded(sent, DeriveRequest))) + _milliseconds(
            lambda: (self._encoded(derived), self._decoded(answer, Derived))
        )
        keys = [step.key for step in derived.steps]
        return {
            "the activity": whole,
            "of it, deriving the agenda": deriving,
            "of it, reading and writing the register": whole - deriving,
            "its argument and answer: JSON, encryption and back": coding,
            "the validator": _milliseconds(lambda: check(self.entries, last, london_date(self.now), None, keys)),
            "the details in words": _milliseconds(lambda: in_words(derived)),
        }

    def close(self) -> None:
        """Let go of the event loop."""
        self.loop.close()

    def _act(self) -> Entry:
        """An act that may come again and again."""
        statuses = (LegalStatus.C1, LegalStatus.C2)
        day = london_date(self.now)
        self.acts += 1
        fact: Fact = LegalStatusChanged(id=f"act-{self.acts}", on=day, by="sw-1", legal_status=statuses[self.acts % 2])
        return Entry(fact=fact, at=self.now)

    def _request(self, *new: Entry) -> DeriveRequest:
        return DeriveRequest(
            episode="episode-in-parts",
            child_digest="digest",
            known_revision=self.known_revision,
            entries=(*self.entries, *(entry for entry in new if entry not in self.entries)),
            new=tuple(entry.fact.id for entry in new),
            raised=self.raised,
            now=self.now,
            spread=timedelta(0),
        )

    def _publish(self, new: Sequence[Entry]) -> None:
        self._published(self._request(*new))

    def _published(self, request: DeriveRequest) -> Derived:
        derived = self.activities.derive_and_publish(request)
        self.known_revision = derived.revision
        return derived

    def _encoded(self, value: object) -> list[object]:
        return list(self.loop.run_until_complete(self.converter.encode([value])))

    def _decoded(self, payloads: list[object], kind: type) -> object:
        return self.loop.run_until_complete(self.converter.decode(payloads, [kind]))  # type: ignore[arg-type]


def measure() -> Measurement:
    """An act in the first days of care, and one after three years."""
    full = three_years()
    carried, raised = as_carried(full)
    beginning = full[:_FIRST_DAYS]
    columns = {
        f"In the first days ({len(beginning)} facts) ms": _of(beginning, (), soon_after(beginning)),
        f"After three years ({len(carried)} facts carried) ms": _of(carried, raised, soon_after(full)),
    }
    found = list(columns.values())
    rows = [(part, *(f"{each[part]:.2f}" for each in found)) for part in found[0]]
    note = "Each by itself on one core, the register on SQLite; the disk's own time is not counted."
    return Measurement((), (Table("Our own parts of an act", ("Part", *columns), rows, (note,)),))


def _of(entries: Sequence[Entry], raised: Sequence[Escalation], now: datetime) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/register.db"
        migrate(url)
        register = open_register(url)
        parts = Parts(register, entries, raised, now)
        try:
            return parts.measured()
        finally:
            parts.close()
            register.dispose()


def _milliseconds(do: Callable[[], object]) -> float:
    do()
    began = time.process_time()
    for _ in range(TIMES):
        do()
    return (time.process_time() - began) * 1000 / TIMES
