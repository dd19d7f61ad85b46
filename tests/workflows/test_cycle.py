"""The cycle as it should go: review, follow-up, the next review."""

import asyncio
from datetime import date, timedelta

import pytest

from client.errors import EpisodeClosed
from register import queries
from rules.acceptance import Refused
from tests.workflows.journey import Journey
from workflows.episode import EpisodeWorkflow

FIRST_DAY = date(2035, 6, 5)
REVIEW = date(2035, 7, 2)


async def test_a_cycle_done_in_time_is_reminded_at_most(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.go_to(date(2035, 7, 3))
    await journey.follow_up(date(2035, 7, 3))
    assert {each.rung for each in journey.escalations()} <= {"reminder"}
    (line,) = queries.reviews(journey.register, journey.episode)
    assert (line.statutory_in_time, line.indicator_in_time) == (True, True)
    assert journey.step("second_review.first").due == date(2035, 10, 2)


async def test_an_early_review_counts_and_six_months_run_from_it(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.go_to(date(2035, 8, 1))
    await journey.record("early_review_required", date(2035, 8, 1), ground="iro_asked", before=date(2035, 8, 15))
    assert (await journey.agenda()).review_due == date(2035, 8, 15)
    await journey.go_to(date(2035, 8, 10))
    await journey.record("review_held", date(2035, 8, 10), fact_id="second", participation="PN1")
    derived = await journey.agenda()
    assert derived.review_due == date(2036, 2, 10)
    assert "subsequent_review.second" in {step.key for step in derived.steps}


async def adjourn(journey: Journey, on: date, until: date) -> None:
    await journey.record("review_adjourned", on, reason="papers missing", reconvene_on=until, child_wishes_sought=True)


async def test_a_review_is_adjourned_once_and_completed_within_twenty_working_days(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(REVIEW, 15)
    await adjourn(journey, REVIEW, date(2035, 7, 20))
    assert journey.step("first_review").state == "done_in_time"
    assert journey.step("complete_review").due == date(2035, 7, 30)
    await journey.go_to(date(2035, 7, 20))
    with pytest.raises(Refused, match="adjourned once"):
        await adjourn(journey, date(2035, 7, 20), date(2035, 7, 27))
    await journey.record("review_held", date(2035, 7, 20), fact_id="first", participation="PN1")
    (line,) = queries.reviews(journey.register, journey.episode)
    assert (line.opened_on, line.completed_on, line.statutory_in_time) == (REVIEW, date(2035, 7, 20), True)
    assert journey.rungs("first_review") == ["reminder"]


async def test_silence_of_the_manager_is_agreement_and_is_logged_so(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.record("decisions_sent", REVIEW)
    await journey.go_to(date(2035, 7, 9), 12)
    assert journey.step("manager_reply.first").state == "open"
    await journey.go_to(date(2035, 7, 10), 12)
    step = journey.step("manager_reply.first")
    assert (step.state, step.done_on) == ("deemed", date(2035, 7, 9))
    assert "decisions_taken_as_agreed" in {notice.name for notice in queries.owed_notices(journey.register)}


async def test_closing_a_cycle_continues_as_new_and_loses_no_act_in_flight(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.follow_up(REVIEW)
    first_run = (await journey.handle.describe()).run_id
    await journey.go_to(date(2035, 9, 20))
    await journey.prepare(date(2035, 9, 20))
    second = journey.fact("review_held", date(2035, 9, 20), fact_id="second", participation="PN1")
    decisions = [
        journey.fact(
            "decision_made",
            date(2035, 9, 20),
            decision=f"D{number}",
            text="see the school",
            owner="social_worker",
            due=date(2035, 12, 1),
        )
        for number in range(8)
    ]
    handle, acts = journey.handle, []
    acts.append(handle.execute_update("review_held", {"fact": second.model_dump(mode="json")}))
    await asyncio.sleep(0.02)
    acts += [handle.execute_update("decision_made", {"fact": fact.model_dump(mode="json")}) for fact in decisions]
    await asyncio.gather(*acts)
    assert (await journey.handle.describe()).run_id != first_run
    recorded = {entry.fact.id for entry in queries.facts(journey.register, journey.episode)}
    assert {second.id, *(fact.id for fact in decisions)} <= recorded
    assert {f"decision.D{number}" for number in range(8)} <= await journey.owed()


async def test_an_act_sent_twice_is_recorded_once_also_in_a_later_run(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    talk = journey.fact("discussion_held", date(2035, 6, 8), fact_id="talk")
    await journey.record("discussion_held", date(2035, 6, 8), fact_id="talk")
    await journey.follow_up(REVIEW)
    await journey.go_to(date(2035, 9, 20))
    await journey.record("review_held", date(2035, 9, 20), fact_id="second", participation="PN1")
    state = await journey.handle.query(EpisodeWorkflow.state)
    assert state is not None
    assert "talk" not in {entry.fact.id for entry in state.entries}
    await journey.record("discussion_held", talk.on, fact_id="talk")
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert recorded.count("talk") == 1
    state = await journey.handle.query(EpisodeWorkflow.state)
    assert state is not None
    assert "talk" not in {entry.fact.id for entry in state.entries}


async def test_a_burst_of_acts_loses_none(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    days = [FIRST_DAY] * 10
    receipts = await asyncio.gather(
        *(
            journey.record("views_gathered", day, fact_id=f"views-{number}", source="carer")
            for number, day in enumerate(days)
        )
    )
    assert {receipt.fact for receipt in receipts} == {f"views-{number}" for number in range(10)}
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert sorted(recorded) == sorted(set(recorded))
    assert {f"views-{number}" for number in range(10)} <= set(recorded)


async def test_a_decision_not_carried_out_is_told_to_the_iro_and_escalates(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, REVIEW)
    await journey.follow_up(REVIEW)
    await journey.record("decision_made", REVIEW, decision="D1", text="dentist", owner="carer", due=date(2035, 7, 31))
    await journey.go_to(date(2035, 8, 2))
    assert journey.rungs("decision.D1") == ["reminder", "breach"]
    assert [str(role) for role in journey.escalations("decision.D1")[1].tell] == [
        "carer",
        "team_manager",
        "iro",
        "iro_manager",
        "social_worker",
    ]
    await journey.record("decision_carried_out", date(2035, 8, 1), decision="D1")
    assert journey.step("decision.D1").state == "done_late"


async def test_an_act_on_a_finished_episode_is_refused(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.go_to(date(2035, 6, 7))
    await journey.record("care_ended", date(2035, 6, 7), reason="E4A")
    await journey.go_to(FIRST_DAY + timedelta(days=40))
    with pytest.raises(EpisodeClosed):
        await journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
