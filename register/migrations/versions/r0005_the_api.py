"""The API: which case systems may call it, and the keys under which they have sent something."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXT = sa.String()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_client",
        *(_owed("id", sa.Integer()), _owed("reference", TEXT), _owed("authority", TEXT), _owed("scopes", STRUCTURED)),
        *(_owed("digest", TEXT), _owed("made_at", INSTANT), _owed("made_by", TEXT), _owed("expires_at", INSTANT)),
        *(_maybe("used_at", INSTANT), _maybe("revoked_at", INSTANT), _maybe("revoked_by", TEXT)),
        sa.PrimaryKeyConstraint("id", name="pk_api_client"),
        sa.UniqueConstraint("digest", name="uq_api_client_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_client_reference", "api_client", ["reference"])
    op.create_table(
        "idempotency",
        *(_owed("client", TEXT), _owed("key", TEXT), _owed("content", TEXT), _owed("first_at", INSTANT)),
        _maybe("answer", STRUCTURED),
        sa.PrimaryKeyConstraint("client", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_first_at", "idempotency", ["first_at"])


def downgrade() -> None:
    """Drop the tables, with all they hold."""
    for table in ("idempotency", "api_client"):
        op.drop_table(table)


def _owed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)
