"""Bringing the register's tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, text

from register.engine import open_register, register_url, writing
from register.trouble import RegisterUnavailable, place

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x49524F  # any number, as long as every migration of a register takes the same


def migrate(url: str | URL) -> None:
    """Make the register's tables, or bring them up to date. Does nothing when they are.

    Two processes may call it together: one waits for the other. All of it stands at the end, or nothing.

    Args:
        url: as `register_url` takes it; a SQLite file's folder is made.

    Raises:
        RegisterUnavailable: the database cannot be used, or a later version of this program has set it up.
    """
    from alembic import command  # here, not above: it takes 0.4 s to load, and most commands never need it
    from alembic.util import CommandError

    parsed = register_url(url)
    engine = open_register(parsed)
    try:
        if engine.dialect.name == "sqlite":
            _make_folder(parsed)
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise RegisterUnavailable(
            f"The register at {place(parsed)} is of a later version than this program: upgrade the program."
        ) from error
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings, for this connection: for `alembic.command` functions.

    On a migrated register, `alembic.command.revision(alembic_config(connection), "what changed",
    autogenerate=True)` writes a new revision after the tables changed.
    """
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _make_folder(url: URL) -> None:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegisterUnavailable(
            f"The register at {place(url)} has no folder, nor can one be made: set REGISTER_URL to another."
        ) from error
