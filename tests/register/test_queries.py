"""What the desk, the command line and the post room find in the register."""

from datetime import date, timedelta

from sqlalchemy import Engine

from register.closed_days import change_closed_day, closed_days
from register.publish import publish
from register.queries import episode, find_step, list_episodes, open_episode_ids, steps
from rules.closed_days import ClosedDay, ClosedDayChange
from rules.facts.care import SocialWorkerChanged
from rules.vocabulary import Nation, Phase, StepState
from tests.register.samples import D0, MORNING, TODAY, agenda, opening, publication, step

CORONATION = date(2023, 5, 8)


def published(engine: Engine, episode_id: str, *due: date, **other: object) -> None:
    """An episode with open steps due on these days."""
    owed = [step(f"step_{n}.opening", due=day) for n, day in enumerate(due)]
    derived = agenda(*owed, **other)  # type: ignore[arg-type]
    publish(engine, publication(derived, episode=episode_id))


def ids(engine: Engine, **asked: object) -> list[str]:
    return [line.id for line in list_episodes(engine, **({"today": TODAY} | asked))]  # type: ignore[arg-type]


def test_the_longest_overdue_come_first_and_those_that_owe_nothing_last(engine: Engine) -> None:
    published(engine, "episode-next-week", TODAY + timedelta(7))
    published(engine, "episode-nothing")
    published(engine, "episode-long-overdue", TODAY - timedelta(9), TODAY + timedelta(20))
    published(engine, "episode-overdue", TODAY - timedelta(1))
    published(engine, "episode-today", TODAY)
    assert ids(engine) == [
        "episode-long-overdue",
        "episode-overdue",
        "episode-today",
        "episode-next-week",
        "episode-nothing",
    ]


def test_overdue_is_told_as_of_the_day_asked_and_not_as_of_publication(engine: Engine) -> None:
    published(engine, "episode-1", TODAY, TODAY + timedelta(1))
    published(engine, "episode-2", TODAY + timedelta(1))
    assert ids(engine, overdue=True) == []
    assert ids(engine, overdue=True, today=TODAY + timedelta(1)) == ["episode-1"]
    later = list_episodes(engine, today=TODAY + timedelta(2))
    assert [(line.id, line.overdue) for line in later] == [("episode-1", 2), ("episode-2", 1)]


def test_a_closed_step_is_never_overdue(engine: Engine) -> None:
    missed = step(due=TODAY - timedelta(3), state=StepState.MISSED)
    publish(engine, publication(agenda(missed)))
    line = episode(engine, "episode-1", today=TODAY)
    assert line and (line.overdue, line.next_due) == (0, None)
    assert ids(engine, overdue=True) == []


def test_an_iro_finds_their_own_children_and_those_they_cover(engine: Engine) -> None:
    published(engine, "episode-1", TODAY, iro="iro-1")
    published(engine, "episode-2", TODAY, iro="iro-2", cover="iro-1")
    published(engine, "episode-3", TODAY, iro="iro-3")
    assert ids(engine, iro="iro-1") == ["episode-1", "episode-2"]


def test_episodes_are_found_by_stage_and_by_authority(engine: Engine) -> None:
    publish(engine, publication(agenda(step(phase=Phase.ALLOCATION))))
    elsewhere = opening(authority="823")
    publish(engine, publication(agenda(step()), episode="episode-2", opened_by=elsewhere))
    assert ids(engine, stage=Phase.ALLOCATION) == ["episode-1"]
    assert ids(engine, authority="823") == ["episode-2"]
    assert ids(engine, authority="823", stage=Phase.ALLOCATION) == []


def test_an_unknown_episode_is_not_found(engine: Engine) -> None:
    assert episode(engine, "episode-0", today=TODAY) is None
    assert steps(engine, "episode-0") == []
    assert find_step(engine, "episode-0", "first_review") is None


def test_only_open_steps_are_listed_when_asked(engine: Engine) -> None:
    done = step("appoint_iro.opening", due=D0, state=StepState.DONE_IN_TIME)
    publish(engine, publication(agenda(done, step())))
    assert steps(engine, "episode-1", only_open=True) == [step()]


def test_a_step_is_found_by_its_key_or_its_name(engine: Engine) -> None:
    past = step("record.review-1", due=date(2026, 7, 1), state=StepState.DONE_LATE)
    later = step("record.review-2", due=date(2026, 10, 1))
    last = step("record.review-3", due=date(2027, 4, 1))
    publish(engine, publication(agenda(past, later, last)))
    assert find_step(engine, "episode-1", "record.review-1") == past
    assert find_step(engine, "episode-1", "record") == later
    assert find_step(engine, "episode-1", "decisions") is None


def test_with_none_open_the_latest_step_of_a_name_is_found(engine: Engine) -> None:
    past = [step(f"record.review-{n}", due=date(2026, 6 + n, 1), state=StepState.DONE_LATE) for n in (1, 2)]
    publish(engine, publication(agenda(*past)))
    assert find_step(engine, "episode-1", "record") == past[1]


def test_a_finished_episode_is_told_of_no_new_bank_holiday(engine: Engine) -> None:
    published(engine, "episode-1", TODAY)
    published(engine, "episode-ended-with-record-unfinished", TODAY, ended_on=D0)
    published(engine, "episode-finished", ended_on=D0, finished=True)
    wales = opening(nation=Nation.WALES)
    publish(engine, publication(agenda(step()), episode="episode-wales", opened_by=wales))
    english = ["episode-1", "episode-ended-with-record-unfinished"]
    assert open_episode_ids(engine, Nation.ENGLAND) == english
    assert open_episode_ids(engine) == [*english, "episode-wales"]


def change(kind: ClosedDayChange, nation: Nation = Nation.ENGLAND) -> ClosedDay:
    return ClosedDay(nation=nation, day=CORONATION, change=kind)


def test_a_bank_holiday_proclaimed_stands_in_its_own_nation(engine: Engine) -> None:
    assert change_closed_day(engine, change(ClosedDayChange.ADD), "mgr-1", MORNING)
    assert change_closed_day(engine, change(ClosedDayChange.ADD, Nation.WALES), "mgr-1", MORNING)
    assert closed_days(engine) == (
        change(ClosedDayChange.ADD),
        change(ClosedDayChange.ADD, Nation.WALES),
    )


def test_the_same_change_twice_is_made_once(engine: Engine) -> None:
    assert change_closed_day(engine, change(ClosedDayChange.ADD), "mgr-1", MORNING)
    assert not change_closed_day(engine, change(ClosedDayChange.ADD), "mgr-2", MORNING)
    assert closed_days(engine) == (change(ClosedDayChange.ADD),)


def test_the_latest_change_to_a_day_is_the_one_that_stands(engine: Engine) -> None:
    change_closed_day(engine, change(ClosedDayChange.ADD), "mgr-1", MORNING)
    assert change_closed_day(engine, change(ClosedDayChange.WITHDRAW), "mgr-1", MORNING)
    assert closed_days(engine) == (change(ClosedDayChange.WITHDRAW),)


def test_a_case_that_changed_hands_is_found_under_its_new_social_worker(engine: Engine) -> None:
    workers = SocialWorkerChanged(id="f-9", on=TODAY, by="tm-1", social_worker="sw-2", team_manager="tm-2")
    publish(engine, publication(agenda(step()).model_copy(update={"workers": workers})))
    line = episode(engine, "episode-1", today=TODAY)
    assert line is not None
    assert (line.social_worker, line.team_manager) == ("sw-2", "tm-2")
