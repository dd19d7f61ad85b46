"""Several children of one team who slip at one step are one concern, raised once."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.calendar import WorkingCalendar
from rules.concerns import Breach, Concern, ConcernKind, ConcernPolicy, new_concerns
from rules.vocabulary import Nation
from tests.rules.build import day

CALENDAR = WorkingCalendar(Nation.ENGLAND)
POLICY = ConcernPolicy()
TODAY = day("2026-03-20")  # A Friday; the 20 working days up to it begin on Monday 23 February 2026.
whatever_comes = settings(derandomize=True, deadline=None, max_examples=100)


def breach(child: int, on: str = "2026-03-10", team: str = "team-1", step: str = "report") -> Breach:
    return Breach(episode=f"episode-{child}", team=team, step=step, day=day(on))


def concerns(
    breaches: list[Breach], known: tuple[Concern, ...] = (), policy: ConcernPolicy = POLICY, today: str = "2026-03-20"
) -> tuple[Concern, ...]:
    return new_concerns(breaches, known, policy, CALENDAR, day(today))


@pytest.mark.duty("collective_concern")
def test_three_children_of_one_team_who_slip_at_one_step_are_a_concern() -> None:
    found = concerns([breach(3, "2026-03-12"), breach(1, "2026-03-20"), breach(2, "2026-03-02")])
    assert found == (
        Concern(
            team="team-1",
            step="report",
            since=day("2026-03-02"),
            until=day("2026-03-20"),
            episodes=("episode-1", "episode-2", "episode-3"),
        ),
    )


def test_two_are_not() -> None:
    assert concerns([breach(1), breach(2)]) == ()


def test_a_child_who_slips_twice_counts_once() -> None:
    assert concerns([breach(1, "2026-03-02"), breach(1, "2026-03-10"), breach(2)]) == ()


def test_steps_that_slip_and_poor_practice_are_not_counted_together_nor_told_for_each_other() -> None:
    practice = [each.model_copy(update={"kind": ConcernKind.POOR_PRACTICE}) for each in map(breach, (1, 2, 3))]
    assert concerns([breach(1), breach(2), practice[2]]) == ()
    slips = concerns([breach(1), breach(2), breach(3)])
    (pattern,) = concerns(practice, known=slips)
    assert pattern.kind is ConcernKind.POOR_PRACTICE
    assert concerns(practice, known=(*slips, pattern)) == ()


def test_different_teams_or_steps_are_not_counted_together() -> None:
    assert concerns([breach(1), breach(2), breach(3, team="team-2")]) == ()
    assert concerns([breach(1), breach(2), breach(3, step="first_review")]) == ()


@pytest.mark.parametrize(("first", "counts"), [("2026-02-22", False), ("2026-02-23", True)])
def test_the_window_is_the_last_twenty_working_days_with_today(first: str, counts: bool) -> None:
    assert bool(concerns([breach(1, first), breach(2), breach(3)])) is counts


def test_easter_makes_the_window_longer() -> None:
    # Good Friday and Easter Monday 2026 are 3 and 6 April: with them the 20 working days begin on 17 March.
    breaches = [breach(1, "2026-03-17"), breach(2, "2026-04-10"), breach(3, "2026-04-14")]
    assert concerns(breaches, today="2026-04-15")
    assert not concerns(breaches, today="2026-04-16")


def test_what_is_still_to_come_does_not_count() -> None:
    assert concerns([breach(1), breach(2), breach(3, "2026-03-21")]) == ()


def test_the_policy_sets_how_many_and_how_long() -> None:
    breaches = [breach(1, "2026-03-19"), breach(2, "2026-03-20")]
    assert concerns(breaches, policy=ConcernPolicy(children=2, working_days=2))
    assert not concerns(breaches, policy=ConcernPolicy(children=2, working_days=1))


@pytest.mark.parametrize("setting", [{"children": 1}, {"working_days": 0}, {"children": 3.0}])
def test_a_policy_that_makes_no_sense_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        ConcernPolicy.model_validate(setting)


@pytest.mark.duty("collective_concern")
def test_a_concern_is_raised_once() -> None:
    breaches = [breach(1), breach(2), breach(3)]
    raised = concerns(breaches)
    assert concerns(breaches, raised) == ()
    assert concerns(breaches, raised, today="2026-03-23") == ()


def test_one_or_two_more_children_do_not_raise_it_again() -> None:
    breaches = [breach(1), breach(2), breach(3)]
    more = [*breaches, breach(4, "2026-03-19"), breach(5, "2026-03-20")]
    assert concerns(more, concerns(breaches)) == ()


def test_the_same_children_slipping_again_do_not_raise_it_again() -> None:
    breaches = [breach(1), breach(2), breach(3)]
    again = [breach(child, "2026-03-18") for child in (1, 2, 3)]
    mixed = [breach(1, "2026-03-18"), breach(4, "2026-03-18"), breach(5, "2026-03-18")]
    assert concerns([*breaches, *again], concerns(breaches)) == ()
    assert concerns([*breaches, *mixed], concerns(breaches)) == ()


def test_other_children_enough_by_themselves_raise_it_again_with_those_children_alone() -> None:
    breaches = [breach(1), breach(2), breach(3)]
    raised = concerns(breaches)
    more = [*breaches, breach(1, "2026-03-19"), *(breach(child, "2026-03-19") for child in (4, 5, 6))]
    again = concerns(more, raised)
    assert [concern.episodes for concern in again] == [("episode-4", "episode-5", "episode-6")]
    assert concerns(more, (*raised, *again)) == ()


def test_other_children_on_the_day_of_the_last_alert_count_too() -> None:
    breaches = [breach(child, "2026-03-20") for child in (1, 2, 3)]
    more = [breach(child, "2026-03-20") for child in (4, 5, 6)]
    assert len(concerns([*breaches, *more], concerns(breaches))) == 1


def test_a_concern_of_one_team_or_step_silences_no_other() -> None:
    breaches = [breach(1), breach(2), breach(3)]
    elsewhere = [breach(child, team="team-2") for child in (1, 2, 3)] + [
        breach(child, step="decisions") for child in (1, 2, 3)
    ]
    found = concerns([*breaches, *elsewhere], concerns(breaches))
    assert [(concern.team, concern.step) for concern in found] == [("team-1", "decisions"), ("team-2", "report")]


BREACHES = st.lists(
    st.builds(
        breach,
        st.integers(1, 9),
        st.integers(0, 70).map(lambda days: (day("2026-01-05") + timedelta(days)).isoformat()),
        st.sampled_from(["team-1", "team-2"]),
        st.sampled_from(["report", "first_review"]),
    ),
    max_size=40,
)


@pytest.mark.duty("collective_concern")
@whatever_comes
@given(BREACHES)
def test_asked_day_after_day_no_breach_is_told_twice_and_no_cluster_is_lost(
    breaches: list[Breach],
) -> None:
    known: tuple[Concern, ...] = ()
    for days in range(75):
        today = day("2026-01-05") + timedelta(days)
        found = new_concerns(breaches, known, POLICY, CALENDAR, today)
        assert found == new_concerns(breaches[::-1], known[::-1], POLICY, CALENDAR, today)
        for concern in found:
            slipped = {
                each.episode
                for each in breaches
                if (each.team, each.step) == (concern.team, concern.step) and concern.since <= each.day <= today
            }
            assert POLICY.children <= len(concern.episodes) == len(set(concern.episodes))
            assert set(concern.episodes) <= slipped
            assert CALENDAR.working_days_between(concern.since, today) <= POLICY.working_days
            earlier = [each for each in known if (each.team, each.step) == (concern.team, concern.step)]
            if earlier:
                assert not set(concern.episodes) & set(earlier[-1].episodes)
        known += found
        assert new_concerns(breaches, known, POLICY, CALENDAR, today) == ()
        for team, step in {(each.team, each.step) for each in breaches}:
            recent = {
                each.episode
                for each in breaches
                if (each.team, each.step) == (team, step)
                and each.day <= today
                and CALENDAR.working_days_between(each.day, today) < POLICY.working_days
            }
            if len(recent) >= POLICY.children:
                assert any((each.team, each.step) == (team, step) for each in known)
