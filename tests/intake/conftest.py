from pathlib import Path

import pytest

from tests.intake.returns import SmallReturn


@pytest.fixture
def small(tmp_path: Path) -> SmallReturn:
    return SmallReturn(tmp_path)
