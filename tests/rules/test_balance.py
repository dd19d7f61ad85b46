"""An even load without breaking continuity: few moves, only of children who lose nobody they know; proposals only."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.balance import EVEN_ENOUGH, Movable, Move, moves
from rules.choosing import Candidate, ChildToAllocate, Conflict, Sibling, bar_to
from rules.directory import Absence, IroTerms, Person
from rules.vocabulary import ApartGround, Nation, Role
from tests.rules.build import day

DAY = day("2026-03-02")
whatever_comes = settings(derandomize=True, deadline=None, max_examples=200)


def iro(reference: str, load: int, *, hours: float = 1.0, limit: int = 70, **fields: Any) -> Candidate:
    person = {"reference": reference, "name": "A Name", "role": Role.IRO, "authority": "383"} | fields.pop("person", {})
    terms = {"iro": reference, "hours": hours, "full_time_limit": limit} | fields.pop("terms", {})
    return Candidate(person=Person(**person), terms=IroTerms(**terms), load=load, **fields)


def one(
    number: int, who: str = "iro-1", *, since: str = "2026-02-02", reviewed: bool = False, **fields: Any
) -> Movable:
    asked = {"child": f"child-{number}", "authority": "383", "nation": Nation.ENGLAND} | fields
    return Movable(
        episode=f"episode-{number}",
        iro=who,
        appointed_on=day(since),
        reviewed=reviewed,
        child=ChildToAllocate(**asked),
    )


def some(count: int, who: str = "iro-1", **fields: Any) -> list[Movable]:
    return [one(number, who, **fields) for number in range(count)]


def spread(loads: dict[str, int], iros: list[Candidate]) -> Fraction:
    shares = [Fraction(loads[each.reference]) / Fraction(str(each.terms.hours)) for each in iros]
    return max(shares) - min(shares) if shares else Fraction(0)


def pairs(found: tuple[Move, ...]) -> list[tuple[str, str]]:
    return [(move.from_iro, move.to_iro) for move in found]


def test_a_heavier_load_gives_to_a_lighter_one_until_they_are_within_two_children() -> None:
    found = moves([iro("iro-1", 60), iro("iro-2", 50)], some(20), DAY)
    assert pairs(found) == [("iro-1", "iro-2")] * 4
    assert len({move.episode for move in found}) == 4
    assert found[0].because == ("No review was held with this IRO, who has 60 children for full-time hours against 50.")


def test_loads_within_two_children_of_each_other_are_left_alone() -> None:
    assert moves([iro("iro-1", 52), iro("iro-2", 50)], some(20), DAY) == ()
    assert moves([], [], DAY) == ()


def test_loads_are_compared_for_the_hours() -> None:
    part_time = iro("iro-2", 30, hours=0.5)
    assert moves([iro("iro-1", 61), part_time], some(20), DAY) == ()
    assert pairs(moves([iro("iro-1", 57), part_time], some(20, "iro-2"), DAY)) == [("iro-2", "iro-1")]


def test_the_receiver_never_ends_heavier_than_the_giver() -> None:
    # 9 for full time against 6.7: one more would be 10 against 8.
    assert moves([iro("iro-1", 9), iro("iro-2", 2, hours=0.3)], some(9), DAY) == ()


def test_the_newest_children_move_first() -> None:
    children = [one(1, since="2026-01-05"), one(2, since="2026-02-16"), one(3, since="2026-02-02")]
    found = moves([iro("iro-1", 14), iro("iro-2", 10)], children, DAY)
    assert [move.child for move in found] == ["child-2"]


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("a review was held", {"reviewed": True}),
        ("the siblings are here", {"siblings": (Sibling(child="child-99", iro="iro-1"),)}),
        ("the child's former IRO", {"former_iro": "iro-1"}),
        ("the receiver gave the child up", {"not_again": ("iro-2",)}),
        ("the receiver has a conflict", {"conflicts": (Conflict(iro="iro-2", reason="known"),)}),
        ("the receiver is the parent's IRO", {"kin_iros": ("iro-2",)}),
        ("the receiver works on the case", {"workers": ("iro-2",)}),
        ("the receiver has siblings kept apart", {
            "siblings": (Sibling(child="child-99", iro="iro-2"),), "apart": ApartGround.GROUP_SIZE,
        }),
        ("the receiver does not review there", {"nation": Nation.WALES}),
        ("the giver alone offers what the child needs", {"needs": ("polish",)}),
    ],
)  # fmt: skip
def test_a_child_who_would_lose_by_it_stays(why: str, fields: dict[str, Any]) -> None:
    giver = iro("iro-1", 60, terms={"offers": ("polish",)})
    assert moves([giver, iro("iro-2", 50)], some(20, **fields), DAY) == (), why


@pytest.mark.parametrize(
    "receiver",
    [
        iro("iro-2", 50, limit=50),
        iro("iro-2", 50, person={"until": "2026-03-20"}),
        iro("iro-2", 50, person={"until": "2026-02-20"}),
        iro("iro-2", 0, person={"since": "2026-04-01"}),
        iro("iro-2", 50, absences=(Absence(person="iro-2", since=DAY, cover="iro-3"),)),
        iro("iro-2", 50, absences=(Absence(person="iro-2", since=DAY),)),
    ],
)
def test_nobody_is_moved_to_one_who_is_full_away_leaving_gone_or_not_begun(receiver: Candidate) -> None:
    assert moves([iro("iro-1", 60), receiver], some(20), DAY) == ()


def test_children_who_may_not_move_do_not_keep_others_from_moving() -> None:
    # iro-1 is the heaviest and keeps all; iro-3 and iro-2 can still come closer.
    children = [*some(50, "iro-1", reviewed=True), *(one(100 + n, "iro-2") for n in range(10))]
    found = moves([iro("iro-1", 60), iro("iro-2", 45), iro("iro-3", 40)], children, DAY)
    assert pairs(found) == [("iro-2", "iro-3")] * 2


def test_a_child_may_join_the_siblings_who_then_stay_too() -> None:
    iros = [iro("iro-1", 30), iro("iro-2", 20), iro("iro-3", 17)]
    not_three = (Conflict(iro="iro-3", reason="known"),)
    strangers = [one(1, "iro-1", conflicts=not_three), one(2, "iro-2")]
    assert [(move.child, move.to_iro) for move in moves(iros, strangers, DAY)] == [
        ("child-1", "iro-2"),
        ("child-2", "iro-3"),
    ]
    siblings = [
        one(1, "iro-1", conflicts=not_three, siblings=(Sibling(child="child-2", iro="iro-2"),)),
        one(2, "iro-2", siblings=(Sibling(child="child-1", iro="iro-1"),)),
    ]
    assert [(move.child, move.to_iro) for move in moves(iros, siblings, DAY)] == [("child-1", "iro-2")]


def test_parent_and_child_are_never_brought_together_by_one_proposal() -> None:
    parent = one(1, "iro-1", kin_iros=("iro-2",))
    baby = one(2, "iro-2", kin_iros=("iro-1",))
    found = moves([iro("iro-1", 20), iro("iro-2", 20), iro("iro-3", 10)], [parent, baby], DAY)
    assert len(found) == 1


def test_children_of_whom_nothing_is_said_stay() -> None:
    assert moves([iro("iro-1", 60), iro("iro-2", 50)], [one(1, "iro-7")], DAY) == ()


@pytest.mark.parametrize("seed", range(40))
def test_among_full_time_iros_who_can_all_exchange_no_fewer_moves_would_do(seed: int) -> None:
    dice = random.Random(seed)
    loads = [dice.randint(0, 15) for _ in range(dice.randint(2, 6))]
    iros = [iro(f"iro-{n}", load) for n, load in enumerate(loads)]
    children = [one(100 * n + k, f"iro-{n}") for n, load in enumerate(loads) for k in range(load)]
    # To bring every load between `low` and `low + 2`, whichever is more must move: what is above, or what is missing.
    fewest = min(
        max(sum(max(0, load - low - EVEN_ENOUGH) for load in loads), sum(max(0, low - load) for load in loads))
        for low in range(16)
        if low * len(loads) <= sum(loads) <= (low + EVEN_ENOUGH) * len(loads)
    )
    assert len(moves(iros, children, DAY)) == fewest


# --- Whatever comes -----------------------------------------------------------------------------------------------

REFERENCES = [f"iro-{n}" for n in range(5)]
WHO = st.sampled_from(REFERENCES)
FEW = st.lists(WHO, max_size=1).map(tuple)


@st.composite
def services(draw: st.DrawFn) -> tuple[list[Candidate], list[Movable]]:
    children = [
        one(
            number,
            draw(WHO),
            reviewed=draw(st.booleans()),
            former_iro=draw(st.none() | WHO),
            siblings=tuple(
                Sibling(child=f"child-{each}", iro=None) for each in draw(st.lists(st.integers(0, 24), max_size=1))
            ),
            apart=draw(st.none() | st.none() | st.sampled_from(ApartGround)),
            kin_iros=draw(FEW),
            not_again=draw(FEW),
            needs=draw(st.sampled_from([(), (), ("polish",)])),
        )
        for number in range(draw(st.integers(0, 25)))
    ]
    with_iro = {each.child.child: each.iro for each in children}
    children = [
        each.model_copy(
            update={
                "child": each.child.model_copy(
                    update={
                        "siblings": tuple(
                            Sibling(child=sibling.child, iro=with_iro.get(sibling.child))
                            for sibling in each.child.siblings
                            if sibling.child != each.child.child
                        )
                    }
                )
            }
        )
        for each in children
    ]
    iros = [
        iro(
            reference,
            sum(each.iro == reference for each in children) + draw(st.integers(0, 6)),
            hours=draw(st.sampled_from([0.4, 0.5, 0.8, 1.0])),
            limit=draw(st.sampled_from([6, 12, 70])),
            person={"until": draw(st.sampled_from([None, None, "2026-03-01", "2026-03-10"]))},
            terms={"offers": draw(st.sampled_from([(), ("polish",)]))},
            absences=draw(st.sampled_from([(), (), (Absence(person=reference, since=DAY, cover="iro-9"),)])),
        )
        for reference in REFERENCES
    ]
    return iros, children


@whatever_comes
@given(services())
def test_a_proposal_moves_only_who_may_be_moved_and_each_move_evens(
    service: tuple[list[Candidate], list[Movable]],
) -> None:
    iros, children = service
    by_child = {each.child.child: each for each in children}
    by_iro = {each.reference: each for each in iros}
    loads = {each.reference: each.load for each in iros}
    there = [each for each in iros if each.person.holds_on(DAY)]
    where = {each.child.child: each.iro for each in children}
    found = moves(iros, children, DAY)
    assert len({move.child for move in found}) == len(found)
    for move in found:
        moved, receiver = by_child[move.child], by_iro[move.to_iro]
        assert (move.episode, move.from_iro) == (moved.episode, moved.iro)
        assert not moved.reviewed
        assert moved.child.former_iro != move.from_iro
        siblings_with = {where[sibling.child] for sibling in moved.child.siblings if sibling.child in where}
        assert move.from_iro not in siblings_with
        assert not (moved.child.apart and move.to_iro in siblings_with)
        assert bar_to(moved.child, receiver, DAY) is None
        assert move.to_iro not in moved.child.not_again
        before = spread(loads, there)
        loads[move.from_iro] -= 1
        loads[move.to_iro] += 1
        where[move.child] = move.to_iro
        assert spread(loads, there) <= before
        assert loads[move.to_iro] <= receiver.terms.places
        shares = [loads[each] / Fraction(str(by_iro[each].terms.hours)) for each in (move.to_iro, move.from_iro)]
        assert shares[0] <= shares[1]
        assert "A Name" not in move.because


@whatever_comes
@given(services(), st.randoms(use_true_random=False))
def test_the_same_service_in_any_order_has_the_same_proposal(
    service: tuple[list[Candidate], list[Movable]], dice: random.Random
) -> None:
    iros, children = service
    shuffled = moves(dice.sample(iros, len(iros)), dice.sample(children, len(children)), DAY)
    assert shuffled == moves(iros, children, DAY)
