"""What the desk's lists say beside their rows: the next review, what was decided, which review is followed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from register.queries import EpisodeLine, list_episodes
from register.work import TaskOwner, tasks
from register.work_more import more_of_episodes, more_of_tasks
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger, days_ago

TODAY = datetime.now(UTC).date()


def line(engine: Engine, ledger: Ledger) -> EpisodeLine:
    return next(each for each in list_episodes(engine, today=TODAY) if each.id == ledger.episode)


def begun(child: str = "child-1", since: int = 14) -> Ledger:
    return Ledger("822", child, since=since, social_worker="sw-1", team_manager="tm-1").add(
        "iro_appointed", since - 1, iro="iro-1"
    )


def test_the_next_review_has_its_last_day_and_the_day_it_is_planned_for(engine: Engine) -> None:
    plain, planned, opened = begun("plain"), begun("planned"), begun("opened")
    planned.add("review_arranged", 1, planned_for=days_ago(-3))
    opened.add("review_opened", 2)
    for each in (plain, planned, opened):
        each.publish(engine)
    found = more_of_episodes(engine, [line(engine, each) for each in (plain, planned, opened)]).reviews
    assert [(found[each.episode].planned, found[each.episode].opened) for each in (plain, planned, opened)] == [
        (None, False), (days_ago(-3), False), (None, True)
    ]  # fmt: skip
    assert found[plain.episode].step == "first_review"
    assert found[opened.episode].due > found[plain.episode].due


def test_a_child_whose_care_has_ended_owes_no_review(engine: Engine) -> None:
    ended = begun().add("care_ended", 1, reason="E4A")
    ended.publish(engine)
    assert more_of_episodes(engine, [line(engine, ended)]).reviews == {}
    assert more_of_episodes(engine, []).reviews == {}


def test_a_decision_is_told_as_last_corrected_and_a_review_by_its_day(engine: Engine) -> None:
    ledger = begun(since=40).add("review_held", 20, id="rev1", participation="PN1").add("decisions_sent", 1)
    decided = {"owner": "social_worker", "due": days_ago(-9), "decision": "D1", "text": "A dentist"}
    ledger.add("decision_made", 20, id="d1", by="iro-1", **decided)
    right = ledger.entries[-1].fact.model_dump(mode="json", exclude_none=True)
    ledger.add("fact_corrected", 5, corrects="d1", reason="Said more", to=right | {"text": "A dentist near the school"})
    ledger.add("fact_corrected", 4, id="wrong", corrects="d1", reason="A slip", to=right | {"text": "A horse"})
    ledger.add("fact_withdrawn", 3, withdraws="wrong", reason="Another child's")
    ledger.publish(engine)
    everyone = TaskOwner(person="sw-1", authority="822", roles=frozenset({Role.SOCIAL_WORKER}))
    lines = tasks(engine, everyone, today=TODAY).items
    more = more_of_tasks(engine, lines, [(ledger.episode, "rev1"), (ledger.episode, "no-such")])
    assert more.decisions == {(ledger.episode, "D1"): "A dentist near the school"}
    assert more.review_days == {(ledger.episode, "rev1"): days_ago(20)}
    assert more_of_tasks(engine, [], []).decisions == {}


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [(None, days_ago(1), "overdue"), (days_ago(0), None, "ahead"), (days_ago(0), days_ago(-3), "soon")],
)
def test_tasks_are_read_by_when_they_are_due(
    engine: Engine, since: date | None, until: date | None, wanted: str
) -> None:
    begun(since=30).publish(engine)
    owner = TaskOwner(person="iro-1", authority="822", roles=frozenset({Role.IRO}))
    every = [each.step.due for each in tasks(engine, owner, today=TODAY).items]
    within = [each for each in every if (since or date.min) <= each <= (until or date.max)]
    found = tasks(engine, owner, today=TODAY, since=since, until=until).items
    assert [each.step.due for each in found] == within, wanted
