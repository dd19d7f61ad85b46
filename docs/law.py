"""Write `docs/law.md`, the map from each source of law to its rule and its tests: `python -m docs.law`.

The tests are found by their marker `@pytest.mark.duty("rule")`, and the module that keeps a limit by the limit's name
in its code; nothing is run for it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from rules.duties import DUTIES, LOCAL_DUTIES
from rules.law_map import RuleTest, render
from rules.limits import LIMITS
from rules.vocabulary import Nation

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "law.md"
ONLY_NAME_THEM = ("duties.py", "policy.py", "closing.py")
"""Modules that speak of limits by name and do not keep them."""


def marked_tests(tests: Path = ROOT / "tests") -> list[RuleTest]:
    """Every rule that a test is marked to prove, with that test."""
    return [pair for path in sorted(tests.rglob("test_*.py")) for pair in _marked_in(path, tests.parent)]


def _marked_in(path: Path, root: Path) -> Iterator[RuleTest]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_all = [rule for node in tree.body if _is_pytestmark(node) for rule in _duties(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for rule in [*of_all, *(rule for decorator in node.decorator_list for rule in _duties(decorator))]:
                yield rule, f"{path.relative_to(root).as_posix()}::{node.name}"


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _duties(node: ast.AST) -> Iterator[str]:
    """The rules named by `pytest.mark.duty(...)` within a piece of code."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "duty":
            yield from (str(argument.value) for argument in call.args if isinstance(argument, ast.Constant))


def keepers(rules: Path = ROOT / "rules") -> dict[str, str]:
    """The module that keeps each limit: the first, in order of name, whose code speaks of it by name."""
    found: dict[str, str] = {}
    for path in sorted(rules.glob("*.py")):
        if path.name in ONLY_NAME_THEM:
            continue
        module = f"{rules.name}.{path.stem}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in LIMITS[Nation.ENGLAND]:
                found.setdefault(node.value, module)
    return found


def page() -> str:
    """The page as the rules and tests now have it."""
    return render(LIMITS, DUTIES, LOCAL_DUTIES, marked_tests(), keepers())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
