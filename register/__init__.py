"""The register: the database that the command line, the desk and the post room read.

Written only by `publish`, one transaction a change; read by `queries`. SQLite by default, PostgreSQL by its
URL. It holds references, dates and codes, never a person's name.
"""

from register.engine import RegisterUnavailable, open_register, reading, writing
from register.migration import migrate

__all__ = ["RegisterUnavailable", "migrate", "open_register", "reading", "writing"]
