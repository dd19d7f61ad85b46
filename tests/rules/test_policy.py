"""Local policy: an authority's own file may tighten the law, never loosen it."""

import pytest

from rules.limits import LIMITS
from rules.policy import Policy, PolicyRefused, read_policy
from rules.vocabulary import Force, Nation
from tests.rules.build import book, child, day

pytestmark = pytest.mark.duty("policy_only_tightens")


def _refused(text: str) -> str:
    with pytest.raises(PolicyRefused) as refused:
        read_policy(text)
    message = str(refused.value)
    assert "\n" not in message and message.endswith(".")
    return message


LATE_BEFORE_BREACH = """
[[ladders.default]]
name = "late"
working_days = 2
tell = ["owner"]
[[ladders.default]]
name = "breach"
working_days = 0
tell = ["owner"]
"""
LOOSER = [
    (limit.rule, limit.amount + (-1 if limit.before else 1))
    for limit in LIMITS[Nation.ENGLAND].values()
    if limit.amount
]


@pytest.mark.parametrize(("rule", "amount"), LOOSER)
def test_a_file_that_loosens_a_limit_is_refused_by_the_limits_name_and_source(rule: str, amount: int) -> None:
    message = _refused(f"[limits]\n{rule} = {amount}")
    assert rule in message
    assert LIMITS[Nation.ENGLAND][rule].source in message


@pytest.mark.parametrize(
    ("rule", "amount"),
    [(rule, amount + (2 if LIMITS[Nation.ENGLAND][rule].before else -2)) for rule, amount in LOOSER],
)
def test_a_file_may_tighten_every_limit_that_has_a_number(rule: str, amount: int) -> None:
    policy = read_policy(f"[limits]\n{rule} = {amount}")
    limit = policy.applied(LIMITS[Nation.ENGLAND][rule])
    assert (limit.amount, limit.force) == (amount, Force.LOCAL)
    assert LIMITS[Nation.ENGLAND][rule].source in limit.source


def test_a_tightened_date_keeps_the_laws_date_beside_it() -> None:
    story = child("2026-06-05").under(book(policy=read_policy("[limits]\nreport = 5\nrecord = 10")))
    report = story.step("report", on="2026-06-05")
    assert (report.due, [other.due for other in report.others]) == (day("2026-06-26"), [day("2026-06-30")])
    record = story.review_held("2026-07-03").step("record.review-1", on="2026-07-03")
    assert (record.due, [other.due for other in record.others]) == (day("2026-07-17"), [day("2026-07-24")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[limits]\nthird_review = 3", "no limit called 'third_review'"),
        ("[limits]\nfill_vacancy = 3", "has no number in the law to tighten"),
        ("[limits]\nfirst_review = true", "limits.first_review"),
        ('[limits]\nfirst_review = "15"', "limits.first_review"),
        ("[limits]\nfirst_review = -1", "greater than or equal to 0"),
        ("[local]\ntell_child = 500", "local.tell_child"),
        ("[local]\ntell_kid = 2", "local.tell_kid"),
        ("colour = 'blue'", "colour"),
        ("[limits\nfirst_review = 15", "not valid TOML"),
        ("[[ladders.default]]\nname = 'breach'\nworking_days = 1\ntell = ['owner']", "a breach is always told"),
        ("[[ladders.default]]\nname = 'breach'\nworking_days = 0\ntell = []", "tell"),
        ("[[ladders.default]]\nname = 'breach'\nworking_days = 0\ntell = ['mayor']", "ladders.default"),
        ("[[ladders.silent]]\nname = 'breach'\nworking_days = 0\ntell = ['owner']", "ladders"),
        (
            "[[ladders.default]]\nname = 'breach'\nworking_days = 0\ntell = ['owner']\n" * 2,
            "two rungs of the same name",
        ),
        (
            LATE_BEFORE_BREACH,
            "must each come later",
        ),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence_that_says_what_is_wrong(text: str, says: str) -> None:
    assert says in _refused(text)


def test_an_empty_file_is_the_policy_that_comes_with_the_rules() -> None:
    assert read_policy("") == Policy()


def test_a_file_with_one_ladder_keeps_the_other() -> None:
    policy = read_policy("[[ladders.default]]\nname = 'breach'\nworking_days = 0\ntell = ['owner']")
    assert [rung.name for rung in policy.ladder("default")] == ["breach"]
    assert len(policy.ladder("decision")) == 4


def test_what_decided_a_date_can_be_told_from_the_digest() -> None:
    one, other = read_policy("version = 'A'"), read_policy("version = 'A'\n[local]\ntell_child = 1")
    assert one.digest.startswith("A+") and one.digest != other.digest


def test_local_days_are_counted_from_what_sets_the_step_off() -> None:
    same_day = read_policy("[local]\ntell_child = 0")
    story = child("2026-06-05").under(book(policy=same_day)).iro_appointed("2026-06-06")
    step = story.step("tell_child", on="2026-06-06")
    # A Saturday: due that day, and the practical day is no earlier than the appointment.
    assert (step.due, step.basis.practical_due) == (day("2026-06-06"), day("2026-06-06"))


@pytest.mark.parametrize("nation", Nation)
def test_every_limit_stands_in_both_tables_with_a_source_of_that_nation(nation: Nation) -> None:
    assert set(LIMITS[nation]) == set(LIMITS[Nation.ENGLAND])
    for limit in LIMITS[nation].values():
        assert limit.source
        if nation is Nation.WALES:
            assert "2010" not in limit.source and "Children Act 1989" not in limit.source
