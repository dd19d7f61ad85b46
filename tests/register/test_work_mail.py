"""Whose messages were many, what reached nobody and what is stuck, of one authority."""

from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from register import writing
from register.contacts import add_contact
from register.directory import add_person
from register.publish import publish
from register.undelivered import mend
from register.work import BadCursor
from register.work_mail import count_written_to, most_written_to
from register.work_post import PostTroubles, count_post_troubles, reached_nobody, stuck
from rules.directory import IroTerms
from rules.network import DispatchState, NetworkContact, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Phase, Role, StepState
from tests.register.lists import whole
from tests.register.mail import DOWN, NOW, REFUSED, came_to_nobody, stuck_message, written_to
from tests.register.samples import MORNING, agenda, iro, notice, opening, publication, step

SINCE = NOW - timedelta(days=7)


def person(engine: Engine, reference: str, authority: str = "822") -> None:
    add_person(
        engine, iro(reference, authority=authority, name=f"Name of {reference}"), IroTerms(iro=reference), "t", MORNING
    )


def carer(engine: Engine, reference: str, child: str = "child-1", authority: str = "822") -> None:
    known = NetworkContact(
        reference=reference, authority=authority, child=child, role=Role.CARER, name=f"Name of {reference}"
    )
    add_contact(engine, known, "t", MORNING)


def child(engine: Engine, number: int, *keys: str, authority: str = "822", deliveries: int = 0) -> str:
    steps = [
        step(f"deliver_notice.undelivered-{n}", phase=Phase.INFORMING, state=StepState.OPEN)
        for n in range(1, deliveries + 1)
    ]
    opened = opening(authority=authority, child=f"child-{number}")
    derived = agenda(step(), *steps, notices=tuple(notice(key) for key in keys))
    publish(engine, publication(derived, episode=f"episode-{number}", opened_by=opened))
    return f"episode-{number}"


# --- Whose messages were many ----------------------------------------------------------------------------------------


def test_whoever_had_most_comes_first_with_what_it_was_about(engine: Engine) -> None:
    person(engine, "iro-1")
    carer(engine, "carer-1")
    written_to(engine, "iro-1", 2)
    written_to(engine, "iro-1", 1, notice=NoticeName.DAILY_DIGEST)
    written_to(engine, "carer-1", 4, notice=NoticeName.REVIEW_ARRANGED, role=Role.CARER)
    first, second = most_written_to(engine, "822", SINCE).items
    assert (first.reference, first.name, first.role, first.child) == (
        "carer-1", "Name of carer-1", Role.CARER, "child-1",
    )  # fmt: skip
    assert (second.reference, second.messages, second.child, second.role) == ("iro-1", 3, None, Role.IRO)
    assert list(second.by_notice.items()) == [(NoticeName.ESCALATION, 2), (NoticeName.DAILY_DIGEST, 1)]


def test_only_what_went_out_lately_and_in_that_authority_counts(engine: Engine) -> None:
    for reference, authority in (("iro-1", "822"), ("iro-2", "823")):
        person(engine, reference, authority)
        written_to(engine, reference, 2)
    written_to(engine, "iro-1", 3, at=SINCE - timedelta(seconds=1))
    for state in (DispatchState.OWED, DispatchState.FAILED, DispatchState.DROPPED):
        written_to(engine, "iro-1", state=state)
    written_to(engine, "iro-1", state=DispatchState.DELIVERED)
    assert [(each.reference, each.messages) for each in most_written_to(engine, "822", SINCE).items] == [("iro-1", 3)]
    assert [count_written_to(engine, "822", SINCE, more_than) for more_than in (0, 2, 3)] == [1, 1, 0]
    assert count_written_to(engine, "824", SINCE, 0) == 0
    assert most_written_to(engine, "822", SINCE, more_than=3).items == ()


def test_pages_of_recipients_make_up_the_whole_list(engine: Engine) -> None:
    for number in range(9):
        person(engine, f"iro-{number}")
        written_to(engine, f"iro-{number}", 1 + number % 3)
    found = whole(lambda after: most_written_to(engine, "822", SINCE, after=after, limit=2))
    assert len({each.reference for each in found}) == len(found) == 9
    assert [each.messages for each in found] == [3] * 3 + [2] * 3 + [1] * 3
    with pytest.raises(BadCursor):
        most_written_to(engine, "822", SINCE, after="nonsense")


def test_where_a_page_of_recipients_ends_tells_nothing_of_who_they_are(engine: Engine) -> None:
    """The address of the next page has it, and the reference of somebody around a child may hold the child's."""
    for reference in ("child-1-parent", "child-1-carer", "child-1-school"):
        carer(engine, reference)
        written_to(engine, reference)
    page = most_written_to(engine, "822", SINCE, limit=1)
    assert page.next
    said = urlsafe_b64decode(page.next + "=" * (-len(page.next) % 4)).decode(errors="replace")
    assert "messages" in said, "the cursor was not read"
    assert "child" not in said and not any(each.reference in said for each in page.items)


def test_a_message_that_goes_out_between_two_pages_shifts_nobody_else(engine: Engine) -> None:
    for reference in ("iro-1", "iro-2", "iro-3", "iro-4"):
        person(engine, reference)
        written_to(engine, reference)
    person(engine, "iro-5")

    def more_goes_out() -> None:
        written_to(engine, "iro-5", 2)

    found = whole(lambda after: most_written_to(engine, "822", SINCE, after=after, limit=2), more_goes_out)
    assert [each.reference for each in found] == ["iro-4", "iro-3", "iro-2", "iro-1"]


# --- What did not arrive ----------------------------------------------------------------------------------------------


def test_what_reached_nobody_is_told_with_why_and_with_the_step_it_led_to(engine: Engine) -> None:
    episode = child(engine, 1, "one", "two", deliveries=1)
    came_to_nobody(engine, episode, "one")
    came_to_nobody(engine, episode, "two", tried_to="carer-1", at=NOW + timedelta(hours=1))
    failed, unfound = reached_nobody(engine, "822").items
    assert (failed.way, failed.reason, failed.nobody_found, failed.step) == (Way.EMAIL, REFUSED, False, None)
    assert (unfound.nobody_found, unfound.way, unfound.child) == (True, None, "child-1")
    assert unfound.step == "deliver_notice.undelivered-1"


def test_a_childs_name_is_read_only_when_it_is_asked_for(engine: Engine) -> None:
    episode = child(engine, 1, "one")
    known = NetworkContact(reference="c", authority="822", child="child-1", role=Role.CHILD, name="Example Child")
    add_contact(engine, known, "t", MORNING)
    came_to_nobody(engine, episode, "one")
    stuck_message(engine, "carer-1", episode=episode)
    for read in (reached_nobody, stuck):
        assert [each.child_name for each in read(engine, "822").items] == ["Example Child"]
        assert [each.child_name for each in read(engine, "822", with_names=False).items] == [None]


def test_a_notice_that_was_tried_twice_in_vain_is_one_notice_still(engine: Engine) -> None:
    episode = child(engine, 1, "one")
    came_to_nobody(engine, episode, "one", tried_to="carer-1")
    came_to_nobody(engine, episode, "one", tried_to="carer-1", at=NOW + timedelta(hours=1))
    (found,) = reached_nobody(engine, "822").items
    assert found.at == NOW + timedelta(hours=1)
    assert count_post_troubles(engine, "822") == PostTroubles(reached_nobody=1, stuck=0)


def test_what_was_put_right_or_delivered_by_hand_is_not_told(engine: Engine) -> None:
    episode = child(engine, 1, "one", "two", deliveries=1)
    came_to_nobody(engine, episode, "one")
    came_to_nobody(engine, episode, "two", tried_to="carer-1")
    by_hand = agenda(step("deliver_notice.undelivered-1", phase=Phase.INFORMING, state=StepState.DONE_IN_TIME))
    opened = opening(child="child-1")
    publish(engine, publication(by_hand, episode=episode, revision=2, opened_by=opened))
    assert [each.reason for each in reached_nobody(engine, "822").items] == [REFUSED]
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO dispatch_notice (dispatch_id, outbox_id) SELECT dispatch_id, outbox_id FROM undelivered"
            " WHERE dispatch_id IS NOT NULL"
        )
        mend(connection, 1, NOW)
    assert reached_nobody(engine, "822").items == ()
    assert count_post_troubles(engine, "822").reached_nobody == 0


def test_what_is_stuck_is_told_the_oldest_first(engine: Engine) -> None:
    episode = child(engine, 1)
    person(engine, "iro-1")
    carer(engine, "carer-2")
    for recipient, about in (("iro-1", None), ("carer-2", None), ("carer-9", episode)):
        stuck_message(engine, recipient, episode=about)
    written_to(engine, "iro-1", state=DispatchState.OWED)
    found = stuck(engine, "822").items
    assert [(each.reason, each.tries, each.episode) for each in found] == [
        (DOWN, 3, None), (DOWN, 3, None), (DOWN, 3, "episode-1"),
    ]  # fmt: skip
    assert count_post_troubles(engine, "822").stuck == 3


def test_troubles_of_another_authority_are_not_told(engine: Engine) -> None:
    episode = child(engine, 1, "one", authority="823")
    person(engine, "iro-2", "823")
    came_to_nobody(engine, episode, "one")
    stuck_message(engine, "iro-2")
    assert reached_nobody(engine, "822").items == () and stuck(engine, "822").items == ()
    assert count_post_troubles(engine, "822") == PostTroubles(reached_nobody=0, stuck=0)
    assert count_post_troubles(engine, "823") == PostTroubles(reached_nobody=1, stuck=1)


def test_pages_of_troubles_make_up_the_whole_lists(engine: Engine) -> None:
    keys = [f"notice-{number}" for number in range(7)]
    episode = child(engine, 1, *keys)
    for key in keys:
        came_to_nobody(engine, episode, key)
        stuck_message(engine, "carer-1", episode=episode)
    for read in (reached_nobody, stuck):
        numbers = [each.id for each in whole(lambda after, read=read: read(engine, "822", after=after, limit=3))]  # type: ignore[misc]
        assert len(set(numbers)) == len(numbers) == 7
        assert numbers == sorted(numbers, reverse=read is reached_nobody)
