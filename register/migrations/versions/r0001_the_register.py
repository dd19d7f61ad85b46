"""The register's first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String(40)
INSTANT = sa.DateTime(timezone=True)
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _episode()
    _fact()
    _step()
    _escalation()
    _review()
    _outbox()
    _publication()
    _closed_day()


def downgrade() -> None:
    """Drop the tables, with all they hold."""
    for table in ("closed_day", "publication", "outbox", "review", "escalation", "step", "fact", "episode"):
        op.drop_table(table)


def _owed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _table_of_episode(name: str, *columns: sa.Column[Any], key: tuple[str, ...], **options: Any) -> None:
    """A table whose rows belong to an episode and are told apart, within it, by `key`."""
    op.create_table(
        name,
        _owed("episode_id", sa.String()),
        *columns,
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=f"fk_{name}_episode_id_episode"),
        sa.PrimaryKeyConstraint("episode_id", *key, name=f"pk_{name}"),
        **options,
    )


def _episode() -> None:
    text, day, count, yes_no = sa.String(), sa.Date(), sa.Integer(), sa.Boolean()
    op.create_table(
        "episode",
        *(_owed("id", text), _owed("authority", text), _owed("nation", CODE), _owed("child", text)),
        *(_owed("child_digest", text), _owed("birth_date", day), _owed("became_looked_after", day)),
        *(_owed("short_breaks", yes_no), _maybe("iro", text), _maybe("cover", text)),
        *(_maybe("social_worker", text), _maybe("team_manager", text), _owed("stage", CODE)),
        *(
            _maybe("next_due", day),
            _owed("overdue", count),
            _maybe("highest_rung", text),
            _owed("revision", count),
        ),
        *(_owed("rules_version", text), _owed("policy_version", text), _owed("calendar_version", text)),
        *(_owed("opened_at", INSTANT), _owed("published_at", INSTANT)),
        *(
            _maybe("ended_on", day),
            _maybe("end_reason", text),
            _owed("finished", yes_no),
            _owed("void", yes_no),
        ),
        *(_maybe("former_episode", text), _maybe("former_iro", text)),
        sa.PrimaryKeyConstraint("id", name="pk_episode"),
    )
    for column in ("authority", "child_digest", "iro", "next_due", "stage"):
        op.create_index(f"ix_episode_{column}", "episode", [column])


def _fact() -> None:
    _table_of_episode(
        "fact",
        _owed("fact_id", sa.String()),
        _owed("kind", sa.String()),
        _owed("happened_on", sa.Date()),
        _owed("recorded_at", INSTANT),
        _owed("recorded_by", sa.String()),
        _owed("place", sa.Integer()),
        _owed("body", STRUCTURED),
        _owed("revision", sa.Integer()),
        key=("fact_id",),
    )


def _step() -> None:
    _table_of_episode(
        "step",
        *(_owed("key", sa.String()), _owed("name", sa.String()), _owed("title", sa.String())),
        *(_owed("phase", CODE), _owed("cycle", sa.Integer()), _owed("owner", CODE)),
        *(_owed("due", sa.Date()), _owed("practical_due", sa.Date()), _owed("state", CODE)),
        *(_maybe("done_on", sa.Date()), _maybe("outcome", sa.String()), _maybe("reason", sa.Text())),
        *(_owed("outstanding", STRUCTURED), _owed("basis", STRUCTURED), _owed("others", STRUCTURED)),
        *(_maybe("ladder", sa.String()), _owed("known_at", INSTANT), _owed("rungs", STRUCTURED)),
        *(_owed("digest", sa.String()), _owed("revision", sa.Integer())),
        key=("key",),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("ix_step_open", "step", ["episode_id", "due"], sqlite_where=is_open, postgresql_where=is_open)


def _escalation() -> None:
    _table_of_episode(
        "escalation",
        _owed("step", sa.String()),
        _owed("rung", sa.String()),
        _owed("raised_at", INSTANT),
        _owed("height", sa.Integer()),
        _owed("due", sa.Date()),
        _owed("tell", STRUCTURED),
        _owed("covers", STRUCTURED),
        _owed("revision", sa.Integer()),
        key=("step", "rung", "raised_at"),
    )


def _review() -> None:
    _table_of_episode(
        "review",
        _owed("key", sa.String()),
        _owed("name", sa.String()),
        *(_owed(day, sa.Date()) for day in ("opened_on", "completed_on", "due", "indicator_due")),
        *(_owed(measure, sa.Boolean()) for measure in ("statutory_in_time", "indicator_in_time")),
        _maybe("participation", CODE),
        _maybe("late_reason", sa.String()),
        *(_owed("digest", sa.String()), _owed("revision", sa.Integer())),
        key=("key",),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        _owed("id", sa.Integer()),
        *(_owed("episode_id", sa.String()), _owed("revision", sa.Integer()), _owed("key", sa.String())),
        *(_owed("name", sa.String()), _owed("recipient", CODE), _owed("about", sa.String())),
        *(_owed("owed_at", INSTANT), _maybe("sent_at", INSTANT)),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_outbox_episode_id_episode"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("episode_id", "key", name="uq_outbox_episode_id_key"),
        sqlite_autoincrement=True,
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("ix_outbox_unsent", "outbox", ["id"], sqlite_where=unsent, postgresql_where=unsent)


def _publication() -> None:
    _table_of_episode(
        "publication",
        _owed("revision", sa.Integer()),
        _owed("at", INSTANT),
        _owed("result", sa.Text()),
        key=("revision",),
    )


def _closed_day() -> None:
    op.create_table(
        "closed_day",
        _owed("nation", CODE),
        _owed("day", sa.Date()),
        _owed("change", CODE),
        _owed("recorded_at", INSTANT),
        _owed("recorded_by", sa.String()),
        sa.PrimaryKeyConstraint("nation", "day", name="pk_closed_day"),
    )
