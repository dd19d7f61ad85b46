"""The register: the database that the command line, the desk and the post room read.

Of a child's case it is written by `publish` and `allocations`, one transaction a change, and read by `queries`; it
holds references, dates and codes of it. Names and addresses stand in the `directory`, and nowhere else. SQLite by
default, PostgreSQL by its URL.
"""

from register.engine import RegisterUnavailable, open_register, reading, writing
from register.migration import migrate

__all__ = ["RegisterUnavailable", "migrate", "open_register", "reading", "writing"]
