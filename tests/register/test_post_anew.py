"""A message of several children's steps is dropped when one has died: the rest goes on, to each person once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from activities.addressing import Addresser
from activities.post import ROUTINE
from post.ways import Sent
from register import outbox, post, post_queries
from register.directory import add_person
from register.post_queries import Dispatch
from register.publish import publish
from register.queries import owed_notices
from rules.codes import EndReason
from rules.directory import Person
from rules.network import DispatchState
from rules.notice_names import NoticeName
from rules.post_policy import PostPolicy
from rules.steps import Notice
from rules.vocabulary import Nation, Role
from tests.register.samples import MORNING, TODAY, agenda, opening, publication, step

NOW = datetime(2026, 6, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANNE, BERYL = "nurse-a", "nurse-b"
REMINDER = Notice(
    key="reminder:first_review.opening",
    name=NoticeName.REMINDER,
    recipient=Role.HEALTH,
    about="first_review.opening:reminder:2026-06-29",
)
DIED, LIVES = "episode-1", "episode-2"


@pytest.fixture(autouse=True)
def two_who_hold_the_post(engine: Engine) -> None:
    """Two nurses of the authority are both to be reminded of two children's steps."""
    for reference in (ANNE, BERYL):
        email = f"{reference}@example.org"
        nurse = Person(reference=reference, name="Test Person", role=Role.HEALTH, authority="822", email=email)
        add_person(engine, nurse, None, "test", MORNING)
    for number, episode in enumerate((DIED, LIVES)):
        opened = opening(child=f"child-{number}")
        publish(engine, publication(agenda(step(), notices=(REMINDER,)), episode, opened_by=opened))
    address(engine, NOW)


def address(engine: Engine, at: datetime) -> None:
    waiting = outbox.waiting_for_the_morning(engine, ROUTINE, Nation.ENGLAND, datetime(2090, 1, 1, tzinfo=UTC))
    told = outbox.told_already(engine, [each.id for each in waiting])
    settled, dispatches = Addresser(engine, PostPolicy(), at, at.date(), None).together(waiting, told)
    post.keep_addressed(engine, settled, dispatches, at)


def first_child_dies(engine: Engine) -> None:
    over = agenda(step(), ended_on=TODAY).model_copy(update={"end_reason": EndReason.E2})
    publish(engine, publication(over, DIED, revision=2, opened_by=opening(child="child-0")))


def message_to(engine: Engine, nurse: str) -> Dispatch:
    """The last message to one of them."""
    return next(each for each in post_queries.dispatches(engine) if each.recipient == nurse)


def about(engine: Engine, nurse: str) -> list[list[str | None]]:
    """Whose steps each message to one of them tells of, but for the messages that are dropped; the latest first."""
    theirs = [each for each in post_queries.dispatches(engine) if each.recipient == nurse]
    kept = [each for each in theirs if each.state is not DispatchState.DROPPED]
    return [[carried.episode for carried in outbox.notices_carried(engine, each.id)] for each in kept]


def drop(engine: Engine, nurse: str) -> None:
    post.dropped(engine, message_to(engine, nurse).id, "The child has died.", LATER, anew=True)


def test_who_had_it_before_the_death_does_not_get_it_twice_and_who_had_not_gets_the_rest(engine: Engine) -> None:
    assert about(engine, ANNE) == about(engine, BERYL) == [[DIED, LIVES]]
    post.went_out(engine, message_to(engine, BERYL).id, Sent(), NOW)
    first_child_dies(engine)
    drop(engine, ANNE)
    address(engine, LATER)
    assert about(engine, BERYL) == [[DIED, LIVES]]
    assert about(engine, ANNE) == [[LIVES]]


def test_of_two_messages_dropped_one_after_the_other_each_person_gets_the_rest_once(engine: Engine) -> None:
    first_child_dies(engine)
    drop(engine, ANNE)
    address(engine, LATER)
    drop(engine, BERYL)
    address(engine, LATER + timedelta(hours=1))
    assert about(engine, ANNE) == about(engine, BERYL) == [[LIVES]]


def test_what_waits_to_be_addressed_anew_is_still_owed_when_somebody_else_gets_it(engine: Engine) -> None:
    drop(engine, ANNE)
    post.went_out(engine, message_to(engine, BERYL).id, Sent(), LATER)
    assert [each.episode for each in owed_notices(engine)] == [DIED, LIVES]
    address(engine, LATER)
    assert len(about(engine, BERYL)) == 1
