"""How many allocations a second with 80 IROs and 5,000 children, and how evenly the children come to be spread."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert, update

from benchmarks.report import Figure, Measurement, Table, number
from register import migrate, open_register
from register.allocations import Allocated, allocate, caseloads
from register.caseload import charge, moved
from register.directory import add_people
from register.engine import writing
from register.episode_tables import EpisodeRow
from register.gathering import AllocationAsked
from register.service_tables import AllocationRow, KinRow
from rules.choosing import Candidate
from rules.directory import IroTerms, Person
from rules.directory_checks import Newcomer
from rules.vocabulary import KinRelation, Nation, Phase, Role
from tests.postgres import PostgresNotHere, PostgresServer

IROS = 80
CHILDREN = 5_000
LIMIT = 100
"""Children for a full-time IRO: wide enough that 5,000 find room."""
TIMED = 500
"""The last so many allocations, when the others are there, are what is timed."""
WANTED_A_SECOND = 100
WANTED_SPREAD = 2
AUTHORITY = "383"
NOW = datetime(2026, 6, 5, 9, tzinfo=UTC)
TODAY = date(2026, 6, 5)


@dataclass(frozen=True)
class Arrivals:
    """What came of 5,000 arrivals.

    Attributes:
        a_second: allocations a second among the last of them.
        spread: the largest minus the smallest caseload for full-time hours, at the end, every child counted.
        forced: how many choices were made for continuity or for siblings.
        over: how many IROs are past their limit.
    """

    a_second: float
    spread: float
    forced: int
    over: int


def measure() -> Measurement:
    """Allocations on SQLite and on PostgreSQL, the same arrivals on each."""
    found: dict[str, Arrivals | str] = {}
    with TemporaryDirectory() as folder:
        found["SQLite"] = _arrivals(f"sqlite:///{folder}/register.db", families=False)
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        try:
            server = PostgresServer(Path(folder), durable=True)
        except PostgresNotHere as reason:
            found["PostgreSQL"] = str(reason)
        else:
            try:
                found["PostgreSQL"] = _arrivals(server.new_database(), families=True)
            finally:
                server.stop()
    rows = [_row(name, each) for name, each in found.items()]
    figures = tuple(_figures(name, each) for name, each in found.items())
    note = (
        f"{IROS} IROs with 0.5 to 1.0 of full-time hours; {CHILDREN:,} children who arrive one by one; on PostgreSQL"
        " one in ten with a brother or sister there before, and one in twenty back in care. One caller; what publishes"
        f" the child beside it is not counted. The last {TIMED} arrivals are timed."
    )
    columns = ("Database", "Allocations a second", "Spread at the end", "Forced by family or return", "Past the limit")
    table = Table("Allocation", columns, rows, (note,))
    return Measurement(tuple(each for pair in figures for each in pair), (table,))


def _figures(name: str, found: Arrivals | str) -> tuple[Figure, ...]:
    if isinstance(found, str):
        return (Figure(f"Allocations a second on {name}", f"not measured: {found}", str(WANTED_A_SECOND), False),)
    wanted = f"{WANTED_A_SECOND} or more" if name == "PostgreSQL" else "to be told"
    reached = name != "PostgreSQL" or found.a_second >= WANTED_A_SECOND
    figures = (Figure(f"Allocations a second on {name}", number(found.a_second), wanted, reached),)
    if found.forced:
        return figures  # Family and return force the load apart; the table tells how far.
    return (
        *figures,
        Figure(
            f"Spread of caseloads for full-time hours after {CHILDREN:,} arrivals",
            f"{found.spread:.2f}",
            f"{WANTED_SPREAD} at most",
            found.spread <= WANTED_SPREAD,
        ),
    )


def _row(name: str, found: Arrivals | str) -> tuple[str, ...]:
    if isinstance(found, str):
        return (name, found, "", "", "")
    return (name, number(found.a_second), f"{found.spread:.2f}", str(found.forced), str(found.over))


def _arrivals(url: str, *, families: bool) -> Arrivals:
    migrate(url)
    engine = open_register(url)
    chance = random.Random(20261122)
    try:
        add_people(engine, [_iro(number, chance) for number in range(IROS)], "bench", NOW)
        forced, took = 0, 0.0
        for number_ in range(CHILDREN):
            if number_ % 1_000 == 999 or number_ == CHILDREN - TIMED:
                _looked_over(engine)
            asked = _arrives(engine, number_, chance, families=families)
            began = time.perf_counter()
            allocated = allocate(engine, asked)
            if number_ >= CHILDREN - TIMED:
                took += time.perf_counter() - began
            forced += bool(allocated.choice.shares_with) or allocated.choice.iro == asked.former_iro
            _published(engine, asked, allocated)
        iros = caseloads(engine, AUTHORITY, TODAY)
    finally:
        engine.dispose()
    shares = [_share(each) for each in iros]
    return Arrivals(
        a_second=TIMED / took,
        spread=float(max(shares) - min(shares)),
        forced=forced,
        over=sum(each.load > each.terms.places for each in iros),
    )


def _looked_over(engine: Engine) -> None:
    """What PostgreSQL's own housekeeping does every minute, and has no time for here."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _iro(number: int, chance: random.Random) -> Newcomer:
    reference = f"iro-{number:02}"
    person = Person(reference=reference, name=f"Made Up {number}", role=Role.IRO, authority=AUTHORITY)
    terms = IroTerms(iro=reference, hours=chance.choice((1.0, 1.0, 0.8, 0.6, 0.5)), full_time_limit=LIMIT)
    return person, terms


def _arrives(engine: Engine, number: int, chance: random.Random, *, families: bool) -> AllocationAsked:
    """A child whose first publication has been written, with the family that is known."""
    child, episode = f"child-{number}", f"episode-{number}"
    sibling = f"child-{chance.randrange(number)}" if families and number and chance.random() < 0.1 else None
    former = f"iro-{chance.randrange(IROS):02}" if families and chance.random() < 0.05 else None
    row = {
        "id": episode, "authority": AUTHORITY, "nation": Nation.ENGLAND, "child": child,
        "child_digest": f"digest-{number}", "birth_date": date(2015, 1, 1), "became_looked_after": TODAY,
        "short_breaks": False, "stage": Phase.ALLOCATION, "overdue": 0, "revision": 1, "rules_version": "",
        "policy_version": "", "calendar_version": "", "opened_at": NOW, "published_at": NOW, "finished": False,
        "void": False,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(EpisodeRow), row)
        if sibling:
            link = {"authority": AUTHORITY, "relation": KinRelation.SIBLING, "episode_id": episode}
            connection.execute(
                insert(KinRow),
                [link | {"child": child, "kin": sibling}, link | {"child": sibling, "kin": child}],
            )
    return AllocationAsked(
        episode=episode, step="propose_iro", child=child, authority=AUTHORITY, nation=Nation.ENGLAND,
        former_iro=former, day=TODAY, at=NOW,
    )  # fmt: skip


def _published(engine: Engine, asked: AllocationAsked, allocated: Allocated) -> None:
    """What the publication of the choice does to what the next one looks at."""
    with writing(engine) as connection:
        connection.execute(update(EpisodeRow).where(EpisodeRow.id == asked.episode).values(iro=allocated.choice.iro))
        moved(connection, None, charge(AUTHORITY, allocated.choice.iro, None, looked_after=True))
        connection.execute(update(AllocationRow).where(AllocationRow.episode_id == asked.episode).values(recorded=True))


def _share(iro: Candidate) -> Fraction:
    return Fraction(iro.load) / Fraction(str(iro.terms.hours))
