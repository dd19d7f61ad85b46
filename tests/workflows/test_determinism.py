"""Workflow code calls nothing that would not replay: no clock, no chance, no file, no network, no thread."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN_MODULES = frozenset(
    {"holidays", "random", "secrets", "time", "os", "threading", "subprocess", "socket", "requests", "tempfile"}
)
FORBIDDEN_CALLS = frozenset({"now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "open", "read_text", "input"})
ALLOWED = frozenset({"workflow.now"})


def loaded_by_workflows() -> list[Path]:
    """Every file of `workflows/` and `rules/` that the workflows load."""
    code = (
        "import sys, workflows.episode, workflows.calendar_change;"
        "print('\\n'.join(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] in ('rules', 'workflows')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(Path(line) for line in done.stdout.split())


LOADED = loaded_by_workflows()


def forbidden_in(tree: ast.AST) -> Iterator[str]:
    """What the code imports or calls that would not replay."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
            yield node.module or ""
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.split(".")[-1] in FORBIDDEN_CALLS and called not in ALLOWED:
                yield called


def test_the_workflows_are_among_what_is_read_and_the_calendar_is_not() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in LOADED}
    assert {"workflows/episode.py", "rules/facts/__init__.py", "rules/acceptance/__init__.py"} <= names
    assert "rules/calendar.py" not in names


@pytest.mark.parametrize("path", LOADED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_workflow_code_calls_nothing_that_would_not_replay(path: Path) -> None:
    assert list(forbidden_in(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code", ["import random", "from os import environ", "datetime.now(UTC)", "uuid4()", "import holidays", "open('x')"]
)
def test_what_would_not_replay_is_found(code: str) -> None:
    assert list(forbidden_in(ast.parse(code)))
