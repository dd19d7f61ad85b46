"""The right IRO of those who may: continuity, siblings, needs and an even load; and never no IRO for want of room."""

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.choosing import (
    Candidate,
    ChildToAllocate,
    Choice,
    Conflict,
    Sibling,
    bar_to,
    choose,
    leaves_soon,
    unmet_needs,
)
from rules.directory import Absence, Bar, BarKind
from rules.vocabulary import ApartGround, Nation
from tests.rules.candidates import DAY, away, child, considered, full, iro

whatever_comes = settings(derandomize=True, deadline=None, max_examples=200)


# --- Continuity, siblings, needs ----------------------------------------------------------------------------------


@pytest.mark.duty("former_iro_again")
def test_a_child_who_returns_to_care_has_the_former_iro_again() -> None:
    choice = choose(child(former_iro="iro-2"), [iro(load=0), iro("iro-2", 69)], DAY)
    assert (choice.iro, choice.because) == ("iro-2", "The IRO had the child in an earlier period of care.")
    assert considered(choice, "iro-2").speaks_for == ("had the child before",)


@pytest.mark.duty("siblings_share")
def test_siblings_have_the_same_iro() -> None:
    siblings = (Sibling(child="child-2", iro="iro-2"), Sibling(child="child-3", iro="iro-2"), Sibling(child="child-4"))
    choice = choose(child(siblings=siblings), [iro(load=0), iro("iro-2", 60)], DAY)
    assert (choice.iro, choice.because) == ("iro-2", "The IRO is the IRO of the child's siblings.")
    assert (choice.shares_with, choice.parted_from) == (("child-2", "child-3"), ())


def test_the_iro_who_knows_the_child_comes_before_the_siblings_iro() -> None:
    whose = child(former_iro="iro-1", siblings=(Sibling(child="child-2", iro="iro-2"),))
    choice = choose(whose, [iro(), iro("iro-2")], DAY)
    assert choice.iro == "iro-1"
    assert "the one who knows the child comes first" in choice.because
    assert choice.parted_from == ("child-2",)


def test_siblings_with_several_iros_give_the_child_one_of_them() -> None:
    siblings = (Sibling(child="child-2", iro="iro-2"), Sibling(child="child-3", iro="iro-3"))
    choice = choose(child(siblings=siblings), [iro(load=0), iro("iro-2", 40), iro("iro-3", 30)], DAY)
    assert (choice.iro, choice.shares_with, choice.parted_from) == ("iro-3", ("child-3",), ("child-2",))
    assert choice.because == "The IRO is the IRO of the child's siblings. The siblings have several IROs."


@pytest.mark.parametrize(
    ("theirs", "fields", "why"),
    [
        (full("iro-2"), {}, "The siblings' IRO is full."),
        (iro("iro-2", person={"until": "2026-03-20"}), {}, "The siblings' IRO is about to leave."),
        (iro("iro-2"), {"not_again": ("iro-2",)}, "The siblings' IRO gave this child up."),
        (iro("iro-2"), {"kin_iros": ("iro-2",)}, "The siblings' IRO may not review for this child."),
    ],
)
def test_when_siblings_cannot_share_the_reason_is_given(theirs: Candidate, fields: dict[str, Any], why: str) -> None:
    choice = choose(child(siblings=(Sibling(child="child-2", iro="iro-2"),), **fields), [iro(), theirs], DAY)
    assert choice.iro == "iro-1"
    assert choice.because.endswith(why)
    assert choice.parted_from == ("child-2",)


@pytest.mark.duty("siblings_share")
def test_siblings_in_conflict_never_share_an_iro() -> None:
    whose = child(siblings=(Sibling(child="child-2", iro="iro-2"),), apart=ApartGround.CONFLICT)
    choice = choose(whose, [full("iro-1"), iro("iro-2", 0)], DAY)
    assert (choice.iro, choice.over_capacity) == ("iro-1", True)
    assert choice.because.endswith(" Apart from the siblings: there is a conflict of interest.")
    assert considered(choice, "iro-2").barred
    assert choose(whose, [iro("iro-2", 0)], DAY).iro is None


@pytest.mark.duty("siblings_share")
def test_siblings_too_many_for_one_share_only_where_nobody_else_has_room() -> None:
    whose = child(siblings=(Sibling(child="child-2", iro="iro-2"),), apart=ApartGround.GROUP_SIZE)
    choice = choose(whose, [iro("iro-1", 69), iro("iro-2", 0)], DAY)
    assert choice.iro == "iro-1"
    assert choice.because.endswith(" Apart from the siblings: they are too many for one IRO.")
    assert considered(choice, "iro-2").speaks_against == ("is the IRO of the siblings, who are too many for one",)
    assert choose(whose, [full("iro-1"), iro("iro-2", 0)], DAY).iro == "iro-2"


def test_siblings_apart_for_their_number_come_before_continuity_with_the_siblings_iro() -> None:
    whose = child(former_iro="iro-2", siblings=(Sibling(child="child-2", iro="iro-2"),), apart=ApartGround.GROUP_SIZE)
    assert choose(whose, [iro("iro-1", 60), iro("iro-2", 0)], DAY).iro == "iro-1"


def test_continuity_counts_for_nothing_with_someone_about_to_leave() -> None:
    leaving = iro("iro-1", 0, person={"until": "2026-03-29"})
    choice = choose(child(former_iro="iro-1"), [leaving, iro("iro-2", 60)], DAY)
    assert choice.iro == "iro-2"
    assert considered(choice, "iro-1").speaks_against == ("leaves on 29 March 2026",)
    assert choose(child(former_iro="iro-1"), [leaving, full("iro-2")], DAY).iro == "iro-1"
    assert not leaves_soon(iro(person={"until": "2026-03-30"}), DAY)


def test_the_iro_who_offers_what_the_child_needs_comes_before_a_lighter_load() -> None:
    whose = child(needs=("polish", "bsl"))
    both = iro("iro-3", 69, terms={"offers": ("bsl", "polish")})
    one = iro("iro-2", 20, terms={"offers": ("polish",)})
    choice = choose(whose, [iro("iro-1", 0), one, both], DAY)
    assert (choice.iro, choice.because) == ("iro-3", "The IRO offers all that the child needs.")
    assert considered(choice, "iro-2").speaks_for == ("offers polish",)
    assert considered(choice, "iro-2").speaks_against == ("does not offer bsl",)
    choice = choose(whose, [iro("iro-1", 0), one], DAY)
    assert (choice.iro, choice.because) == ("iro-2", "The IRO offers more of what the child needs.")
    assert unmet_needs(whose, one) == ("bsl",)


# --- Load -------------------------------------------------------------------------------------------------------


@pytest.mark.duty("lightest_load")
def test_all_else_equal_the_lightest_load_for_the_hours_is_chosen() -> None:
    choice = choose(child(), [iro("iro-1", 30, hours=0.5), iro("iro-2", 40), iro("iro-3", 21, hours=0.5)], DAY)
    assert (choice.iro, choice.because) == ("iro-2", "The IRO has the lightest load for their hours.")
    assert [each.iro for each in choice.considered] == ["iro-2", "iro-3", "iro-1"]


@pytest.mark.parametrize("number", range(6))
def test_the_place_that_would_be_taken_counts_half_so_that_part_timers_are_not_filled_first(number: int) -> None:
    new_team = [iro("iro-1", 0), iro("iro-2", 0, hours=0.5)]
    assert choose(child(child=f"child-{number}"), new_team, DAY).iro == "iro-1"
    assert choose(child(child=f"child-{number}"), [iro("iro-1", 2), iro("iro-2", 0, hours=0.5)], DAY).iro == "iro-2"


def test_an_iro_who_is_there_comes_before_one_who_is_away_and_covered() -> None:
    covered = iro(load=0, absences=(away("2026-03-01", "2026-03-10", "iro-2"),))
    choice = choose(child(), [covered, iro("iro-2", 60)], DAY)
    assert choice.iro == "iro-2"
    assert choice.because == "The IRO has the lightest load for their hours of those who are free to take the child."
    assert considered(choice, "iro-1").speaks_against == ("is away, and covered",)
    assert choose(child(former_iro="iro-1"), [covered, iro("iro-2", 60)], DAY).iro == "iro-1"


def test_equal_candidates_take_turns() -> None:
    equal = [iro(f"iro-{n}") for n in range(4)]
    chosen = [choose(child(child=f"child-{n}"), equal, DAY).iro for n in range(400)]
    assert all(70 < chosen.count(each.reference) < 130 for each in equal)


@pytest.mark.parametrize(
    "fields",
    [
        {"former_iro": "iro-1"},
        {"siblings": (Sibling(child="child-2", iro="iro-1"),)},
        {"needs": ("polish",)},
    ],
)
def test_no_limit_is_passed_while_someone_else_has_room_not_even_for_continuity(fields: dict[str, Any]) -> None:
    preferred = iro("iro-1", 35, hours=0.5, terms={"offers": ("polish",)})
    choice = choose(child(**fields), [preferred, iro("iro-2", 69)], DAY)
    assert (choice.iro, choice.over_capacity) == ("iro-2", False)
    assert "is full" in considered(choice, "iro-1").speaks_against


@pytest.mark.duty("never_a_queue")
@pytest.mark.duty("appoint_iro")
def test_when_all_are_full_the_child_has_an_iro_all_the_same_and_it_is_said() -> None:
    choice = choose(child(), [full("iro-1"), iro("iro-2", 75)], DAY)
    assert (choice.iro, choice.over_capacity) == ("iro-1", True)
    assert choice.because.endswith("Everyone who may review for the child is full, so this is over their limit.")


def test_when_nobody_may_review_nobody_is_chosen_and_each_reason_is_kept() -> None:
    choice = choose(child(kin_iros=("iro-2",)), [iro(person={"until": "2026-01-31"}), iro("iro-2")], DAY)
    assert choice.iro is None
    assert choice.because.startswith("No IRO of the authority may review for this child")
    assert [(each.iro, bool(each.barred)) for each in choice.considered] == [("iro-1", True), ("iro-2", True)]


def test_an_empty_directory_says_so() -> None:
    assert choose(child(), [], DAY) == Choice(iro=None, because="There is no IRO in the directory.")


def test_the_only_one_who_may_is_chosen_and_the_barred_come_last() -> None:
    choice = choose(child(kin_iros=("iro-1",)), [iro(), iro("iro-2", 69)], DAY)
    assert choice.because == "The IRO is the only one who may review."
    assert [each.iro for each in choice.considered] == ["iro-2", "iro-1"]
    assert (considered(choice, "iro-2").load, considered(choice, "iro-2").places) == (69, 70)


def test_nothing_that_is_returned_names_anybody_or_quotes_a_reason_given_in_confidence() -> None:
    bars = (Bar(iro="iro-1", against="child-1", kind=BarKind.CONFLICT, reason="cousin of Ann Other"),)
    whose = child(conflicts=(Conflict(iro="iro-2", reason="sued by Ann Other"),))
    said = choose(whose, [iro(bars=bars), iro("iro-2"), iro("iro-3")], DAY).model_dump_json()
    assert "A Name" not in said
    assert "Ann Other" not in said


# --- Whatever comes -----------------------------------------------------------------------------------------------

REFERENCES = st.sampled_from([f"iro-{n}" for n in range(5)])
SOME = st.lists(REFERENCES, max_size=2, unique=True).map(tuple)


@st.composite
def children(draw: st.DrawFn) -> ChildToAllocate:
    return child(
        child=f"child-{draw(st.integers(1, 9))}",
        nation=draw(st.sampled_from(Nation)),
        workers=draw(SOME),
        needs=draw(st.sampled_from([(), ("polish",), ("polish", "bsl")])),
        former_iro=draw(st.none() | REFERENCES),
        siblings=tuple(Sibling(child=f"child-2{n}", iro=who) for n, who in enumerate(draw(SOME))),
        apart=draw(st.none() | st.sampled_from(ApartGround)),
        kin_iros=draw(SOME),
        conflicts=tuple(Conflict(iro=who, reason="known") for who in draw(SOME)),
        not_again=draw(SOME),
    )


@st.composite
def services(draw: st.DrawFn) -> list[Candidate]:
    def one(reference: str) -> Candidate:
        absence = st.builds(
            lambda cover, until: Absence(person=reference, since=DAY, until=until, cover=cover),
            st.none() | REFERENCES,
            st.none() | st.just(date(2026, 3, 9)),
        )
        bar = st.sampled_from(BarKind).map(lambda kind: Bar(iro=reference, against="child-1", kind=kind))
        return iro(
            reference,
            draw(st.integers(0, 12)),
            hours=draw(st.sampled_from([0.5, 0.6, 1.0])),
            limit=10,
            person={"until": draw(st.sampled_from([None, "2026-03-01", "2026-03-10", "2027-01-01"]))},
            terms={"nations": tuple(Nation), "offers": draw(st.sampled_from([(), ("polish",)]))},
            absences=tuple(draw(st.lists(absence, max_size=1))),
            bars=tuple(draw(st.lists(bar, max_size=1))),
        )

    return [one(reference) for reference in draw(st.lists(REFERENCES, unique=True))]


@whatever_comes
@given(children(), services())
def test_the_one_chosen_is_never_barred_and_never_full_while_another_has_room(
    whose: ChildToAllocate, service: list[Candidate]
) -> None:
    choice = choose(whose, service, DAY)
    free = [each for each in choice.considered if each.barred is None]
    assert (choice.iro is None) == (not free)
    assert {each.iro for each in choice.considered} == {each.reference for each in service}
    if choice.iro:
        chosen = next(each for each in service if each.reference == choice.iro)
        assert bar_to(whose, chosen, DAY) is None
        assert choice.iro not in (*whose.workers, *whose.kin_iros, *whose.not_again)
        assert choice.considered[0].iro == choice.iro
        assert choice.over_capacity == all(each.load >= each.places for each in free)


@whatever_comes
@given(children(), services(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(
    whose: ChildToAllocate, service: list[Candidate], dice: random.Random
) -> None:
    shuffled = dice.sample(service, len(service))
    assert choose(whose, shuffled, DAY) == choose(whose, service, DAY)


@pytest.mark.duty("lightest_load")
def test_thousands_of_arrivals_load_every_iro_alike_for_their_hours() -> None:
    dice = random.Random(3)
    hours = {f"iro-{n}": dice.choice([0.5, 0.6, 0.8, 1.0]) for n in range(8)}
    loads = dict.fromkeys(hours, 0)
    for number in range(2500):
        service = [iro(each, loads[each], hours=hours[each], limit=200) for each in hours]
        chosen = choose(child(child=f"child-{number}"), service, DAY).iro
        assert chosen
        loads[chosen] += 1
        shares = [loads[each] / Fraction(str(hours[each])) for each in hours]
        assert max(shares) - min(shares) <= 2
