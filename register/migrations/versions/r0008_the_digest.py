"""Who is sent an authority's weekly digest; and an index by which to count whose messages were many lately."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "digest_setting",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("recipients", STRUCTURED, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", name="pk_digest_setting"),
    )
    op.create_index("ix_dispatch_owed_at", "dispatch", ["owed_at", "state", "recipient"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_dispatch_owed_at", "dispatch")
    op.drop_table("digest_setting")
