"""The desk: who is signed in, who saw and did what, unfinished forms, and young people's private links."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXT = sa.String()


def upgrade() -> None:
    """Make the tables, and have the database itself hold the audit log as it was written."""
    _session()
    _audit()
    _draft()
    _private_link()
    _hold_the_audit_log()


def downgrade() -> None:
    """Drop the tables, with all they hold."""
    for table in ("private_link", "draft", "audit", "desk_session"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_written_once()")


def _owed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _session() -> None:
    op.create_table(
        "desk_session",
        *(_owed("digest", TEXT), _owed("person", TEXT), _owed("name", TEXT), _owed("authority", TEXT)),
        *(_owed("roles", STRUCTURED), _owed("csrf", TEXT), _owed("signed_in_at", INSTANT), _owed("seen_at", INSTANT)),
        _maybe("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("digest", name="pk_desk_session"),
    )
    op.create_index("ix_desk_session_person", "desk_session", ["person"])


def _audit() -> None:
    op.create_table(
        "audit",
        *(_owed("id", sa.Integer()), _owed("at", INSTANT), _owed("who", TEXT), _owed("roles", TEXT)),
        *(_owed("way", TEXT), _owed("what", TEXT), _owed("outcome", TEXT)),
        *(_maybe("episode", TEXT), _maybe("detail", TEXT)),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_episode", "audit", ["episode", "id"])
    op.create_index("ix_audit_who", "audit", ["who", "id"])


def _hold_the_audit_log() -> None:
    """Rows are added; whoever would change or remove one is refused by the database."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_written_once() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit log is written once'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit"
            " FOR EACH ROW EXECUTE FUNCTION audit_is_written_once()"
        )
        op.execute(
            "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_written_once()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_{change.lower()} BEFORE {change} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is written once'); END"
        )
    # To insert in place of a row is to remove it, which SQLite tells no trigger of its own.
    op.execute(
        "CREATE TRIGGER audit_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is written once'); END"
    )


def _draft() -> None:
    op.create_table(
        "draft",
        *(_owed("person", TEXT), _owed("episode", TEXT), _owed("form", TEXT)),
        *(_owed("body", STRUCTURED), _owed("saved_at", INSTANT)),
        sa.PrimaryKeyConstraint("person", "episode", "form", name="pk_draft"),
    )
    op.create_index("ix_draft_episode", "draft", ["episode", "form"])


def _private_link() -> None:
    op.create_table(
        "private_link",
        *(_owed("id", sa.Integer()), _owed("digest", TEXT), _owed("authority", TEXT), _owed("child", TEXT)),
        *(_owed("made_at", INSTANT), _owed("made_by", TEXT), _owed("expires_at", INSTANT), _maybe("used_at", INSTANT)),
        *(_maybe("revoked_at", INSTANT), _maybe("revoked_by", TEXT)),
        sa.PrimaryKeyConstraint("id", name="pk_private_link"),
        sa.UniqueConstraint("digest", name="uq_private_link_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_private_link_child", "private_link", ["authority", "child"])
