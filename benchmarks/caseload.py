"""A register in PostgreSQL, filled with so many made-up children as a service would have them.

A few hundred cases are derived by the rules from what was recorded of them, and published as any is. The others are
copies of those, made within the database: each with a child, an IRO and workers of its own, in one large authority and
four small ones. What is measured is thus what the rules make of a caseload, and only its size is made up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, CursorResult, Engine, text

from benchmarks.derivation import BOOK, years_in_care
from benchmarks.disputed import gone_up, raised
from post.notice import Written
from post.ways import Message
from register.engine import writing
from register.metadata import Base
from register.publication import Publication
from register.publish import publish
from rules.agenda import derive
from rules.clock import london_date
from rules.codes import EndReason
from rules.facts import Entry, Fact
from rules.facts.care import BecameLookedAfter, CareEnded
from rules.network import Language, Way

CASES = 240
"""How many are derived."""
LARGE, SMALL = "302", ("202", "203", "204", "205")
"""The authorities, by their codes: six in ten children are of the large one."""
CHILDREN_OF_AN_IRO = 200
CHILDREN_OF_A_WORKER = 20
CHILDREN_OF_A_TEAM = 100
_PATTERN = "pattern-"
_LONGEST_DAYS = 40
_THREE_YEARS = timedelta(days=3 * 365)
_TABLES = ("episode", "step", "review", "escalation", "fact", "outbox", "publication")


@dataclass(frozen=True)
class Filled:
    """What was filled in: how many of each; challenges and formal disputes that are open."""

    episodes: int
    iros: int
    steps: int
    open_steps: int
    overdue_steps: int
    facts: int
    messages: int
    challenges: int
    disputes: int


def fill(register: Engine, children: int, now: datetime) -> Filled:
    """Fill an empty register in PostgreSQL.

    Args:
        register: migrated, and empty.
        children: how many; each IRO has 200 of them.
        now: the instant at which all of it is as it is, UTC.
    """
    for number in range(CASES):
        publish(register, case(number, now))
    with _server(register) as connection:
        # Or it would write much of this twice, and the machine's other work would tell how long it takes.
        connection.exec_driver_sql("ALTER SYSTEM SET max_wal_size = '16GB'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    with writing(register) as connection:
        # What refers to what is right by construction: looking each up again would take twice as long.
        _run(connection, "SET LOCAL session_replication_role = replica")
        _run(connection, _COPIES, children=children, authorities=[*[LARGE] * 6, *SMALL])
        connection.exec_driver_sql("ANALYZE copy, " + ", ".join(_TABLES))
        with _indexed_afterwards(connection):
            for table in _TABLES:
                _copy(connection, table)
        for statement in (*_PEOPLE, *_NETWORKS, *_MESSAGES):
            _run(connection, statement, now=now, message=_message(now))
        for table in reversed(_TABLES):
            column = "id" if table == "episode" else "episode_id"
            _run(connection, f"DELETE FROM {table} WHERE {column} LIKE '{_PATTERN}%'")
    with _server(register) as connection:
        # What PostgreSQL does by itself within the hour. VACUUM does not mark as seen by all what is not yet on disk,
        # and what ANALYZE commits where nothing waits for the disk, as in tests, would keep it from that again.
        for chore in ("CHECKPOINT", "VACUUM", "ANALYZE", "CHECKPOINT"):
            connection.exec_driver_sql(chore)
        return Filled(**_run(connection, _COUNTS, today=london_date(now)).one()._mapping)


def _server(register: Engine) -> Connection:
    """A connection for what is done outside any transaction."""
    return register.connect().execution_options(isolation_level="AUTOCOMMIT")


# --- The cases that are derived -----------------------------------------------------------------------------------


def case(number: int, now: datetime) -> Publication:
    """One of the cases: children of the last weeks, one in ten with nothing recorded for twelve days, one in 26 with an
    open challenge or formal dispute."""
    recorded = sorted((*_entries(number, now), *raised(number, now)), key=lambda entry: entry.at)
    entries = gone_up(tuple(recorded), now)
    opening = entries[0].fact
    assert isinstance(opening, BecameLookedAfter)
    agenda = derive(entries, BOOK, now, ())
    return Publication(
        episode=f"{_PATTERN}{number}",
        revision=len(entries),
        at=now,
        today=london_date(now),
        opening=opening,
        child_digest=f"{_PATTERN}{number}",
        short_breaks=False,
        entries=entries,
        agenda=agenda,
        rules_version="benchmark",
        policy_version="benchmark",
        calendar_version="benchmark",
        result="{}",
    )


def _entries(number: int, now: datetime) -> Iterator[Entry]:
    """What was recorded, all of it on time, until now or twelve days ago. A few are three years old, some ended."""
    today = london_date(now)
    first_day = today - timedelta(days=1 + number * _LONGEST_DAYS // CASES)
    recorded_until = now - timedelta(days=12 if number % 10 == 0 else 0)
    if number % 60 == 59:
        first_day -= _THREE_YEARS
    for place, entry in enumerate(years_in_care(first_day, 9)):
        fact = entry.fact
        if isinstance(fact, BecameLookedAfter):
            eleven = today.replace(year=today.year - 11, day=1)
            fact = fact.model_copy(update={"birth_date": eleven, "child": f"{_PATTERN}{number}"})
        if place == 0 or entry.at <= recorded_until:
            yield Entry(fact=fact, at=entry.at)
    if number % 20 == 15:
        ended: Fact = CareEnded(id="ended", on=today, by="sw-1", reason=EndReason.E11)
        yield Entry(fact=ended, at=now)


# --- The copies, made within the database -------------------------------------------------------------------------

_COPIES = f"""
    CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
    SELECT i, 'episode-' || left(md5('episode' || i), 26) AS id, '{_PATTERN}' || i % {CASES} AS pattern,
        (CAST(:authorities AS text[]))[1 + iro % 10] AS authority,
        'child-' || i AS child, md5('child' || i) AS digest, 'iro-' || iro AS iro,
        CASE WHEN i % 50 = 0 AND iro % 10 < 4 THEN 'iro-' || CAST(iro # 1 AS text) END AS cover,
        'sw-' || i / {CHILDREN_OF_A_WORKER} AS social_worker, 'tm-' || i / {CHILDREN_OF_A_TEAM} AS team_manager
    FROM (SELECT i, i / {CHILDREN_OF_AN_IRO} AS iro FROM generate_series(0, :children - 1) AS i) AS child ORDER BY id
"""

_SAID_ANEW = {
    "episode": {
        "id": "copy.id", "authority": "copy.authority", "child": "copy.child", "child_digest": "copy.digest",
        "iro": "CASE WHEN row.iro IS NULL THEN NULL ELSE copy.iro END",
        "cover": "CASE WHEN row.iro IS NULL THEN NULL ELSE copy.cover END",
        "social_worker": "copy.social_worker", "team_manager": "copy.team_manager",
    },
    "step": {"episode_id": "copy.id", "authority": "copy.authority"},
    "outbox": {"episode_id": "copy.id", "addressed_at": "row.owed_at", "sent_at": "row.owed_at"},
}  # fmt: skip
"""What a copy does not have from the case it is of, by table and column."""

_PEOPLE = (
    """
    INSERT INTO person (reference, name, role, authority)
    SELECT DISTINCT iro, 'Test IRO ' || iro, 'iro', authority FROM copy
    UNION SELECT DISTINCT social_worker, 'Test Worker ' || social_worker, 'social_worker', authority FROM copy
    UNION SELECT DISTINCT team_manager, 'Test Manager ' || team_manager, 'team_manager', authority FROM copy
    UNION SELECT DISTINCT 'im-' || authority, 'Test IRO Manager', 'iro_manager', authority FROM copy
    UNION SELECT DISTINCT 'sm-' || authority, 'Test Service Manager', 'service_manager', authority FROM copy
    """,
    """
    INSERT INTO iro_terms (iro, hours, full_time_limit, nations, offers)
    SELECT reference, 1.0, 200, '["england"]', '[]' FROM person WHERE role = 'iro'
    """,
    """
    INSERT INTO caseload (authority, iro, children)
    SELECT authority, iro, count(*) FROM episode WHERE iro IS NOT NULL AND ended_on IS NULL AND id LIKE 'episode-%'
    GROUP BY authority, iro
    """,
)

_NETWORKS = (
    """
    INSERT INTO contact (reference, authority, child, role, name, address, language, needs, barred, recorded_at,
        recorded_by)
    SELECT role || '-' || i, authority, child, role, 'Test ' || initcap(role) || ' ' || i,
        '["1 Made-up Street", "Leeds", "LS1 1AA"]', 'en', '[]', false, :now, 'benchmark'
    FROM copy, (VALUES ('child'), ('parents'), ('carer'), ('school')) AS around (role)
    """,
)

_MESSAGES = (
    """
    INSERT INTO dispatch (id, reference, state, notice, recipient, role, episode_id, way, message, owed_at, not_before,
        tries, sent_at, outcome_at)
    SELECT id, 'message-' || id, 'delivered', name, 'child-1', recipient, episode_id, 'letter',
        CAST(:message AS jsonb), owed_at, owed_at, 1, owed_at, owed_at
    FROM outbox WHERE episode_id LIKE 'episode-%'
    """,
    "INSERT INTO dispatch_notice (dispatch_id, outbox_id) SELECT id, id FROM dispatch",
)

_COUNTS = """
    SELECT (SELECT count(*) FROM episode) AS episodes, (SELECT count(*) FROM iro_terms) AS iros,
        (SELECT count(*) FROM step) AS steps, (SELECT count(*) FROM step WHERE state = 'open') AS open_steps,
        (SELECT count(*) FROM step WHERE state = 'open' AND due < :today) AS overdue_steps,
        (SELECT count(*) FROM fact) AS facts, (SELECT count(*) FROM dispatch) AS messages,
        (SELECT count(*) FROM step WHERE state = 'open' AND name IN ('answer_challenge', 'settle_challenge'))
            AS challenges,
        (SELECT count(*) FROM step WHERE state = 'open' AND name = 'resolve_dispute') AS disputes
"""


@contextmanager
def _indexed_afterwards(connection: Connection) -> Iterator[None]:
    """The tables without their indexes, but for their keys; and with them again at the end: that is quicker."""
    of_tables = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) AND indexname LIKE 'ix_%'"
    indexes = {row.indexname: row.indexdef for row in _run(connection, of_tables, tables=list(_TABLES))}
    for name in indexes:
        _run(connection, f"DROP INDEX {name}")
    yield
    for definition in indexes.values():
        connection.exec_driver_sql(definition)


def _copy(connection: Connection, table: str) -> None:
    """Copy a table's rows of every case to all the copies of it."""
    anew = _SAID_ANEW.get(table, {"episode_id": "copy.id"})
    columns = [
        column.name for column in Base.metadata.tables[table].columns if (table, column.name) != ("outbox", "id")
    ]
    values = ", ".join(anew.get(column, f"row.{column}") for column in columns)
    key = "id" if table == "episode" else "episode_id"
    rows = f"SELECT {values} FROM copy JOIN {table} AS row ON row.{key} = copy.pattern"
    _run(connection, f"INSERT INTO {table} ({', '.join(columns)}) {rows}")


def _run(connection: Connection, statement: str, **given: object) -> CursorResult[Any]:
    """Run a statement with those of the values that it names."""
    return connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})


def _message(now: datetime) -> str:
    """A letter as long as they are."""
    words = "Your review is on the day below. If there is anything you want to say, tell your IRO. " * 8
    written = Written(subject="Your review", body=words, text="Your review", language=Language.ENGLISH)
    message = Message(
        reference="message", way=Way.LETTER, to_name="Test Child", written=written, sender="Test Council", on=now.date()
    )
    return to_json(message).decode()
