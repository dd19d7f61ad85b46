"""The post room's book: a message is claimed by one at a time, sent once, and what became of it is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import Engine

from post.notice import Written
from post.ways import Message, Outcome, Receipt, Sent
from register import outbox, post, post_queries, undelivered
from register.contacts import (
    ContactRefused,
    add_contact,
    change_contact,
    contact,
    end_involvement,
    lift,
    network,
    suppress,
)
from register.directory import add_person
from register.feeds import feeds, find_feed, make_feed, revoke_feed
from register.publish import publish
from register.queries import list_episodes, owed_notices
from rules.addressing import NotSent, WhyNot
from rules.directory import Person
from rules.network import DispatchState, FeedKind, Language, NetworkContact, Suppression, Way
from rules.notice_names import NoticeName
from rules.steps import Notice
from rules.vocabulary import Nation, Role
from tests.register.samples import agenda, notice, publication, step

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LEASE = timedelta(minutes=1)
EVERYTHING = 10_000
FAR = datetime(2090, 1, 1, tzinfo=UTC)


def message(reference: str, way: Way = Way.EMAIL) -> Message:
    written = Written(subject="A test", body="Words.", text="Words.", language=Language.ENGLISH)
    return Message(
        reference=reference, way=way, to_name="Test Person", to="test@example.org", written=written, sender="Made-up",
        on=date(2026, 6, 1),
    )  # fmt: skip


def owe(engine: Engine, *names: str) -> list[int]:
    """Notices in the outbox, by their places."""
    publish(engine, publication(agenda(step(), notices=tuple(notice(name) for name in names))))
    return [each.id for each in owed_notices(engine)]


def addressed(engine: Engine, *references: str, way: Way = Way.EMAIL) -> None:
    """One message for each of as many notices."""
    notices = owe(engine, *references)
    new = [
        post.NewDispatch(
            notice=NoticeName.IRO_APPOINTED, recipient=f"to-{reference}", role=Role.PARENTS, episode="episode-1",
            message=message(reference, way), carries=(number,),
        )
        for number, reference in zip(notices, references, strict=True)
    ]  # fmt: skip
    post.keep_addressed(engine, [post.Settled(id=number) for number in notices], new, NOW)
    post.keep_addressed(engine, [post.Settled(id=number) for number in notices], new, NOW)


def state(engine: Engine, number: int = 1) -> DispatchState:
    found = post_queries.dispatch(engine, number)
    assert found is not None
    return found[0].state


def test_a_message_is_kept_once_word_for_word_and_its_notice_is_sent_with_it(engine: Engine) -> None:
    addressed(engine, "first", "second")
    assert [each.reference for each in post_queries.dispatches(engine)] == ["second", "first"]
    assert outbox.waiting(engine, (), EVERYTHING) == []
    [one, two] = post.claim(engine, NOW, LEASE, EVERYTHING)
    assert (one.message, one.tries) == (message("first"), 1)
    post.went_out(engine, one.id, Sent(), NOW)
    assert len(owed_notices(engine)) == 1
    assert post_queries.tally(engine).model_dump() == {
        "waiting": 0, "held": 0, "owed": 1, "sent": 1, "delivered": 0, "failed": 0, "dropped": 0, "stuck": 0,
        "undelivered": 0,
    }  # fmt: skip
    assert two.id != one.id


def test_a_message_tells_all_that_its_notices_were_owed_to(engine: Engine) -> None:
    of = [notice("first"), notice("second").model_copy(update={"recipient": Role.TEAM_MANAGER}), notice("third")]
    publish(engine, publication(agenda(step(), notices=tuple(of))))
    numbers = tuple(each.id for each in owed_notices(engine))
    one = post.NewDispatch(
        notice=NoticeName.IRO_APPOINTED, recipient="sm-1", role=of[0].recipient, episode="episode-1",
        message=message("both"), carries=numbers,
    )  # fmt: skip
    post.keep_addressed(engine, [post.Settled(id=number) for number in numbers], [one], NOW)
    [told] = post_queries.dispatches(engine, episode="episode-1")
    found = post_queries.dispatch(engine, told.id)
    assert told.roles == (of[0].recipient, Role.TEAM_MANAGER) and found and found[0] == told


def test_two_who_claim_at_once_never_get_the_same_message(engine: Engine) -> None:
    addressed(engine, *(f"message-{number}" for number in range(60)))
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda _: post.claim(engine, NOW, LEASE, 10), range(6)))
    claimed = [each.id for each in chain.from_iterable(claims)]
    assert len(claimed) == len(set(claimed))
    claimed += [each.id for each in post.claim(engine, NOW, LEASE, EVERYTHING)]
    assert sorted(claimed) == list(range(1, 61))


def test_what_a_lost_worker_claimed_is_free_when_the_lease_is_over(engine: Engine) -> None:
    addressed(engine, "first")
    assert len(post.claim(engine, NOW, LEASE, 1)) == 1
    assert post.claim(engine, NOW + LEASE / 2, LEASE, 1) == []
    [again] = post.claim(engine, NOW + LEASE, LEASE, 1)
    assert again.tries == 2


def test_what_waits_is_not_tried_before_its_time_nor_by_a_way_that_is_down(engine: Engine) -> None:
    addressed(engine, "first", "second", way=Way.TEXT)
    assert post.claim(engine, NOW, LEASE, 2, [Way.TEXT]) == []
    [one, two] = post.claim(engine, NOW, LEASE, 2)
    post.waits(engine, [one.id], NOW + timedelta(minutes=5), "It is busy.")
    post.untried(engine, [two.id], NOW)
    assert [(each.id, each.tries) for each in post.claim(engine, NOW, LEASE, 2)] == [(two.id, 1)]
    assert post_queries.tally(engine).stuck == 1
    later = post.claim(engine, NOW + timedelta(minutes=5), LEASE, 2)
    assert {(each.id, each.tries) for each in later} == {(one.id, 2), (two.id, 2)}


def test_a_receipt_says_what_became_of_it_once(engine: Engine) -> None:
    addressed(engine, "first", "second")
    for each in post.claim(engine, NOW, LEASE, 2):
        post.went_out(engine, each.id, Sent(receipt=f"id-{each.id}"), NOW)
    asked = post.under_way(engine, NOW, EVERYTHING)
    assert {each.receipt for each in asked} == {"id-1", "id-2"}
    assert post.under_way(engine, NOW + timedelta(minutes=1), EVERYTHING) == []
    assert not post.take_receipt(engine, Receipt(reference="first", outcome=Outcome.UNDER_WAY), NOW)
    assert post.take_receipt(engine, Receipt(reference="first", outcome=Outcome.DELIVERED), NOW)
    assert not post.take_receipt(engine, Receipt(reference="first", outcome=Outcome.FAILED), NOW)
    assert not post.take_receipt(engine, Receipt(reference="unknown", outcome=Outcome.DELIVERED), NOW)
    failed = Receipt(reference="second", outcome=Outcome.FAILED, reason="The mailbox is full.")
    assert post.take_receipt(engine, failed, NOW)
    assert (state(engine, 1), state(engine, 2)) == (DispatchState.DELIVERED, DispatchState.FAILED)
    assert [each.reason for each in undelivered.untold(engine)] == ["The mailbox is full."]
    assert post.under_way(engine, NOW + timedelta(days=1), EVERYTHING) == []


def test_what_failed_and_is_sent_again_is_put_right_when_it_has_gone(engine: Engine) -> None:
    addressed(engine, "first")
    post.claim(engine, NOW, LEASE, 1)
    post.failed(engine, 1, "There is no such address.", NOW)
    [untold] = undelivered.untold(engine)
    undelivered.told(engine, untold, NOW)
    assert undelivered.untold(engine) == []
    new = post.send_again(engine, 1, NOW)
    assert new is not None
    assert post.send_again(engine, new, NOW) is None
    assert post.send_again(engine, 99, NOW) is None
    [again] = post.claim(engine, NOW, LEASE, 1)
    assert again.message.reference == "first-2"
    post.went_out(engine, again.id, Sent(), NOW)
    [mended] = undelivered.untold(engine)
    assert mended.mended is Way.EMAIL
    undelivered.told(engine, mended, NOW)
    assert undelivered.untold(engine) == []
    assert post_queries.tally(engine).undelivered == 0


def test_whom_nobody_was_found_for_is_told_once_a_role_and_looked_for_again(engine: Engine) -> None:
    numbers = owe(engine, "first", "second")
    nobody = (NotSent(role=Role.PARENTS, why=WhyNot.NOBODY_OF_THAT_ROLE, undeliverable=True),)
    settled = [post.Settled(id=each, not_sent=nobody, undeliverable="nobody of that role is known") for each in numbers]
    post.keep_addressed(engine, settled, [], NOW)
    assert owed_notices(engine) == []
    first, second = undelivered.untold(engine)
    assert not undelivered.is_known(engine, first)
    undelivered.told(engine, first, NOW)
    assert undelivered.is_known(engine, second)
    assert [each for _, each in outbox.not_sent(engine)] == [nobody, nobody]
    assert outbox.waiting(engine, (), EVERYTHING) == []


def of(name: NoticeName, recipient: Role) -> Notice:
    return Notice(key=f"{name}:{recipient}", name=name, recipient=recipient, about="opening")


def test_routine_notices_wait_for_the_morning_and_those_for_an_empty_directory_for_somebody(engine: Engine) -> None:
    reminder = of(NoticeName.REMINDER, Role.CARER)
    owed = (of(NoticeName.IRO_APPOINTED, Role.CARER), reminder, of(NoticeName.ESCALATION, Role.IRO_MANAGER))
    publish(engine, publication(agenda(step(), notices=owed)))
    routine = (NoticeName.REMINDER,)
    assert [each.name for each in outbox.waiting(engine, routine, EVERYTHING)] == [NoticeName.IRO_APPOINTED]
    assert outbox.waiting_for_the_morning(engine, routine, Nation.WALES, FAR) == []
    assert outbox.waiting_for_the_morning(engine, routine, Nation.ENGLAND, datetime(2020, 1, 1, tzinfo=UTC)) == []
    [morning] = outbox.waiting_for_the_morning(engine, routine, Nation.ENGLAND, FAR)
    assert morning.notice == reminder
    assert post_queries.tally(engine).held == 1
    [line] = list_episodes(engine, today=date(2026, 6, 1))
    boss = Person(reference="boss", name="Test Person", role=Role.IRO_MANAGER, authority=line.authority)
    add_person(engine, boss, None, "test", NOW)
    assert {each.name for each in outbox.waiting(engine, routine, EVERYTHING)} == {
        NoticeName.IRO_APPOINTED,
        NoticeName.ESCALATION,
    }


def kid(**changes: object) -> NetworkContact:
    said = {"reference": "kid", "authority": "822", "child": "CHILD-1", "role": "child", "name": "Test Child"}
    return NetworkContact.model_validate(said | changes)


def test_a_network_is_kept_changed_and_ended(engine: Engine) -> None:
    assert add_contact(engine, kid(email="kid@example.org"), "test", NOW)
    assert not add_contact(engine, kid(email="kid@example.org"), "test", NOW)
    with pytest.raises(ContactRefused, match="in a child's network already"):
        add_contact(engine, kid(), "test", NOW)
    assert change_contact(engine, "kid", {"language": "cy"}, "test", NOW).language is Language.WELSH
    with pytest.raises(ContactRefused) as refused:
        change_contact(engine, "kid", {"email": "not an address of mine"}, "test", NOW)
    assert "not an address of mine" not in str(refused.value)
    with pytest.raises(ContactRefused, match="role of kid stays"):
        change_contact(engine, "kid", {"role": "parents"}, "test", NOW)
    with pytest.raises(ContactRefused, match="Nobody in a child's network has the reference nobody"):
        change_contact(engine, "nobody", {}, "test", NOW)
    end_involvement(engine, "kid", date(2026, 6, 2), "test", NOW)
    known = contact(engine, "kid")
    assert known is not None and known.until == date(2026, 6, 2)
    assert known.email == "kid@example.org"


def test_what_is_suppressed_has_a_reason_stays_visible_and_is_lifted(engine: Engine) -> None:
    add_contact(engine, kid(), "test", NOW)
    against = Suppression(contact="kid", notice="record_completed", reason="A court order.")
    assert suppress(engine, against, "test", NOW)
    assert not suppress(engine, against, "test", NOW)
    with pytest.raises(ContactRefused):
        suppress(engine, Suppression(contact="nobody", reason="A court order."), "test", NOW)
    [standing] = network(engine, "822", "CHILD-1").suppressions
    assert (standing.reason, standing.recorded_by) == ("A court order.", "test")
    assert not lift(engine, "kid", None, "test", NOW)
    assert lift(engine, "kid", "record_completed", "test", NOW)
    assert network(engine, "822", "CHILD-1").suppressions == ()


def test_a_calendars_address_is_not_kept_and_leads_nowhere_once_revoked(engine: Engine) -> None:
    token, other = (
        make_feed(engine, kind=FeedKind.IRO, authority="822", about="iro-1", by="test", at=NOW) for _ in range(2)
    )
    assert token != other
    found = find_feed(engine, token)
    assert found is not None and (found.about, found.id) == ("iro-1", 1)
    assert find_feed(engine, token[:-1]) is None
    assert token not in str(feeds(engine))
    assert revoke_feed(engine, 1, "test", NOW)
    assert not revoke_feed(engine, 1, "test", NOW)
    assert find_feed(engine, token) is None
    assert find_feed(engine, other) is not None
