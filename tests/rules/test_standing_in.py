"""No escalation ever goes to nobody: who is away is stood in for, an empty post falls back up the line and says so."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.directory import Absence, Person
from rules.posts import Addressee, CasePeople, addressee, is_post
from rules.vocabulary import Role
from tests.rules.line import CASE, DAY, SERVICE, R, away, changed, person, sent, without

whatever_comes = settings(derandomize=True, deadline=None, max_examples=300)


# --- Standing in --------------------------------------------------------------------------------------------------


@pytest.mark.duty("never_to_nobody")
@pytest.mark.parametrize(
    ("fields", "absence", "why"),
    [
        ({}, [away("manager-1")], "away until 3 March 2026"),
        ({}, [away("manager-1", None)], "away"),
        ({}, [away("manager-1"), away("manager-1", "2026-03-20", since="2026-03-02")], "away until 20 March 2026"),
        ({"until": "2026-03-01"}, [], "left on 1 March 2026"),
        ({"since": "2026-03-03"}, [], "begins only on 3 March 2026"),
    ],
)
def test_one_who_is_away_or_gone_is_stood_in_for_by_the_deputy(
    fields: dict[str, str], absence: list[Absence], why: str
) -> None:
    people = changed("manager-1", deputy="manager-2", **fields)
    assert sent(R.TEAM_MANAGER, people, *absence) == ("manager-2", R.TEAM_MANAGER, f"{why}, so it goes to the deputy")


def test_on_the_last_day_away_it_still_goes_to_the_deputy_and_on_the_next_day_no_longer() -> None:
    people = changed("manager-1", deputy="manager-2")
    assert sent(R.TEAM_MANAGER, people, away("manager-1", "2026-03-02"))[0] == "manager-2"
    assert sent(R.TEAM_MANAGER, people, away("manager-1", "2026-03-01"))[0] == "manager-1"


def test_whoever_covers_an_absence_comes_before_the_deputy() -> None:
    people = changed("iro-manager-1", deputy="iro-1")
    assert sent(R.IRO_MANAGER, people, away("iro-manager-1", cover="iro-2")) == (
        "iro-2",
        R.IRO,
        "away until 3 March 2026, so it goes to whoever covers",
    )
    both_away = (away("iro-manager-1", cover="iro-2"), away("iro-2"))
    assert sent(R.IRO_MANAGER, people, *both_away)[0] == "iro-1"


def test_the_deputys_deputy_stands_in_when_both_are_away() -> None:
    people = [*changed("manager-1", deputy="deputy-1"), person("deputy-1", R.SOCIAL_WORKER, deputy="worker-2")]
    assert sent(R.TEAM_MANAGER, people, away("manager-1"), away("deputy-1")) == (
        "worker-2",
        R.SOCIAL_WORKER,
        "away until 3 March 2026, so it goes to the deputy's deputy",
    )


def test_deputies_in_a_circle_end_and_it_goes_up_the_line() -> None:
    people = [*changed("manager-1", deputy="deputy-1"), person("deputy-1", R.SOCIAL_WORKER, deputy="manager-1")]
    assert sent(R.TEAM_MANAGER, people, away("manager-1"), away("deputy-1")) == (
        "service-2",
        R.SERVICE_MANAGER,
        "away until 3 March 2026, so it goes to the service manager",
    )


def test_line_managers_in_a_circle_end_too() -> None:
    people = [*changed("iro-manager-1", line_manager="iro-1")]
    assert sent(R.IRO, people, away("iro-1"), away("iro-manager-1"))[1] is R.ASSISTANT_DIRECTOR


# --- Up the line --------------------------------------------------------------------------------------------------


def test_the_line_manager_comes_before_anyone_else_above() -> None:
    people = changed("worker-1", line_manager="assistant-2")
    assert sent(R.SOCIAL_WORKER, people, away("worker-1")) == (
        "assistant-2",
        R.ASSISTANT_DIRECTOR,
        "away until 3 March 2026, so it goes to the assistant director",
    )


def test_the_deputy_of_one_above_is_found_too() -> None:
    people = [*changed("service-2", deputy="worker-2")]
    assert sent(R.TEAM_MANAGER, people, away("manager-1"), away("service-2")) == (
        "worker-2",
        R.SOCIAL_WORKER,
        "away until 3 March 2026, so it goes to the deputy for the service manager",
    )


@pytest.mark.duty("never_to_nobody")
def test_an_empty_post_falls_back_to_the_next_one_up_and_says_so() -> None:
    assert sent(R.SERVICE_MANAGER, without("service-1", "service-2")) == (
        "assistant-1",
        R.ASSISTANT_DIRECTOR,
        "the post of service manager is empty, so it goes to the assistant director",
    )


def test_every_post_that_is_passed_over_is_named() -> None:
    gone = without("service-1", "service-2", "assistant-1", "assistant-2")
    who, _, because = sent(R.SERVICE_MANAGER, gone, away("director-1"))
    passed_over = "the post of service manager is empty, there is no assistant director and the director is away"
    assert (who, because) == ("chief-1", f"{passed_over}, so it goes to the chief executive")


@pytest.mark.parametrize(
    ("role", "line"),
    [
        (R.SOCIAL_WORKER, "team_manager service_manager assistant_director director chief_executive"),
        (R.LEGAL, "team_manager service_manager assistant_director director chief_executive"),
        (R.IRO, "iro_manager assistant_director director chief_executive"),
        (R.IRO_ADMINISTRATOR, "iro_manager assistant_director director chief_executive"),
        (R.SYSTEM, "iro_manager assistant_director director chief_executive"),
    ],
)
def test_each_line_leads_to_the_top(role: Role, line: str) -> None:
    above = line.split()
    people = [person(f"{each}-1", Role(each), team="team-1") for each in above]
    people.append(person("worker-1", R.SOCIAL_WORKER, until="2026-01-01", team="team-1"))
    case = CasePeople(authority="383", social_worker="worker-1")
    for place, expected in enumerate(above):
        assert sent(role, people[place:], case=case)[1] is Role(expected)


def test_what_the_system_owes_is_the_iro_managers_to_put_right() -> None:
    assert sent(R.SYSTEM) == ("iro-manager-1", R.IRO_MANAGER, "the system owes it, so it goes to the IRO manager")


# --- Down again, and nobody at all --------------------------------------------------------------------------------


@pytest.mark.duty("never_to_nobody")
def test_when_the_top_is_empty_it_goes_down_to_anyone_in_management() -> None:
    people = [person("manager-9", R.TEAM_MANAGER), person("iro-9", R.IRO), person("worker-9", R.SOCIAL_WORKER)]
    assert sent(R.DIRECTOR, people) == (
        "manager-9",
        R.TEAM_MANAGER,
        "the post of director is empty and nobody further up is there, so it goes to the team manager",
    )
    assert sent(R.IRO_MANAGER, people)[0] == "manager-9"
    assert sent(R.SERVICE_MANAGER, [*people, person("iro-manager-9", R.IRO_MANAGER)])[0] == "iro-manager-9"


def test_without_any_manager_it_goes_to_those_on_the_case_and_then_to_anyone() -> None:
    people = [person("iro-1", R.IRO), person("iro-0", R.IRO), person("another-0", R.SOCIAL_WORKER)]
    assert sent(R.DIRECTOR, people)[0] == "iro-1"
    assert sent(R.DIRECTOR, people[1:])[0] == "another-0"


def test_when_everyone_is_away_it_waits_for_the_holder() -> None:
    assert sent(R.TEAM_MANAGER, SERVICE, *(away(each.reference) for each in SERVICE)) == (
        "manager-1",
        R.TEAM_MANAGER,
        "everyone is away, so it waits for the team manager",
    )


@pytest.mark.parametrize(
    "people",
    [
        [],
        [person("manager-1", R.TEAM_MANAGER, until="2026-03-01")],
        [person("manager-1", R.TEAM_MANAGER, authority="384")],
        [person("school-1", R.SCHOOL)],
    ],
)
def test_only_an_empty_directory_leaves_nobody_and_it_must_be_filled(people: list[Person]) -> None:
    assert addressee(R.TEAM_MANAGER, CASE, people, (), DAY) == Addressee(
        role=R.TEAM_MANAGER,
        person=None,
        acting_as=R.TEAM_MANAGER,
        instead_because="nobody holds a post on 2 March 2026, so it reaches nobody: the directory must be filled",
    )


def test_nobody_of_another_authority_is_ever_told() -> None:
    people = changed("manager-1", deputy="other-1", line_manager="other-1")
    people.append(person("other-1", R.SERVICE_MANAGER, authority="384"))
    assert sent(R.TEAM_MANAGER, people, away("manager-1"))[0] != "other-1"


# --- Whatever comes -----------------------------------------------------------------------------------------------

REFERENCES = st.sampled_from([f"p-{n}" for n in range(6)])
MAYBE = st.none() | REFERENCES


@st.composite
def directories(draw: st.DrawFn) -> list[Person]:
    return [
        person(
            reference,
            draw(st.sampled_from(Role)),
            team=draw(st.sampled_from([None, "team-1", "team-2"])),
            line_manager=draw(MAYBE),
            deputy=draw(MAYBE),
            until=draw(st.sampled_from([None, None, "2026-03-01"])),
            authority=draw(st.sampled_from(["383", "383", "384"])),
        )
        for reference in draw(st.lists(REFERENCES, unique=True))
    ]


@pytest.mark.duty("never_to_nobody")
@whatever_comes
@given(
    st.sampled_from([role for role in Role if is_post(role)]),
    st.builds(CasePeople, authority=st.just("383"), iro=MAYBE, cover=MAYBE, social_worker=MAYBE, team_manager=MAYBE),
    directories(),
    st.lists(st.builds(away, REFERENCES, cover=MAYBE), max_size=4),
    st.randoms(use_true_random=False),
)
def test_while_anyone_holds_a_post_someone_is_told_and_whoever_is_there_comes_first(
    role: Role, case: CasePeople, people: list[Person], absences: list[Absence], dice: random.Random
) -> None:
    found = addressee(role, case, people, absences, DAY)
    on_the_case = {case.iro, case.cover, case.social_worker, case.team_manager}
    ours = {
        each.reference: each
        for each in people
        if each.authority == "383" and each.holds_on(DAY) and (is_post(each.role) or each.reference in on_the_case)
    }
    there = set(ours) - {absence.person for absence in absences}
    assert (found.person in (there or set(ours))) if ours else found.person is None
    assert found.acting_as is (ours[found.person].role if found.person else role)
    if found.person and found.acting_as is not role and found.person not in on_the_case:
        assert found.instead_because
    assert "A Name" not in found.model_dump_json()
    assert addressee(role, case, dice.sample(people, len(people)), absences, DAY) == found
