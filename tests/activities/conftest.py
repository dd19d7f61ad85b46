"""What the tests of the activities share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register import migrate, open_register


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Engine]:
    """A register of its own."""
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    opened = open_register(url)
    yield opened
    opened.dispose()
