"""Which facts an episode's workflow does not hold any more: nothing offers to refer to them, or to put them right."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. What was settled before is not known; the workflow refuses what it does not hold."""
    op.create_table(
        "settled_fact",
        sa.Column("episode_id", sa.String(), sa.ForeignKey("episode.id"), primary_key=True),
        sa.Column("fact_id", sa.String(), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("settled_fact")
