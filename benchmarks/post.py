"""A thousand notices through a mail server, while the mail server, Temporal's server and the worker each fail twice."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from activities.post import ROUTINE
from benchmarks.report import Figure, Measurement, Table, number
from client.connection import connect_to
from client.episodes import Notification, open_episode
from client.keys import Keys
from client.schedules import wake_post
from client.server import EmbeddedServer, ServerOptions, free_port
from client.settings import Settings
from register import migrate, open_register, outbox, post_queries
from register.contacts import add_contact
from register.directory import add_people
from rules.clock import london_date
from rules.directory import IroTerms, Person
from rules.directory_checks import Newcomer
from rules.network import DispatchState, NetworkContact
from rules.vocabulary import Nation, Role
from tests.post.mail_server import MailServer
from worker import build_worker
from workflows.search_attributes import NAMES_AND_TYPES

ROOT = Path(__file__).parents[1]
AUTHORITY = "383"
CHILDREN = 75
"""Each is owed fifteen notices, so that there are more than a thousand."""
LEASE_SECONDS = 5
"""For so long a message belongs to a worker that was killed; a minute where nothing else is set."""
STAFF = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.IRO_ADMINISTRATOR, Role.LEGAL)
AROUND = (Role.CHILD, Role.PARENTS, Role.CARER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH, Role.PERSONAL_ADVISER)
PATIENCE_SECONDS = 600


@dataclass
class Delivered:
    """What came of it.

    Attributes:
        owed: the messages owed, by Message-ID.
        arrived: how often each arrived.
        seconds: from the first to the last, every failure included.
        undisturbed: messages a second before the first failure.
    """

    owed: set[str] = field(default_factory=set)
    arrived: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    undisturbed: float = 0.0

    @property
    def lost(self) -> int:
        """How many never arrived."""
        return len(self.owed - set(self.arrived))

    @property
    def doubled(self) -> int:
        """How many notices arrived under two Message-IDs: more ids than notices."""
        return len(set(self.arrived) - self.owed)

    @property
    def again(self) -> int:
        """How many arrivals were of a Message-ID that was there already, which whoever reads mail shows once."""
        return sum(self.arrived.values()) - len(self.arrived)


class PostOffice:
    """A mail server, Temporal's server and a worker, each of which can fail."""

    def __init__(self, folder: Path, mail: MailServer) -> None:
        """Take where everything is.

        Args:
            folder: for the register, the keys and the server's data.
            mail: the mail server.
        """
        self.mail = mail
        self.settings = Settings.from_environment(folder, {})
        self.keys = Keys.load_or_create(self.settings.keys_file)
        migrate(self.settings.register_url)
        self.register = open_register(self.settings.register_url)
        self._options = ServerOptions(data_dir=folder, port=free_port(), search_attributes=NAMES_AND_TYPES)
        self._server: EmbeddedServer | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self.client: Client

    async def start_server(self) -> None:
        """Start Temporal's server, on the port it had before."""
        self._server = await EmbeddedServer(self._options).__aenter__()
        self.client = await connect_to(self._server.address, self.keys)

    async def stop_server(self) -> None:
        """Stop it."""
        assert self._server is not None
        await self._server.__aexit__(None, None, None)

    def start_worker(self) -> None:
        """Start a worker in a process of its own."""
        environment = os.environ | {
            "TEMPORAL_ADDRESS": f"127.0.0.1:{self._options.port}",
            "DATA_DIR": str(self.settings.data_dir),
            "POST_EMAILS": "smtp",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port),
            "SMTP_SECURITY": "none",
            "POST_SENDER": "reviews@example.org",
            "POST_LEASE": str(LEASE_SECONDS),
        }
        words = [sys.executable, str(ROOT / "worker.py")]
        log = (self.settings.data_dir / "worker.log").open("ab")
        self._worker = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=log, stderr=log)

    def kill_worker(self) -> None:
        """Kill it in the middle of whatever it does."""
        assert self._worker is not None
        self._worker.send_signal(signal.SIGKILL)
        self._worker.wait(10)

    async def restart_mail(self) -> None:
        """The mail server is gone for a moment."""
        await asyncio.to_thread(self.mail.stop)
        await asyncio.sleep(1)
        await asyncio.to_thread(self.mail.start)

    async def restart_server(self) -> None:
        """Temporal's server is gone for a moment."""
        await self.stop_server()
        await asyncio.sleep(1)
        await self.start_server()

    async def restart_worker(self) -> None:
        """The worker is killed, and another one started."""
        self.kill_worker()
        self.start_worker()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Server and worker, for the length of the block."""
        await self.start_server()
        try:
            yield
        finally:
            if self._worker is not None and self._worker.poll() is None:
                self.kill_worker()
            await self.stop_server()
            self.register.dispose()


async def measure() -> Measurement:
    """Deliver them, and count."""
    found = await deliver(CHILDREN)
    figures = (
        Figure("Notices lost, of those owed", f"{found.lost} of {len(found.owed):,}", "none", found.lost == 0),
        Figure("Notices doubled by Message-ID", str(found.doubled), "none", found.doubled == 0),
        Figure("Notices a second through SMTP, undisturbed", number(found.undisturbed), "to be told", True),
    )
    rate = len(found.owed) / found.seconds
    row = (f"{len(found.owed):,}", f"{found.seconds:.0f}", number(rate), str(found.again))
    note = (
        "Mail server, Temporal's server and the worker each restarted twice on the way, the worker killed."
        f" A killed worker's messages are tried again after {LEASE_SECONDS} seconds here, after a minute by default;"
        " most of the time is waiting for what was stopped. Arrivals under the same"
        " Message-ID again: sent by a worker that was killed, or to a server that was stopped, before it was noted."
    )
    columns = ("Notices", "Seconds, failures included", "A second, so", "Arrived again, same Message-ID")
    return Measurement(figures, (Table("The post room while everything fails", columns, [row], (note,)),))


async def deliver(children: int, failures: int = 2) -> Delivered:
    """Owe the notices of newly looked-after children, and deliver them while everything fails.

    Args:
        children: how many; each is owed more than a dozen notices.
        failures: how often each of the three fails.

    Raises:
        TimeoutError: they were not delivered in ten minutes.
    """
    with TemporaryDirectory(prefix="post-") as folder, MailServer() as mail:
        office = PostOffice(Path(folder), mail)
        async with office.at_work():
            await owe(office, children)
            return await _send(office, failures)


async def owe(office: PostOffice, children: int) -> None:
    """Open the cases, with everyone known, while the post room does not work.

    Args:
        office: where.
        children: how many.
    """
    now = datetime.now(UTC)
    today = london_date(now)
    add_people(office.register, [_person(role) for role in (Role.IRO, *STAFF)], "bench", now)
    async with build_worker(office.client, office.register, office.settings):
        for child in range(children):
            for role in AROUND:
                add_contact(office.register, _contact(child, role), "bench", now)
        opening = (_open(office, child, today) for child in range(children))
        await asyncio.gather(*opening)


async def _open(office: PostOffice, child: int, today: date) -> None:
    notification = Notification(
        authority=AUTHORITY,
        nation=Nation.ENGLAND,
        child=f"child-{child}",
        birth_date=today.replace(year=today.year - 10, day=1),
        became_looked_after=today - timedelta(days=1),
        social_worker="social_worker-1",
        team_manager="team_manager-1",
    )
    opening, facts = notification.facts(today)
    await open_episode(office.client, office.keys, office.register, opening, facts, today=today)


def _person(role: Role) -> Newcomer:
    reference = f"{role}-1"
    person = Person(
        reference=reference, name="Made Up", role=role, authority=AUTHORITY, email=f"{reference}@example.org"
    )
    return person, IroTerms(iro=reference, full_time_limit=200) if role is Role.IRO else None


def _contact(child: int, role: Role) -> NetworkContact:
    reference = f"{role}-of-{child}"
    email = f"{reference}@example.org"
    return NetworkContact(
        reference=reference, authority=AUTHORITY, child=f"child-{child}", role=role, name="Made Up", email=email
    )


async def _send(office: PostOffice, failures: int) -> Delivered:
    found = Delivered()
    failing = [office.restart_worker, office.restart_mail, office.restart_server] * failures
    office.start_worker()
    await ring_until(office, lambda: bool(office.mail.received))
    began = time.monotonic()
    for place, fail in enumerate(failing, start=1):
        wanted = place / (len(failing) + 1)
        await ring_until(office, partial(_has_sent, office, wanted))
        if place == 1:
            found.undisturbed = len(office.mail.received) / (time.monotonic() - began)
        await fail()
    await ring_until(office, partial(everything_sent, office))
    found.seconds = time.monotonic() - began
    everything = post_queries.dispatches(office.register)
    found.owed = {f"<{each.reference}@example.org>" for each in everything if each.state is DispatchState.SENT}
    found.arrived = Counter(str(each["Message-ID"]) for each in office.mail.emails)
    return found


def everything_sent(office: PostOffice) -> bool:
    """Whether all that is owed has gone.

    Args:
        office: where.
    """
    return _has_sent(office, 1)


def _has_sent(office: PostOffice, share: float) -> bool:
    """Whether that share of all that is owed has gone; not while there is more to address."""
    tally = post_queries.tally(office.register)
    total = tally.owed + tally.sent + tally.delivered + tally.failed
    return bool(total) and not _unaddressed(office.register) and tally.sent >= share * total


def _unaddressed(register: Engine) -> bool:
    return bool(outbox.waiting(register, ROUTINE, 1))


async def ring_until(office: PostOffice, reached: Callable[[], bool]) -> None:
    """Wait for something, and ring for a round now and then: a schedule would every five minutes.

    Args:
        office: where.
        reached: whether it has come about.

    Raises:
        TimeoutError: it did not in ten minutes.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        rung = time.monotonic()
        while not reached():
            if time.monotonic() - rung > 2:
                rung = time.monotonic()
                with suppress(RPCError):
                    await wake_post(office.client)
            await asyncio.sleep(0.05)
