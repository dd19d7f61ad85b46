"""What is addressed to a role goes to whoever holds the post for this child."""

import pytest

from rules.directory import Person
from rules.posts import MANAGEMENT, NEXT_UP, OUTSIDE, CasePeople, addressee, is_post
from rules.vocabulary import Role
from tests.rules.line import CASE, DAY, SERVICE, R, away, changed, person, sent, without

# --- The holder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "who"),
    [
        (R.SOCIAL_WORKER, "worker-1"),
        (R.TEAM_MANAGER, "manager-1"),
        (R.IRO, "iro-1"),
        (R.IRO_MANAGER, "iro-manager-1"),
        (R.IRO_ADMINISTRATOR, "office-1"),
        (R.DIRECTOR, "director-1"),
        (R.CHIEF_EXECUTIVE, "chief-1"),
    ],
)
def test_what_is_addressed_to_a_role_goes_to_its_holder(role: Role, who: str) -> None:
    assert sent(role) == (who, role, None)


def test_cover_receives_what_is_addressed_to_the_iro_and_the_named_one_when_cover_is_away() -> None:
    covered = CASE.model_copy(update={"cover": "iro-2"})
    assert sent(R.IRO, case=covered) == ("iro-2", R.IRO, "cover is in place, so it goes to whoever covers")
    assert sent(R.IRO, SERVICE, away("iro-1"), case=covered) == (
        "iro-2",
        R.IRO,
        "away until 3 March 2026, so it goes to whoever covers",
    )
    assert sent(R.IRO, SERVICE, away("iro-2"), case=covered) == ("iro-1", R.IRO, None)


def test_of_several_holders_the_one_in_the_childs_own_line_is_told() -> None:
    # service-1 comes first by reference, but service-2 is above this child's team manager.
    assert sent(R.SERVICE_MANAGER) == ("service-2", R.SERVICE_MANAGER, None)


def test_each_line_has_its_own_assistant_director() -> None:
    assert sent(R.ASSISTANT_DIRECTOR)[0] == "assistant-1"
    assert sent(R.IRO_MANAGER, SERVICE, away("iro-manager-1"))[0] == "assistant-2"
    assert sent(R.IRO_MANAGER, changed("iro-manager-1", until="2026-03-01"))[0] == "assistant-2"


def test_failing_the_line_the_holder_of_the_same_team_is_told_and_then_the_lowest_reference() -> None:
    unlinked = [Person(**each.model_dump(mode="json") | {"line_manager": None}) for each in SERVICE]
    same_team = [each for each in unlinked if each.role is not R.SERVICE_MANAGER]
    same_team += [person("service-1", R.SERVICE_MANAGER), person("service-2", R.SERVICE_MANAGER, team="team-1")]
    assert sent(R.SERVICE_MANAGER, same_team)[0] == "service-2"
    assert sent(R.SERVICE_MANAGER, unlinked)[0] == "service-1"


def test_a_holder_who_is_there_comes_before_the_deputy_of_one_who_is_not() -> None:
    people = [*changed("service-1", deputy="worker-2"), person("service-0", R.SERVICE_MANAGER)]
    nobody = CasePeople(authority="383")
    assert sent(R.SERVICE_MANAGER, people, away("service-0"), case=nobody)[0] == "service-1"
    assert sent(R.SERVICE_MANAGER, people, *map(away, ("service-0", "service-1", "service-2")), case=nobody) == (
        "worker-2",
        R.SOCIAL_WORKER,
        "away until 3 March 2026, so it goes to the deputy",
    )


# --- Where the case does not say ----------------------------------------------------------------------------------


def test_a_team_manager_unknown_to_the_case_is_the_social_workers_line_manager() -> None:
    unknown = CASE.model_copy(update={"team_manager": None})
    assert sent(R.TEAM_MANAGER, case=unknown) == ("manager-1", R.TEAM_MANAGER, None)
    elsewhere = changed("worker-1", line_manager="manager-2")
    assert sent(R.TEAM_MANAGER, elsewhere, case=unknown)[0] == "manager-2"


def test_or_the_manager_of_the_team() -> None:
    unknown = CASE.model_copy(update={"team_manager": None})
    assert sent(R.TEAM_MANAGER, changed("worker-1", line_manager=None), case=unknown)[0] == "manager-1"
    assert sent(R.TEAM_MANAGER, changed("worker-1", line_manager="service-1"), case=unknown)[0] == "manager-1"


def test_another_childs_worker_manager_or_iro_will_not_do() -> None:
    unknown = CasePeople(authority="383")
    assert sent(R.SOCIAL_WORKER, case=unknown) == (
        "service-1",
        R.SERVICE_MANAGER,
        "the child's social worker is not known and there is no team manager, so it goes to the service manager",
    )
    assert sent(R.TEAM_MANAGER, case=unknown)[2] == (
        "the child's team manager is not known, so it goes to the service manager"
    )
    assert sent(R.IRO, case=unknown) == (
        "iro-manager-1",
        R.IRO_MANAGER,
        "the child has no IRO, so it goes to the IRO manager",
    )


def test_one_whom_the_case_names_and_the_directory_does_not_hold_falls_back() -> None:
    assert sent(R.SOCIAL_WORKER, without("worker-1")) == (
        "manager-1",
        R.TEAM_MANAGER,
        "not in the directory, so it goes to the team manager",
    )


# --- Which roles are posts ----------------------------------------------------------------------------------------


def test_every_role_is_either_a_post_with_a_line_to_the_top_or_outside_the_service() -> None:
    posts = {role for role in Role if is_post(role)}
    assert {*NEXT_UP, R.CHIEF_EXECUTIVE} == posts == set(Role) - OUTSIDE
    assert set(MANAGEMENT) <= posts


@pytest.mark.parametrize("role", sorted(OUTSIDE))
def test_a_role_outside_the_service_is_no_post(role: Role) -> None:
    with pytest.raises(ValueError, match="no post of the line"):
        addressee(role, CASE, SERVICE, (), DAY)
