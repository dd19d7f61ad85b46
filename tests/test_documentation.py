"""What the documentation says is so."""

import re
from pathlib import Path

from rules.policy import DEFAULT_LADDERS, LocalLimits, Policy, read_policy
from starter import COMMANDS

ROOT = Path(__file__).parents[1]


def test_the_policy_shown_is_accepted_and_shows_the_defaults() -> None:
    example = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "policy.md").read_text(), re.DOTALL)
    assert example
    policy = read_policy(example[1])
    assert policy.local == LocalLimits()
    assert policy.ladders["default"] == DEFAULT_LADDERS["default"]
    assert (policy.dispute, policy.poor_practice) == (Policy().dispute, Policy().poor_practice)
    assert policy.limits


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"^\| `starter\.py ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert named | {"law"} == set(COMMANDS) | {"law"}


def test_every_page_linked_stands() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is missing"
        for target in re.findall(r"`((?:docs|deploy|tests|rules)/[\w./-]+\.\w+)`", page.read_text()):
            assert (ROOT / target).exists(), f"{page.name} names {target}, which is missing"
