"""The audit log: added to, read, shown a page at a time, and never changed."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from register import writing
from register.audit import AuditEntry, Door, Outcome, audit
from register.directory import add_person
from register.work import BadCursor
from register.work_audit import audit_page
from rules.directory import IroTerms
from rules.vocabulary import NOBODY
from tests.audit_log import audited
from tests.register.samples import MORNING, iro


def entry(who: str = "iro-1", episode: str | None = "episode-1", minutes: int = 0, **fields: object) -> AuditEntry:
    given = {"roles": ("iro",), "way": Door.PAGE, "what": "child", "outcome": Outcome.SEEN} | fields
    return AuditEntry.model_validate(
        {"at": MORNING + timedelta(minutes=minutes), "who": who, "episode": episode} | given
    )


def test_a_line_is_kept_as_it_was_given(engine: Engine) -> None:
    written = entry(roles=("iro", "social_worker"), what="review_held", outcome=Outcome.DONE, detail="f-1")
    audit(engine, written)
    assert audited(engine) == [written]


def test_whoever_is_not_signed_in_is_noted_too(engine: Engine) -> None:
    nobody = entry(NOBODY, None, roles=(), outcome=Outcome.DENIED)
    audit(engine, nobody)
    assert audited(engine, who=NOBODY) == [nobody]


def test_the_latest_line_comes_first_and_only_what_is_asked_for(engine: Engine) -> None:
    for minutes, (who, episode) in enumerate((("a", "e-1"), ("b", "e-1"), ("a", "e-2"))):
        audit(engine, entry(who, episode, minutes))
    assert [(each.who, each.episode) for each in audited(engine)] == [("a", "e-2"), ("b", "e-1"), ("a", "e-1")]
    assert [each.who for each in audited(engine, episode="e-1")] == ["b", "a"]
    assert [each.episode for each in audited(engine, who="a")] == ["e-2", "e-1"]
    assert [each.who for each in audited(engine, since=MORNING + timedelta(minutes=1))] == ["a", "b"]
    assert len(audited(engine, limit=2)) == 2


def test_a_line_added_within_a_transaction_goes_with_it(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        audit(connection, entry())
        raise ZeroDivisionError
    assert audited(engine) == []
    with writing(engine) as connection:
        audit(connection, entry())
    assert len(audited(engine)) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'somebody-else'",
        "UPDATE audit SET at = at WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_a_line(engine: Engine, change: str) -> None:
    refuses(engine, change)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", ["TRUNCATE audit", "TRUNCATE audit CASCADE"])
def test_postgresql_refuses_to_empty_it(engine: Engine, change: str) -> None:
    refuses(engine, change)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_put_another_line_in_ones_place(engine: Engine) -> None:
    columns = "(id, at, who, roles, way, what, outcome)"
    refuses(engine, f"INSERT OR REPLACE INTO audit {columns} VALUES (1, '2026', 'x', '', '', '', '')")


def refuses(engine: Engine, change: str) -> None:
    """A line that was written stays as it is, whoever tries."""
    audit(engine, entry())
    with pytest.raises(DatabaseError, match="audit log is written once"), engine.begin() as connection:
        connection.execute(text(change))
    assert audited(engine) == [entry()]


def test_an_upsert_cannot_change_a_line_either(engine: Engine) -> None:
    audit(engine, entry())
    upsert = text(
        "INSERT INTO audit (id, at, who, roles, way, what, outcome) VALUES (1, :at, 'x', '', '', '', '')"
        " ON CONFLICT (id) DO UPDATE SET who = 'x'"
    )
    with pytest.raises(DatabaseError, match="audit log is written once"), engine.begin() as connection:
        connection.execute(upsert, {"at": MORNING})
    assert audited(engine) == [entry()]


def test_the_log_of_an_episode_is_read_a_page_at_a_time_with_names(engine: Engine) -> None:
    add_person(engine, iro("iro-1", name="Example Iro"), IroTerms(iro="iro-1"), "test", MORNING)
    for minutes in range(5):
        audit(engine, entry("iro-1" if minutes % 2 else "gone", minutes=minutes))
    audit(engine, entry(episode="episode-2"))
    first = audit_page(engine, "episode-1", limit=3)
    audit(engine, entry(minutes=9))
    second = audit_page(engine, "episode-1", after=first.next, limit=3)
    assert [line.entry.at.minute - MORNING.minute for line in (*first.items, *second.items)] == [4, 3, 2, 1, 0]
    assert [line.name for line in first.items] == [None, "Example Iro", None]
    assert second.next is None
    with pytest.raises(BadCursor):
        audit_page(engine, "episode-1", after="nonsense")
