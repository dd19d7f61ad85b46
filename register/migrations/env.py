"""Where Alembic finds the connection and the tables: `register.migration` hands them over, no file does."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

# Read so that `Base` knows their tables.
import register.api_tables
import register.desk_tables
import register.digest_tables
import register.episode_tables
import register.post_tables
import register.service_tables
import register.webhook_tables  # noqa: F401
from register.columns import Instant, Structured
from register.metadata import Base


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our kinds of column into a new revision as plain ones, so that it never changes when they do."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Structured):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String({item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
