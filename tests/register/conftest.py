"""Every test of the register runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from register import migrate, open_register
from tests.postgres import PostgresServer, fresh_postgres_url, postgres

__all__ = ["empty_url", "engine", "fresh_postgres_url", "postgres", "sqlite_url", "url"]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite register that is not there yet."""
    return f"sqlite:///{tmp_path}/register.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    name = "sqlite_url" if request.param == "sqlite" else "fresh_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite register whose tables are made, to copy: quicker than to make them for every test."""
    file = tmp_path_factory.mktemp("pattern") / "register.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_pattern(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL register whose tables are made, to copy."""
    url = postgres.new_database()
    migrate(url)
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """The address of a register whose tables are made and that holds nothing."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_pattern"), str(make_url(sqlite_url).database))
        return sqlite_url
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(like=request.getfixturevalue("postgres_pattern"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """That register, open."""
    opened = open_register(url)
    yield opened
    opened.dispose()
