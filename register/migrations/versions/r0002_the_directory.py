"""The directory of people, kin, allocations, and what is told of the service as a whole."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CODE = sa.String(40)
INSTANT = sa.DateTime(timezone=True)
STRUCTURED = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ABOUT_ONE = op.f("ck_outbox_about_one")
ONE_OF_THE_SERVICE = "uq_outbox_service_key"


def upgrade() -> None:
    """Make the tables; let an episode have a proposed IRO, and the outbox notices about the service."""
    _person()
    _of_people()
    _directory_change()
    _kin()
    _allocation()
    _caseload()
    _of_the_service()
    _proposed_iro()
    _notices_about_the_service()


def downgrade() -> None:
    """Drop the tables, with all they hold, and the notices about the service."""
    _no_notices_about_the_service()
    for index in ("ix_episode_looked_after", "ix_episode_cover", "ix_episode_proposed_iro"):
        op.drop_index(index, "episode")
    op.drop_column("episode", "proposed_iro")
    for table in (
        "digest",
        "concern",
        "caseload",
        "allocation",
        "kin",
        "directory_change",
        "bar",
        "absence",
        "iro_terms",
    ):
        op.drop_table(table)
    op.drop_table("person")


def _owed(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _refers(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}")


def _partial(name: str, table: str, columns: list[str], where: str, sqlite_where: str | None = None) -> None:
    """An index of some rows only; SQLite has no word for false."""
    op.create_index(name, table, columns, sqlite_where=sa.text(sqlite_where or where), postgresql_where=sa.text(where))


def _person() -> None:
    text = sa.String()
    op.create_table(
        "person",
        *(_owed("reference", text), _owed("name", text), _owed("role", CODE), _owed("authority", text)),
        *(_maybe("team", text), _maybe("email", text), _maybe("phone", text)),
        *(_maybe("line_manager", text), _maybe("deputy", text)),
        *(_maybe("since", sa.Date()), _maybe("until", sa.Date())),
        sa.PrimaryKeyConstraint("reference", name="pk_person"),
    )
    op.create_index("ix_person_authority", "person", ["authority"])


def _of_people() -> None:
    text = sa.String()
    op.create_table(
        "iro_terms",
        *(_owed("iro", text), _owed("hours", sa.Double()), _owed("full_time_limit", sa.Integer())),
        *(_owed("nations", STRUCTURED), _owed("offers", STRUCTURED)),
        _refers("iro_terms", "iro", "person", "reference"),
        sa.PrimaryKeyConstraint("iro", name="pk_iro_terms"),
    )
    op.create_table(
        "absence",
        *(_owed("person", text), _owed("since", sa.Date()), _maybe("until", sa.Date()), _maybe("cover", text)),
        _refers("absence", "person", "person", "reference"),
        _refers("absence", "cover", "person", "reference"),
        sa.PrimaryKeyConstraint("person", "since", name="pk_absence"),
    )
    op.create_table(
        "bar",
        *(_owed("iro", text), _owed("against", text), _owed("kind", CODE), _maybe("reason", sa.Text())),
        _refers("bar", "iro", "person", "reference"),
        sa.PrimaryKeyConstraint("iro", "against", "kind", name="pk_bar"),
    )


def _directory_change() -> None:
    op.create_table(
        "directory_change",
        *(_owed("id", sa.Integer()), _owed("at", INSTANT), _owed("by", sa.String())),
        *(_owed("what", CODE), _owed("person", sa.String())),
        sa.PrimaryKeyConstraint("id", name="pk_directory_change"),
        sqlite_autoincrement=True,
    )


def _kin() -> None:
    text = sa.String()
    op.create_table(
        "kin",
        *(_owed("authority", text), _owed("child", text), _owed("relation", CODE), _owed("kin", text)),
        _owed("episode_id", text),
        _refers("kin", "episode_id", "episode", "id"),
        sa.PrimaryKeyConstraint("authority", "child", "relation", "kin", "episode_id", name="pk_kin"),
    )
    op.create_index("ix_kin_episode_id", "kin", ["episode_id"])


def _allocation() -> None:
    text, yes_no = sa.String(), sa.Boolean()
    op.create_table(
        "allocation",
        *(_owed("episode_id", text), _owed("step", text), _owed("number", sa.Integer())),
        *(_owed("fact_id", text), _owed("at", INSTANT), _maybe("iro", text)),
        *(_owed("over_capacity", yes_no), _owed("recorded", yes_no), _owed("directory", text)),
        _owed("choice", STRUCTURED),
        _refers("allocation", "episode_id", "episode", "id"),
        sa.PrimaryKeyConstraint("episode_id", "step", "number", name="pk_allocation"),
    )
    _partial("ix_allocation_unrecorded", "allocation", ["iro", "episode_id"], "recorded = false", "recorded = 0")


def _caseload() -> None:
    op.create_table(
        "caseload",
        *(_owed("authority", sa.String()), _owed("iro", sa.String()), _owed("children", sa.Integer())),
        sa.PrimaryKeyConstraint("authority", "iro", name="pk_caseload"),
    )
    op.execute(
        "INSERT INTO caseload (authority, iro, children) SELECT authority, iro, count(*) FROM episode"
        " WHERE iro IS NOT NULL AND ended_on IS NULL AND NOT void GROUP BY authority, iro"
    )


def _of_the_service() -> None:
    text = sa.String()
    op.create_table(
        "concern",
        *(_owed("key", sa.Text()), _owed("authority", text), _owed("team", text), _owed("step_name", text)),
        *(_owed("since", sa.Date()), _owed("until", sa.Date()), _owed("episodes", STRUCTURED)),
        _owed("raised_at", INSTANT),
        sa.PrimaryKeyConstraint("key", name="pk_concern"),
    )
    op.create_index("ix_concern_authority", "concern", ["authority"])
    op.create_table(
        "digest",
        *(_owed("authority", text), _owed("week", sa.Date()), _owed("body", sa.Text()), _owed("made_at", INSTANT)),
        sa.PrimaryKeyConstraint("authority", "week", name="pk_digest"),
    )


def _proposed_iro() -> None:
    # Not in batch mode: the table is referred to, and SQLite could not make it anew with rows that do.
    op.add_column("episode", _maybe("proposed_iro", sa.String()))
    _partial(
        "ix_episode_looked_after",
        "episode",
        ["authority", "child", "iro", "proposed_iro", "ended_on", "void"],
        "ended_on IS NULL AND void = false",
        "ended_on IS NULL AND void = 0",
    )
    _partial("ix_episode_cover", "episode", ["cover"], "cover IS NOT NULL")
    _partial("ix_episode_proposed_iro", "episode", ["proposed_iro"], "proposed_iro IS NOT NULL")


def _notices_about_the_service() -> None:
    op.drop_index("ix_outbox_unsent", "outbox")
    # What SQLite cannot tell of a table it makes anew has to be said again: that its ids are never used twice.
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("episode_id", existing_type=sa.String(), nullable=True)
        outbox.add_column(_maybe("service", sa.String()))
        outbox.create_unique_constraint(ONE_OF_THE_SERVICE, ["service", "key"])
        outbox.create_check_constraint(ABOUT_ONE, "(episode_id IS NULL) <> (service IS NULL)")
    _partial("ix_outbox_unsent", "outbox", ["id"], "sent_at IS NULL")


def _no_notices_about_the_service() -> None:
    op.execute("DELETE FROM outbox WHERE episode_id IS NULL")
    op.drop_index("ix_outbox_unsent", "outbox")
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.drop_constraint(ABOUT_ONE, type_="check")
        outbox.drop_constraint(ONE_OF_THE_SERVICE, type_="unique")
        outbox.drop_column("service")
        outbox.alter_column("episode_id", existing_type=sa.String(), nullable=False)
    _partial("ix_outbox_unsent", "outbox", ["id"], "sent_at IS NULL")
