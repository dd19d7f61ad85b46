"""The register's tables are made by migrations, from anywhere, by anyone who starts first."""

import os
import re
import subprocess
import sys
from datetime import date
from enum import Enum
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError

# Read so that `Base` knows their tables.
import register.api_tables
import register.desk_tables
import register.digest_tables
import register.episode_tables
import register.post_tables
import register.service_tables
import register.webhook_tables  # noqa: F401
from register import RegisterUnavailable, migrate, open_register, writing
from register.metadata import Base
from register.migration import alembic_config
from register.publish import publish
from register.queries import episode, facts, open_episode_ids, owed_notices, steps
from rules.vocabulary import Role
from tests.register.samples import TODAY, agenda, entry, notice, publication, step

REPOSITORY = Path(__file__).parents[2]


def test_migrations_make_the_very_tables_that_the_program_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("table", [table for table in Base.metadata.sorted_tables if table.indexes])
def test_migrations_make_the_very_partial_indexes(engine: Engine, table: Table) -> None:
    option = f"{engine.dialect.name}_where"
    made = {index["name"]: index for index in inspect(engine).get_indexes(table.name)}
    for index in table.indexes:
        wanted = index.dialect_options[engine.dialect.name]["where"]
        found = made[index.name].get("dialect_options", {}).get(option)
        assert words(found) == words(wanted), index.name


def words(where: object) -> list[str]:
    """The words of a condition, without what PostgreSQL adds to it."""
    bare = re.sub(r"::[a-z ]+(\[\])?|[(),]", " ", "" if where is None else str(where))
    bare = re.sub(r"= ANY +ARRAY\[([^]]*)\]", r"IN \1", bare)
    return bare.replace("NOT void", "void = false").replace("NOT recorded", "recorded = false").split()


def test_migrating_again_keeps_what_is_there(engine: Engine, url: str) -> None:
    publish(engine, publication(agenda(step())))
    migrate(url)
    assert open_episode_ids(engine) == ["episode-1"]


def test_migrations_can_be_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


def as_it_was(url: str, folder: Path) -> Engine:
    """A register of the first revision, with an episode, its fact, step and notice in it."""
    engine, newer = open_register(url), open_register(f"sqlite:///{folder}/newer.db")
    with writing(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
    migrate(newer.url)
    publish(newer, publication(agenda(step(), notices=(notice("first"),)), entries=(entry(),)))
    old = MetaData()
    old.reflect(engine)
    with writing(engine) as connection, newer.connect() as source:
        for table in (each for each in Base.metadata.sorted_tables if each.name in old.tables):
            columns = [column for column in table.columns if column.name in old.tables[table.name].columns]
            for row in source.execute(select(*columns)):
                values = {
                    name: value.value if isinstance(value, Enum) else value for name, value in row._mapping.items()
                }
                connection.execute(old.tables[table.name].insert(), values)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('outbox_id_seq', (SELECT max(id) FROM outbox))"))
    newer.dispose()
    return engine


def test_a_register_of_the_first_revision_is_brought_up_to_date_with_all_it_holds(
    empty_url: str, tmp_path: Path
) -> None:
    engine = as_it_was(empty_url, tmp_path)
    migrate(empty_url)
    (owed,) = owed_notices(engine)
    assert (owed.episode, owed.service, owed.recipient) == ("episode-1", None, Role.IRO_MANAGER)
    assert facts(engine, "episode-1") == [entry()] and steps(engine, "episode-1") == [step()]
    line = episode(engine, "episode-1", today=TODAY)
    assert line and (line.iro, line.proposed_iro) == ("iro-1", None)
    publish(engine, publication(agenda(step(), notices=(notice("third"),), proposed="iro-2"), revision=2))
    assert [each.key for each in owed_notices(engine)] == ["first", "third"]
    line = episode(engine, "episode-1", today=TODAY)
    assert line and line.proposed_iro == "iro-2"
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_an_id_of_the_outbox_is_never_used_again(empty_url: str, tmp_path: Path) -> None:
    engine = as_it_was(empty_url, tmp_path)
    migrate(empty_url)
    publish(engine, publication(agenda(step(), notices=(notice("third"),)), revision=2))
    with writing(engine) as connection:
        last = connection.scalar(text("SELECT max(id) FROM outbox"))
        connection.execute(text("DELETE FROM outbox WHERE id = :last"), {"last": last})
    publish(engine, publication(agenda(step(), notices=(notice("fourth"),)), revision=3))
    assert owed_notices(engine)[-1].id > last


OF_THE_SERVICE = text(
    "INSERT INTO outbox (episode_id, service, revision, key, name, recipient, about, if_involved, owed_at) "
    "VALUES (:episode, :service, 0, :key, 'weekly_digest', 'iro_manager', 'the week', false, :at)"
)


def test_a_notice_is_about_one_episode_or_one_service_and_owed_once(engine: Engine) -> None:
    publish(engine, publication(agenda(step())))
    row = {"episode": None, "service": "822", "key": "digest:2026-06-01", "at": str(date(2026, 6, 1))}
    for each in (row, row | {"service": "823"}):
        with engine.begin() as connection:
            connection.execute(OF_THE_SERVICE, each)
    for each in (row, row | {"episode": "episode-1", "key": "both"}, row | {"service": None, "key": "neither"}):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(OF_THE_SERVICE, each)
    assert [(each.episode, each.service) for each in owed_notices(engine)] == [(None, "822"), (None, "823")]
    assert owed_notices(engine, "episode-1") == []
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "0001")
        assert connection.scalar(text("SELECT count(*) FROM outbox")) == 0


def test_two_processes_may_start_together_from_any_folder(empty_url: str, tmp_path: Path) -> None:
    program = "import sys; from register import migrate; migrate(sys.argv[1])"
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], cwd=tmp_path, env=environment) for _ in range(2)
    ]
    assert [process.wait(120) for process in started] == [0, 0]
    assert open_episode_ids(open_register(empty_url)) == []


def test_a_register_of_a_later_program_is_left_alone(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegisterUnavailable, match="later version than this program: upgrade the program"):
        migrate(url)


def test_a_sqlite_register_makes_its_own_folder(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/var/deep/register.db")
    assert (tmp_path / "var" / "deep" / "register.db").exists()
