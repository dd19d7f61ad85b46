"""What receivers are to be told is written with the case, once, and kept until they have it, in order."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text

from post.webhook_messages import WebhookKind, WebhookState
from register import reading, writing
from register.publish import publish
from register.webhook_deliveries import Delivery, deliveries, delivery, send_again, undelivered
from register.webhook_events import tell_webhooks
from register.webhook_sending import GIVEN_UP, GONE, Claim, Owed, Tried, claim, next_owed, note, release
from register.webhook_tables import WebhookEventRow, WebhookRow
from register.webhooks import MOST, REVOKED, TooManyWebhooks, Webhook, add_webhook, revoke_webhook, webhooks
from register.writer import Writer
from rules.clock import end_of
from rules.steps import Escalation, Step
from rules.vocabulary import SYSTEM, StepState
from tests.register.samples import MORNING, agenda, escalation, opening, publication, step

KEY = "first_review.opening"
AFTER = end_of(step().due) + timedelta(hours=1)
LEASE = timedelta(minutes=1)
LATER = MORNING + timedelta(minutes=1)
URL = "https://cases.example.org/hooks?token=t"


def sealed(secret: str) -> str:
    """Not how it is done in earnest; enough to tell a sealed secret from an open one."""
    return secret[::-1]


def receiver(engine: Engine, *kinds: WebhookKind, authority: str = "822") -> Webhook:
    made, _ = add_webhook(
        engine, authority=authority, url=URL, events=kinds or tuple(WebhookKind), seal=sealed, by="sys-1", at=MORNING
    )
    return made


def published(engine: Engine, revision: int, *steps: Step, raised: tuple[Escalation, ...] = ()) -> bool:
    """Publish; whether a webhook is owed something."""
    rung: list[bool] = []
    at = max([MORNING, *(each.at for each in raised)]) + timedelta(seconds=revision)
    publish(engine, publication(agenda(*steps, raised=raised), revision=revision, at=at), lambda: rung.append(True))
    return bool(rung)


def told(engine: Engine, webhook: int | None = None) -> list[tuple[str, str]]:
    """What is owed, in the order it is sent."""
    return [(each.kind.value, each.step) for each in reversed(deliveries(engine, webhook=webhook, limit=1000))]


def mine(engine: Engine, now: datetime = LATER) -> Claim:
    [held] = claim(engine, now, LEASE, 10)
    return held


def owed(engine: Engine, held: Claim, now: datetime = LATER) -> list[Owed]:
    return next_owed(engine, held.id, now, 100)


def taken(owed: Owed, at: datetime = LATER) -> Tried:
    return Tried(delivery=owed.id, state=WebhookState.DELIVERED, at=at, status=200)


def in_trouble(owed: Owed, at: datetime = LATER, *, wait: timedelta = LEASE, rests: bool = False) -> Tried:
    return Tried(
        delivery=owed.id,
        state=WebhookState.OWED,
        at=at,
        status=500,
        reason="The receiver answered 500.",
        not_before=at + wait,
        rest_until=at + wait if rests else None,
    )


# --- What is told ---------------------------------------------------------------------------------------------------


def test_a_step_that_opens_slips_and_closes_is_told_of_once_each_in_order(engine: Engine) -> None:
    receiver(engine)
    assert published(engine, 1, step())
    assert not published(engine, 2, step())
    assert published(engine, 3, step(), raised=(escalation(at=AFTER),))
    assert published(engine, 4, step(), raised=(escalation("service_manager", at=AFTER + timedelta(days=2)),))
    assert published(engine, 5, step(state=StepState.DONE_LATE))
    assert not published(engine, 6, step(state=StepState.DONE_LATE))
    assert told(engine) == [
        ("step.opened", KEY),
        ("step.slipped", KEY),
        ("step.slipped", KEY),
        ("step.closed", KEY),
    ]


def test_what_is_told_is_references_codes_and_dates(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step(reason="in a person's own words"), raised=(escalation(at=AFTER),))
    bodies = [json.loads(each.body) for each in owed(engine, mine(engine, AFTER + LEASE), AFTER + LEASE)]
    assert bodies[1] == {
        "type": "step.slipped",
        "timestamp": "2026-06-30T00:00:01Z",
        "data": {
            "authority": "822",
            "episode": "episode-1",
            "step": KEY,
            "name": "first_review",
            "title": "First review",
            "phase": "review",
            "owner": "iro",
            "due": "2026-06-29",
            "state": "open",
            "revision": 1,
            "rung": "breach",
        },
    }
    assert bodies[0]["type"] == "step.opened" and "rung" not in bodies[0]["data"]
    assert "child-1" not in json.dumps(bodies)


def test_a_reminder_is_no_slip_however_late_it_is_raised(engine: Engine) -> None:
    receiver(engine, WebhookKind.SLIPPED)
    assert not published(engine, 1, step(), raised=(escalation("reminder"),))
    assert not published(engine, 2, step("other.opening"), raised=(escalation("reminder", "other.opening", AFTER),))
    both = (escalation("reminder", "third.opening", AFTER), escalation("breach", "third.opening", AFTER))
    assert published(engine, 3, step("third.opening"), raised=both)
    assert told(engine) == [("step.slipped", "third.opening")]


def test_rungs_that_had_passed_before_anyone_could_know_are_one_slip(engine: Engine) -> None:
    receiver(engine, WebhookKind.SLIPPED)
    at_once = escalation("service_manager", at=AFTER).model_copy(update={"covers": ("reminder", "breach")})
    published(engine, 1, step(), raised=(at_once,))
    assert told(engine) == [("step.slipped", KEY)]


@pytest.mark.parametrize("state", [state for state in StepState if state is not StepState.OPEN])
def test_a_step_closes_however_it_closes(engine: Engine, state: StepState) -> None:
    receiver(engine, WebhookKind.CLOSED)
    published(engine, 1, step())
    published(engine, 2, step(state=state))
    [body] = [json.loads(each.body) for each in owed(engine, mine(engine))]
    assert body["data"]["state"] == state


def test_a_step_that_a_correction_takes_away_closes_and_opens_again_with_it(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step(), step("other.opening"))
    published(engine, 2, step("other.opening"))
    published(engine, 3, step(), step("other.opening"))
    assert told(engine)[2:] == [("step.closed", KEY), ("step.opened", KEY)]
    body = json.loads(owed(engine, mine(engine))[2].body)["data"]
    assert (body["state"], body["title"], body["due"]) == ("not_required", "First review", "2026-06-29")


def test_a_step_that_slips_as_it_closes_tells_of_the_slip_first_and_what_opens_comes_last(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step())
    late = step(state=StepState.DONE_LATE)
    published(engine, 2, late, step("record.first"), raised=(escalation(at=AFTER),))
    assert told(engine)[1:] == [("step.slipped", KEY), ("step.closed", KEY), ("step.opened", "record.first")]


def test_a_step_that_was_done_when_it_became_known_neither_opens_nor_closes(engine: Engine) -> None:
    receiver(engine)
    assert not published(engine, 1, step(state=StepState.DONE_IN_TIME))
    assert told(engine) == []


def test_a_revision_published_twice_is_told_of_once(engine: Engine) -> None:
    receiver(engine)
    assert published(engine, 1, step())
    assert not published(engine, 1, step())
    with writing(engine) as connection:  # Even if it came to be written again.
        assert tell_webhooks(connection, publication(agenda(step()), at=MORNING), {}, {KEY: ()})
    assert told(engine) == [("step.opened", KEY)]


def test_nothing_is_written_where_nobody_is_to_be_told(engine: Engine) -> None:
    elsewhere, gone = receiver(engine, authority="383"), receiver(engine)
    only_slips = receiver(engine, WebhookKind.SLIPPED)
    revoke_webhook(engine, gone.id, "sys-1", MORNING)
    assert not published(engine, 1, step())
    assert told(engine) == []
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(WebhookEventRow)) == 0
    assert published(engine, 2, step(), raised=(escalation(at=AFTER),))
    assert [each.webhook for each in deliveries(engine, limit=10)] == [only_slips.id] != [elsewhere.id]


def test_what_is_not_published_is_not_told(engine: Engine) -> None:
    receiver(engine)
    with pytest.raises(TimeoutError), writing(engine) as connection:
        assert Writer(connection, publication(agenda(step()))).write()
        raise TimeoutError
    assert told(engine) == []


def test_each_receiver_is_told_on_its_own_and_both_know_an_event_by_the_same_name(engine: Engine) -> None:
    one, other = receiver(engine), receiver(engine, WebhookKind.OPENED, WebhookKind.CLOSED)
    published(engine, 1, step())
    published(engine, 2, step(), raised=(escalation(at=AFTER),))
    assert told(engine, one.id) == [("step.opened", KEY), ("step.slipped", KEY)]
    assert told(engine, other.id) == [("step.opened", KEY)]
    names = {each.reference for each in deliveries(engine, limit=10) if each.kind is WebhookKind.OPENED}
    assert len(names) == 1


# --- Receivers ------------------------------------------------------------------------------------------------------


def test_a_secret_is_given_once_and_kept_sealed(engine: Engine) -> None:
    made, secret = add_webhook(engine, authority="822", url=URL, seal=sealed, by="sys-1", at=MORNING)
    assert secret.startswith("whsec_") and len(secret) > 40
    assert secret not in str(made.model_dump()) and [made] == webhooks(engine)
    with reading(engine) as connection:
        assert connection.scalar(select(WebhookRow.secret)) == sealed(secret)
    _, another = add_webhook(engine, authority="822", url=URL, seal=sealed, by="sys-1", at=MORNING)
    assert another != secret


def test_webhooks_are_listed_by_authority_and_revoked_once_by_their_own(engine: Engine) -> None:
    ours, theirs = receiver(engine), receiver(engine, authority="383")
    assert webhooks(engine, "383") == [theirs] and webhooks(engine, "822", ours.id) == [ours]
    assert webhooks(engine, "822", theirs.id) == []
    assert not revoke_webhook(engine, theirs.id, "sys-1", LATER, authority="822")
    assert revoke_webhook(engine, ours.id, "sys-2", LATER, authority="822")
    assert not revoke_webhook(engine, ours.id, "sys-1", LATER)
    [revoked] = webhooks(engine, number=ours.id)
    assert (revoked.revoked_at, revoked.revoked_by) == (LATER, "sys-2")


def test_what_is_still_owed_to_a_receiver_that_is_revoked_is_not_sent(engine: Engine) -> None:
    made = receiver(engine)
    published(engine, 1, step())
    revoke_webhook(engine, made.id, "sys-1", LATER)
    [left] = deliveries(engine, limit=10)
    assert (left.state, left.reason) == (WebhookState.FAILED, REVOKED)
    assert claim(engine, LATER, LEASE, 10) == []
    assert send_again(engine, LATER, number=left.id) == 0


# SQLite has one writer at a time: there nothing is published while a webhook is revoked.
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_is_published_while_a_receiver_is_revoked_does_not_wait_for_ever(engine: Engine) -> None:
    made = receiver(engine)
    with writing(engine) as connection:
        assert Writer(connection, publication(agenda(step()))).write()
        revoke_webhook(engine, made.id, "sys-1", LATER)
    assert claim(engine, LATER, LEASE, 10) == []
    never_sent(engine, made)


def test_what_is_owed_to_a_receiver_that_was_revoked_counts_as_failed_however_it_came_to_be(engine: Engine) -> None:
    made, other = receiver(engine), receiver(engine, WebhookKind.SLIPPED)
    published(engine, 1, step())
    revoke_webhook(engine, made.id, "sys-1", LATER)
    with writing(engine) as connection:
        connection.execute(text("UPDATE webhook_delivery SET state = 'owed', reason = NULL"))
    never_sent(engine, made)
    published(engine, 2, step(), raised=(escalation(at=AFTER),))
    assert undelivered(engine) == {made.id: {WebhookState.FAILED: 1}, other.id: {WebhookState.OWED: 1}}
    assert [each.webhook for each in deliveries(engine, states=[WebhookState.OWED], limit=10)] == [other.id]


def never_sent(engine: Engine, made: Webhook) -> None:
    """What was to be told to a receiver that is revoked is nowhere said to be waiting."""
    assert undelivered(engine) == {made.id: {WebhookState.FAILED: 1}}
    assert deliveries(engine, states=[WebhookState.OWED], limit=10) == []
    [left] = deliveries(engine, webhook=made.id, states=[WebhookState.FAILED], limit=10)
    assert (left.state, left.reason) == (WebhookState.FAILED, REVOKED)
    assert delivery(engine, left.id) == left


def test_an_authority_has_only_so_many(engine: Engine) -> None:
    for _ in range(MOST):
        receiver(engine)
    with pytest.raises(TooManyWebhooks, match="Authority 822 has 20 webhooks already: revoke one first"):
        receiver(engine)
    receiver(engine, authority="383")
    revoke_webhook(engine, webhooks(engine)[0].id, "sys-1", MORNING)
    receiver(engine)


# --- Sending --------------------------------------------------------------------------------------------------------


def test_a_receiver_is_one_workers_until_it_lets_go_or_is_lost(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step())
    held = mine(engine)
    assert claim(engine, LATER, LEASE, 10) == []
    release(engine, held)
    held = mine(engine)
    assert claim(engine, LATER + LEASE - timedelta(seconds=1), LEASE, 10) == []
    [taken_over] = claim(engine, LATER + LEASE, LEASE, 10)
    release(engine, held)  # It is not theirs any more, so that changes nothing.
    assert claim(engine, LATER + LEASE, LEASE, 10) == []
    [first] = owed(engine, taken_over)
    assert note(engine, held, taken(first), LEASE) is None
    assert note(engine, taken_over, taken(first), LEASE) is not None
    assert [each.state for each in deliveries(engine, limit=10)] == [WebhookState.DELIVERED]


def test_many_workers_never_hold_the_same_receiver(engine: Engine) -> None:
    for number in range(12):
        made = receiver(engine, authority=f"{800 + number}")
        opened = opening(authority=made.authority, child=f"child-{number}")
        publish(engine, publication(agenda(step()), f"episode-{number}", opened_by=opened))
    held: list[int] = []
    start = threading.Barrier(4)

    def take() -> None:
        start.wait()
        for _ in range(4):
            held.extend(each.id for each in claim(engine, LATER, LEASE, 2))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(held) == sorted(each.id for each in webhooks(engine))


# SQLite has one writer at a time: there nothing is claimed while something is published.
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_receiver_is_claimed_while_more_for_it_is_being_published(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step())
    other = publication(agenda(step()), "episode-2", opened_by=opening(child="child-2"))
    with writing(engine) as connection:
        assert Writer(connection, other).write()
        held = mine(engine)
        assert [each.episode for each in owed(engine, held)] == ["episode-1"]
    assert [each.episode for each in owed(engine, held)] == ["episode-1", "episode-2"]


def test_each_try_that_is_noted_holds_the_receiver_for_longer(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step(), step("other.opening"))
    held = mine(engine)
    first, second = owed(engine, held)
    at = LATER + timedelta(seconds=50)
    longer = note(engine, held, taken(first, at), LEASE)
    assert longer and longer.claimed_until == at + LEASE
    assert claim(engine, LATER + LEASE, LEASE, 10) == []
    assert [each.id for each in owed(engine, longer)] == [second.id]


def test_what_is_put_off_holds_back_its_own_episode_alone(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step())
    published(engine, 2, step(state=StepState.DONE_IN_TIME))
    other = publication(agenda(step()), "episode-2", opened_by=opening(child="child-2"))
    publish(engine, other)
    held = mine(engine)
    first, *_ = owed(engine, held)
    going_on = note(engine, held, in_trouble(first), LEASE)
    assert going_on and [each.episode for each in owed(engine, going_on)] == ["episode-2"]
    [waits] = [each for each in deliveries(engine, limit=10) if each.id == first.id]
    assert (waits.tries, waits.status, waits.reason) == (1, 500, "The receiver answered 500.")
    later = [each.kind for each in owed(engine, going_on, LATER + LEASE) if each.episode == "episode-1"]
    assert later == [WebhookKind.OPENED, WebhookKind.CLOSED]


def test_a_receiver_with_nothing_that_can_go_is_not_claimed(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step())
    published(engine, 2, step(state=StepState.DONE_IN_TIME))
    held = mine(engine)
    going_on = note(engine, held, in_trouble(owed(engine, held)[0]), LEASE)
    assert going_on
    release(engine, going_on)
    assert claim(engine, LATER, LEASE, 10) == []
    assert len(claim(engine, LATER + LEASE, LEASE, 10)) == 1


def test_a_receiver_in_trouble_is_left_in_peace_and_is_well_once_it_takes_something(engine: Engine) -> None:
    made = receiver(engine)
    published(engine, 1, step(), step("other.opening"))
    held = mine(engine)
    assert note(engine, held, in_trouble(owed(engine, held)[0], rests=True), LEASE) is None
    assert claim(engine, LATER + timedelta(seconds=59), LEASE, 10) == []
    assert [each.failing_since for each in webhooks(engine, number=made.id)] == [LATER]
    again = mine(engine, LATER + LEASE)
    assert (again.failures, again.failing_since) == (1, LATER)
    assert note(engine, again, taken(owed(engine, again, LATER + LEASE)[0], LATER + LEASE), LEASE)
    assert [each.failing_since for each in webhooks(engine, number=made.id)] == [None]


def test_those_who_take_what_they_are_sent_come_before_those_who_do_not(engine: Engine) -> None:
    failing, well = receiver(engine), receiver(engine)
    published(engine, 1, step())
    [first, _] = claim(engine, LATER, LEASE, 10)
    assert first.id == failing.id
    note(engine, first, in_trouble(owed(engine, first)[0], rests=True), LEASE)
    assert [each.id for each in claim(engine, LATER + LEASE, LEASE, 1)] == [well.id]


def test_after_days_of_silence_what_waited_as_long_is_given_up(engine: Engine) -> None:
    receiver(engine)
    published(engine, 1, step(), step("other.opening"))
    held = mine(engine)
    tried = in_trouble(owed(engine, held)[0], rests=True).model_copy(
        update={"state": WebhookState.FAILED, "not_before": None, "given_up": LATER}
    )
    note(engine, held, tried, LEASE)
    assert {each.state for each in deliveries(engine, limit=10)} == {WebhookState.FAILED}
    assert [each.reason for each in deliveries(engine, limit=10)] == [GIVEN_UP, "The receiver answered 500."]


def test_a_receiver_that_wants_no_more_is_revoked(engine: Engine) -> None:
    made = receiver(engine)
    published(engine, 1, step(), step("other.opening"))
    held = mine(engine)
    gone = Tried(delivery=owed(engine, held)[0].id, state=WebhookState.FAILED, at=LATER, status=410, gone=True)
    assert note(engine, held, gone, LEASE) is None
    [revoked] = webhooks(engine, number=made.id)
    assert (revoked.revoked_at, revoked.revoked_by) == (LATER, SYSTEM)
    assert {each.state for each in deliveries(engine, limit=10)} == {WebhookState.FAILED}
    assert GONE in {each.reason for each in deliveries(engine, limit=10)}
    assert not published(engine, 2, step(state=StepState.DONE_IN_TIME), step("other.opening"))


# --- Looking, and sending again -------------------------------------------------------------------------------------


def failed_one(engine: Engine) -> Delivery:
    held = mine(engine)
    tried = Tried(delivery=owed(engine, held)[0].id, state=WebhookState.FAILED, at=LATER, status=400, reason="No.")
    going_on = note(engine, held, tried, LEASE)
    assert going_on
    release(engine, going_on)
    found = delivery(engine, tried.delivery)
    assert found
    return found


def test_what_failed_is_sent_again_under_the_same_name_and_at_once(engine: Engine) -> None:
    made = receiver(engine)
    published(engine, 1, step())
    failed = failed_one(engine)
    assert (failed.state, failed.tries) == (WebhookState.FAILED, 1)
    assert undelivered(engine) == {made.id: {WebhookState.FAILED: 1}}
    with writing(engine) as connection:
        connection.execute(text("UPDATE webhook SET not_before = :day"), {"day": "2030-01-01 00:00:00+00"})
    tomorrow = LATER + timedelta(days=1)
    assert send_again(engine, tomorrow, number=failed.id) == 1
    assert send_again(engine, tomorrow, number=failed.id) == 0  # It is owed already.
    [again] = owed(engine, mine(engine, tomorrow), tomorrow)
    assert (again.reference, again.tries, again.owed_at) == (failed.reference, 0, tomorrow)


def test_all_that_failed_for_a_receiver_is_sent_again(engine: Engine) -> None:
    made, other = receiver(engine), receiver(engine)
    published(engine, 1, step(), step("other.opening"), step("third.opening"))
    with writing(engine) as connection:
        connection.execute(text("UPDATE webhook_delivery SET state = 'failed' WHERE id <> 1"))
    assert send_again(engine, LATER, failed_of=made.id, authority="383") == 0
    assert send_again(engine, LATER, failed_of=made.id, authority="822") == 2
    assert undelivered(engine) == {made.id: {WebhookState.OWED: 3}, other.id: {WebhookState.FAILED: 3}}


def test_deliveries_are_read_latest_first_and_on(engine: Engine) -> None:
    made, other = receiver(engine), receiver(engine, WebhookKind.CLOSED)
    published(engine, 1, *(step(f"step_{n}.opening") for n in range(3)))
    published(engine, 2)
    first = deliveries(engine, webhook=made.id, limit=4)
    rest = deliveries(engine, webhook=made.id, limit=4, before=first[-1].id)
    assert [each.id for each in (*first, *rest)] == sorted((each.id for each in (*first, *rest)), reverse=True)
    assert (len(first), len(rest)) == (4, 2)
    assert (
        len(deliveries(engine, authority="822", limit=20)) == 9 and deliveries(engine, authority="383", limit=9) == []
    )
    revoke_webhook(engine, other.id, "sys-1", MORNING)
    assert {each.webhook for each in deliveries(engine, states=[WebhookState.FAILED], limit=9)} == {other.id}
    assert delivery(engine, 0) is None


def test_instants_are_utc(engine: Engine) -> None:
    made = receiver(engine)
    assert made.made_at == MORNING and made.made_at.tzinfo is UTC
