"""The register's tables are made by migrations, from anywhere, by anyone who starts first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from register import RegisterUnavailable, migrate, open_register, writing
from register.migration import alembic_config
from register.publish import publish
from register.queries import open_episode_ids
from register.tables import Base
from tests.register.samples import agenda, publication, step

REPOSITORY = Path(__file__).parents[2]


def test_migrations_make_the_very_tables_that_the_program_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_very_partial_indexes(engine: Engine) -> None:
    made = {index["name"]: index for index in inspect(engine).get_indexes("step")}
    where = made["ix_step_open"]["dialect_options"][f"{engine.dialect.name}_where"]
    assert "state" in str(where) and "'open'" in str(where)


def test_migrating_again_keeps_what_is_there(engine: Engine, url: str) -> None:
    publish(engine, publication(agenda(step())))
    migrate(url)
    assert open_episode_ids(engine) == ["episode-1"]


def test_migrations_can_be_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


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
