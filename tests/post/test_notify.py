"""GOV.UK Notify, by a stand-in that speaks its published API: what goes out, once, and what each answer means.

How Notify reads Markdown was compared with its own parser (alphagov/notifications-utils); what is expected of
`for_notify` here was found so.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from post.notify import NotifyOut, ReceiptRefused, for_notify, receipt_of
from post.settings import NotifySettings
from post.ways import CannotBeDelivered, Message, Outcome, Receipt, Sent, TryLater
from rules.network import Way
from tests.post.message_samples import BODY, EMAIL, INVITATION, PHONE, message, told, written
from tests.post.notify_stand_in import NotifyStandIn


@pytest.fixture
def notify() -> Iterator[NotifyStandIn]:
    with NotifyStandIn() as notify:
        yield notify


@asynccontextmanager
async def sending(notify: NotifyStandIn, *, patience: float = 5.0, **changes: Any) -> AsyncIterator[NotifyOut]:
    given = {
        "key": SecretStr(notify.key),
        "url": notify.url,
        "email_template": notify.email_template,
        "text_template": notify.text_template,
    }
    out = NotifyOut(NotifySettings(**{**given, **changes}), patience=patience)
    try:
        yield out
    finally:
        await out.close()


async def later(out: NotifyOut, sent: Message | None = None, *, tried_before: bool = False) -> TryLater:
    with pytest.raises(TryLater) as caught:
        await out.send(sent or message(), tried_before=tried_before)
    told(caught.value)
    return caught.value


async def undeliverable(out: NotifyOut, sent: Message) -> str:
    with pytest.raises(CannotBeDelivered) as caught:
        await out.send(sent, tried_before=False)
    return told(caught.value)


async def test_an_email_goes_by_the_template(notify: NotifyStandIn) -> None:
    reply_to = str(uuid.uuid4())
    async with sending(notify, reply_to=reply_to) as out:
        sent = await out.send(message(calendar=INVITATION), tried_before=False)
    [taken] = notify.notifications
    assert sent == Sent(receipt=taken["id"])
    # What is in a calendar cannot go by Notify: nothing stands in for it.
    assert notify.asked == [
        {
            "email_address": EMAIL,
            "template_id": notify.email_template,
            "personalisation": {"subject": "Your review", "body": BODY},
            "reference": "notice-17.email",
            "email_reply_to_id": reply_to,
        }
    ]


async def test_a_text_goes_by_the_template(notify: NotifyStandIn) -> None:
    async with sending(notify) as out:
        await out.send(message(Way.TEXT), tried_before=False)
    [taken] = notify.notifications
    assert (taken["type"], taken["phone_number"], taken["reference"]) == ("sms", PHONE, "notice-17.text")
    assert notify.personalisations[taken["id"]] == {"body": "Your review is on 20 January."}


async def test_a_letter_goes_as_the_pdf_that_we_make(notify: NotifyStandIn) -> None:
    async with sending(notify) as out:
        sent = await out.send(message(Way.LETTER), tried_before=False)
    assert sent.receipt is not None
    assert notify.letters[sent.receipt].startswith(b"%PDF-")
    assert notify.notifications[0]["reference"] == "notice-17.letter"


async def test_what_has_no_template_is_none_of_its_ways(notify: NotifyStandIn) -> None:
    async with sending(notify) as out, sending(notify, email_template=None) as less:
        assert (out.ways, less.ways) == (frozenset(Way), frozenset({Way.LETTER, Way.TEXT}))


@pytest.mark.parametrize("way", list(Way))
async def test_what_was_taken_unheard_is_found_by_its_reference_and_not_sent_again(
    notify: NotifyStandIn, way: Way
) -> None:
    notify.take_next_unheard()
    async with sending(notify) as out:
        assert (await later(out, message(way))).whole
        [taken] = notify.notifications
        assert await out.send(message(way), tried_before=True) == Sent(receipt=taken["id"], already=True)
        # Another message is another one.
        assert not (await out.send(message(way, reference="other"), tried_before=True)).already
    assert [one["reference"] for one in notify.notifications] == [f"notice-17.{way}", "other"]


async def test_what_was_never_taken_is_sent_at_the_second_try(notify: NotifyStandIn) -> None:
    notify.cut_next()
    async with sending(notify) as out:
        await later(out)
        assert notify.notifications == []
        assert not (await out.send(message(), tried_before=True)).already
    assert len(notify.notifications) == 1


async def test_nothing_is_sent_where_it_cannot_be_asked_first(notify: NotifyStandIn) -> None:
    notify.refuse_next(503, "Exception", "Service unavailable")
    async with sending(notify) as out:
        await later(out, tried_before=True)
    assert (notify.requests, notify.notifications) == (["GET /v2/notifications"], [])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "email_address is not a valid email address",
            "GOV.UK Notify refuses the message: email_address is not a valid email address.",
        ),
        (
            "Can't send to this recipient using a team-only API key",
            "GOV.UK Notify refuses the message: Can't send to this recipient using a team-only API key.",
        ),
        (
            f"{EMAIL} is not an address, nor is <Tilly.Example@EXAMPLE.org>.",
            "GOV.UK Notify refuses the message: (address) is not an address, nor is <(address)>.",
        ),
        (
            f"phone_number {PHONE} or +44 7700 900123 has Too many digits",
            "GOV.UK Notify refuses the message: phone_number (number) or (number) has Too many digits.",
        ),
        (
            "Emails cannot be longer than 2000000 bytes. Your message is 2000001 bytes.",
            (
                "GOV.UK Notify refuses the message: Emails cannot be longer than 2000000 bytes. "
                "Your message is 2000001 bytes."
            ),
        ),
    ],
)
async def test_a_refused_message_is_told_in_the_apis_words_without_an_address(
    notify: NotifyStandIn, said: str, meant: str, caplog: pytest.LogCaptureFixture
) -> None:
    notify.refuse_next(400, "ValidationError", said)
    with caplog.at_level(logging.DEBUG):
        async with sending(notify) as out:
            assert await undeliverable(out, message()) == meant
    assert "tilly" not in caplog.text.lower() and "900123" not in caplog.text


async def test_an_address_number_or_letter_that_is_none_is_refused(
    notify: NotifyStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sending(notify) as out:
        assert "not a valid email address" in await undeliverable(out, message(to="tilly"))
        assert "not a valid email address" in await undeliverable(out, message(to="тіллі@example.org"))
        assert "Not enough digits" in await undeliverable(out, message(Way.TEXT, to="0770"))
        # Our own letters are PDFs: only a fault of the program makes something else.
        monkeypatch.setattr("post.notify.letter", lambda message: b"no PDF")
        assert "Letter content is not a valid PDF" in await undeliverable(out, message(Way.LETTER))
    assert notify.notifications == []


@pytest.mark.parametrize(
    "said",
    [
        "Template not found",
        "template_id is not a valid UUID",
        "Missing personalisation: body",
        "email_reply_to_id 1 does not exist in database for service id 2",
        "Service is not allowed to send text messages",
    ],
)
async def test_a_wrong_setting_fails_no_message_for_good(notify: NotifyStandIn, said: str) -> None:
    notify.refuse_next(400, "BadRequestError", said)
    async with sending(notify) as out:
        failure = await later(out)
    assert failure.whole and str(failure).endswith("look at those that begin with NOTIFY.")


async def test_a_template_that_is_not_there_is_a_wrong_setting(notify: NotifyStandIn) -> None:
    async with sending(notify, email_template=str(uuid.uuid4())) as out:
        failure = await later(out)
    assert str(failure) == (
        "GOV.UK Notify cannot work with our settings: Template not found; look at those that begin with NOTIFY."
    )


async def test_a_key_that_is_refused_is_told_without_it(notify: NotifyStandIn) -> None:
    wrong = f"post_room-{notify.service}-{uuid.uuid4()}"
    async with sending(notify, key=SecretStr(wrong)) as out:
        failure = await later(out)
        assert failure.whole
        assert str(failure) == (
            "GOV.UK Notify refuses our key (403): look at NOTIFY_API_KEY, what it may send, and this machine's clock."
        )
        assert wrong[-36:] not in repr(out) + repr(failure) + repr(vars(failure))
    async with sending(notify, key=SecretStr(f"post_room-{uuid.uuid4()}-{notify.secret}")) as out:
        assert "refuses our key" in str(await later(out))
    notify.late_by = 60
    async with sending(notify) as out:
        assert "this machine's clock" in str(await later(out))
    assert notify.notifications == []


async def test_too_many_in_a_minute_wait_for_one(notify: NotifyStandIn) -> None:
    notify.refuse_next(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
    asked = datetime.now(UTC)
    async with sending(notify) as out:
        failure = await later(out)
    assert failure.whole and failure.after is not None
    assert timedelta(seconds=60) <= failure.after - asked < timedelta(seconds=70)


async def test_too_many_in_a_day_wait_for_midnight(notify: NotifyStandIn) -> None:
    notify.refuse_next(429, "TooManyRequestsError", "Exceeded send limits (50) for today")
    before = datetime.now(UTC).date()
    async with sending(notify) as out:
        failure = await later(out)
    days = {before, datetime.now(UTC).date()}
    assert failure.whole
    assert failure.after in {datetime.combine(day + timedelta(days=1), time(), UTC) for day in days}


@pytest.mark.parametrize(("code", "whole"), [(500, False), (502, True), (503, True), (504, True)])
async def test_a_fault_is_tried_later(notify: NotifyStandIn, code: int, whole: bool) -> None:
    notify.refuse_next(code, "Exception", "Internal server error")
    async with sending(notify) as out:
        failure = await later(out)
        assert (failure.whole, failure.after) == (whole, None)
        assert f"({code})" in str(failure)
        await out.send(message(), tried_before=True)
    assert len(notify.notifications) == 1


async def test_a_service_that_says_nothing_has_so_much_time_and_no_more(notify: NotifyStandIn) -> None:
    notify.hang_next()
    async with asyncio.timeout(5), sending(notify, patience=0.3) as out:
        failure = await later(out)
    assert failure.whole and str(failure) == "GOV.UK Notify does not answer in time: try again later."


async def test_a_service_that_is_not_there_is_told(notify: NotifyStandIn) -> None:
    async with sending(notify, url="http://127.0.0.1:1") as out:
        failure = await later(out)
    assert failure.whole and str(failure) == "GOV.UK Notify cannot be reached: try again later."


@pytest.mark.parametrize(
    ("code", "body"),
    [(200, b"<html>Welcome"), (201, b"[]"), (201, b'{"id": 5}'), (404, b"<html>"), (302, b""), (407, b"who?")],
)
async def test_something_else_at_the_address_is_told(notify: NotifyStandIn, code: int, body: bytes) -> None:
    notify.answer_next(code, body)
    async with sending(notify) as out:
        failure = await later(out)
    assert failure.whole and "look at" in str(failure) and "NOTIFY_URL" in str(failure)


async def test_something_else_that_is_asked_first_is_told(notify: NotifyStandIn) -> None:
    for body in (b"{}", b"[]", b'{"notifications": 5}'):
        notify.answer_next(200, body)
        async with sending(notify) as out:
            assert "NOTIFY_URL" in str(await later(out, tried_before=True))
    assert notify.notifications == []


async def test_a_call_given_up_leaves_the_next_in_order(notify: NotifyStandIn) -> None:
    notify.hang_next()
    async with sending(notify, patience=0.5) as out:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await out.send(message(reference="given-up"), tried_before=False)
        await asyncio.gather(*(out.send(message(reference=f"n-{i}"), tried_before=False) for i in range(4)))
    assert sorted(one["reference"] for one in notify.notifications) == ["n-0", "n-1", "n-2", "n-3"]


STATUSES = [
    ("created", Outcome.UNDER_WAY, None),
    ("sending", Outcome.UNDER_WAY, None),
    ("pending", Outcome.UNDER_WAY, None),
    ("pending-virus-check", Outcome.UNDER_WAY, None),
    ("accepted", Outcome.UNDER_WAY, None),
    ("sent", Outcome.DELIVERED, None),
    ("received", Outcome.DELIVERED, None),
    ("delivered", Outcome.DELIVERED, None),
    ("permanent-failure", Outcome.FAILED, "does not exist"),
    ("temporary-failure", Outcome.FAILED, "the mailbox is full"),
    ("technical-failure", Outcome.FAILED, "had a fault"),
    ("validation-failed", Outcome.FAILED, "not laid out"),
    ("virus-scan-failed", Outcome.FAILED, "a virus"),
    ("cancelled", Outcome.FAILED, "cancelled"),
    ("returned-letter", Outcome.FAILED, "came back"),
]


@pytest.mark.parametrize(("status", "outcome", "reason"), STATUSES)
async def test_what_became_of_a_message_is_asked_and_told_back_alike(
    notify: NotifyStandIn, status: str, outcome: Outcome, reason: str | None
) -> None:
    async with sending(notify) as out:
        sent = await out.send(message(), tried_before=False)
        assert sent.receipt is not None
        notify.move(sent.receipt, status)
        [receipt] = await out.receipts((sent.receipt,))
    assert receipt == receipt_of(notify.callback(sent.receipt))
    done = None if status in ("created", "sending") else datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
    assert (receipt.reference, receipt.outcome, receipt.at) == ("notice-17.email", outcome, done)
    assert (receipt.reason is None) == (reason is None) and (reason or "") in (receipt.reason or "")


async def test_of_what_notify_no_longer_knows_there_is_no_receipt(notify: NotifyStandIn) -> None:
    async with sending(notify) as out:
        known = (await out.send(message(), tried_before=False)).receipt
        assert known is not None
        receipts = await out.receipts((str(uuid.uuid4()), "no id", known))
        assert receipts == (Receipt(reference="notice-17.email", outcome=Outcome.UNDER_WAY),)
        notify.move(known, "a-status-of-next-year")
        assert await out.receipts((known,)) == ()
        assert await out.receipts(()) == ()


async def test_receipts_until_it_stops_answering_are_not_lost(notify: NotifyStandIn) -> None:
    async with sending(notify) as out:
        first, second = [
            (await out.send(message(reference=reference), tried_before=False)).receipt or "" for reference in "ab"
        ]
        notify.refuse_next(503, "Exception", "Service unavailable")
        with pytest.raises(TryLater) as caught:
            await out.receipts((first, second))
        told(caught.value)
        found = out.receipts((first, second))
        # The first is told; the second is refused.
        notify._troubles.append(lambda handler: False)
        notify.refuse_next(429, "RateLimitError", "Exceeded rate limit")
        assert [receipt.reference for receipt in await found] == ["a"]


def callback(**changes: Any) -> bytes:
    told_back = {
        "id": str(uuid.uuid4()),
        "reference": "notice-17.email",
        "to": EMAIL,
        "status": "delivered",
        "created_at": "2026-01-05T12:15:30.000000Z",
        "completed_at": "2026-01-05T12:16:30.000000Z",
        "sent_at": None,
        "notification_type": "email",
        "template_id": str(uuid.uuid4()),
        "template_version": 1,
    }
    return json.dumps({**told_back, **changes}).encode()


def test_a_callback_is_read_and_times_are_utc() -> None:
    at = datetime(2026, 1, 5, 12, 16, 30, tzinfo=UTC)
    expected = Receipt(reference="notice-17.email", outcome=Outcome.DELIVERED, at=at)
    assert receipt_of(callback()) == expected
    assert receipt_of(callback(completed_at="2026-01-05 12:16:30")) == expected
    assert receipt_of(callback(completed_at="2026-01-05T13:16:30+01:00")) == expected
    assert receipt_of(callback(completed_at=None)).at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"null",
        b"{}",
        callback(reference=None),
        callback(reference=""),
        callback(reference=17),
        callback(id=None),
        callback(status=EMAIL),
        callback(status=None),
        callback(completed_at=EMAIL),
    ],
)
def test_a_callback_that_is_none_is_refused_and_nothing_of_it_shown(body: bytes) -> None:
    with pytest.raises(ReceiptRefused) as caught:
        receipt_of(body)
    assert told(caught.value).startswith("This is no delivery receipt of GOV.UK Notify: ")


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("2.30pm on Monday", "2\\.30pm on Monday"),
        ("3. third", "3\\. third"),
        ("2 January", "2 January"),
        ("- a dash", "\\- a dash"),
        ("-5 degrees", "\\-5 degrees"),
        ("#hash", "\\#hash"),
        ("## two", "\\## two"),
        ("*star*", "\\*star*"),
        ("***", "\\***"),
        ("---", "\\---"),
        ("___", "\\___"),
        ("^inset", "\u200b^inset"),
        ("• dot", "\u200b• dot"),
        ("=====", "\u200b====="),
        ("[go](https://example.org)", "\\[go](https://example.org)"),
        ("see [x]: y", "see \\[x]: y"),
        ("a|b", "a\\|b"),
        ("\\[x", "\\\\\\[x"),
        ("    four spaces", "four spaces"),
        # What Notify turns into words itself, and what it shall keep: links.
        ("> <b>quoted</b>", "> <b>quoted</b>"),
        ("https://example.org/a_b?c=d", "https://example.org/a_b?c=d"),
        ("+44 20 7946 0000", "+44 20 7946 0000"),
    ],
)
def test_words_do_not_become_markup_in_notify(line: str, marked: str) -> None:
    assert for_notify(line) == marked
    assert for_notify(f"* {line}") == f"* {marked}"


def test_our_headings_and_lists_are_notifys_with_an_empty_line_around_them() -> None:
    body = "We talk about:\n* school\n* home\nand more\n# Then\nWords\n\n\n* a\n\n* b\n\n# End"
    assert for_notify(body) == (
        "We talk about:\n\n* school\n* home\n\nand more\n\n# Then\n\nWords\n\n\n* a\n\n* b\n\n# End"
    )
    assert for_notify(BODY) == BODY


async def test_what_is_written_in_html_stays_words(notify: NotifyStandIn) -> None:
    async with sending(notify) as out:
        await out.send(message(written=written("<b>Tilly</b>", subject="<i>Ti\u0142\u0142y</i>")), tried_before=False)
    assert notify.asked[0]["personalisation"] == {"subject": "<i>Ti\u0142\u0142y</i>", "body": "<b>Tilly</b>"}
