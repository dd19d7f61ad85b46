"""The desk's lists: the indexes that find a page of them, and what a step says of its episode for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = "state = 'open'"


def upgrade() -> None:
    """Have each step tell its authority and its highest rung; make the lists' indexes in place of plainer ones."""
    op.add_column("step", sa.Column("authority", sa.String(), nullable=False, server_default=""))
    op.add_column("step", sa.Column("rung", sa.String(), nullable=True))
    last = "rungs ->> -1" if op.get_bind().dialect.name == "postgresql" else "json_extract(rungs, '$[#-1]')"
    whose = "SELECT authority FROM episode WHERE episode.id = step.episode_id"
    op.execute(f"UPDATE step SET authority = ({whose}), rung = {last}")
    op.drop_index("ix_step_open", "step")
    with op.batch_alter_table("step") as step:
        step.alter_column("authority", existing_type=sa.String(), server_default=None)
    _open("ix_step_open", "episode_id", "due", "owner", "key")
    _open("ix_step_due", "authority", "due", "key", "episode_id", "owner", "phase", "rung")
    _open("ix_step_owner", "authority", "owner", "due", "key", "episode_id")
    for column in ("authority", "next_due", "stage"):
        op.drop_index(f"ix_episode_{column}", "episode")
    op.create_index("ix_episode_due", "episode", ["authority", "next_due", "id"])
    op.create_index("ix_episode_stage_due", "episode", ["authority", "stage", "next_due", "id"])
    op.create_index("ix_episode_child", "episode", ["authority", "child"])
    for column in ("social_worker", "team_manager"):
        op.create_index(f"ix_episode_{column}", "episode", [column])


def downgrade() -> None:
    """Put the plainer indexes back."""
    for name in ("due", "stage_due", "child", "social_worker", "team_manager"):
        op.drop_index(f"ix_episode_{name}", "episode")
    for column in ("authority", "next_due", "stage"):
        op.create_index(f"ix_episode_{column}", "episode", [column])
    for name in ("open", "due", "owner"):
        op.drop_index(f"ix_step_{name}", "step")
    with op.batch_alter_table("step") as step:
        step.drop_column("authority")
        step.drop_column("rung")
    _open("ix_step_open", "episode_id", "due")


def _open(name: str, *columns: str) -> None:
    """An index of the steps still owed."""
    where = sa.text(OPEN)
    op.create_index(name, "step", list(columns), sqlite_where=where, postgresql_where=where)
