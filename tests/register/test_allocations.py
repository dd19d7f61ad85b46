"""A child's IRO is chosen in one transaction, once, with its reasons kept: by the system or by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from register.allocations import Allocation, AllocationAsked, ByHand, allocate, allocations, bar_to_choice, by_hand
from register.directory import add_bar, add_people, directory_version, set_last_day
from register.publish import publish
from register.queries import episode
from rules.choosing import ChildToAllocate, Conflict
from rules.directory import Bar, BarKind, IroTerms, Person
from rules.facts import Entry
from rules.facts.iro import IroProposed, NoIroFound
from rules.vocabulary import ApartGround, KinRelation, Nation, Role
from tests.register.allocate_children import FIRST, again, asked, record, take_in
from tests.register.samples import MORNING, TODAY, agenda, appointed, iro, kin, opening, publication
from tests.register.services import NOTED, has, iros, loads


def workers(engine: Engine) -> None:
    """A social worker's line: the team manager, the service manager, the assistant director, in three teams."""
    line = [
        ("sw-7", Role.SOCIAL_WORKER, "tm-2", "team-a"),
        ("tm-2", Role.TEAM_MANAGER, "sm-1", "team-a"),
        ("sm-1", Role.SERVICE_MANAGER, "ad-1", "service-b"),
        ("ad-1", Role.ASSISTANT_DIRECTOR, None, None),
        ("tm-9", Role.TEAM_MANAGER, "sm-1", "team-z"),
    ]
    people = [
        Person(reference=who, name="Somebody", role=role, authority="822", line_manager=above, team=team)
        for who, role, above, team in line
    ]
    add_people(engine, [(each, None) for each in people], **NOTED)


# --- One child ---------------------------------------------------------------------------------------------------


def test_the_choice_is_kept_with_its_reasons(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-1")
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro == "iro-2"
    assert (made.fact_id, made.number, made.at) == (FIRST, 1, MORNING)
    assert made.directory == directory_version(engine)
    assert allocations(engine, "episode-10") == [
        Allocation(**dict(made), step="appoint_iro", recorded=False),
    ]
    record(engine, 10, made)
    assert [each.recorded for each in allocations(engine, "episode-10")] == [True]
    line = episode(engine, "episode-10", today=TODAY)
    assert line and line.iro == "iro-2"


def test_a_choice_that_was_never_recorded_is_made_anew_in_its_place(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert allocate(engine, asked(10)) == made
    assert made.choice.iro
    set_last_day(engine, made.choice.iro, TODAY, **NOTED)
    later = again(asked(10), day=TODAY + timedelta(20), at=MORNING + timedelta(20))
    anew = allocate(engine, later)
    assert (anew.fact_id, anew.number, anew.at) == (made.fact_id, 1, later.at)
    assert {made.choice.iro, anew.choice.iro} == {"iro-1", "iro-2"}
    assert allocations(engine, "episode-10") == [Allocation(**dict(anew), step="appoint_iro", recorded=False)]
    assert loads(engine) == {"iro-1": 0, "iro-2": 0} | {anew.choice.iro: 1}


def test_a_choice_that_was_published_is_followed_by_another(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    first = allocate(engine, asked(10))
    record(engine, 10, first)
    second = allocate(engine, again(asked(10), known_revision=2, not_again=(first.choice.iro,)))
    assert second.number == 2 and second.fact_id.startswith("iro-") and second.fact_id.endswith("-2")
    assert {first.choice.iro, second.choice.iro} == {"iro-1", "iro-2"}
    other = allocate(engine, again(asked(10), step="fill_vacancy.gone"))
    assert other.number == 1 and other.fact_id not in (first.fact_id, second.fact_id)
    assert len(allocations(engine, "episode-10")) == 3


def test_a_choice_whose_publication_was_never_heard_of_is_given_again(engine: Engine) -> None:
    """The worker was killed when the fact stood already, before the episode's workflow was told."""
    iros(engine, iro_1=30, iro_2=30)
    take_in(engine, 10)
    made = allocate(engine, again(asked(10), known_revision=1))
    record(engine, 10, made)
    assert allocate(engine, again(asked(10), known_revision=1, at=MORNING + timedelta(days=1))) == made
    (kept,) = allocations(engine, "episode-10")
    assert kept.recorded


def test_that_nobody_was_found_is_kept_too(engine: Engine) -> None:
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro is None and made.directory == ""
    fact = NoIroFound(id=made.fact_id, on=TODAY, by="system", directory=made.directory)
    said = publication(agenda(iro=None), episode="episode-10", revision=2, entries=(Entry(fact=fact, at=MORNING),))
    publish(engine, said)
    (kept,) = allocations(engine, "episode-10")
    assert kept.recorded and kept.choice == made.choice
    iros(engine, iro_1=1)
    assert allocate(engine, again(asked(10), known_revision=2)).choice.iro == "iro-1"


def test_a_proposal_holds_the_place_that_it_took(engine: Engine) -> None:
    iros(engine, iro_1=1, iro_2=1)
    take_in(engine, 10)
    made = allocate(engine, asked(10))
    assert made.choice.iro
    assert loads(engine)[made.choice.iro] == 1
    fact = IroProposed(id=made.fact_id, on=TODAY, by="system", iro=made.choice.iro)
    proposal = publication(
        agenda(iro=None, proposed=made.choice.iro),
        episode="episode-10",
        revision=2,
        opened_by=opening(child="child-10"),
        entries=(Entry(fact=fact, at=MORNING),),
    )
    publish(engine, proposal)
    assert loads(engine)[made.choice.iro] == 1
    assert [each.recorded for each in allocations(engine, "episode-10")] == [True]
    take_in(engine, 20)
    assert allocate(engine, asked(20)).choice.iro not in (None, made.choice.iro)


def test_an_appointment_by_hand_leaves_allocations_as_they_are(engine: Engine) -> None:
    iros(engine, iro_1=30)
    take_in(engine, 10)
    allocate(engine, asked(10))
    opened = opening(child="child-10")
    said = publication(agenda(), episode="episode-10", revision=2, opened_by=opened, entries=(appointed("by-hand"),))
    publish(engine, said)
    assert [each.recorded for each in allocations(engine, "episode-10")] == [False]
    assert loads(engine) == {"iro-1": 1}  # not twice


# --- The child's family and workers ------------------------------------------------------------------------------


@pytest.mark.parametrize("against", ["sw-7", "tm-2", "sm-1", "ad-1", "team-a", "service-b", "child-10"])
def test_an_iro_barred_from_a_worker_a_manager_above_or_a_team_is_not_chosen(engine: Engine, against: str) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    add_bar(engine, Bar(iro="iro-1", against=against, kind=BarKind.RESOURCES), **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.iro == "iro-2"


def test_a_bar_from_another_team_is_none(engine: Engine) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    add_bar(engine, Bar(iro="iro-1", against="team-z", kind=BarKind.RESOURCES), **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.iro == "iro-1"


def test_siblings_get_the_iro_of_whoever_came_first_even_before_it_is_published(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30, iro_3=30)
    for number in (10, 11, 12):
        take_in(engine, number)
    first = allocate(engine, asked(10))
    second = allocate(engine, asked(11))
    record(engine, 10, first)
    third = allocate(engine, asked(12))
    assert first.choice.iro == second.choice.iro == third.choice.iro
    assert first.choice.shares_with == ()
    assert second.choice.shares_with == ("child-10",)
    assert third.choice.shares_with == ("child-10", "child-11")


def test_siblings_kept_apart_do_not(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in (10, 11):
        take_in(engine, number)
    first = allocate(engine, asked(10))
    apart = allocate(engine, again(asked(11), apart=ApartGround.CONFLICT))
    assert {first.choice.iro, apart.choice.iro} == {"iro-1", "iro-2"}
    assert apart.choice.parted_from == ("child-10",)


@pytest.mark.parametrize("relation", [KinRelation.PARENT, KinRelation.CHILD])
def test_a_parent_and_a_child_get_different_iros(engine: Engine, relation: KinRelation) -> None:
    iros(engine, iro_1=30, iro_2=2)
    has(engine, 1, "iro-2")
    has(engine, 2, "iro-2")
    opened = opening(child="child-10")
    said = (kin("child-20", relation),)
    publish(engine, publication(agenda(iro=None), episode="episode-10", opened_by=opened, kin=said))
    take_in(engine, 20)
    assert allocate(engine, asked(10)).choice.iro == "iro-1"
    made = allocate(engine, asked(20)).choice
    assert made.iro == "iro-2" and made.over_capacity


def test_the_iro_of_an_earlier_period_of_care_is_found_again_and_told_of_when_gone(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    has(engine, 1, "iro-2")
    take_in(engine, 10)
    take_in(engine, 20)
    assert allocate(engine, again(asked(10), former_iro="iro-2")).choice.iro == "iro-2"
    set_last_day(engine, "iro-1", TODAY - timedelta(1), **NOTED)
    made = allocate(engine, again(asked(20), former_iro="iro-1")).choice
    assert made.iro == "iro-2"
    assert [each.barred for each in made.considered if each.iro == "iro-1"] == ["left on 2 June 2026"]


def test_only_iros_of_the_authority_are_candidates(engine: Engine) -> None:
    add_people(engine, [(iro("iro-9", authority="823"), IroTerms(iro="iro-9"))], **NOTED)
    take_in(engine, 10)
    assert allocate(engine, asked(10)).choice.considered == ()


# --- By hand -----------------------------------------------------------------------------------------------------


def test_an_iro_chosen_by_hand_is_told_to_fit_or_why_not(engine: Engine) -> None:
    workers(engine)
    iros(engine, iro_1=30, iro_2=30, iro_3=30, iro_4=1)
    add_people(engine, [(iro("iro-9", authority="823"), IroTerms(iro="iro-9"))], **NOTED)
    set_last_day(engine, "iro-2", TODAY - timedelta(1), **NOTED)
    add_bar(engine, Bar(iro="iro-3", against="team-a", kind=BarKind.PAST_CASEWORK), **NOTED)
    take_in(engine, 10)
    has(engine, 1, "iro-4")
    assert bar_to_choice(engine, asked(10), "iro-1") is None
    assert bar_to_choice(engine, asked(10), "nobody") == (
        "nobody is not in the directory: add them first, or choose another IRO."
    )
    assert bar_to_choice(engine, asked(10), "tm-2") == "tm-2 is team manager, not an IRO: choose an IRO."
    barred = {
        "iro-2": "left on 2 June 2026",
        "iro-3": "has worked on the case",
        "iro-9": "is an IRO of another authority",
    }
    for who, words in barred.items():
        assert bar_to_choice(engine, asked(10), who) == (
            f"{who} may not review for this child ({words}): choose another IRO."
        )
    conflict = again(asked(10), conflicts=(Conflict(iro="iro-1", reason="neighbours"),))
    assert "has declared a conflict of interest" in str(bar_to_choice(engine, conflict, "iro-1"))
    assert by_hand(engine, asked(10), "iro-4") == ByHand(iro="iro-4", bar=None, over_capacity=True)
    assert allocations(engine, "episode-10") == []


def test_an_iro_chosen_by_hand_is_told_with_the_siblings_who_share_them(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in (10, 11, 12):
        take_in(engine, number)
    has(engine, 10, "iro-1", revision=2)
    has(engine, 12, "iro-2", revision=2)
    assert by_hand(engine, asked(11), "iro-1").shares_with == ("child-10",)
    assert by_hand(engine, asked(11), "iro-2").shares_with == ("child-12",)


# --- What is looked at ------------------------------------------------------------------------------------------------


def test_nothing_of_a_child_that_a_rule_would_want_is_left_out() -> None:
    """What is asked, and what the register finds, is all that is looked at."""
    found = {"workers", "teams", "siblings", "kin_iros"}
    assert set(ChildToAllocate.model_fields) - found <= set(AllocationAsked.model_fields)
    assert AllocationAsked.model_fields["nation"].annotation is Nation
