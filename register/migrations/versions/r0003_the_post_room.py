"""The post room: children's networks, what is not to be sent, what goes out, and calendars to subscribe to."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODE = sa.String(40)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXT = sa.String()


def upgrade() -> None:
    """Make the tables; let the outbox know who was found; let an IRO have a picture."""
    _contact()
    _suppression()
    _dispatch()
    _undelivered()
    _feed()
    op.add_column("iro_terms", _maybe("picture", TEXT))
    op.add_column("outbox", sa.Column("if_involved", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", _maybe("addressed_at", INSTANT))
    op.add_column("outbox", _maybe("not_sent", STRUCTURED))
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("if_involved", existing_type=sa.Boolean(), server_default=None)
    _partial("ix_outbox_unaddressed", "outbox", ["id"], "addressed_at IS NULL")


def downgrade() -> None:
    """Drop the tables, with all they hold."""
    op.drop_index("ix_outbox_unaddressed", "outbox")
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        for column in ("if_involved", "addressed_at", "not_sent"):
            outbox.drop_column(column)
    op.drop_column("iro_terms", "picture")
    for table in ("feed", "undelivered", "dispatch_notice", "dispatch", "suppression", "contact"):
        op.drop_table(table)


def _owed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _refers(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _contact() -> None:
    op.create_table(
        "contact",
        *(_owed("reference", TEXT), _owed("authority", TEXT), _owed("child", TEXT), _owed("role", CODE)),
        *(_owed("name", TEXT), _maybe("email", TEXT), _maybe("phone", TEXT), _owed("address", STRUCTURED)),
        *(_owed("language", CODE), _maybe("way", CODE), _owed("needs", STRUCTURED)),
        *(_owed("barred", sa.Boolean()), _maybe("since", sa.Date()), _maybe("until", sa.Date())),
        *(_owed("recorded_at", INSTANT), _owed("recorded_by", TEXT)),
        sa.PrimaryKeyConstraint("reference", name="pk_contact"),
    )
    op.create_index("ix_contact_authority_child", "contact", ["authority", "child"])


def _suppression() -> None:
    op.create_table(
        "suppression",
        *(_owed("id", NUMBER), _owed("contact", TEXT), _maybe("notice", TEXT), _owed("reason", TEXT)),
        *(_owed("recorded_at", INSTANT), _owed("recorded_by", TEXT)),
        *(_maybe("lifted_at", INSTANT), _maybe("lifted_by", TEXT)),
        _refers("suppression", "contact", "contact", "reference"),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suppression_contact", "suppression", ["contact"])


def _dispatch() -> None:
    op.create_table(
        "dispatch",
        *(_owed("id", NUMBER), _owed("reference", TEXT), _owed("state", CODE), _owed("notice", TEXT)),
        *(_owed("recipient", TEXT), _owed("role", CODE), _maybe("episode_id", TEXT), _owed("way", CODE)),
        *(_owed("message", STRUCTURED), _owed("owed_at", INSTANT), _owed("not_before", INSTANT)),
        *(_owed("tries", NUMBER), _maybe("claimed_until", INSTANT), _maybe("sent_at", INSTANT)),
        *(_maybe("receipt", TEXT), _maybe("asked_at", INSTANT), _maybe("outcome_at", INSTANT)),
        *(_maybe("reason", TEXT), _maybe("instead_of", NUMBER)),
        _refers("dispatch", "episode_id", "episode", "id"),
        _refers("dispatch", "instead_of", "dispatch", "id"),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch"),
        sa.UniqueConstraint("reference", name="uq_dispatch_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dispatch_episode_id", "dispatch", ["episode_id"])
    op.create_index("ix_dispatch_recipient", "dispatch", ["recipient"])
    _partial("ix_dispatch_owed", "dispatch", ["not_before", "id"], "state = 'owed'")
    _partial("ix_dispatch_receipt", "dispatch", ["asked_at", "id"], "state = 'sent' AND receipt IS NOT NULL")
    op.create_table(
        "dispatch_notice",
        *(_owed("dispatch_id", NUMBER), _owed("outbox_id", NUMBER)),
        _refers("dispatch_notice", "dispatch_id", "dispatch", "id"),
        _refers("dispatch_notice", "outbox_id", "outbox", "id"),
        sa.PrimaryKeyConstraint("dispatch_id", "outbox_id", name="pk_dispatch_notice"),
    )
    op.create_index("ix_dispatch_notice_outbox_id", "dispatch_notice", ["outbox_id"])


def _undelivered() -> None:
    op.create_table(
        "undelivered",
        *(_owed("id", NUMBER), _owed("outbox_id", NUMBER), _maybe("dispatch_id", NUMBER), _owed("reason", TEXT)),
        *(_owed("at", INSTANT), _maybe("told_at", INSTANT)),
        *(_maybe("mended_at", INSTANT), _maybe("mended_by", NUMBER), _maybe("mended_told_at", INSTANT)),
        _refers("undelivered", "outbox_id", "outbox", "id"),
        _refers("undelivered", "dispatch_id", "dispatch", "id"),
        _refers("undelivered", "mended_by", "dispatch", "id"),
        sa.PrimaryKeyConstraint("id", name="pk_undelivered"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_undelivered_outbox_id", "undelivered", ["outbox_id"])
    _partial("ix_undelivered_untold", "undelivered", ["id"], "told_at IS NULL")


def _feed() -> None:
    op.create_table(
        "feed",
        *(_owed("id", NUMBER), _owed("digest", TEXT), _owed("kind", CODE), _owed("authority", TEXT)),
        *(_owed("about", TEXT), _maybe("for_contact", TEXT), _owed("language", CODE)),
        *(_owed("made_at", INSTANT), _owed("made_by", TEXT)),
        *(_maybe("revoked_at", INSTANT), _maybe("revoked_by", TEXT)),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("digest", name="uq_feed_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_about", "feed", ["about"])
