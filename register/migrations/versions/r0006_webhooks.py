"""Webhooks: who is told of steps, what there is to tell, and what became of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.String(40)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXT = sa.String()
LONG = sa.Text()


def upgrade() -> None:
    """Make the tables."""
    _webhook()
    _event()
    _delivery()


def downgrade() -> None:
    """Drop the tables, with all they hold."""
    for table in ("webhook_delivery", "webhook_event", "webhook"):
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


def _webhook() -> None:
    op.create_table(
        "webhook",
        *(_owed("id", NUMBER), _owed("authority", TEXT), _owed("url", TEXT), _owed("secret", LONG)),
        *(_owed("events", STRUCTURED), _owed("made_at", INSTANT), _owed("made_by", TEXT)),
        *(_maybe("revoked_at", INSTANT), _maybe("revoked_by", TEXT), _maybe("failing_since", INSTANT)),
        *(_owed("failures", NUMBER), _owed("not_before", INSTANT), _maybe("claimed_until", INSTANT)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sqlite_autoincrement=True,
    )
    _partial("ix_webhook_in_use", "webhook", ["authority"], "revoked_at IS NULL")


def _event() -> None:
    op.create_table(
        "webhook_event",
        *(_owed("reference", TEXT), _owed("episode_id", TEXT), _owed("revision", NUMBER), _owed("kind", CODE)),
        *(_owed("step", TEXT), _owed("rung", TEXT), _owed("at", INSTANT), _owed("body", LONG)),
        _refers("webhook_event", "episode_id", "episode", "id"),
        sa.PrimaryKeyConstraint("reference", name="pk_webhook_event"),
        sa.UniqueConstraint(
            "episode_id", "revision", "kind", "step", "rung", name="uq_webhook_event_episode_id_revision_kind_step_rung"
        ),
    )


def _delivery() -> None:
    op.create_table(
        "webhook_delivery",
        *(_owed("id", NUMBER), _owed("event", TEXT), _owed("webhook_id", NUMBER), _owed("episode", TEXT)),
        *(_owed("state", CODE), _owed("tries", NUMBER), _owed("owed_at", INSTANT), _owed("not_before", INSTANT)),
        *(_maybe("tried_at", INSTANT), _maybe("status", NUMBER), _maybe("reason", TEXT)),
        _refers("webhook_delivery", "event", "webhook_event", "reference"),
        _refers("webhook_delivery", "webhook_id", "webhook", "id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.UniqueConstraint("webhook_id", "event", name="uq_webhook_delivery_webhook_id_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_delivery_state", "webhook_delivery", ["webhook_id", "state", "id"])
    _partial("ix_webhook_delivery_owed", "webhook_delivery", ["webhook_id", "episode", "id"], "state = 'owed'")
