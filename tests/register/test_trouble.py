"""When the register cannot be used, one plain sentence says what to do, and nothing is half written."""

import shutil
import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from register import RegisterUnavailable, migrate, open_register
from register import engine as register_engine
from register.publish import publish
from register.queries import list_episodes, open_episode_ids
from tests.postgres import PostgresServer
from tests.register.publish_forever import nth
from tests.register.samples import TODAY, agenda, notice, publication, published_result, step


def said(caught: pytest.ExceptionInfo[RegisterUnavailable]) -> str:
    sentence = str(caught.value)
    assert sentence.count(". ") == 0 and sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_a_database_that_is_down_is_told_without_the_password() -> None:
    engine = open_register("postgresql://worker:s3cret@127.0.0.1:9/register")
    with pytest.raises(RegisterUnavailable) as caught:
        list_episodes(engine, today=TODAY)
    assert said(caught) == (
        "The register at 127.0.0.1:9/register cannot be reached: "
        "see that PostgreSQL runs there and that REGISTER_URL is right."
    )


def test_publishing_to_a_database_that_is_down_says_the_same() -> None:
    engine = open_register("postgresql://worker:s3cret@127.0.0.1:9/register")
    with pytest.raises(RegisterUnavailable, match="cannot be reached"):
        publish(engine, publication(agenda(step())))
    with pytest.raises(RegisterUnavailable, match="cannot be reached"):
        migrate("postgresql://worker:s3cret@127.0.0.1:9/register")


def test_a_register_that_was_never_set_up_says_so(empty_url: str) -> None:
    with pytest.raises(RegisterUnavailable) as caught:
        list_episodes(open_register(empty_url), today=TODAY)
    assert "has not been set up" in said(caught)


@pytest.mark.parametrize(
    "address", ["", "register.db", "mysql://here/register", "sqlite://", "sqlite:///:memory:", "postgresql"]
)
def test_an_address_of_no_known_kind_is_refused(address: str) -> None:
    with pytest.raises(RegisterUnavailable, match="set REGISTER_URL to sqlite:///path/to/file.db or postgresql://"):
        open_register(address)


def test_a_database_that_dropped_its_connections_is_used_again(
    postgres: PostgresServer, fresh_postgres_url: str
) -> None:
    migrate(fresh_postgres_url)
    engine = open_register(fresh_postgres_url)
    publish(engine, nth("episode-1", 1))
    other = create_engine(postgres.url().replace("postgresql:", "postgresql+psycopg:"))
    with other.connect() as connection:
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'register%'"
        connection.execute(text(ours)).all()
    publish(engine, nth("episode-1", 2))
    assert published_result(engine, "episode-1", 2)


def test_a_connection_lost_in_the_middle_of_publishing_leaves_nothing(
    postgres: PostgresServer, fresh_postgres_url: str
) -> None:
    migrate(fresh_postgres_url)
    engine = open_register(fresh_postgres_url)
    publish(engine, nth("episode-1", 1))

    @event.listens_for(engine, "before_cursor_execute")
    def drop(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO outbox" in statement:
            with create_engine(engine.url).connect() as other:
                mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                other.execute(text(f"{mine} WHERE datname = current_database() AND pid <> pg_backend_pid()")).all()

    with pytest.raises(RegisterUnavailable, match="cannot be reached"):
        publish(engine, nth("episode-1", 2))
    event.remove(engine, "before_cursor_execute", drop)
    assert published_result(engine, "episode-1", 2) is None
    publish(engine, nth("episode-1", 2))
    assert published_result(engine, "episode-1", 2)


def test_a_full_disk_is_told_and_nothing_is_half_written(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engine = open_register(sqlite_url)

    @event.listens_for(engine, "connect")
    def small_disk(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(RegisterUnavailable) as caught:
        publish(engine, nth("episode-1", 1))
    assert "has no room left: free some space" in said(caught)
    assert open_episode_ids(engine) == []
    publish(open_register(sqlite_url), nth("episode-1", 1))
    assert open_episode_ids(engine) == ["episode-1"]


def test_a_writer_that_never_ends_holds_the_others_up_only_so_long(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(sqlite_url)
    monkeypatch.setattr(register_engine, "BUSY_TIMEOUT_SECONDS", 1)
    engine = open_register(sqlite_url)
    with sqlite3.connect(str(engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterUnavailable) as caught:
            publish(engine, nth("episode-1", 1))
        assert "is busy with another program's writing: try again" in said(caught)
        assert open_episode_ids(engine) == []  # readers do not wait
    other.close()


def test_a_client_that_died_holding_a_lock_holds_the_others_up_only_so_long(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(fresh_postgres_url)
    monkeypatch.setattr(register_engine, "BUSY_TIMEOUT_SECONDS", 1)
    engine = open_register(fresh_postgres_url)
    publish(engine, nth("episode-1", 1))
    with engine.connect() as other:
        other.execute(text("SELECT 1 FROM episode FOR UPDATE"))
        with pytest.raises(RegisterUnavailable) as caught:
            publish(engine, nth("episode-1", 2))
    assert "is busy with another program's writing: try again" in said(caught)
    engine.dispose()


def test_a_file_that_is_no_register_is_told(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_text("Dear reader, this is a letter. " * 100)
    with pytest.raises(RegisterUnavailable) as caught:
        migrate(f"sqlite:///{tmp_path}/register.db")
    assert "is no sound register" in said(caught)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/var/register.db")
    engine: Engine = open_register(f"sqlite:///{tmp_path}/var/register.db")
    shutil.rmtree(tmp_path / "var")
    with pytest.raises(RegisterUnavailable) as caught:
        open_episode_ids(engine)
    assert "cannot be opened: see that its folder is there" in said(caught)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(RegisterUnavailable) as caught:
        migrate(f"sqlite:///{tmp_path}/var/register.db")
    assert "set REGISTER_URL to another" in said(caught)


def test_an_error_does_not_show_what_was_to_be_written(empty_url: str) -> None:
    migrate(empty_url)
    engine = open_register(empty_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO gone"))
    with pytest.raises((RegisterUnavailable, SQLAlchemyError)) as caught:
        publish(engine, publication(agenda(step(), notices=(notice(),))))
    shown = "".join(traceback.format_exception(caught.value))
    assert "outbox" in shown
    for planted in ("child-1", "2015-02-28", notice().key):
        assert planted not in shown
