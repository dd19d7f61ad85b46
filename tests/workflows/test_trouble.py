"""What the outside world does: workers and servers that stop, a register that is down, rules that change."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from temporalio.client import WorkflowFailureError
from temporalio.worker import Worker

import activities.episodes
from activities.allocation import AllocationActivities
from activities.episodes import EpisodeActivities
from client.keys import Keys
from client.server import ServerOptions, free_port
from client.settings import Settings
from client.time_travel import TravelServer, travelling_server
from register import RegisterUnavailable, queries
from register.allocations import allocations
from register.publication import Publication
from register.publish import publish
from register.recorded import settled_facts
from rules.acceptance import Refused
from rules.facts import Entry, Fact
from tests.workflows.journey import Journey, instant
from tests.workflows.test_allocation import add_iros
from worker import build_worker
from workflows.episode import EpisodeWorkflow
from workflows.messages import Act, ChooseRequest, Derived, DeriveRequest, Receipt
from workflows.search_attributes import NAMES_AND_TYPES

FIRST_DAY = date(2035, 6, 5)


async def test_a_worker_that_stops_in_mid_case_loses_nothing(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings
) -> None:
    journey = Journey(travel_server, keys, register)

    def worker() -> Worker:
        return build_worker(travel_server.client, register, settings)

    async with worker():
        await journey.begin(FIRST_DAY)
        await journey.go_to(date(2035, 6, 13))
    act = asyncio.create_task(journey.record("iro_appointed", date(2035, 6, 13), iro="IRO-1"))
    await asyncio.sleep(0.5)
    async with worker():
        await act
        assert "appoint_iro" not in await journey.owed()
        await journey.go_to(date(2035, 6, 30))
    assert journey.rungs("appoint_iro") == ["reminder", "breach"]


@pytest.fixture
async def server_on_disk(keys: Keys, tmp_path: Path) -> AsyncIterator[ServerOptions]:
    yield ServerOptions(data_dir=tmp_path / "disk", port=free_port(), search_attributes=NAMES_AND_TYPES)


async def test_a_server_that_stops_in_mid_case_loses_nothing(
    server_on_disk: ServerOptions, keys: Keys, register: Engine, settings: Settings
) -> None:
    async with travelling_server(server_on_disk, keys) as server:
        journey = Journey(server, keys, register)
        async with build_worker(server.client, register, settings):
            await journey.begin(FIRST_DAY)
            await journey.go_to(date(2035, 6, 13))
        before = journey.rungs("appoint_iro")
    async with travelling_server(server_on_disk, keys) as server:
        journey.server = server
        async with build_worker(server.client, register, settings):
            await journey.go_to(date(2035, 6, 21))
            await journey.record("iro_appointed", date(2035, 6, 21), iro="IRO-1")
    assert before == ["reminder", "breach"]
    assert journey.rungs("appoint_iro") == ["reminder", "breach", "service_manager", "assistant_director"]


async def test_acts_wait_for_a_register_that_is_down_and_none_is_lost(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journey.begin(FIRST_DAY)
    works = publish

    def down(*_: object) -> None:
        raise RegisterUnavailable("The register cannot be reached.")

    monkeypatch.setattr(activities.episodes, "publish", down)
    acts = [
        asyncio.create_task(journey.record("views_gathered", FIRST_DAY, fact_id=f"v{number}", source="carer"))
        for number in range(3)
    ]
    await asyncio.sleep(2)
    assert not any(act.done() for act in acts)
    monkeypatch.setattr(activities.episodes, "publish", works)
    receipts = await asyncio.wait_for(asyncio.gather(*acts), 25)
    assert {receipt.fact for receipt in receipts} == {"v0", "v1", "v2"}
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert sorted(recorded) == ["opening", "v0", "v1", "v2"]


def dies_after_the_commit(monkeypatch: pytest.MonkeyPatch, times: int = 1) -> None:
    """The worker is killed after a publication is committed, before its answer is known."""
    left = itertools.repeat(None, times)

    def publish_and_die(engine: Engine, publication: Publication, webhooks_owed: Callable[[], None]) -> bool:
        written = publish(engine, publication, webhooks_owed)
        if next(left, "none left") is None:
            raise ConnectionError("killed after the commit, before the answer")
        return written

    monkeypatch.setattr(activities.episodes, "publish", publish_and_die)


async def test_a_publication_whose_answer_was_lost_tells_nobody_twice(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journey.begin(FIRST_DAY)
    dies_after_the_commit(monkeypatch)
    await journey.record("iro_appointed", FIRST_DAY, fact_id="iro", iro="IRO-1")
    await journey.go_to(date(2035, 6, 8), 12)
    dies_after_the_commit(monkeypatch)
    await journey.go_to(date(2035, 6, 20))
    notices = [each.key for each in queries.owed_notices(journey.register, journey.episode)]
    assert len(notices) == len(set(notices))
    recorded = [entry.fact.id for entry in queries.facts(journey.register, journey.episode)]
    assert sorted(recorded) == ["iro", "opening"]
    assert journey.rungs("notify_iro_service") == ["reminder", "breach", "service_manager", "assistant_director"]
    told = await journey.handle.query(EpisodeWorkflow.timeline)
    assert sorted((each.at, each.step, each.rung) for each in told.raised) == sorted(
        (each.at, each.step, each.rung) for each in journey.escalations()
    )


def request_of(journey: Journey, *entries: Entry, new: tuple[str, ...], revision: int, at: int) -> DeriveRequest:
    return DeriveRequest(
        episode="episode-alone",
        child_digest="digest-alone",
        known_revision=revision,
        entries=entries,
        new=new,
        raised=(),
        now=instant(FIRST_DAY, at),
        spread=timedelta(0),
    )


async def test_an_act_beside_a_lost_answer_is_published_and_a_forgotten_one_is_taken_up(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    work = EpisodeActivities(journey.register)
    opening = Entry(fact=journey.opening, at=instant(FIRST_DAY))
    first = Entry(fact=journey.fact("iro_appointed", FIRST_DAY, fact_id="x", iro="IRO-1"), at=instant(FIRST_DAY))
    second = Entry(fact=journey.fact("discussion_held", FIRST_DAY, fact_id="y"), at=instant(FIRST_DAY, 10))
    published: list[Publication] = []

    def noted(engine: Engine, publication: Publication, webhooks_owed: Callable[[], None]) -> bool:
        published.append(publication)
        return publish(engine, publication, webhooks_owed)

    monkeypatch.setattr(activities.episodes, "publish", noted)
    work.derive_and_publish(request_of(journey, opening, new=("opening",), revision=0, at=9))
    # Published as revision 2, and the worker dies: the workflow knows revision 1, and has forgotten the act.
    work.derive_and_publish(request_of(journey, opening, first, new=("x",), revision=1, at=9))
    derived = work.derive_and_publish(request_of(journey, opening, second, new=("y",), revision=1, at=10))
    assert derived.revision == 3
    assert [each.unheard for each in published] == [0, 0, 1]
    assert [entry.fact.id for entry in derived.restored] == ["x"]
    assert derived.iro == "IRO-1"
    assert [entry.fact.id for entry in queries.facts(journey.register, "episode-alone")] == ["opening", "x", "y"]


async def test_an_iro_chosen_and_published_without_the_workflow_hearing_of_it_is_the_childs_iro(
    journey: Journey,
) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    add_iros(journey.register, "IRO-1", "IRO-2")
    work, choosing = EpisodeActivities(journey.register), AllocationActivities(journey.register)
    opening = Entry(fact=journey.opening, at=instant(FIRST_DAY))
    (step,) = work.derive_and_publish(request_of(journey, opening, new=("opening",), revision=0, at=9)).for_the_system

    def chosen_and_published(day: date) -> tuple[Fact, Derived]:
        """What the workflow has done, as far as it knows: it stands at the first revision."""
        at = instant(day, 10)
        ask = ChooseRequest(
            episode="episode-alone", step=step, known_revision=1, entries=(opening,), former_iro=None, now=at
        )
        fact = choosing.choose_iro(ask).fact
        request = request_of(journey, opening, Entry(fact=fact, at=at), new=(fact.id,), revision=1, at=10)
        return fact, work.derive_and_publish(request)

    first, then = chosen_and_published(FIRST_DAY)
    # The worker dies, with all of this; another takes it up from the first revision, after midnight.
    second, derived = chosen_and_published(FIRST_DAY + timedelta(days=1))
    assert second == first and (derived.revision, derived.iro, derived.refused) == (3, then.iro, ())
    assert [entry.fact.id for entry in queries.facts(journey.register, "episode-alone")] == ["opening", first.id]
    assert [each.fact_id for each in allocations(journey.register, "episode-alone")] == [first.id]


async def test_an_id_used_for_another_fact_long_ago_is_refused(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.hold_first_review_on_time(FIRST_DAY, date(2035, 7, 2))
    await journey.record("discussion_held", date(2035, 6, 8), fact_id="talk")
    await journey.follow_up(date(2035, 7, 2))
    await journey.go_to(date(2035, 9, 20))
    await journey.record("review_held", date(2035, 9, 20), fact_id="second", participation="PN1")
    with pytest.raises(Refused, match="stands for another fact"):
        await journey.record("record_completed", date(2035, 9, 20), fact_id="talk")
    assert "record.second" in await journey.owed()


async def test_the_reference_of_a_decision_long_carried_out_is_not_used_again(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    review, later = date(2035, 7, 2), date(2035, 9, 20)
    await journey.hold_first_review_on_time(FIRST_DAY, review)
    await journey.record("decision_made", review, decision="D1", text="dentist", owner="carer", due=date(2035, 7, 31))
    wrong = {"decision": "D2", "text": "glasses", "owner": "carer", "due": date(2035, 7, 31)}
    await journey.record("decision_made", review, fact_id="wrong", **wrong)
    await journey.record("fact_withdrawn", review, withdraws="wrong", reason="said of a sibling")
    await journey.record("decision_carried_out", review, decision="D1")
    await journey.follow_up(review)
    await journey.go_to(later)
    assert settled_facts(journey.register, journey.episode) == frozenset()
    await journey.record("review_held", later, fact_id="second", participation="PN1")
    # The register knows what the workflow let go, and with it what can be put right no more.
    settled = settled_facts(journey.register, journey.episode)
    assert "wrong" in settled and settled.isdisjoint({"opening", "first", "second"})
    for gone in settled - {"wrong"}:
        with pytest.raises(Refused, match="no such record in the open part"):
            await journey.record("fact_withdrawn", later, withdraws=gone, reason="made up")
    due = date(2035, 11, 1)
    with pytest.raises(Refused, match="stands for another decision already"):
        await journey.record("decision_made", later, decision="D1", text="bicycle", owner="carer", due=due)
    assert journey.step("decision.D1").state == "done_in_time"
    # One that was withdrawn never was, and its reference is free.
    await journey.record("decision_made", later, decision="D2", text="bicycle", owner="carer", due=due)
    assert journey.step("decision.D2").due == due


async def test_the_first_notification_again_is_the_same_also_when_its_correction_has_settled(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    born = journey.opening.birth_date + timedelta(days=1)
    right = journey.opening.model_copy(update={"birth_date": born}).model_dump(mode="json")
    await journey.record("fact_corrected", FIRST_DAY, corrects=journey.opening.id, reason="typing error", to=right)
    await journey.record("discussion_held", FIRST_DAY, fact_id="talk")
    await journey.record("fact_withdrawn", FIRST_DAY, withdraws="talk", reason="was of a sibling")
    review, later = date(2035, 7, 2), date(2035, 9, 20)
    await journey.hold_first_review_on_time(FIRST_DAY, review)
    await journey.follow_up(review)
    await journey.go_to(later)
    await journey.record("review_held", later, participation="PN1")
    again = await journey.handle.execute_update("became_looked_after", Act(fact=journey.opening), result_type=Receipt)
    assert again.overdue == (await journey.agenda()).overdue


async def test_a_child_has_one_open_episode_also_when_two_first_days_were_sent_at_once(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    other = Journey(journey.server, journey.keys, journey.register)
    with pytest.raises(Refused, match="looked after already, since 5 June 2035"):
        await other.begin(date(2035, 6, 6), child=journey.opening.child)
    # The register did not know of it when it was sent: the episode itself finds out, and ends.
    with pytest.raises(WorkflowFailureError):
        await other.handle.result()
    assert queries.episode(journey.register, other.episode, today=FIRST_DAY) is None


PLANTED = ("Planted Name", "zephyrine")


async def test_history_and_listing_hold_no_free_words(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    await journey.record(
        "child_consulted", FIRST_DAY, outcome="not_appropriate", reason=f"{PLANTED[0]} says {PLANTED[1]}"
    )
    await journey.record(
        "step_exempted", FIRST_DAY, step="report", reason=f"{PLANTED[0]} of {PLANTED[1]}", until=date(2035, 6, 8)
    )
    history = await journey.handle.fetch_history()
    raw = b"".join(event.SerializeToString() for event in history.events)
    raw += (await journey.handle.describe()).raw_description.SerializeToString()
    for words in (*PLANTED, journey.opening.child if journey.opening else ""):
        assert words.encode() not in raw
