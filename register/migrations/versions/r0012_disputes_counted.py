"""The challenge board: an index of the formal disputes that each child has, so that they are counted at once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    where = sa.text("state = 'open' AND name = 'resolve_dispute'")
    op.create_index("ix_step_dispute", "step", ["authority", "episode_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_step_dispute", "step")
