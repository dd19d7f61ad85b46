"""Formal disputes on the real server, moved through time with the clocks beside the case."""

from datetime import date

import pytest
from temporalio.client import WorkflowExecutionStatus

from register import outbox, queries
from rules.acceptance import Refused
from rules.notice_names import NoticeName
from tests.workflows.clocks import Clocks
from tests.workflows.journey import Journey

STAGES = (
    "team_manager",
    "service_manager",
    "head_of_service",
    "assistant_director",
    "director",
    "chief_executive",
)
# Five working days, then 4, 3, 3, 3 and 2: twenty in all, counted by hand.
OVER_CHRISTMAS = (
    date(2035, 12, 10),
    (
        date(2035, 12, 17),
        date(2035, 12, 21),
        date(2035, 12, 28),
        date(2036, 1, 3),
        date(2036, 1, 8),
        date(2036, 1, 10),
    ),
)
OVER_EASTER = (
    date(2036, 3, 31),
    (
        date(2036, 4, 7),
        date(2036, 4, 15),
        date(2036, 4, 18),
        date(2036, 4, 23),
        date(2036, 4, 28),
        date(2036, 4, 30),
    ),
)
RAISED = OVER_CHRISTMAS[0]


async def disputed(journey: Journey, raised: date = RAISED, *names: str, **fields: object) -> Clocks:
    """A case whose IRO raises a dispute on its second day, with the team manager unless told otherwise."""
    await journey.begin(raised)
    await journey.record("iro_appointed", raised, iro="IRO-1")
    clocks = Clocks(journey)
    for name in names or ("d-1",):
        await raise_dispute(clocks, raised, name, **fields)
    return clocks


async def raise_dispute(clocks: Clocks, on: date, name: str, **fields: object) -> None:
    """The IRO raises a dispute."""
    told: dict[str, object] = {"matter": "care_plan", "about": "made up", "stage": "team_manager", "by": "IRO-1"}
    await clocks.journey.record("dispute_raised", on, fact_id=name, **{**told, **fields})
    clocks.names[name] = "dispute"


def moves(journey: Journey, name: str = "d-1") -> list[tuple[str, str, date]]:
    """Where a dispute went by itself, and the last day of the stage that did not answer."""
    facts = [each.fact for each in queries.facts(journey.register, journey.episode)]
    return [
        (fact.unanswered.value, fact.to.value, fact.last_day)
        for fact in facts
        if fact.kind == "dispute_moved_up" and fact.dispute == name
    ]


@pytest.mark.parametrize(("raised", "last_days"), [OVER_CHRISTMAS, OVER_EASTER], ids=["christmas", "easter"])
async def test_a_dispute_that_is_ignored_reaches_the_top_in_twenty_working_days(
    journey: Journey, raised: date, last_days: tuple[date, ...]
) -> None:
    clocks = await disputed(journey, raised)
    assert await clocks.go_to(last_days[-1]) == ["d-1"] * 5
    assert moves(journey) == list(zip(STAGES, STAGES[1:], last_days, strict=False))
    stages = [step for step in queries.steps(journey.register, journey.episode) if step.name == "answer_dispute"]
    at_the_top = stages[-1]
    assert (at_the_top.owner, at_the_top.due, at_the_top.is_open) == ("chief_executive", last_days[-1], True)
    assert journey.step("resolve_dispute.d-1").due == last_days[-1]
    told = queries.facts(journey.register, journey.episode)
    assert len({entry.fact.id for entry in told}) == len(told)
    # It never leaves the page: weeks later it is still with the chief executive, and overdue.
    await clocks.go_to(date(last_days[-1].year, last_days[-1].month + 1, 20))
    assert {at_the_top.key, "resolve_dispute.d-1"} <= await journey.owed()
    assert len(moves(journey)) == 5


@pytest.mark.parametrize("stage", range(6))
async def test_a_dispute_is_resolved_at_each_stage(journey: Journey, stage: int) -> None:
    clocks = await disputed(journey)
    last_days = OVER_CHRISTMAS[1]
    day = last_days[stage]
    await clocks.go_to(day)
    assert (await clocks.standing("d-1")).stage == STAGES[stage]
    await journey.record("dispute_answered", day, dispute="d-1", answer="made up")
    assert any(key.startswith("weigh_dispute_answer") for key in await journey.owed())
    await journey.record("dispute_resolved", day, dispute="d-1", outcome="agreed", by="IRO-1")
    assert journey.step("resolve_dispute.d-1").state == "done_in_time"
    assert not any("dispute" in key for key in await journey.owed())
    outcome = await clocks.handle("d-1").result()
    assert (outcome["stage"], outcome["name"]) == (STAGES[stage], "d-1")
    await clocks.go_to(date(2036, 1, 20))
    assert len(moves(journey)) == stage


async def test_an_iro_goes_straight_to_the_chief_executive(journey: Journey) -> None:
    clocks = await disputed(journey, RAISED, "d-1", stage="chief_executive")
    (step,) = [step for step in queries.steps(journey.register, journey.episode) if step.name == "answer_dispute"]
    assert (step.owner, step.due) == ("chief_executive", date(2035, 12, 12))
    await raise_dispute(clocks, RAISED, "d-2", matter="health")
    await journey.record("dispute_taken_up", RAISED, dispute="d-2", to="chief_executive", reason="made up", by="IRO-1")
    assert (await clocks.standing("d-2")).stage == "chief_executive"
    assert await clocks.go_to(date(2036, 1, 20)) == []
    told = {notice.notice.recipient for notice in notices_of(journey, NoticeName.DISPUTE_MOVED)}
    assert told == {"chief_executive", "social_worker", "team_manager", "iro", "iro_manager", "guardian", "legal"}


async def test_an_answer_stops_the_clock_and_one_that_comes_late_does_not(journey: Journey) -> None:
    clocks = await disputed(journey)
    await clocks.go_to(date(2035, 12, 18))
    assert (await clocks.standing("d-1")).stage == "service_manager"
    await journey.record("dispute_answered", date(2035, 12, 18), dispute="d-1", stage="team_manager", answer="made up")
    assert (await clocks.standing("d-1")).next is not None
    missed = journey.step("answer_dispute.d-1")
    assert (missed.state, missed.reason) == (
        "missed",
        "taken up to the service manager unanswered (an answer came on 18 December 2035)",
    )
    await journey.record("dispute_answered", date(2035, 12, 18), dispute="d-1", answer="made up")
    assert (await clocks.standing("d-1")).next is None
    assert await clocks.go_to(date(2036, 1, 20)) == []


async def test_a_pause_gives_a_stage_longer_and_stops_none_of_the_twenty_days(journey: Journey) -> None:
    clocks = await disputed(journey)
    until = date(2036, 1, 4)
    await journey.record("dispute_paused", RAISED, dispute="d-1", until=until, reason="made up", by="IRO-1")
    assert journey.step("answer_dispute.d-1").due == until
    assert journey.step("resolve_dispute.d-1").due == date(2036, 1, 10)
    assert await clocks.go_to(date(2036, 1, 20)) == ["d-1", "d-1"]
    assert moves(journey) == [
        ("team_manager", "service_manager", until),
        ("service_manager", "chief_executive", date(2036, 1, 10)),
    ]


async def test_a_dispute_outlives_the_end_of_care_and_a_change_of_iro(journey: Journey) -> None:
    clocks = await disputed(journey)
    await clocks.go_to(date(2035, 12, 13))
    await journey.record("iro_post_vacated", date(2035, 12, 13), reason="LEFTRL")
    await journey.record("iro_appointed", date(2035, 12, 13), iro="IRO-2")
    await journey.record("care_ended", date(2035, 12, 13), reason="E4A")
    await clocks.go_to(date(2035, 12, 18))
    assert [to for _, to, _ in moves(journey)] == ["service_manager"]
    with pytest.raises(Refused, match="that is IRO-2"):
        await journey.record(
            "dispute_taken_up", date(2035, 12, 18), dispute="d-1", to="director", reason="made up", by="IRO-1"
        )
    await journey.record(
        "dispute_taken_up", date(2035, 12, 18), dispute="d-1", to="director", reason="made up", by="IRO-2"
    )
    # Long after an ended episode would have closed, the dispute is open, and so is the case; its IRO may still change.
    late = date(2036, 3, 3)
    await clocks.go_to(late)
    assert "resolve_dispute.d-1" in await journey.owed()
    await journey.record("iro_post_vacated", late, reason="LEFTRL")
    await journey.record("iro_appointed", late, iro="IRO-3")
    await journey.record("dispute_resolved", late, dispute="d-1", outcome="put_right", by="IRO-3")
    with pytest.raises(Refused, match="Care ended on 13 December 2035"):
        await journey.record("iro_appointed", late, iro="IRO-4")
    assert not await clocks.runs("d-1")
    await journey.go_to(date(2036, 4, 20))
    assert (await journey.handle.describe()).status is WorkflowExecutionStatus.COMPLETED


async def test_ten_disputes_at_once_each_have_their_own_clock(journey: Journey) -> None:
    matters = (
        "care_plan",
        "review",
        "drift",
        "placement",
        "contact",
        "health",
        "education",
        "safeguarding",
        "resources",
        "child_not_heard",
    )
    await journey.begin(RAISED)
    await journey.record("iro_appointed", RAISED, iro="IRO-1")
    clocks = Clocks(journey)
    for number, matter in enumerate(matters):
        await raise_dispute(clocks, RAISED, f"d-{number}", matter=matter, stage=STAGES[number % 4])
    await journey.record("dispute_resolved", RAISED, dispute="d-3", outcome="explained", by="IRO-1")
    rung = await clocks.go_to(date(2035, 12, 18))
    assert sorted(rung) == sorted(set(clocks.names) - {"d-3"})
    for number, matter in enumerate(matters):
        gone = moves(journey, f"d-{number}")
        assert len(gone) == (0 if number == 3 else 1), matter


async def test_a_dispute_that_is_withdrawn_as_a_fact_has_no_clock_any_more(journey: Journey) -> None:
    clocks = await disputed(journey)
    await journey.record("fact_withdrawn", RAISED, withdraws="d-1", reason="made up", by="IRO-1")
    assert not await clocks.runs("d-1")


async def test_a_resolution_that_is_taken_back_sets_the_clock_going_again(journey: Journey) -> None:
    clocks = await disputed(journey)
    await journey.record("dispute_resolved", RAISED, fact_id="r-1", dispute="d-1", outcome="agreed", by="IRO-1")
    assert not await clocks.runs("d-1")
    await journey.record("fact_withdrawn", RAISED, withdraws="r-1", reason="made up", by="IRO-1")
    assert await clocks.runs("d-1")
    assert await clocks.go_to(date(2035, 12, 18)) == ["d-1"]


async def test_only_the_clock_moves_a_dispute_up_and_only_when_it_is_due(journey: Journey) -> None:
    clocks = await disputed(journey)
    then = (await clocks.standing("d-1")).then
    assert then is not None
    with pytest.raises(Refused, match="it is not due now"):
        await journey.record(
            then.kind, RAISED, **then.model_dump(exclude={"kind", "id", "on", "by"}), fact_id=then.id, by="system"
        )


def notices_of(journey: Journey, name: NoticeName) -> list[outbox.Waiting]:
    return list(outbox.notices_ever_owed(journey.register, journey.episode, name))
