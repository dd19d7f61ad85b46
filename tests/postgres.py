"""A real PostgreSQL for the tests: started once, in a folder of its own, and thrown away.

A `conftest.py` makes the fixtures its own by `from tests.postgres import fresh_postgres_url, postgres, postgres_url`.
Where the programs are not found, or will not start, every test that asks for them is skipped and says so.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

OWNER = "postgres"
"""Who runs the server when we are root, which PostgreSQL refuses to be run by."""


class PostgresNotHere(Exception):
    """No PostgreSQL can be started on this machine; says why."""


class PostgresServer:
    """One running server, reached by a socket in its own folder."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Make a server's data in a folder and start it.

        Args:
            folder: where.
            durable: commits reach the disk, as in earnest; tests do without.

        Raises:
            PostgresNotHere: the programs are not found, or do not run.
        """
        self._folder = folder
        self._programs = _find_programs()
        self._as_owner = _as_owner(folder)
        self._numbers = count(1)
        self._run("initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        unsafe = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        quick = f"{unsafe} -c max_connections=200"
        socket = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        log = str(folder / "server.log")
        self._run("pg_ctl", "-D", self._data, "-l", log, "-w", "-o", f"{quick} {socket}", "start")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def url(self, database: str = OWNER) -> str:
        """The address of one of its databases."""
        return f"postgresql://{OWNER}@/{database}?host={self._folder}"

    def new_database(self, like: str = "template1") -> str:
        """Make a database: an empty one, or a copy of one that nobody is connected to.

        Args:
            like: the name of the one to copy.

        Returns:
            Its address.
        """
        name = f"register_{next(self._numbers)}"
        engine = create_engine(
            self.url().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        engine.dispose()
        return self.url(name)

    def stop(self) -> None:
        """Stop it, without waiting for those connected."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner, str(self._programs / program), *arguments]
        # Output to nowhere: the server would hold a pipe open and keep us waiting for its end.
        done = subprocess.run(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode:
            raise PostgresNotHere(f"PostgreSQL's {program} failed (exit {done.returncode})")


def _find_programs() -> Path:
    """The folder of PostgreSQL's programs: on the PATH, or where Debian puts them, the newest first."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name))
    on_path = [Path(entry) for entry in os.get_exec_path()]
    for folder in (*on_path, *reversed(installed)):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresNotHere("PostgreSQL's programs (initdb, pg_ctl) were not found")


def _as_owner(folder: Path) -> list[str]:
    """What to put before a command so that it is not run by root; the folder is given to that user."""
    if os.geteuid() != 0:
        return []
    try:
        owner = pwd.getpwnam(OWNER)
    except KeyError as error:
        raise PostgresNotHere(f"we are root, and there is no user {OWNER} to run PostgreSQL") from error
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    if shutil.which("setpriv"):
        return ["setpriv", f"--reuid={OWNER}", f"--regid={owner.pw_gid}", "--init-groups"]
    if shutil.which("runuser"):
        return ["runuser", "-u", OWNER, "--"]
    raise PostgresNotHere("we are root, and neither setpriv nor runuser is here to run PostgreSQL as another")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="register-pg-"))  # short: a socket's path may have 107 characters
    try:
        server = PostgresServer(folder)
    except PostgresNotHere as reason:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(str(reason))
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> str:
    """The address of a database that the whole session shares, empty at first."""
    return postgres.new_database()


@pytest.fixture
def fresh_postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty database of this test's own."""
    return postgres.new_database()
