"""The service seen whole: slips by team, concerns and digests kept once, the week of an authority."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from register.directory import add_person
from register.publish import publish
from register.queries import owed_notices
from register.service import authorities, breaches, concerns, keep_digest, raise_concern, service_week
from rules.calendar import WorkingCalendar
from rules.clock import start_of
from rules.codes import ParticipationCode
from rules.concerns import Breach, Concern
from rules.digest import digest
from rules.directory import IroTerms, Person
from rules.facts import Entry, Fact, FactWithdrawn
from rules.facts.iro import IroProposed
from rules.facts.reviews import ReviewArranged, ReviewHeld
from rules.steps import Escalation
from rules.vocabulary import Nation, Role
from tests.register.samples import MORNING, TODAY, agenda, opening, publication, step

AUTHORITY = "822"
DUE = TODAY - timedelta(days=1)
CONCERN = Concern(team="tm-2", step="report", since=TODAY, until=TODAY, episodes=("episode-1", "episode-2"))


def slipped(rung: str, covers: tuple[str, ...] = (), at: datetime = MORNING) -> Escalation:
    return Escalation(step="report.opening", rung=rung, due=DUE, at=at, tell=(Role.TEAM_MANAGER,), covers=covers)


def child(engine: Engine, number: int, *raised: Escalation, proposed: str | None = None, **fields: object) -> None:
    derived = agenda(step("report.opening", due=DUE), raised=raised, iro=None if proposed else "iro-1")
    derived = derived.model_copy(update={"proposed": proposed})
    opened = opening(child=f"child-{number}").model_copy(update={"team_manager": "tm-2"} | fields)
    episode = f"episode-{number}"
    facts = (IroProposed(id="p", on=TODAY, by="system", iro=proposed),) if proposed else ()
    said = tuple(Entry(fact=fact, at=MORNING) for fact in facts)
    publish(engine, publication(derived, episode=episode, opened_by=opened, entries=said))


def test_a_breach_counts_once_for_the_team_that_has_the_case(engine: Engine) -> None:
    child(engine, 1, slipped("reminder"), slipped("breach"))
    child(engine, 2, slipped("assistant_director", covers=("breach", "service_manager")))
    child(engine, 3, slipped("reminder"))
    child(engine, 4, slipped("breach"), team_manager=None)
    assert breaches(engine, AUTHORITY, TODAY) == [
        Breach(episode=f"episode-{number}", team="tm-2", step="report", day=TODAY) for number in (1, 2)
    ]
    assert breaches(engine, AUTHORITY, TODAY + timedelta(days=1)) == []
    assert breaches(engine, "383", TODAY) == []
    assert authorities(engine) == [(AUTHORITY, Nation.ENGLAND)]


def test_where_the_case_names_no_team_manager_the_social_workers_own_counts(engine: Engine) -> None:
    worker = Person(reference="sw-7", name="Test Worker", role=Role.SOCIAL_WORKER, authority=AUTHORITY, team="east")
    add_person(engine, worker, None, "test", MORNING)
    child(engine, 1, slipped("breach"), team_manager=None, social_worker="sw-7")
    assert [each.team for each in breaches(engine, AUTHORITY, TODAY)] == ["east"]


def test_a_concern_is_kept_and_told_once(engine: Engine) -> None:
    assert raise_concern(engine, AUTHORITY, CONCERN, MORNING)
    assert not raise_concern(engine, AUTHORITY, CONCERN, MORNING + timedelta(hours=1))
    assert concerns(engine, AUTHORITY) == [CONCERN]
    assert concerns(engine, AUTHORITY, MORNING + timedelta(minutes=1)) == []
    (owed,) = owed_notices(engine)
    assert (owed.service, owed.episode, owed.name, owed.recipient) == (
        AUTHORITY, None, "collective_concern", Role.IRO_MANAGER,
    )  # fmt: skip


def test_the_week_of_an_authority_is_told_once(engine: Engine) -> None:
    iro = Person(reference="iro-1", name="Test Iro", role=Role.IRO, authority=AUTHORITY)
    add_person(engine, iro, IroTerms(iro="iro-1"), "test", MORNING)
    child(engine, 1, slipped("breach", at=start_of(TODAY - timedelta(days=2))))
    child(engine, 2, proposed="iro-1")
    week = service_week(engine, AUTHORITY, TODAY)
    assert [(each.iro, each.children, each.places) for each in week.caseloads] == [("iro-1", 2, 70)]
    assert week.without_iro == ()
    assert [(each.episode, each.iro, each.since) for each in week.proposals] == [("episode-2", "iro-1", TODAY)]
    assert [(each.episode, each.step, each.team) for each in week.overdue] == [
        ("episode-1", "report", "tm-2"),
        ("episode-2", "report", "tm-2"),
    ]
    assert [each.rung for each in week.escalations] == ["breach"]
    made = digest(week, WorkingCalendar(Nation.ENGLAND))
    assert keep_digest(engine, made, MORNING)
    assert not keep_digest(engine, made, MORNING + timedelta(hours=1))
    assert [owed.name for owed in owed_notices(engine) if owed.service] == ["weekly_digest"]


def test_a_review_owed_says_the_day_last_arranged_for_it(engine: Engine) -> None:
    days = (date(2026, 6, 20), date(2026, 6, 22))
    said = tuple(
        Entry(fact=ReviewArranged(id=f"a-{day}", on=TODAY, by="sw-7", planned_for=day), at=MORNING) for day in days
    )
    opened = (Entry(fact=opening(), at=MORNING), *said)
    publish(engine, publication(agenda(step("first_review.opening")), opened_by=opening(), entries=opened))
    (owed,) = service_week(engine, AUTHORITY, TODAY).reviews or ()
    assert owed.arranged == days[-1]


@pytest.mark.parametrize(
    "after",
    [
        ReviewHeld(id="held", on=TODAY, by="iro-1", participation=ParticipationCode.PN1),
        FactWithdrawn(id="gone", on=TODAY, by="sw-7", withdraws="a", reason="another child's"),
    ],
)
def test_an_arrangement_that_is_used_up_or_taken_back_arranges_nothing(engine: Engine, after: Fact) -> None:
    arranged = ReviewArranged(id="a", on=TODAY - timedelta(days=1), by="sw-7", planned_for=TODAY)
    said = tuple(
        Entry(fact=fact, at=MORNING + timedelta(seconds=place))
        for place, fact in enumerate((opening(), arranged, after))
    )
    publish(engine, publication(agenda(step("second_review.held")), opened_by=opening(), entries=said))
    (owed,) = service_week(engine, AUTHORITY, TODAY).reviews or ()
    assert owed.arranged is None
