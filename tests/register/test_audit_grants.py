"""The login that docs/desk.md gives the worker and the desk: it does their work, and cannot rewrite the audit log."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from register import migrate, open_register
from register.audit import AuditEntry, Door, Outcome, audit
from register.private_links import find_link, make_link, revoke_link
from register.publish import publish
from register.queries import steps
from tests.audit_log import audited
from tests.register.samples import MORNING, agenda, notice, publication, step

DOCUMENT = Path(__file__).parents[2] / "docs" / "desk.md"
ENTRY = AuditEntry(at=MORNING, who="iro-1", way=Door.PAGE, what="child", outcome=Outcome.SEEN, episode="episode-1")


@pytest.fixture
def as_app(fresh_postgres_url: str) -> Engine:
    """A register that its owner made, opened by the login of the application."""
    migrate(fresh_postgres_url)
    owner = open_register(fresh_postgres_url)
    granted = re.search(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert granted
    made, _, then = granted[1].partition(";")
    with owner.begin() as connection:
        # A role is the server's, and every test has a database of its own on one server.
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = 'register_app'")):
            connection.exec_driver_sql(made)
        connection.exec_driver_sql(then)
    return open_register(make_url(fresh_postgres_url).set(username="register_app"))


def test_the_login_does_the_work_of_the_worker_and_the_desk(as_app: Engine) -> None:
    migrate(as_app.url)
    publish(as_app, publication(agenda(step(), notices=(notice(),))))
    publish(as_app, publication(agenda(step()), revision=2))
    assert steps(as_app, "episode-1") == [step()]
    audit(as_app, ENTRY)
    assert audited(as_app) == [ENTRY]
    link, token = make_link(as_app, authority="822", child="child-1", by="iro-1", at=MORNING)
    assert revoke_link(as_app, link.id, authority="822", child="child-1", by="iro-1", at=MORNING + timedelta(hours=1))
    assert find_link(as_app, token)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit SET who = 'somebody-else'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DROP TABLE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_rows ON audit",
        "DROP FUNCTION audit_is_written_once() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_is_written_once() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
        "ALTER TABLE audit RENAME TO audit_of_old",
        "UPDATE alembic_version SET version_num = '0003'",
        "GRANT UPDATE ON audit TO register_app; UPDATE audit SET who = 'somebody-else'",
    ],
)
def test_the_login_cannot_rewrite_the_audit_log(as_app: Engine, attempt: str) -> None:
    audit(as_app, ENTRY)
    with pytest.raises(ProgrammingError, match="InsufficientPrivilege"), as_app.begin() as connection:
        connection.exec_driver_sql(attempt)
    assert audited(as_app) == [ENTRY]
