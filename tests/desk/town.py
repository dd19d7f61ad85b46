"""An authority of a test's own: its people, its children, and visitors of the desk in every role."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from playwright.async_api import BrowserContext
from sqlalchemy import Engine
from temporalio.client import Client

from client.episodes import Notification, open_episode, record
from desk.doors import cookie_name
from desk.parts import Desk
from desk.viewer import DeskRole
from register import desk_sessions
from register.contacts import add_contact
from register.directory import add_person
from rules.authorities import AUTHORITIES, Authority
from rules.clock import london_date
from rules.directory import IroTerms, Person
from rules.facts import parse_fact
from rules.network import NetworkContact
from rules.vocabulary import Nation, Role

_CODES: Iterator[str] = itertools.chain(
    sorted(code for code, each in AUTHORITIES.items() if each.nation is Nation.ENGLAND),
    (f"{number:03}" for number in range(1, 200)),
)
"""First the real ones; there are more tests than authorities."""
_NUMBERS = itertools.count(1)
POSTS = tuple(role for role in DeskRole if role is not DeskRole.OPERATOR)


def next_code() -> str:
    """The code of an authority that no other test has."""
    return next(_CODES)


@contextmanager
def known_authority(code: str) -> Iterator[None]:
    """Have a code be that of an authority, for as long as a test needs it."""
    is_real = code in AUTHORITIES
    AUTHORITIES.setdefault(code, Authority(code=code, name=f"Made-up {code}", nation=Nation.ENGLAND))
    try:
        yield
    finally:
        if not is_real:
            del AUTHORITIES[code]


def today() -> date:
    """A London date."""
    return london_date(datetime.now(UTC))


def days_ago(days: int) -> date:
    """A day before today."""
    return today() - timedelta(days=days)


@dataclass(frozen=True)
class Served:
    """A desk, and where it is served."""

    desk: Desk
    url: str


class Visitor:
    """Somebody signed in, as their browser speaks for them; with `token` a browser can be signed in as them, too."""

    def __init__(self, served: Served, person: str, name: str, authority: str, *roles: DeskRole) -> None:
        """Sign somebody in."""
        self.person = person
        desk = served.desk
        self.token = desk_sessions.begin(desk.register, person, name, authority, tuple(sorted(roles)), desk.clock())
        session = desk_sessions.find(desk.register, self.token)
        assert session is not None
        self.csrf = session.csrf
        self._cookie = cookie_name(desk)
        self._url = served.url
        self.http = httpx.Client(base_url=served.url, cookies={self._cookie: self.token}, timeout=60)

    def get(self, path: str, **params: str) -> httpx.Response:
        """Open a page; a redirection is not followed."""
        return self.http.get(path, params=params or None)

    def post(self, path: str, fields: dict[str, Any] | None = None, *, csrf: str | None = None) -> httpx.Response:
        """Send a form as a page of theirs would."""
        return self.http.post(path, data={"csrf": self.csrf if csrf is None else csrf, **(fields or {})})

    async def sign_in(self, window: BrowserContext) -> None:
        """Have a browser's window be theirs."""
        await window.add_cookies([{"name": self._cookie, "value": self.token, "url": self._url}])


@dataclass(frozen=True)
class Town:
    """One authority. References carry its code, so that no test meets another's people."""

    served: Served
    temporal: Client
    code: str

    @classmethod
    def founded(cls, served: Served, temporal: Client, code: str) -> "Town":
        """Fill its posts: one of each."""
        town = cls(served, temporal, code)
        for role in POSTS:
            town.person(role)
        return town

    @property
    def register(self) -> Engine:
        """The database."""
        return self.served.desk.register

    def ref(self, name: str) -> str:
        """The reference of somebody of this authority."""
        return f"{name}-{self.code}"

    def person(self, role: DeskRole, name: str | None = None) -> str:
        """Add somebody to the directory and give the reference."""
        reference = self.ref(name or role.value.replace("_", "-"))
        post = Person(
            reference=reference,
            name=f"Example {role.words.title()} {self.code}",
            role=Role(role.value),
            authority=self.code,
            email=f"{reference}@example.org",
        )
        terms = IroTerms(iro=reference) if role is DeskRole.IRO else None
        add_person(self.register, post, terms, "test", datetime.now(UTC))
        return reference

    def visitor(self, role: DeskRole, name: str | None = None) -> Visitor:
        """Somebody of this authority, signed in."""
        reference = "operator" if role is DeskRole.OPERATOR else self.ref(name or role.value.replace("_", "-"))
        return Visitor(self.served, reference, f"Example {role.words.title()}", self.code, role)

    async def child(
        self, name: str | None = None, *, iro: str | None = "iro", age: int = 10, since: int = 5, named: bool = True
    ) -> str:
        """Open the case of a child and give its episode.

        Args:
            name: begins the child's reference.
            iro: who is appointed at once, by name in this town; None leaves the post vacant.
            age: in years.
            since: how many days ago the child became looked after.
            named: the network knows the child by a (made-up) name.
        """
        reference = self.ref(name or f"child{next(_NUMBERS)}")
        first = days_ago(since)
        notification = Notification(
            authority=self.code,
            nation=Nation.ENGLAND,
            child=reference,
            birth_date=date(first.year - age, 1, 31),
            became_looked_after=first,
            social_worker=self.ref("social-worker"),
            team_manager=self.ref("team-manager"),
        )
        opening, facts = notification.facts(today())
        opened = await open_episode(self.temporal, self.served.desk.keys, self.register, opening, facts)
        if named:
            contact = NetworkContact(
                reference=f"{reference}-self",
                authority=self.code,
                child=reference,
                role=Role.CHILD,
                name=f"Example Child {reference}",
            )
            add_contact(self.register, contact, "test", datetime.now(UTC))
        if iro is not None:
            await self.record(opened.episode, "iro_appointed", iro=self.ref(iro), reason="For this test")
        return opened.episode

    async def record(self, episode: str, kind: str, *, on: date | None = None, **fields: Any) -> str:
        """Record an act and give the fact's id."""
        fact_id = f"t-{next(_NUMBERS)}"
        fact = parse_fact({"kind": kind, "id": fact_id, "on": on or today(), "by": "test", **fields})
        await record(self.temporal, episode, fact, self.register)
        return fact_id
