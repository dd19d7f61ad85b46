"""The lists of the desk: whose tasks are what, which children, what is overdue, and each IRO with their work."""

from datetime import date
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text

from register import migrate, open_register, writing
from register.contacts import add_contact
from register.migration import alembic_config
from register.work import (
    EpisodeFilters,
    Page,
    TaskCounts,
    TaskOwner,
    caseloads_page,
    count_tasks,
    episodes_page,
    overdue,
    overdue_counts,
    tasks,
)
from rules.network import NetworkContact
from rules.vocabulary import Phase, Role, StepState
from tests.register.lists import DAY, case, keys, owed, who, whole
from tests.register.samples import MORNING, TODAY, escalation, step
from tests.register.services import iros

# --- Tasks --------------------------------------------------------------------------------------------------------


def test_tasks_come_the_longest_overdue_first(engine: Engine) -> None:
    case(engine, "1", owed("record.r1", TODAY + DAY), owed("first_review.o", TODAY - 3 * DAY))
    case(engine, "2", owed("arrange.o", TODAY), owed("decisions.r1", TODAY - 9 * DAY))
    page = tasks(engine, who(), today=TODAY)
    assert keys(page) == ["decisions.r1", "first_review.o", "arrange.o", "record.r1"]
    assert [line.overdue for line in page.items] == [True, True, False, False]
    assert [line.episode for line in page.items] == ["episode-2", "episode-1", "episode-2", "episode-1"]


def test_an_iro_sees_only_what_they_owe_for_their_own_children(engine: Engine) -> None:
    case(engine, "mine", owed("mine.o", TODAY), owed("theirs.o", TODAY, Role.SOCIAL_WORKER), iro="iro-1")
    case(engine, "another", owed("another.o", TODAY), iro="iro-2")
    case(engine, "nobodys", owed("nobodys.o", TODAY), iro=None)
    assert keys(tasks(engine, who("iro-1"), today=TODAY)) == ["mine.o"]


def test_a_covering_iro_sees_what_is_owed_and_so_does_the_named_one(engine: Engine) -> None:
    case(engine, "1", owed("first_review.o", TODAY), iro="iro-1", cover="iro-2")
    for iro in ("iro-1", "iro-2"):
        (line,) = tasks(engine, who(iro), today=TODAY).items
        assert (line.iro, line.cover) == ("iro-1", "iro-2")
    assert not tasks(engine, who("iro-3"), today=TODAY).items


def test_the_same_reference_in_another_authority_is_somebody_else(engine: Engine) -> None:
    case(engine, "1", owed("first_review.o", TODAY), authority="823")
    assert not tasks(engine, who(authority="822"), today=TODAY).items
    assert tasks(engine, who(authority="823"), today=TODAY).items


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER])
def test_those_who_work_with_a_child_see_what_they_owe_for_it(engine: Engine, role: Role) -> None:
    other = Role.TEAM_MANAGER if role is Role.SOCIAL_WORKER else Role.SOCIAL_WORKER
    mine: dict[str, Any] = {role.value: "x-1"}
    anothers: dict[str, Any] = {role.value: "x-2"}
    case(engine, "1", owed("mine.o", TODAY, role), owed("theirs.o", TODAY, other), **mine)
    case(engine, "2", owed("elsewhere.o", TODAY, role), **anothers)
    assert keys(tasks(engine, who("x-1", role), today=TODAY)) == ["mine.o"]


@pytest.mark.parametrize("role", [Role.IRO_MANAGER, Role.IRO_ADMINISTRATOR])
def test_the_iro_service_sees_what_its_posts_owe_for_any_child_of_the_authority(engine: Engine, role: Role) -> None:
    case(engine, "1", owed("one.o", TODAY, role), owed("iros.o", TODAY), iro="iro-1")
    case(engine, "2", owed("two.o", TODAY + DAY, role), iro=None)
    case(engine, "3", owed("elsewhere.o", TODAY, role), authority="823")
    assert keys(tasks(engine, who("anybody", role), today=TODAY)) == ["one.o", "two.o"]


def test_whoever_holds_two_posts_has_one_list(engine: Engine) -> None:
    case(engine, "1", owed("b.o", TODAY, Role.IRO_MANAGER), owed("a.o", TODAY + DAY), iro="iro-1")
    case(engine, "2", owed("c.o", TODAY + 2 * DAY, Role.IRO_MANAGER), iro="iro-2")
    both = who("iro-1", Role.IRO, Role.IRO_MANAGER)
    assert keys(tasks(engine, both, today=TODAY)) == ["b.o", "a.o", "c.o"]
    pages = whole(lambda after: tasks(engine, both, today=TODAY, after=after, limit=1))
    assert [line.step.key for line in pages] == ["b.o", "a.o", "c.o"]
    assert count_tasks(engine, both, today=TODAY).total == 3


def test_tasks_due_within_some_days_are_a_list_of_their_own(engine: Engine) -> None:
    case(engine, "1", *(owed(f"step_{n}.o", TODAY + n * DAY) for n in range(5)))
    assert keys(tasks(engine, who(), today=TODAY, since=TODAY + DAY, until=TODAY + 2 * DAY)) == ["step_1.o", "step_2.o"]
    assert keys(tasks(engine, who(), today=TODAY, until=TODAY)) == ["step_0.o"]
    later = whole(lambda after: tasks(engine, who(), today=TODAY, since=TODAY + 3 * DAY, after=after, limit=1))
    assert [line.step.key for line in later] == ["step_3.o", "step_4.o"]


def test_what_is_done_is_nobodys_task(engine: Engine) -> None:
    done = owed("first_review.o", TODAY - DAY).model_copy(update={"state": StepState.DONE_LATE})
    case(engine, "1", done)
    assert tasks(engine, who(), today=TODAY).items == ()
    assert count_tasks(engine, who(), today=TODAY) == TaskCounts(overdue=0, today=0, soon=0, later=0)


def test_somebody_without_a_post_has_no_tasks(engine: Engine) -> None:
    case(engine, "1", owed("first_review.o", TODAY))
    nobody = TaskOwner(person="iro-1", authority="822", roles=frozenset())
    assert tasks(engine, nobody, today=TODAY) == Page(items=())
    assert count_tasks(engine, nobody, today=TODAY).total == 0


def test_tasks_are_counted_by_when_they_are_due(engine: Engine) -> None:
    due = [-9, -1, 0, 1, 7, 8, 400]
    case(engine, "1", *(owed(f"step_{n}.o", TODAY + days * DAY) for n, days in enumerate(due)))
    counts = count_tasks(engine, who(), today=TODAY)
    assert counts == TaskCounts(overdue=2, today=1, soon=2, later=2)
    assert counts.total == len(due)


def test_a_step_comes_back_as_it_was_written(engine: Engine) -> None:
    first = step("first_review.opening", due=TODAY)
    case(engine, "1", first)
    (line,) = tasks(engine, who(), today=TODAY).items
    assert line.step == first
    assert (line.child, line.authority, line.nation, line.rung) == ("child-1", "822", "england", None)


def test_the_rung_of_a_task_is_the_highest_that_was_reached(engine: Engine) -> None:
    owing = owed("first_review.o", TODAY - DAY)
    case(engine, "1", owing, raised=(escalation("approaching", "first_review.o"),))
    again = escalation("week_1", "first_review.o", MORNING + DAY).model_copy(update={"covers": ("breach",)})
    case(engine, "1", owing, raised=(again,), revision=2)
    assert [line.rung for line in tasks(engine, who(), today=TODAY).items] == ["week_1"]


# --- Names --------------------------------------------------------------------------------------------------------


def known(engine: Engine, name: str, role: Role = Role.CHILD, authority: str = "822") -> None:
    named = NetworkContact(
        reference=f"{role}-{name}-{authority}",
        authority=authority,
        child=f"child-{name}",
        role=role,
        name=f"Test {role} {name} of {authority}",
    )
    add_contact(engine, named, "sw-1", MORNING)


def test_a_childs_name_is_the_childs_own_and_read_only_where_it_is_asked_for(engine: Engine) -> None:
    case(engine, "1", owed("first_review.o", TODAY - DAY))
    case(engine, "2", owed("second_review.o", TODAY - DAY))
    for authority in ("822", "823"):
        known(engine, "1", authority=authority)
    known(engine, "1", Role.PARENTS)
    named = [line.child_name for line in tasks(engine, who(), today=TODAY).items]
    assert named == ["Test child 1 of 822", None]
    assert [line.child_name for line in tasks(engine, who(), today=TODAY, with_names=False).items] == [None, None]
    assert [each.child_name for each in overdue(engine, "822", today=TODAY).items] == [None, None]
    of_822 = EpisodeFilters(authority="822")
    assert [each.child_name for each in episodes_page(engine, of_822, today=TODAY).items] == [None, None]
    listed = episodes_page(engine, of_822, today=TODAY, with_names=True).items
    assert [each.child_name for each in listed] == ["Test child 1 of 822", None]


# --- Episodes -----------------------------------------------------------------------------------------------------


def ids(engine: Engine, today: date = TODAY, **wanted: object) -> list[str]:
    filters = EpisodeFilters.model_validate(wanted)
    return [each.line.id.removeprefix("episode-") for each in episodes_page(engine, filters, today=today).items]


def test_episodes_come_by_the_next_day_due_and_those_that_owe_nothing_last(engine: Engine) -> None:
    case(engine, "nothing")
    case(engine, "later", owed("a.o", TODAY + 9 * DAY))
    case(engine, "late", owed("a.o", TODAY - 9 * DAY), owed("b.o", TODAY - DAY), owed("c.o", TODAY))
    case(engine, "elsewhere", owed("a.o", TODAY - 2 * DAY), authority="823")
    assert ids(engine, authority="822") == ["late", "later", "nothing"]
    assert ids(engine) == ["late", "elsewhere", "later", "nothing"]
    first = episodes_page(engine, EpisodeFilters(), today=TODAY).items[0].line
    assert (first.overdue, first.next_due) == (2, TODAY - 9 * DAY)


def test_episodes_are_found_by_each_filter_and_by_all_together(engine: Engine) -> None:
    case(engine, "1", owed("a.o", TODAY - DAY, phase=Phase.ALLOCATION), iro="iro-1", social_worker="sw-1")
    case(engine, "2", owed("a.o", TODAY), iro="iro-2", cover="iro-1", social_worker="sw-1", team_manager="tm-9")
    case(engine, "3", owed("a.o", TODAY), iro="iro-3", authority="823")
    case(engine, "ended", iro="iro-1", ended_on=TODAY, finished=True)
    case(engine, "void", iro="iro-1", ended_on=TODAY, finished=True, stage=Phase.VOID)
    assert ids(engine, iro="iro-1") == ["1", "2", "ended", "void"]
    assert ids(engine, iro="iro-1", finished=False) == ["1", "2"]
    assert ids(engine, finished=True) == ["ended", "void"]
    assert ids(engine, finished=True, void=False) == ["ended"]
    assert ids(engine, void=True) == ["void"]
    assert ids(engine, stage=Phase.ALLOCATION) == ["1"]
    assert ids(engine, overdue=True) == ["1"]
    assert ids(engine, today=TODAY + DAY, overdue=True) == ["1", "2", "3"]
    assert ids(engine, social_worker="sw-1") == ["1", "2"]
    assert ids(engine, team_manager="tm-9") == ["2"]
    assert ids(engine, child="child-3") == ["3"]
    assert ids(engine, authority="822", child="child-3") == []
    assert ids(engine, child="child") == []
    assert ids(engine, authority="822", iro="iro-1", social_worker="sw-1", stage=Phase.REVIEW) == ["2"]


# --- Overdue ------------------------------------------------------------------------------------------------------


def slipped(engine: Engine) -> None:
    """Four steps overdue in two authorities, and one that is not."""
    raised = (escalation("breach", "decisions.r1"),)
    late = owed("decisions.r1", TODAY - 5 * DAY, phase=Phase.FOLLOW_UP)
    case(engine, "1", late, owed("first_review.o", TODAY - DAY), raised=raised)
    case(
        engine, "2", owed("report.o", TODAY - 3 * DAY, Role.SOCIAL_WORKER, Phase.PREPARATION), owed("on_time.o", TODAY)
    )
    case(engine, "3", owed("elsewhere.o", TODAY - 4 * DAY), authority="823")


def test_what_is_overdue_comes_the_longest_first(engine: Engine) -> None:
    slipped(engine)
    assert keys(overdue(engine, "822", today=TODAY)) == ["decisions.r1", "report.o", "first_review.o"]
    assert keys(overdue(engine, None, today=TODAY)) == ["decisions.r1", "elsewhere.o", "report.o", "first_review.o"]
    assert keys(overdue(engine, "824", today=TODAY)) == []


def test_what_is_overdue_is_found_by_stage_rung_and_owner(engine: Engine) -> None:
    slipped(engine)
    assert keys(overdue(engine, "822", today=TODAY, stage=Phase.FOLLOW_UP)) == ["decisions.r1"]
    assert keys(overdue(engine, "822", today=TODAY, rung="breach")) == ["decisions.r1"]
    assert keys(overdue(engine, "822", today=TODAY, rung="week_1")) == []
    assert keys(overdue(engine, "822", today=TODAY, owner=Role.SOCIAL_WORKER)) == ["report.o"]
    assert keys(overdue(engine, None, today=TODAY, stage=Phase.REVIEW)) == ["elsewhere.o", "first_review.o"]


def test_what_is_overdue_is_counted_by_stage_rung_and_owner(engine: Engine) -> None:
    slipped(engine)
    counts = overdue_counts(engine, "822", today=TODAY)
    assert counts.total == 3
    assert counts.by_stage == {Phase.PREPARATION: 1, Phase.REVIEW: 1, Phase.FOLLOW_UP: 1}
    assert counts.by_rung == {None: 2, "breach": 1}
    assert counts.by_owner == {Role.IRO: 2, Role.SOCIAL_WORKER: 1}
    assert overdue_counts(engine, None, today=TODAY).total == 4
    assert overdue_counts(engine, "822", today=TODAY - 9 * DAY).counts == ()


# --- Caseloads ----------------------------------------------------------------------------------------------------


def test_each_iro_is_told_with_what_there_is_to_do(engine: Engine) -> None:
    iros(engine, iro_1=50, iro_2=70)
    late_worker = owed("report.o", TODAY - DAY, Role.SOCIAL_WORKER)
    case(engine, "1", owed("first_review.o", TODAY - DAY), owed("record.r1", TODAY), late_worker, iro="iro-1")
    case(engine, "2", owed("first_review.o", TODAY), iro="iro-1", cover="iro-2")
    first, second = caseloads_page(engine, "822", today=TODAY).items
    assert (first.iro, first.name, first.children, first.places) == ("iro-1", "Test Person", 2, 50)
    assert (first.overdue, first.tasks, first.overdue_tasks) == (2, 3, 1)
    assert (second.iro, second.children, second.places, second.tasks, second.overdue) == ("iro-2", 0, 70, 0, 0)
    assert caseloads_page(engine, "823", today=TODAY) == Page(items=())
    every = whole(lambda after: caseloads_page(engine, "822", today=TODAY, after=after, limit=1))
    assert [each.iro for each in every] == ["iro-1", "iro-2"]


# --- The migration ------------------------------------------------------------------------------------------------


def test_steps_written_before_are_in_the_lists(engine: Engine, url: str) -> None:
    slipped(engine)
    before = overdue(engine, None, today=TODAY), overdue_counts(engine, None, today=TODAY)
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "0006")
        assert "rung" not in connection.execute(text("SELECT * FROM step")).keys()
    migrate(url)
    again = open_register(url)
    assert (overdue(again, None, today=TODAY), overdue_counts(again, None, today=TODAY)) == before
    again.dispose()
