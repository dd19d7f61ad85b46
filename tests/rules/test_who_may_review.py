"""Who may not review for a child: whoever is not independent, not there, or gave the child up."""

import pytest

from rules.choosing import Conflict, bar_to, choose, is_away
from rules.directory import Absence, Bar, BarKind
from rules.vocabulary import Nation
from tests.rules.candidates import DAY, away, child, considered, full, iro


def test_an_iro_without_any_bar_may_review() -> None:
    assert bar_to(child(), iro(), DAY) is None


@pytest.mark.duty("iro_is_independent")
@pytest.mark.parametrize("kind", list(BarKind))
@pytest.mark.parametrize("against", ["child-1", "worker-1", "manager-1", "team-1"])
def test_a_bar_against_the_child_the_workers_or_the_team_holds(kind: BarKind, against: str) -> None:
    whose = child(workers=("worker-1", "manager-1"), teams=("team-1",))
    barred = iro(bars=(Bar(iro="iro-1", against=against, kind=kind, reason="said in confidence"),))
    assert bar_to(whose, barred, DAY) == kind.words
    assert choose(whose, [barred], DAY).iro is None


def test_a_bar_against_another_child_or_team_does_not_hold() -> None:
    bars = tuple(Bar(iro="iro-1", against=each, kind=BarKind.PAST_CASEWORK) for each in ("child-2", "team-2"))
    assert bar_to(child(teams=("team-1",)), iro(bars=bars), DAY) is None


@pytest.mark.duty("iro_is_independent")
def test_whoever_works_on_the_case_or_manages_those_who_do_may_not_review() -> None:
    assert bar_to(child(workers=("worker-1", "iro-1")), iro(), DAY) == BarKind.LINE_MANAGEMENT.words


@pytest.mark.duty("iro_is_independent")
def test_a_conflict_declared_for_the_child_bars_that_iro_alone() -> None:
    whose = child(conflicts=(Conflict(iro="iro-1", reason="a neighbour of Mrs Smith"),))
    assert bar_to(whose, iro(), DAY) == BarKind.CONFLICT.words
    assert bar_to(whose, iro("iro-2"), DAY) is None


@pytest.mark.duty("parent_and_child_apart")
def test_parent_and_child_who_are_both_looked_after_have_different_iros() -> None:
    choice = choose(child(kin_iros=("iro-1",)), [iro(load=0), iro("iro-2", 60)], DAY)
    assert choice.iro == "iro-2"
    assert (
        considered(choice, "iro-1").barred == "is the IRO of the child's own parent or child, who is looked after too"
    )


@pytest.mark.duty("parent_and_child_apart")
def test_parent_and_child_have_different_iros_even_when_everyone_else_is_full() -> None:
    choice = choose(child(kin_iros=("iro-1",)), [iro(load=0), full("iro-2")], DAY)
    assert (choice.iro, choice.over_capacity) == ("iro-2", True)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ({"until": "2026-03-01"}, "left on 1 March 2026"),
        ({"since": "2026-03-03"}, "begins only on 3 March 2026"),
        ({"since": "2026-03-02", "until": "2026-03-02"}, None),
        ({"authority": "384"}, "is an IRO of another authority"),
    ],
)
def test_an_iro_is_of_the_authority_and_in_post_on_the_day(person: dict[str, str], why: str | None) -> None:
    assert bar_to(child(), iro(person=person), DAY) == why


@pytest.mark.parametrize(
    ("absence", "why"),
    [
        (away("2026-03-01", "2026-03-10"), "away until 10 March 2026, without cover"),
        (away("2026-03-02"), "away, without cover"),
        (away("2026-03-02", "2026-03-10", "iro-2"), None),
        (away("2026-03-03", "2026-03-10"), None),
        (away("2026-02-03", "2026-03-01"), None),
    ],
)
def test_an_iro_who_is_away_without_cover_is_not_given_a_child(absence: Absence, why: str | None) -> None:
    assert bar_to(child(), iro(absences=(absence,)), DAY) == why


@pytest.mark.parametrize("covered_first", [True, False])
def test_of_two_absences_that_overlap_the_one_that_is_covered_counts(covered_first: bool) -> None:
    both = (away("2026-03-01", "2026-03-05", "iro-2"), away("2026-03-02", "2026-03-09"))
    candidate = iro(absences=both if covered_first else both[::-1])
    assert bar_to(child(), candidate, DAY) is None
    assert is_away(candidate, DAY)


def test_whoever_covers_must_be_as_independent_as_the_iro() -> None:
    covered = iro(load=0, absences=(away("2026-03-01", "2026-03-20", "iro-2"),))
    barred = iro("iro-2", bars=(Bar(iro="iro-2", against="child-1", kind=BarKind.PAST_CASEWORK),))
    choice = choose(child(former_iro="iro-1"), [covered, barred, iro("iro-3", 60)], DAY)
    assert choice.iro == "iro-3"
    assert considered(choice, "iro-1").barred == "is away, and whoever covers may not review for this child"


def test_an_iro_reviews_only_in_the_nation_they_are_registered_for() -> None:
    assert bar_to(child(nation=Nation.WALES), iro(), DAY) == "does not review in Wales"
    assert bar_to(child(nation=Nation.WALES), iro(terms={"nations": ("wales", "england")}), DAY) is None


def test_an_iro_who_gave_the_child_up_does_not_follow_themselves() -> None:
    choice = choose(child(not_again=("iro-1",), former_iro="iro-1"), [iro(load=0), iro("iro-2", 60)], DAY)
    assert choice.iro == "iro-2"
    assert considered(choice, "iro-1").barred == "gave this child up"
