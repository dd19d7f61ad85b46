"""`docs/law.md` tells the truth: every rule has a source, a module and a test, and every marker names a rule."""

from importlib import import_module

import pytest

from docs.law import PAGE, keepers, marked_tests, page
from rules.duties import DUTIES, LOCAL_DUTIES
from rules.law_map import in_words, render
from rules.limits import LIMITS
from rules.vocabulary import Nation

EVERY_RULE = {*LIMITS[Nation.ENGLAND], *(duty.rule for duty in (*DUTIES, *LOCAL_DUTIES))}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make law`"


def test_every_rule_has_a_test_that_proves_it() -> None:
    assert EVERY_RULE - {rule for rule, _ in marked_tests()} == set()


def test_every_marker_names_a_rule() -> None:
    assert {(rule, test) for rule, test in marked_tests() if rule not in EVERY_RULE} == set()


def test_every_limit_is_kept_by_a_module_that_speaks_of_it() -> None:
    assert set(keepers()) == set(LIMITS[Nation.ENGLAND])


@pytest.mark.parametrize("duty", [*DUTIES, *LOCAL_DUTIES], ids=lambda duty: duty.rule)
def test_every_duty_names_a_module_there_is(duty: object) -> None:
    assert import_module(getattr(duty, "module", "")).__doc__


def test_a_rule_stands_once_among_limits_and_duties() -> None:
    duties = [duty.rule for duty in (*DUTIES, *LOCAL_DUTIES)]
    assert len({*duties, *LIMITS[Nation.ENGLAND]}) == len(duties) + len(LIMITS[Nation.ENGLAND])


def test_a_rule_without_a_test_says_so_on_the_page() -> None:
    text = render(LIMITS, DUTIES, LOCAL_DUTIES, [("first_review", "tests/x.py::test_y")], keepers())
    assert "| [1](#first_review) |" in text and "| none |" in text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("first_review", "20 working days after the child became looked after"),
        ("second_review", "3 months after the first review was completed"),
        ("report", "3 working days before the review"),
        ("consult_child", "before the review"),
        ("decision", "by the decision's own day"),
        ("fill_vacancy", "days set by local policy, after the post fell vacant"),
    ],
)
def test_a_limit_reads_as_words(rule: str, words: str) -> None:
    assert in_words(LIMITS[Nation.ENGLAND][rule]) == words
