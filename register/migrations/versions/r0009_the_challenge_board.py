"""The challenge board: an index of what comes next of each challenge and formal dispute that is open."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEXT = "name IN ('answer_challenge', 'settle_challenge', 'answer_dispute', 'weigh_dispute_answer')"


def upgrade() -> None:
    """Make it."""
    where = sa.text(f"state = 'open' AND {NEXT}")
    columns = ["authority", "due", "key", "episode_id", "phase"]
    op.create_index("ix_step_challenge", "step", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_step_challenge", "step")
