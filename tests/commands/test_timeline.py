"""`starter.py timeline`: what happened, what slipped, who was told, from the history of every run."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from client.connection import connect_to
from client.happenings import Kind
from client.keys import Keys
from client.timeline import Listener
from rules.facts.reviews import DiscussionHeld
from tests.commands.conftest import Typed, days_ago, notification, open_case
from tests.commands.stack import Stack
from workflows.messages import Act

Told = list[dict[str, Any]]

FIRST, SECOND = days_ago(150), days_ago(70)


def told_of(typed: Typed, episode: str) -> Told:
    happenings: Told = typed("timeline", episode, "--json").json["happenings"]
    assert [each["at"] for each in happenings] == sorted(each["at"] for each in happenings)
    return happenings


def facts_in(told: Told) -> list[str]:
    return [each["fact"]["kind"] for each in told if each["kind"] == "fact"]


@pytest.fixture
def continued(typed: Typed, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A child whose first cycle has closed, so that the episode went on in another run."""
    child = f"continued-{abs(hash(request.node.nodeid)) % 10**9}"
    first_day = str(FIRST - timedelta(days=20))
    episode = open_case(typed, tmp_path, **notification(child, became_looked_after=first_day, notified_on=first_day))
    after = f"review={FIRST}"
    sent = str(FIRST + timedelta(days=5))
    acts = [
        ("iro_appointed", f"on={first_day}", "iro=iro-1"),
        ("review_held", f"on={FIRST}", "participation=PN1", "--id", "review-1"),
        ("decisions_sent", f"on={sent}", after),
        ("decisions_circulated", f"on={sent}", after),
        ("record_completed", f"on={sent}", after),
        *(
            ("record_distributed", f"on={sent}", after, f"recipient={who}")
            for who in ("child", "parents", "carer", "social_worker", "team_manager")
        ),
        ("review_held", f"on={SECOND}", "participation=PN1", "--id", "review-2"),
        ("mid_point_checked", f"on={days_ago(1)}"),
    ]
    for act, *fields in acts:
        assert typed("record", episode, act, *fields).code == 0
    return episode


def test_it_tells_what_was_recorded_what_slipped_and_who_was_told(typed: Typed, tmp_path: Path) -> None:
    late = notification("told-late", became_looked_after=str(days_ago(60)))
    episode = open_case(typed, tmp_path, **late)
    typed("record", episode, "iro_appointed", "on=today", "iro=iro-1", "--id", "iro")
    told = told_of(typed, episode)
    assert facts_in(told) == ["became_looked_after", "iro_service_notified", "iro_appointed"]
    [review] = [each for each in told if each["step"] == "first_review"]
    assert (review["kind"], review["rung"]) == ("slipped", "assistant_director")
    assert "iro_manager" in review["tell"] and "assistant_director" in review["tell"]
    assert review["covers"] == ["reminder", "breach", "service_manager"]
    said = typed("timeline", episode).out
    assert max(len(line) for line in said.splitlines()) <= 80
    assert "Slipped: First review" in said
    assert "IRO iro-1" in said
    assert "by operator, fact iro" in said


def test_an_act_sent_twice_or_refused_is_not_told_twice_or_at_all(opened: str, typed: Typed) -> None:
    for _ in range(2):
        typed("record", opened, "discussion_held", "on=today", "--id", "once")
    typed("record", opened, "iro_cover_ended", "on=today")
    assert facts_in(told_of(typed, opened)).count("discussion_held") == 1
    assert "iro_cover_ended" not in facts_in(told_of(typed, opened))


def test_a_correction_tells_what_it_changed_and_which_dates_moved(opened: str, typed: Typed) -> None:
    why = ("on=today", "corrects=opening", "reason=Back-dated by the placement team.")
    typed("record", opened, "fact_corrected", *why, f"to.on={days_ago(6)}")
    moved = {each["step"] for each in told_of(typed, opened) if each["kind"] == "moved"}
    assert "first_review" in moved or "give_reviewing_policy" in moved
    said = " ".join(typed("timeline", opened).out.split())
    assert f"opening: on {days_ago(6)} (was {days_ago(5)}); reason: Back-dated by the placement team." in said
    assert "New due date" in said


def test_the_history_of_every_run_is_told(continued: str, typed: Typed, stack: Stack) -> None:
    assert len(asyncio.run(_runs(stack, continued))) > 1
    told = typed("timeline", continued, "--json").json
    assert told["history_from"] is None
    assert facts_in(told["happenings"]) == [
        "became_looked_after",
        "iro_service_notified",
        "iro_appointed",
        "review_held",
        "decisions_sent",
        "decisions_circulated",
        "record_completed",
        *["record_distributed"] * 5,
        "review_held",
        "mid_point_checked",
    ]


def test_silence_that_counts_as_agreement_is_told(continued: str, typed: Typed) -> None:
    assert [each["what"] for each in told_of(typed, continued) if each["kind"] == "silence"] == [
        "The team manager gave no answer: the decisions count as agreed"
    ]


def test_where_earlier_runs_are_gone_the_register_tells_that_part(
    continued: str, typed: Typed, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told_of(typed, continued)
    _forget(monkeypatch, asyncio.run(_runs(stack, continued))[1:])
    told = typed("timeline", continued, "--json").json
    assert told["history_from"] is not None
    assert facts_in(told["happenings"]) == facts_in(whole)
    slipped = {(each["step"], each["rung"]) for each in whole if each["kind"] in ("slipped", "reminded")}
    assert {(each["step"], each["rung"]) for each in told["happenings"] if each["rung"]} == slipped
    assert "is told from the register" in " ".join(typed("timeline", continued).out.split())


def test_what_is_no_episode_has_no_timeline(typed: Typed) -> None:
    assert "There is no episode episode-x" in typed("timeline", "episode-x").sentence


async def _client(stack: Stack) -> Client:
    return await connect_to(stack.address, Keys.load(stack.folder / "keys.json"))


async def _runs(stack: Stack, episode: str) -> list[str]:
    """The runs of an episode, the latest first."""
    client = await _client(stack)
    runs: list[str] = []
    run: str | None = None
    while run != "":
        handle = client.get_workflow_handle(episode, run_id=run)
        [first, *_] = [event async for event in handle.fetch_history_events()]
        started = first.workflow_execution_started_event_attributes
        runs.append(started.original_execution_run_id)
        run = started.continued_execution_run_id
    return runs


def _forget(monkeypatch: pytest.MonkeyPatch, runs: list[str]) -> None:
    """Answer as the server does of runs whose retention is over. (Deleting them for real takes it half a minute.)"""
    kept = WorkflowHandle.fetch_history_events

    def fetch_history_events(handle: WorkflowHandle[Any, Any]) -> Any:
        if handle.run_id in runs:
            raise RPCError("workflow execution not found", RPCStatusCode.NOT_FOUND, b"")
        return kept(handle)

    monkeypatch.setattr(WorkflowHandle, "fetch_history_events", fetch_history_events)


async def test_what_was_taken_in_and_not_published_is_told_so() -> None:
    listener = Listener(pydantic_data_converter)
    fact = DiscussionHeld(id="waiting", on=FIRST, by="iro-1")
    [payload] = await pydantic_data_converter.encode([Act(fact=fact)])
    event = HistoryEvent(event_id=7)
    accepted = event.workflow_execution_update_accepted_event_attributes
    accepted.accepted_request.input.args.payloads.append(payload)
    await listener.hear(event)
    assert [(each.kind, each.fact) for each in listener.happenings()] == [(Kind.UNPUBLISHED, fact)]
    answer = HistoryEvent(event_id=8)
    answer.workflow_execution_update_completed_event_attributes.accepted_event_id = 7
    answer.workflow_execution_update_completed_event_attributes.outcome.success.SetInParent()
    await listener.hear(answer)
    assert [(each.kind, each.fact) for each in listener.happenings()] == [(Kind.FACT, fact)]
