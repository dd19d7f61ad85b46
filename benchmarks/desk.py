"""How long the desk's pages and the API's list take, with 1,000 children in the register and with 100,000.

The desk is served by one process and asked over HTTP, by one who asks again when the answer is there: the time of an
answer, and not what many at once wait for each other.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Engine, text

from benchmarks.caseload import CHILDREN_OF_AN_IRO, LARGE, Filled, fill
from benchmarks.processes import processor_seconds
from benchmarks.report import Figure, Measurement, Table, number
from desk.access import Scope
from desk.viewer import DeskRole
from register import migrate, open_register
from register.api_clients import make_api_client
from register.desk_sessions import begin
from tests.postgres import PostgresNotHere, PostgresServer

FEW, MANY = 1_000, 100_000
WANTED_MS = 100
WANTED_RATIO = 1.5
ROUNDS = 150
"""How often each page is asked for."""
_WARM = 12
_PEOPLE = 25
TASKS, CHILD, OVERDUE, LIST = "My tasks", "A child's page", "The overdue list", "The API's list"
BOARD, DISPUTE = "The challenge board", "A dispute's page"
PAGES = (TASKS, CHILD, OVERDUE, BOARD, DISPUTE, LIST)
_DISPUTES = """
    SELECT episode_id, fact_id FROM fact JOIN episode ON episode.id = episode_id
    WHERE authority = :authority AND kind = 'dispute_raised' ORDER BY episode_id
"""


@dataclass
class Answers:
    """What the answers of one page took.

    Attributes:
        milliseconds: each, by the clock.
        processor: of the desk's process, all together, in seconds.
    """

    milliseconds: list[float] = field(default_factory=list)
    processor: float = 0.0

    @property
    def half(self) -> float:
        """The median, in milliseconds."""
        return median(self.milliseconds)

    @property
    def slow(self) -> float:
        """The 95th percentile, in milliseconds."""
        return sorted(self.milliseconds)[len(self.milliseconds) * 95 // 100]

    @property
    def processor_ms(self) -> float:
        """The desk's processor time for one, in milliseconds."""
        return self.processor * 1000 / len(self.milliseconds)


@dataclass(frozen=True)
class Caseload:
    """A register that was filled.

    Attributes:
        url: its address.
        register: it, open.
        filled: what is in it.
        seconds: how long it took to fill.
    """

    url: str
    register: Engine
    filled: Filled
    seconds: float


@dataclass(frozen=True)
class Served:
    """A desk that is served.

    Attributes:
        process: its number.
        address: where.
        asking: who asks it for what.
        answers: what its answers took, by page.
    """

    process: int
    address: str
    asking: "Asking"
    answers: dict[str, Answers] = field(default_factory=lambda: {page: Answers() for page in PAGES})


def measure() -> Measurement:
    """The desk with few children and with many, side by side, so that what else the machine does falls on both."""
    with ExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory(prefix="pg-", dir="/tmp")))
        try:
            server = PostgresServer(folder, durable=True)
        except PostgresNotHere as reason:
            return Measurement((Figure("Pages of the desk", f"not measured: {reason}", f"{WANTED_MS} ms", False),))
        running.callback(server.stop)
        caseloads = [_filled(server.new_database(), children) for children in (FEW, MANY)]
        desks = [running.enter_context(served(each.url, each.register, each.filled.episodes)) for each in caseloads]
        ask(desks, ROUNDS)
        for each in caseloads:
            each.register.dispose()
    return _told(caseloads, desks)


def _filled(url: str, children: int) -> Caseload:
    migrate(url)
    register = open_register(url)
    began = time.monotonic()
    filled = fill(register, children, datetime.now(UTC))
    return Caseload(url, register, filled, time.monotonic() - began)


@contextmanager
def served(url: str, register: Engine, children: int) -> Iterator[Served]:
    """The desk in a process of its own.

    Args:
        url: the register's address.
        register: it, open.
        children: how many are in it.
    """
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.desk_process", url, folder]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise RuntimeError("The desk ended before it was ready; what it said stands above.")
            yield Served(process.pid, address, Asking(register, children))
        finally:
            process.terminate()
            process.wait()


class Asking:
    """Who asks for what: IROs of the large authority for their tasks and children, its manager for what is overdue,
    challenged or in dispute, a case system."""

    def __init__(self, register: Engine, children: int) -> None:
        """Sign everybody in."""
        self._register, self._now = register, datetime.now(UTC)
        every = [n for n in range(children // CHILDREN_OF_AN_IRO) if n % 10 < 6]
        chosen = [f"iro-{n}" for n in every[:: max(1, len(every) // _PEOPLE)]]
        self._iros = cycle([(iro, self._signed_in(iro, DeskRole.IRO)) for iro in chosen])
        self._children = {iro: cycle(self._children_of(iro)) for iro in chosen}
        self._manager = self._signed_in(f"im-{LARGE}", DeskRole.IRO_MANAGER)
        self._disputes = cycle(self._paths_of_disputes())
        self._systems = cycle([self._token(n) for n in range(10)])

    def request(self, page: str) -> tuple[str, dict[str, str]]:
        """The address of a page, and the headers of one who may see it."""
        if page == LIST:
            return "/api/v1/episodes?limit=50", {"Authorization": f"Bearer {next(self._systems)}"}
        if page in (OVERDUE, BOARD):
            return "/overdue" if page == OVERDUE else "/challenges", self._manager
        if page == DISPUTE:
            return next(self._disputes), self._manager
        iro, signed_in = next(self._iros)
        return ("/tasks" if page == TASKS else f"/children/{next(self._children[iro])}"), signed_in

    def _signed_in(self, person: str, role: DeskRole) -> dict[str, str]:
        token = begin(self._register, person, "Test Person", LARGE, (role.value,), self._now)
        return {"Cookie": f"desk={token}"}

    def _token(self, n: int) -> str:
        scopes, expires = (Scope.EPISODES_READ.value,), self._now + timedelta(days=1)
        made = make_api_client(
            self._register, f"system-{n}", LARGE, scopes, by="benchmark", at=self._now, expires=expires
        )
        return made[1]

    def _children_of(self, iro: str) -> Sequence[str]:
        with self._register.connect() as connection:
            return list(connection.scalars(text("SELECT id FROM episode WHERE iro = :iro ORDER BY id"), {"iro": iro}))

    def _paths_of_disputes(self) -> Sequence[str]:
        with self._register.connect() as connection:
            rows = connection.execute(text(_DISPUTES), {"authority": LARGE})
            return [f"/children/{row.episode_id}/disputes/{row.fact_id}" for row in rows]


def ask(desks: Sequence[Served], rounds: int) -> None:
    """Ask for each page in turn, of each desk in turn, and note what the answers take.

    Args:
        desks: which; what their answers take is kept with them.
        rounds: how often each is noted, after some that are not.

    Raises:
        RuntimeError: a page did not come.
    """
    with httpx.Client(timeout=60) as client:
        for turn in range(_WARM + rounds):
            for page in PAGES:
                for desk in desks:
                    _ask(client, desk, page, noted=turn >= _WARM)


def _ask(client: httpx.Client, desk: Served, page: str, *, noted: bool) -> None:
    where, headers = desk.asking.request(page)
    used, began = processor_seconds(desk.process), time.perf_counter()
    answer = client.get(f"{desk.address}{where}", headers=headers)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{page} answered {answer.status_code}.")
    if noted:
        desk.answers[page].milliseconds.append(took)
        desk.answers[page].processor += processor_seconds(desk.process) - used


def _told(caseloads: Sequence[Caseload], desks: Sequence[Served]) -> Measurement:
    few, many = desks
    figures = [each for page in PAGES for each in _figures(page, few.answers[page], many.answers[page])]
    rows = [(page, *(said for desk in desks for said in _row(desk.answers[page]))) for page in PAGES]
    sizes = [f"{each.filled.episodes:,}" for each in caseloads]
    titles = [f"{what} with {size}" for size in sizes for what in ("ms", "processor ms")]
    filled, seconds = caseloads[1].filled, caseloads[1].seconds
    note = (
        f"{filled.episodes:,} children of {filled.iros} IROs, {filled.steps:,} steps ({filled.open_steps:,} open,"
        f" {filled.overdue_steps:,} overdue), {filled.challenges:,} challenges and {filled.disputes:,} formal disputes"
        f" open, {filled.facts:,} facts and {filled.messages:,} messages, filled in {seconds:.0f} s; six in ten of one"
        f" authority, whose lists and disputes these are. Each IRO has {CHILDREN_OF_AN_IRO}"
        f" children, also where there are {sizes[0]}. PostgreSQL on disk; one process each; {ROUNDS} of each page, in"
        " turns, by one who asks: median and 95 %. Processor: the desk's own, without PostgreSQL's."
    )
    return Measurement(tuple(figures), (Table("The desk", ("Page", *titles), rows, (note,)),))


def _figures(page: str, few: Answers, many: Answers) -> Iterator[Figure]:
    yield Figure(
        f"{page}, 95 % of answers with {MANY:,} children within", f"{number(many.slow)} ms", f"{WANTED_MS} ms at most",
        many.slow <= WANTED_MS,
    )  # fmt: skip
    ratio = many.half / few.half
    yield Figure(
        f"{page}, the median with {MANY:,} children against {FEW:,}", f"{ratio:.2f}", f"{WANTED_RATIO} at most",
        ratio <= WANTED_RATIO,
    )  # fmt: skip


def _row(answers: Answers) -> tuple[str, str]:
    return f"{number(answers.half)} / {number(answers.slow)}", number(answers.processor_ms)
