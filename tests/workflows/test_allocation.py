"""The system chooses IROs from the directory, the manager's word counts, and bars hold against everyone."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from client.episodes import record
from client.keys import Keys
from client.settings import Settings
from client.time_travel import TravelServer
from register import directory, queries
from register.allocations import Allocated, allocate, allocations
from register.gathering import AllocationAsked
from rules.acceptance import Refused
from rules.directory import Bar, BarKind, IroTerms, Person
from rules.facts.iro import KinKnown
from rules.notice_names import NoticeName
from rules.vocabulary import KinRelation, Role
from tests.workflows.journey import Journey
from worker import build_worker

FIRST_DAY = date(2036, 6, 5)
AUTHORITY = "810"
WRITTEN = datetime(2036, 6, 1, tzinfo=UTC)


def add_iros(register: Engine, *references: str, limit: int = 60) -> None:
    for reference in references:
        person = Person(reference=reference, name=f"Test Person {reference}", role=Role.IRO, authority=AUTHORITY)
        directory.add_person(register, person, IroTerms(iro=reference, full_time_limit=limit), by="test", at=WRITTEN)


async def test_a_child_gets_an_iro_at_once_with_the_reasons_kept(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2")
    await journey.begin(FIRST_DAY)
    derived = await journey.agenda()
    assert derived.iro in ("IRO-1", "IRO-2")
    assert journey.step("propose_iro").state == "done_in_time"
    assert journey.step("appoint_iro").state == "done_in_time"
    (kept,) = allocations(journey.register, journey.episode)
    assert kept.recorded
    assert [each.iro for each in kept.choice.considered][0] == kept.choice.iro == derived.iro
    facts = [entry.fact for entry in queries.facts(journey.register, journey.episode)]
    assert [(fact.kind, fact.by) for fact in facts][-1] == ("iro_appointed", "system")


async def test_nobody_sends_what_only_the_system_records(journey: Journey) -> None:
    await journey.begin(FIRST_DAY)
    fact = journey.fact("iro_appointed", FIRST_DAY, iro="IRO-1").model_copy(update={"by": "system"})
    with pytest.raises(Refused, match="Only the system itself"):
        await record(journey.server.client, journey.episode, fact)


async def test_a_manager_chooses_otherwise_but_never_past_a_bar(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2", "IRO-3")
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    named = (await journey.agenda()).iro
    other, barred = sorted({"IRO-1", "IRO-2", "IRO-3"} - {named})
    bar = Bar(iro=barred, against=journey.opening.child, kind=BarKind.PAST_CASEWORK, reason="was the social worker")
    directory.add_bar(journey.register, bar, by="test", at=WRITTEN)
    with pytest.raises(Refused, match="has worked on the case"):
        await journey.record("iro_appointed", FIRST_DAY, iro=barred)
    with pytest.raises(Refused, match="IRO-9"):
        await journey.record("iro_appointed", FIRST_DAY, iro="IRO-9")
    with pytest.raises(Refused, match="has worked on the case"):
        await journey.record("iro_cover_arranged", FIRST_DAY, cover=barred)
    await journey.record("iro_appointed", FIRST_DAY, iro=other, reason="speaks the child's language")
    assert (await journey.agenda()).iro == other


async def test_a_vacancy_is_filled_at_once_by_another(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2")
    await journey.begin(FIRST_DAY)
    first = (await journey.agenda()).iro
    later = date(2036, 6, 12)
    await journey.go_to(later)
    await journey.record("iro_conflict_declared", later, iro=first, reason="a cousin of the carer")
    second = (await journey.agenda()).iro
    assert {first, second} == {"IRO-1", "IRO-2"}
    assert len(allocations(journey.register, journey.episode)) == 2


async def test_siblings_who_arrive_apart_share_an_iro_and_are_told(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2", "IRO-3")
    await journey.begin(FIRST_DAY)
    assert journey.opening is not None
    later = date(2036, 8, 5)
    await journey.go_to(later)
    sister = Journey(journey.server, journey.keys, journey.register)
    kin = KinKnown(id="sibling-1", on=later, by="test", kin=journey.opening.child, relation=KinRelation.SIBLING)
    await sister.begin(later, facts=(kin,))
    assert (await sister.agenda()).iro == (await journey.agenda()).iro
    for episode in (journey.episode, sister.episode):
        owed = [notice.name for notice in queries.owed_notices(journey.register, episode)]
        assert owed.count(NoticeName.IRO_SHARED) == 1


async def test_when_nobody_may_it_escalates_and_the_first_who_comes_is_given_the_child(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1")
    directory.set_last_day(journey.register, "IRO-1", date(2036, 6, 1), by="test", at=WRITTEN)
    await journey.begin(FIRST_DAY)
    assert (await journey.agenda()).iro is None
    await journey.go_to(date(2036, 6, 7))
    assert journey.rungs("propose_iro") == ["breach"]
    add_iros(journey.register, "IRO-2")
    await journey.handle.signal("derive_again")
    await journey.record("kin_known", FIRST_DAY, kin="another", relation="sibling")
    assert (await journey.agenda()).iro == "IRO-2"


async def test_under_a_manager_who_confirms_a_proposal_waits_and_the_clock_runs(
    travel_server: TravelServer, keys: Keys, register: Engine, settings: Settings
) -> None:
    policy = settings.data_dir / "policy.toml"
    policy.parent.mkdir(parents=True, exist_ok=True)
    policy.write_text('[allocation]\nconfirm = "iro_manager"\n')
    add_iros(register, "IRO-1")
    journey = Journey(travel_server, keys, register)
    async with build_worker(travel_server.client, register, settings.model_copy(update={"policy_file": policy})):
        await journey.begin(FIRST_DAY)
        derived = await journey.agenda()
        assert (derived.iro, derived.proposed) == (None, "IRO-1")
        await journey.go_to(date(2036, 6, 13))
        assert "breach" in journey.rungs("appoint_iro")
        await journey.record("iro_appointed", date(2036, 6, 13), iro="IRO-1")
        assert (await journey.agenda()).proposed is None


async def test_a_choice_whose_answer_was_lost_stands(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2")
    made: list[Allocated] = []

    def lost_the_first_time(engine: Engine, asked: AllocationAsked) -> Allocated:
        made.append(allocate(engine, asked))
        if len(made) == 1:
            raise ConnectionResetError("the answer was lost")
        return made[-1]

    monkeypatch.setattr("activities.allocation.allocate", lost_the_first_time)
    await journey.begin(FIRST_DAY)
    assert made[0] == made[1]
    (kept,) = allocations(journey.register, journey.episode)
    assert (await journey.agenda()).iro == kept.choice.iro


async def test_children_notified_at_once_fill_the_places_evenly(journey: Journey) -> None:
    add_iros(journey.register, "IRO-1", "IRO-2", "IRO-3", "IRO-4", limit=2)
    children = [Journey(journey.server, journey.keys, journey.register) for _ in range(8)]
    await asyncio.gather(*(each.begin(FIRST_DAY) for each in children))
    iros = [(await each.agenda()).iro for each in children]
    assert sorted(iros.count(f"IRO-{number}") for number in range(1, 5)) == [2, 2, 2, 2]
    over = Journey(journey.server, journey.keys, journey.register)
    await over.begin(FIRST_DAY)
    owed = {notice.name for notice in queries.owed_notices(journey.register, over.episode)}
    assert (await over.agenda()).iro is not None and "iro_over_capacity" in owed
