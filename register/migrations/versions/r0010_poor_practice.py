"""Which kind of concern is told to a service: a step that slips for many children, or poor practice noted with many."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the kind; all that were raised before are of steps that slipped."""
    op.add_column("concern", sa.Column("kind", sa.String(), nullable=False, server_default="slip"))


def downgrade() -> None:
    """Drop the patterns, which were not known then, and the kind."""
    op.execute("DELETE FROM concern WHERE kind <> 'slip'")
    with op.batch_alter_table("concern") as concern:
        concern.drop_column("kind")
