"""The children who have no IRO, with the choices made for them; and the moves that would even the load."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from register.allocations import allocate
from register.balancing import proposed_moves
from register.publish import publish
from register.work import BadCursor
from register.work_allocation import Unallocateds, count_unallocated, unallocated
from register.work_names import ChildNamed, children_of_episodes, names_of_people
from rules.codes import ParticipationCode
from rules.facts import Entry
from rules.facts.iro import IroAppointed
from rules.facts.reviews import ReviewHeld
from rules.steps import Step
from rules.vocabulary import Phase, Role
from tests.register.allocate_children import asked
from tests.register.lists import DAY, case, whole
from tests.register.samples import D0, MORNING, TODAY, agenda, opening, publication, review, step
from tests.register.services import iros


def owed_iro(due: date = TODAY, name: str = "appoint_iro") -> Step:
    return step(name, due=due, phase=Phase.ALLOCATION).model_copy(update={"owner": Role.IRO_MANAGER})


# --- The children who have none ---------------------------------------------------------------------------------------


def test_the_child_to_whom_an_iro_was_owed_first_comes_first(engine: Engine) -> None:
    case(engine, "late", owed_iro(TODAY - 3 * DAY), iro=None)
    case(engine, "later", owed_iro(TODAY), owed_iro(TODAY + DAY, "fill_vacancy"), iro=None)
    case(engine, "latest", owed_iro(TODAY - 9 * DAY), iro=None, proposed="iro-1")
    found = unallocated(engine, "822").items
    assert [each.episode for each in found] == ["episode-latest", "episode-late", "episode-later"]
    assert [each.proposed_iro for each in found] == ["iro-1", None, None]
    assert [each.step and each.step.due for each in found] == [TODAY - 9 * DAY, TODAY - 3 * DAY, TODAY]
    assert [each.episode for each in unallocated(engine, "822", proposed=True).items] == ["episode-latest"]
    assert [each.episode for each in unallocated(engine, "822", proposed=False).items] == [
        "episode-late", "episode-later",
    ]  # fmt: skip
    assert count_unallocated(engine, "822") == Unallocateds(proposed=1, unproposed=2)


def test_only_children_in_care_of_that_authority_without_an_iro_are_there(engine: Engine) -> None:
    case(engine, "has-one", owed_iro())
    case(engine, "gone", owed_iro(), iro=None, ended_on=TODAY)
    case(engine, "void", owed_iro(), iro=None, stage=Phase.VOID)
    case(engine, "elsewhere", owed_iro(), iro=None, authority="823")
    assert unallocated(engine, "822").items == ()
    assert count_unallocated(engine, "822").total == 0


def test_a_child_whose_step_is_exempted_still_waits(engine: Engine) -> None:
    case(engine, "1", step(), iro=None)
    (found,) = unallocated(engine, "822").items
    assert (found.step, found.sorts_by) == (None, D0)


def test_the_last_choice_that_was_made_is_shown_with_its_reasons(engine: Engine) -> None:
    iros(engine, iro_1=30)
    case(engine, "1", owed_iro(), iro=None)
    made = allocate(engine, asked(1).model_copy(update={"episode": "episode-1", "child": "child-1"}))
    (found,) = unallocated(engine, "822").items
    assert found.choice and found.choice.choice == made.choice


def test_pages_of_children_who_wait_make_up_the_whole_list(engine: Engine) -> None:
    for number in range(9):
        case(engine, str(number), owed_iro(TODAY + (number % 2) * DAY), iro=None)
    found = [each.episode for each in whole(lambda after: unallocated(engine, "822", after=after, limit=2))]
    assert len(set(found)) == len(found) == 9
    with pytest.raises(BadCursor):
        unallocated(engine, "822", after="nonsense")


def test_names_are_found_for_those_who_have_them(engine: Engine) -> None:
    iros(engine, iro_1=30)
    case(engine, "1")
    case(engine, "2", authority="823")
    assert names_of_people(engine, ["iro-1", None, "nobody"]) == {"iro-1": "Test Person"}
    assert children_of_episodes(engine, "822", ["episode-1", "episode-2", "no-such"]) == {
        "episode-1": ChildNamed(reference="child-1", name=None)
    }
    assert children_of_episodes(engine, "822", []) == {}


# --- Evening the load -------------------------------------------------------------------------------------------------


def with_iro(engine: Engine, number: int, iro: str, on: date, reviewed_on: date | None = None) -> None:
    """A child who has had an IRO since a day, with a review or without."""
    facts: list[Entry] = [
        Entry(fact=opening(child=f"child-{number}"), at=MORNING),
        Entry(fact=IroAppointed(id="appointed", on=on, by="mgr-1", iro=iro), at=MORNING),
    ]
    if reviewed_on:
        held = ReviewHeld(id="review-1", on=reviewed_on, by=iro, participation=ParticipationCode.PN1)
        facts.append(Entry(fact=held, at=MORNING))
    reviews = (review(completed_on=reviewed_on),) if reviewed_on else ()
    derived = agenda(step(), iro=iro, reviews=reviews)
    publish(
        engine,
        publication(
            derived, episode=f"episode-{number}", opened_by=opening(child=f"child-{number}"), entries=tuple(facts)
        ),
    )


def test_a_child_who_lost_nobody_is_proposed_for_another_iro(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in range(6):
        with_iro(engine, number, "iro-1", D0 + timedelta(days=number % 2))
    moves = proposed_moves(engine, "822", TODAY)
    assert [(move.from_iro, move.to_iro) for move in moves] == [("iro-1", "iro-2")] * 2
    assert moves == proposed_moves(engine, "822", TODAY, most_givers=1, most_children=6)
    assert {move.episode for move in moves} <= {"episode-1", "episode-3", "episode-5"}


def test_a_child_who_was_reviewed_with_the_iro_stays(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in range(6):
        with_iro(engine, number, "iro-1", D0, reviewed_on=TODAY if number else None)
    assert [move.episode for move in proposed_moves(engine, "822", TODAY)] == ["episode-0"]


def test_a_review_with_the_iro_before_does_not_hold_a_child(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in range(3):
        with_iro(engine, number, "iro-1", TODAY, reviewed_on=D0)
    assert len(proposed_moves(engine, "822", TODAY)) == 1


def test_nothing_is_proposed_where_the_load_is_even_or_another_authoritys(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number, who in enumerate(("iro-1", "iro-1", "iro-2")):
        with_iro(engine, number, who, D0)
    assert proposed_moves(engine, "822", TODAY) == ()
    assert proposed_moves(engine, "823", TODAY) == ()


def test_no_more_children_are_looked_at_than_asked(engine: Engine) -> None:
    iros(engine, iro_1=30, iro_2=30)
    for number in range(8):
        with_iro(engine, number, "iro-1", D0 + timedelta(days=number % 3))
    assert len(proposed_moves(engine, "822", TODAY)) == 3
    assert len(proposed_moves(engine, "822", TODAY, most_children=1)) == 1
