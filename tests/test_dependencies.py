"""The packages the project stands on: each pinned, each explained."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
DEVELOPMENT: list[str] = PROJECT["dependency-groups"]["dev"]
REQUIREMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt")
}

every_requirements_file = pytest.mark.parametrize("text", REQUIREMENTS.values(), ids=REQUIREMENTS)


def test_every_dependency_says_what_it_earns_its_place_with() -> None:
    explained = re.findall(r"\*\*([\w-]+)\*\*", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"))

    assert sorted(explained) == sorted(set(map(name_of, RUNTIME + DEVELOPMENT)))


def test_every_dependency_is_pinned() -> None:
    pinned = {file: {name for name, _ in pins(text)} for file, text in REQUIREMENTS.items()}

    assert set(map(name_of, RUNTIME)) <= pinned["requirements.txt"]
    assert set(map(name_of, RUNTIME + DEVELOPMENT)) <= pinned["requirements-dev.txt"]


def test_what_is_tested_is_what_runs() -> None:
    runtime, development = (pins(text) for text in REQUIREMENTS.values())

    assert runtime <= development


@every_requirements_file
def test_every_pin_has_a_hash(text: str) -> None:
    blocks = re.split(r"\n(?=\S)", text.strip())

    assert all("--hash=sha256:" in block for block in blocks)


@every_requirements_file
def test_no_package_index_is_named(text: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links", text)


def name_of(requirement: str) -> str:
    found = re.match(r"[\w-]+", requirement)
    assert found
    return found[0]


def pins(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE))


def test_the_styles_packages_are_pinned_by_hash_and_name_no_place_to_fetch_them_from() -> None:
    lock = json.loads((ROOT / "desk/frontend/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}

    assert "node_modules/govuk-frontend" in packages
    assert all("integrity" in each and "resolved" not in each for each in packages.values())
